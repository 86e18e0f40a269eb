//! The five small loops that all arithmetic of the generator goes through, and their portable form.
//!
//! Every loop is given as a method of [`Kernel`]. [`Portable`] is the reference: plain loops in the order of
//! operations that each other implementation must keep, so that all give the same bits.

use super::fast::{POINTS, STEPS};

/// Output channels that are computed side by side.
pub(super) const LANES: usize = 16;

/// Rows that are multiplied together: [`Kernel::multiply`] takes multiples of it.
pub(super) const ROWS: usize = 6;

/// One cache line of weights: for each of [`LANES`] outputs those of two neighbouring input channels.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(super) struct Pairs(pub(super) [i16; 2 * LANES]);

/// One cache line of sums: one for each of [`LANES`] outputs.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(super) struct Sums(pub(super) [i32; LANES]);

/// What happens to a value before a convolution, per channel: `v = gain·x + offset`, then Snake,
/// `v + sin²(alpha·v) / alpha` (Ziyin et al., "Neural networks fail to learn periodic functions", 2020).
#[derive(Default)]
pub(super) struct Activation {
    /// Factor of the normalisation.
    pub(super) gain: Vec<f32>,
    /// Summand of the normalisation.
    pub(super) offset: Vec<f32>,
    /// Snake's alpha in half turns: `alpha / π`.
    pub(super) turns: Vec<f32>,
    /// `1 / alpha`.
    pub(super) inverse: Vec<f32>,
}

/// How rows of transformed values meet weights: see [`Kernel::multiply`].
#[derive(Clone, Copy)]
pub(super) struct Product {
    /// Rows of the result, a multiple of [`ROWS`].
    pub(super) rows: usize,
    /// Input channels, a multiple of 8.
    pub(super) channels: usize,
    /// Groups of taps.
    pub(super) groups: usize,
    /// How many rows further the next group of taps reads.
    pub(super) dilation: usize,
}

/// Where the sums of one panel of outputs go: see [`Kernel::combine`].
pub(super) struct Panel<'a> {
    /// Rows of sums that are to be used; row `n·dilation + r` stands for the times `(4n + j)·dilation + r`.
    pub(super) rows: usize,
    /// Rows from one point's sums to the next one's.
    pub(super) stride: usize,
    /// Dilation of the convolution.
    pub(super) dilation: usize,
    /// Factor of each point, the step of the quantised values included.
    pub(super) factors: [f32; POINTS],
    /// What is added to each output.
    pub(super) bias: &'a [f32; LANES],
    /// First channel of the panel within a row of outputs.
    pub(super) column: usize,
    /// Channels in a row of outputs.
    pub(super) outputs: usize,
}

/// Rows that are added to the outputs.
#[derive(Clone, Copy)]
pub(super) enum Residual<'a> {
    /// None.
    Nothing,
    /// What the output rows hold already.
    InPlace,
    /// Other rows of the same shape.
    From(&'a [f32]),
}

/// Sums over time of the values and of their squares, of one panel's channels.
#[derive(Clone, Copy, Default)]
pub(super) struct Moments {
    /// Of the values.
    pub(super) sums: [f32; LANES],
    /// Of the squares.
    pub(super) squares: [f32; LANES],
}

/// The loops, for one kind of processor. Values lie channels last: a row holds all channels of one time.
///
/// # For implementers
///
/// Integer results must be exact and floats rounded as [`Portable`] rounds them, `mul_add` included: the samples
/// must not depend on the processor.
pub(super) trait Kernel: Copy {
    /// Normalises and bends whole rows; gives the greatest magnitude of the results.
    fn activate(self, rows: &[f32], activation: &Activation, out: &mut [f32]) -> f32;

    /// Multiplies by `inverse` and rounds to even. Results must fit 16 bits.
    fn quantise(self, values: &[f32], inverse: f32, out: &mut [i16]);

    /// Transforms rows of inputs into `rows` rows for each point, `stride` rows from point to point: row
    /// `n·dilation + r` from the inputs at `(4n + j)·dilation + r`, j = 0 to 6.
    fn spread(
        self,
        inputs: &[i16],
        channels: usize,
        dilation: usize,
        rows: usize,
        stride: usize,
        out: &mut [i16],
    );

    /// For every row and each of the panel's outputs, the sum over channels and groups of value times weight.
    /// Sums wrap; whoever packs the weights sees to it that they cannot.
    fn multiply(self, values: &[i16], weights: &[Pairs], product: Product, out: &mut [Sums]);

