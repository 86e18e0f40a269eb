//! Roman numerals, where they are numerals.

use super::number::{cardinal, ordinal};

/// Words whose numeral counts them.
const COUNTED: [&str; 14] = [
    "chapter", "book", "part", "volume", "act", "scene", "section", "canto", "war", "class",
    "phase", "type", "appendix", "episode",
];

/// Names of rulers, after which even a single letter is a numeral.
const RULERS: [&str; 34] = [
    "Alexander",
    "Alfonso",
    "Benedict",
    "Catherine",
    "Charles",
    "Christian",
    "Clement",
    "Edward",
    "Elizabeth",
    "Ferdinand",
    "Francis",
    "Frederick",
    "George",
    "Gustav",
    "Henry",
    "Innocent",
    "James",
    "John",
    "Leo",
    "Leopold",
    "Louis",
    "Mary",
    "Napoleon",
    "Nicholas",
    "Otto",
    "Paul",
    "Peter",
    "Philip",
    "Pius",
    "Ramses",
    "Richard",
    "Robert",
    "Victor",
    "William",
];

/// What the letters and pairs of letters are worth, greatest first.
const WORTH: [(u64, &str); 9] = [
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
];

/// The value of a numeral below 400 in its shortest form; `None` for any other word.
pub(super) fn value(word: &str) -> Option<u64> {
    let numeral = word.bytes().all(|letter| b"IVXLC".contains(&letter));
    if word.is_empty() || word.len() > 12 || !numeral {
        return None;
    }
    (1..400).find(|&value| written(value) == word)
}

/// The numeral for a value.
fn written(mut value: u64) -> String {
    let mut written = String::new();
    for (worth, letters) in WORTH {
        while value >= worth {
            value -= worth;
            written.push_str(letters);
        }
    }
    written
}

/// What is said for `word` after `before`: `Chapter IV` counts, `Henry VIII` ranks.
pub(super) fn spoken(word: &str, before: Option<&str>) -> Option<String> {
    let before = before?;
    let value = value(word)?;
    if COUNTED.contains(&before.to_lowercase().as_str()) {
        return Some(cardinal(value));
    }
    let named =
        before.starts_with(char::is_uppercase) && before.chars().skip(1).all(char::is_lowercase);
    let clear = word.len() > 1 && before.len() > 2 && value < 40;
    let ranks = named && (clear || RULERS.contains(&before));
    // `Mary, I told George I would`: a lone I is the speaker unless the sentence goes on without a verb, which
    // cannot be told here; so only V and X are taken for numerals.
    (ranks && word != "I").then(|| format!("the {}", ordinal(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numerals_in_their_shortest_form_have_a_value() {
        assert_eq!(value("XIV"), Some(14));
        assert_eq!(value("CCXCIX"), Some(299));
        for word in ["IIII", "IC", "VX", "MIX", "xiv", "", "IVX", "CIVIL"] {
            assert_eq!(value(word), None, "{word}");
        }
    }

    #[test]
    fn a_chapter_counts_and_a_king_ranks() {
        assert_eq!(spoken("IV", Some("Chapter")).as_deref(), Some("four"));
        assert_eq!(spoken("I", Some("PART")).as_deref(), Some("one"));
        assert_eq!(spoken("VIII", Some("Henry")).as_deref(), Some("the eighth"));
        assert_eq!(spoken("V", Some("George")).as_deref(), Some("the fifth"));
    }

    #[test]
    fn the_speaker_is_no_numeral() {
        assert_eq!(spoken("I", Some("George")), None);
        assert_eq!(spoken("I", Some("and")), None);
        assert_eq!(spoken("V", Some("Spike")), None);
    }
}
