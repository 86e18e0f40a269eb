//! Loudness by ITU-R BS.1770-4, kept as energies of 100 ms so that gains need no samples.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

use super::{filter::Biquad, limiter::TruePeak};

/// Blocks a second.
pub const BLOCKS: u32 = 10;

/// The loudness of a run of sound, measured in steps of 100 ms.
///
/// Runs can be put one after another and scaled without going back to the samples, so one measurement of each
/// clip serves every mix.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Loudness {
    /// In order; the last may be a part of 100 ms, filled up with silence.
    pub blocks: Vec<Block>,
}

/// 100 ms of sound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// Mean square after K-weighting.
    pub weighted: f32,
    /// Mean square as it is.
    pub power: f32,
    /// The highest peak between or on samples (BS.1770-4, annex 2).
    pub peak: f32,
}

impl Block {
    /// The block `factor` times as loud.
    pub fn scaled(self, factor: f64) -> Self {
        let square = (factor * factor) as f32;
        Self {
            weighted: self.weighted * square,
            power: self.power * square,
            peak: self.peak * factor as f32,
        }
    }
}

impl Loudness {
    /// Measures mono sound at `rate` Hz (not zero).
    pub fn of(samples: &[f32], rate: u32) -> Self {
        let mut filters = weighting(f64::from(rate));
        let mut peaks = TruePeak::new();
        let mut found = Vec::new();
        let length = (rate / BLOCKS).max(1) as usize;
        let blocks = samples
            .chunks(length)
            .map(|chunk| {
                peaks.measure(chunk, 0.0, &mut found);
                block(chunk, length, &mut filters, &found)
            })
            .collect();
        Self { blocks }
    }

    /// The gated loudness in LUFS; `None` for what is shorter than 400 ms or never above −70 LUFS.
    pub fn integrated(&self) -> Option<f64> {
        gated(self.blocks.iter().map(|block| f64::from(block.weighted)))
    }

    /// The level of all of it, silence too, in dBFS (a full-scale sine is −3.01).
    pub fn rms(&self) -> f64 {
        let power: f64 = self.blocks.iter().map(|b| f64::from(b.power)).sum();
        10.0 * (power / self.blocks.len().max(1) as f64).log10()
    }

    /// The true peak in dBTP.
    pub fn peak(&self) -> f64 {
        let peak = self.blocks.iter().map(|b| b.peak).fold(0.0, f32::max);
        20.0 * f64::from(peak).log10()
    }
}

fn block(chunk: &[f32], length: usize, [head, ear]: &mut [Biquad; 2], peaks: &[f32]) -> Block {
    let (mut weighted, mut power) = (0.0, 0.0);
    for sample in chunk {
        let sample = f64::from(*sample);
        let felt = ear.step(head.step(sample));
        weighted += felt * felt;
        power += sample * sample;
    }
    Block {
        weighted: (weighted / length as f64) as f32,
        power: (power / length as f64) as f32,
        peak: peaks.iter().copied().fold(0.0, f32::max),
    }
}

/// The K-weighting of BS.1770-4, annex 1, for any rate: a shelf for the head, a high-pass for the ear.
///
/// The analogue prototypes behind the standard's 48 kHz tables are those of B. De Man, *Evaluation of
/// Implementations of the EBU R128 Loudness Measurement* (AES 145, 2018).
fn weighting(rate: f64) -> [Biquad; 2] {
    let (corner, gain, q) = (
        1_681.974_450_955_533,
        3.999_843_853_973_347,
        0.707_175_236_955_419_6,
    );
    let k = (PI * corner / rate).tan();
    let high = 10f64.powf(gain / 20.0);
    let band = high.powf(0.499_666_774_154_541_6);
    let a0 = 1.0 + k / q + k * k;
    let shelf = Biquad::new(
        [
            (high + band * k / q + k * k) / a0,
            2.0 * (k * k - high) / a0,
            (high - band * k / q + k * k) / a0,
        ],
        [2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0],
    );
    let (corner, q) = (38.135_470_876_024_44, 0.500_327_037_323_877_3);
    let k = (PI * corner / rate).tan();
    let a0 = 1.0 + k / q + k * k;
    let pass = Biquad::new(
        [1.0, -2.0, 1.0],
        [2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0],
    );
    [shelf, pass]
}

/// The gated loudness in LUFS of K-weighted mean squares of 100 ms each (BS.1770-4, annex 1).
///
/// Windows are 400 ms, one every 100 ms; those below −70 LUFS do not count, then those more than 10 LU below
/// the mean of the rest.
pub fn gated(blocks: impl IntoIterator<Item = f64>) -> Option<f64> {
    let blocks: Vec<f64> = blocks.into_iter().collect();
    let windows = || blocks.windows(4).map(|four| four.iter().sum::<f64>() / 4.0);
    let mean_above = |gate: f64| {
        let (sum, count) = windows()
            .filter(|power| *power > gate)
            .fold((0.0, 0usize), |(sum, count), power| {
                (sum + power, count + 1)
            });
        (count > 0).then(|| sum / count as f64)
    };
    let audible = power(-70.0);
    let mean = mean_above(audible)?;
    mean_above(audible.max(mean / 10.0)).map(lufs)
}

/// The loudness in LUFS of a K-weighted mean square.
pub fn lufs(power: f64) -> f64 {
    -0.691 + 10.0 * power.log10()
}

/// The K-weighted mean square that is `lufs` loud.
pub fn power(lufs: f64) -> f64 {
    10f64.powf((lufs + 0.691) / 10.0)
}
