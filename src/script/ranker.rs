//! Weighs everyone who may have said a turn against each other, in several passes.
//!
//! Each pass sees who the pass before took to speak round a turn. The first passes weigh each turn by itself
//! (`McFadden`'s conditional logit, 1974), the later ones all turns together (see [`super::chain`]). The weights are
//! learned by `examples/train_attribution`.

use std::{collections::HashMap, hash::BuildHasherDefault, sync::OnceLock};

use super::{
    book::{Around, Book},
    chain::{self, Link},
    context::{Context, candidates},
    features::{Feature, Known, Shares, Signs, signs},
    links,
    people::PersonId,
    style::Styles,
};

/// Who says a turn, and how sure that is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Verdict {
    /// The likeliest speaker.
    pub(super) person: PersonId,
    /// How likely, `0.0..=1.0`.
    pub(super) probability: f32,
    /// The second likeliest, with how likely.
    pub(super) second: Option<(PersonId, f32)>,
}

/// Keys are hashes already.
#[derive(Default)]
struct Keep(u64);

impl std::hash::Hasher for Keep {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

/// The weights of all passes by feature.
pub(super) struct Weights {
    passes: Vec<HashMap<u64, f32, BuildHasherDefault<Keep>>>,
    /// Which passes weigh all turns together.
    chained: Vec<bool>,
}

impl Weights {
    /// The weights that the program carries.
    pub(super) fn learned() -> &'static Self {
        static WEIGHTS: OnceLock<Weights> = OnceLock::new();
        WEIGHTS.get_or_init(|| Self::parse(include_str!("weights.txt")))
    }

    /// Reads `feature weight weight …` lines, one weight a pass, and the line `passes turn chain …` that tells which
    /// kind each pass is; lines that begin with `#` are comments.
    fn parse(text: &'static str) -> Self {
        let mut passes: Vec<HashMap<u64, f32, BuildHasherDefault<Keep>>> = Vec::new();
        let mut chained = Vec::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some(kinds) = line.strip_prefix("passes ") {
                chained = kinds
                    .split_whitespace()
                    .map(|kind| kind == "chain")
                    .collect();
                continue;
            }
            let mut parts = line.split_whitespace();
            let Some(feature) = parts.next().and_then(Feature::parse) else {
                continue;
            };
            for (pass, weight) in parts.enumerate() {
                if pass == passes.len() {
                    passes.push(HashMap::default());
                }
                passes[pass].insert(feature.key(), weight.parse().unwrap_or(0.0));
            }
        }
        chained.resize(passes.len(), false);
        Self { passes, chained }
    }

    fn score(&self, pass: usize, signs: &Signs) -> f32 {
        let weight = |(feature, value): &(Feature, f32)| self.weight(pass, *feature) * value;
        signs.list.iter().map(weight).sum()
    }

    fn weight(&self, pass: usize, feature: Feature) -> f32 {
        self.passes[pass]
            .get(&feature.key())
            .copied()
            .unwrap_or(0.0)
    }
}

/// What is known after a pass, for the next.
struct State {
    said: Vec<Option<PersonId>>,
    shares: Vec<Shares>,
    verdicts: Vec<Option<Verdict>>,
}

/// What follows from the pass before and is the same for all turns.
struct View {
    sure: Vec<Option<PersonId>>,
    around: Vec<Around>,
    styles: Styles,
}

impl View {
    fn of(book: &Book, state: &State) -> Self {
        let sure = sure(book, &state.shares);
        Self {
            around: book.around(&sure),
            styles: Styles::of(book, &sure),
            sure,
        }
    }

    fn known<'k>(&'k self, state: &'k State) -> Known<'k> {
        Known {
            said: &state.said,
            shares: &state.shares,
            anchors: &self.sure,
            around: &self.around,
            styles: &self.styles,
        }
    }
}

/// Who says each turn of `book`.
pub(super) fn attribute(book: &Book, weights: &Weights) -> Vec<Option<Verdict>> {
    let contexts: Vec<Context> = (0..book.turns.len())
        .map(|turn| Context::of(book, turn))
        .collect();
    let mut state = State {
        said: book.anchors.clone(),
        shares: Vec::new(),
        verdicts: Vec::new(),
    };
    for pass in 0..weights.passes.len() {
        let view = View::of(book, &state);
        let known = view.known(&state);
        let scores = if weights.chained[pass] {
            chained(book, &contexts, known, weights, pass)
        } else {
            ranked(book, &contexts, known, weights, pass)
        };
        state = State::after(&scores);
    }
    state.verdicts
}

impl State {
    /// What the scores of a pass tell.
    fn after(scores: &[Vec<(PersonId, f32)>]) -> Self {
        let verdicts: Vec<Option<Verdict>> = scores.iter().map(|scores| verdict(scores)).collect();
        let person = |verdict: &Option<Verdict>| verdict.map(|verdict| verdict.person);
        Self {
            said: verdicts.iter().map(person).collect(),
            shares: scores.iter().map(|scores| shares(scores)).collect(),
            verdicts,
        }
    }
}

