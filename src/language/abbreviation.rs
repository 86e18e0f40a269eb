//! Abbreviations and the words they stand for.

use Kind::{AfterNumber, Any, BeforeNumber, Title};

/// Where an abbreviation stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Before a name: its full stop never ends a sentence.
    Title,
    /// Before a number only.
    BeforeNumber,
    /// After a number only: a measure.
    AfterNumber,
    /// Anywhere.
    Any,
}

/// What is written (without its last full stop), what is said, where, and whether it needs the full stop.
struct Entry(&'static str, &'static str, Kind, bool);

#[rustfmt::skip]
const TABLE: &[Entry] = &[
    Entry("Mr", "Mister", Title, false), Entry("Mrs", "Missus", Title, false),
    Entry("Ms", "Miz", Title, false), Entry("Dr", "Doctor", Title, false),
    Entry("Messrs", "Messers", Title, false), Entry("Mme", "Madame", Title, false),
    Entry("Mlle", "Mademoiselle", Title, false), Entry("Prof", "Professor", Title, true),
    Entry("Rev", "Reverend", Title, true), Entry("Revd", "Reverend", Title, false),
    Entry("Hon", "Honourable", Title, true), Entry("Capt", "Captain", Title, false),
    Entry("Cpt", "Captain", Title, false), Entry("Col", "Colonel", Title, true),
    Entry("Gen", "General", Title, true), Entry("Lt", "Lieutenant", Title, false),
    Entry("Sgt", "Sergeant", Title, false), Entry("Cpl", "Corporal", Title, false),
    Entry("Pvt", "Private", Title, false), Entry("Maj", "Major", Title, true),
    Entry("Cmdr", "Commander", Title, false), Entry("Adm", "Admiral", Title, true),
    Entry("Gov", "Governor", Title, true), Entry("Sen", "Senator", Title, true),
    Entry("Pres", "President", Title, true), Entry("Insp", "Inspector", Title, true),
    Entry("Supt", "Superintendent", Title, true), Entry("Fr", "Father", Title, true),
    Entry("Mt", "Mount", Title, false), Entry("Ft", "Fort", Title, true),
    Entry("Wm", "William", Title, true), Entry("Geo", "George", Title, true),
    Entry("Chas", "Charles", Title, true), Entry("Jas", "James", Title, true),
    Entry("Thos", "Thomas", Title, true), Entry("St", "Saint", Title, false),

    Entry("No", "Number", BeforeNumber, true), Entry("no", "number", BeforeNumber, true),
    Entry("Nos", "Numbers", BeforeNumber, true), Entry("vol", "volume", BeforeNumber, true),
    Entry("Vol", "Volume", BeforeNumber, true), Entry("ch", "chapter", BeforeNumber, true),
    Entry("Ch", "Chapter", BeforeNumber, true), Entry("p", "page", BeforeNumber, true),
    Entry("pp", "pages", BeforeNumber, true), Entry("fig", "figure", BeforeNumber, true),
    Entry("Fig", "Figure", BeforeNumber, true),

    Entry("ft", "feet", AfterNumber, false), Entry("lb", "pounds", AfterNumber, false),
    Entry("lbs", "pounds", AfterNumber, false), Entry("oz", "ounces", AfterNumber, false),
    Entry("yds", "yards", AfterNumber, false), Entry("mi", "miles", AfterNumber, true),
    Entry("mph", "miles an hour", AfterNumber, false), Entry("km", "kilometres", AfterNumber, false),
    Entry("cm", "centimetres", AfterNumber, false), Entry("mm", "millimetres", AfterNumber, false),
    Entry("kg", "kilograms", AfterNumber, false), Entry("hrs", "hours", AfterNumber, false),
    Entry("mins", "minutes", AfterNumber, false), Entry("min", "minutes", AfterNumber, true),
    Entry("secs", "seconds", AfterNumber, false), Entry("sec", "seconds", AfterNumber, true),

    Entry("Jr", "Junior", Any, false), Entry("Sr", "Senior", Any, true),
    Entry("Esq", "Esquire", Any, false), Entry("Co", "Company", Any, true),
    Entry("Ltd", "Limited", Any, false), Entry("Inc", "Incorporated", Any, true),
    Entry("Bros", "Brothers", Any, true), Entry("Ave", "Avenue", Any, true),
    Entry("Rd", "Road", Any, true), Entry("Blvd", "Boulevard", Any, false),
    Entry("dept", "department", Any, true), Entry("approx", "approximately", Any, true),
    Entry("etc", "et cetera", Any, false), Entry("vs", "versus", Any, false),
    Entry("e.g", "for example", Any, false), Entry("i.e", "that is", Any, false),
    Entry("viz", "namely", Any, true), Entry("Jan", "January", Any, true),
    Entry("Feb", "February", Any, true), Entry("Apr", "April", Any, true),
    Entry("Aug", "August", Any, true), Entry("Sept", "September", Any, true),
    Entry("Oct", "October", Any, true), Entry("Nov", "November", Any, true),
    Entry("Dec", "December", Any, true),
];

