//! Text to speech: the trait every backend implements, and the table of backends.

mod command;
pub mod kokoro;
mod remote;
mod settings;
mod studio;
mod tone;

use std::path::Path;

use serde::Serialize;

use crate::{
    Error, Result, audio::Audio, error::SpeechError, error::nearest, event::Observer,
    script::Direction, voice::SENTENCES,
};

pub use settings::{Kind, Settings, Voices};
pub use studio::{Booth, Studio, Troupe};
pub use tone::Tone;

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

/// Has `voice` speak what voices are measured by; see [`Sound::of`](crate::voice::Sound::of).
pub fn sample(backend: &dyn Synthesizer, voice: &str) -> Result<Vec<Audio>> {
    let speak = |(index, text): (usize, &&str)| {
        let utterance = Utterance::plain(text, voice);
        backend.speak(&utterance).map_err(|source| Error::Speech {
            voice: voice.into(),
            line: index + 1,
            kept: 0,
            source,
        })
    };
    SENTENCES.iter().enumerate().map(speak).collect()
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
    /// How it is said; a backend that cannot do so says it as ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// The words before it, for a backend that is told them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<&'a str>,
    /// The words after it, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<&'a str>,
}

impl<'a> Utterance<'a> {
    /// `text` in `voice`, as it speaks by nature.
    pub fn plain(text: &'a str, voice: &'a str) -> Self {
        Self {
            text,
            voice,
            speed: 1.0,
            direction: None,
            before: None,
            after: None,
        }
    }
}

/// One entry of [`BACKENDS`].
#[derive(Clone, Copy, Debug)]
pub struct Backend {
    /// The name that `fullcast.toml` calls it by.
    pub name: &'static str,
    /// What it is, in a few words.
    pub about: &'static str,
    engine: fn() -> Engine,
    open: fn(&Path, &dyn Observer) -> Result<Box<dyn Synthesizer>>,
}

/// The backends, the default first.
pub const BACKENDS: &[Backend] = &[
    Backend {
        name: "kokoro",
        about: "the embedded neural voices",
        engine: kokoro::engine,
        open: |home, observer| Ok(Box::new(kokoro::open(home, observer)?)),
    },
    Backend {
        name: "tone",
        about: "hums, for tests and drafts",
        engine: tone::engine,
        open: |_, _| Ok(Box::new(Tone::new())),
    },
];

impl Backend {
    /// The backend called `name`.
    pub fn find(name: &str) -> Result<&'static Self> {
        BACKENDS
            .iter()
            .find(|backend| backend.name == name)
            .ok_or_else(|| {
                let names = || BACKENDS.iter().map(|backend| backend.name);
                let hint = match nearest(name, names()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!(
                        "the backends are {}",
                        names().collect::<Vec<_>>().join(", ")
                    ),
                };
                Error::invalid(format!("there is no speech backend `{name}`"), hint)
            })
    }

    /// Its engine, known without loading it.
    pub fn engine(&self) -> Engine {
        (self.engine)()
    }

    /// Makes it ready to speak; `home` is the data folder with the voice packs, and what is missing there is
    /// brought in first.
    pub fn open(&self, home: &Path, observer: &dyn Observer) -> Result<Box<dyn Synthesizer>> {
        (self.open)(home, observer)
    }
}
