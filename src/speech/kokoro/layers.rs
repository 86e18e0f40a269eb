//! The arithmetic of a small transformer: linear layers, norms, attention with one head.

/// One attention with the norm that follows it.
pub(super) struct Attention {
    pub(super) query: Linear,
    pub(super) key: Linear,
    pub(super) value: Linear,
    pub(super) out: Linear,
    pub(super) norm: Norm,
}

/// The keys and values that an attention looks at, one row a letter.
#[derive(Default)]
pub(super) struct Memory {
    pub(super) keys: Vec<Vec<f32>>,
    pub(super) values: Vec<Vec<f32>>,
}

/// Rows of equal length, one after the other.
pub(super) struct Matrix {
    pub(super) numbers: Vec<f32>,
    pub(super) width: usize,
}

/// `y = W x + b`.
pub(super) struct Linear {
    pub(super) weight: Matrix,
    pub(super) bias: Vec<f32>,
}

/// Layer normalisation.
pub(super) struct Norm {
    pub(super) weight: Vec<f32>,
    pub(super) bias: Vec<f32>,
    pub(super) epsilon: f32,
}

impl Attention {
    pub(super) fn attend(&self, row: &[f32], memory: &Memory) -> Vec<f32> {
        let query = self.query.apply(row);
        let scale = (query.len() as f32).sqrt().recip();
        let scores: Vec<f32> = memory
            .keys
            .iter()
            .map(|key| dot(&query, key) * scale)
            .collect();
        let highest = scores.iter().copied().fold(f32::MIN, f32::max);
        let shares: Vec<f32> = scores.iter().map(|score| (score - highest).exp()).collect();
        let whole: f32 = shares.iter().sum();
        let mut seen = vec![0.0; query.len()];
        for (share, value) in shares.iter().zip(&memory.values) {
            for (sum, number) in seen.iter_mut().zip(value) {
                *sum += share / whole * number;
            }
        }
        self.norm.apply(add(row, &self.out.apply(&seen)))
    }
}

impl Memory {
    pub(super) fn extend(&mut self, attention: &Attention, row: &[f32]) {
        self.keys.push(attention.key.apply(row));
        self.values.push(attention.value.apply(row));
    }
}

impl Matrix {
    pub(super) fn row(&self, index: usize) -> &[f32] {
        &self.numbers[index * self.width..][..self.width]
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.numbers.chunks_exact(self.width)
    }
}

impl Linear {
    pub(super) fn apply(&self, row: &[f32]) -> Vec<f32> {
        let products = self.weight.rows().map(|weights| dot(weights, row));
        products
            .zip(&self.bias)
            .map(|(product, bias)| product + bias)
            .collect()
    }
}

impl Norm {
    pub(super) fn apply(&self, mut row: Vec<f32>) -> Vec<f32> {
        let count = row.len() as f32;
        let mean = row.iter().sum::<f32>() / count;
        let variance = row
            .iter()
            .map(|number| (number - mean).powi(2))
            .sum::<f32>()
            / count;
        let scale = (variance + self.epsilon).sqrt().recip();
        for ((number, weight), bias) in row.iter_mut().zip(&self.weight).zip(&self.bias) {
            *number = (*number - mean) * scale * weight + bias;
        }
        row
    }
}

pub(super) fn dot(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

pub(super) fn add(one: &[f32], other: &[f32]) -> Vec<f32> {
    one.iter()
        .zip(other)
        .map(|(one, other)| one + other)
        .collect()
}

/// GELU in its exact form.
pub(super) fn gelu(number: f32) -> f32 {
    0.5 * number * (1.0 + erf(number * std::f32::consts::FRAC_1_SQRT_2))
}

/// The error function to 1.5e-7 (Abramowitz and Stegun, "Handbook of Mathematical Functions", 7.1.26).
pub(super) fn erf(number: f32) -> f32 {
    let size = number.abs();
    let t = (1.0 + 0.327_591_1 * size).recip();
    let terms = [
        1.061_405_4,
        -1.453_152,
        1.421_413_7,
        -0.284_496_74,
        0.254_829_6,
    ];
    let polynomial = terms.iter().fold(0.0, |sum, term| sum * t + term) * t;
    (1.0 - polynomial * (-size * size).exp()).copysign(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_function_is_near_its_tabled_values() {
        for (number, wanted) in [
            (0.0, 0.0),
            (0.5, 0.520_499_9),
            (1.0, 0.842_700_8),
            (-2.0, -0.995_322_3),
        ] {
            assert!((erf(number) - wanted).abs() < 1e-6, "{number}");
        }
    }

    #[test]
    fn a_norm_leaves_mean_zero_and_variance_one() {
        let norm = Norm {
            weight: vec![1.0; 4],
            bias: vec![0.0; 4],
            epsilon: 0.0,
        };
        let row = norm.apply(vec![1.0, 2.0, 3.0, 6.0]);
        assert!(row.iter().sum::<f32>().abs() < 1e-6);
        assert!((row.iter().map(|x| x * x).sum::<f32>() - 4.0).abs() < 1e-5);
    }

    #[test]
    fn attention_to_one_row_returns_that_row_whatever_the_query() {
        let one = |rows: [[f32; 2]; 2]| Linear {
            weight: Matrix {
                numbers: rows.concat(),
                width: 2,
            },
            bias: vec![0.0; 2],
        };
        let unit = [[1.0, 0.0], [0.0, 1.0]];
        let attention = Attention {
            query: one(unit),
            key: one(unit),
            value: one(unit),
            out: one(unit),
            norm: Norm {
                weight: vec![1.0; 2],
                bias: vec![0.0; 2],
                epsilon: 1e-5,
            },
        };
        let mut memory = Memory::default();
        memory.extend(&attention, &[3.0, -1.0]);
        let alone = attention.attend(&[0.0, 0.0], &memory);
        memory.extend(&attention, &[3.0, -1.0]);
        assert_eq!(alone, attention.attend(&[0.0, 0.0], &memory));
    }
}