/// Where the word in question stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// Whether a full stop follows it.
    pub(super) dotted: bool,
    /// The word before it, if nothing but a blank is between.
    pub(super) before: Option<&'a str>,
    /// The word after it, if nothing but a blank (and its full stop) is between.
    pub(super) after: Option<&'a str>,
}

impl Place<'_> {
    fn starts(word: Option<&str>, wanted: impl Fn(char) -> bool) -> bool {
        word.and_then(|word| word.chars().next())
            .is_some_and(wanted)
    }
}

/// What is said for `word` at its place; `None` if it stands for itself there.
pub(super) fn spoken(word: &str, place: Place<'_>) -> Option<&'static str> {
    let Entry(_, said, kind, dot) = TABLE.iter().find(|entry| entry.0 == word)?;
    let capital = Place::starts(place.after, char::is_uppercase);
    let named = Place::starts(place.before, char::is_uppercase);
    let street =
        word == "St" && named && !(capital && place.before.is_some_and(|before| before == "of"));
    if street && !capital {
        return Some("Street");
    }
    let fits = match kind {
        Title => capital || word != "St" && place.after == Some("and"),
        BeforeNumber => Place::starts(place.after, |first| first.is_ascii_digit()),
        AfterNumber => Place::starts(place.before, |first| first.is_ascii_digit()),
        Any => true,
    };
    (fits && (place.dotted || !dot)).then_some(*said)
}

/// Whether the full stop after `word` never ends a sentence.
pub(super) fn never_ends(word: &str) -> bool {
    let title = |entry: &&Entry| entry.0 == word && entry.2 == Title && entry.0 != "St";
    word == "St"
        || TABLE.iter().any(|entry| title(&entry))
        || matches!(word, "e.g" | "i.e" | "vs" | "viz")
}

/// Whether the full stop after `word` ends no sentence when a number follows.
pub(super) fn before_number(word: &str) -> bool {
    TABLE
        .iter()
        .any(|entry| entry.0 == word && entry.2 == BeforeNumber)
}

/// The measure that is glued to a number, as in `20mph`.
pub(super) fn measure(unit: &str) -> Option<&'static str> {
    let entry = TABLE
        .iter()
        .find(|entry| entry.0 == unit && entry.2 == AfterNumber);
    entry.map(|entry| entry.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(
        word: &str,
        dotted: bool,
        before: Option<&str>,
        after: Option<&str>,
    ) -> Option<&'static str> {
        spoken(
            word,
            Place {
                dotted,
                before,
                after,
            },
        )
    }

    #[test]
    fn a_title_needs_a_name_after_it() {
        assert_eq!(said("Dr", true, None, Some("Smith")), Some("Doctor"));
        assert_eq!(said("Gen", false, None, Some("Smith")), None);
        assert_eq!(said("Dr", true, None, Some("who")), None);
    }

    #[test]
    fn a_saint_stands_before_a_name_and_a_street_after_one() {
        assert_eq!(said("St", true, Some("to"), Some("Ives")), Some("Saint"));
        assert_eq!(said("St", true, Some("Baker"), None), Some("Street"));
        assert_eq!(said("St", true, Some("Baker"), Some("and")), Some("Street"));
    }

    #[test]
    fn no_is_a_number_only_before_one() {
        assert_eq!(said("No", true, None, Some("5")), Some("Number"));
        assert_eq!(said("No", true, None, Some("I")), None);
    }

    #[test]
    fn no_abbreviation_stands_twice() {
        for (index, entry) in TABLE.iter().enumerate() {
            assert!(
                TABLE[index + 1..].iter().all(|other| other.0 != entry.0),
                "{}",
                entry.0
            );
        }
    }
}
