//! Optional help from a language model: it says who speaks the quotations that we are unsure of, and nothing else.
//!
//! It is asked only if `fullcast.toml` has a table `[script.assistant]`. It sees conversations with an unsure line,
//! cut into batches, and a closed list of speakers; its answer counts only as numbers with names from that list. A
//! wrong, late or missing answer changes nothing.

mod answer;
mod batch;
mod http;
mod kept;

use std::{collections::BTreeMap, env, path::Path, time::Duration};

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::{Kind, Line, Name, Rival, Script, format::UNCERTAIN};
use crate::web::host;
use batch::Batch;
use http::Wire;
use kept::Kept;

/// The table `[script.assistant]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Where an OpenAI-compatible service answers, such as `http://localhost:11434/v1`.
    #[serde(deserialize_with = "web_address")]
    pub url: String,
    /// The model's name there.
    pub model: String,
    /// The environment variable that holds the key, if the service wants one.
    #[serde(default, alias = "key_env")]
    pub key_env: Option<String>,
    /// How long one answer may take, in seconds.
    #[serde(default = "patience", alias = "time_out", alias = "time-out")]
    pub timeout: u64,
}

fn patience() -> u64 {
    60
}

fn web_address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let url = String::deserialize(deserializer)?;
    if url.starts_with("http://") || url.starts_with("https://") {
        Ok(url)
    } else {
        Err(D::Error::custom(format!(
            "the assistant's `url` begins with `http://` or `https://`, not `{url}`"
        )))
    }
}

/// How sure a line is that the assistant gave to someone else than we; a working value, not measured.
const CHOSEN: f32 = 0.7;
/// How sure a line is on which the assistant agrees with us; a working value, not measured.
const AGREED: f32 = 0.8;
/// After so many useless answers it is asked no more.
const STRIKES: usize = 3;

/// The question as it goes over the wire.
#[derive(Serialize)]
struct Question<'q> {
    model: &'q str,
    messages: [Message<'q>; 2],
    temperature: f32,
    stream: bool,
}

#[derive(Serialize)]
struct Message<'q> {
    role: &'q str,
    content: &'q str,
}

/// Names by the number of their quotation, from 1.
type Labels = BTreeMap<usize, Name>;

/// What came of one run.
#[derive(Default)]
struct Tally {
    asked: usize,
    kept: usize,
    changed: usize,
    troubles: Vec<String>,
}

/// Lets the assistant of `settings` choose the speakers of unsure lines of `script`; `folder` keeps its answers.
///
/// Says in plain words what it did and what went wrong; nothing that goes wrong is an error.
pub fn ask(script: &mut Script, settings: &Settings, folder: &Path) -> Vec<String> {
    let batches = batch::unsure(script);
    if batches.is_empty() {
        return Vec::new();
    }
    let mut session = match Session::open(settings, folder) {
        Ok(session) => session,
        Err(trouble) => return vec![session_note(settings, &trouble)],
    };
    let mut tally = Tally::default();
    for batch in &batches {
        if let Some(labels) = session.labels(batch, &mut tally) {
            tally.changed += apply(script, batch, &labels, &settings.model);
        }
    }
    recount(script);
    notes(settings, &tally)
}

fn session_note(settings: &Settings, trouble: &str) -> String {
    format!(
        "the assistant at `{}` could not help: {trouble}; our own choice of speakers stands",
        host(&settings.url)
    )
}

fn notes(settings: &Settings, tally: &Tally) -> Vec<String> {
    let mut notes = Vec::new();
    if tally.asked + tally.kept > 0 {
        notes.push(format!(
            "the assistant `{}` chose speakers: {} passages asked, {} from before, {} lines given to someone else",
            settings.model, tally.asked, tally.kept, tally.changed
        ));
    }
    let mut troubles = tally.troubles.clone();
    troubles.dedup();
    notes.extend(
        troubles
            .iter()
            .map(|trouble| session_note(settings, trouble)),
    );
    notes
}

struct Session<'s> {
    settings: &'s Settings,
    key: Option<String>,
    kept: Kept,
    /// Opened for the first question; `None` once it is given up.
    wire: Option<Wire>,
    given_up: bool,
    strikes: usize,
}

