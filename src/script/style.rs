//! How everyone talks: which words each speaker uses more than the others.

use std::collections::HashMap;

use super::{book::Book, people::PersonId, text::Word};

/// Counts of the words of everyone whose turns are sure.
#[derive(Default)]
pub(super) struct Styles {
    all: HashMap<Word, u32>,
    total: u32,
    by_person: HashMap<(PersonId, Word), u32>,
    totals: HashMap<PersonId, u32>,
    /// The speaker each turn was counted for.
    counted: Vec<Option<PersonId>>,
}

/// How many words of the whole story's speech are mixed into each speaker's.
const PRIOR: f32 = 300.0;

impl Styles {
    /// Counts all speech of `book`; `said` are the sure speakers of its turns.
    pub(super) fn of(book: &Book, said: &[Option<PersonId>]) -> Self {
        let mut styles = Self {
            counted: said.to_vec(),
            ..Self::default()
        };
        for (turn, person) in said.iter().enumerate() {
            for word in words(book, turn) {
                *styles.all.entry(word).or_default() += 1;
                styles.total += 1;
                if let Some(person) = person {
                    *styles.by_person.entry((*person, word)).or_default() += 1;
                    *styles.totals.entry(*person).or_default() += 1;
                }
            }
        }
        styles
    }

    /// How much more like `person` than like anyone the words of `turn` are, about -3.0 to 3.0; the turn itself
    /// is left out of what is known of the person.
    pub(super) fn likeness(&self, book: &Book, turn: usize, person: PersonId) -> f32 {
        let total = self.totals.get(&person).copied().unwrap_or(0);
        if total == 0 {
            return 0.0;
        }
        let own: Vec<Word> = words(book, turn).collect();
        let counted = self.counted[turn] == Some(person);
        let total = total as f32 - if counted { own.len() as f32 } else { 0.0 };
        let mut sum = 0.0;
        for word in &own {
            let count = self.by_person.get(&(person, *word)).copied().unwrap_or(0) as f32;
            let mine = if counted {
                own.iter().filter(|other| *other == word).count() as f32
            } else {
                0.0
            };
            let share = self.all[word] as f32 / self.total as f32;
            sum += ((count - mine + PRIOR * share) / (total + PRIOR)).ln() - share.ln();
        }
        (sum / (4.0 + own.len() as f32).sqrt()).clamp(-3.0, 3.0)
    }
}

/// The most words of a turn that are looked at.
const MOST: usize = 150;

fn words(book: &Book, turn: usize) -> impl Iterator<Item = Word> {
    let text = &book.text;
    let quotes = &book.turns[turn].quotes;
    let tokens = quotes
        .iter()
        .flat_map(|quote| &text.tokens[text.quote_tokens[*quote].clone()]);
    tokens
        .filter(|token| token.letter)
        .map(|token| token.word)
        .take(MOST)
}
