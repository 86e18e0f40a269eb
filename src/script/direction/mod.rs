//! How each quotation is said, from its tag, what its speaker does beside it, and its letters.
//!
//! Only what belongs to the line counts: words of the same paragraph whose subject is the speaker. Where in doubt
//! there is no direction.

mod beside;
mod letters;
mod manner;

use super::{Direction, Kind, Line, book::Book, people::PersonId, tags::Tagger};
use beside::Reader;

/// The direction of each quotation; `speakers` tells the speaker of each turn.
pub(super) fn directions(book: &Book, speakers: &[Option<PersonId>]) -> Vec<Option<Direction>> {
    let tagger = Tagger {
        text: &book.text,
        mentions: &book.mentions,
    };
    let mut directions: Vec<Option<Direction>> = vec![None; book.text.quotes.len()];
    for (turn, speaker) in book.turns.iter().zip(speakers) {
        let mut before: Option<usize> = None;
        for &quote in &turn.quotes {
            let reader = Reader {
                book,
                speaker: *speaker,
                tags: tagger.tags(quote),
            };
            let inherited = || {
                let last = before.filter(|last| goes_on(book, *last, quote))?;
                directions[last]
            };
            directions[quote] = reader
                .direction(quote)
                .or_else(|| letters::by_capitals(&book.text, quote))
                .or_else(inherited);
            before = Some(quote);
        }
    }
    directions
}

/// Sets the direction of the lines of quotations, in order, and of thoughts that the narration sets in italics.
pub(super) fn set(lines: &mut [Line], directions: &[Option<Direction>], told: bool) {
    let mut directions = directions.iter();
    for line in lines {
        match line.kind {
            Kind::Speech => line.direction = directions.next().copied().flatten(),
            Kind::Narration if !told && letters::is_thought(&line.text) => {
                line.direction = Some(Direction::Thought);
            }
            _ => {}
        }
    }
}

/// Whether `quote` goes on in the manner of `last`: the next paragraph of one speech, or with nothing but a tag
/// between.
fn goes_on(book: &Book, last: usize, quote: usize) -> bool {
    let text = &book.text;
    let (one, other) = (&text.quotes[last], &text.quotes[quote]);
    if one.paragraph != other.paragraph {
        return other.continues;
    }
    let between = text.quote_tokens[last].end..text.quote_tokens[quote].start;
    let opened = between
        .clone()
        .filter(|at| text.tokens[*at].opens && text.tokens[*at].letter && text.tokens[*at].upper);
    let first_is_tag = between
        .clone()
        .find(|at| text.tokens[*at].letter)
        .is_some_and(|at| !text.tokens[at].upper);
    opened.count() <= usize::from(!first_is_tag)
}
