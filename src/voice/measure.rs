//! How a voice sounds, in numbers taken from its own speech and in words made of the numbers.

use serde::{Deserialize, Serialize};

use crate::{
    audio::{Audio, loudness::Loudness, trim},
    script::Gender,
};

/// What every voice is measured by: 44 words of our own, with a statement, questions, an order and a long sentence.
pub const SENTENCES: [&str; 4] = [
    "The harbour was quiet that morning, and nobody had seen the boat leave.",
    "Did you really think I would forget? I never forget a face.",
    "Put the lamp down, and come away from the window.",
    "Seven years ago, my brother walked along this road, whistling, with his hat in his hand.",
];

/// Length of a frame of pitch, and the step from one to the next, in seconds.
const FRAME: f64 = 0.040;
const STEP: f64 = 0.010;
/// The pitch of speaking voices, in Hz.
const LOWEST: f64 = 60.0;
const HIGHEST: f64 = 400.0;
/// A frame is voiced if it is as like itself one period later.
const VOICED: f64 = 0.6;
/// A frame is speech if its power is not this much below the mean.
const QUIET: f64 = 0.05;

/// A voice in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sound {
    /// Middle pitch, in Hz: the median over voiced frames of 40 ms, by autocorrelation (Boersma 1993, without his
    /// search for the best path).
    pub pitch: f64,
    /// How far the pitch moves, in semitones: the standard deviation round the middle.
    pub range: f64,
    /// Brightness, in Hz: the root of the mean squared frequency, from the power of the differences between samples.
    pub brightness: f64,
    /// Letters a second, silences at both ends not counted.
    pub rate: f64,
    /// Loudness as the voice leaves the network, in LUFS (ITU-R BS.1770-4, gated).
    pub level: f64,
}

impl Sound {
    /// Measures the takes of texts with so many letters in all; `None` if nothing in them sounds.
    pub fn of(takes: &[Audio], letters: usize) -> Option<Self> {
        let rate = takes.first()?.rate;
        let speech = |take: &Audio| {
            let range = trim::speech(&take.samples, take.rate);
            take.samples[range.start.to_usize()..range.end.to_usize()].to_vec()
        };
        let spoken: Vec<Vec<f32>> = takes.iter().map(speech).collect();
        let seconds = spoken.iter().map(Vec::len).sum::<usize>() as f64 / f64::from(rate);
        let mut pitches: Vec<f64> = spoken.iter().flat_map(|take| pitches(take, rate)).collect();
        pitches.sort_by(f64::total_cmp);
        let pitch = *pitches.get(pitches.len() / 2)?;
        let all = spoken.concat();
        Some(Self {
            pitch,
            range: spread(&pitches, pitch),
            brightness: brightness(&all, rate),
            rate: letters as f64 / seconds,
            level: Loudness::of(&all, rate).integrated()?,
        })
    }

    /// What stands out of it among the voices of its gender, in a few words, the pitch first.
    pub fn words(&self, others: &[Self]) -> String {
        let place = |value: fn(&Self) -> f64| {
            let below = others
                .iter()
                .filter(|other| value(other) < value(self))
                .count();
            let equal = others
                .iter()
                .filter(|other| value(other).total_cmp(&value(self)).is_eq())
                .count();
            (below as f64 + 0.5 * equal as f64) / others.len().max(1) as f64
        };
        let mut words = vec![match place(|sound| sound.pitch) {
            low if low < 0.15 => "deep",
            low if low < 0.4 => "low",
            middle if middle < 0.7 => "medium",
            _ => "high",
        }];
        let mut stands_out = |place: f64, low: &'static str, high: &'static str| {
            if place < 0.25 {
                words.push(low);
            } else if place > 0.75 {
                words.push(high);
            }
        };
        stands_out(place(|sound| sound.range), "even", "lively");
        stands_out(place(|sound| sound.brightness), "dark", "bright");
        stands_out(place(|sound| sound.rate), "unhurried", "brisk");
        words.join(", ")
    }

    /// What an unknown voice of `gender` is taken to sound like.
    pub fn usual(gender: Gender) -> Self {
        Self {
            pitch: usual_pitch(gender),
            range: 2.5,
            brightness: 2_000.0,
            rate: 15.0,
            level: -23.0,
        }
    }

    /// How high it is for a grown voice of `gender`, in semitones above the usual 115 Hz of men and 200 Hz of women
    /// (Titze 1994).
    pub fn height(&self, gender: Gender) -> f64 {
        12.0 * (self.pitch / usual_pitch(gender)).log2()
    }
}

/// The pitch of grown voices, in Hz.
fn usual_pitch(gender: Gender) -> f64 {
    match gender {
        Gender::Male => 115.0,
        Gender::Female => 200.0,
        Gender::Unknown => 155.0,
    }
}

