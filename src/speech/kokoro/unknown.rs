//! Phonemes for words that misaki's dictionaries lack: a table of names, inflections and compounds of known words,
//! then the network's guess. Every word gets some.

use std::sync::{Arc, OnceLock};

use misaki_rs::{Fallback, Language, Lexicon, fallback::FallbackError};

use super::{
    british::british,
    inflection::{ENDINGS, Sound},
    names,
    phonemes::Dialect,
    pronouncer::{LONGEST, Pronouncer},
    vocabulary::is_sound,
};
use crate::language;

/// Answers for unknown words in one dialect.
pub(super) struct Unknown {
    dialect: Dialect,
    lexicon: OnceLock<Lexicon>,
    /// American pronunciations of what the British dictionaries lack.
    american: Option<Arc<Unknown>>,
    pronouncer: Arc<Pronouncer>,
}

/// How a [`Fallback`] is shared between misaki and the stages after it.
pub(super) struct Shared(pub(super) Arc<Unknown>);

impl Fallback for Shared {
    fn phonemize(&self, word: &str) -> Result<String, FallbackError> {
        Ok(self.0.phonemes(word))
    }
}

impl Unknown {
    /// For American words.
    pub(super) fn american(pronouncer: Arc<Pronouncer>) -> Self {
        Self {
            dialect: Dialect::American,
            lexicon: OnceLock::new(),
            american: None,
            pronouncer,
        }
    }

    /// For British words; what they lack is asked of `american`.
    pub(super) fn british(american: Arc<Self>) -> Self {
        Self {
            dialect: Dialect::British,
            lexicon: OnceLock::new(),
            pronouncer: american.pronouncer.clone(),
            american: Some(american),
        }
    }

    /// The phonemes of `text`, which may be a word, several with hyphens, a number or both in one; never empty for
    /// text with a letter or a digit.
    pub(super) fn phonemes(&self, text: &str) -> String {
        let mut out = String::new();
        for part in parts(text) {
            let digits = part.starts_with(|first: char| first.is_ascii_digit());
            let sound = if digits {
                self.number(part)
            } else {
                self.word(part)
            };
            if digits && !out.is_empty() {
                out.push(' ');
            }
            out.push_str(&sound);
            if digits {
                out.push(' ');
            }
        }
        out.trim().to_owned()
    }

    /// The phonemes of a word that misaki has no entry for and is known to guess wrongly: names of the table, and
    /// endings after a `y` that became `i` (`denied` is not `deni` with an ending).
    pub(super) fn preferred(&self, word: &str) -> Option<String> {
        let stem = word.strip_suffix("'s");
        if let (Some(stem), true) = (stem, word.len() > 3) {
            return self
                .preferred(stem)
                .map(|sound| self.lexicon().append_s(&sound));
        }
        if word.len() < 3 || self.lexicon().in_gold(word) {
            return None;
        }
        let changed = word.ends_with("ied") || word.ends_with("ier") || word.ends_with("iest");
        let inflected = || changed.then(|| self.inflection(word)).flatten();
        self.name(word)
            .or_else(|| Self::stuttered(word))
            .or_else(inflected)
    }

    /// `buh`, the first half of `buh-but`.
    fn stuttered(word: &str) -> Option<String> {
        let head = word.to_lowercase();
        let onset = names::onset(head.strip_suffix("uh")?)?;
        Some(format!("{onset}ə"))
    }

    fn number(&self, digits: &str) -> String {
        let words = language::digits(digits);
        let sounds: Vec<String> = words
            .split([' ', '-'])
            .map(|word| self.word(word))
            .collect();
        sounds.join(" ")
    }

    /// One word of letters and apostrophes.
    fn word(&self, word: &str) -> String {
        let word = &cased(word);
        self.known(word)
            .or_else(|| self.name(word))
            .or_else(|| Self::stuttered(word))
            .or_else(|| self.contraction(word))
            .or_else(|| self.inflection(word))
            .or_else(|| self.drawled(word))
            .or_else(|| self.compound(word))
            .or_else(|| self.guess(word))
            .unwrap_or_else(|| self.spelled(word))
    }

