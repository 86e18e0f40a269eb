//! Weights of the chain: a conditional random field over whole stories, fitted by its likelihood.
//!
//! Turns whose speaker is not known, or is none of the candidates, are summed over.

use fullcast::script::chain::{Link, RELATIONS, posterior};

/// One candidate of a turn.
pub(crate) struct Contender {
    /// Who it is.
    pub(crate) person: usize,
    /// The features that are the same in every relation.
    pub(crate) own: Vec<(u32, f32)>,
    /// The columns of the others, by relation.
    pub(crate) tied: Vec<[u32; RELATIONS]>,
    /// Whether the gold speaker is this one.
    pub(crate) right: bool,
}

/// All turns of a story in order.
pub(crate) type Chain = Vec<Vec<Contender>>;

/// The scores of all contenders of `chain`.
fn scored(chain: &Chain, weights: &[f64]) -> Vec<Link> {
    let score = |contender: &Contender| {
        let own: f64 = contender
            .own
            .iter()
            .map(|(column, value)| weights[*column as usize] * f64::from(*value))
            .sum();
        std::array::from_fn(|relation| {
            let tied = contender.tied.iter();
            own + tied
                .map(|columns| weights[columns[relation] as usize])
                .sum::<f64>()
        })
    };
    chain
        .iter()
        .map(|turn| Link {
            people: turn.iter().map(|contender| contender.person).collect(),
            scores: turn.iter().map(score).collect(),
        })
        .collect()
}

/// The logarithms of how likely all contenders of every turn are.
pub(crate) fn scores(chain: &Chain, weights: &[f64]) -> Vec<Vec<(usize, f32)>> {
    let links = scored(chain, weights);
    let posterior = posterior(&links);
    let turn = |(link, shares): (&Link, &Vec<[f64; RELATIONS]>)| {
        let sums = shares.iter().map(|shares| shares.iter().sum::<f64>().ln());
        link.people
            .iter()
            .copied()
            .zip(sums.map(|sum| sum as f32))
            .collect()
    };
    links.iter().zip(&posterior.shares).map(turn).collect()
}

/// The negative log-likelihood of the right speakers of `chains`, each with what its turns count; adds its slope to `gradient`.
pub(crate) fn loss(chains: &[(&Chain, f64)], weights: &[f64], gradient: &mut [f64]) -> f64 {
    let mut total = 0.0;
    for (chain, weight) in chains.iter().filter(|(chain, _)| !chain.is_empty()) {
        let free = scored(chain, weights);
        let mut bound = free.clone();
        for (link, turn) in bound.iter_mut().zip(chain.iter()) {
            if !turn.iter().any(|contender| contender.right) {
                continue;
            }
            for (scores, contender) in link.scores.iter_mut().zip(turn) {
                if !contender.right {
                    *scores = [f64::NEG_INFINITY; RELATIONS];
                }
            }
        }
        let (free, bound) = (posterior(&free), posterior(&bound));
        total += weight * (free.log_sum - bound.log_sum);
        for ((turn, free), bound) in chain.iter().zip(&free.shares).zip(&bound.shares) {
            for ((contender, free), bound) in turn.iter().zip(free).zip(bound) {
                let slopes: [f64; RELATIONS] =
                    std::array::from_fn(|relation| weight * (free[relation] - bound[relation]));
                let all: f64 = slopes.iter().sum();
                for (column, value) in &contender.own {
                    gradient[*column as usize] += all * f64::from(*value);
                }
                for columns in &contender.tied {
                    for (column, slope) in columns.iter().zip(slopes) {
                        gradient[*column as usize] += slope;
                    }
                }
            }
        }
    }
    total
}
