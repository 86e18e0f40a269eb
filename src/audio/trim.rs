//! Where in a clip the speech is.

use std::ops::Range;

use super::Frames;

/// Length of one measurement, in seconds.
const WINDOW: f64 = 0.01;

/// A window this far below the loudest is certainly speech, in dB: quieter than any vowel's end.
const SURE: f64 = 36.0;

/// As long as they touch sure speech, windows down to this far below the loudest belong to it, in dB: an `f`,
/// an `h`, a breath that trails off.
const SOFT: f64 = 54.0;

/// Soft speech must stand this far above the clip's own noise, in dB.
const ABOVE_NOISE: f64 = 8.0;

/// What is kept before the first and after the last window of speech, in seconds.
const BEFORE: f64 = 0.02;
const AFTER: f64 = 0.05;

/// The part of a clip that is speech, with its soft first and last sounds and a little room round it.
///
/// Silence inside is kept. A clip without any sound is kept whole.
pub fn speech(samples: &[f32], rate: u32) -> Range<Frames> {
    let window = Frames::from_seconds(WINDOW, rate).to_usize().max(1);
    let levels: Vec<f64> = samples.chunks(window).map(level).collect();
    let whole = Frames::ZERO..Frames::new(samples.len() as u64);
    let Some((first, last)) = bounds(&levels) else {
        return whole;
    };
    let before = Frames::from_seconds(BEFORE, rate).to_usize();
    let after = Frames::from_seconds(AFTER, rate).to_usize();
    let start = (first * window).saturating_sub(before);
    let end = ((last + 1) * window + after).min(samples.len());
    Frames::new(start as u64)..Frames::new(end as u64)
}

/// The first and the last window of speech.
fn bounds(levels: &[f64]) -> Option<(usize, usize)> {
    let loudest = levels.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if loudest < -90.0 {
        return None;
    }
    let sure = loudest - SURE;
    let soft = (noise(levels) + ABOVE_NOISE).clamp(loudest - SOFT, sure);
    let mut first = levels.iter().position(|level| *level >= sure)?;
    let mut last = levels.iter().rposition(|level| *level >= sure)?;
    while first > 0 && levels[first - 1] >= soft {
        first -= 1;
    }
    while last + 1 < levels.len() && levels[last + 1] >= soft {
        last += 1;
    }
    Some((first, last))
}

/// The clip's own noise in dBFS: the level that one window in ten stays below.
fn noise(levels: &[f64]) -> f64 {
    let mut sorted = levels.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 10]
}

/// The level of one window in dBFS, −120 for silence.
fn level(window: &[f32]) -> f64 {
    let power: f64 = window.iter().map(|v| f64::from(*v).powi(2)).sum();
    (10.0 * (power / window.len() as f64).log10()).max(-120.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: u32 = 24_000;

    /// A hum at `level` for each `(seconds, level)`, one after another.
    fn hum(parts: &[(f64, f32)]) -> Vec<f32> {
        let mut samples = Vec::new();
        for (seconds, level) in parts {
            for _ in 0..Frames::from_seconds(*seconds, RATE).to_usize() {
                samples.push(level * (samples.len() as f32 * 0.21).sin());
            }
        }
        samples
    }

    fn seconds(range: &Range<Frames>) -> (f64, f64) {
        (range.start.seconds(RATE), range.end.seconds(RATE))
    }

    #[test]
    fn silence_round_speech_goes_but_for_a_little_room() {
        let (start, end) = seconds(&speech(
            &hum(&[
                (0.4, 0.0),
                (1.0, 0.3),
                (0.2, 0.0),
                (1.0, 0.3),
                (0.8, 0.0001),
            ]),
            RATE,
        ));
        assert!((0.37..=0.39).contains(&start), "{start}");
        assert!((2.64..=2.66).contains(&end), "{end}");
    }

    #[test]
    fn a_soft_consonant_and_a_trailing_breath_are_kept() {
        let (start, end) = seconds(&speech(
            &hum(&[
                (0.3, 0.0),
                (0.12, 0.003),
                (1.0, 0.4),
                (0.2, 0.002),
                (0.5, 0.0),
            ]),
            RATE,
        ));
        assert!(start <= 0.29, "{start}");
        assert!(end >= 1.66, "{end}");
    }

    #[test]
    fn a_hiss_under_the_whole_clip_is_not_taken_for_speech() {
        let (start, end) = seconds(&speech(
            &hum(&[(0.5, 0.004), (1.0, 0.4), (0.5, 0.004)]),
            RATE,
        ));
        assert!(start >= 0.45 && end <= 1.6, "{start} {end}");
    }

    #[test]
    fn a_clip_without_sound_or_without_silence_is_kept_whole() {
        for clip in [hum(&[(1.0, 0.0)]), hum(&[(1.0, 0.5)]), Vec::new()] {
            assert_eq!(
                speech(&clip, RATE),
                Frames::ZERO..Frames::new(clip.len() as u64)
            );
        }
    }
}
