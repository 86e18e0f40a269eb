//! Who is read by which voice, and why.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::{
    Error, Result,
    error::nearest,
    script::{Character, Gender, Name, Script},
    voice::VoiceCard,
};

/// A voice for every speaker of one script.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Cast {
    roles: BTreeMap<Name, Role>,
    /// What a director should know: shared voices, choices for characters that do not speak.
    pub warnings: Vec<String>,
}

/// One speaker's voice.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Role {
    /// The voice's name.
    pub voice: String,
    /// Why this voice, in plain words.
    pub why: String,
}

/// Voices chosen by hand, by the names people gave; an alias finds its character, case is ignored.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// From the command line: an unknown name is an error.
    pub asked: BTreeMap<String, String>,
    /// From `fullcast.toml`, which several stories may share: an unknown name is a warning.
    pub configured: BTreeMap<String, String>,
}

impl Cast {
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

/// Gives every character of the script a voice: the one chosen, else by gender and in the order of `voices`,
/// which is the order of preference; those who speak most choose first. The first voice of all is the
/// narrator's and nobody else's, unless a character tells the story: then both are one person with one voice.
///
/// A choice moves nobody but the one it is made for, and whoever had the chosen voice: all others keep theirs,
/// so their clips stay good.
pub fn assign(script: &Script, voices: &[VoiceCard], choices: &Choices) -> Result<Cast> {
    let mut casting = Casting::new(script, voices);
    casting.choose(&choices.configured, "fullcast.toml", false)?;
    casting.choose(&choices.asked, "the command line", true)?;
    if !casting.cast.roles.is_empty() {
        let mut automatic = Casting::new(script, voices);
        automatic.complete();
        casting.follow(automatic.cast);
    }
    casting.complete();
    casting.warn_of_shared_voices();
    Ok(casting.cast)
}

struct Casting<'a> {
    script: &'a Script,
    voices: &'a [VoiceCard],
    cast: Cast,
}

impl<'a> Casting<'a> {
    fn new(script: &'a Script, voices: &'a [VoiceCard]) -> Self {
        Self {
            script,
            voices,
            cast: Cast::default(),
        }
    }

    /// Takes over what was chosen by hand, and complains of all that it does not know at once.
    fn choose(
        &mut self,
        chosen: &BTreeMap<String, String>,
        place: &str,
        strict: bool,
    ) -> Result<()> {
        let (mut unknown, mut hints) = (Vec::new(), Vec::new());
        for (name, voice) in chosen {
            if !self.voices.iter().any(|card| card.id == *voice) {
                unknown.push(format!("voice `{voice}` for `{name}`"));
                hints.push(self.known_voices(voice));
                continue;
            }
            match find(self.script, name) {
                Some(speaker) => {
                    let role = Role {
                        voice: voice.clone(),
                        why: format!("chosen in {place}"),
                    };
                    self.cast.roles.insert(speaker, role);
                }
                None if strict => {
                    unknown.push(format!("character `{name}`"));
                    hints.push(self.known_characters(name));
                }
                None => self.cast.warnings.push(format!(
                    "`{name}` in {place} does not speak in this story; {}",
                    self.known_characters(name)
                )),
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
                voice: role.voice.clone(),
                why: format!("{} tells the story", teller.name),
            };
            self.cast.roles.entry(teller.name.clone()).or_insert(role);
            self.cast.roles.entry(narrator).or_insert(told);
        } else {
            let taken = self.taken();
            let best = self
                .voices
                .iter()
                .find(|card| !taken.contains(card.id.as_str()));
            let best = best.or(self.voices.first()).expect("a pack has voices");
            self.cast.roles.entry(narrator).or_insert_with(|| Role {
                voice: best.id.clone(),
                why: "the best voice tells the story".into(),
            });
        }
    }

    fn characters(&mut self) {
        for character in &self.script.characters {
            if !self.cast.roles.contains_key(&character.name) {
                let role = self.free_voice(character);
                self.cast.roles.insert(character.name.clone(), role);
            }
        }
    }

    /// A voice nobody has yet, of the character's gender if the text tells one; else a shared one.
    fn free_voice(&self, character: &Character) -> Role {
        let taken = self.taken();
        let free = || {
            self.voices
                .iter()
                .filter(|card| !taken.contains(card.id.as_str()))
        };
        let fitting = match character.gender {
            Gender::Unknown => Self::balanced(&free().collect::<Vec<_>>()),
            gender => free().find(|card| card.gender == gender),
        };
        let (card, why) = match (fitting, character.gender) {
            (Some(card), Gender::Unknown) => (card, "the text does not tell the gender".to_owned()),
            (Some(card), _) => (card, reason(character)),
            (None, _) => return self.shared(character),
        };
        Role {
            voice: card.id.clone(),
            why,
        }
    }

