//! Names that are only ever called out, given to the one who is there to answer to them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Gender,
    book::Book,
    mentions::{self, Kind},
    names::Together,
    people::PersonId,
    text::OUTSIDE,
};

/// Paragraphs before and after a call in which the one who is called is named.
const BEFORE: usize = 6;
const AFTER: usize = 4;

/// How often a name must be called before it can be given to someone.
const LEAST_CALLS: usize = 3;

/// How many tokens before a name is given its bearer must have been told of.
const TOLD: usize = 600;

/// Merges one who was only described ("the woman at the window") with the name that they then give as their own.
pub(super) fn merge_claimed(book: &mut Book) {
    let mut merges: Vec<(PersonId, PersonId)> = Vec::new();
    for turn in &book.turns {
        let [name] = turn.claims[..] else { continue };
        let start = turn.tokens.0;
        let new = book.named_at[name].first().is_some_and(|at| *at >= start);
        if !new || book.people.all[name].label.is_some() {
            continue;
        }
        let fits = |person: &PersonId| {
            let (known, other) = (&book.profiles[*person], &book.profiles[name]);
            let agrees = known.gender == other.gender
                || known.gender == Gender::Unknown
                || other.gender == Gender::Unknown;
            book.people.all[*person].label.is_some() && book.teller != Some(*person) && agrees
        };
        let recent = |person: &PersonId| {
            let named = &book.named_at[*person];
            let until = named.partition_point(|at| *at < start);
            until - named.partition_point(|at| at + TOLD < start)
        };
        // "Ida," said the woman: nobody else but she.
        let tagged = turn.outright().map(|tag| &book.mentions[tag.mention]);
        let tagged = tagged.filter(|mention| mention.described && fits(&mention.person));
        let bearer = tagged.map(|mention| mention.person).or_else(|| {
            (0..book.people.all.len())
                .filter(fits)
                .map(|person| (recent(&person), person))
                .filter(|(count, _)| *count > 0)
                .max()
                .map(|(_, person)| person)
        });
        merges.extend(bearer.map(|person| (person, name)));
    }
    for (described, name) in merges {
        if !book.people.all[described].phrases.is_empty() {
            book.merge(described, name);
        }
    }
    book.index();
}

/// Merges every name that narration never uses into the person who is present nearly whenever it is called.
pub(super) fn merge_called(book: &mut Book) {
    let merges: Vec<(PersonId, PersonId)> = (0..book.people.all.len())
        .filter_map(|person| Some((person, bearer(book, person)?)))
        .collect();
    for (alias, person) in merges {
        book.merge(alias, person);
    }
}

/// Merges one who is known by a given name only with one who is known by title and family name only, where each
/// answers when the other is called and narration never sets them side by side.
pub(super) fn merge_answering(book: &mut Book, together: &Together) {
    let people = &book.people.all;
    let given = |person: &PersonId| {
        let known = &people[*person];
        known.first.is_some()
            && known.last.is_none()
            && known.label.is_none()
            && !known.phrases.is_empty()
    };
    let titled = |person: &PersonId| {
        let known = &people[*person];
        known.first.is_none()
            && known.last.is_some()
            && known.label.is_none()
            && !known.phrases.is_empty()
    };
    let answers = answers(book);
    let mut merges = Vec::new();
    for one in (0..people.len()).filter(given) {
        let found = (0..people.len())
            .filter(titled)
            .filter(|other| book.teller != Some(*other))
            .filter_map(|other| Some((answering(book, &answers, together, one, other)?, other)));
        if let Some((_, other)) = found.max() {
            merges.push((one, other));
        }
    }
    for (one, other) in merges {
        book.merge(one, other);
        book.people.all[other].first = book.people.all[one].first;
    }
}

/// How often each person is outright the speaker right after or before another name is called.
fn answers(book: &Book) -> BTreeMap<(PersonId, PersonId), usize> {
    let mut answers = BTreeMap::new();
    for (index, turn) in book.turns.iter().enumerate() {
        let next = book
            .turns
            .get(index + 1)
            .filter(|next| next.gap <= 1)
            .and_then(|_| book.anchors[index + 1]);
        let before = index
            .checked_sub(1)
            .filter(|_| turn.gap <= 1)
            .and_then(|before| book.anchors[before]);
        for called in &turn.calls {
            for speaker in [next, before].into_iter().flatten() {
                *answers.entry((*called, speaker)).or_default() += 1;
            }
        }
    }
    answers
}

