//! What stands round one turn, gathered once for all who may have said it.

use super::{
    Gender,
    book::Book,
    mentions::{self, Kind, Mention, Reference},
    people::PersonId,
    tags::{OUTRIGHT, Shape, Tag},
    text::OUTSIDE,
};

/// How the speaker of a turn is shown; the same sign means different things in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Regime {
    /// Outright by name.
    Explicit,
    /// By a pronoun or noun.
    Anaphoric,
    /// By "I said".
    Teller,
    /// Only by what someone does beside it.
    Beat,
    /// Not at all.
    Implicit,
}

impl Regime {
    /// Its letter in the weights file.
    pub(super) fn letter(self) -> char {
        match self {
            Self::Explicit => 'E',
            Self::Anaphoric => 'A',
            Self::Teller => 'T',
            Self::Beat => 'B',
            Self::Implicit => 'X',
        }
    }
}

/// The surroundings of one turn.
pub(super) struct Context {
    pub(super) regime: Regime,
    /// The gender that the strongest tag asks for.
    pub(super) gender: Option<Gender>,
    /// Everyone named in narration before the tag, the last first, with the index of that mention.
    pub(super) named_before: Vec<(PersonId, usize)>,
    /// Names in the narration of its own paragraphs, by mention.
    pub(super) own: Vec<usize>,
    /// Names in the paragraph before, if that holds no speech.
    pub(super) paragraph_before: Vec<PersonId>,
    /// Names in the paragraph after, if that holds no speech.
    pub(super) paragraph_after: Vec<PersonId>,
    /// Names in all narration between the turn before and this one.
    pub(super) between: Vec<PersonId>,
    /// Whether the paragraph before is a short gesture that stands for an answer.
    pub(super) gesture: bool,
    /// Who acts first in the paragraph of narration before.
    pub(super) subject: Option<PersonId>,
    /// Who acted last in narration before the turn.
    pub(super) last: Option<PersonId>,
    /// How many tokens before the turn that was.
    pub(super) last_ago: usize,
    /// The gender of the pronoun that opens the paragraph before.
    pub(super) subject_before: Option<Gender>,
}

/// How many tokens back named persons are remembered.
const MEMORY: usize = 600;

impl Context {
    /// The surroundings of turn `index`.
    pub(super) fn of(book: &Book, index: usize) -> Self {
        let turn = &book.turns[index];
        let top = turn.top();
        let mention = top.map(|tag| &book.mentions[tag.mention]);
        let gender = mention
            .filter(|mention| mention.kind != Kind::Name || book.is_loose(mention))
            .and_then(|mention| mention.reference.gender());
        let own: Vec<usize> = turn
            .own
            .iter()
            .copied()
            .filter(|mention| book.mentions[*mention].kind == Kind::Name)
            .collect();
        let at = mention.map_or(turn.tokens.0, |mention| mention.start);
        let last = last_actor(book, index);
        Self {
            regime: regime(book, top, mention),
            gender,
            named_before: named_before(book, index, at, &own),
            paragraph_before: turn.paragraphs[0]
                .checked_sub(1)
                .map_or_else(Vec::new, |before| narrated(book, before)),
            paragraph_after: turn
                .paragraphs
                .last()
                .map_or_else(Vec::new, |last| narrated(book, last + 1)),
            between: between(book, index),
            gesture: is_gesture(book, index),
            subject_before: subject_before(book, index),
            subject: subject(book, index),
            last: last.map(|(person, _)| person),
            last_ago: last.map_or(usize::MAX, |(_, ago)| ago),
            own,
        }
    }
}

