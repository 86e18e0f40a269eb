//! A backend without a model: each utterance is a hum as long as its text would take to say.
//!
//! It is exact and instant, so tests, drafts and timings of everything but the voice use it.

use std::f64::consts::TAU;

use super::{Engine, Synthesizer, Utterance};
use crate::{audio::Audio, error::SpeechError};

/// Samples a second, as the embedded voice has them.
const RATE: u32 = 24_000;
/// Samples for each character of text: 15 characters a second.
const SAMPLES_PER_CHARACTER: usize = 1_600;
/// Silence before and after, in samples, as real backends leave some.
const EDGE: usize = 1_200;

/// Hums; see the module.
#[derive(Debug)]
pub struct Tone {
    engine: Engine,
}

impl Tone {
    /// A hum for every voice, whatever its name.
    pub fn new() -> Self {
        Self { engine: engine() }
    }
}

/// The engine of every [`Tone`].
pub(super) fn engine() -> Engine {
    Engine {
        name: "tone".into(),
        version: "1".into(),
    }
}

impl Default for Tone {
    fn default() -> Self {
        Self::new()
    }
}

impl Synthesizer for Tone {
    fn engine(&self) -> &Engine {
        &self.engine
    }

    fn parallelism(&self) -> usize {
        std::thread::available_parallelism().map_or(1, Into::into)
    }

    fn speak(&self, utterance: &Utterance<'_>) -> Result<Audio, SpeechError> {
        let step = TAU * pitch(utterance.voice) / f64::from(RATE);
        let length = utterance.text.chars().count() * SAMPLES_PER_CHARACTER;
        let length = (length as f64 / f64::from(utterance.speed)) as usize;
        // Syllables: the hum swells and falls four times a second.
        let swell = TAU * 4.0 / f64::from(RATE);
        let sample = |n: usize| {
            let n = n as f64;
            (0.1 * (step * n).sin() * (1.2 - (swell * n).cos())) as f32
        };
        let mut samples = vec![0.0; EDGE];
        samples.extend((0..length).map(sample));
        samples.resize(length + 2 * EDGE, 0.0);
        Ok(Audio {
            rate: RATE,
            samples,
        })
    }
}

/// A pitch in Hz of the voice's own: 90 to 350 Hz, from a hash of its name.
fn pitch(voice: &str) -> f64 {
    let hash = blake3::hash(voice.as_bytes());
    let bytes: [u8; 2] = [hash.as_bytes()[0], hash.as_bytes()[1]];
    90.0 + f64::from(u16::from_le_bytes(bytes) % 260)
}
