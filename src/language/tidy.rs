//! The writing made plain before its words are looked at: marks of emphasis, dashes, dots, white space.

/// `text` with single blanks and one sign for each mark; emphasis marks are gone.
pub(super) fn tidied(text: &str) -> String {
    let folded: Vec<&str> = text.split_whitespace().collect();
    let text = folded
        .join(" ")
        .replace(". . .", "...")
        .replace(" . . ", "...");
    let mut tidy = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        let run = rest.len() - rest.trim_start_matches(first).len();
        let count = run / first.len_utf8();
        match (first, count) {
            ('_', 1) if inside_word(&tidy, &rest[run..]) => tidy.push('_'),
            ('*' | '~' | '|' | '\\' | '^', _) | ('_', 1) => {}
            ('_' | '―' | '⸺' | '⸻', _) | ('-' | '—', 2..) => tidy.push('—'),
            ('.', 2..) | ('…', _) => ellipsis(&mut tidy),
            ('!' | '?' | ',', 2..) => tidy.push(first),
            _ => tidy.push_str(&rest[..run]),
        }
        rest = &rest[run..];
    }
    let folded: Vec<&str> = tidy.split_whitespace().collect();
    folded.join(" ")
}

/// One ellipsis, apart from the word before it: a word with an ellipsis glued to it is no word to a dictionary.
fn ellipsis(tidy: &mut String) {
    if tidy.ends_with('…') {
        return;
    }
    if tidy.ends_with(char::is_alphanumeric) {
        tidy.push(' ');
    }
    tidy.push('…');
}

fn inside_word(before: &str, after: &str) -> bool {
    before.ends_with(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emphasis_is_dropped_and_white_space_folded() {
        assert_eq!(
            tidied(" It was *his*,\n not _hers_ \t**at all**."),
            "It was his, not hers at all."
        );
    }

    #[test]
    fn dashes_and_dots_become_one_sign() {
        assert_eq!(tidied("I--well... I . . . no...."), "I—well … I … no …");
    }

    #[test]
    fn repeated_cries_are_one() {
        assert_eq!(tidied("What?! No!!! Why???"), "What?! No! Why?");
    }
}
