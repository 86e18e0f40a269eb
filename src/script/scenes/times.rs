//! Words at the head of a paragraph that tell of another time: "The next morning", "Three years later".

use std::sync::OnceLock;

use super::super::{pattern::Patterns, text::Text};

/// Phrases that open a sentence.
const OPENINGS: &[((), &str)] = &[
    (
        (),
        "the next|following day|morning|evening|night|afternoon|week|month|year|summer|autumn|spring|winter|dawn",
    ),
    (
        (),
        "on|by|early|late|all|only|not|but|then|and|through the next|following day|morning|evening|night|afternoon|week",
    ),
    (
        (),
        "next day|morning|evening|night|afternoon|week|month|year",
    ),
    ((), "early|late next morning|day|evening|week"),
    ((), "that evening|night|afternoon|morning"),
    ((), "that|the same evening|night|afternoon|morning|day"),
    ((), "on that|the same evening|night|afternoon|morning|day"),
    (
        (),
        "later|late|early that|the|same ~ evening|night|afternoon|morning|day|week|month|year",
    ),
    (
        (),
        "# ~ hours|days|nights|weeks|months|years|winters|summers later|after|afterwards|afterward|passed|ago|before|earlier",
    ),
    (
        (),
        "# ~ hours|days|nights|weeks|months|years|winters|summers went|had|have gone|by|passed",
    ),
    (
        (),
        "# or # hours|days|nights|weeks|months|years later|after|afterwards|passed",
    ),
    (
        (),
        "nearly|about|almost|some|over|perhaps|only|just # ~ hours|days|weeks|months|years later|after|afterwards|passed|ago",
    ),
    (
        (),
        "a|an|half|another ~ hour|day|night|week|fortnight|month|year|days|weeks|months|years later|after|afterwards|passed",
    ),
    (
        (),
        "a|an|another ~ day|week|fortnight|month|year|days|weeks|months|years went|had|have by|passed|gone",
    ),
    (
        (),
        "some hours|days|weeks|months|years|time later|after|afterwards|passed",
    ),
    (
        (),
        "hours|days|weeks|months|years later|passed|afterwards|ago",
    ),
    ((), "hours|days|weeks|months|years went|had by|passed|gone"),
    ((), "after # days|weeks|months|years|hours"),
    (
        (),
        "after a|another ~ week|month|year|fortnight|days|weeks|months|years",
    ),
    ((), "the morning|evening|night|afternoon|day after"),
    (
        (),
        "on|by|in the morning|evening|night|afternoon|day|eve of|after",
    ),
    (
        (),
        "one ~ morning|evening|night|afternoon|day|spring|summer|autumn|winter",
    ),
    (
        (),
        "on|by|until monday|tuesday|wednesday|thursday|friday|saturday|sunday",
    ),
    (
        (),
        "at|by|before|towards|toward dawn|daybreak|sunrise|sunset|nightfall|noon|midday|midnight|dusk|twilight|evening|morning",
    ),
    (
        (),
        "in|towards|toward the morning|evening|afternoon|spring|summer|autumn|winter",
    ),
    (
        (),
        "when ~ morning|evening|night|day|dawn|spring|summer|autumn|winter came|fell|broke|dawned",
    ),
    ((), "the year was #"),
    ((), "the year is #"),
    (
        (),
        "it was the year|summer|winter|spring|autumn of|that|when",
    ),
    (
        (),
        "it was ~ # ~ days|weeks|months|years later|before|ago|since",
    ),
    (
        (),
        "it was ~ the|next next|following day|morning|evening|night|afternoon",
    ),
    (
        (),
        "it was late|early in|that|on ~ the|morning|evening|night|afternoon|next",
    ),
    ((), "long ago"),
    ((), "meanwhile ,"),
];

/// Phrases that end a memory wherever in the sentence they stand.
const RETURNS: &[((), &str)] = &[
    ((), "back to|in|into the present"),
    ((), "returned|returning|return to the present"),
    ((), "from|out of his|her|my|the memory|memories"),
    (
        (),
        "memory|memories|vision|scene ~ faded|dissolved|vanished",
    ),
];

/// How far into a paragraph its words are looked at, in tokens.
const REACH: usize = 60;

/// Whether `paragraph` begins at another time than the one before it ended.
pub(super) fn moves(text: &Text, paragraph: usize) -> bool {
    static KNOWN: OnceLock<[Patterns<()>; 2]> = OnceLock::new();
    let [openings, returns] = KNOWN.get_or_init(|| [OPENINGS, RETURNS].map(Patterns::new));
    let tokens = text.paragraphs[paragraph].tokens.clone();
    let end = tokens.end.min(tokens.start + REACH);
    let end = (tokens.start..end)
        .find(|at| !text.outside(*at))
        .unwrap_or(end);
    let starts: Vec<usize> = (tokens.start..end)
        .filter(|at| text.tokens[*at].opens && (text.tokens[*at].letter || is_figure(text, *at)))
        .take(2)
        .collect();
    let Some(first) = starts.first() else {
        return false;
    };
    let second = starts.get(1).copied().unwrap_or(end);
    let opens = openings.at(text, *first, second).is_some();
    // A year is often told after a word of remembering.
    let dated = starts.iter().any(|at| {
        text.low(*at) == "the"
            && text.low(at + 1) == "year"
            && openings.at(text, *at, end).is_some()
    });
    opens || dated || (*first..second).any(|at| returns.at(text, at, second).is_some())
}

fn is_figure(text: &Text, at: usize) -> bool {
    text.low(at).starts_with(|c: char| c.is_ascii_digit())
}
