//! Who follows whom: the speakers of a whole story weighed together, not turn by turn.
//!
//! A conditional random field of the second order (Lafferty, `McCallum` and Pereira 2001): how well a speaker fits a
//! turn depends on the two speakers before. Sums over all ways to cast the story are exact for the candidates given
//! (forward-backward, Rabiner 1989).

use super::people::PersonId;

/// How the speaker of a turn stands to the two before.
pub const RELATIONS: usize = 5;

/// A turn's candidates, each with its score in every relation to the two speakers before.
#[derive(Clone, Debug, Default)]
pub struct Link {
    /// Who may speak; never empty.
    pub people: Vec<PersonId>,
    /// The logarithm of how well each fits, by relation.
    pub scores: Vec<[f64; RELATIONS]>,
}

/// What all castings of a chain, weighed by their scores, tell.
#[derive(Clone, Debug)]
pub struct Posterior {
    /// The logarithm of the sum over all castings.
    pub log_sum: f64,
    /// How likely each candidate of each turn is, by relation.
    pub shares: Vec<Vec<[f64; RELATIONS]>>,
}

/// The relation of `person` to the last speaker and the one before.
pub fn relation(before_last: Option<PersonId>, last: Option<PersonId>, person: PersonId) -> usize {
    let me = Some(person);
    match (last == me, before_last == me, last == before_last) {
        (true, true, _) => 0,
        (true, false, _) => 1,
        (false, true, _) => 2,
        (false, false, false) => 3,
        (false, false, true) => 4,
    }
}

/// One step with all it needs: scores as factors, and the candidates of the two turns before.
struct Step<'l> {
    here: &'l Link,
    factors: Vec<[f64; RELATIONS]>,
}

/// Everyone a turn can have as its speaker; nobody before the first.
fn people(links: &[Link], at: Option<usize>) -> Vec<Option<PersonId>> {
    at.map_or_else(
        || vec![None],
        |at| links[at].people.iter().copied().map(Some).collect(),
    )
}

/// How likely each candidate of each of `links` is, all castings taken together.
///
/// A candidate with the score of minus infinity is impossible; each turn must keep a possible one.
pub fn posterior(links: &[Link]) -> Posterior {
    let mut log_sum = 0.0;
    let steps: Vec<Step> = links
        .iter()
        .map(|here| {
            let top = here
                .scores
                .iter()
                .flatten()
                .copied()
                .fold(f64::NEG_INFINITY, f64::max);
            log_sum += top;
            let factors = here
                .scores
                .iter()
                .map(|scores| scores.map(|score| (score - top).exp()))
                .collect();
            Step { here, factors }
        })
        .collect();
    let (forward, log_scale) = forward(links, &steps);
    let shares = backward(links, &steps, &forward);
    Posterior {
        log_sum: log_sum + log_scale,
        shares,
    }
}

/// For each turn how likely each pair of the last speaker and this one is, all turns so far taken together.
fn forward(links: &[Link], steps: &[Step]) -> (Vec<Vec<f64>>, f64) {
    let mut log_scale = 0.0;
    let mut all: Vec<Vec<f64>> = Vec::with_capacity(steps.len());
    for (at, step) in steps.iter().enumerate() {
        let (last, before) = (
            people(links, at.checked_sub(1)),
            people(links, at.checked_sub(2)),
        );
        let mut pairs = vec![0.0; last.len() * step.here.people.len()];
        for (one, speaker_before) in before.iter().enumerate() {
            for (two, speaker_last) in last.iter().enumerate() {
                let weight = at
                    .checked_sub(1)
                    .map_or(1.0, |at| all[at][one * last.len() + two]);
                if weight == 0.0 {
                    continue;
                }
                for (three, speaker) in step.here.people.iter().enumerate() {
                    let relation = relation(*speaker_before, *speaker_last, *speaker);
                    pairs[two * step.here.people.len() + three] +=
                        weight * step.factors[three][relation];
                }
            }
        }
        let sum: f64 = pairs.iter().sum();
        log_scale += sum.ln();
        for pair in &mut pairs {
            *pair /= sum;
        }
        all.push(pairs);
    }
    (all, log_scale)
}