/// Everyone named in the paragraphs between the turn before and turn `index`.
fn between(book: &Book, index: usize) -> Vec<PersonId> {
    let turn = &book.turns[index];
    let end = book.text.paragraphs[turn.paragraphs[0]].tokens.start;
    let start = index.checked_sub(1).map_or(0, |before| {
        let last = book.turns[before].paragraphs.last().copied().unwrap_or(0);
        book.text.paragraphs[last].tokens.end
    });
    let found = mentions::within(&book.mentions, start.max(end.saturating_sub(MEMORY)), end);
    found
        .iter()
        .filter(|mention| mention.kind == Kind::Name)
        .map(|mention| mention.person)
        .collect()
}

/// The paragraph of narration right before turn `index`.
fn narration_before(book: &Book, index: usize) -> Option<std::ops::Range<usize>> {
    let turn = &book.turns[index];
    let before = turn.paragraphs[0]
        .checked_sub(1)
        .filter(|_| (1..super::turns::FAR).contains(&turn.gap))?;
    Some(book.text.paragraphs[before].tokens.clone())
}

/// Words of gestures that answer, and of silence.
const GESTURES: &str = "nodded shook shrugged hesitated silent silence bowed nothing answer reply sighed smiled laughed \
    stared frowned blushed paused nods shakes shrugs hesitates bows sighs smiles laughs stares frowns blushes pauses";

fn is_gesture(book: &Book, index: usize) -> bool {
    let Some(range) = narration_before(book, index).filter(|range| range.len() < 25) else {
        return false;
    };
    range.into_iter().any(|at| {
        GESTURES
            .split_whitespace()
            .any(|word| word == book.text.low(at))
    })
}

fn subject(book: &Book, index: usize) -> Option<PersonId> {
    let range = narration_before(book, index)?;
    let from = book
        .mentions
        .partition_point(|mention| mention.start < range.start);
    let acts =
        |mention: &usize| book.mentions[*mention].can_act() && book.meant[*mention].is_some();
    let found = (from..book.mentions.len())
        .take_while(|mention| book.mentions[*mention].start < range.end)
        .find(acts)?;
    book.meant[found]
}

/// Who acted last before turn `index`, and how many tokens before.
fn last_actor(book: &Book, index: usize) -> Option<(PersonId, usize)> {
    let start = book.turns[index].tokens.0;
    let end = book
        .mentions
        .partition_point(|mention| mention.start < start);
    let acts =
        |mention: &usize| book.mentions[*mention].can_act() && book.meant[*mention].is_some();
    let found = (end.saturating_sub(12)..end).rev().find(acts)?;
    let ago = start - book.mentions[found].end.min(start);
    book.meant[found].map(|person| (person, ago))
}

fn subject_before(book: &Book, index: usize) -> Option<Gender> {
    let range = narration_before(book, index)?;
    let first =
        mentions::within(&book.mentions, range.start, range.end.min(range.start + 6)).first()?;
    (first.kind != Kind::Name && first.can_act())
        .then_some(first.reference.gender())
        .flatten()
}

fn regime(book: &Book, top: Option<Tag>, mention: Option<&Mention>) -> Regime {
    match (top, mention) {
        (Some(tag), Some(mention)) if tag.strength >= OUTRIGHT => {
            match (mention.kind, mention.reference) {
                (Kind::Name, _) if !book.is_loose(mention) => Regime::Explicit,
                (_, Reference::Teller) => Regime::Teller,
                _ => Regime::Anaphoric,
            }
        }
        (Some(tag), _) if tag.shape != Shape::SpokeBefore => Regime::Beat,
        _ => Regime::Implicit,
    }
}

fn named_before(book: &Book, index: usize, at: usize, own: &[usize]) -> Vec<(PersonId, usize)> {
    let turn = &book.turns[index];
    let paragraph = book.text.paragraphs[turn.paragraphs[0]].tokens.start;
    let from = turn.tokens.0.saturating_sub(MEMORY);
    let first = book
        .mentions
        .partition_point(|mention| mention.start < from);
    let earlier = mentions::within(&book.mentions, from, paragraph);
    let before = own
        .iter()
        .copied()
        .filter(|mention| book.mentions[*mention].start < at);
    let mut found: Vec<(PersonId, usize)> = Vec::new();
    let all = (first..first + earlier.len())
        .filter(|mention| book.mentions[*mention].start < paragraph)
        .chain(before);
    for mention in all.collect::<Vec<_>>().into_iter().rev() {
        let known = &book.mentions[mention];
        let new = !found.iter().any(|(person, _)| *person == known.person);
        if known.kind == Kind::Name && known.quote == OUTSIDE && new {
            found.push((known.person, mention));
        }
    }
    found
}