    /// Gathers the points' sums into outputs in time, adds bias and residual, and sums up what it wrote.
    /// Times past the end of `out` are left out.
    fn combine(
        self,
        sums: &[Sums],
        panel: &Panel<'_>,
        residual: Residual<'_>,
        out: &mut [f32],
    ) -> Moments;
}

/// Coefficients of `sin²(πf) = u·P(u)`, `u = f²`, for |f| ≤ ½: least greatest error, below 2·10⁻⁷ in f32.
pub(super) const SINE: [f32; 6] = [
    9.869_603,
    -32.469_58,
    42.725_384,
    -30.085_953,
    12.990_73,
    -3.272_946,
];

/// The reference: runs on every processor.
#[derive(Clone, Copy)]
pub(super) struct Portable;

fn bend(x: f32, gain: f32, offset: f32, turns: f32, inverse: f32) -> f32 {
    let value = x.mul_add(gain, offset);
    let halves = value * turns;
    let part = halves - halves.round_ties_even();
    let square = part * part;
    let lower = SINE[..5].iter().rev();
    let p = lower.fold(SINE[5], |p, &c| p.mul_add(square, c));
    (p * square).mul_add(inverse, value)
}

impl Kernel for Portable {
    fn activate(self, rows: &[f32], activation: &Activation, out: &mut [f32]) -> f32 {
        let Activation {
            gain,
            offset,
            turns,
            inverse,
        } = activation;
        let mut largest = 0f32;
        for (row, out) in rows
            .chunks_exact(gain.len())
            .zip(out.chunks_exact_mut(gain.len()))
        {
            for (channel, (&x, y)) in row.iter().zip(out).enumerate() {
                *y = bend(
                    x,
                    gain[channel],
                    offset[channel],
                    turns[channel],
                    inverse[channel],
                );
                largest = largest.max(y.abs());
            }
        }
        largest
    }

    fn quantise(self, values: &[f32], inverse: f32, out: &mut [i16]) {
        for (&value, out) in values.iter().zip(out) {
            *out = (value * inverse).round_ties_even() as i16;
        }
    }

    fn spread(
        self,
        inputs: &[i16],
        channels: usize,
        dilation: usize,
        rows: usize,
        stride: usize,
        out: &mut [i16],
    ) {
        for row in 0..rows {
            let first = row / dilation * STEPS * dilation + row % dilation;
            for channel in 0..channels {
                let d: [i16; POINTS] =
                    std::array::from_fn(|j| inputs[(first + j * dilation) * channels + channel]);
                for (point, value) in super::fast::spread(d).into_iter().enumerate() {
                    out[(point * stride + row) * channels + channel] = value;
                }
            }
        }
    }

    fn multiply(self, values: &[i16], weights: &[Pairs], product: Product, out: &mut [Sums]) {
        let Product {
            rows,
            channels,
            groups,
            dilation,
        } = product;
        for (row, out) in out[..rows].iter_mut().enumerate() {
            out.0 = [0; LANES];
            for group in 0..groups {
                let values = &values[(row + group * dilation) * channels..][..channels];
                let weights = &weights[group * channels / 2..][..channels / 2];
                for (pair, weights) in values.chunks_exact(2).zip(weights) {
                    for (sum, weight) in out.0.iter_mut().zip(weights.0.chunks_exact(2)) {
                        let both = i32::from(pair[0]) * i32::from(weight[0])
                            + i32::from(pair[1]) * i32::from(weight[1]);
                        *sum = sum.wrapping_add(both);
                    }
                }
            }
        }
    }

    fn combine(
        self,
        sums: &[Sums],
        panel: &Panel<'_>,
        residual: Residual<'_>,
        out: &mut [f32],
    ) -> Moments {
        let mut moments = Moments::default();
        let times = out.len() / panel.outputs;
        for row in 0..panel.rows {
            let first = row / panel.dilation * STEPS * panel.dilation + row % panel.dilation;
            for lane in 0..LANES {
                let m = std::array::from_fn(|point| {
                    sums[point * panel.stride + row].0[lane] as f32 * panel.factors[point]
                });
                for (j, value) in super::fast::gather(m).into_iter().enumerate() {
                    let time = first + j * panel.dilation;
                    if time < times {
                        let at = time * panel.outputs + panel.column + lane;
                        let value = value + panel.bias[lane];
                        let value = match residual {
                            Residual::Nothing => value,
                            Residual::InPlace => value + out[at],
                            Residual::From(rows) => value + rows[at],
                        };
                        out[at] = value;
                        moments.sums[lane] += value;
                        moments.squares[lane] = value.mul_add(value, moments.squares[lane]);
                    }
                }
            }
        }
        moments
    }
}
