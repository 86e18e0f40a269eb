//! Where sentences end.

use std::ops::Range;

use super::abbreviation;

/// The sentences of `text` as byte ranges, in order.
///
/// The ranges hold every character of the text but the white space between them. A full stop after an
/// abbreviation, an initial or inside a number ends nothing; nor does any mark before a word that goes on in
/// lower case (`“Run!” he shouted.`). Closing quotes and brackets stay with the sentence before them. An empty
/// line always ends a sentence.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    for (index, letter) in text.char_indices() {
        if index < start {
            continue;
        }
        let after = index + letter.len_utf8();
        let end = match letter {
            '.' | '!' | '?' | '…' | '—' | '–' => end_of_marks(text, index),
            '。' | '！' | '？' => Some(after),
            '\n' if blank_line_follows(&text[after..]) => Some(index),
            _ => None,
        };
        if let Some(end) = end {
            push_trimmed(&mut ranges, text, start..end);
            start = end;
        }
    }
    push_trimmed(&mut ranges, text, start..text.len());
    ranges
}

/// Adds `range` without the white space at its ends, if anything is left.
pub(super) fn push_trimmed(ranges: &mut Vec<Range<usize>>, text: &str, range: Range<usize>) {
    let part = &text[range.clone()];
    let start = range.start + (part.len() - part.trim_start().len());
    let end = range.start + part.trim_end().len();
    if start < end {
        ranges.push(start..end);
    }
}

/// Whether only blanks stand between here and the next line break.
fn blank_line_follows(rest: &str) -> bool {
    rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n')
}

/// Whether a letter closes what a sentence may stand in.
pub(super) fn closes(letter: char) -> bool {
    matches!(letter, '"' | '\'' | '”' | '’' | ')' | ']' | '»' | '*' | '_')
}

fn opens(letter: char) -> bool {
    matches!(
        letter,
        '"' | '\'' | '“' | '‘' | '(' | '[' | '«' | '—' | '–' | '-' | '*' | '_' | '…' | '.'
    )
}

/// The end of the sentence whose final marks begin at `index`; `None` if the sentence goes on.
fn end_of_marks(text: &str, index: usize) -> Option<usize> {
    let marks = text[index..].trim_start_matches(['.', '!', '?', '…', '—', '–']);
    let closed = marks.trim_start_matches(closes);
    let end = text.len() - closed.len();
    let marks = &text[index..text.len() - marks.len()];
    if closed.is_empty() {
        return Some(end);
    }
    if !closed.starts_with(char::is_whitespace) {
        return None;
    }
    let dash = marks.chars().all(|mark| matches!(mark, '—' | '–'));
    if dash && end == index + marks.len() {
        return None;
    }
    let next = closed.trim_start();
    let first = next.trim_start_matches(|letter: char| opens(letter) || letter.is_whitespace());
    let first = first.chars().next();
    if first.is_some_and(char::is_lowercase) {
        return None;
    }
    let quoted = end > index + marks.len();
    if marks == "." && !quoted && stop_of_abbreviation(&text[..index], next) {
        return None;
    }
    Some(end)
}

/// Whether the full stop after `before` belongs to its last word and not to the sentence.
fn stop_of_abbreviation(before: &str, next: &str) -> bool {
    let start =
        before.rfind(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '.' | '&'));
    let word = start.map_or(before, |start| {
        let first = before[start..].chars().next().map_or(0, char::len_utf8);
        &before[start + first..]
    });
    let mut letters = word.chars();
    let initial = letters.next().is_some_and(char::is_uppercase) && letters.next().is_none();
    if initial {
        return word != "I";
    }
    let number = next.starts_with(|letter: char| letter.is_ascii_digit());
    abbreviation::never_ends(word) || number && abbreviation::before_number(word)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        sentences(text)
            .into_iter()
            .map(|range| &text[range])
            .collect()
    }

    #[test]
    fn a_full_stop_a_question_and_a_cry_end_sentences() {
        assert_eq!(
            cut("He left. Why? Run! So be it."),
            ["He left.", "Why?", "Run!", "So be it."]
        );
    }

    #[test]
    fn titles_initials_and_numbers_end_nothing() {
        for whole in [
            "Mr. J. R. Hartley met Dr. Smith of St. Ives.",
            "It cost 3.50 at No. 5, i.e. nothing.",
            "He came at 6 a.m. and left.",
        ] {
            assert_eq!(cut(whole), [whole]);
        }
    }

    #[test]
    fn a_sentence_may_end_with_i() {
        assert_eq!(
            cut("So did I. Then we left."),
            ["So did I.", "Then we left."]
        );
    }

    #[test]
    fn speech_goes_on_with_its_tag() {
        let whole = "“Run!” he shouted. “Now…” she said.";
        assert_eq!(cut(whole), ["“Run!” he shouted.", "“Now…” she said."]);
    }

    #[test]
    fn closing_quotes_stay_with_their_sentence() {
        assert_eq!(
            cut("“I know.” He sat. (So it was.) Then—”"),
            ["“I know.”", "He sat.", "(So it was.)", "Then—”"]
        );
    }

    #[test]
    fn an_ellipsis_ends_only_before_a_capital() {
        assert_eq!(
            cut("Well… maybe. Wait... What?"),
            ["Well… maybe.", "Wait...", "What?"]
        );
    }

    #[test]
    fn broken_off_speech_ends_at_its_quote() {
        assert_eq!(
            cut("“I thought—” He stopped."),
            ["“I thought—”", "He stopped."]
        );
        assert_eq!(cut("He — Spike — left."), ["He — Spike — left."]);
    }

    #[test]
    fn an_empty_line_ends_what_has_no_mark() {
        assert_eq!(cut("Chapter One\n\nIt began"), ["Chapter One", "It began"]);
        assert_eq!(cut("one\ntwo"), ["one\ntwo"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_comes_twice(text in "[A-Za-z0-9 .,!?…—“”'\\n()é]{0,80}") {
            let joined: String = cut(&text).concat();
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(bare(&joined), bare(&text));
        }

        #[test]
        fn no_text_is_too_odd(text in any::<String>()) {
            let mut last = 0;
            for range in sentences(&text) {
                prop_assert!(range.start >= last && text[last..range.start].trim().is_empty());
                last = range.end;
            }
            prop_assert!(text[last..].trim().is_empty());
        }
    }
}
