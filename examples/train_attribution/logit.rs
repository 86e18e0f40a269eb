//! A conditional logit fitted with L-BFGS (Nocedal 1980), several right choices allowed.

/// Cases in groups; of each group one case (or one of several) is right.
#[derive(Default)]
pub(crate) struct Groups {
    /// First case of each group, and one past the last case of all.
    starts: Vec<usize>,
    /// First feature of each case, and one past the last feature of all.
    rows: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f32>,
    right: Vec<bool>,
    /// How much each group counts.
    weights: Vec<f64>,
}

impl Groups {
    /// Adds a group, unless all or none of its cases are right.
    pub(crate) fn add(&mut self, cases: &[(Vec<(u32, f32)>, bool)], weight: f64) {
        let right = cases.iter().filter(|(_, right)| *right).count();
        if right == 0 || right == cases.len() {
            return;
        }
        if self.rows.is_empty() {
            self.rows.push(0);
            self.starts.push(0);
        }
        for (signs, right) in cases {
            for (column, value) in signs {
                self.columns.push(*column);
                self.values.push(*value);
            }
            self.rows.push(self.columns.len());
            self.right.push(*right);
        }
        self.starts.push(self.right.len());
        self.weights.push(weight);
    }

    fn score(&self, case: usize, weights: &[f64]) -> f64 {
        let range = self.rows[case]..self.rows[case + 1];
        range
            .map(|at| weights[self.columns[at] as usize] * f64::from(self.values[at]))
            .sum()
    }
}

/// The negative log-likelihood of `weights`; adds its slope to `gradient`.
pub(crate) fn loss(parts: &[&Groups], weights: &[f64], gradient: &mut [f64]) -> f64 {
    let mut total = 0.0;
    let mut scores = Vec::new();
    for groups in parts {
        for (group, bounds) in groups.starts.windows(2).enumerate() {
            let cases = bounds[0]..bounds[1];
            scores.clear();
            scores.extend(cases.clone().map(|case| groups.score(case, weights)));
            let top = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            for score in &mut scores {
                *score = (*score - top).exp();
            }
            let all: f64 = scores.iter().sum();
            let right: f64 = cases
                .clone()
                .zip(&scores)
                .filter(|(case, _)| groups.right[*case])
                .map(|(_, score)| score)
                .sum();
            let weight = groups.weights[group];
            total -= weight * (right / all).max(1e-300).ln();
            for (case, score) in cases.zip(&scores) {
                let wanted = if groups.right[case] {
                    score / right.max(1e-300)
                } else {
                    0.0
                };
                let slope = weight * (score / all - wanted);
                for at in groups.rows[case]..groups.rows[case + 1] {
                    gradient[groups.columns[at] as usize] += slope * f64::from(groups.values[at]);
                }
            }
        }
    }
    total
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

/// How many steps back the curvature is remembered.
const MEMORY: usize = 8;

/// Weights with the least `loss`, which adds its slope to the gradient, from `start`, in at most `steps` steps;
/// `ridge` holds them near nought.
pub(crate) fn fit(
    loss: &dyn Fn(&[f64], &mut [f64]) -> f64,
    start: &[f64],
    ridge: f64,
    steps: usize,
) -> Vec<f64> {
    let loss = |weights: &[f64], gradient: &mut [f64]| {
        let mut held = 0.0;
        for (slope, weight) in gradient.iter_mut().zip(weights) {
            *slope = ridge * weight;
            held += 0.5 * ridge * weight * weight;
        }
        held + loss(weights, gradient)
    };
    let size = start.len();
    let mut weights = start.to_vec();
    let mut gradient = vec![0.0; size];
    let mut value = loss(&weights, &mut gradient);
    let mut history: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
    for _ in 0..steps {
        let direction = descent(&gradient, &history);
        let slope = dot(&direction, &gradient);
        let mut length = if history.is_empty() {
            1.0 / dot(&gradient, &gradient).sqrt().max(1e-12)
        } else {
            1.0
        };
        let mut next_gradient = vec![0.0; size];
        let (mut next, mut next_value);
        loop {
            next = weights
                .iter()
                .zip(&direction)
                .map(|(weight, step)| weight + length * step)
                .collect::<Vec<_>>();
            next_value = loss(&next, &mut next_gradient);
            if next_value <= value + 1e-4 * length * slope || length < 1e-10 {
                break;
            }
            length *= 0.5;
        }
        let moved: Vec<f64> = next
            .iter()
            .zip(&weights)
            .map(|(next, weight)| next - weight)
            .collect();
        let turned: Vec<f64> = next_gradient
            .iter()
            .zip(&gradient)
            .map(|(next, old)| next - old)
            .collect();
        if dot(&moved, &turned) > 1e-10 {
            history.push((moved, turned));
            if history.len() > MEMORY {
                history.remove(0);
            }
        }
        let gained = value - next_value;
        (weights, gradient, value) = (next, next_gradient, next_value);
        if gained < 1e-6 * value.abs() {
            break;
        }
    }
    weights
}

/// The direction of L-BFGS: the gradient bent by the curvature seen so far.
fn descent(gradient: &[f64], history: &[(Vec<f64>, Vec<f64>)]) -> Vec<f64> {
    let mut direction: Vec<f64> = gradient.iter().map(|slope| -slope).collect();
    let mut shares = Vec::new();
    for (moved, turned) in history.iter().rev() {
        let share = dot(moved, &direction) / dot(moved, turned);
        direction
            .iter_mut()
            .zip(turned)
            .for_each(|(step, turned)| *step -= share * turned);
        shares.push(share);
    }
    if let Some((moved, turned)) = history.last() {
        let scale = dot(moved, turned) / dot(turned, turned);
        for step in &mut direction {
            *step *= scale;
        }
    }
    for ((moved, turned), share) in history.iter().zip(shares.into_iter().rev()) {
        let back = dot(turned, &direction) / dot(moved, turned);
        direction
            .iter_mut()
            .zip(moved)
            .for_each(|(step, moved)| *step += (share - back) * moved);
    }
    direction
}