fn backward(links: &[Link], steps: &[Step], forward: &[Vec<f64>]) -> Vec<Vec<[f64; RELATIONS]>> {
    let mut shares: Vec<Vec<[f64; RELATIONS]>> = links
        .iter()
        .map(|link| vec![[0.0; RELATIONS]; link.people.len()])
        .collect();
    let mut behind: Vec<f64> = forward
        .last()
        .map_or_else(Vec::new, |pairs| vec![1.0; pairs.len()]);
    for (at, step) in steps.iter().enumerate().rev() {
        let (last, before) = (
            people(links, at.checked_sub(1)),
            people(links, at.checked_sub(2)),
        );
        let count = step.here.people.len();
        let mut next = vec![0.0; before.len() * last.len()];
        let mut sum = 0.0;
        for (one, speaker_before) in before.iter().enumerate() {
            for (two, speaker_last) in last.iter().enumerate() {
                let weight = at
                    .checked_sub(1)
                    .map_or(1.0, |at| forward[at][one * last.len() + two]);
                for (three, speaker) in step.here.people.iter().enumerate() {
                    let relation = relation(*speaker_before, *speaker_last, *speaker);
                    let onward = step.factors[three][relation] * behind[two * count + three];
                    next[one * last.len() + two] += onward;
                    shares[at][three][relation] += weight * onward;
                    sum += weight * onward;
                }
            }
        }
        shares[at]
            .iter_mut()
            .flatten()
            .for_each(|share| *share /= sum);
        let scale: f64 = next.iter().copied().fold(0.0, f64::max);
        for pair in &mut next {
            *pair /= scale;
        }
        behind = next;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All castings, one by one.
    fn by_hand(links: &[Link]) -> (f64, Vec<Vec<[f64; RELATIONS]>>) {
        let mut shares: Vec<Vec<[f64; RELATIONS]>> = links
            .iter()
            .map(|link| vec![[0.0; RELATIONS]; link.people.len()])
            .collect();
        let castings: usize = links.iter().map(|link| link.people.len()).product();
        let mut all = 0.0;
        for mut casting in 0..castings {
            let chosen: Vec<usize> = links
                .iter()
                .map(|link| {
                    let choice = casting % link.people.len();
                    casting /= link.people.len();
                    choice
                })
                .collect();
            let who = |at: usize| links[at].people[chosen[at]];
            let relations: Vec<usize> = (0..links.len())
                .map(|at| {
                    relation(
                        at.checked_sub(2).map(who),
                        at.checked_sub(1).map(who),
                        who(at),
                    )
                })
                .collect();
            let weight: f64 = (0..links.len())
                .map(|at| links[at].scores[chosen[at]][relations[at]])
                .sum::<f64>()
                .exp();
            all += weight;
            for at in 0..links.len() {
                shares[at][chosen[at]][relations[at]] += weight;
            }
        }
        shares
            .iter_mut()
            .flatten()
            .flatten()
            .for_each(|share| *share /= all);
        (all.ln(), shares)
    }

    #[test]
    fn sums_over_all_castings_are_those_made_one_by_one() {
        let links: Vec<Link> = [
            vec![3, 1],
            vec![1, 2, 3],
            vec![2],
            vec![1, 3],
            vec![3, 2, 1],
        ]
        .into_iter()
        .enumerate()
        .map(|(at, people)| Link {
            scores: people
                .iter()
                .map(|person| {
                    std::array::from_fn(|relation| {
                        ((at * 7 + person * 3 + relation * 5) % 11) as f64 / 3.0 - 1.5
                    })
                })
                .collect(),
            people,
        })
        .collect();
        let (log_sum, shares) = by_hand(&links);
        let found = posterior(&links);
        assert!((found.log_sum - log_sum).abs() < 1e-9);
        for (found, shares) in found
            .shares
            .iter()
            .flatten()
            .flatten()
            .zip(shares.iter().flatten().flatten())
        {
            assert!((found - shares).abs() < 1e-9);
        }
    }
}
