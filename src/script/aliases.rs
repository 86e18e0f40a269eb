//! Names that are only ever called out, given to the one who is there to answer to them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Gender,
    book::Book,
    mentions::{self, Kind},
    people::PersonId,
    text::OUTSIDE,
};

/// Paragraphs before and after a call in which the one who is called is named.
const BEFORE: usize = 6;
const AFTER: usize = 4;

/// Merges every name that narration never uses into the person who is present nearly whenever it is called.
pub(super) fn merge_called(book: &mut Book) {
    let merges: Vec<(PersonId, PersonId)> =
        (0..book.people.all.len()).filter_map(|person| Some((person, bearer(book, person)?))).collect();
    for (alias, person) in merges {
        book.merge(alias, person);
    }
}

/// Who answers to the name of `person`, if that is nobody of their own.
fn bearer(book: &Book, person: PersonId) -> Option<PersonId> {
    let profile = &book.profiles[person];
    let known = &book.people.all[person];
    if profile.narration > 0 || profile.count < 2 || book.teller == Some(person) || known.last.is_some() {
        return None;
    }
    let first = known.first.filter(|first| book.text.entry_of(*first).given.is_some())?;
    let mut calls = 0;
    let mut shares: BTreeMap<PersonId, f32> = BTreeMap::new();
    for turn in (0..book.turns.len()).filter(|turn| book.turns[*turn].calls.contains(&person)) {
        calls += 1;
        let present = present(book, turn);
        let fits = |other: &&PersonId| {
            let other = **other;
            let theirs = &book.profiles[other];
            let apart = profile.gender != theirs.gender && profile.gender != Gender::Unknown && theirs.gender != Gender::Unknown;
            let named = book.people.all[other].first.is_some_and(|name| name != first && book.text.entry_of(name).given.is_some());
            other != person && !apart && !named
        };
        let fitting: Vec<PersonId> = present.iter().filter(fits).copied().collect();
        for other in &fitting {
            *shares.entry(*other).or_default() += 1.0 / fitting.len() as f32;
        }
    }
    let (best, share) = shares.iter().fold(None, |best: Option<(PersonId, f32)>, (person, share)| {
        if best.is_none_or(|(_, known)| *share > known) { Some((*person, *share)) } else { best }
    })?;
    let rival = shares.iter().filter(|(person, _)| **person != best).map(|(_, share)| *share).fold(0.0, f32::max);
    let often = calls >= 2 && calls as f32 >= 0.3 * profile.count as f32;
    (often && share >= 0.5 * calls as f32 && share >= 1.8 * rival).then_some(best)
}

/// Everyone named in narration round a turn, and those anchored next to it, but its own speaker.
fn present(book: &Book, turn: usize) -> BTreeSet<PersonId> {
    let paragraphs = &book.text.paragraphs;
    let at = book.turns[turn].paragraphs[0];
    let from = paragraphs[at.saturating_sub(BEFORE)].tokens.start;
    let to = paragraphs[(at + AFTER).min(paragraphs.len() - 1)].tokens.end.min(from + 2000);
    let mut present: BTreeSet<PersonId> = mentions::within(&book.mentions, from, to)
        .iter()
        .filter(|mention| mention.kind == Kind::Name && mention.quote == OUTSIDE && !mention.described)
        .map(|mention| mention.person)
        .collect();
    let near = [turn.checked_sub(1), turn.checked_sub(2), Some(turn + 1)];
    present.extend(near.into_iter().flatten().filter_map(|near| book.anchors.get(near).copied().flatten()));
    present.extend(book.teller);
    let speaker = book.anchors[turn].or_else(|| {
        let tag = book.turns[turn].top().filter(|tag| tag.strength >= 3)?;
        let mention = &book.mentions[tag.mention];
        (mention.kind == Kind::Name).then_some(mention.person)
    });
    if let Some(speaker) = speaker {
        present.remove(&speaker);
    }
    present
}
