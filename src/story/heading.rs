//! What a chapter heading looks like.

/// Words that open a numbered part of a book.
const NUMBERED: &[&str] = &[
    "chapter", "part", "book", "volume", "act", "scene", "canto", "letter", "section", "episode",
    "stave",
];

/// Words that are a heading by themselves.
const ALONE: &[&str] = &[
    "prologue",
    "epilogue",
    "interlude",
    "preface",
    "foreword",
    "introduction",
    "afterword",
    "postscript",
    "conclusion",
    "prelude",
    "coda",
];

/// Words that count chapters.
const COUNTS: &[&str] = &[
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "last",
    "final",
];

/// The longest heading, in characters.
const LONGEST: usize = 240;

/// What kind of heading a chunk of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heading {
    /// `Chapter 4. The Storm`: nothing is missing.
    Titled,
    /// `CHAPTER IV`: a title may follow in the next chunk.
    Untitled,
    /// `CHAPTER`: its number follows in the next chunk.
    Unnumbered,
    /// `IV.`: the number, if numbers in order are headings here.
    Number(u32),
    /// `THE STORM`: if capitals are headings here.
    Capitals,
}

/// What kind of heading `text` can be, if any.
pub(super) fn classify(text: &str) -> Option<Heading> {
    let text = bare(text);
    if text.is_empty() || text.chars().count() > LONGEST || text.lines().count() > 3 {
        return None;
    }
    if let Some(number) = number(text.trim_end_matches(['.', ':', ')'])) {
        return Some(Heading::Number(number));
    }
    keyword(text).or_else(|| capitals(text).then_some(Heading::Capitals))
}

/// The title of a `#` heading, with the marks cut off.
pub(super) fn hashed(text: &str) -> Option<&str> {
    let title = text.trim_start_matches('#');
    let hashes = text.len() - title.len();
    let is_heading =
        (1..=6).contains(&hashes) && title.starts_with([' ', '\t']) && !text.contains(['\n', '\r']);
    let title = title.trim_end_matches('#').trim();
    (is_heading && !title.is_empty()).then_some(title)
}

/// Whether `text` can be the title below a chapter's number.
pub(super) fn is_title(text: &str) -> bool {
    let text = bare(text);
    let short = text.chars().count() <= 70
        && text.lines().count() <= 2
        && text.split_whitespace().count() <= 10;
    let begins = text
        .chars()
        .next()
        .is_some_and(|c| c.is_uppercase() || c.is_numeric());
    let ends = !text.ends_with([',', ';', ':'])
        && (capitals(text) || !text.ends_with(['.', '!', '?', '-', '—']));
    short
        && begins
        && ends
        && !text.contains(['"', '“', '”', '«', '»'])
        && most_words_are_capitalised(text)
}

/// Without the marks of emphasis round it.
pub(super) fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '_' | '*' | '=' | '[' | ']' | '~'))
}

fn most_words_are_capitalised(text: &str) -> bool {
    let long = text
        .split_whitespace()
        .filter(|word| word.chars().count() > 3);
    let (all, capitalised) = long.fold((0, 0), |(all, capitalised), word| {
        let upper = word
            .chars()
            .find(|c| c.is_alphabetic())
            .is_some_and(char::is_uppercase);
        (all + 1, capitalised + usize::from(upper))
    });
    capitalised * 2 >= all
}

fn keyword(text: &str) -> Option<Heading> {
    let mut words = text.split_whitespace();
    let first = words.next()?;
    let lower = first.trim_end_matches(['.', ':', '—', '-']).to_lowercase();
    if !first.starts_with(char::is_uppercase) {
        return None;
    }
    if ALONE.contains(&lower.as_str()) {
        let rest = text[first.len()..].trim();
        let parted =
            first.ends_with(['.', ':', '—', '-']) || rest.starts_with([':', '-', '—', '–']);
        return (rest.is_empty() || (parted && is_title(rest))).then_some(Heading::Titled);
    }
    if !NUMBERED.contains(&lower.as_str()) {
        return None;
    }
    let Some(mut second) = words.next() else {
        return Some(Heading::Unnumbered);
    };
    if second.eq_ignore_ascii_case("the") {
        second = words.next()?;
    }
    let count = second.trim_end_matches(['.', ':', '—', '-', '–', ',']);
    let counted = number(count).is_some()
        || count
            .split('-')
            .all(|part| COUNTS.contains(&part.to_lowercase().as_str()));
    if !counted {
        return None;
    }
    let at = second.as_ptr() as usize - text.as_ptr() as usize + second.len();
    let parted = second.len() > count.len();
    let rest = text[at..].trim_start_matches([' ', '\t', '.', ':', '—', '-', '–', ',', '\r']);
    let own_line = rest.starts_with('\n') || text[at..].trim_start_matches([' ', '.', ':']) != rest;
    let rest = bare(rest);
    if rest.is_empty() {
        return Some(Heading::Untitled);
    }
    let begins = rest.starts_with(|c: char| {
        c.is_uppercase() || c.is_numeric() || matches!(c, '"' | '“' | '‘' | '\'')
    });
    let is_prose = !parted && !own_line && !most_words_are_capitalised(rest);
    (begins && !is_prose).then_some(Heading::Titled)
}

fn capitals(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let upper = text.chars().filter(|c| c.is_uppercase()).count();
    let marked = text.contains(['"', '“', '”', '«', '»']) || text.ends_with([',', ';', '-', '—']);
    letters >= 4
        && upper == letters
        && !marked
        && text.chars().count() <= 70
        && text.lines().count() <= 2
}

/// The value of a number in digits or Roman capitals.
pub(super) fn number(text: &str) -> Option<u32> {
    if text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok();
    }
    roman(text)
}

fn roman(text: &str) -> Option<u32> {
    if text.is_empty() || text.len() > 9 {
        return None;
    }
    let value = |c| match c {
        'I' => Some(1),
        'V' => Some(5),
        'X' => Some(10),
        'L' => Some(50),
        'C' => Some(100),
        _ => None,
    };
    let values: Vec<u32> = text.chars().map(value).collect::<Option<_>>()?;
    let at = |i: usize| values.get(i).copied().unwrap_or(0);
    let sum = (0..values.len()).fold(0_i64, |sum, i| {
        sum + if at(i) < at(i + 1) {
            -i64::from(at(i))
        } else {
            i64::from(at(i))
        }
    });
    u32::try_from(sum).ok().filter(|sum| *sum > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_headings_are_recognised() {
        for (text, kind) in [
            ("Chapter 1", Heading::Untitled),
            ("CHAPTER IV. The Storm", Heading::Titled),
            ("Chapter Twenty-One: What the Gull Saw", Heading::Titled),
            ("Part Two", Heading::Untitled),
            ("BOOK THE FIRST\n_SOWING_", Heading::Titled),
            ("CHAPTER", Heading::Unnumbered),
            ("IX.", Heading::Number(9)),
            ("12", Heading::Number(12)),
            ("Prologue", Heading::Titled),
            ("THE HOUSE ON THE HILL", Heading::Capitals),
        ] {
            assert_eq!(classify(text), Some(kind), "{text}");
        }
    }

    #[test]
    fn prose_is_no_heading() {
        for text in [
            "Part of me wanted to go.",
            "Chapter after chapter went by.",
            "Book I was reading fell down.",
            "\"NO!\"",
            "He left.",
        ] {
            assert_eq!(classify(text), None, "{text}");
        }
    }
}
