//! A convolution over time with 8-bit weights, by the fast transforms, in blocks that stay in the cache.

use super::{
    fast::{self, FACTORS, INPUT, POINTS, STEPS},
    kernel::{Activation, Kernel, LANES, Pairs, Panel, Product, ROWS, Residual, Sums},
};

/// Greatest magnitude of the quantised values: whatever the inputs, their transform fits 16 bits.
const LEVELS: f64 = 1092.0;

/// A convolution's weights, as the model file has them.
pub(super) struct Weights<'a> {
    /// `[outputs][channels][taps]`.
    pub(super) levels: &'a [u8],
    /// Which weight means 0.
    pub(super) zero: u8,
    /// What a difference of one means.
    pub(super) scale: f32,
    /// One number for each output.
    pub(super) bias: Vec<f32>,
    /// Input channels, a multiple of 16.
    pub(super) channels: usize,
    /// Steps of time that an output looks at, odd.
    pub(super) taps: usize,
    /// Distance of the taps in time.
    pub(super) dilation: usize,
}

/// A convolution over time that keeps the length: the input is taken as 0 beyond its ends.
pub(super) struct Conv {
    channels: usize,
    outputs: usize,
    taps: usize,
    dilation: usize,
    groups: usize,
    /// Panels of [`LANES`] outputs; in each the points; in each the groups of taps; in each pairs of channels.
    weights: Vec<Pairs>,
    bias: Vec<f32>,
    scale: f32,
    /// Greatest magnitude of the quantised values.
    levels: f32,
}

/// Working memory, kept from call to call.
#[derive(Default)]
pub(super) struct Scratch {
    pub(super) activated: Vec<f32>,
    pub(super) quantised: Vec<i16>,
    spread: Vec<i16>,
    pub(super) sums: Vec<Sums>,
}

/// Mean and variance need these: sums over time for each channel.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Totals {
    /// Of the values.
    pub(super) sums: Vec<f64>,
    /// Of their squares.
    pub(super) squares: Vec<f64>,
}

impl Totals {
    pub(super) fn new(channels: usize) -> Self {
        Self {
            sums: vec![0.0; channels],
            squares: vec![0.0; channels],
        }
    }
}

impl Conv {
    /// Transforms and packs the weights.
    pub(super) fn new(from: &Weights<'_>) -> Self {
        let (channels, taps) = (from.channels, from.taps);
        let outputs = from.bias.len();
        let groups = taps.div_ceil(STEPS);
        let lines = groups * channels / 2;
        let mut weights = vec![Pairs([0; 2 * LANES]); outputs / LANES * POINTS * lines];
        let mut magnitudes = vec![[0i64; POINTS]; outputs];
        let zero = i16::from(from.zero);
        for (panel, magnitudes) in magnitudes.chunks_exact_mut(LANES).enumerate() {
            // Lanes innermost: what is written together lies together.
            for (place, lane) in
                (0..channels * groups).flat_map(|place| (0..LANES).map(move |lane| (place, lane)))
            {
                let (group, channel) = (place / channels, place % channels);
                let row = ((panel * LANES + lane) * channels + channel) * taps;
                let row = &from.levels[row..row + taps];
                let tap = |j| {
                    row.get(group * STEPS + j)
                        .map_or(0, |&tap| i16::from(tap) - zero)
                };
                for (point, value) in fast::taps(std::array::from_fn(tap)).into_iter().enumerate() {
                    let line = (panel * POINTS + point) * lines + place / 2;
                    weights[line].0[2 * lane + channel % 2] = value;
                    magnitudes[lane][point] += i64::from(value).abs();
                }
            }
        }
        let levels = magnitudes
            .iter()
            .flat_map(|output| (0..POINTS).map(move |point| safe_levels(point, output[point])));
        Self {
            channels,
            outputs,
            taps,
            dilation: from.dilation,
            groups,
            weights,
            bias: from.bias.clone(),
            scale: from.scale,
            levels: levels.fold(LEVELS, f64::min).floor() as f32,
        }
    }

    /// Activates `input` (rows of `channels`), convolves, and writes rows of `outputs`; gives their totals.
    pub(super) fn run(
        &self,
        kernel: impl Kernel,
        activation: &Activation,
        input: &[f32],
        residual: Residual<'_>,
        output: &mut [f32],
        scratch: &mut Scratch,
    ) -> Totals {
        let length = input.len() / self.channels;
        let block = self.tiles() * STEPS * self.dilation;
        let mut totals = Totals::new(self.outputs);
        for start in (0..length).step_by(block) {
            let end = length.min(start + block);
            let tiles = (end - start).div_ceil(STEPS * self.dilation);
            let step = self.prepare(kernel, activation, input, start, tiles, scratch);
            let rows = start * self.outputs..end * self.outputs;
            let residual = match residual {
                Residual::From(all) => Residual::From(&all[rows.clone()]),
                other => other,
            };
            self.finish(
                kernel,
                tiles,
                step,
                residual,
                &mut output[rows],
                scratch,
                &mut totals,
            );
        }
        totals
    }