    fn lexicon(&self) -> &Lexicon {
        self.lexicon
            .get_or_init(|| Lexicon::new(self.dialect.language()))
    }

    /// What the dictionaries say, the American ones standing in for the British.
    fn known(&self, word: &str) -> Option<String> {
        let lexicon = self.lexicon();
        let lower = word.to_lowercase();
        let found = [word, &lower]
            .into_iter()
            .find(|word| lexicon.in_gold(word) || lexicon.silvers.contains_key(*word));
        if let Some(found) = found {
            return lexicon
                .lookup(found, "NN", None, None)
                .map(|(phonemes, _)| phonemes);
        }
        let american = self.american.as_ref()?.known(word)?;
        Some(british(word, &american))
    }

    fn name(&self, word: &str) -> Option<String> {
        names::phonemes(word).map(|american| self.adapted(word, american))
    }

    fn adapted(&self, word: &str, phonemes: &str) -> String {
        match self.dialect {
            Dialect::American => phonemes.to_owned(),
            Dialect::British => british(word, phonemes),
        }
    }

    /// `Jezeil's`, `wolves'`, `Jezeil'd`, `doin'`.
    fn contraction(&self, word: &str) -> Option<String> {
        let word = word.trim_start_matches('\'');
        let (stem, ending) = word.rsplit_once('\'')?;
        if stem.is_empty() {
            return (!ending.is_empty()).then(|| self.word(ending));
        }
        let sound = self.word(stem);
        Some(match ending.to_lowercase().as_str() {
            "" if stem.ends_with("in") => self.word(&format!("{stem}g")).replace('ŋ', "n"),
            "" => sound,
            "s" => self.lexicon().append_s(&sound),
            "d" => sound + "d",
            "ll" => sound + "ᵊl",
            "ve" => sound + "əv",
            "re" => {
                sound
                    + if self.dialect == Dialect::British {
                        "ə"
                    } else {
                        "əɹ"
                    }
            }
            "t" => sound + "t",
            _ => sound + &self.word(ending),
        })
    }

    /// A known word with an ending.
    fn inflection(&self, word: &str) -> Option<String> {
        ENDINGS.iter().find_map(|ending| {
            let cut = word.strip_suffix(ending.written)?;
            let stems = ending.stems.iter().map(|stem| stem.of(cut));
            let stem = stems.flatten().find_map(|stem| self.stem(&stem))?;
            Some(self.join(&stem, ending.kind))
        })
    }

    fn stem(&self, stem: &str) -> Option<String> {
        (stem.len() > 2).then(|| self.known(stem)).flatten()
    }

    fn join(&self, stem: &str, ending: Sound) -> String {
        let lexicon = self.lexicon();
        let american = self.dialect == Dialect::American;
        match ending {
            Sound::S => lexicon.append_s(stem),
            Sound::Ed => lexicon.append_ed(stem),
            Sound::Ing => lexicon
                .append_ing(stem)
                .unwrap_or_else(|| format!("{stem}ɪŋ")),
            Sound::Er if american => format!("{stem}əɹ"),
            Sound::Er => format!("{stem}ə"),
            Sound::Plain(sound) => match stem.chars().last() {
                Some('l') if sound.starts_with('l') => format!("{stem}{}", &sound[1..]),
                _ => format!("{stem}{sound}"),
            },
        }
    }

    /// `Nooooo`, `sssso`: runs of three and more letters become two, then one.
    fn drawled(&self, word: &str) -> Option<String> {
        let short = |most: usize| {
            let mut letters: Vec<char> = Vec::new();
            for letter in word.to_lowercase().chars() {
                let run = letters
                    .iter()
                    .rev()
                    .take_while(|&&last| last == letter)
                    .count();
                if run < most {
                    letters.push(letter);
                }
            }
            letters.into_iter().collect::<String>()
        };
        let double = short(2);
        if double.len() == word.len() {
            return None;
        }
        let sound = |word: &str| self.known(word).or_else(|| self.name(word));
        sound(&double)
            .or_else(|| sound(&short(1)))
            .or_else(|| Some(self.word(&double)))
    }

