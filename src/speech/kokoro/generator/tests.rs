//! Every loop of every implementation against the portable one, bit for bit, on random values; and the portable one
//! against plain arithmetic.

use super::{
    fast::{self, FACTORS, POINTS, STEPS},
    kernel::{
        Activation, Kernel, LANES, Moments, Pairs, Panel, Portable, Product, ROWS, Residual, Sums,
    },
};

/// Random numbers from a seed (xorshift; Marsaglia, 2003).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// From `-most` to `most`.
    pub(super) fn whole(&mut self, most: i16) -> i16 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 33) as i64 % (2 * i64::from(most) + 1) - i64::from(most)) as i16
    }

    /// From −1 to 1.
    pub(super) fn real(&mut self) -> f32 {
        f32::from(self.whole(10_000)) / 10_000.0
    }

    pub(super) fn reals(&mut self, count: usize) -> Vec<f32> {
        (0..count).map(|_| self.real()).collect()
    }

    pub(super) fn wholes(&mut self, count: usize, most: i16) -> Vec<i16> {
        (0..count).map(|_| self.whole(most)).collect()
    }
}

/// Runs `check` for every implementation that this processor can run.
fn on_each(check: impl Fn(&dyn Fn(&mut dyn FnMut(Any)))) {
    check(&|run| {
        #[cfg(target_arch = "x86_64")]
        if let Some(kernel) = super::avx2::Avx2::detect() {
            run(Any::Avx2(kernel));
        }
        run(Any::Portable(Portable));
    });
}

/// One implementation out of all.
#[derive(Clone, Copy)]
enum Any {
    #[cfg(target_arch = "x86_64")]
    Avx2(super::avx2::Avx2),
    Portable(Portable),
}

macro_rules! with {
    ($any:expr, $kernel:ident => $do:expr) => {
        match $any {
            #[cfg(target_arch = "x86_64")]
            Any::Avx2($kernel) => $do,
            Any::Portable($kernel) => $do,
        }
    };
}

/// The model's channels, groups of taps and dilations, and rows up to two tiles and more.
fn shapes() -> impl Iterator<Item = Product> {
    let each = |channels| {
        [0, 1, 2, 3].into_iter().flat_map(move |groups: usize| {
            [1, 3, 5].into_iter().flat_map(move |dilation| {
                [1, 2, 7].into_iter().map(move |tiles| Product {
                    rows: tiles * ROWS,
                    channels,
                    groups,
                    dilation,
                })
            })
        })
    };
    [128, 256].into_iter().flat_map(each)
}

#[test]
fn products_are_exact() {
    on_each(|implementations| {
        for (seed, product) in shapes().enumerate() {
            let mut dice = Dice::new(seed as u64 + 1);
            let Product {
                rows,
                channels,
                groups,
                dilation,
            } = product;
            let values = dice.wholes((rows + groups * dilation) * channels, i16::MAX);
            let lines = groups * channels / 2;
            let weights: Vec<Pairs> = (0..lines)
                .map(|_| Pairs(std::array::from_fn(|_| dice.whole(3825))))
                .collect();
            implementations(&mut |any| {
                let mut sums = vec![Sums([7; LANES]); rows];
                with!(any, kernel => kernel.multiply(&values, &weights, product, &mut sums));
                for (row, sums) in sums.iter().enumerate() {
                    for (lane, &sum) in sums.0.iter().enumerate() {
                        let wanted: i64 = (0..groups * channels)
                            .map(|at| {
                                let (group, channel) = (at / channels, at % channels);
                                let value = values[(row + group * dilation) * channels + channel];
                                i64::from(value)
                                    * i64::from(weights[at / 2].0[lane * 2 + channel % 2])
                            })
                            .sum();
                        assert_eq!(
                            sum, wanted as i32,
                            "{channels} {groups} {dilation} row {row} lane {lane}"
                        );
                    }
                }
            });
        }
    });
}

#[test]
fn four_taps_come_out_of_seven_products() {
    let mut dice = Dice::new(5);
    for _ in 0..1000 {
        let inputs: [i16; POINTS] = std::array::from_fn(|_| dice.whole(1092));
        let taps: [i16; STEPS] = std::array::from_fn(|_| dice.whole(255));
        let (v, g) = (fast::spread(inputs), fast::taps(taps));
        let product = |point: usize| f64::from(v[point]) * f64::from(g[point]) * FACTORS[point];
        let outputs = fast::gather(std::array::from_fn(|point| product(point) as f32));
        for (j, y) in outputs.into_iter().enumerate() {
            let wanted: i32 = (0..STEPS)
                .map(|k| i32::from(taps[k]) * i32::from(inputs[j + k]))
                .sum();
            assert!(
                (f64::from(y) - f64::from(wanted)).abs() < 20.0,
                "{y} for {wanted}"
            );
        }
    }
}

#[test]
fn the_greatest_inputs_do_not_overflow_their_transform() {
    for (point, row) in fast::INPUT.iter().enumerate() {
        let worst: [i16; POINTS] = row.map(|m| 1092 * m.signum());
        let wanted: i32 = row
            .iter()
            .zip(worst)
            .map(|(&m, d)| i32::from(m) * i32::from(d))
            .sum();
        assert_eq!(i32::from(fast::spread(worst)[point]), wanted);
    }
}

