//! A second-order filter, and the high-pass that every clip goes through.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// Below every voice, above what a room, a fan or a constant offset leaves in a clip; in Hz.
const LOWEST: f64 = 40.0;

/// A second-order recursive filter (transposed direct form II).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Biquad {
    feed: [f64; 3],
    back: [f64; 2],
    state: [f64; 2],
}

impl Biquad {
    /// From its coefficients, `a0` being 1.
    pub(crate) fn new(feed: [f64; 3], back: [f64; 2]) -> Self {
        Self {
            feed,
            back,
            state: [0.0; 2],
        }
    }

    /// One sample through the filter.
    #[inline]
    pub(crate) fn step(&mut self, x: f64) -> f64 {
        let y = self.feed[0] * x + self.state[0];
        self.state[0] = self.feed[1] * x - self.back[0] * y + self.state[1];
        self.state[1] = self.feed[2] * x - self.back[1] * y;
        y
    }
}

/// A Butterworth high-pass (R. Bristow-Johnson, *Audio EQ Cookbook*).
fn butterworth(corner: f64, rate: u32) -> Biquad {
    let (sin, cos) = (2.0 * PI * corner / f64::from(rate)).sin_cos();
    let alpha = sin * FRAC_1_SQRT_2;
    let a0 = 1.0 + alpha;
    let edge = f64::midpoint(1.0, cos) / a0;
    Biquad::new(
        [edge, -2.0 * edge, edge],
        [-2.0 * cos / a0, (1.0 - alpha) / a0],
    )
}

/// Takes away what lies below speech: rumble and any constant offset (12 dB an octave below 40 Hz).
///
/// The filter starts as if the first sample had lasted for ever, so an offset leaves no thump.
pub fn high_pass(samples: &mut [f32], rate: u32) {
    let mut filter = butterworth(LOWEST, rate);
    let first = f64::from(samples.first().copied().unwrap_or_default());
    for sample in samples {
        *sample = filter.step(f64::from(*sample) - first) as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gain_at(hertz: f64) -> f64 {
        let rate = 24_000;
        let mut tone: Vec<f32> = (0..rate)
            .map(|i| (2.0 * PI * hertz * f64::from(i) / f64::from(rate)).sin() as f32)
            .collect();
        high_pass(&mut tone, rate);
        let half = &tone[12_000..];
        let power =
            half.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>() / half.len() as f64 * 2.0;
        10.0 * power.log10()
    }

    #[test]
    fn an_offset_goes_and_a_voice_stays() {
        let mut flat = vec![0.25f32; 4_000];
        high_pass(&mut flat, 24_000);
        assert!(flat.iter().all(|v| v.abs() < 1e-6));
        assert!(gain_at(5.0) < -30.0);
        assert!((-3.2..-2.8).contains(&gain_at(40.0)));
        assert!(gain_at(80.0) > -0.4);
        assert!(gain_at(1_000.0).abs() < 0.01);
    }
}