    /// `candlelight`: two known words of four letters at least; the second loses its stress.
    fn compound(&self, word: &str) -> Option<String> {
        let word = word.to_lowercase();
        if !word.bytes().all(|letter| letter.is_ascii_lowercase()) {
            return None;
        }
        let cuts = (4..word.len().saturating_sub(3)).rev();
        cuts.map(|cut| word.split_at(cut))
            .find_map(|(first, second)| {
                let lexicon = self.lexicon();
                if !lexicon.golds.contains_key(first) || !lexicon.golds.contains_key(second) {
                    return None;
                }
                let second = self.known(second)?.replace('ˌ', "").replace('ˈ', "ˌ");
                Some(self.known(first)? + &second)
            })
    }

    /// The network's guess, if it is one.
    fn guess(&self, word: &str) -> Option<String> {
        if word.len() > LONGEST
            || !word.contains(['a', 'e', 'i', 'o', 'u', 'y', 'A', 'E', 'I', 'O', 'U', 'Y'])
        {
            return None;
        }
        let guess = self.pronouncer.pronounce(word);
        let sounds = guess.chars().filter(|&symbol| is_sound(symbol)).count();
        let vowel = guess.contains([
            'A', 'I', 'O', 'W', 'Y', 'i', 'u', 'æ', 'ɑ', 'ɔ', 'ə', 'ɛ', 'ɜ', 'ɪ', 'ʊ', 'ʌ', 'ᵊ',
            'ᵻ',
        ]);
        let fits = vowel && sounds <= 2 * word.len() + 2 && 4 * sounds >= word.len();
        fits.then(|| self.adapted(word, &guess))
    }

    /// Letter by letter, as an abbreviation is read: what misaki's lookup does with a word it lacks.
    fn spelled(&self, word: &str) -> String {
        let letters: String = word.chars().filter(char::is_ascii_alphabetic).collect();
        let names = self
            .lexicon()
            .lookup(&letters.to_lowercase(), "NN", None, None);
        names.map(|(phonemes, _)| phonemes).unwrap_or_default()
    }
}

impl Dialect {
    /// The dialect as misaki names it.
    pub(super) fn language(self) -> Language {
        match self {
            Self::American => Language::EnglishUS,
            Self::British => Language::EnglishGB,
        }
    }
}

/// Runs of letters (with apostrophes) and runs of digits.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let kind = |letter: char| match letter {
        '0'..='9' => 1,
        'A'..='Z' | 'a'..='z' | '\'' => 2,
        _ => 0,
    };
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest
            .find(|letter| kind(letter) != kind(first))
            .unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        if part.contains(|letter: char| letter.is_ascii_alphanumeric()) {
            parts.push(part);
        }
        rest = after;
    }
    parts
}

/// A word shouted in capitals as it would be said aloud: the network reads capitals as names of letters.
fn cased(word: &str) -> String {
    let shouted = word.len() > 1 && !word.contains(|letter: char| letter.is_ascii_lowercase());
    match word.split_at_checked(1) {
        Some((first, rest)) if shouted => first.to_owned() + &rest.to_lowercase(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_cut_where_letters_meet_digits_and_hyphens() {
        assert_eq!(
            parts("half-Hamatran's 4x4"),
            ["half", "Hamatran's", "4", "x", "4"]
        );
        assert!(parts("--'").is_empty());
    }

    #[test]
    fn shouting_is_lowered_but_a_name_keeps_its_capital() {
        assert_eq!(cased("JEZEIL"), "Jezeil");
        assert_eq!(cased("Jezeil"), "Jezeil");
        assert_eq!(cased("A"), "A");
    }
}
