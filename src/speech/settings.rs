//! One `[backend.NAME]` table of `fullcast.toml`: a voice service or a program, and how to use it.

use std::time::Duration;

use serde::Deserialize;

use crate::{Error, Result};

/// What a table `[backend.NAME]` may say; which of it counts depends on `kind`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// What it talks to.
    pub kind: Kind,
    /// Where one server is.
    pub url: Option<String>,
    /// Where several servers are that speak alike: a line may go to any of them.
    #[serde(default)]
    pub servers: Vec<String>,
    /// The model's name there.
    pub model: Option<String>,
    /// The form in which the sound is asked for.
    pub format: Option<String>,
    /// How to speak, in words, for models that take instructions.
    pub instructions: Option<String>,
    /// Whether it understands directions: that a line is whispered, shouted and so on.
    #[serde(default)]
    pub directions: bool,
    /// Whether it is told the words before and after a line.
    #[serde(default)]
    pub context: bool,
    /// More fields for the request, sent as they are.
    #[serde(default)]
    pub extra: toml::Table,
    /// The environment variable that holds the key.
    pub key_env: Option<String>,
    /// The file that holds the key, relative to the settings.
    pub key_file: Option<String>,
    /// The program and its arguments.
    #[serde(default)]
    pub command: Vec<String>,
    /// Whether the program stays alive and is asked line by line.
    #[serde(default)]
    pub stays: bool,
    /// How many lines each server, or the program, speaks at once.
    pub parallel: Option<usize>,
    /// How long one try may take, in seconds.
    pub timeout: Option<f64>,
    /// How long one line may take with all its tries and waits, in seconds.
    pub patience: Option<f64>,
    /// How often one line is tried, refusals for want of time not counted.
    pub tries: Option<u32>,
    /// What a million characters cost, in any currency; a dry run tells what the book will cost.
    pub price: Option<f64>,
    /// What tells this service's sound from an earlier one's: change it, and all is spoken again.
    pub version: Option<String>,
    /// The voices a casting may choose from, if this is the backend for all who have no other.
    #[serde(default)]
    pub voices: Voices,
}

/// Voices by gender, as the service names them, the best first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Voices {
    /// Women's.
    pub female: Vec<String>,
    /// Men's.
    pub male: Vec<String>,
}

/// The kinds of services.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Any server with OpenAI's `/audio/speech`.
    OpenAi,
    /// ElevenLabs.
    ElevenLabs,
    /// The HTTP server of Piper.
    Piper,
    /// A program of the user's own.
    Command,
}

impl Kind {
    /// What `kind = …` says.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::ElevenLabs => "elevenlabs",
            Self::Piper => "piper",
            Self::Command => "command",
        }
    }

    /// The settings beside those of all kinds.
    fn knows(self) -> &'static [&'static str] {
        match self {
            Self::OpenAi => &[
                "url",
                "servers",
                "model",
                "format",
                "instructions",
                "directions",
                "extra",
                "key-env",
                "key-file",
            ],
            Self::ElevenLabs => &[
                "url",
                "servers",
                "model",
                "format",
                "directions",
                "context",
                "extra",
                "key-env",
                "key-file",
            ],
            Self::Piper => &["url", "servers", "extra"],
            Self::Command => &["command", "stays", "directions", "context"],
        }
    }
}

impl Settings {
    /// Complains of what the kind does not know, lacks, or cannot bear; `name` is the table's.
    pub(super) fn check(&self, name: &str) -> Result<()> {
        let kind = self.kind.name();
        let wrong = |message: String, hint: String| {
            Err(Error::invalid(
                format!("`[backend.{name}]`: {message}"),
                hint,
            ))
        };
        let known = self.kind.knows();
        if let Some(other) = self.set().into_iter().find(|set| !known.contains(set)) {
            return wrong(
                format!("`{other}` means nothing to the kind `{kind}`"),
                format!("beside those of all backends it takes {}", known.join(", ")),
            );
        }
        if self.kind == Kind::Command {
            if self.command.is_empty() {
                return wrong(
                    "it names no program".into(),
                    "write `command = [\"espeak-ng\", \"-v\", \"{voice}\", \"-w\", \"{output}\", \"{text}\"]`".into(),
                );
            }
        } else if self.addresses().is_empty() && self.kind != Kind::ElevenLabs {
            return wrong(
                "it names no server".into(),
                "write `url = \"http://localhost:8880/v1\"`, or `servers = [\"…\", \"…\"]` for several that speak alike".into(),
            );
        }
        for url in self.addresses() {
            if !url.starts_with("http://") && !url.starts_with("https://") {
                return wrong(
                    format!("`{url}` is no address"),
                    "begin it with `http://` or `https://`".into(),
                );
            }
        }
        if self.kind == Kind::OpenAi && self.model.is_none() {
            return wrong(
                "it names no model".into(),
                "write `model = \"kokoro\"`, as the server calls it".into(),
            );
        }
        let seconds = [("timeout", self.timeout), ("patience", self.patience)];
        for (what, value) in seconds {
            if value.is_some_and(|value| !(0.05..=86_400.0).contains(&value)) {
                return wrong(
                    format!("`{what}` is no time"),
                    "give seconds, up to a day".into(),
                );
            }
        }
        if self.parallel == Some(0) || self.parallel > Some(256) || self.tries == Some(0) {
            return wrong(
                "`parallel` and `tries` are counted from 1, `parallel` up to 256".into(),
                "leave them out for what is usual".into(),
            );
        }
        Ok(())
    }

    /// The keys, of those that only some kinds know, that are set.
    fn set(&self) -> Vec<&'static str> {
        [
            ("url", self.url.is_some()),
            ("servers", !self.servers.is_empty()),
            ("model", self.model.is_some()),
            ("format", self.format.is_some()),
            ("instructions", self.instructions.is_some()),
            ("directions", self.directions),
            ("context", self.context),
            ("extra", !self.extra.is_empty()),
            ("key-env", self.key_env.is_some()),
            ("key-file", self.key_file.is_some()),
            ("command", !self.command.is_empty()),
            ("stays", self.stays),
        ]
        .into_iter()
        .filter_map(|(name, set)| set.then_some(name))
        .collect()
    }

    /// All servers, without the slash at the end.
    pub(super) fn addresses(&self) -> Vec<String> {
        let all = self.url.iter().chain(&self.servers);
        all.map(|url| url.trim_end_matches('/').to_owned())
            .collect()
    }

    /// How long one try may take.
    pub(super) fn timeout(&self) -> Duration {
        Duration::from_secs_f64(self.timeout.unwrap_or(120.0))
    }

    /// How long one line may take in all.
    pub(super) fn patience(&self) -> Duration {
        Duration::from_secs_f64(self.patience.unwrap_or(600.0))
    }

    /// How often one line is tried.
    pub(super) fn tries(&self) -> u32 {
        self.tries.unwrap_or(5)
    }

    /// Everything that decides how it sounds, and nothing that does not: where it is, how fast and how dear it is may
    /// change, and what was spoken stays good.
    pub(super) fn identity(&self) -> String {
        let sounding = (
            &self.model,
            &self.format,
            &self.instructions,
            &self.extra,
            &self.command,
            &self.version,
        );
        let text = serde_json::to_string(&sounding).expect("settings are plain data");
        blake3::hash(text.as_bytes()).to_hex()[..16].to_owned()
    }
}
