//! Weighs everyone who may have said a turn against each other: a conditional logit, in several passes.
//!
//! Each pass sees who the pass before took to speak round a turn. The weights are learned by
//! `examples/train_attribution`; the model is `McFadden`'s conditional logit (1974) with stacked passes.

use std::{collections::HashMap, hash::BuildHasherDefault, sync::OnceLock};

use super::{
    book::Book,
    context::{Context, candidates},
    features::{Feature, Known, Shares, Signs, signs},
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
}

impl Weights {
    /// The weights that the program carries.
    pub(super) fn learned() -> &'static Self {
        static WEIGHTS: OnceLock<Weights> = OnceLock::new();
        WEIGHTS.get_or_init(|| Self::parse(include_str!("weights.txt")))
    }

    /// Reads `feature weight weight …` lines, one weight a pass; lines that begin with `#` are comments.
    fn parse(text: &'static str) -> Self {
        let mut passes: Vec<HashMap<u64, f32, BuildHasherDefault<Keep>>> = Vec::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
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
        Self { passes }
    }

    fn score(&self, pass: usize, signs: &Signs) -> f32 {
        let weight = |(feature, value): &(Feature, f32)| {
            self.passes[pass]
                .get(&feature.key())
                .map_or(0.0, |weight| weight * value)
        };
        signs.list.iter().map(weight).sum()
    }
}

/// Who says each turn of `book`.
pub(super) fn attribute(book: &Book, weights: &Weights) -> Vec<Option<Verdict>> {
    let contexts: Vec<Context> = (0..book.turns.len())
        .map(|turn| Context::of(book, turn))
        .collect();
    let mut said = book.anchors.clone();
    let mut verdicts = vec![None; book.turns.len()];
    let mut shares: Vec<Shares> = Vec::new();
    for pass in 0..weights.passes.len() {
        let mut next = Vec::with_capacity(book.turns.len());
        let sure = sure(book, &shares);
        let around = book.around(&sure);
        let styles = Styles::of(book, &sure);
        let known = Known {
            said: &said,
            shares: &shares,
            anchors: &sure,
            around: &around,
            styles: &styles,
        };
        for (turn, context) in contexts.iter().enumerate() {
            let scores: Vec<(PersonId, f32)> = candidates(book, turn, &said)
                .into_iter()
                .map(|person| {
                    (
                        person,
                        weights.score(pass, &signs(book, turn, person, context, known)),
                    )
                })
                .collect();
            verdicts[turn] = verdict(&scores);
            next.push(self::shares(&scores));
        }
        shares = next;
        said = verdicts
            .iter()
            .map(|verdict| verdict.map(|verdict: Verdict| verdict.person))
            .collect();
    }
    verdicts
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
        probability: share(top),
        second,
    })
}
