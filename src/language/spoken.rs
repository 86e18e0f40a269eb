//! The spoken form of writing: what a reader says where the page has figures, abbreviations and marks.

use super::{
    abbreviation::{self, Place},
    capitals,
    figures::{self, Beside},
    roman,
    tidy::tidied,
    word::{self, Word},
};

/// `text` as it is said aloud, in plain words: made just before speech, and part of a clip's key.
///
/// Figures become words (times, years, money, ordinals, fractions, telephone numbers), abbreviations and Roman
/// numerals after names are spelled out, shouted capitals lowered, marks of emphasis dropped, dashes and ellipses
/// made one, stutters made sayable, white space folded. What no rule knows stays as it is.
pub fn spoken(text: &str) -> String {
    let mut words = word::split(&tidied(text));
    expand(&mut words);
    capitals::lower(&mut words);
    for word in &mut words {
        if let Some(sayable) = stutter(&word.core) {
            word.core = sayable;
        }
    }
    word::join(&words)
}

/// Replaces words that are not said as they are written, looking at their neighbours as they were written.
fn expand(words: &mut Vec<Word>) {
    let written = words.clone();
    let mut index = 0;
    let mut kept = Vec::with_capacity(words.len());
    while index < written.len() {
        let mut word = written[index].clone();
        let before = index.checked_sub(1).map(|before| &written[before]);
        let before = before.filter(|before| before.after.is_empty() && before.gap == " ");
        let after = written
            .get(index + 1)
            .filter(|after| word.gap == " " && after.before.is_empty());
        let taken = rewrite(&mut word, before, after);
        if taken && let Some(after) = after {
            word.after.clone_from(&after.after);
            word.gap.clone_from(&after.gap);
            index += 1;
        }
        kept.push(word);
        index += 1;
    }
    *words = kept;
}

/// Rewrites one word; true if the words for it say the next one, too.
fn rewrite(word: &mut Word, before: Option<&Word>, after: Option<&Word>) -> bool {
    let previous = before.map(|before| before.core.as_str());
    let clear = word.after.is_empty() || word.after == ".";
    let next = after.filter(|_| clear).map(|after| after.core.as_str());
    let beside = Beside {
        before: previous,
        after: after
            .filter(|_| word.after.is_empty())
            .map(|after| after.core.as_str()),
    };
    if let Some(reading) = figures::spoken(&word.core, beside) {
        word.core = reading.words;
        return reading.with_next;
    }
    if let Some(numeral) = roman::spoken(&word.core, previous) {
        word.core = numeral;
        return false;
    }
    let dotted = word.after.starts_with('.');
    let place = Place {
        dotted,
        before: previous,
        after: next,
    };
    if let Some(said) = abbreviation::spoken(&word.core, place) {
        said.clone_into(&mut word.core);
        let ends = word.gap.is_empty() || after.is_some_and(ends_before) && next.is_none();
        if dotted && !ends {
            word.after.remove(0);
        }
    } else if word.core == "&" {
        "and".clone_into(&mut word.core);
    }
    false
}

/// Whether a word may begin a sentence.
fn ends_before(word: &Word) -> bool {
    word.core.starts_with(char::is_uppercase)
}

/// `W-w-what` becomes `Wuh-what`: a letter alone would be read by its name.
fn stutter(word: &str) -> Option<String> {
    let (heads, last) = word.rsplit_once('-')?;
    let head = heads.split('-').next()?;
    let vowels = ['a', 'e', 'i', 'o', 'u'];
    let same = |head: &str| {
        let start = last.get(..head.len());
        !head.is_empty()
            && head.len() <= 3
            && start.is_some_and(|start| start.eq_ignore_ascii_case(head))
    };
    if !head.is_ascii() || !heads.split('-').all(same) {
        return None;
    }
    match (head.to_lowercase().contains(vowels), head.len()) {
        (true, 1) => Some(last.to_owned()),
        (false, length) if length < last.len() => Some(format!("{head}uh-{last}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_page_is_said_as_a_reader_would() {
        for (written, said) in [
            (
                "It was 6:45 on the 2nd of May, 1916.",
                "It was six forty-five on the second of May, nineteen sixteen.",
            ),
            (
                "Mr. and Mrs. Hale saw Dr. Grey at No. 5.",
                "Mister and Missus Hale saw Doctor Grey at Number five.",
            ),
            (
                "Lt. Ames walked down Baker St. to St. Paul's.",
                "Lieutenant Ames walked down Baker Street to Saint Paul's.",
            ),
            (
                "He rang 555-0199 in the '60s.",
                "He rang five five five, oh one nine nine in the sixties.",
            ),
            (
                "Half of $2 million is £5, or 50%.",
                "Half of two million dollars is five pounds, or fifty percent.",
            ),
            ("CHAPTER XIV", "Chapter fourteen"),
            (
                "Henry VIII and I, George V, met.",
                "Henry the eighth and I, George the fifth, met.",
            ),
            ("I... I don't -- can't!!!", "I … I don't — can't!"),
            ("It was *his*, not _hers_.", "It was his, not hers."),
            (
                "W-w-what? B-but I-I know it's a no-no.",
                "Wuh-what? Buh-but I know it's a no-no.",
            ),
            (
                "She took 1/2 & left, etc.",
                "She took a half and left, et cetera.",
            ),
            ("STOP! THAT IS NOT MINE", "Stop! that is not mine"),
        ] {
            assert_eq!(spoken(written), said);
        }
    }

    #[test]
    fn plain_prose_is_left_as_it_is() {
        for text in [
            "“I don't know,” she said—and left.",
            "No. I won't.",
            "The well-known ex-president of the BBC sat.",
        ] {
            assert_eq!(spoken(text), text);
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(text in any::<String>()) {
            let _ = spoken(&text);
        }

        #[test]
        fn numbers_never_stay_figures(number in any::<u64>()) {
            let said = spoken(&number.to_string());
            prop_assert!(!said.contains(|letter: char| letter.is_ascii_digit()), "{}", said);
        }

        #[test]
        fn white_space_is_folded(text in "[A-Za-z0-9 \\n.,'’£$%:/*_—-]{0,40}") {
            let said = spoken(&text);
            prop_assert_eq!(said.split_whitespace().collect::<Vec<_>>().join(" "), said);
        }
    }
}
