//! Kokoro's generator with kernels of its own: 86 % of the network's arithmetic, at the speed of the processor.
//!
//! `docs/kernels.md` tells how it works and why.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod conv;
mod dense;
mod fast;
mod kernel;
mod resblock;
mod rows;
#[cfg(test)]
mod tests;
mod weights;

use conv::Scratch;
use dense::Dense;
use kernel::{Kernel, Portable};
use resblock::{Resblock, Style};
use rows::{add, totals, transpose};
use weights::Graph;

use crate::Result;

/// Part of the engine's version: other arithmetic computes other samples.
pub(super) const REVISION: &str = "generator 1";

/// How often the generator makes time finer and works on it.
const STAGES: usize = 2;

/// Channels before, between and after the stages.
const CHANNELS: [usize; STAGES + 1] = [512, 256, 128];

/// How much finer each stage makes time.
const STRIDES: [usize; STAGES] = [10, 6];

/// Residual blocks of a stage: one on the noise, then three side by side on the sum.
const BLOCKS: usize = 4;

/// Name and taps of the residual blocks.
const NAMES: [[(&str, usize); BLOCKS]; STAGES] = [
    [
        ("noise_res.0", 7),
        ("resblocks.0", 3),
        ("resblocks.1", 7),
        ("resblocks.2", 11),
    ],
    [
        ("noise_res.1", 11),
        ("resblocks.3", 3),
        ("resblocks.4", 7),
        ("resblocks.5", 11),
    ],
];

/// Factor of negative values before each upsampling and before the last convolution.
const SLOPES: [f32; STAGES + 1] = [0.1, 0.1, 0.01];

/// Outputs of the last convolution, a spectrum's magnitudes and phases, and its taps.
const SPECTRUM: usize = 22;
const LAST_TAPS: usize = 7;

/// Part of the graph that the generator computes, by the names of its values.
pub(super) struct Cut {
    /// What it needs, in the order of [`Generator::run`]'s inputs: the signal, then for each stage the noise and for
    /// each normalisation of each residual block factors and summands.
    pub(super) inputs: Vec<String>,
    /// What it gives.
    pub(super) output: String,
    /// Rows of what it gives.
    pub(super) rows: usize,
}

impl Cut {
    /// The one that [`Generator`] makes.
    pub(super) fn new() -> Self {
        let inner = |name: &str| format!("/decoder/decoder/generator/{name}");
        let mut inputs = vec!["/decoder/decoder/decode.3/Div_4_output_0".to_owned()];
        for (stage, blocks) in NAMES.iter().enumerate() {
            inputs.push(inner(&format!("noise_convs.{stage}/Conv_output_0")));
            for (block, _) in blocks {
                for step in 0..3 {
                    for kind in [1, 2] {
                        let normalisation = format!("{block}/adain{kind}.{step}");
                        inputs.push(inner(&format!("{normalisation}/Add_1_output_0")));
                        inputs.push(inner(&format!("{normalisation}/Slice_1_output_0")));
                    }
                }
            }
        }
        Self {
            inputs,
            output: inner("conv_post/Conv_output_0"),
            rows: SPECTRUM,
        }
    }
}

/// The generator's weights, ready to multiply.
pub(super) struct Generator {
    stages: [Stage; STAGES],
    last: Dense,
    processor: Processor,
}

/// Makes time finer, then works on it.
struct Stage {
    upsampling: Dense,
    blocks: [Resblock; BLOCKS],
}

/// Which implementation of the kernels runs.
#[derive(Clone, Copy)]
enum Processor {
    #[cfg(target_arch = "x86_64")]
    Avx2(avx2::Avx2),
    #[expect(
        dead_code,
        reason = "the reference: right on every processor, but slower than rten"
    )]
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
    /// The signal before a stage and after it.
    signal: Vec<f32>,
    /// The signal made finer.
    finer: Vec<f32>,
    rows: [Vec<f32>; 3],
}

impl Generator {
    /// Takes the weights from the model file. `None` if this processor has none of the instructions that kernels are
    /// written for.
    pub(super) fn load(model: &[u8]) -> Result<Option<Self>> {
        Processor::detect()
            .map(|processor| Self::with(processor, model))
            .transpose()
    }

    fn with(processor: Processor, model: &[u8]) -> Result<Self> {
        let graph = Graph::read(model)?;
        let stage = |stage: usize| -> Result<Stage> {
            let (before, after) = (CHANNELS[stage], CHANNELS[stage + 1]);
            let [a, b, c, d] = NAMES[stage].map(|(name, taps)| graph.resblock(name, after, taps));
            let upsampling = graph.upsampling(stage, before, after, STRIDES[stage])?;
            Ok(Stage {
                upsampling,
                blocks: [a?, b?, c?, d?],
            })
        };
        let stages = [stage(0)?, stage(1)?];
        Ok(Self {
            stages,
            last: graph.last(CHANNELS[STAGES], SPECTRUM, LAST_TAPS)?,
            processor,
        })
    }

