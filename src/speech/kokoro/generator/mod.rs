//! Kokoro's generator with kernels of its own: 86 % of the network's arithmetic, at the speed of the processor.
//!
//! `docs/kernels.md` tells how it works and why.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod conv;
mod fast;
mod kernel;
mod resblock;
#[cfg(test)]
mod tests;
mod weights;

use conv::{Scratch, Totals};
use kernel::{Kernel, Portable};
use resblock::{Resblock, Style};
use weights::Graph;

use crate::Result;

/// Part of the engine's version: other arithmetic computes other samples.
pub(super) const REVISION: &str = "generator 1";

/// Channels of the two stages.
pub(super) const CHANNELS: [usize; STAGES] = [256, 128];

/// How often the generator makes time finer and works on it.
pub(super) const STAGES: usize = 2;

/// Residual blocks of a stage: one on the noise, then three side by side on the sum.
const BLOCKS: usize = 4;

/// Name and taps of the residual blocks.
const NAMES: [[(&str, usize); BLOCKS]; STAGES] = [
    [("noise_res.0", 7), ("resblocks.0", 3), ("resblocks.1", 7), ("resblocks.2", 11)],
    [("noise_res.1", 11), ("resblocks.3", 3), ("resblocks.4", 7), ("resblocks.5", 11)],
];

/// The weights of the generator's residual blocks, ready to multiply.
pub(super) struct Generator {
    stages: [[Resblock; BLOCKS]; STAGES],
    processor: Processor,
}

/// Which implementation of the kernels runs.
#[derive(Clone, Copy)]
enum Processor {
    #[cfg(target_arch = "x86_64")]
    Avx2(avx2::Avx2),
    #[cfg_attr(not(test), expect(dead_code, reason = "the reference: correct everywhere, but slower than rten"))]
    Portable,
}

impl Processor {
    #[cfg(target_arch = "x86_64")]
    fn detect() -> Option<Self> {
        avx2::Avx2::detect().map(Self::Avx2)
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn detect() -> Option<Self> {
        None
    }
}

/// Whether this processor has the instructions that kernels are written for.
pub(super) fn is_supported() -> bool {
    Processor::detect().is_some()
}

/// Memory to work in, kept from line to line; one for each thread.
#[derive(Default)]
pub(super) struct Work {
    scratch: Scratch,
    rows: [Vec<f32>; 4],
}

/// Names of the values that [`Generator::stage`] takes as styles, stage by stage: for each residual block and each of
/// its six normalisations the factors, then the summands.
pub(super) fn styles(stage: usize) -> Vec<String> {
    let mut names = Vec::new();
    for (block, _) in NAMES[stage] {
        for step in 0..3 {
            for kind in [1, 2] {
                let normalisation = format!("/decoder/decoder/generator/{block}/adain{kind}.{step}");
                names.push(format!("{normalisation}/Add_1_output_0"));
                names.push(format!("{normalisation}/Slice_1_output_0"));
            }
        }
    }
    names
}

impl Generator {
    /// Takes the weights from the model file. `None` if this processor has none of the instructions that kernels are
    /// written for.
    pub(super) fn load(model: &[u8]) -> Result<Option<Self>> {
        Processor::detect().map(|processor| Self::with(processor, model)).transpose()
    }

    fn with(processor: Processor, model: &[u8]) -> Result<Self> {
        let graph = Graph::read(model)?;
        let stage = |stage: usize| -> Result<[Resblock; BLOCKS]> {
            let [a, b, c, d] = NAMES[stage].map(|(name, taps)| graph.resblock(name, CHANNELS[stage], taps));
            Ok([a?, b?, c?, d?])
        };
        Ok(Self { stages: [stage(0)?, stage(1)?], processor })
    }

