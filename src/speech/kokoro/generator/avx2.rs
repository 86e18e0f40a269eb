//! The loops of the generator for processors with AVX2 and FMA (Intel since 2013, AMD since 2015).

mod combine;
mod multiply;

use std::arch::x86_64::{
    __m256, __m256i, _mm256_add_epi16, _mm256_and_ps, _mm256_castsi256_ps, _mm256_cvtps_epi32,
    _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_loadu_si256, _mm256_max_ps, _mm256_mul_ps,
    _mm256_mullo_epi16, _mm256_packs_epi32, _mm256_permute4x64_epi64, _mm256_round_ps,
    _mm256_set1_epi16, _mm256_set1_epi32, _mm256_set1_ps, _mm256_setzero_ps, _mm256_setzero_si256,
    _mm256_storeu_ps, _mm256_storeu_si256, _mm256_sub_ps,
};

use self::{combine::combine, multiply::multiply};
use super::{
    fast::{INPUT, POINTS, STEPS},
    kernel::{Activation, Kernel, Moments, Pairs, Panel, Product, Residual, SINE, Sums},
};

/// Proof that the processor has AVX2 and FMA: only [`Avx2::detect`] makes one.
#[derive(Clone, Copy)]
pub(super) struct Avx2(());

impl Avx2 {
    /// Asks the processor.
    pub(super) fn detect() -> Option<Self> {
        (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")).then_some(Self(()))
    }
}

// SAFETY, for all five: the functions need AVX2 and FMA, and `self` proves that the processor has them.
impl Kernel for Avx2 {
    fn activate(self, rows: &[f32], activation: &Activation, out: &mut [f32]) -> f32 {
        // SAFETY: see above.
        unsafe { activate(rows, activation, out) }
    }

    fn quantise(self, values: &[f32], inverse: f32, out: &mut [i16]) {
        // SAFETY: see above.
        unsafe { quantise(values, inverse, out) }
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
        // SAFETY: see above.
        unsafe { spread(inputs, channels, dilation, rows, stride, out) }
    }

    fn multiply(self, values: &[i16], weights: &[Pairs], product: Product, out: &mut [Sums]) {
        // SAFETY: see above.
        unsafe { multiply(values, weights, product, out) }
    }

