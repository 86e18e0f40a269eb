//! A text as words with what stands round them, so that one word can be changed and all else stays.

/// A word with the marks that stand round it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    /// Opening quotes, brackets and the like.
    pub(super) before: String,
    /// From its first letter, digit or sign of money to its last.
    pub(super) core: String,
    /// Full stops, commas, closing quotes.
    pub(super) after: String,
    /// The blank or dash between it and the next.
    pub(super) gap: String,
}

/// Whether a character parts words.
fn parts(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '—' | '…')
}

/// The words of a text; [`join`] makes the same text of them again.
pub(super) fn split(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(parts).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        let gap = after.len() - after.trim_start_matches(parts).len();
        let (gap, after) = after.split_at(gap);
        words.push(Word {
            gap: gap.to_owned(),
            ..shell(piece)
        });
        rest = after;
    }
    words
}

/// Parts a piece without blanks into marks, core and marks.
fn shell(piece: &str) -> Word {
    let belongs = |letter: char| {
        letter.is_alphanumeric() || matches!(letter, '£' | '$' | '€' | '#' | '&' | '½' | '¼' | '¾')
    };
    let start = piece.find(belongs).unwrap_or(piece.len());
    let (before, rest) = piece.split_at(start);
    let decade = before.ends_with(['\'', '’', '‘'])
        && rest.starts_with(|first: char| first.is_ascii_digit());
    let minus =
        before.ends_with(['-', '−']) && rest.starts_with(|first: char| first.is_ascii_digit());
    let start = match before.char_indices().last() {
        Some((last, _)) if decade || minus => last,
        _ => start,
    };
    let (before, rest) = piece.split_at(start);
    let ends = |letter: char| belongs(letter) || matches!(letter, '%' | '°' | '¢');
    let end = rest.rfind(ends).map_or(0, |last| {
        last + rest[last..].chars().next().map_or(0, char::len_utf8)
    });
    let (core, after) = rest.split_at(end);
    Word {
        before: before.to_owned(),
        core: core.to_owned(),
        after: after.to_owned(),
        gap: String::new(),
    }
}

/// The text of some words.
pub(super) fn join(words: &[Word]) -> String {
    let parts = words
        .iter()
        .flat_map(|word| [&word.before, &word.core, &word.after, &word.gap]);
    parts.map(String::as_str).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_word_is_parted_from_its_marks() {
        let words = split("(“Well,” he said—£5.50!)");
        let cores: Vec<&str> = words.iter().map(|word| word.core.as_str()).collect();
        assert_eq!(cores, ["Well", "he", "said", "£5.50"]);
        assert_eq!(
            (words[0].before.as_str(), words[0].after.as_str()),
            ("(“", ",”")
        );
        assert_eq!(words[2].gap, "—");
    }

    #[test]
    fn the_apostrophe_of_a_decade_belongs_to_it() {
        assert_eq!(split("the ’60s")[1].core, "’60s");
    }

    proptest! {
        #[test]
        fn splitting_and_joining_changes_nothing(text in any::<String>()) {
            prop_assert_eq!(join(&split(&text)), text);
        }
    }
}
