//! Everyone who speaks in an edited script: the page's cast list, and what the story tells of them.

use std::collections::BTreeMap;

use super::{Entry, roster::Roster};
use crate::script::{Age, Character, Gender, Kind, Line, Name, Script};

/// Everyone who speaks in `lines`, as the page's cast list has them, else as they were found.
pub(super) fn characters(roster: &Roster, automatic: &Script, lines: &[Line]) -> Vec<Character> {
    let mut counts: BTreeMap<Name, usize> = BTreeMap::from([(Name::narrator(), 0)]);
    for line in lines.iter().filter(|line| line.kind != Kind::Skipped) {
        *counts.entry(line.speaker.clone()).or_default() += 1;
    }
    let mut characters: Vec<Character> = counts
        .into_iter()
        .map(|(name, lines)| character(roster, automatic, name, lines))
        .collect();
    let order = |one: &Character| {
        (
            !one.name.is_narrator(),
            usize::MAX - one.lines,
            one.name.clone(),
        )
    };
    characters.sort_by_cached_key(order);
    characters
}

fn character(roster: &Roster, automatic: &Script, name: Name, lines: usize) -> Character {
    let found = found(roster, automatic, &name);
    let entries = roster.entries_of(&name);
    let mut character = plain(name, lines);
    if entries.is_empty() {
        return found.map_or(character, |found| Character {
            lines,
            ..found.clone()
        });
    }
    for entry in entries {
        merge(&mut character, entry);
    }
    if let Some(found) = found {
        if (found.gender, found.age) == (character.gender, character.age) {
            character.evidence.clone_from(&found.evidence);
        } else {
            "set in the script".clone_into(&mut character.evidence);
        }
    }
    character
}

/// The character that was found and goes by `name` in the end, the one of that very name first.
fn found<'a>(roster: &Roster, automatic: &'a Script, name: &Name) -> Option<&'a Character> {
    let mut all = automatic.characters.iter();
    let same = all.clone().find(|one| one.name == *name);
    same.or_else(|| all.find(|one| roster.resolve(one.name.as_str()) == *name))
}

/// Adds what the cast list says of one of the names of `character`.
fn merge(character: &mut Character, entry: &Entry) {
    for name in std::iter::once(&entry.name).chain(&entry.aliases) {
        if name != character.name.as_str() && !character.aliases.contains(name) {
            character.aliases.push(name.clone());
        }
    }
    if character.gender == Gender::Unknown {
        character.gender = entry.gender;
    }
    if character.age == Age::Unknown {
        character.age = entry.age;
    }
    character.narrates |= entry.narrates;
}

fn plain(name: Name, lines: usize) -> Character {
    Character {
        name,
        aliases: Vec::new(),
        gender: Gender::Unknown,
        age: Age::Unknown,
        evidence: String::new(),
        lines,
        narrates: false,
    }
}
