//! One voice for several people: when it is better than voices that cannot be told apart, and when there is no other.

use std::collections::BTreeMap;

use super::{Casting, Role, fit::suits, role};
use crate::{
    script::{Character, Name},
    voice::{ALIKE, VoiceCard},
};

/// A part of at most so many lines may share a voice with others it never meets.
const SMALL: usize = 8;

impl Casting<'_> {
    /// Whether `card` could be taken for the voice of someone whom the character meets.
    pub(super) fn confuses(&self, character: &Character, card: &VoiceCard) -> bool {
        let near = self
            .scene
            .nearest(&character.name, &card.voice, self.cast.roles.iter());
        near.is_some_and(|(_, likeness)| likeness >= ALIKE)
    }

    /// For a small part, the voice of other small parts that it never meets, and that is unlike all whom it meets: the
    /// one whose owners speak least.
    pub(super) fn small_part(&self, character: &Character) -> Option<Role> {
        if character.lines > SMALL {
            return None;
        }
        let cards = self.scene.catalogue.choice().iter();
        let fitting = cards.filter(|card| suits(card, character.gender));
        let mut best: Option<(usize, &VoiceCard, Vec<&Name>)> = None;
        for card in fitting.filter(|card| !self.confuses(character, card)) {
            let owners = self.owners(card);
            let lines: usize = owners.iter().map(|name| self.lines_of(name)).sum();
            let small = owners.iter().all(|name| {
                !name.is_narrator()
                    && self.lines_of(name) <= SMALL
                    && self.scene.weight(&character.name, name) == 0.0
            });
            if small && !owners.is_empty() && best.as_ref().is_none_or(|(least, ..)| lines < *least)
            {
                best = Some((lines, card, owners));
            }
        }
        let (_, card, owners) = best?;
        let names: Vec<&str> = owners.iter().map(|name| name.as_str()).collect();
        let why = format!("shared with {}, whom they never meet", names.join(", "));
        Some(role(card, why))
    }

    fn owners(&self, card: &VoiceCard) -> Vec<&Name> {
        let roles = self.cast.roles.iter();
        let owns = roles.filter(|(_, role)| role.voice == card.voice);
        owns.map(|(name, _)| name).collect()
    }

    fn lines_of(&self, name: &Name) -> usize {
        let known = self.script.characters.iter().find(|c| c.name == *name);
        known.map_or(0, |c| c.lines)
    }

    /// The voice of fitting gender whose owners the character meets least, and who of those speak least; never the
    /// narrator's.
    pub(super) fn shared(&self, character: &Character) -> Role {
        let narrator = self.cast.roles.get(&Name::narrator());
        let cost = |card: &VoiceCard| -> f32 {
            let each = |name: &&Name| {
                1000.0 * self.scene.weight(&character.name, name) + self.lines_of(name) as f32
            };
            self.owners(card).iter().map(each).sum()
        };
        let cards = self.scene.catalogue.choice().iter();
        let card = cards
            .filter(|card| narrator.is_none_or(|role| role.voice != card.voice))
            .filter(|card| suits(card, character.gender))
            .min_by(|one, other| cost(one).total_cmp(&cost(other)))
            .unwrap_or(&self.scene.catalogue.choice()[0]);
        let others = self.owners(card);
        let meet = |name: &&&Name| self.scene.weight(&character.name, name) > 0.0;
        let names: Vec<&str> = others.iter().map(|name| name.as_str()).collect();
        let apart = if others.iter().any(|name| meet(&name)) {
            ""
        } else {
            ", whom they never meet"
        };
        role(card, format!("shared with {}{apart}", names.join(", ")))
    }

    /// One voice for several people is worth knowing; a narrator and the character who tells the story are one.
    pub(super) fn warn_of_shared_voices(&mut self) {
        let pair = self.pair();
        let mut speakers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, role) in &self.cast.roles {
            if !(name.is_narrator() && pair.contains(name)) {
                speakers.entry(&role.voice).or_default().push(name.as_str());
            }
        }
        let shared = speakers.iter().filter(|(_, names)| names.len() > 1);
        let warnings: Vec<String> = shared
            .filter(|(_, names)| !self.unnoticed(names))
            .map(|(voice, names)| format!("the voice `{voice}` is shared by {}", names.join(", ")))
            .collect();
        self.cast.warnings.extend(warnings);
    }

    /// Whether all of these are small parts that never meet: nobody will notice that they share a voice.
    fn unnoticed(&self, names: &[&str]) -> bool {
        let names: Vec<Name> = names.iter().map(|name| Name::new(*name)).collect();
        let apart = |at: usize, name: &Name| {
            let others = names[at + 1..].iter();
            others
                .filter(|other| self.scene.weight(name, other) > 0.0)
                .count()
                == 0
        };
        names
            .iter()
            .enumerate()
            .all(|(at, name)| self.lines_of(name) <= SMALL && apart(at, name))
    }
}
