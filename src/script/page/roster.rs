//! Who is meant by a name: the cast list with its aliases and renamings.

use std::collections::{BTreeMap, BTreeSet};

use super::{Complaint, Entry, Item};
use crate::script::Name;

/// The cast list, to be asked by name.
pub(super) struct Roster<'p> {
    /// Entries by name.
    entries: BTreeMap<&'p str, &'p Entry>,
    /// Names of entries by alias; an alias that two share is nobody's.
    aliases: BTreeMap<&'p str, Option<&'p str>>,
}

impl<'p> Roster<'p> {
    /// The roster of a page's items.
    pub(super) fn of(items: &'p [Item]) -> Self {
        let mut roster = Self {
            entries: BTreeMap::new(),
            aliases: BTreeMap::new(),
        };
        for item in items {
            let Item::Entry(entry) = item else { continue };
            roster.entries.insert(&entry.name, entry);
            for alias in &entry.aliases {
                let owner = roster.aliases.entry(alias).or_insert(Some(&entry.name));
                if *owner != Some(&entry.name) {
                    *owner = None;
                }
            }
        }
        roster
    }

    /// Whether a line may name `name`.
    pub(super) fn knows(&self, name: &str) -> bool {
        Name::new(name).is_narrator() || self.entry(name).is_some() || self.is_new(name)
    }

    /// Whether someone is renamed to `name`.
    fn is_new(&self, name: &str) -> bool {
        let new = |entry: &&Entry| entry.renamed.as_deref() == Some(name);
        self.entries.values().any(new)
    }

    /// Every name and alias, for suggestions.
    pub(super) fn names(&self) -> Vec<String> {
        let names = self.entries.keys().chain(self.aliases.keys());
        names
            .copied()
            .chain(["Narrator", "Heading", "Skipped"])
            .map(str::to_owned)
            .collect()
    }

    /// The entry that `name` is the name or an alias of.
    fn entry(&self, name: &str) -> Option<&'p Entry> {
        let alias = || self.aliases.get(name).copied().flatten();
        let name = if self.entries.contains_key(name) {
            name
        } else {
            alias()?
        };
        self.entries.get(name).copied()
    }

    /// The name that `name` is to have, renamings followed; itself if the list does not know it.
    pub(super) fn resolve(&self, name: &str) -> Name {
        let mut name = self.entry(name).map_or(name, |entry| &entry.name);
        // A circle is a fault that was complained of; the count only makes sure of an end.
        for _ in 0..=self.entries.len() {
            match self
                .entries
                .get(name)
                .and_then(|entry| entry.renamed.as_deref())
            {
                Some(new) => name = new,
                None => break,
            }
        }
        Name::new(name)
    }

    /// The entries that go by `name` in the end, the one of that name first.
    pub(super) fn entries_of(&self, name: &Name) -> Vec<&'p Entry> {
        let mut all: Vec<&Entry> = self.entries.values().copied().collect();
        all.retain(|entry| self.resolve(&entry.name) == *name);
        all.sort_by_key(|entry| (entry.name != name.as_str(), entry.row));
        all
    }
}

/// What is wrong with the cast list: a name twice, a circle of new names, a reserved one.
pub(super) fn faults(items: &[Item]) -> Vec<Complaint> {
    let roster = Roster::of(items);
    let mut seen = BTreeSet::new();
    let mut complaints = Vec::new();
    for item in items {
        let Item::Entry(entry) = item else { continue };
        let mut complain = |message: String| {
            complaints.push(Complaint {
                row: entry.row,
                column: 3,
                message,
            });
        };
        if !seen.insert(&entry.name) {
            complain(format!(
                "`{0}` stands twice on the cast list: take one away",
                entry.name
            ));
        }
        if entry.name == "Narrator" && entry.renamed.is_some() {
            complain("the narrator keeps the name: write `tells the story` beside the character who tells it".into());
        }
        let names = [Some(&entry.name), entry.renamed.as_ref()];
        for name in names.into_iter().flatten() {
            if matches!(name.as_str(), "Heading" | "Skipped") {
                complain(format!(
                    "`{name}` has a meaning of its own in a script: choose another name"
                ));
            }
        }
        if entry.renamed.is_some() && circles(&roster, entry) {
            complain(format!(
                "the new names of `{}` go round in a circle: take one `->` away",
                entry.name
            ));
        }
    }
    complaints
}

fn circles(roster: &Roster, entry: &Entry) -> bool {
    let mut seen = BTreeSet::new();
    let mut name = entry.name.as_str();
    while let Some(new) = roster
        .entries
        .get(name)
        .and_then(|entry| entry.renamed.as_deref())
    {
        if !seen.insert(name) {
            return true;
        }
        name = new;
    }
    false
}
