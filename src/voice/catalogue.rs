//! All voices there are to choose from: their cards, and how alike they are.

use std::{collections::BTreeMap, path::Path, sync::LazyLock};

use serde::{Deserialize, Serialize};

use super::{measure::Sound, recipe::Recipe};
use crate::{Error, Result, error::nearest, script::Gender};

/// Two voices at least this alike cannot be told apart in a talk (cosine of speaker embeddings; one voice in two texts
/// has about 0.96).
pub const ALIKE: f32 = 0.85;

/// The backend whose voices these cards describe.
const EMBEDDED: &str = "kokoro";
/// What is taken for the likeness of voices of which one was never measured: that of any two of one gender.
const STRANGE: f32 = 0.6;

/// A voice, as a listing shows it and a casting chooses by it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VoiceCard {
    /// What it is chosen by: a name of its own, or its recipe.
    pub id: String,
    /// What the backend is asked for (see [`Recipe`]).
    pub voice: String,
    /// The backend, if it is not the one that speaks for all who have no other.
    pub backend: Option<String>,
    /// How it sounds.
    pub gender: Gender,
    /// Whose English it speaks.
    pub accent: Accent,
    /// What it is like, in a few words.
    pub about: String,
    /// Whether it cannot but whisper.
    pub whispers: bool,
    /// Its measured sound; of a voice nobody has measured the mean of its parts.
    pub sound: Sound,
}

/// Whose English a voice speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Accent {
    /// The English of the United States.
    American,
    /// The English of Great Britain.
    British,
}

/// A voice of the user's own, the table `[voices.NAME]` of `fullcast.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnVoice {
    /// What it is made of (see [`Recipe`]), or what its backend calls it.
    pub voice: String,
    /// The backend that has it: `kokoro`, or the name of a table `[backend.NAME]`.
    pub backend: Option<String>,
    /// Whose English it speaks.
    pub accent: Option<Accent>,
    /// How it sounds; that of its leading voice if nothing is said.
    pub gender: Option<Gender>,
    /// What it is like, in a few words.
    pub about: Option<String>,
}

/// The voices in the order in which a casting prefers them.
#[derive(Clone, Debug)]
pub struct Catalogue {
    cards: Vec<VoiceCard>,
    /// How alike the measured voices are, each with those before it.
    likeness: Vec<Vec<f32>>,
    /// Where each measured voice stands in `likeness`.
    measured: BTreeMap<String, usize>,
    /// How many cards, from the first, a casting chooses from by itself.
    choice: usize,
    /// Whether any other name may be a voice too: a server's, who alone knows its voices.
    open: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cards {
    cards: Vec<Card>,
}

/// A card as it stands in `voices/cards.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Card {
    voice: String,
    gender: Gender,
    accent: Accent,
    note: Option<String>,
    #[serde(default)]
    whispers: bool,
    sound: Sound,
    /// In hundredths, to every card before it.
    likeness: Vec<u8>,
}

