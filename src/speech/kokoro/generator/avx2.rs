//! The loops of the generator for processors with AVX2 and FMA (Intel since 2013, AMD since 2015).

use std::arch::x86_64::{
    __m256, __m256i, _mm256_add_epi16, _mm256_add_epi32, _mm256_add_ps, _mm256_and_ps,
    _mm256_castsi256_ps, _mm256_cvtepi32_ps, _mm256_cvtps_epi32, _mm256_fmadd_ps, _mm256_loadu_ps,
    _mm256_loadu_si256, _mm256_madd_epi16, _mm256_max_ps, _mm256_mul_ps, _mm256_mullo_epi16,
    _mm256_packs_epi32, _mm256_permute4x64_epi64, _mm256_round_ps, _mm256_set1_epi16,
    _mm256_set1_epi32, _mm256_set1_ps, _mm256_setzero_ps, _mm256_setzero_si256, _mm256_storeu_ps,
    _mm256_storeu_si256, _mm256_sub_ps,
};

use super::{
    fast::{INPUT, POINTS, STEPS},
    kernel::{
        Activation, Kernel, LANES, Moments, Pairs, Panel, Product, ROWS, Residual, SINE, Sums,
    },
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
    assert!(channels % 8 == 0 && [offset.len(), turns.len(), inverse.len()] == [gain.len(); 3]);
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
            let v = _mm256_fmadd_ps(load(x), load(&gain[column]), load(&offset[column]));
            let w = _mm256_mul_ps(v, load(&turns[column]));
            let f = _mm256_sub_ps(w, _mm256_round_ps::<NEAREST>(w));
            let u = _mm256_mul_ps(f, f);
            let mut p = sine[5];
            for &c in sine[..5].iter().rev() {
                p = _mm256_fmadd_ps(p, u, c);
            }
            let bent = _mm256_fmadd_ps(_mm256_mul_ps(p, u), load(&inverse[column]), v);
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
    assert!(values.len() % 16 == 0);
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
    assert!(channels % 16 == 0 && rows <= stride);
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

#[target_feature(enable = "avx2,fma")]
fn multiply(values: &[i16], weights: &[Pairs], product: Product, out: &mut [Sums]) {
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
    assert!(rows % ROWS == 0);
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

#[target_feature(enable = "avx2,fma")]
fn combine(sums: &[Sums], panel: &Panel<'_>, residual: Residual<'_>, out: &mut [f32]) -> Moments {
    let mut moments = Moments::default();
    let to = out.as_mut_ptr();
    assert!(panel.column + LANES <= panel.outputs && out.len() % panel.outputs == 0);
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

/// [`super::fast::gather`] on eight channels.
#[inline]
#[target_feature(enable = "avx2,fma")]
fn gather(m: [__m256; POINTS]) -> [__m256; STEPS] {
    let (p, q) = (_mm256_add_ps(m[1], m[2]), _mm256_sub_ps(m[1], m[2]));
    let (r, s) = (_mm256_add_ps(m[3], m[4]), _mm256_sub_ps(m[3], m[4]));
    let plus = |factor: f32, value, to| _mm256_fmadd_ps(value, _mm256_set1_ps(factor), to);
    [
        _mm256_add_ps(_mm256_add_ps(_mm256_add_ps(m[0], p), r), m[5]),
        plus(2.0, s, plus(0.5, m[5], q)),
        plus(4.0, r, plus(0.25, m[5], p)),
        _mm256_add_ps(plus(8.0, s, plus(0.125, m[5], q)), m[6]),
    ]
}
