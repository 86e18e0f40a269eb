//! Why someone is taken to speak, in plain words.

use super::{
    book::Book,
    mentions::{Kind, Reference},
    people::PersonId,
    ranker::Verdict,
    tags::OUTRIGHT,
};

/// From this certainty on no second choice is told.
const SURE: f32 = 0.8;

/// Why turn `index` goes to the person of `verdict`; `names` are everyone's canonical names.
pub(super) fn why(
    book: &Book,
    index: usize,
    verdict: &Verdict,
    said: &[Option<PersonId>],
    names: &[String],
) -> String {
    let reason = reason(book, index, verdict.person, said);
    match verdict.second {
        Some((second, share)) if verdict.probability < SURE && share > 0.05 => {
            format!("{reason}; otherwise {}", names[second])
        }
        _ => reason,
    }
}

/// Why turn `index` may go to `person`.
pub(super) fn reason(
    book: &Book,
    index: usize,
    person: PersonId,
    said: &[Option<PersonId>],
) -> String {
    let turn = &book.turns[index];
    if let Some(tag) = turn.tags.iter().find(|tag| tag.strength >= OUTRIGHT) {
        let mention = &book.mentions[tag.mention];
        let words = tag_words(book, mention.start, mention.end, tag.verb);
        return match (mention.kind, mention.reference) {
            (Kind::Name, _) if mention.person == person => format!("the text says `{words}`"),
            (_, Reference::Teller) => format!("the text says `{words}`"),
            _ => format!("the likeliest for `{words}`"),
        };
    }
    let acts = turn
        .tags
        .iter()
        .map(|tag| &book.mentions[tag.mention])
        .find(|mention| mention.names(person));
    if let Some(mention) = acts {
        return format!(
            "`{}` is told of beside the words",
            tag_words(book, mention.start, mention.end, None)
        );
    }
    let before = index
        .checked_sub(1)
        .map(|before| &book.turns[before])
        .filter(|_| turn.gap <= 2);
    if before.is_some_and(|before| before.calls.contains(&person)) {
        return "called by name just before".to_owned();
    }
    if book
        .turns
        .get(index + 1)
        .is_some_and(|next| next.gap <= 2 && next.calls.contains(&person))
    {
        return "called by name in the answer".to_owned();
    }
    let spoke = |back: usize| index.checked_sub(back).and_then(|at| said[at]);
    if turn.gap <= 1 && spoke(2) == Some(person) && spoke(1) != Some(person) {
        return "the two take turns".to_owned();
    }
    if spoke(1) == Some(person) {
        return "goes on speaking".to_owned();
    }
    "the likeliest of those present".to_owned()
}

/// The words of a tag as the story has them.
fn tag_words(book: &Book, start: usize, end: usize, verb: Option<usize>) -> String {
    let from = verb.map_or(start, |verb| verb.min(start));
    let to = verb.map_or(end, |verb| end.max(verb + 1));
    let text = &book.text;
    let (from, to) = (
        text.tokens[from].start as usize,
        text.tokens[to - 1].end as usize,
    );
    text.source[from..to]
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
