//! Who is read by which voice, and why.

mod candidates;
mod choices;
mod english;
mod find;
mod fit;
mod meetings;
mod sharing;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use self::{candidates::candidates, choices::Choices, find::find};
use self::{
    choices::Place,
    find::{known_characters, speaker},
    fit::{Scene, suits},
};
use crate::{
    Error, Result,
    script::{Character, Gender, Name, Script},
    voice::{ALIKE, Accent, Catalogue, VoiceCard},
};

/// Why someone has the voice of an earlier book.
const AS_BEFORE: &str = "as in the last make";

/// A voice for every speaker of one script.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Cast {
    roles: BTreeMap<Name, Role>,
    /// What a director should know: shared voices, voices that sound alike, choices for characters that do not speak.
    pub warnings: Vec<String>,
}

/// One speaker's voice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Role {
    /// What the backend is asked for: a voice or a recipe.
    pub voice: String,
    /// The backend, if it is not the one that speaks for all who have no other.
    pub backend: Option<String>,
    /// What the voice is called where voices are chosen: the same, or the name of the user's own card.
    pub card: String,
    /// Why this voice, in plain words.
    pub why: String,
    /// Whether people chose it.
    #[serde(skip)]
    pub chosen: bool,
}

impl Cast {
    /// The same cast with another role for `name`.
    pub fn with(&self, name: &Name, role: Role) -> Self {
        let mut cast = self.clone();
        cast.roles.insert(name.clone(), role);
        cast
    }

    /// All who have a voice.
    pub fn roles(&self) -> &BTreeMap<Name, Role> {
        &self.roles
    }

    /// The names of all who have a voice.
    pub fn names(&self) -> impl Iterator<Item = &Name> {
        self.roles.keys()
    }

    /// The role of `name`. Total for the script it was made for.
    ///
    /// # Panics
    ///
    /// If the script was not the one this cast was assigned for.
    pub fn role(&self, name: &Name) -> &Role {
        self.roles
            .get(name)
            .expect("the cast was assigned for this script")
    }
}

/// Gives every character of the script a voice: the one chosen, else the one that fits best.
///
/// The narrator chooses first, unless a character tells the story: then both are one person with one voice. Then come
/// the others, those who speak most first, so that one who comes into the story with few lines moves none of them. A
/// voice must have the character's gender, if the text tells one; among those the cheapest is taken, by the order of
/// preference, the age, the story's English, and its likeness to the voices it is heard beside: a greedy colouring of
/// the graph of who meets whom (Welsh and Powell 1967). A voice is shared only when none is left, blends included.
///
/// A choice moves nobody but the one it is made for, and whoever had the chosen voice: all others keep theirs,
/// so their clips stay good.
pub fn assign(script: &Script, catalogue: &Catalogue, choices: &Choices) -> Result<Cast> {
    let scene = Scene::new(script, catalogue);
    let casting = || Casting {
        script,
        scene: &scene,
        cast: Cast::default(),
    };
    let mut chosen = casting();
    chosen.choose(&choices.series, Place::Series)?;
    chosen.choose(&choices.configured, Place::Settings)?;
    chosen.choose(&choices.asked, Place::CommandLine)?;
    let mut automatic = casting();
    automatic.recall(&choices.earlier);
    automatic.complete();
    chosen.follow(automatic.cast);
    chosen.complete();
    chosen.warn_of_shared_voices();
    chosen.warn_of_like_voices();
    Ok(chosen.cast)
}

struct Casting<'a> {
    script: &'a Script,
    scene: &'a Scene<'a>,
    cast: Cast,
}

