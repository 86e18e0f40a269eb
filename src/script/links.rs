//! What tells whether the last speaker goes on, the one before answers, or another joins in.

use super::{
    book::Book,
    chain::RELATIONS,
    context::Context,
    features::{Feature, Known, verb_kind},
    people::PersonId,
    turns::FAR,
};

/// The features of `person` as the speaker of turn `index` that are weighed by relation to the speakers before;
/// [`in_relation`] tells their names.
pub(super) fn links(
    book: &Book,
    index: usize,
    person: PersonId,
    context: &Context,
    known: Known,
) -> Vec<Feature> {
    let turn = &book.turns[index];
    let regime = context.regime.letter();
    let near = near(if index == 0 { FAR } else { turn.gap });
    let mut found = vec![
        Feature::new("link", near, regime),
        Feature::new("link-opening", opening(book, index), regime),
        Feature::new("link-subject", who(context.subject, person), regime),
        Feature::new("link-own", who(own(book, context), person), regime),
    ];
    if near > 1 {
        return found;
    }
    let mut add = |name, detail| found.push(Feature::new(name, detail, ' '));
    let before = &book.turns[index - 1];
    add(
        "link-lengths",
        3 * length(book, index - 1) + length(book, index),
    );
    add(
        "link-asked",
        2 * usize::from(book.asks(index - 1)) + usize::from(book.asks(index)),
    );
    add("link-crowd", 2 * crowd(known, index) + near);
    add("link-called", who(only(&before.calls), person));
    add(
        "link-named",
        2 * usize::from(before.outright().is_some()) + usize::from(turn.outright().is_some()),
    );
    add("link-cut", usize::from(is_cut(book, index - 1)));
    add("link-calls", usize::from(!turn.calls.is_empty()));
    add("link-parts", usize::from(before.quotes.len() > 1));
    if near == 1 {
        let first = context.paragraph_before.first().copied();
        add(
            "link-acts",
            2 * who(first, person) + usize::from(context.gesture),
        );
    }
    if let Some(verb) = turn.outright().and_then(|tag| tag.verb) {
        add(
            "link-verb",
            verb_kind(book.text.low(verb), book.text.low(verb + 1)),
        );
    }
    found
}

/// The name of `feature` in a relation to the two speakers before.
pub(super) fn in_relation(feature: Feature, relation: usize) -> Feature {
    let detail = feature.detail() * RELATIONS + relation;
    Feature::new(feature.name(), detail, feature.regime())
}

fn near(gap: usize) -> usize {
    match gap {
        0 => 0,
        1 => 1,
        2 | 3 => 2,
        _ => 3,
    }
}

/// 0 for nobody, 1 for `person`, 2 for another.
fn who(found: Option<PersonId>, person: PersonId) -> usize {
    match found {
        None => 0,
        Some(found) if found == person => 1,
        Some(_) => 2,
    }
}

fn only(people: &[PersonId]) -> Option<PersonId> {
    people.first().copied()
}

fn own(book: &Book, context: &Context) -> Option<PersonId> {
    context
        .own
        .first()
        .map(|mention| book.mentions[*mention].person)
}

/// 0 for a few words, 2 for a speech, 1 between.
fn length(book: &Book, index: usize) -> usize {
    let (start, end) = book.turns[index].tokens;
    match end - start {
        0..=6 => 0,
        7..=40 => 1,
        _ => 2,
    }
}

/// How many turns on both sides are looked at for sure speakers.
const ROUND: usize = 8;

/// How many sure speakers stand round the turn, at most 4.
fn crowd(known: Known, index: usize) -> usize {
    let from = index.saturating_sub(ROUND);
    let to = known.anchors.len().min(index + ROUND + 1);
    let mut present: Vec<PersonId> = Vec::new();
    for person in known.anchors[from..to].iter().flatten() {
        if !present.contains(person) {
            present.push(*person);
        }
    }
    present.len().min(4)
}

/// Whether the words of turn `index` break off.
fn is_cut(book: &Book, index: usize) -> bool {
    let quote = book.turns[index].quotes.last();
    quote.is_some_and(|quote| {
        book.text.quotes[*quote]
            .span
            .of(book.text.source)
            .trim_end()
            .ends_with(['—', '–', '-'])
    })
}

/// What kind of word turn `index` opens with.
fn opening(book: &Book, index: usize) -> usize {
    let (start, end) = book.turns[index].tokens;
    let Some(at) = (start..end).find(|at| book.text.tokens[*at].letter) else {
        return 0;
    };
    match book.text.low(at) {
        "yes" | "no" | "nay" | "aye" | "yeah" | "yep" | "nope" | "certainly" | "indeed"
        | "never" => 1,
        "oh" | "ah" | "well" | "why" | "hm" | "ha" | "dear" => 2,
        "but" | "and" | "or" | "because" | "then" | "so" | "for" => 3,
        "what" | "who" | "where" | "how" | "when" | "which" => 4,
        "i" => 5,
        "you" => 6,
        "he" | "she" | "it" | "they" => 7,
        _ if !book.text.tokens[at].upper => 8,
        _ => 9,
    }
}
