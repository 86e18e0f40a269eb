//! Where one company leaves and another comes: the talk goes on with someone else.

use std::{collections::BTreeSet, ops::Range};

use super::super::{
    book::Book,
    mentions::{self, Kind, Mention},
    people::PersonId,
    text::{OUTSIDE, Text},
};

/// How many turns ahead those who have left may not speak again.
const AHEAD: usize = 10;
/// How many turns back those who speak are the company.
const BACK: usize = 30;
/// How many turns the old company must have had.
const LEAST: usize = 2;

/// The paragraph that begins a scene between the last turn of `scene` and the next one, if someone leaves there and
/// someone comes: then all but one of those who spoke are not heard again for long, or the one who comes is named
/// for the first time. `end` is the turn that ends the part of the story that is looked at.
pub(super) fn changes(
    book: &Book,
    speakers: &[Option<PersonId>],
    scene: Range<usize>,
    end: usize,
) -> Option<usize> {
    let next = scene.end;
    if scene.len() < LEAST || next >= end || book.turns[next].gap == 0 {
        return None;
    }
    let scene = scene.start.max(next.saturating_sub(BACK))..next;
    let who = |turns: Range<usize>| -> BTreeSet<PersonId> {
        speakers[turns].iter().copied().flatten().collect()
    };
    let between = book.turns[next - 1].tokens.1..book.turns[next].tokens.0;
    if !leaves(book, &between) {
        return None;
    }
    let (before, after) = (who(scene.clone()), who(next..end.min(next + AHEAD)));
    let mut first = (next..end.min(next + 2)).filter_map(|turn| speakers[turn]);
    let others = before.len() > 1 && before.intersection(&after).count() < 2;
    let from = book.turns[scene.start].tokens.0;
    first.find_map(|person| {
        let new = others && !before.contains(&person);
        let comes = new
            .then(|| comes(book, person, from, &between))
            .flatten()
            .or_else(|| is_introduced(book, person, &between))?;
        place(book, comes, person, next - 1, next)
    })
}

/// The paragraph that begins a scene with what stands at token `at`, between turns `last` and `next`: its own if it
/// stands in the first sentence; else the next one, if that begins with the newcomer.
fn place(book: &Book, at: usize, who: PersonId, last: usize, next: usize) -> Option<usize> {
    let text = &book.text;
    let own = text.tokens[at].paragraph as usize;
    let first = text.paragraphs[own].tokens.start;
    let opens = !(first + 1..=at).any(|at| text.tokens[at].opens && text.tokens[at].letter);
    let start = if opens { own } else { own + 1 };
    let tokens = &text.paragraphs.get(start)?.tokens;
    let here = mentions::within(
        &book.mentions,
        tokens.start,
        tokens.end.min(tokens.start + 3),
    );
    let begins = opens || here.iter().any(|mention| mention.names(who));
    let after = *book.turns[last].paragraphs.last()?;
    let until = *book.turns[next].paragraphs.first()?;
    (begins && start > after && start <= until).then_some(start)
}

/// Words for going away; the second may stand up to three words later.
const GOING: &[(&str, &str)] = &[
    ("left left leaves leaving", "the a his her him them it"),
    (
        "walk walked walking went go going turned ran run strode drove rode hurried sailed flew moved",
        "away off out home",
    ),
    ("was were the lay fell", "dead gone"),
    ("life", "gone"),
    ("died expired departed vanished disappeared", ""),
    ("said bade waved", "goodbye good-bye farewell good-night"),
    ("closed shut", "door"),
];

/// Whether someone goes, or dies, in the narration of `between`.
fn leaves(book: &Book, between: &Range<usize>) -> bool {
    let text = &book.text;
    let among = |words: &str, at: usize| words.split(' ').any(|word| word == text.low(at));
    between.clone().filter(|at| text.outside(*at)).any(|at| {
        GOING.iter().any(|(first, second)| {
            among(first, at)
                && (second.is_empty()
                    || (at + 1..between.end.min(at + 5)).any(|at| among(second, at)))
        })
    })
}

/// Where in `between` "a man" comes whose name, that of `person`, the story tells there for the first time.
fn is_introduced(book: &Book, person: PersonId, between: &Range<usize>) -> Option<usize> {
    let here = mentions::within(&book.mentions, between.start, between.end);
    let comes = here.iter().find(|mention| {
        mention.quote == OUTSIDE && !mention.oblique && is_new(&book.text, mention)
    })?;
    let called = |mention: &&Mention| mention.names(person) && !mention.described;
    let first = book.named_at[person].iter().find(|at| {
        let index = book
            .mentions
            .partition_point(|mention| mention.start < **at);
        book.mentions.get(index).as_ref().is_some_and(called)
    })?;
    (between.contains(first) && *first >= comes.start).then_some(comes.start)
}

/// Whether a mention brings in someone new: "a man", but not "he was a man".
fn is_new(text: &Text, mention: &Mention) -> bool {
    let before = |back: usize| {
        mention
            .start
            .checked_sub(back)
            .map_or("", |at| text.low(at))
    };
    let told = matches!(before(1), "was" | "is" | "were" | "been" | "as" | "like")
        && matches!(
            before(2),
            "he" | "she" | "it" | "who" | "i" | "had" | "she'd" | ""
        );
    matches!(text.low(mention.start), "a" | "an" | "another") && !told
}

/// Where in `between` someone comes who was not there since token `from`: "a man", or the newcomer's name.
fn comes(book: &Book, newcomer: PersonId, from: usize, between: &Range<usize>) -> Option<usize> {
    let text = &book.text;
    let here = mentions::within(&book.mentions, between.start, between.end);
    let new = |mention: &&Mention| {
        mention.quote == OUTSIDE
            && !mention.possessive
            && !mention.oblique
            && (is_new(text, mention) || (mention.kind == Kind::Name && mention.person == newcomer))
    };
    let known = mentions::within(&book.mentions, from, between.start)
        .iter()
        .any(|mention| mention.names(newcomer));
    here.iter()
        .find(new)
        .filter(|_| !known)
        .map(|mention| mention.start)
}