/// The names in `paragraph`, if it holds no speech.
fn narrated(book: &Book, paragraph: usize) -> Vec<PersonId> {
    let Some(paragraph) = book.text.paragraphs.get(paragraph) else {
        return Vec::new();
    };
    let range = paragraph.tokens.clone();
    let quotes = &book.text.quotes;
    let speech = quotes.partition_point(|quote| quote.span.end <= paragraph.span.start);
    if quotes
        .get(speech)
        .is_some_and(|quote| quote.span.start < paragraph.span.end)
    {
        return Vec::new();
    }
    let end = range.end.min(range.start + MEMORY);
    let found = mentions::within(&book.mentions, range.start, end).iter();
    found
        .filter(|mention| mention.kind == Kind::Name)
        .map(|mention| mention.person)
        .collect()
}

/// How far from a turn, in tokens, its speaker may be named.
const BEFORE: usize = 1200;
const AFTER: usize = 150;
/// The same ahead in a short story, where a stranger may be named last of all.
const AFTER_SHORT: usize = 600;
/// How many turns back a speaker is remembered, and ahead an anchored one is seen.
const PAST: usize = 14;
const FUTURE: usize = 3;
/// A turn of so few tokens may be nothing but its speaker's name: "And you are?" "Mary Datchet."
pub(super) const NAME_ALONE: usize = 4;
/// The most candidates of a turn.
const MOST: usize = 30;

/// Everyone who may have said turn `index`, given who said the others as far as is known.
pub(super) fn candidates(book: &Book, index: usize, said: &[Option<PersonId>]) -> Vec<PersonId> {
    let turn = &book.turns[index];
    let from = turn.tokens.0.saturating_sub(BEFORE);
    let mut found: Vec<(PersonId, usize)> = Vec::new();
    let mut add =
        |person: PersonId, at: usize| match found.iter_mut().find(|(known, _)| *known == person) {
            Some(known) => known.1 = known.1.max(at),
            None => found.push((person, at)),
        };
    let after = if book.text.is_short() {
        AFTER_SHORT
    } else {
        AFTER
    };
    for mention in mentions::within(&book.mentions, from, turn.tokens.1 + after) {
        if mention.kind == Kind::Name {
            if mention.options.is_empty() {
                add(mention.person, mention.start);
            }
            mention
                .options
                .iter()
                .for_each(|person| add(*person, mention.start));
        }
    }
    said[index.saturating_sub(PAST)..index]
        .iter()
        .flatten()
        .for_each(|person| add(*person, 0));
    let end = book.turns.len().min(index + 1 + FUTURE);
    book.anchors[index..end]
        .iter()
        .flatten()
        .for_each(|person| add(*person, 0));
    if let Some(teller) = book.teller {
        add(teller, 0);
    }
    if turn.tokens.1 - turn.tokens.0 > NAME_ALONE && book.anchors[index].is_none() {
        found.retain(|(person, _)| !turn.calls.contains(person) || turn.claims.contains(person));
    }
    if found.is_empty() {
        let mut known: Vec<PersonId> = (0..book.people.all.len()).collect();
        known.sort_by_key(|person| std::cmp::Reverse(book.profiles[*person].count));
        return known.into_iter().take(5).collect();
    }
    if found.len() > MOST {
        found.sort_by_key(|(_, at)| std::cmp::Reverse(*at));
        found.truncate(MOST);
    }
    found.into_iter().map(|(person, _)| person).collect()
}