impl<'s> Session<'s> {
    fn open(settings: &'s Settings, folder: &Path) -> Result<Self, String> {
        let key = match &settings.key_env {
            None => None,
            Some(name) => match env::var(name) {
                Ok(key) if !key.trim().is_empty() => Some(key.trim().to_owned()),
                _ => return Err(format!("the environment variable `{name}` holds no key")),
            },
        };
        Ok(Self {
            settings,
            key,
            kept: Kept::new(folder),
            wire: None,
            given_up: false,
            strikes: 0,
        })
    }

    /// The names for a batch: kept from before, or asked for now.
    fn labels(&mut self, batch: &Batch, tally: &mut Tally) -> Option<Labels> {
        let question = self.question(batch);
        let place = format!("{}\n{question}", self.settings.url);
        if let Some(labels) = self.kept.find(&place, batch) {
            tally.kept += 1;
            return Some(labels);
        }
        if self.given_up {
            return None;
        }
        match self.ask(&question, batch) {
            Ok(labels) => {
                tally.asked += 1;
                // An answer that cannot be kept is asked for again next time.
                if let Err(trouble) = self.kept.keep(&place, &labels) {
                    tally.troubles.push(trouble);
                }
                Some(labels)
            }
            Err(trouble) => {
                tally.troubles.push(trouble);
                None
            }
        }
    }

    fn ask(&mut self, question: &str, batch: &Batch) -> Result<Labels, String> {
        let body = self.send(question).inspect_err(|_| self.given_up = true)?;
        answer::labels(&body, batch).inspect_err(|_| {
            self.strikes += 1;
            self.given_up = self.strikes >= STRIKES;
        })
    }

    fn send(&mut self, question: &str) -> Result<String, String> {
        if self.wire.is_none() {
            let patience = Duration::from_secs(self.settings.timeout.clamp(1, 3600));
            self.wire = Some(Wire::open(
                &self.settings.url,
                self.key.as_deref(),
                patience,
            )?);
        }
        let wire = self.wire.as_ref().expect("it was opened just now");
        wire.post(question)
    }

    fn question(&self, batch: &Batch) -> String {
        let question = Question {
            model: &self.settings.model,
            messages: [
                Message {
                    role: "system",
                    content: batch::TASK,
                },
                Message {
                    role: "user",
                    content: &batch.text,
                },
            ],
            temperature: 0.0,
            stream: false,
        };
        serde_json::to_string(&question).expect("strings and numbers can always be written")
    }
}

/// Gives the unsure lines of a batch to those named; says how many changed their speaker.
fn apply(script: &mut Script, batch: &Batch, labels: &Labels, model: &str) -> usize {
    let mut changed = 0;
    for (number, index) in batch.lines.iter().enumerate() {
        let line = &mut script.lines[*index];
        let Some(name) = labels.get(&(number + 1)).filter(|_| is_unsure(line)) else {
            continue;
        };
        if *name == line.speaker {
            line.certainty = AGREED;
            line.why = format!("{}; the assistant `{model}` agrees", line.why);
        } else {
            let ours = Rival {
                name: std::mem::replace(&mut line.speaker, name.clone()),
                share: line.certainty.min(1.0 - CHOSEN),
                why: std::mem::take(&mut line.why),
            };
            line.why = format!(
                "the assistant `{model}` chose; without it {}: {}",
                ours.name, ours.why
            );
            line.certainty = CHOSEN;
            line.rival = Some(ours);
            changed += 1;
        }
    }
    changed
}

fn is_unsure(line: &Line) -> bool {
    line.kind == Kind::Speech && line.certainty < UNCERTAIN
}

/// Counts everyone's lines anew; who has none left does not speak.
fn recount(script: &mut Script) {
    let mut counts: BTreeMap<Name, usize> = BTreeMap::new();
    for line in script
        .lines
        .iter()
        .filter(|line| line.kind != Kind::Skipped)
    {
        *counts.entry(line.speaker.clone()).or_default() += 1;
    }
    for character in &mut script.characters {
        character.lines = counts.get(&character.name).copied().unwrap_or(0);
    }
    script.characters.retain(|character| {
        character.lines > 0 || character.narrates || character.name.is_narrator()
    });
    script.characters.sort_by(|one, other| {
        let rank = |name: &Name| !name.is_narrator();
        rank(&one.name)
            .cmp(&rank(&other.name))
            .then_with(|| other.lines.cmp(&one.lines))
            .then_with(|| one.name.cmp(&other.name))
    });
}