/// The pitch of every voiced frame, in Hz.
fn pitches(samples: &[f32], rate: u32) -> Vec<f64> {
    let at = |seconds: f64| (seconds * f64::from(rate)) as usize;
    let (frame, step) = (at(FRAME), at(STEP));
    let power = mean_square(samples);
    samples
        .windows(frame)
        .step_by(step)
        .filter(|frame| mean_square(frame) > QUIET * power)
        .filter_map(|frame| pitch(frame, rate))
        .collect()
}

/// The pitch of one frame if it is voiced: the first lag whose likeness is within a tenth of the best.
fn pitch(frame: &[f32], rate: u32) -> Option<f64> {
    let rate = f64::from(rate);
    let (shortest, longest) = ((rate / HIGHEST) as usize, (rate / LOWEST) as usize);
    let likeness: Vec<f64> = (shortest - 1..=longest + 1)
        .map(|lag| likeness(frame, lag))
        .collect();
    let best = likeness.iter().copied().fold(0.0, f64::max);
    let peak = (1..likeness.len() - 1).find(|&at| {
        likeness[at] > 0.9 * best
            && likeness[at] >= likeness[at - 1]
            && likeness[at] >= likeness[at + 1]
    })?;
    (likeness[peak] > VOICED).then(|| rate / (shortest - 1 + peak) as f64)
}

/// How like a frame is to itself `lag` samples later, at most 1.
fn likeness(frame: &[f32], lag: usize) -> f64 {
    let (one, other) = (&frame[..frame.len() - lag], &frame[lag..]);
    let product =
        |a: &[f32], b: &[f32]| -> f64 { a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum() };
    let power = (product(one, one) * product(other, other)).sqrt();
    if power > 0.0 {
        product(one, other) / power
    } else {
        0.0
    }
}

/// The standard deviation of sorted pitches round `middle` in semitones, the outermost twentieths left out.
fn spread(sorted: &[f64], middle: f64) -> f64 {
    let edge = sorted.len() / 20;
    let inner = &sorted[edge..sorted.len() - edge];
    let square = |pitch: &f64| (12.0 * (pitch / middle).log2()).powi(2);
    (inner.iter().map(square).sum::<f64>() / inner.len() as f64).sqrt()
}

fn brightness(samples: &[f32], rate: u32) -> f64 {
    let differences: Vec<f32> = samples.windows(2).map(|pair| pair[1] - pair[0]).collect();
    // A sine of angular frequency w has differences of 2 sin(w / 2) times its power.
    let ratio = (mean_square(&differences) / mean_square(samples).max(1e-12)).sqrt();
    (ratio / 2.0).min(1.0).asin() / std::f64::consts::PI * f64::from(rate)
}

fn mean_square(samples: &[f32]) -> f64 {
    let sum: f64 = samples
        .iter()
        .map(|sample| f64::from(*sample).powi(2))
        .sum();
    sum / samples.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    fn sine(hertz: f64, gain: f64) -> Audio {
        let sample = |n: u32| (gain * (TAU * hertz * f64::from(n) / 24_000.0).sin()) as f32;
        Audio {
            rate: 24_000,
            samples: (0..48_000).map(sample).collect(),
        }
    }

    #[test]
    fn a_sine_has_its_own_pitch_brightness_and_level() {
        for hertz in [90.0, 130.0, 220.0, 310.0] {
            let sound = Sound::of(&[sine(hertz, 0.25)], 30).unwrap();
            assert!((sound.pitch / hertz - 1.0).abs() < 0.02, "{sound:?}");
            assert!((sound.brightness / hertz - 1.0).abs() < 0.02, "{sound:?}");
            assert!(sound.range < 0.3, "{sound:?}");
            assert!((sound.rate - 15.0).abs() < 1.0, "{sound:?}");
        }
        let quiet = Sound::of(&[sine(220.0, 0.05)], 30).unwrap().level;
        let loud = Sound::of(&[sine(220.0, 0.5)], 30).unwrap().level;
        assert!((loud - quiet - 20.0).abs() < 0.2, "{quiet} {loud}");
    }

    #[test]
    fn silence_has_no_sound() {
        let silence = Audio {
            rate: 24_000,
            samples: vec![0.0; 24_000],
        };
        assert_eq!(Sound::of(&[silence], 30), None);
        assert_eq!(Sound::of(&[], 30), None);
    }

    #[test]
    fn words_tell_what_stands_out() {
        let sound = |pitch, rate| Sound {
            pitch,
            rate,
            range: 2.0,
            brightness: 1000.0,
            level: -23.0,
        };
        let others = [
            sound(90.0, 13.0),
            sound(110.0, 15.0),
            sound(120.0, 15.0),
            sound(140.0, 15.0),
        ];
        assert_eq!(others[0].words(&others), "deep, unhurried");
        assert_eq!(others[3].words(&others), "high");
        assert!(others[3].height(Gender::Male) > 3.0);
    }
}
