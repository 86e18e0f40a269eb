//! Text to phonemes: legible characters, then misaki, then whatever misaki left unsaid.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, OnceLock},
};

use misaki_rs::{G2P, MToken};

use super::{
    legible::{given, legible},
    pronouncer::Pronouncer,
    unknown::{Shared, Unknown},
    vocabulary::{is_sound, token},
};

/// Raised whenever the same text may give other phonemes than before: clips made by an older stage are then stale.
pub(super) const REVISION: u32 = 2;

/// Which English a voice speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// General American.
    American,
    /// Southern British.
    British,
}

/// One dialect's dictionaries and tagger.
struct Reader {
    misaki: G2P,
    unknown: Arc<Unknown>,
}

/// The whole stage; each dialect is loaded when its first voice speaks.
pub(super) struct Phonemes {
    unknown: Arc<Unknown>,
    american: OnceLock<Reader>,
    british: OnceLock<Reader>,
}

impl Phonemes {
    /// The stage with the network that pronounces unknown words.
    pub(super) fn new(pronouncer: Pronouncer) -> Self {
        Self {
            unknown: Arc::new(Unknown::american(Arc::new(pronouncer))),
            american: OnceLock::new(),
            british: OnceLock::new(),
        }
    }

    /// The phonemes of `text`, only symbols that Kokoro knows. Empty if nothing in it can be said.
    pub(super) fn phonemes(&self, text: &str, dialect: Dialect) -> String {
        let text = legible(text);
        let reader = self.reader(dialect);
        let phonemes = reader
            .read(&text)
            .unwrap_or_else(|| reader.word_by_word(&text));
        let mut phonemes = tidy(&phonemes);
        let stops = text.trim_end_matches(['"', '”', '\'', ')']).ends_with('.');
        if stops && phonemes.ends_with(is_sound) {
            phonemes.push('.');
        }
        phonemes
    }

    fn reader(&self, dialect: Dialect) -> &Reader {
        match dialect {
            Dialect::American => self
                .american
                .get_or_init(|| Reader::new(dialect, self.unknown.clone())),
            Dialect::British => self.british.get_or_init(|| {
                let unknown = Unknown::british(self.unknown.clone());
                Reader::new(dialect, Arc::new(unknown))
            }),
        }
    }
}

impl Reader {
    fn new(dialect: Dialect, unknown: Arc<Unknown>) -> Self {
        let fallback = Box::new(Shared(unknown.clone()));
        Self {
            misaki: G2P::with_fallback(dialect.language(), Some(fallback)),
            unknown,
        }
    }

    /// What misaki says, with its gaps filled; `None` if it fails on this text.
    fn read(&self, text: &str) -> Option<String> {
        let text = &self.marked(text);
        // Misaki holds no state between calls, so nothing is left half-changed by a panic in it.
        let read = catch_unwind(AssertUnwindSafe(|| self.misaki.g2p(text)));
        let (_, tokens) = read.ok()?.ok()?;
        Some(tokens.iter().map(|token| self.sound(token)).collect())
    }

    /// The text with a mark on every word that misaki would answer wrongly by a rule of its own.
    fn marked(&self, text: &str) -> String {
        let mut marked = String::with_capacity(text.len());
        for piece in text.split_inclusive(' ') {
            let letters = |letter: char| letter.is_ascii_alphabetic();
            let start = piece.find(letters).unwrap_or(piece.len());
            let (before, rest) = piece.split_at(start);
            let end = rest
                .find(|letter| !letters(letter) && letter != '\'')
                .unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            let whole = !before.ends_with(['[', '\'']) && !after.starts_with(['-', ']']);
            match self.unknown.preferred(word).filter(|_| whole) {
                Some(phonemes) => marked += &[before, &given(word, &phonemes), after].concat(),
                None => marked += piece,
            }
        }
        marked
    }

    /// A token's phonemes and the blanks after it.
    fn sound(&self, token: &MToken) -> String {
        let phonemes = token.phonemes.as_deref().unwrap_or_default();
        let gaps = token.phonemes.is_none() || phonemes.contains(&self.misaki.unk);
        let silent = !phonemes.chars().any(is_sound);
        let spoken = token
            .text
            .contains(|letter: char| letter.is_ascii_alphanumeric());
        if spoken && (gaps || silent) {
            return self.unknown.phonemes(&token.text) + &token.whitespace;
        }
        // An apostrophe at the end of a word is taken for a closing quote, one alone for either.
        let phonemes = match token.text.strip_suffix('\'') {
            Some("") => "",
            Some(_) => phonemes.trim_end_matches('”'),
            None => phonemes,
        };
        phonemes.replace(&self.misaki.unk, "") + &token.whitespace
    }

    /// Each word on its own, for the text that misaki cannot take as a whole.
    fn word_by_word(&self, text: &str) -> String {
        let words = text
            .split(' ')
            .map(|word| self.unknown.phonemes(word) + mark_after(word));
        words.collect::<Vec<_>>().join(" ")
    }
}

/// The punctuation that ends a word.
fn mark_after(word: &str) -> &str {
    let mark = word.char_indices().last().map(|(index, _)| &word[index..]);
    mark.filter(|mark| matches!(*mark, "." | "," | ";" | ":" | "!" | "?" | "—" | "…"))
        .unwrap_or("")
}

/// Known symbols only, single blanks, none at the ends or before a closing mark.
fn tidy(phonemes: &str) -> String {
    let mut tidy = String::new();
    for symbol in phonemes
        .chars()
        .map(|symbol| if symbol.is_whitespace() { ' ' } else { symbol })
    {
        if token(symbol).is_none() || symbol == ' ' && (tidy.is_empty() || tidy.ends_with(' ')) {
            continue;
        }
        if matches!(symbol, ',' | '.' | ';' | ':' | '!' | '?' | '…' | '”' | ')')
            && tidy.ends_with(' ')
        {
            tidy.pop();
        }
        tidy.push(symbol);
    }
    tidy.truncate(tidy.trim_end().len());
    tidy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_single_and_none_stands_before_a_full_stop() {
        assert_eq!(tidy("  a\n b❓ ."), "a b.");
    }

    #[test]
    fn the_mark_after_a_word_is_kept() {
        assert_eq!(mark_after("no!"), "!");
        assert_eq!(mark_after("no"), "");
    }
}
