//! One run of the network, judged and cut: a wrong result is refused, silence at the ends is taken off.

use super::network::RATE;

/// Windows in which loudness is looked at, 10 ms.
const WINDOW: usize = RATE as usize / 100;
/// What is quieter than this beside the loudest sample is silence (-50 dB).
const QUIET: f32 = 0.003;
/// Silence kept before the first sound and after the last, in windows.
const LEAD: usize = 3;
const TAIL: usize = 6;
/// The quietest a take may be, as RMS of what is left after cutting (-48 dBFS; the quietest voice, which whispers,
/// has -29).
const FAINT: f32 = 0.004;
/// The largest share of samples that may stand at full scale: two voices touch it now and then.
const CLIPPED: f32 = 0.002;
/// How long one sound lasts at the least, in seconds at natural speed.
const FASTEST: f32 = 0.02;
/// How long one sound lasts at the most; a short text lasts longer by [`SLACK`].
const SLOWEST: f32 = 0.30;
const SLACK: f32 = 1.5;

/// The samples of a text of so many `sounds` (at least one), cut and within full scale; or what is wrong with them.
pub(super) fn judged(samples: &[f32], sounds: usize, speed: f32) -> Result<Vec<f32>, String> {
    if let Some(index) = samples.iter().position(|sample| !sample.is_finite()) {
        return Err(format!("sample {index} is not a number"));
    }
    let cut = without_silence(samples);
    let loudness = rms(cut);
    if loudness < FAINT {
        return Err(format!("it is all but silent (RMS {loudness:.5})"));
    }
    let full = cut.iter().filter(|sample| sample.abs() >= 0.999).count();
    let share = full as f32 / cut.len() as f32;
    if share > CLIPPED {
        return Err(format!("{:.1} % of it is clipped", share * 100.0));
    }
    let seconds = cut.len() as f32 / RATE as f32 * speed;
    let (least, most) = (FASTEST * sounds as f32, SLOWEST * sounds as f32 + SLACK);
    if !(least..=most).contains(&seconds) {
        return Err(format!(
            "{sounds} sounds should take {least:.1} to {most:.1} s, took {seconds:.1}"
        ));
    }
    Ok(cut.iter().map(|sample| sample.clamp(-1.0, 1.0)).collect())
}

/// The samples from a little before the first sound to a little after the last.
fn without_silence(samples: &[f32]) -> &[f32] {
    let peak = samples
        .iter()
        .fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
    let sounding = |window: &[f32]| rms(window) > peak * QUIET;
    let mut windows = samples.chunks(WINDOW);
    let Some(first) = windows.position(sounding) else {
        return &[];
    };
    let last = first + windows.rposition(sounding).map_or(0, |index| index + 1);
    let (start, end) = (first.saturating_sub(LEAD), last + 1 + TAIL);
    &samples[start * WINDOW..(end * WINDOW).min(samples.len())]
}

fn rms(samples: &[f32]) -> f32 {
    let energy: f32 = samples.iter().map(|sample| sample * sample).sum();
    (energy / samples.len().max(1) as f32).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Silence, so many seconds of a tone, silence.
    fn take(seconds: f32, level: f32) -> Vec<f32> {
        let silence = vec![0.0; RATE as usize / 2];
        let length = (seconds * RATE as f32) as usize;
        let tone = (0..length)
            .map(|index| level * (index as f32 * 0.05).sin())
            .collect();
        [silence.clone(), tone, silence].concat()
    }

    #[test]
    fn silence_at_the_ends_is_cut_to_a_little() {
        let samples = judged(&take(1.0, 0.5), 12, 1.0).unwrap();
        let seconds = samples.len() as f32 / RATE as f32;
        assert!((1.06..1.12).contains(&seconds), "{seconds}");
    }

    #[test]
    fn nan_silence_clipping_and_wrong_length_are_refused() {
        let mut broken = take(1.0, 0.5);
        broken[20_000] = f32::NAN;
        let cases = [
            (broken, 12, "not a number"),
            (take(1.0, 0.001), 12, "silent"),
            (vec![], 12, "silent"),
            (take(1.0, 3.0), 12, "clipped"),
            (take(1.0, 0.5), 60, "took 1."),
            (take(9.0, 0.5), 12, "took 9."),
        ];
        for (samples, sounds, wanted) in cases {
            let reason = judged(&samples, sounds, 1.0).unwrap_err();
            assert!(reason.contains(wanted), "{reason}");
        }
    }

    #[test]
    fn twice_the_speed_may_take_half_the_time() {
        assert!(judged(&take(1.0, 0.5), 45, 2.0).is_ok());
        assert!(judged(&take(0.8, 0.5), 80, 1.0).is_err());
    }
}
