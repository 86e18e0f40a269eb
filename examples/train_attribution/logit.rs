//! A conditional logit fitted with L-BFGS (Nocedal 1980), several right choices allowed.

use crate::random_field::{Chain, Contender};

fn score(contender: &Contender, weights: &[f64]) -> f64 {
    let own = contender.own.iter();
    own.map(|(column, value)| weights[*column as usize] * f64::from(*value))
        .sum()
}

/// The scores of all contenders of every turn.
pub(crate) fn scores(turns: &Chain, weights: &[f64]) -> Vec<Vec<(usize, f32)>> {
    let turn = |turn: &Vec<Contender>| {
        let score = |contender: &Contender| (contender.person, score(contender, weights) as f32);
        turn.iter().map(score).collect()
    };
    turns.iter().map(turn).collect()
}

/// The negative log-likelihood of the right speakers of `stories`, each with what its turns count; adds its slope to `gradient`.
pub(crate) fn loss(stories: &[(&Chain, f64)], weights: &[f64], gradient: &mut [f64]) -> f64 {
    let mut total = 0.0;
    let turns = stories
        .iter()
        .flat_map(|(turns, weight)| turns.iter().map(move |turn| (turn, *weight)));
    for (turn, weight) in turns {
        let right = turn.iter().filter(|contender| contender.right).count();
        if right == 0 || right == turn.len() {
            continue;
        }
        let mut shares: Vec<f64> = turn.iter().map(|one| score(one, weights)).collect();
        let top = shares.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        for share in &mut shares {
            *share = (*share - top).exp();
        }
        let all: f64 = shares.iter().sum();
        let pairs = turn.iter().zip(&shares);
        let right: f64 = pairs
            .filter(|(one, _)| one.right)
            .map(|(_, share)| share)
            .sum();
        total -= weight * (right / all).max(1e-300).ln();
        for (contender, share) in turn.iter().zip(&shares) {
            let wanted = if contender.right {
                share / right.max(1e-300)
            } else {
                0.0
            };
            let slope = weight * (share / all - wanted);
            for (column, value) in &contender.own {
                gradient[*column as usize] += slope * f64::from(*value);
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