    /// One stage: the noise through its block, plus the upsampled signal, through three blocks, their mean.
    ///
    /// `noise` and `signal` are `[channels][times]` and so is the result; `styles` as [`styles`] names them. `None`
    /// if lengths do not fit together.
    pub(super) fn stage(
        &self,
        stage: usize,
        noise: &[f32],
        signal: &[f32],
        styles: &[Vec<f32>],
        work: &mut Work,
    ) -> Option<Vec<f32>> {
        let channels = CHANNELS[stage];
        let fits = noise.len() == signal.len()
            && noise.len() % channels == 0
            && styles.len() == BLOCKS * 12
            && styles.iter().all(|style| style.len() == channels);
        fits.then(|| match self.processor {
            #[cfg(target_arch = "x86_64")]
            Processor::Avx2(kernel) => self.stage_with(kernel, stage, noise, signal, styles, work),
            Processor::Portable => self.stage_with(Portable, stage, noise, signal, styles, work),
        })
    }

    fn stage_with(
        &self,
        kernel: impl Kernel,
        stage: usize,
        noise: &[f32],
        signal: &[f32],
        styles: &[Vec<f32>],
        work: &mut Work,
    ) -> Vec<f32> {
        let channels = CHANNELS[stage];
        let times = noise.len() / channels;
        let styles: Vec<Style<'_>> =
            styles.chunks_exact(2).map(|pair| Style { gamma: &pair[0], beta: &pair[1] }).collect();
        let mut styles = styles.chunks_exact(6);
        let mut next = || styles.next().expect("six styles for each block");
        let Work { scratch, rows } = work;
        let [input, middle, sum, output] = rows.each_mut().map(|rows| {
            rows.resize(noise.len(), 0.0);
            rows.as_mut_slice()
        });
        let [first, others @ ..] = &self.stages[stage];
        transpose(noise, times, input);
        let totals = totals(input, channels);
        first.run(kernel, next(), (input, &totals), middle, sum, scratch);
        transpose(signal, times, input);
        add(input, sum);
        let totals = self::totals(input, channels);
        for (number, block) in others.iter().enumerate() {
            let to = if number == 0 { &mut *sum } else { &mut *output };
            block.run(kernel, next(), (input, &totals), middle, to, scratch);
            if number > 0 {
                add(sum, output);
            }
        }
        for value in sum.iter_mut() {
            *value *= 1.0 / 3.0;
        }
        let mut result = vec![0.0; sum.len()];
        transpose(sum, channels, &mut result);
        result
    }
}

fn add(to: &mut [f32], what: &[f32]) {
    for (to, what) in to.iter_mut().zip(what) {
        *to += what;
    }
}

/// Turns rows of `columns` values into columns.
fn transpose(from: &[f32], columns: usize, to: &mut [f32]) {
    /// Side of a tile that stays in the first cache.
    const TILE: usize = 16;
    let rows = from.len() / columns;
    for first_row in (0..rows).step_by(TILE) {
        for first_column in (0..columns).step_by(TILE) {
            for row in first_row..rows.min(first_row + TILE) {
                for column in first_column..columns.min(first_column + TILE) {
                    to[column * rows + row] = from[row * columns + column];
                }
            }
        }
    }
}

/// The totals of rows of `channels` values.
fn totals(rows: &[f32], channels: usize) -> Totals {
    /// Rows that are summed up in 32 bits.
    const BLOCK: usize = 256;
    let mut totals = Totals::new(channels);
    let (mut sums, mut squares) = (vec![0f32; channels], vec![0f32; channels]);
    for block in rows.chunks(BLOCK * channels) {
        sums.fill(0.0);
        squares.fill(0.0);
        for row in block.chunks_exact(channels) {
            for ((&value, sum), square) in row.iter().zip(&mut sums).zip(&mut squares) {
                *sum += value;
                *square += value * value;
            }
        }
        for channel in 0..channels {
            totals.sums[channel] += f64::from(sums[channel]);
            totals.squares[channel] += f64::from(squares[channel]);
        }
    }
    totals
}