    /// Tiles of [`STEPS`] outputs in a block: the transformed inputs of one block fill a third of a mebibyte.
    fn tiles(&self) -> usize {
        let rows = (24_576 / self.channels).clamp(1, 192);
        (rows / self.dilation).max(1)
    }

    /// Fills `scratch.spread` for the block of `tiles` tiles that begins at `start`; gives what one level means.
    fn prepare(
        &self,
        kernel: impl Kernel,
        activation: &Activation,
        input: &[f32],
        start: usize,
        tiles: usize,
        scratch: &mut Scratch,
    ) -> f32 {
        let channels = self.channels;
        let before = (self.taps - 1) / 2 * self.dilation;
        let span = (STEPS * (tiles + self.groups - 1) + STEPS - 1) * self.dilation;
        let length = input.len() / channels;
        let (low, high) = (
            start.saturating_sub(before),
            length.min(start + span - before),
        );
        let window = &input[low * channels..high * channels];
        let activated = grown(&mut scratch.activated, window.len());
        let largest = kernel.activate(window, activation, activated);
        let quantised = grown(&mut scratch.quantised, span * channels);
        let lead = (low + before - start) * channels;
        quantised[..lead].fill(0);
        quantised[lead + window.len()..].fill(0);
        let inverse = if largest > 0.0 {
            self.levels / largest
        } else {
            0.0
        };
        kernel.quantise(
            activated,
            inverse,
            &mut quantised[lead..lead + window.len()],
        );
        let rows = (tiles + self.groups - 1) * self.dilation;
        let stride = self.stride(tiles);
        let spread = grown(&mut scratch.spread, POINTS * stride * channels);
        kernel.spread(quantised, channels, self.dilation, rows, stride, spread);
        largest / self.levels
    }

    /// Rows of transformed inputs for each point: rounded up so that [`Kernel::multiply`] can read whole tiles.
    fn stride(&self, tiles: usize) -> usize {
        (tiles * self.dilation).next_multiple_of(ROWS) + (self.groups - 1) * self.dilation
    }

    /// Multiplies and writes one block.
    #[expect(clippy::too_many_arguments, reason = "one inner step, called once")]
    fn finish(
        &self,
        kernel: impl Kernel,
        tiles: usize,
        step: f32,
        residual: Residual<'_>,
        output: &mut [f32],
        scratch: &mut Scratch,
        totals: &mut Totals,
    ) {
        let rows = tiles * self.dilation;
        let product = Product {
            rows: rows.next_multiple_of(ROWS),
            channels: self.channels,
            groups: self.groups,
            dilation: self.dilation,
        };
        let plane = self.stride(tiles) * self.channels;
        let lines = self.groups * self.channels / 2;
        let sums = grown(&mut scratch.sums, POINTS * product.rows);
        let (bias, _) = self.bias.as_chunks::<LANES>();
        for ((number, weights), bias) in self
            .weights
            .chunks_exact(POINTS * lines)
            .enumerate()
            .zip(bias)
        {
            for point in 0..POINTS {
                let values = &scratch.spread[point * plane..][..plane];
                let sums = &mut sums[point * product.rows..][..product.rows];
                // At ∞ a group weighs by its fourth tap only, which the last group of 3, 7 or 11 taps has not.
                let idle = usize::from(point == POINTS - 1 && !self.taps.is_multiple_of(STEPS));
                let product = Product {
                    groups: self.groups - idle,
                    ..product
                };
                kernel.multiply(values, &weights[point * lines..][..lines], product, sums);
            }
            let panel = Panel {
                rows,
                stride: product.rows,
                dilation: self.dilation,
                factors: FACTORS
                    .map(|factor| (factor * f64::from(step) * f64::from(self.scale)) as f32),
                bias,
                column: number * LANES,
                outputs: self.outputs,
            };
            let moments = kernel.combine(sums, &panel, residual, output);
            for lane in 0..LANES {
                totals.sums[panel.column + lane] += f64::from(moments.sums[lane]);
                totals.squares[panel.column + lane] += f64::from(moments.squares[lane]);
            }
        }
    }
}

/// How great the quantised values may be so that no sum of products at `point` leaves 32 bits.
fn safe_levels(point: usize, magnitude: i64) -> f64 {
    let gain: f64 = INPUT[point].iter().map(|&m| f64::from(m).abs()).sum();
    f64::from(i32::MAX) / (gain * (magnitude as f64).max(1.0))
}

/// The first `length` elements, after growing to that length if need be.
pub(super) fn grown<T: Clone + Zero>(values: &mut Vec<T>, length: usize) -> &mut [T] {
    if values.len() < length {
        values.resize(length, T::ZERO);
    }
    &mut values[..length]
}

/// What fresh working memory holds.
pub(super) trait Zero {
    /// Nothing.
    const ZERO: Self;
}

impl Zero for f32 {
    const ZERO: Self = 0.0;
}

impl Zero for i16 {
    const ZERO: Self = 0;
}

impl Zero for Sums {
    const ZERO: Self = Sums([0; LANES]);
}

#[cfg(test)]
mod tests;