impl Casting<'_> {
    /// Takes over what was chosen by hand, and complains of all that it does not know at once.
    fn choose(&mut self, chosen: &BTreeMap<String, String>, place: Place) -> Result<()> {
        let (mut unknown, mut hints) = (Vec::new(), Vec::new());
        for (name, voice) in chosen {
            let card = match self.scene.catalogue.card(voice) {
                Ok(card) => card,
                Err(error) => {
                    unknown.push(format!("voice `{voice}` for `{name}`: {error}"));
                    hints.extend(error.hint());
                    continue;
                }
            };
            match speaker(self.script, name) {
                Some(speaker) => {
                    let role = Role {
                        voice: card.voice,
                        backend: card.backend,
                        card: card.id,
                        why: format!("chosen in {place}"),
                        chosen: true,
                    };
                    self.cast.roles.insert(speaker, role);
                }
                None => match place {
                    Place::CommandLine => {
                        unknown.push(format!("character `{name}`"));
                        hints.push(known_characters(self.script, name));
                    }
                    Place::Settings => self.cast.warnings.push(format!(
                        "`{name}` in {place} does not speak in this story; {}",
                        known_characters(self.script, name)
                    )),
                    Place::Series => {}
                },
            }
        }
        if unknown.is_empty() {
            return Ok(());
        }
        hints.dedup();
        Err(Error::invalid(
            format!(
                "{place} names an unknown {}",
                unknown.join(" and an unknown ")
            ),
            hints.join("; "),
        ))
    }

    /// Takes over from an earlier cast whoever still speaks, in a voice that is still there and still fits.
    fn recall(&mut self, earlier: &BTreeMap<Name, Role>) {
        let pair = self.pair();
        let mut told = pair
            .iter()
            .map(|name| earlier.get(name).map(|role| &role.voice));
        let teller = told.next().flatten();
        let one_voice = teller.is_some() && told.all(|voice| voice == teller);
        for (name, role) in earlier {
            let character = self.script.characters.iter().find(|c| c.name == *name);
            let gender = match character {
                Some(character) => character.gender,
                None if name.is_narrator() => Gender::Unknown,
                None => continue,
            };
            let mut cards = self.scene.catalogue.choice().iter();
            let fits = cards.any(|card| {
                card.id == role.card && card.voice == role.voice && suits(card, gender)
            });
            if fits && (one_voice || !pair.contains(name)) {
                let mut role = role.clone();
                if !role.why.starts_with(AS_BEFORE) {
                    role.why = format!("{AS_BEFORE}; {}", role.why);
                }
                self.cast.roles.insert(name.clone(), role);
            }
        }
    }

    /// Takes over an automatic cast where it does not stand against what was chosen.
    fn follow(&mut self, automatic: Cast) {
        let chosen = self.taken();
        let pair = self.pair();
        let broken = pair.iter().any(|name| self.cast.roles.contains_key(name));
        for (name, role) in automatic.roles {
            let left_free = chosen.contains(&role.voice) || (broken && pair.contains(&name));
            if !left_free {
                self.cast.roles.entry(name).or_insert(role);
            }
        }
    }

    /// The narrator and the character who tells the story, if one does: they are one person.
    fn pair(&self) -> Vec<Name> {
        let tellers = self.script.characters.iter().filter(|c| c.narrates);
        tellers
            .flat_map(|c| [c.name.clone(), Name::narrator()])
            .collect()
    }

    /// Gives a voice to all who have none.
    fn complete(&mut self) {
        self.narrator();
        self.characters();
    }

    fn narrator(&mut self) {
        let teller = self.script.characters.iter().find(|c| c.narrates);
        let narrator = Name::narrator();
        if let Some(teller) = teller {
            let role = (self.cast.roles.get(&teller.name))
                .or_else(|| self.cast.roles.get(&narrator))
                .cloned()
                .unwrap_or_else(|| self.free_voice(teller));
            let told = Role {
                why: format!("{} tells the story", teller.name),
                ..role.clone()
            };
            self.cast.roles.entry(teller.name.clone()).or_insert(role);
            self.cast.roles.entry(narrator).or_insert(told);
        } else if !self.cast.roles.contains_key(&narrator) {
            let role = self.storyteller();
            self.cast.roles.insert(narrator, role);
        }
    }

    /// The best voice that nobody has, in the story's English if that shows.
    fn storyteller(&self) -> Role {
        let taken = self.taken();
        let free = || {
            let cards = self.scene.catalogue.choice().iter();
            cards.filter(|card| !taken.contains(&card.voice))
        };
        let english = self.scene.english;
        let native = english.and_then(|english| free().find(|card| card.accent == english));
        let why = match (native, english) {
            (Some(_), Some(Accent::British)) => "the best British voice, as the story's words are",
            (Some(_), Some(Accent::American)) => {
                "the best American voice, as the story's words are"
            }
            _ => "the best voice tells the story",
        };
        let best = native.or_else(|| free().next());
        let card = best.unwrap_or(&self.scene.catalogue.choice()[0]);
        role(card, why.into())
    }

    fn characters(&mut self) {
        for character in &self.script.characters {
            if !self.cast.roles.contains_key(&character.name) {
                let role = self.free_voice(character);
                self.cast.roles.insert(character.name.clone(), role);
            }
        }
    }

    /// The voice nobody has yet that fits the character best; else a shared one.
    fn free_voice(&self, character: &Character) -> Role {
        let taken = self.taken();
        let cards = self.scene.catalogue.choice().iter().enumerate();
        let free: Vec<(usize, &VoiceCard)> = cards
            .filter(|(_, card)| !taken.contains(&card.voice))
            .collect();
        let gender = match character.gender {
            Gender::Unknown => balanced(&free),
            gender => gender,
        };
        let cost = |(place, card): &(usize, &VoiceCard)| {
            self.scene
                .cost(*place, card, character, self.cast.roles.iter())
        };
        let fitting = free.iter().filter(|(_, card)| suits(card, gender));
        let best = fitting.min_by(|one, other| cost(one).total_cmp(&cost(other)));
        match best {
            Some((_, card)) if !self.confuses(character, card) => {
                role(card, self.reason(character, card))
            }
            Some((_, card)) => match self.small_part(character) {
                Some(shared) => shared,
                None => role(card, self.reason(character, card)),
            },
            None => self.shared(character),
        }
    }

    /// Why `card` was taken for `character`: what the text tells, what the voice is like, whose is nearest to it.
    fn reason(&self, character: &Character, card: &VoiceCard) -> String {
        let (mut told, about) = (told(character), &card.about);
        if let Some(own) = self.scene.accents.get(&character.name) {
            told.push_str(match own {
                Accent::American => ", speaks American English",
                Accent::British => ", speaks British English",
            });
        }
        let roles = self.cast.roles.iter();
        match self.scene.nearest(&character.name, &card.voice, roles) {
            Some((name, likeness)) => {
                format!("{told}; {about}; likest to {name} of those beside ({likeness:.2})")
            }
            None => format!("{told}; {about}"),
        }
    }

    /// Two who talk with each other in voices that cannot be told apart.
    fn warn_of_like_voices(&mut self) {
        let roles: Vec<(&Name, &Role)> = self.cast.roles.iter().collect();
        let pair = self.pair();
        let mut warnings = Vec::new();
        for (at, (one, role)) in roles.iter().enumerate() {
            for (other, second) in &roles[at + 1..] {
                let same =
                    role.voice == second.voice || (pair.contains(one) && pair.contains(other));
                let likeness = self.scene.catalogue.likeness(&role.voice, &second.voice);
                if !same && likeness >= ALIKE && self.scene.weight(one, other) > 0.0 {
                    warnings.push(format!(
                        "`{}` of {one} and `{}` of {other} sound alike ({likeness:.2}), and they are heard together",
                        role.card, second.card
                    ));
                }
            }
        }
        self.cast.warnings.extend(warnings);
    }

    fn taken(&self) -> BTreeSet<String> {
        self.cast
            .roles
            .values()
            .map(|role| role.voice.clone())
            .collect()
    }
}

fn role(card: &VoiceCard, why: String) -> Role {
    Role {
        voice: card.voice.clone(),
        backend: card.backend.clone(),
        card: card.id.clone(),
        why,
        chosen: false,
    }
}

/// Where the gender is not known, the one with more voices left.
fn balanced(free: &[(usize, &VoiceCard)]) -> Gender {
    let women = free
        .iter()
        .filter(|(_, card)| card.gender == Gender::Female)
        .count();
    if women * 2 > free.len() {
        Gender::Female
    } else {
        Gender::Male
    }
}

/// Gender and age as the text tells them, and what told it.
fn told(character: &Character) -> String {
    let gender = match character.gender {
        Gender::Male => "male",
        Gender::Female => "female",
        Gender::Unknown => "the text does not tell the gender",
    };
    if character.evidence.is_empty() {
        gender.to_owned()
    } else {
        format!("{gender}: {}", character.evidence)
    }
}
