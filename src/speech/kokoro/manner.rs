//! How the embedded voice takes a direction: small changes, so that the voice stays itself and natural.

use crate::{script::Direction, voice::Recipe};

/// The voice that only whispers: a little of its timbre makes any voice breathy.
pub(super) const WHISPERER: &str = "af_nicole";

/// What a direction changes. A change here is a change of the front end's revision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Manner {
    /// Rate of speech, as a factor.
    pub(super) speed: f32,
    /// The share of [`WHISPERER`] in the timbre.
    pub(super) breath: f32,
}

impl Manner {
    /// What `direction` asks of the voice.
    ///
    /// More breath than this costs naturalness: of six voices, DNSMOS fell by 0.08 at a share of 0.25 and by 0.31 at
    /// 0.4, while likeness to the voice itself stayed at 0.95 and fell to 0.84.
    pub(super) fn of(direction: Option<Direction>) -> Self {
        let (speed, breath) = match direction {
            None | Some(Direction::Laughing) => (1.0, 0.0),
            Some(Direction::Whispered) => (0.95, 0.2),
            Some(Direction::Shouted) => (1.04, 0.0),
            Some(Direction::Crying) => (0.93, 0.1),
            Some(Direction::Thought | Direction::Read) => (0.97, 0.0),
            Some(Direction::Sung) => (0.92, 0.0),
        };
        Self { speed, breath }
    }

    /// `recipe` as it sounds in this manner; `breathed` tells whether [`WHISPERER`] is there.
    pub(super) fn applied(self, recipe: Recipe, breathed: bool) -> Recipe {
        let whispers = recipe.voices().any(|voice| voice == WHISPERER);
        let recipe = Recipe {
            speed: recipe.speed * self.speed,
            ..recipe
        };
        if self.breath == 0.0 || whispers || !breathed {
            return recipe;
        }
        let prosody = recipe.prosody.unwrap_or_else(|| recipe.timbre.clone());
        let own = recipe.timbre.into_iter();
        let mut timbre: Vec<(String, f32)> = own
            .map(|(voice, weight)| (voice, weight * (1.0 - self.breath)))
            .collect();
        timbre.push((WHISPERER.into(), self.breath));
        Recipe {
            timbre,
            prosody: Some(prosody),
            speed: recipe.speed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn as_said(voice: &str, direction: Direction) -> String {
        let recipe: Recipe = voice.parse().expect("a voice");
        Manner::of(Some(direction))
            .applied(recipe, true)
            .to_string()
    }

    #[test]
    fn a_whisper_is_breathier_and_slower_in_the_same_voice() {
        assert_eq!(
            as_said("bm_lewis", Direction::Whispered),
            "bm_lewis*0.8+af_nicole*0.2/bm_lewis@0.95"
        );
    }

    #[test]
    fn who_only_whispers_gets_no_more_breath() {
        assert_eq!(as_said("af_nicole", Direction::Whispered), "af_nicole@0.95");
    }

    #[test]
    fn without_a_direction_nothing_changes() {
        let recipe: Recipe = "a*0.7+b*0.3/c@0.9".parse().expect("a voice");
        assert_eq!(Manner::of(None).applied(recipe.clone(), true), recipe);
    }
}
