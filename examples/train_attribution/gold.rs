//! Which gold speaker each turn and each person of the program's own list has.

use std::collections::{BTreeMap, BTreeSet};

use fullcast::script::learn::Lesson;

use crate::corpus::Novel;

/// The gold speaker of each turn: the one of the quotations that cover most of it.
pub(crate) fn gold(novel: &Novel, lesson: &Lesson) -> Vec<Option<usize>> {
    let mut spans: Vec<(usize, usize, usize)> = Vec::new();
    for quotation in &novel.quotations {
        spans.extend(
            quotation
                .spans
                .iter()
                .map(|span| (span.start, span.end, quotation.speaker)),
        );
    }
    spans.sort_unstable();
    let longest = spans
        .iter()
        .map(|(start, end, _)| end - start)
        .max()
        .unwrap_or(0);
    (0..lesson.turns())
        .map(|turn| {
            let mut shares: BTreeMap<usize, usize> = BTreeMap::new();
            for span in lesson.spans(turn) {
                let from = spans.partition_point(|(start, ..)| start + longest < span.start);
                for (start, end, speaker) in spans[from..]
                    .iter()
                    .take_while(|(start, ..)| *start < span.end)
                {
                    *shares.entry(*speaker).or_default() +=
                        (*end).min(span.end).saturating_sub(*start.max(&span.start));
                }
            }
            shares
                .into_iter()
                .filter(|(_, share)| *share > 0)
                .max_by_key(|(_, share)| *share)
                .map(|(speaker, _)| speaker)
        })
        .collect()
}

/// The gold character that each person of the program's own list is.
pub(crate) fn owners(novel: &Novel, lesson: &Lesson, gold: &[Option<usize>]) -> Vec<Option<usize>> {
    let said = |speaker: usize| {
        novel
            .quotations
            .iter()
            .filter(|quotation| quotation.speaker == speaker)
            .count()
    };
    let mut by_name: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (speaker, names) in novel.characters.iter().enumerate() {
        for name in names {
            by_name.entry(plain(name)).or_default().insert(speaker);
        }
    }
    let mut votes: Vec<BTreeMap<usize, usize>> = vec![BTreeMap::new(); lesson.people().len()];
    for (turn, speaker) in gold.iter().enumerate() {
        let tagged = lesson.anchor(turn).or_else(|| lesson.described(turn));
        if let (Some(person), Some(speaker)) = (tagged, speaker) {
            *votes[person].entry(*speaker).or_default() += 1;
        }
    }
    let people = lesson.people();
    let mut owners: Vec<Option<usize>> = people
        .iter()
        .zip(&votes)
        .map(|((names, _), votes)| {
            let found: Vec<&BTreeSet<usize>> = names
                .iter()
                .filter_map(|name| by_name.get(&plain(name)))
                .collect();
            let everyone: BTreeSet<usize> = found.iter().copied().flatten().copied().collect();
            let weight = |speaker: &usize| {
                (
                    votes.get(speaker).copied().unwrap_or(0),
                    found.iter().filter(|set| set.contains(speaker)).count(),
                    said(*speaker),
                )
            };
            everyone.into_iter().max_by_key(weight)
        })
        .collect();
    for (owner, votes) in owners.iter_mut().zip(&votes) {
        let all: usize = votes.values().sum();
        let top = votes.iter().max_by_key(|(_, count)| **count);
        *owner = owner.or_else(|| {
            top.filter(|(_, count)| **count * 2 > all)
                .map(|(speaker, _)| *speaker)
        });
    }
    if let Some(teller) = lesson.teller() {
        let told = novel.characters.iter().position(|names| {
            names
                .iter()
                .any(|name| matches!(plain(name).as_str(), "narr" | "narrator" | "i"))
        });
        owners[teller] = owners[teller].or(told);
    }
    owners
}

fn plain(name: &str) -> String {
    let low = name
        .to_lowercase()
        .replace(['.', '_'], " ")
        .replace('’', "'");
    let words: Vec<&str> = low.split_whitespace().collect();
    let bare = words
        .split_first()
        .filter(|(first, _)| matches!(**first, "the" | "a" | "an"));
    bare.map_or(&words[..], |(_, rest)| rest).join(" ")
}
