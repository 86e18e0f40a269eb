//! The voices that a character might have, best first, with everyone else's as they are.

use std::collections::BTreeSet;

use super::{Cast, Casting, Role, fit::Scene, fit::suits, role};
use crate::{
    script::{Age, Character, Gender, Name, Script},
    voice::{Catalogue, VoiceCard},
};

/// Voices at least this alike are no choice between two.
const SAME: f32 = 0.8;

/// At most `count` roles for `name`: the one it has in `cast`, then the best that nobody else has and that fit the
/// gender, by the rules of [`assign`](super::assign); no two of them are much alike.
///
/// # Panics
///
/// If `cast` was not assigned for this script.
pub fn candidates(
    script: &Script,
    catalogue: &Catalogue,
    cast: &Cast,
    name: &Name,
    count: usize,
) -> Vec<Role> {
    let scene = Scene::new(script, catalogue);
    let character = character(script, name);
    let mut casting = Casting {
        script,
        scene: &scene,
        cast: cast.clone(),
    };
    let pair = casting.pair();
    let one_person = |other: &Name| other == name || (pair.contains(name) && pair.contains(other));
    casting.cast.roles.retain(|other, _| !one_person(other));
    let current = cast.role(name);
    let taken: BTreeSet<String> = casting.taken();
    let cards = catalogue.choice().iter().enumerate();
    let mut free: Vec<(f32, &VoiceCard)> = cards
        .filter(|(_, card)| card.voice != current.voice && !taken.contains(&card.voice))
        .filter(|(_, card)| suits(card, character.gender))
        .map(|(place, card)| {
            let roles = casting.cast.roles.iter();
            (scene.cost(place, card, &character, roles), card)
        })
        .collect();
    free.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut candidates = vec![current.clone()];
    for (_, card) in &free {
        let like = |other: &Role| catalogue.likeness(&card.voice, &other.voice) >= SAME;
        if candidates.len() < count && !candidates.iter().any(like) {
            candidates.push(role(card, casting.reason(&character, card)));
        }
    }
    candidates
}

/// The character called `name`; a narrator who is nobody in the story has no gender and no age.
fn character(script: &Script, name: &Name) -> Character {
    let known = script.characters.iter().find(|c| c.name == *name);
    known.cloned().unwrap_or_else(|| Character {
        name: name.clone(),
        aliases: Vec::new(),
        gender: Gender::Unknown,
        age: Age::Unknown,
        evidence: String::new(),
        lines: 0,
        narrates: false,
    })
}