/// How often two persons answer for each other, if often enough to be one.
fn answering(
    book: &Book,
    answers: &BTreeMap<(PersonId, PersonId), usize>,
    together: &Together,
    one: PersonId,
    other: PersonId,
) -> Option<usize> {
    let count = |called, speaker| answers.get(&(called, speaker)).copied().unwrap_or(0);
    let crossed = count(one, other) + count(other, one);
    let own = count(one, one) + count(other, other);
    let side_by_side: u32 = together
        .iter()
        .filter(|((first, second), _)| {
            let (mine, theirs) = (
                &book.people.all[one].phrases,
                &book.people.all[other].phrases,
            );
            (mine.contains(first) && theirs.contains(second))
                || (mine.contains(second) && theirs.contains(first))
        })
        .map(|(_, count)| *count)
        .sum();
    let (mine, theirs) = (&book.profiles[one], &book.profiles[other]);
    let same = mine.gender == theirs.gender || mine.gender == Gender::Unknown;
    (same
        && crossed >= 3
        && crossed * 4 >= own
        && side_by_side * 40 <= mine.narration.min(theirs.narration) as u32)
        .then_some(crossed)
}

/// Who answers to the name of `person`, if that is nobody of their own.
fn bearer(book: &Book, person: PersonId) -> Option<PersonId> {
    let profile = &book.profiles[person];
    let known = &book.people.all[person];
    if profile.narration > 0
        || profile.count < 2
        || book.teller == Some(person)
        || known.last.is_some()
    {
        return None;
    }
    let first = known
        .first
        .filter(|first| book.text.entry_of(*first).given.is_some())?;
    let mut calls = 0;
    let mut shares: BTreeMap<PersonId, f32> = BTreeMap::new();
    for turn in (0..book.turns.len()).filter(|turn| book.turns[*turn].calls.contains(&person)) {
        calls += 1;
        let present = present(book, turn);
        let fits = |other: &&PersonId| {
            let other = **other;
            let theirs = &book.profiles[other];
            let apart = profile.gender != theirs.gender
                && profile.gender != Gender::Unknown
                && theirs.gender != Gender::Unknown;
            let named = book.people.all[other]
                .first
                .is_some_and(|name| name != first && book.text.entry_of(name).given.is_some());
            other != person && !apart && !named
        };
        let fitting: Vec<PersonId> = present.iter().filter(fits).copied().collect();
        for other in &fitting {
            *shares.entry(*other).or_default() += 1.0 / fitting.len() as f32;
        }
    }
    let (best, share) =
        shares
            .iter()
            .fold(None, |best: Option<(PersonId, f32)>, (person, share)| {
                if best.is_none_or(|(_, known)| *share > known) {
                    Some((*person, *share))
                } else {
                    best
                }
            })?;
    let rival = shares
        .iter()
        .filter(|(person, _)| **person != best)
        .map(|(_, share)| *share)
        .fold(0.0, f32::max);
    let often = calls >= LEAST_CALLS && calls as f32 >= 0.3 * profile.count as f32;
    (often && share >= 0.5 * calls as f32 && share >= 1.8 * rival).then_some(best)
}

/// Everyone named in narration round a turn, and those anchored next to it, but its own speaker.
fn present(book: &Book, turn: usize) -> BTreeSet<PersonId> {
    let paragraphs = &book.text.paragraphs;
    let at = book.turns[turn].paragraphs[0];
    let from = paragraphs[at.saturating_sub(BEFORE)].tokens.start;
    let to = paragraphs[(at + AFTER).min(paragraphs.len() - 1)]
        .tokens
        .end
        .min(from + 2000);
    let mut present: BTreeSet<PersonId> = mentions::within(&book.mentions, from, to)
        .iter()
        .filter(|mention| {
            mention.kind == Kind::Name && mention.quote == OUTSIDE && !mention.described
        })
        .map(|mention| mention.person)
        .collect();
    let near = [turn.checked_sub(1), turn.checked_sub(2), Some(turn + 1)];
    present.extend(
        near.into_iter()
            .flatten()
            .filter_map(|near| book.anchors.get(near).copied().flatten()),
    );
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
