//! What capitals and italics tell of how words are said.

use super::super::{Direction, text::Text};

/// Whether a line of narration is wholly in italics and in the first person or a question: a thought.
pub(super) fn is_thought(text: &str) -> bool {
    let inner = ['_', '*'].iter().find_map(|mark| {
        let text = text.trim_end_matches(['.', '!', '?', ',']);
        let inner = text.strip_prefix(*mark)?.strip_suffix(*mark)?;
        (!inner.contains(*mark)).then_some(inner)
    });
    inner.is_some_and(|inner| {
        let own = |word: &str| {
            matches!(
                word,
                "I" | "me" | "my" | "My" | "we" | "I'm" | "I’m" | "I'll" | "I’ll"
            )
        };
        inner.chars().any(char::is_lowercase)
            && (inner.ends_with('?') || inner.split([' ', ',', '.', '\n']).any(own))
    })
}

/// What a quotation in capitals is, if they are more than an acronym or one stressed word: shouted, or the first
/// or last line of a letter.
pub(super) fn by_capitals(text: &Text, quote: usize) -> Option<Direction> {
    let words: Vec<usize> = text.quote_tokens[quote]
        .clone()
        .filter(|at| text.tokens[*at].letter && text.tokens[*at].end - text.tokens[*at].start > 1)
        .collect();
    let capitals: Vec<usize> = words
        .iter()
        .copied()
        .filter(|at| text.tokens[*at].shouted)
        .collect();
    let said = text.quotes[quote].span.of(text.source);
    let calls = said.contains('!');
    let letter = matches!(text.low(*words.first()?), "dear" | "dearest" | "my")
        && said.ends_with([',', ':', ';', '.']);
    let ordinary = |at: &usize| text.entry(*at).stop || text.low(*at).chars().count() > 4;
    let shouted = match capitals.len() {
        0 => false,
        1 => words.len() == 1 && calls,
        count => {
            let whole = text.paragraphs[text.quotes[quote].paragraph].tokens.len()
                <= text.quote_tokens[quote].len() + 2;
            let sentence = calls || !whole || said.ends_with(['?', ',', '…']);
            let opening = words.iter().take_while(|at| text.tokens[**at].shouted);
            let most = count * 5 >= words.len() * 3 || (calls && opening.count() > 1);
            most && sentence && (calls || capitals.iter().any(ordinary))
        }
    };
    match (shouted, letter && capitals.len() == words.len()) {
        (_, true) => Some(Direction::Read),
        (shouted, _) => shouted.then_some(Direction::Shouted),
    }
}
