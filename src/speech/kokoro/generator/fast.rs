//! The fast convolution's transforms: four outputs of four taps with seven products instead of sixteen.
//!
//! Toom and Cook's polynomial product at the points 0, 1, −1, 2, −2, ½ and ∞, transposed into a filter as by Winograd
//! ("Arithmetic Complexity of Computations", 1980): for inputs d₀…d₆ and taps g₀…g₃ the outputs are
//! `y_j = Σ_i p_i^j / n_i · G_i · V_i`, with `V_i = Σ_k M_i[k]·d_k`, where `M_i(x)` is the product of `x − p` over all
//! other points, `n_i = M_i(p_i)`, and `G_i = Σ_k g_k·p_i^k`. Scaled so, V and G are small integers and their products
//! are exact; fractions appear only in the last step, in floats.

/// Points, so products for each group of taps.
pub(super) const POINTS: usize = 7;

/// Outputs of one application, and taps of one group.
pub(super) const STEPS: usize = 4;

/// `V`: the inputs' transform. No intermediate value can matter: additions wrap, and the results fit 16 bits when
/// the inputs' magnitudes are at most 1092 = ⌊32767 / 30⌋.
#[inline]
pub(super) fn spread(d: [i16; POINTS]) -> [i16; POINTS] {
    std::array::from_fn(|point| {
        let row = INPUT[point].iter().zip(d);
        row.fold(0i16, |sum, (&m, d)| sum.wrapping_add(m.wrapping_mul(d)))
    })
}

/// The polynomials `M_i`, lowest power first.
pub(super) const INPUT: [[i16; POINTS]; POINTS] = [
    [-4, 8, 5, -10, -1, 2, 0],
    [0, 4, -4, -9, 1, 2, 0],
    [0, -4, 12, -7, -3, 2, 0],
    [0, 2, -3, -4, 3, 2, 0],
    [0, -2, 5, 0, -5, 2, 0],
    [0, 4, 0, -5, 0, 1, 0],
    [0, -4, 8, 5, -10, -1, 2],
];

/// `G`: the taps' transform, the point ½ in eighths.
pub(super) fn taps(g: [i16; STEPS]) -> [i16; POINTS] {
    const POWERS: [[i16; STEPS]; POINTS] = [
        [1, 0, 0, 0],
        [1, 1, 1, 1],
        [1, -1, 1, -1],
        [1, 2, 4, 8],
        [1, -2, 4, -8],
        [8, 4, 2, 1],
        [0, 0, 0, 1],
    ];
    std::array::from_fn(|point| POWERS[point].iter().zip(g).map(|(&p, g)| p * g).sum())
}

/// Factor of each point: `1 / n_i`, for ½ with the eighth of [`taps`].
pub(super) const FACTORS: [f64; POINTS] = [
    -1.0 / 4.0,
    -1.0 / 6.0,
    1.0 / 18.0,
    1.0 / 72.0,
    -1.0 / 120.0,
    4.0 / 45.0,
    1.0 / 2.0,
];

/// The outputs from the points' products, each multiplied by its factor before.
#[inline]
pub(super) fn gather(m: [f32; POINTS]) -> [f32; STEPS] {
    let (ones, one) = (m[1] + m[2], m[1] - m[2]);
    let (twos, two) = (m[3] + m[4], m[3] - m[4]);
    [
        m[0] + ones + twos + m[5],
        two.mul_add(2.0, m[5].mul_add(0.5, one)),
        twos.mul_add(4.0, m[5].mul_add(0.25, ones)),
        two.mul_add(8.0, m[5].mul_add(0.125, one)) + m[6],
    ]
}
