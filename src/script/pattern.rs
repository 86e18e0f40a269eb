//! Phrases looked for in a text's tokens.
//!
//! A phrase is written in words: `|` parts words of which one must stand, `~` is up to two words more, `#` a
//! number in figures or words.

use std::{collections::HashMap, hash::Hash};

use super::text::Text;

/// Phrases, each with what it means, found by their first word.
pub(super) struct Patterns<T> {
    by_word: HashMap<&'static str, Vec<(T, Vec<Place>)>>,
    numbers: Vec<(T, Vec<Place>)>,
}

/// One place of a phrase.
#[derive(Clone)]
enum Place {
    Words(Vec<&'static str>),
    Gap,
    Number,
}

impl<T: Copy + Eq + Hash> Patterns<T> {
    /// Phrases that begin with a word or a number.
    pub(super) fn new(phrases: &[(T, &'static str)]) -> Self {
        let mut patterns = Self {
            by_word: HashMap::new(),
            numbers: Vec::new(),
        };
        for (meaning, phrase) in phrases {
            let places: Vec<Place> = phrase.split_whitespace().map(place).collect();
            match places.first() {
                Some(Place::Words(words)) => {
                    for word in words {
                        let known = patterns.by_word.entry(word).or_default();
                        known.push((*meaning, places.clone()));
                    }
                }
                _ => patterns.numbers.push((*meaning, places)),
            }
        }
        patterns
    }

    /// What the phrase means that begins at token `at` and ends before `end`.
    pub(super) fn at(&self, text: &Text, at: usize, end: usize) -> Option<T> {
        let known = self.by_word.get(text.low(at)).into_iter().flatten();
        let numbers = self.numbers.iter().filter(|_| is_number(text, at));
        let mut all = known.chain(numbers);
        let (meaning, _) = all.find(|(_, places)| stands(text, places, at, end))?;
        Some(*meaning)
    }
}

fn place(part: &'static str) -> Place {
    match part {
        "~" => Place::Gap,
        "#" => Place::Number,
        words => Place::Words(words.split('|').collect()),
    }
}

fn stands(text: &Text, places: &[Place], at: usize, end: usize) -> bool {
    let Some((first, rest)) = places.split_first() else {
        return true;
    };
    match first {
        Place::Words(words) => {
            at < end && words.contains(&text.low(at)) && stands(text, rest, at + 1, end)
        }
        Place::Number => at < end && is_number(text, at) && stands(text, rest, at + 1, end),
        Place::Gap => (0..=2).any(|skipped| {
            let gap = at..at + skipped;
            gap.end <= end
                && gap.clone().all(|word| text.tokens[word].letter)
                && stands(text, rest, gap.end, end)
        }),
    }
}

/// Numbers in words, as far as they count days and years.
const NUMBERS: &str = "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen \
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred several many";

fn is_number(text: &Text, at: usize) -> bool {
    let word = text.low(at);
    word.starts_with(|c: char| c.is_ascii_digit())
        || NUMBERS.split_whitespace().any(|number| number == word)
}