    fn combine(
        self,
        sums: &[Sums],
        panel: &Panel<'_>,
        residual: Residual<'_>,
        out: &mut [f32],
    ) -> Moments {
        // SAFETY: see above.
        unsafe { combine(sums, panel, residual, out) }
    }
}

#[inline]
#[target_feature(enable = "avx2,fma")]
fn load(from: &[f32; 8]) -> __m256 {
    // SAFETY: eight floats are readable there.
    unsafe { _mm256_loadu_ps(from.as_ptr()) }
}

#[inline]
#[target_feature(enable = "avx2,fma")]
fn store(value: __m256, to: &mut [f32; 8]) {
    // SAFETY: eight floats are writable there.
    unsafe { _mm256_storeu_ps(to.as_mut_ptr(), value) }
}

/// The eight numbers of `values` from `at` on.
#[inline]
fn eight<T>(values: &[T], at: usize) -> &[T; 8] {
    values[at..].first_chunk().expect("channels come in eights")
}

#[inline]
fn eight_mut<T>(values: &mut [T], at: usize) -> &mut [T; 8] {
    values[at..]
        .first_chunk_mut()
        .expect("channels come in eights")
}

const NEAREST: i32 =
    std::arch::x86_64::_MM_FROUND_TO_NEAREST_INT | std::arch::x86_64::_MM_FROUND_NO_EXC;

#[target_feature(enable = "avx2,fma")]
fn activate(rows: &[f32], activation: &Activation, out: &mut [f32]) -> f32 {
    let (gain, _) = activation.gain.as_chunks::<8>();
    let (offset, _) = activation.offset.as_chunks::<8>();
    let (turns, _) = activation.turns.as_chunks::<8>();
    let (inverse, _) = activation.inverse.as_chunks::<8>();
    let channels = activation.gain.len();
    assert!(
        channels.is_multiple_of(8) && [offset.len(), turns.len(), inverse.len()] == [gain.len(); 3]
    );
    let magnitude = _mm256_castsi256_ps(_mm256_set1_epi32(i32::MAX));
    let sine = SINE.map(|c| _mm256_set1_ps(c));
    let mut largest = _mm256_setzero_ps();
    for (row, out) in rows
        .chunks_exact(channels)
        .zip(out.chunks_exact_mut(channels))
    {
        let columns = row
            .as_chunks::<8>()
            .0
            .iter()
            .zip(out.as_chunks_mut::<8>().0);
        for (column, (x, y)) in columns.enumerate() {
            let value = _mm256_fmadd_ps(load(x), load(&gain[column]), load(&offset[column]));
            let halves = _mm256_mul_ps(value, load(&turns[column]));
            let part = _mm256_sub_ps(halves, _mm256_round_ps::<NEAREST>(halves));
            let square = _mm256_mul_ps(part, part);
            let mut p = sine[5];
            for &c in sine[..5].iter().rev() {
                p = _mm256_fmadd_ps(p, square, c);
            }
            let bent = _mm256_fmadd_ps(_mm256_mul_ps(p, square), load(&inverse[column]), value);
            store(bent, y);
            largest = _mm256_max_ps(largest, _mm256_and_ps(bent, magnitude));
        }
    }
    let mut lanes = [0f32; 8];
    store(largest, &mut lanes);
    lanes.into_iter().fold(0f32, f32::max)
}

#[target_feature(enable = "avx2,fma")]
fn quantise(values: &[f32], inverse: f32, out: &mut [i16]) {
    let factor = _mm256_set1_ps(inverse);
    let round = |half: &[f32; 8]| _mm256_cvtps_epi32(_mm256_mul_ps(load(half), factor));
    assert!(values.len().is_multiple_of(16));
    for (pair, out) in values
        .as_chunks::<8>()
        .0
        .chunks_exact(2)
        .zip(out.as_chunks_mut::<16>().0)
    {
        // Packing works within halves of 128 bits, so the quarters come out as 0, 2, 1, 3.
        let packed = _mm256_packs_epi32(round(&pair[0]), round(&pair[1]));
        let ordered = _mm256_permute4x64_epi64::<0b11_01_10_00>(packed);
        // SAFETY: sixteen 16-bit integers are writable there.
        unsafe { _mm256_storeu_si256(out.as_mut_ptr().cast(), ordered) };
    }
}

#[target_feature(enable = "avx2,fma")]
fn spread(
    inputs: &[i16],
    channels: usize,
    dilation: usize,
    rows: usize,
    stride: usize,
    out: &mut [i16],
) {
    let first = |row: usize| row / dilation * STEPS * dilation + row % dilation;
    // The row that reads furthest is one of the last tile's or of the tile's before it.
    let furthest = (rows.saturating_sub(dilation)..rows)
        .map(first)
        .max()
        .unwrap_or(0);
    assert!(channels.is_multiple_of(16) && rows <= stride);
    assert!(inputs.len() >= (furthest + (POINTS - 1) * dilation + 1) * channels);
    assert!(out.len() >= ((POINTS - 1) * stride + rows) * channels);
    for row in 0..rows {
        let source = first(row) * channels;
        for channel in (0..channels).step_by(16) {
            // SAFETY: the greatest index read is that of the furthest row's seventh input, the greatest written
            // that of the last row at the last point, both with sixteen channels; asserted above.
            unsafe {
                let from = inputs.as_ptr().add(source + channel);
                let d = std::array::from_fn(|j| {
                    _mm256_loadu_si256(from.add(j * dilation * channels).cast())
                });
                let to = out.as_mut_ptr().add(row * channels + channel);
                for (point, v) in transform(d).into_iter().enumerate() {
                    _mm256_storeu_si256(to.add(point * stride * channels).cast(), v);
                }
            }
        }
    }
}

/// [`super::fast::spread`] on sixteen channels.
#[inline]
#[target_feature(enable = "avx2,fma")]
fn transform(d: [__m256i; POINTS]) -> [__m256i; POINTS] {
    let mut v = [_mm256_setzero_si256(); POINTS];
    for point in 0..POINTS {
        for k in 0..POINTS {
            let m = INPUT[point][k];
            if m != 0 {
                let term = if m == 1 {
                    d[k]
                } else {
                    _mm256_mullo_epi16(d[k], _mm256_set1_epi16(m))
                };
                v[point] = _mm256_add_epi16(v[point], term);
            }
        }
    }
    v
}