impl Catalogue {
    /// The voices that fullcast comes with: those of the pack, then blends of them, each one measured.
    pub fn kokoro() -> &'static Self {
        static KOKORO: LazyLock<Catalogue> = LazyLock::new(|| {
            Catalogue::from_toml(include_str!("../../voices/cards.toml"))
                .expect("the cards in the program are tested")
        });
        &KOKORO
    }

    /// Reads cards; every field must be known, every recipe in order and every likeness there.
    pub fn from_toml(text: &str) -> Result<Self> {
        let hint = "`tools/voice_cards.sh` writes `voices/cards.toml`";
        let wrong = |what: String| Error::invalid(format!("the voice cards: {what}"), hint);
        let read: Cards = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        let mut catalogue = Self {
            cards: Vec::new(),
            likeness: Vec::new(),
            measured: BTreeMap::new(),
            choice: read.cards.len(),
            open: false,
        };
        for (at, card) in read.cards.iter().enumerate() {
            card.voice.parse::<Recipe>()?;
            if card.likeness.len() != at {
                return Err(wrong(format!("`{}` lacks likenesses", card.voice)));
            }
            let likeness = card.likeness.iter().map(|cents| f32::from(*cents) / 100.0);
            catalogue.likeness.push(likeness.collect());
            catalogue.measured.insert(card.voice.clone(), at);
            catalogue.cards.push(VoiceCard {
                id: card.voice.clone(),
                voice: card.voice.clone(),
                backend: None,
                gender: card.gender,
                accent: card.accent,
                about: card.about(&read.cards),
                whispers: card.whispers,
                sound: card.sound,
            });
        }
        Ok(catalogue)
    }

    /// Voices that a server is said to have, with their genders, the best first; nobody has measured them.
    pub fn declared(voices: &[(Gender, String)]) -> Self {
        let card = |(gender, voice): &(Gender, String)| unmeasured(voice, *gender);
        Self {
            cards: voices.iter().map(card).collect(),
            likeness: Vec::new(),
            measured: BTreeMap::new(),
            choice: voices.len(),
            open: true,
        }
    }

    /// The same, but any name may be a voice.
    pub fn open(self) -> Self {
        Self { open: true, ..self }
    }

    /// The same with the user's own voices; they are preferred to none, so a casting takes them only when asked.
    ///
    /// # Errors
    ///
    /// A recipe that cannot be read or that asks for a voice there is not.
    pub fn with(&self, own: &BTreeMap<String, OwnVoice>, place: &Path) -> Result<Self> {
        let mut all = self.clone();
        for (name, voice) in own {
            let embedded = voice.backend.as_deref().is_none_or(|name| name == EMBEDDED);
            let found = match (embedded, &voice.backend) {
                (true, Some(_)) => Self::kokoro().card(&voice.voice),
                (true, None) => self.card(&voice.voice),
                (false, _) => Ok(unmeasured(&voice.voice, Gender::Unknown)),
            };
            let card = found.map_err(|error| match error {
                Error::Invalid { message, hint } => Error::invalid(
                    format!("{}: `[voices.{name}]`: {message}", place.display()),
                    hint,
                ),
                other => other,
            })?;
            all.cards.push(VoiceCard {
                id: name.clone(),
                backend: voice.backend.clone(),
                gender: voice.gender.unwrap_or(card.gender),
                accent: voice.accent.unwrap_or(card.accent),
                about: voice.about.clone().unwrap_or(card.about.clone()),
                ..card
            });
        }
        Ok(all)
    }

    /// All cards, the best first.
    pub fn cards(&self) -> &[VoiceCard] {
        &self.cards
    }

    /// The cards that a casting chooses from by itself: those that were measured.
    pub fn choice(&self) -> &[VoiceCard] {
        &self.cards[..self.choice]
    }

    /// The card called `id`, or one made for the recipe that `id` is.
    ///
    /// # Errors
    ///
    /// It is no recipe, or one of its voices is unknown; the hint names the nearest.
    pub fn card(&self, id: &str) -> Result<VoiceCard> {
        if let Some(card) = self.cards.iter().find(|card| card.id == id) {
            return Ok(card.clone());
        }
        let recipe: Recipe = match id.parse() {
            Ok(recipe) => recipe,
            Err(_) if self.open => return Ok(unmeasured(id, Gender::Unknown)),
            Err(error) => return Err(error),
        };
        let unknown = recipe
            .voices()
            .find(|voice| !self.measured.contains_key(*voice));
        if unknown.is_some() && self.open {
            return Ok(unmeasured(id, Gender::Unknown));
        }
        if let Some(unknown) = unknown {
            let hint = match nearest(unknown, self.cards.iter().map(|card| card.id.as_str())) {
                Some(near) => format!("did you mean the voice `{near}`?"),
                None => "`fullcast voices list` shows the voices".into(),
            };
            return Err(Error::invalid(
                format!("there is no voice `{unknown}`"),
                hint,
            ));
        }
        let voice = recipe.to_string();
        if let Some(card) = self.cards.iter().find(|card| card.voice == voice) {
            return Ok(card.clone());
        }
        let leading = &self.cards[self.measured[recipe.leading()]];
        Ok(VoiceCard {
            id: voice.clone(),
            backend: None,
            gender: leading.gender,
            accent: leading.accent,
            about: if recipe.timbre.len() == 1 && recipe.prosody.is_none() {
                leading.about.clone()
            } else {
                "a blend".into()
            },
            whispers: leading.whispers,
            sound: self.mixed(&recipe),
            voice,
        })
    }

    /// How alike two voices are, from about 0.4 to 1: measured, or for a recipe nobody has measured the weighted mean
    /// of its parts' likenesses.
    pub fn likeness(&self, one: &str, other: &str) -> f32 {
        if let (Some(one), Some(other)) = (self.measured.get(one), self.measured.get(other)) {
            return self.between(*one, *other);
        }
        if one == other {
            return 1.0;
        }
        let (Ok(one), Ok(other)) = (one.parse::<Recipe>(), other.parse::<Recipe>()) else {
            return STRANGE;
        };
        let (one, other) = (self.parts(&one), self.parts(&other));
        if one.is_empty() || other.is_empty() {
            return STRANGE;
        }
        let mut sum = 0.0;
        for (voice, weight) in one {
            for &(other, share) in &other {
                sum += weight * share * self.between(voice, other);
            }
        }
        sum
    }

    fn between(&self, one: usize, other: usize) -> f32 {
        if one == other {
            1.0
        } else {
            self.likeness[one.max(other)][one.min(other)]
        }
    }

    /// The measured voice that `recipe` is but for its rate, else the voices of its timbre with their weights.
    fn parts(&self, recipe: &Recipe) -> Vec<(usize, f32)> {
        let still = Recipe {
            speed: 1.0,
            ..recipe.clone()
        };
        if let Some(at) = self.measured.get(&still.to_string()) {
            return vec![(*at, 1.0)];
        }
        let parts = recipe.timbre.iter();
        parts
            .filter_map(|(voice, weight)| Some((*self.measured.get(voice)?, *weight)))
            .collect()
    }

    fn mixed(&self, recipe: &Recipe) -> Sound {
        let mean = |parts: &[(String, f32)], value: fn(&Sound) -> f64| -> f64 {
            let of = |voice: &str| value(&self.cards[self.measured[voice]].sound);
            parts
                .iter()
                .map(|(voice, weight)| f64::from(*weight) * of(voice))
                .sum()
        };
        let prosody = recipe.prosody.as_ref().unwrap_or(&recipe.timbre);
        Sound {
            pitch: mean(prosody, |sound| sound.pitch),
            range: mean(prosody, |sound| sound.range),
            brightness: mean(&recipe.timbre, |sound| sound.brightness),
            rate: mean(prosody, |sound| sound.rate) * f64::from(recipe.speed),
            level: mean(&recipe.timbre, |sound| sound.level),
        }
    }
}

