//! What everyone is called: the fullest common name, the others as aliases.

use std::collections::BTreeSet;

use super::{book::Book, gender::capitalised, people::PersonId, text::Word};

/// The canonical name of `person` and the other names the story uses.
pub(super) fn names(book: &Book, person: PersonId) -> (String, Vec<String>) {
    let known = &book.people.all[person];
    // A name comes before "the boy", however often that stands.
    let describes = |phrase: &[Word]| {
        known.role.is_none() && book.text.entry_of(phrase[0]).determiner && phrase.len() > 1
    };
    let mut names: Vec<(bool, usize, String)> = known
        .phrases
        .iter()
        .map(|phrase| (describes(phrase), book.uses(phrase), shown(book, phrase)))
        .collect();
    names.sort_by(|one, other| {
        let uses = (one.0, other.1).cmp(&(other.0, one.1));
        uses.then_with(|| one.2.cmp(&other.2))
    });
    let mut seen = BTreeSet::new();
    names.retain(|(.., name)| seen.insert(name.clone()));
    let mut names: Vec<String> = names.into_iter().map(|(.., name)| name).collect();
    if let Some(label) = &known.label {
        let label = capitalised(label.strip_prefix("the ").unwrap_or(label));
        names.retain(|name| *name != label);
        names.insert(0, label);
    }
    if names.is_empty() {
        names.push(format!("Person {}", person + 1));
    }
    let first = names.remove(0);
    (first, names)
}

/// A phrase with capitals where names have them.
fn shown(book: &Book, phrase: &[Word]) -> String {
    let small = [
        "de", "of", "von", "van", "du", "di", "del", "der", "la", "le", "and", "the",
    ];
    let mut words: Vec<String> = Vec::new();
    for (at, word) in phrase.iter().enumerate() {
        let word = book.text.word(*word);
        if at == 0 && matches!(word, "the" | "a" | "an") {
            continue;
        }
        words.push(match word {
            "mr" | "mrs" | "ms" | "dr" | "st" | "prof" | "rev" | "col" | "capt" | "gen" | "lt"
            | "sgt" => {
                format!("{}.", capitalised(word))
            }
            _ if at > 0 && small.contains(&word) => word.to_owned(),
            _ => word
                .split('-')
                .map(capitalised)
                .collect::<Vec<_>>()
                .join("-"),
        });
    }
    words.join(" ")
}
