//! Text to speech: the trait every backend implements, and the table of backends.

pub mod kokoro;

use serde::Serialize;

use crate::{audio::Audio, error::SpeechError};

/// Turns text into sound.
///
/// # For implementers
///
/// Equal utterances must give equal samples on one machine, whatever the thread: a clip is spoken once and
/// kept for ever under a hash of [`Engine`] and [`Utterance`]. Whatever else decides the sound (weights, the
/// version of the words-to-phonemes stage) must therefore be part of [`Engine::version`].
pub trait Synthesizer: Send + Sync {
    /// The engine and its version.
    fn engine(&self) -> &Engine;

    /// How many utterances it likes to speak at once; `speak` is called from that many threads.
    fn parallelism(&self) -> usize;

    /// Speaks one utterance: the whole text, nothing else, with little silence round it.
    fn speak(&self, utterance: &Utterance<'_>) -> Result<Audio, SpeechError>;
}

/// What makes the sound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Engine {
    /// The backend's name.
    pub name: String,
    /// Everything but the utterance that decides how it sounds.
    pub version: String,
}

/// One request to a backend: all it may know, so all that the clip's key holds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Utterance<'a> {
    /// The words to say, in their spoken form, one sentence or part of one.
    pub text: &'a str,
    /// The voice, by the name the backend knows.
    pub voice: &'a str,
    /// Rate of speech, 1.0 as the voice speaks by nature.
    pub speed: f32,
}