/// A voice that nobody has measured.
fn unmeasured(voice: &str, gender: Gender) -> VoiceCard {
    VoiceCard {
        id: voice.to_owned(),
        voice: voice.to_owned(),
        backend: None,
        gender,
        accent: Accent::American,
        about: "not measured".into(),
        whispers: false,
        sound: Sound::usual(gender),
    }
}

impl Card {
    fn about(&self, all: &[Self]) -> String {
        let alike = |other: &&Self| other.gender == self.gender;
        let others: Vec<Sound> = all.iter().filter(alike).map(|other| other.sound).collect();
        let words = self.sound.words(&others);
        match &self.note {
            Some(note) => format!("{note}, {words}"),
            None => words,
        }
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "equal voices have equal figures")]
mod tests {
    use super::*;

    #[test]
    fn every_card_has_its_likenesses_and_is_within_reason() {
        let all = Catalogue::kokoro();
        assert!(all.choice().len() >= 28);
        for card in all.choice() {
            let Sound { pitch, rate, .. } = card.sound;
            assert!(
                (70.0..320.0).contains(&pitch) && (8.0..25.0).contains(&rate),
                "{card:?}"
            );
            assert_eq!(all.likeness(&card.voice, &card.voice), 1.0);
        }
        assert!(all.likeness("af_heart", "af_bella") > ALIKE);
        assert_eq!(
            all.likeness("af_heart", "bm_lewis"),
            all.likeness("bm_lewis", "af_heart")
        );
    }

    #[test]
    fn a_recipe_is_a_voice_and_an_unknown_one_is_answered_with_the_nearest() {
        let all = Catalogue::kokoro();
        let slow = all.card("bm_lewis@0.9").unwrap();
        assert_eq!((slow.gender, slow.accent), (Gender::Male, Accent::British));
        assert_eq!(all.likeness("bm_lewis@0.9", "bm_lewis"), 1.0);
        let error = all.card("af_hart").unwrap_err();
        assert!(error.hint().unwrap().contains("`af_heart`"));
        assert!(all.card("af_heart+bf_ema").is_err());
    }

    #[test]
    fn own_voices_are_found_by_their_names_and_faults_are_placed() {
        let own = |voice: &str| {
            let voice = OwnVoice {
                voice: voice.into(),
                backend: None,
                accent: None,
                gender: None,
                about: Some("a grandfather".into()),
            };
            BTreeMap::from([("grandpa".to_owned(), voice)])
        };
        let place = Path::new("fullcast.toml");
        let all = Catalogue::kokoro()
            .with(&own("am_onyx*0.6+bm_lewis*0.4@0.9"), place)
            .unwrap();
        assert_eq!(
            all.card("grandpa").unwrap().voice,
            "am_onyx*0.6+bm_lewis*0.4@0.9"
        );
        assert_eq!(all.choice().len(), all.cards().len() - 1);
        let error = Catalogue::kokoro()
            .with(&own("am_onyx*0.6+bm_lewis*0.6"), place)
            .unwrap_err();
        assert!(error.to_string().contains("`[voices.grandpa]`"), "{error}");
    }
}