    /// Computes the spectrum, `[22][times]`, from the values that [`Cut::inputs`] names, each `[channels][times]`.
    /// `None` if their lengths do not fit together.
    pub(super) fn run(&self, inputs: &[Vec<f32>], work: &mut Work) -> Option<Vec<f32>> {
        let (signal, inputs) = inputs.split_first()?;
        let stages: Vec<(&[f32], Vec<Style<'_>>)> = inputs
            .chunks_exact(1 + 12 * BLOCKS)
            .map(|inputs| {
                let pairs = inputs[1..].chunks_exact(2);
                (
                    inputs[0].as_slice(),
                    pairs
                        .map(|pair| Style {
                            gamma: &pair[0],
                            beta: &pair[1],
                        })
                        .collect(),
                )
            })
            .collect();
        let mut times = signal.len() / CHANNELS[0];
        let mut fits = stages.len() == STAGES && signal.len() == times * CHANNELS[0] && times > 0;
        for (stage, (noise, styles)) in stages.iter().enumerate() {
            let channels = CHANNELS[stage + 1];
            times = times * STRIDES[stage] + stage;
            fits &= noise.len() == times * channels;
            fits &= styles
                .iter()
                .all(|style| style.gamma.len() == channels && style.beta.len() == channels);
        }
        fits.then(|| match self.processor {
            #[cfg(target_arch = "x86_64")]
            Processor::Avx2(kernel) => self.run_with(kernel, signal, &stages, work),
            Processor::Portable => self.run_with(Portable, signal, &stages, work),
        })
    }

    fn run_with(
        &self,
        kernel: impl Kernel,
        signal: &[f32],
        stages: &[(&[f32], Vec<Style<'_>>)],
        work: &mut Work,
    ) -> Vec<f32> {
        let times = signal.len() / CHANNELS[0];
        work.signal.resize(signal.len(), 0.0);
        transpose(signal, times, &mut work.signal);
        for (number, (stage, (noise, styles))) in self.stages.iter().zip(stages).enumerate() {
            stage.run(kernel, number, noise, styles, work);
        }
        let times = work.signal.len() / CHANNELS[STAGES];
        let width = SPECTRUM.next_multiple_of(kernel::LANES);
        let mut rows = vec![0.0; times * width];
        let input = (work.signal.as_slice(), SLOPES[STAGES]);
        self.last.run(
            kernel,
            input,
            (LAST_TAPS / 2, times),
            &mut rows,
            &mut work.scratch,
        );
        let mut spectrum = vec![0.0; times * width];
        transpose(&rows, width, &mut spectrum);
        spectrum.truncate(times * SPECTRUM);
        spectrum
    }
}

impl Stage {
    /// Takes `work.signal` and leaves its result there: the signal made finer, plus the noise through its block,
    /// through three blocks, their mean.
    fn run(
        &self,
        kernel: impl Kernel,
        number: usize,
        noise: &[f32],
        styles: &[Style<'_>],
        work: &mut Work,
    ) {
        let channels = CHANNELS[number + 1];
        let times = noise.len() / channels;
        let Work {
            scratch,
            signal,
            finer,
            rows,
        } = work;
        let [middle, sum, output] = rows.each_mut().map(|rows| {
            rows.resize(noise.len(), 0.0);
            rows.as_mut_slice()
        });
        let input = self.upsample(kernel, number, signal, finer, scratch);
        let [first, others @ ..] = &self.blocks;
        let mut styles = styles.chunks_exact(6);
        let mut next = || styles.next().expect("six styles for each block");
        transpose(noise, times, output);
        let before = totals(output, channels);
        first.run(kernel, next(), (output, &before), middle, sum, scratch);
        add(input, sum);
        let before = totals(input, channels);
        for (number, block) in others.iter().enumerate() {
            let to = if number == 0 { &mut *sum } else { &mut *output };
            block.run(kernel, next(), (input, &before), middle, to, scratch);
            if number > 0 {
                add(sum, output);
            }
        }
        signal.clear();
        signal.extend(sum.iter().map(|&value| value * (1.0 / 3.0)));
    }

    /// Makes `signal` finer, into a part of `finer`.
    fn upsample<'f>(
        &self,
        kernel: impl Kernel,
        number: usize,
        signal: &[f32],
        finer: &'f mut Vec<f32>,
        scratch: &mut Scratch,
    ) -> &'f mut [f32] {
        let (before, channels, stride) = (CHANNELS[number], CHANNELS[number + 1], STRIDES[number]);
        let times = signal.len() / before;
        // One row more than inputs: the last holds what comes after the last input. Half a stride is cut off at both
        // ends.
        finer.resize((times + 1) * stride * channels, 0.0);
        self.upsampling.run(
            kernel,
            (signal, SLOPES[number]),
            (1, times + 1),
            finer,
            scratch,
        );
        let length = times * stride * channels;
        let start = stride / 2 * channels;
        if number + 1 < STAGES {
            return &mut finer[start..start + length];
        }
        // The last stage begins one step earlier, with the second step's mirror image.
        finer.copy_within(start + channels..start + 2 * channels, start - channels);
        &mut finer[start - channels..start + length]
    }
}
