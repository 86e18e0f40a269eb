//! A layer whose weights are floats: rows times a matrix, in integers fine enough to pass for floats.
//!
//! Transposed convolutions that make time finer are of this kind (each input row gives several output rows), and the
//! last convolution, whose outputs are too few for the fast transforms.

use super::{
    conv::{Scratch, grown},
    kernel::{Kernel, LANES, Pairs, Product, ROWS},
};

/// Greatest magnitude of the quantised inputs.
const LEVELS: f64 = 2047.0;

/// Greatest magnitude of the quantised weights, where their sum allows it.
const WEIGHT_LEVELS: f64 = 8191.0;

/// Rows computed together.
const BLOCK: usize = 16 * ROWS;

/// Output row i is the sum over `groups` input rows from i on, each times a matrix, plus a bias.
pub(super) struct Dense {
    channels: usize,
    groups: usize,
    /// Panels of [`LANES`] outputs; in each the groups; in each pairs of channels.
    weights: Vec<Pairs>,
    /// What one level of weight means, per output.
    scales: Vec<f32>,
    bias: Vec<f32>,
}

impl Dense {
    /// Packs `weight(output, group, channel)`; as many outputs as `bias` has, a multiple of [`LANES`].
    pub(super) fn new(
        (channels, groups): (usize, usize),
        bias: Vec<f32>,
        weight: impl Fn(usize, usize, usize) -> f32,
    ) -> Self {
        let lines = groups * channels / 2;
        let mut weights = vec![Pairs([0; 2 * LANES]); bias.len() / LANES * lines];
        let mut scales = Vec::with_capacity(bias.len());
        for output in 0..bias.len() {
            let each =
                || (0..groups).flat_map(|group| (0..channels).map(move |channel| (group, channel)));
            let magnitudes =
                || each().map(|(group, channel)| f64::from(weight(output, group, channel).abs()));
            // Rounding adds half a level to each weight at most, so no sum of products can leave 32 bits.
            let room = f64::from(i32::MAX) / LEVELS - (groups * channels) as f64 / 2.0;
            let scale = (magnitudes().fold(0.0, f64::max) / WEIGHT_LEVELS)
                .max(magnitudes().sum::<f64>() / room);
            let scale = if scale > 0.0 { scale } else { 1.0 };
            for (group, channel) in each() {
                let level = f64::from(weight(output, group, channel)) / scale;
                let line = output / LANES * lines + group * channels / 2 + channel / 2;
                weights[line].0[output % LANES * 2 + channel % 2] = level.round_ties_even() as i16;
            }
            scales.push(scale as f32);
        }
        Self {
            channels,
            groups,
            weights,
            scales,
            bias,
        }
    }

    /// Computes `rows` rows from rows of `input`, leaky with `slope` below 0, `lead` rows of 0 before it and as many as
    /// needed after it.
    pub(super) fn run(
        &self,
        kernel: impl Kernel,
        (input, slope): (&[f32], f32),
        (lead, rows): (usize, usize),
        out: &mut [f32],
        scratch: &mut Scratch,
    ) {
        let outputs = self.bias.len();
        for (number, out) in out[..rows * outputs]
            .chunks_mut(BLOCK * outputs)
            .enumerate()
        {
            let rows = out.len() / outputs;
            let step = self.prepare(
                kernel,
                (input, slope),
                (lead, number * BLOCK),
                rows,
                scratch,
            );
            let product = Product {
                rows: rows.next_multiple_of(ROWS),
                channels: self.channels,
                groups: self.groups,
                dilation: 1,
            };
            let sums = grown(&mut scratch.sums, product.rows);
            let panels = self
                .scales
                .as_chunks::<LANES>()
                .0
                .iter()
                .zip(self.bias.as_chunks::<LANES>().0);
            for (panel, (scales, bias)) in panels.enumerate() {
                let lines = self.groups * self.channels / 2;
                kernel.multiply(
                    &scratch.quantised,
                    &self.weights[panel * lines..][..lines],
                    product,
                    sums,
                );
                for (sums, out) in sums.iter().zip(out.chunks_exact_mut(outputs)) {
                    let out = &mut out[panel * LANES..][..LANES];
                    for lane in 0..LANES {
                        out[lane] = (sums.0[lane] as f32).mul_add(scales[lane] * step, bias[lane]);
                    }
                }
            }
        }
    }

    /// Quantises the inputs of `rows` rows from `start` on; gives what one level means.
    fn prepare(
        &self,
        kernel: impl Kernel,
        (input, slope): (&[f32], f32),
        (lead, start): (usize, usize),
        rows: usize,
        scratch: &mut Scratch,
    ) -> f32 {
        let channels = self.channels;
        let span = rows.next_multiple_of(ROWS) + self.groups - 1;
        let low = start.saturating_sub(lead);
        let high = (start + span)
            .saturating_sub(lead)
            .min(input.len() / channels);
        let window = &input[low * channels..high.max(low) * channels];
        let bent = grown(&mut scratch.activated, window.len());
        let mut largest = 0f32;
        for (bent, &value) in bent.iter_mut().zip(window) {
            *bent = value.max(value * slope);
            largest = largest.max(bent.abs());
        }
        let levels = LEVELS as f32;
        let quantised = grown(&mut scratch.quantised, span * channels);
        let before = (low + lead - start) * channels;
        quantised[..before].fill(0);
        quantised[before + window.len()..].fill(0);
        let inverse = if largest > 0.0 { levels / largest } else { 0.0 };
        kernel.quantise(bent, inverse, &mut quantised[before..before + window.len()]);
        largest / levels
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speech::kokoro::generator::{kernel::Portable, tests::Dice};

    /// Rounding of inputs and weights to levels is all that may be lost.
    fn check(kernel: impl Kernel, channels: usize, groups: usize, rows: usize) {
        let mut dice = Dice::new((channels * groups + rows) as u64);
        let (outputs, lead, slope) = (48, groups / 2, 0.1);
        let weights = dice.reals(outputs * groups * channels);
        let weight =
            |output, group, channel| weights[(output * groups + group) * channels + channel];
        let bias = dice.reals(outputs);
        let input = dice.reals((rows + 1 - groups % 2) * channels);
        let mut found = vec![0.0; rows * outputs];
        let dense = Dense::new((channels, groups), bias.clone(), weight);
        dense.run(
            kernel,
            (&input, slope),
            (lead, rows),
            &mut found,
            &mut Scratch::default(),
        );
        for (at, &found) in found.iter().enumerate() {
            let (row, output) = (at / outputs, at % outputs);
            let mut wanted = f64::from(bias[output]);
            for group in 0..groups {
                let Some(from) = (row + group).checked_sub(lead) else {
                    continue;
                };
                let Some(values) = input.get(from * channels..(from + 1) * channels) else {
                    continue;
                };
                for (channel, &value) in values.iter().enumerate() {
                    wanted += f64::from(value.max(value * slope) * weight(output, group, channel));
                }
            }
            let bound = 1e-3 * ((groups * channels) as f64).sqrt();
            assert!(
                (f64::from(found) - wanted).abs() < bound,
                "{found} for {wanted} in row {row}"
            );
        }
    }

    #[test]
    fn every_shape_of_the_model_comes_near_the_plain_product() {
        for (channels, groups) in [(512, 2), (256, 2), (128, 7)] {
            for rows in [1, 2, 5, 97, 200] {
                #[cfg(target_arch = "x86_64")]
                if let Some(kernel) = crate::speech::kokoro::generator::avx2::Avx2::detect() {
                    check(kernel, channels, groups, rows);
                }
                check(Portable, channels, groups, rows);
            }
        }
    }
}
