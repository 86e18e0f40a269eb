//! How well a voice fits a character, next to those who have voices already.

use std::collections::BTreeMap;

use super::{
    Role,
    english::{english, english_of},
    meetings::Meetings,
};
use crate::{
    script::{Age, Character, Gender, Name, Script},
    voice::{ALIKE, Accent, Catalogue, VoiceCard},
};

/// Likenesses below this never trouble a listener.
const UNLIKE: f32 = 0.65;
/// What it costs to take a voice one place further down the order of preference.
const PLACE: f32 = 0.006;
/// What another English than the story's costs.
const FOREIGN: f32 = 0.4;
/// What a voice costs that only whispers: it is for those who have no other.
const WHISPER: f32 = 5.0;
/// What a voice costs that cannot be told from one it talks with.
const CONFUSED: f32 = 3.0;
/// How much likeness to people never met counts.
const APART: f32 = 0.05;
/// How high the voice of a child should be, in semitones above the middle of its gender's grown voices.
const CHILD: f64 = 5.0;

/// What is known when a voice is chosen.
pub(super) struct Scene<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) meetings: Meetings,
    pub(super) english: Option<Accent>,
    /// The English of those who speak another than the story's.
    pub(super) accents: BTreeMap<Name, Accent>,
}

impl<'a> Scene<'a> {
    /// What `card`, at `place` in the order of preference, costs as the voice of `character` among `taken`.
    pub(super) fn cost<'r>(
        &self,
        place: usize,
        card: &VoiceCard,
        character: &Character,
        taken: impl Iterator<Item = (&'r Name, &'r Role)>,
    ) -> f32 {
        let foreign = self
            .english_of(character)
            .is_some_and(|english| english != card.accent);
        let either = |holds: bool, cost: f32| if holds { cost } else { 0.0 };
        let own = PLACE * place as f32
            + age(card, character)
            + either(foreign, FOREIGN)
            + either(card.whispers, WHISPER);
        let likeness: f32 = taken
            .map(|(name, role)| {
                let weight = APART + self.weight(&character.name, name);
                weight * strain(self.catalogue.likeness(&card.voice, &role.voice))
            })
            .sum();
        own + likeness
    }

    /// What is known before any voice is chosen.
    pub(super) fn new(script: &Script, catalogue: &'a Catalogue) -> Self {
        let english = english(script);
        let accents = script.characters.iter().filter_map(|character| {
            let own = english_of(script, character)?;
            (Some(own) != english).then(|| (character.name.clone(), own))
        });
        Self {
            catalogue,
            meetings: Meetings::of(script),
            english,
            accents: accents.collect(),
        }
    }

    /// The English that `character` speaks, if that is known.
    pub(super) fn english_of(&self, character: &Character) -> Option<Accent> {
        self.accents.get(&character.name).copied().or(self.english)
    }

    /// How much two speakers are heard together; the narrator is heard beside everyone.
    pub(super) fn weight(&self, one: &Name, other: &Name) -> f32 {
        if one.is_narrator() || other.is_narrator() {
            1.0
        } else {
            self.meetings.weight(one, other)
        }
    }

    /// The one of `taken` whom `name` is heard beside with the likest voice, and the likeness.
    pub(super) fn nearest<'r>(
        &self,
        name: &Name,
        voice: &str,
        taken: impl Iterator<Item = (&'r Name, &'r Role)>,
    ) -> Option<(&'r Name, f32)> {
        taken
            .filter(|(other, _)| *other != name && self.weight(name, other) > 0.0)
            .map(|(other, role)| (other, self.catalogue.likeness(voice, &role.voice)))
            .max_by(|one, other| one.1.total_cmp(&other.1).then(other.0.cmp(one.0)))
    }
}

/// What a likeness costs two people who talk with each other all the time.
fn strain(likeness: f32) -> f32 {
    let near = ((likeness - UNLIKE) / (ALIKE - UNLIKE)).max(0.0);
    if likeness >= ALIKE {
        CONFUSED + near
    } else {
        near * near
    }
}

/// What a voice costs by the character's age: children sound high, grown people do not, the old low
/// and unhurried.
fn age(card: &VoiceCard, character: &Character) -> f32 {
    let height = card.sound.height(card.gender);
    let cost = match character.age {
        Age::Child => 0.25 * (CHILD - height).max(0.0),
        Age::Old => 0.06 * (height + 4.0).max(0.0) + 0.06 * (card.sound.rate - 17.0).max(0.0),
        Age::Adult | Age::Unknown => 0.5 * (height - CHILD).max(0.0),
    };
    cost as f32
}

/// Whether a voice of this gender may speak for a character of that.
pub(super) fn suits(card: &VoiceCard, gender: Gender) -> bool {
    gender == Gender::Unknown || card.gender == Gender::Unknown || card.gender == gender
}