#[test]
fn inputs_are_spread_alike_everywhere() {
    on_each(|implementations| {
        for (
            seed,
            Product {
                rows,
                channels,
                dilation,
                ..
            },
        ) in shapes().enumerate()
        {
            // Whole tiles of every residue, as the convolution asks for.
            let rows = rows / dilation.min(rows) * dilation;
            let mut dice = Dice::new(seed as u64 + 1);
            let inputs = dice.wholes(
                (rows * STEPS + (POINTS - STEPS) * dilation) * channels,
                1092,
            );
            let stride = rows + seed % 3;
            let mut wanted = vec![9; POINTS * stride * channels];
            Portable.spread(&inputs, channels, dilation, rows, stride, &mut wanted);
            implementations(&mut |any| {
                let mut found = vec![9; POINTS * stride * channels];
                with!(any, kernel => kernel.spread(&inputs, channels, dilation, rows, stride, &mut found));
                assert!(found == wanted, "{channels} {dilation} {rows}");
            });
        }
    });
}

fn activation(channels: usize, dice: &mut Dice) -> Activation {
    let alpha: Vec<f32> = dice
        .reals(channels)
        .iter()
        .map(|value| value + 1.1)
        .collect();
    Activation {
        gain: dice
            .reals(channels)
            .iter()
            .map(|value| value * 5.0)
            .collect(),
        offset: dice.reals(channels),
        turns: alpha
            .iter()
            .map(|alpha| alpha / std::f32::consts::PI)
            .collect(),
        inverse: alpha.iter().map(|alpha| 1.0 / alpha).collect(),
    }
}

#[test]
fn activation_and_quantisation_give_the_same_bits_everywhere() {
    on_each(|implementations| {
        for channels in [128, 256] {
            let mut dice = Dice::new(channels as u64);
            let activation = activation(channels, &mut dice);
            for rows in [1, 2, 37] {
                let input: Vec<f32> = dice
                    .reals(rows * channels)
                    .iter()
                    .map(|value| value * 9.0)
                    .collect();
                let mut wanted = vec![0.0; input.len()];
                let largest = Portable.activate(&input, &activation, &mut wanted);
                let mut levels = vec![0; input.len()];
                Portable.quantise(&wanted, 1092.0 / largest, &mut levels);
                implementations(&mut |any| {
                    let (mut found, mut found_levels) =
                        (vec![0.0; input.len()], vec![0; input.len()]);
                    let most =
                        with!(any, kernel => kernel.activate(&input, &activation, &mut found));
                    assert_eq!((most.to_bits(), &found), (largest.to_bits(), &wanted));
                    with!(any, kernel => kernel.quantise(&found, 1092.0 / most, &mut found_levels));
                    assert_eq!(found_levels, levels);
                });
            }
        }
    });
}

#[test]
fn the_polynomial_follows_the_sine() {
    let channels = 128;
    let mut dice = Dice::new(3);
    let activation = activation(channels, &mut dice);
    let input: Vec<f32> = dice
        .reals(100 * channels)
        .iter()
        .map(|value| value * 9.0)
        .collect();
    let mut found = vec![0.0; input.len()];
    Portable.activate(&input, &activation, &mut found);
    for (at, (&x, &y)) in input.iter().zip(&found).enumerate() {
        let channel = at % channels;
        let v = f64::from(x) * f64::from(activation.gain[channel])
            + f64::from(activation.offset[channel]);
        let sine = (v * f64::from(activation.turns[channel]) * std::f64::consts::PI).sin();
        let wanted = v + sine * sine * f64::from(activation.inverse[channel]);
        assert!((f64::from(y) - wanted).abs() < 2e-5, "{y} for {wanted}");
    }
}

#[test]
fn outputs_are_gathered_alike_everywhere_whatever_their_number() {
    on_each(|implementations| {
        for (dilation, rows, missing) in [
            (1, 6, 0),
            (1, 7, 3),
            (3, 6, 5),
            (3, 9, 11),
            (5, 10, 19),
            (5, 5, 2),
        ] {
            let mut dice = Dice::new(dilation as u64);
            let (stride, outputs) = (rows + 2, 3 * LANES);
            let times = rows * STEPS - missing;
            let sums: Vec<Sums> = (0..POINTS * stride)
                .map(|_| {
                    Sums(std::array::from_fn(|_| {
                        i32::from(dice.whole(i16::MAX)) * 3001
                    }))
                })
                .collect();
            let bias = std::array::from_fn(|_| dice.real());
            let factors = FACTORS.map(|factor| (factor * 1e-6) as f32);
            let panel = Panel {
                rows,
                stride,
                dilation,
                factors,
                bias: &bias,
                column: LANES,
                outputs,
            };
            let (before, other) = (dice.reals(times * outputs), dice.reals(times * outputs));
            for residual in [Residual::Nothing, Residual::InPlace, Residual::From(&other)] {
                let mut wanted = before.clone();
                let moments = Portable.combine(&sums, &panel, residual, &mut wanted);
                implementations(&mut |any| {
                    let mut found = before.clone();
                    let Moments { sums, squares } =
                        with!(any, kernel => kernel.combine(&sums, &panel, residual, &mut found));
                    assert_eq!(found, wanted);
                    assert_eq!((sums, squares), (moments.sums, moments.squares));
                });
            }
        }
    });
}
