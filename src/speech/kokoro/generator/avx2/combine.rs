//! From the points' sums to outputs in time, with AVX2.

use std::arch::x86_64::{
    __m256, _mm256_add_ps, _mm256_cvtepi32_ps, _mm256_fmadd_ps, _mm256_loadu_ps,
    _mm256_loadu_si256, _mm256_mul_ps, _mm256_set1_ps, _mm256_setzero_ps, _mm256_storeu_ps,
    _mm256_sub_ps,
};

use super::{eight, eight_mut, load, store};
use crate::speech::kokoro::generator::{
    fast::{POINTS, STEPS},
    kernel::{LANES, Moments, Panel, Residual, Sums},
};

#[target_feature(enable = "avx2,fma")]
pub(super) fn combine(
    sums: &[Sums],
    panel: &Panel<'_>,
    residual: Residual<'_>,
    out: &mut [f32],
) -> Moments {
    let mut moments = Moments::default();
    let to = out.as_mut_ptr();
    assert!(panel.column + LANES <= panel.outputs && out.len().is_multiple_of(panel.outputs));
    assert!(sums.len() >= (POINTS - 1) * panel.stride + panel.rows);
    let times = out.len() / panel.outputs;
    for half in (0..LANES).step_by(8) {
        // SAFETY: the sums are as many as asserted; `to` and what is added are as long as `out`, which holds `times`
        // rows, and the panel lies within a row.
        let (sum, square) = unsafe {
            match residual {
                Residual::Nothing => combine_half::<false>(sums, panel, half, times, to, to),
                Residual::InPlace => combine_half::<true>(sums, panel, half, times, to, to),
                Residual::From(rows) => {
                    assert!(rows.len() >= out.len());
                    combine_half::<true>(sums, panel, half, times, rows.as_ptr(), to)
                }
            }
        };
        store(sum, eight_mut(&mut moments.sums, half));
        store(square, eight_mut(&mut moments.squares, half));
    }
    moments
}

/// [`combine`] for eight of the panel's channels; adds what lies at `add` if `ADDS`. Gives sums and sums of squares.
///
/// # Safety
///
/// `sums` must hold `panel.rows` rows of each point; `add` and `to`, which may be the same, must be valid for `times`
/// rows of `panel.outputs` values, of which sixteen lie from `panel.column` on.
#[inline]
#[target_feature(enable = "avx2,fma")]
unsafe fn combine_half<const ADDS: bool>(
    sums: &[Sums],
    panel: &Panel<'_>,
    half: usize,
    times: usize,
    add: *const f32,
    to: *mut f32,
) -> (__m256, __m256) {
    let factors = panel.factors.map(|factor| _mm256_set1_ps(factor));
    let bias = load(eight(panel.bias, half));
    let (mut sum, mut square) = (_mm256_setzero_ps(), _mm256_setzero_ps());
    let step = panel.dilation * panel.outputs;
    let mut row = 0;
    for tile in 0..panel.rows.div_ceil(panel.dilation) {
        for place in 0..panel.dilation.min(panel.rows - row) {
            let first = tile * STEPS * panel.dilation + place;
            let mut at = first * panel.outputs + panel.column + half;
            // SAFETY: the caller's promise; only steps before the last time are written.
            unsafe {
                let m = std::array::from_fn(|point| {
                    let sums = sums
                        .as_ptr()
                        .add(point * panel.stride + row)
                        .cast::<i32>()
                        .add(half);
                    _mm256_mul_ps(
                        _mm256_cvtepi32_ps(_mm256_loadu_si256(sums.cast())),
                        factors[point],
                    )
                });
                let values = gather(m);
                let mut put = |value| {
                    let mut value = _mm256_add_ps(value, bias);
                    if ADDS {
                        value = _mm256_add_ps(value, _mm256_loadu_ps(add.add(at)));
                    }
                    _mm256_storeu_ps(to.add(at), value);
                    sum = _mm256_add_ps(sum, value);
                    square = _mm256_fmadd_ps(value, value, square);
                    at = at.wrapping_add(step);
                };
                if first + (STEPS - 1) * panel.dilation < times {
                    values.into_iter().for_each(put);
                } else {
                    // Dividing is slow, so it is left to the end of the line.
                    let steps = times.saturating_sub(first).div_ceil(panel.dilation);
                    values.into_iter().take(steps).for_each(&mut put);
                }
            }
            row += 1;
        }
    }
    (sum, square)
}

/// `fast::gather` on eight channels.
#[inline]
#[target_feature(enable = "avx2,fma")]
fn gather(m: [__m256; POINTS]) -> [__m256; STEPS] {
    let (ones, one) = (_mm256_add_ps(m[1], m[2]), _mm256_sub_ps(m[1], m[2]));
    let (twos, two) = (_mm256_add_ps(m[3], m[4]), _mm256_sub_ps(m[3], m[4]));
    let plus = |factor: f32, value, to| _mm256_fmadd_ps(value, _mm256_set1_ps(factor), to);
    [
        _mm256_add_ps(_mm256_add_ps(_mm256_add_ps(m[0], ones), twos), m[5]),
        plus(2.0, two, plus(0.5, m[5], one)),
        plus(4.0, twos, plus(0.25, m[5], ones)),
        _mm256_add_ps(plus(8.0, two, plus(0.125, m[5], one)), m[6]),
    ]
}
