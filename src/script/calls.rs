//! Calls that no comma sets apart: by a title alone, or at the end of a sentence.

use super::{
    gender::Profile,
    lexicon::Title,
    mentions::{self, Kind, Mention},
    people::{People, PersonId},
    text::Text,
    turns::Turn,
};

/// Adds the people who are called by a title that only they bear ("So do it, Captain").
pub(super) fn add_titles(text: &Text, people: &People, turns: &mut [Turn]) {
    for turn in turns {
        for quote in turn.quotes.clone() {
            let range = text.quote_tokens[quote].clone();
            for at in range.clone() {
                let called = title_at(text, at, range.end).and_then(|()| bearer(text, people, at));
                if let Some(person) = called.filter(|person| !turn.calls.contains(person)) {
                    turn.calls.push(person);
                    turn.speaks_of.retain(|other| *other != person);
                }
            }
        }
    }
}

/// Whether a capitalised title stands at token `at` as an address.
fn title_at(text: &Text, at: usize, end: usize) -> Option<()> {
    let entry = text.entry(at);
    let title = matches!(entry.title, Some(Title::Rank | Title::Either)) && text.tokens[at].upper;
    let before = if at > 0 { text.entry(at - 1) } else { entry };
    let parted = at + 1 >= end
        || matches!(
            text.low(at + 1),
            "," | "." | "!" | "?" | ";" | "—" | "--" | "…"
        );
    (title && parted && !before.determiner && !before.preposition).then_some(())
}

/// The only person among whose names the title at token `at` is.
fn bearer(text: &Text, people: &People, at: usize) -> Option<PersonId> {
    let word = text.tokens[at].word;
    let bears =
        |person: &super::people::Person| person.phrases.iter().any(|phrase| phrase.contains(&word));
    let mut bearers = people
        .all
        .iter()
        .enumerate()
        .filter(|(_, person)| bears(person))
        .map(|(id, _)| id);
    let first = bearers.next()?;
    bearers.next().is_none().then_some(first)
}

/// Counts a name at the end of a sentence as a call where narration never uses that name.
pub(super) fn add_loose(
    text: &Text,
    mentions: &[Mention],
    profiles: &[Profile],
    turns: &mut [Turn],
) {
    for turn in turns {
        for quote in turn.quotes.clone() {
            let range = text.quote_tokens[quote].clone();
            for mention in mentions::within(mentions, range.start, range.end) {
                let hidden = mention.kind == Kind::Name && profiles[mention.person].narration == 0;
                let ends = mention.end >= range.end
                    || matches!(text.low(mention.end), "," | "." | "!" | "?");
                let before = if mention.start > range.start {
                    text.entry(mention.start - 1)
                } else {
                    text.entry(mention.start)
                };
                let object = before.preposition || before.determiner || before.speech;
                if hidden && ends && !object && !turn.calls.contains(&mention.person) {
                    turn.calls.push(mention.person);
                    turn.speaks_of.retain(|other| *other != mention.person);
                }
            }
        }
    }
}