    /// Where the gender is not known, the gender with more voices left gives one.
    fn balanced(free: &[&'a VoiceCard]) -> Option<&'a VoiceCard> {
        let women = free
            .iter()
            .filter(|card| card.gender == Gender::Female)
            .count();
        let gender = if women * 2 > free.len() {
            Gender::Female
        } else {
            Gender::Male
        };
        free.iter()
            .find(|card| card.gender == gender)
            .or(free.first())
            .copied()
    }

    /// The voice of fitting gender whose characters speak least, never the narrator's.
    fn shared(&self, character: &Character) -> Role {
        let narrator = self
            .cast
            .roles
            .get(&Name::narrator())
            .map(|role| role.voice.clone());
        let spoken = |card: &VoiceCard| -> usize {
            let of_voice = |c: &&Character| {
                self.cast
                    .roles
                    .get(&c.name)
                    .is_some_and(|r| r.voice == card.id)
            };
            self.script
                .characters
                .iter()
                .filter(of_voice)
                .map(|c| c.lines)
                .sum()
        };
        let fits = |card: &&VoiceCard| {
            character.gender == Gender::Unknown || card.gender == character.gender
        };
        let voice = (self.voices.iter())
            .filter(|card| Some(&card.id) != narrator.as_ref())
            .filter(fits)
            .min_by_key(|card| spoken(card))
            .or(self.voices.first())
            .expect("a pack has voices");
        let others: Vec<&str> = (self.cast.roles.iter())
            .filter(|(_, role)| role.voice == voice.id)
            .map(|(name, _)| name.as_str())
            .collect();
        Role {
            voice: voice.id.clone(),
            why: format!("shared with {}", others.join(", ")),
        }
    }

    /// One voice for several people is worth knowing; a narrator and the character who tells the story are one.
    fn warn_of_shared_voices(&mut self) {
        let pair = self.pair();
        let mut speakers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, role) in &self.cast.roles {
            if !(name.is_narrator() && pair.contains(name)) {
                speakers.entry(&role.voice).or_default().push(name.as_str());
            }
        }
        let shared = speakers.iter().filter(|(_, names)| names.len() > 1);
        let warnings: Vec<String> = shared
            .map(|(voice, names)| format!("the voice `{voice}` is shared by {}", names.join(", ")))
            .collect();
        self.cast.warnings.extend(warnings);
    }

    fn taken(&self) -> BTreeSet<String> {
        self.cast
            .roles
            .values()
            .map(|role| role.voice.clone())
            .collect()
    }

    fn known_voices(&self, meant: &str) -> String {
        let ids = self.voices.iter().map(|card| card.id.as_str());
        match nearest(meant, ids) {
            Some(near) => format!("did you mean the voice `{near}`?"),
            None => "`fullcast voices list` shows the voices".into(),
        }
    }

    fn known_characters(&self, meant: &str) -> String {
        let everyone = self.script.characters.iter();
        let characters = everyone
            .filter(|c| !c.name.is_narrator())
            .map(|c| c.name.as_str());
        let names = || std::iter::once("Narrator").chain(characters.clone());
        let aliases = self
            .script
            .characters
            .iter()
            .flat_map(|c| c.aliases.iter().map(String::as_str));
        match nearest(meant, names().chain(aliases)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "those who speak are {}",
                names().collect::<Vec<_>>().join(", ")
            ),
        }
    }
}

/// The speaker called `name`: the narrator, a character by the canonical name, or else by an alias.
fn find(script: &Script, name: &str) -> Option<Name> {
    let same = |other: &str| other.to_lowercase() == name.to_lowercase();
    let narrator = Name::narrator();
    if same(narrator.as_str()) {
        return Some(narrator);
    }
    let characters = || script.characters.iter();
    (characters().find(|c| same(c.name.as_str())))
        .or_else(|| characters().find(|c| c.aliases.iter().any(|alias| same(alias))))
        .map(|character| character.name.clone())
}

fn reason(character: &Character) -> String {
    let gender = match character.gender {
        Gender::Male => "male",
        Gender::Female => "female",
        Gender::Unknown => "of unknown gender",
    };
    if character.evidence.is_empty() {
        gender.into()
    } else {
        format!("{gender}: {}", character.evidence)
    }
}
