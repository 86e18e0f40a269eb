//! How long each silence is.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use crate::{audio::Frames, script::Pause};

/// The longest silence that makes sense, in seconds.
const LONGEST: f64 = 60.0;

/// The length of every silence, in seconds.
///
/// Clips are trimmed to their speech first, so this is what is heard between two voices.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Pacing {
    /// Between sentences of one speaker.
    #[serde(deserialize_with = "seconds")]
    pub sentence: f64,
    /// Between narration and speech inside a paragraph.
    #[serde(deserialize_with = "seconds")]
    pub turn: f64,
    /// Between paragraphs.
    #[serde(deserialize_with = "seconds")]
    pub paragraph: f64,
    /// Between scenes.
    #[serde(deserialize_with = "seconds")]
    pub scene: f64,
    /// After a heading.
    #[serde(deserialize_with = "seconds")]
    pub heading: f64,
    /// At most this between someone who is cut off by a dash and whoever speaks next.
    #[serde(deserialize_with = "seconds")]
    pub interruption: f64,
    /// So much longer after words that die away in an ellipsis.
    #[serde(deserialize_with = "seconds")]
    pub trailing: f64,
    /// From the last words of a chapter to the mark of the next.
    #[serde(deserialize_with = "seconds")]
    pub chapter: f64,
    /// From the mark of a chapter to its first words.
    #[serde(deserialize_with = "seconds")]
    pub head: f64,
    /// After the last words of the book.
    #[serde(deserialize_with = "seconds")]
    pub tail: f64,
}

impl Default for Pacing {
    fn default() -> Self {
        Self {
            sentence: 0.35,
            turn: 0.4,
            paragraph: 0.7,
            scene: 1.6,
            heading: 1.2,
            interruption: 0.15,
            trailing: 0.3,
            chapter: 2.0,
            head: 0.75,
            tail: 2.5,
        }
    }
}

impl Pacing {
    /// The silence for a reason, in seconds.
    pub fn after(&self, pause: Pause) -> f64 {
        match pause {
            Pause::Sentence => self.sentence,
            Pause::Turn => self.turn,
            Pause::Paragraph => self.paragraph,
            Pause::Scene => self.scene,
            Pause::Heading => self.heading,
            Pause::Chapter => self.chapter,
        }
    }
}

/// A silence in frames; what no file could have said is held to what it could.
pub(super) fn frames(seconds: f64, rate: u32) -> Frames {
    Frames::from_seconds(seconds.clamp(0.0, LONGEST), rate)
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let seconds = f64::deserialize(deserializer)?;
    if (0.0..=LONGEST).contains(&seconds) {
        Ok(seconds)
    } else {
        Err(D::Error::custom(format!(
            "a silence lasts from 0 to {LONGEST} seconds, not {seconds}"
        )))
    }
}
