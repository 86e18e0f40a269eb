//! Rows times weights with AVX2.

use std::arch::x86_64::{
    __m256i, _mm256_add_epi32, _mm256_loadu_si256, _mm256_madd_epi16, _mm256_set1_epi32,
    _mm256_setzero_si256, _mm256_storeu_si256,
};

use crate::speech::kokoro::generator::kernel::{Pairs, Product, ROWS, Sums};

#[target_feature(enable = "avx2,fma")]
pub(super) fn multiply(values: &[i16], weights: &[Pairs], product: Product, out: &mut [Sums]) {
    // The distance of rows must be known to the compiler: a fifth faster than with computed addresses.
    match product.channels {
        128 => multiply_rows::<128>(values, weights, product, out),
        256 => multiply_rows::<256>(values, weights, product, out),
        512 => multiply_rows::<512>(values, weights, product, out),
        channels => unreachable!("the generator has no layer of {channels} channels"),
    }
}

#[inline]
#[target_feature(enable = "avx2,fma")]
fn multiply_rows<const CHANNELS: usize>(
    values: &[i16],
    weights: &[Pairs],
    product: Product,
    out: &mut [Sums],
) {
    let Product {
        rows,
        groups,
        dilation,
        ..
    } = product;
    assert!(rows.is_multiple_of(ROWS));
    assert!(groups == 0 || values.len() >= (rows + (groups - 1) * dilation) * CHANNELS);
    assert!(weights.len() >= groups * CHANNELS / 2);
    for (tile, out) in out[..rows].as_chunks_mut::<ROWS>().0.iter_mut().enumerate() {
        let mut sums = [[_mm256_setzero_si256(); 2]; ROWS];
        for group in 0..groups {
            let first = (tile * ROWS + group * dilation) * CHANNELS;
            // SAFETY: ROWS rows of CHANNELS values lie from `first` on, and CHANNELS / 2 lines of weights from the
            // group's first on; asserted above.
            unsafe {
                let values = values.as_ptr().add(first);
                let weights = weights.as_ptr().add(group * CHANNELS / 2);
                accumulate::<CHANNELS>(values, weights, &mut sums);
            }
        }
        for (out, sums) in out.iter_mut().zip(sums) {
            let to: *mut __m256i = out.0.as_mut_ptr().cast();
            // SAFETY: sixteen 32-bit integers are writable there.
            unsafe {
                _mm256_storeu_si256(to, sums[0]);
                _mm256_storeu_si256(to.add(1), sums[1]);
            }
        }
    }
}

/// Adds to a tile of sums, kept in registers: twelve of them, two for weights and one for a pair of values.
///
/// # Safety
///
/// [`ROWS`] rows of `CHANNELS` values must be readable from `values`, `CHANNELS / 2` lines from `weights`.
#[inline]
#[target_feature(enable = "avx2,fma")]
unsafe fn accumulate<const CHANNELS: usize>(
    mut values: *const i16,
    mut weights: *const Pairs,
    sums: &mut [[__m256i; 2]; ROWS],
) {
    for _ in 0..CHANNELS / 2 {
        // SAFETY: the caller's promise; a pair of values is 32 bits at an address that need not be aligned. The
        // pointers end one past what was promised at most.
        unsafe {
            let line: *const __m256i = weights.cast();
            let (left, right) = (_mm256_loadu_si256(line), _mm256_loadu_si256(line.add(1)));
            for (row, sums) in sums.iter_mut().enumerate() {
                let both: *const i32 = values.add(row * CHANNELS).cast();
                let both = _mm256_set1_epi32(both.read_unaligned());
                sums[0] = _mm256_add_epi32(sums[0], _mm256_madd_epi16(left, both));
                sums[1] = _mm256_add_epi32(sums[1], _mm256_madd_epi16(right, both));
            }
            values = values.add(2);
            weights = weights.add(1);
        }
    }
}
