//! Words in capitals: shouting is lowered, abbreviations stay.

use super::{roman, word::Word};

/// Short words that are shouted more often than they are abbreviations.
#[rustfmt::skip]
const SHOUTED: &[&str] = &[
    "ALL", "AM", "AND", "ARE", "AWAY", "BACK", "BE", "BUT", "CAN", "COME", "DID", "DIE", "DO", "DONE", "DOWN",
    "EVER", "FOR", "FROM", "GET", "GO", "GOD", "GONE", "HAD", "HAS", "HAVE", "HE", "HELL", "HELP", "HER", "HERE",
    "HIM", "HIS", "HOLD", "HOW", "IF", "IN", "INTO", "IS", "JUST", "KILL", "KNOW", "LET", "LIE", "LOOK", "LOVE",
    "ME", "MINE", "MOVE", "MUST", "MY", "NEED", "NEVER", "NO", "NOT", "NOW", "OF", "OFF", "OH", "ON", "ONE", "ONLY",
    "OPEN", "OR", "OUR", "OUT", "OVER", "PLEASE", "REAL", "RUN", "SAW", "SEE", "SHE", "SHUT", "SO", "SOME", "SORRY",
    "STAY", "STOP", "TELL", "THAT", "THE", "THEM", "THEN", "THERE", "THEY", "THIS", "TO", "TOO", "TRUE", "UP", "VERY",
    "WAIT", "WANT", "WAS", "WE", "WERE", "WHAT", "WHEN", "WHERE", "WHO", "WHY", "WILL", "WITH", "YES", "YOU", "YOUR",
];

/// Abbreviations that stay even among shouted words.
#[rustfmt::skip]
const KEPT: &[&str] = &[
    "AA", "AC", "AI", "AIDS", "ATM", "BBC", "BMW", "CCTV", "CD", "CEO", "CIA", "CNN", "CPR", "DJ", "DNA", "DVD",
    "EMP", "EU", "FBI", "GP", "GPS", "HMS", "HQ", "HR", "ICU", "ID", "IQ", "IRA", "JFK", "KGB", "LA", "LAPD", "MI",
    "MP", "MRI", "NASA", "NATO", "NHS", "NSA", "NYPD", "OK", "PC", "PI", "POW", "RAF", "RIP", "RSPCA", "SAS", "SOS",
    "SS", "SUV", "SWAT", "TNT", "TV", "UFO", "UK", "UN", "UNESCO", "UNICEF", "US", "USA", "USB", "USS", "VIP", "WC",
];

/// Lowers shouted words: known ones, long ones, and all that stand beside another.
pub(super) fn lower(words: &mut [Word]) {
    let loud: Vec<bool> = words.iter().map(|word| is_capitals(&word.core)).collect();
    let shouted: Vec<bool> = words.iter().map(|word| is_shouted(&word.core)).collect();
    for (index, word) in words.iter_mut().enumerate() {
        let around = index.saturating_sub(1)..(index + 2).min(loud.len());
        let beside = around
            .filter(|&other| other != index)
            .any(|other| loud[other] && shouted[other]);
        if loud[index] && (shouted[index] || beside && !KEPT.contains(&word.core.as_str())) {
            word.core = lowered(&word.core, index == 0);
        }
    }
}

/// Two letters at least, none of them small. `I` and `A` alone say nothing.
fn is_capitals(word: &str) -> bool {
    let letters = word.chars().filter(|letter| letter.is_alphabetic());
    letters.clone().count() > 1
        && letters.clone().all(char::is_uppercase)
        && word
            .chars()
            .all(|letter| letter.is_alphabetic() || matches!(letter, '\'' | '’' | '-'))
}

fn is_shouted(word: &str) -> bool {
    let contracted = word.contains(['\'', '’']);
    let long = word.chars().count() >= 5 && !KEPT.contains(&word) && roman::value(word).is_none();
    contracted || long || SHOUTED.contains(&word)
}

fn lowered(word: &str, first: bool) -> String {
    let small = word.to_lowercase();
    let alone = small == "i" || small.starts_with("i'") || small.starts_with("i’");
    let mut letters = small.chars();
    match letters.next() {
        Some(letter) if first || alone => letter.to_uppercase().chain(letters).collect(),
        _ => small,
    }
}

#[cfg(test)]
mod tests {
    use super::super::word::{self, Word};

    fn lower(text: &str) -> String {
        let mut words: Vec<Word> = word::split(text);
        super::lower(&mut words);
        word::join(&words)
    }

    #[test]
    fn shouting_is_lowered() {
        assert_eq!(lower("I did NOT do it."), "I did not do it.");
        assert_eq!(
            lower("GET OUT OF MY HOUSE! I'M DONE"),
            "Get out of my house! I'm done"
        );
        assert_eq!(lower("It was HORRIBLE."), "It was horrible.");
        assert_eq!(lower("CALL THE FBI"), "Call the FBI");
    }

    #[test]
    fn an_abbreviation_stays() {
        for text in [
            "The FBI and NASA came.",
            "He works for the BBC.",
            "Henry VIII died.",
        ] {
            assert_eq!(lower(text), text);
        }
    }
}
