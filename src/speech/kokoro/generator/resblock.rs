//! A residual block of the generator: three times normalise, bend, convolve, normalise, bend, convolve, add.

use super::{
    conv::{Conv, Scratch, Totals},
    kernel::{Activation, Kernel, Residual},
};

/// Added to a variance before its root is taken.
const EPSILON: f64 = 1e-5;

/// A convolution and the Snake before it.
pub(super) struct Layer {
    /// The convolution.
    pub(super) conv: Conv,
    /// Snake's alpha of each channel, none of them 0.
    pub(super) alpha: Vec<f32>,
}

/// One residual block: its layers in the order they work, a dilated one and a dense one in turn.
pub(super) struct Resblock {
    /// Six layers.
    pub(super) layers: [Layer; 6],
}

/// Per-channel factor and summand after a normalisation (adaptive instance normalisation; Huang and Belongie, 2017).
#[derive(Clone, Copy)]
pub(super) struct Style<'a> {
    /// Factors.
    pub(super) gamma: &'a [f32],
    /// Summands.
    pub(super) beta: &'a [f32],
}

impl Layer {
    fn activation(&self, totals: &Totals, times: usize, style: Style<'_>) -> Activation {
        let mut activation = Activation::default();
        for (channel, &alpha) in self.alpha.iter().enumerate() {
            let mean = totals.sums[channel] / times as f64;
            let variance = (totals.squares[channel] / times as f64 - mean * mean).max(0.0);
            let gain = f64::from(style.gamma[channel]) / (variance + EPSILON).sqrt();
            activation.gain.push(gain as f32);
            activation
                .offset
                .push((f64::from(style.beta[channel]) - mean * gain) as f32);
            activation
                .turns
                .push((f64::from(alpha) * std::f64::consts::FRAC_1_PI) as f32);
            activation.inverse.push(1.0 / alpha);
        }
        activation
    }
}

impl Resblock {
    /// Computes the block for rows of `input` into `output`; `totals` are those of `input`, `middle` is room of the
    /// same size. Gives the totals of `output`.
    pub(super) fn run(
        &self,
        kernel: impl Kernel,
        styles: &[Style<'_>],
        (input, totals): (&[f32], &Totals),
        middle: &mut [f32],
        output: &mut [f32],
        scratch: &mut Scratch,
    ) -> Totals {
        let times = input.len() / self.layers[0].alpha.len();
        let mut totals = totals.clone();
        for (step, (pair, styles)) in self
            .layers
            .chunks_exact(2)
            .zip(styles.chunks_exact(2))
            .enumerate()
        {
            let activation = pair[0].activation(&totals, times, styles[0]);
            let from = if step == 0 { input } else { &*output };
            totals = pair[0].conv.run(
                kernel,
                &activation,
                from,
                Residual::Nothing,
                middle,
                scratch,
            );
            let activation = pair[1].activation(&totals, times, styles[1]);
            let residual = if step == 0 {
                Residual::From(input)
            } else {
                Residual::InPlace
            };
            totals = pair[1]
                .conv
                .run(kernel, &activation, middle, residual, output, scratch);
        }
        totals
    }
}