/// The scores of everyone who may have said each turn, each turn by itself.
fn ranked(
    book: &Book,
    contexts: &[Context],
    known: Known,
    weights: &Weights,
    pass: usize,
) -> Vec<Vec<(PersonId, f32)>> {
    let turn = |(turn, context): (usize, &Context)| {
        if let Some(named) = book.named_outright(turn) {
            return vec![(named, 0.0)];
        }
        let score = |person| {
            let signs = signs(book, turn, person, context, known);
            (person, weights.score(pass, &signs))
        };
        candidates(book, turn, known.said)
            .into_iter()
            .map(score)
            .collect()
    };
    contexts.iter().enumerate().map(turn).collect()
}

/// The logarithms of the probabilities of the likeliest by the pass before, all turns taken together.
fn chained(
    book: &Book,
    contexts: &[Context],
    known: Known,
    weights: &Weights,
    pass: usize,
) -> Vec<Vec<(PersonId, f32)>> {
    if known.shares.iter().any(Vec::is_empty) {
        return vec![Vec::new(); contexts.len()];
    }
    let link = |(turn, context): (usize, &Context)| {
        let people = contenders(&known.shares[turn]);
        let score = |person: &PersonId| {
            let own = weights.score(pass, &signs(book, turn, *person, context, known));
            let ties = links::links(book, turn, *person, context, known);
            std::array::from_fn(|relation| {
                let weights = ties
                    .iter()
                    .map(|tie| weights.weight(pass, links::in_relation(*tie, relation)));
                f64::from(own + weights.sum::<f32>())
            })
        };
        Link {
            scores: people.iter().map(score).collect(),
            people,
        }
    };
    let chain: Vec<Link> = contexts.iter().enumerate().map(link).collect();
    let posterior = chain::posterior(&chain);
    chain
        .into_iter()
        .zip(posterior.shares)
        .map(|(link, shares)| {
            let sums = shares.iter().map(|shares| shares.iter().sum::<f64>().ln());
            link.people
                .into_iter()
                .zip(sums.map(|sum| sum as f32))
                .collect()
        })
        .collect()
}

/// From this probability on the pass before is taken at its word.
const SURE: f32 = 0.9;

/// The speakers that are sure: those named outright and, after the first pass, those it was sure of.
pub(super) fn sure(book: &Book, shares: &[Shares]) -> Vec<Option<PersonId>> {
    if shares.is_empty() {
        return book.anchors.clone();
    }
    let sure = |shares: &Shares| {
        shares
            .iter()
            .find(|(_, share)| *share >= SURE)
            .map(|(person, _)| *person)
    };
    shares.iter().map(sure).collect()
}

/// The most people that the chain chooses from.
const CONTENDERS: usize = 6;

/// The likeliest of `shares`, the likeliest first.
pub(super) fn contenders(shares: &Shares) -> Vec<PersonId> {
    let mut sorted: Vec<&(PersonId, f32)> = shares.iter().collect();
    sorted.sort_by(|one, other| other.1.total_cmp(&one.1));
    sorted
        .into_iter()
        .take(CONTENDERS)
        .map(|(person, _)| *person)
        .collect()
}

/// Shares below this are forgotten.
const LEAST: f32 = 0.005;

/// The probabilities of the likelier of `scores`.
pub(super) fn shares(scores: &[(PersonId, f32)]) -> Shares {
    let top = scores
        .iter()
        .map(|(_, score)| *score)
        .fold(f32::NEG_INFINITY, f32::max);
    let all: f32 = scores.iter().map(|(_, score)| (score - top).exp()).sum();
    let share = |(person, score): &(PersonId, f32)| (*person, (score - top).exp() / all);
    scores
        .iter()
        .map(share)
        .filter(|(_, share)| *share > LEAST)
        .collect()
}

/// How much surer the chain is than it ought to be: measured on novels whose authors it had not seen (Platt 1999).
const SOBER: f32 = 0.88;

/// The probability that goes with what the chain calls `share`.
fn calibrated(share: f32) -> f32 {
    let share = share.clamp(1e-6, 1.0 - 1e-6);
    let odds = (share / (1.0 - share)).powf(SOBER);
    odds / (1.0 + odds)
}

/// The likeliest of `scores`, the first of equals.
pub(super) fn verdict(scores: &[(PersonId, f32)]) -> Option<Verdict> {
    let top = scores
        .iter()
        .map(|(_, score)| *score)
        .fold(f32::NEG_INFINITY, f32::max);
    let all: f32 = scores.iter().map(|(_, score)| (score - top).exp()).sum();
    let share = |score: f32| (score - top).exp() / all;
    let best = scores.iter().position(|(_, score)| *score >= top)?;
    let mut second: Option<(PersonId, f32)> = None;
    for (index, (person, score)) in scores.iter().enumerate() {
        if index != best && second.is_none_or(|(_, known)| share(*score) > known) {
            second = Some((*person, share(*score)));
        }
    }
    Some(Verdict {
        person: scores[best].0,
        probability: calibrated(share(top)),
        second: second.map(|(person, share)| (person, calibrated(share))),
    })
}
