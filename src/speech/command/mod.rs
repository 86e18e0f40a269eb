//! A program of the user's own as a voice: run for every line, or kept alive and asked line by line.

mod once;
mod resident;

use std::{
    path::{Path, PathBuf},
    sync::Mutex,
    time::{Duration, Instant},
};

use self::resident::Resident;
use super::{Engine, Settings, Synthesizer, Utterance};
use crate::{
    audio::{Audio, decode},
    error::SpeechError,
};

/// How many characters of what a program says on its standard error are passed on.
const SAID: usize = 300;

/// A backend that is a program.
pub(super) struct Program {
    engine: Engine,
    command: Vec<String>,
    folder: PathBuf,
    stays: bool,
    parallel: usize,
    timeout: Duration,
    patience: Duration,
    tries: u32,
    /// Those that stay alive and have nothing to do.
    idle: Mutex<Vec<Resident>>,
}

/// Why a program gave no sound.
enum Failure {
    /// Another try may help.
    Passing(String),
    /// It cannot be started at all.
    Absent(String),
}

impl Program {
    /// The backend that the settings describe; it runs in `folder`. Starts nothing yet.
    pub(super) fn new(engine: Engine, settings: &Settings, folder: &Path) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, Into::into);
        Self {
            engine,
            command: settings.command.clone(),
            folder: folder.to_path_buf(),
            stays: settings.stays,
            parallel: settings.parallel.unwrap_or(cores),
            timeout: settings.timeout(),
            patience: settings.patience(),
            tries: settings.tries(),
            idle: Mutex::new(Vec::new()),
        }
    }

    fn ask(&self, utterance: &Utterance<'_>, time: Duration) -> Result<Audio, Failure> {
        let bytes = if self.stays {
            self.ask_resident(utterance, time)?
        } else {
            once::run(&self.command, &self.folder, utterance, time)?
        };
        if bytes.is_empty() {
            return Err(Failure::Passing("it gave no sound".into()));
        }
        decode(&bytes).map_err(|error| Failure::Passing(error.to_string()))
    }

    /// Asks one that is idle, else a new one; one that failed is ended.
    fn ask_resident(&self, utterance: &Utterance<'_>, time: Duration) -> Result<Vec<u8>, Failure> {
        let idle = self
            .idle
            .lock()
            .expect("nothing panics with the lock")
            .pop();
        let mut resident = match idle {
            Some(resident) => resident,
            None => Resident::start(&self.command, &self.folder)?,
        };
        let bytes = resident.ask(utterance, time)?;
        self.idle
            .lock()
            .expect("nothing panics with the lock")
            .push(resident);
        Ok(bytes)
    }
}

impl Synthesizer for Program {
    fn engine(&self) -> &Engine {
        &self.engine
    }

    fn parallelism(&self) -> usize {
        self.parallel
    }

    fn speak(&self, utterance: &Utterance<'_>) -> Result<Audio, SpeechError> {
        let deadline = Instant::now() + self.patience;
        let mut tries = 0;
        loop {
            let time = deadline.saturating_duration_since(Instant::now());
            let why = match self.ask(utterance, self.timeout.min(time)) {
                Ok(audio) => return Ok(audio),
                Err(Failure::Absent(why)) => {
                    return Err(SpeechError::fatal(format!("`{}`: {why}", self.command[0])));
                }
                Err(Failure::Passing(why)) => why,
            };
            tries += 1;
            if tries >= self.tries || Instant::now() >= deadline {
                return Err(SpeechError::passing(format!(
                    "`{}`: {why}; tried {tries} times",
                    self.command[0]
                )));
            }
            std::thread::sleep(Duration::from_millis(50 << tries.min(6)));
        }
    }
}

/// The end of what a program said on its standard error, on one line.
fn last_words(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let skip = words.chars().count().saturating_sub(SAID);
    words.chars().skip(skip).collect()
}
