//! `fullcast.toml`: what a book's owner has settled, strictly read.

mod series;

use std::{
    collections::BTreeMap,
    fs,
    io::{ErrorKind, Write as _},
    path::Path,
};

pub use self::series::Series;

use serde::Deserialize;
use toml_edit::DocumentMut;

use crate::{
    Error, Result,
    audio::draft::Draft,
    error::nearest,
    mix::Pacing,
    record::CheckSettings,
    script::assistant,
    speech::{self, BACKENDS},
    voice::OwnVoice,
};

/// The settings' file name; it stands beside the story.
pub const FILE: &str = "fullcast.toml";

/// Everything `fullcast.toml` may say. What is not said has its default; what is not known is an error.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// What a library shows of the book.
    pub book: Book,
    /// A file with voices by character that several books share, relative to the settings' folder.
    pub series: Option<String>,
    /// Voices by character.
    pub cast: BTreeMap<String, String>,
    /// Voices of the user's own, by name.
    pub voices: BTreeMap<String, OwnVoice>,
    /// Silences in seconds.
    pub pacing: Pacing,
    /// Who says what.
    pub script: Script,
    /// What speaks.
    pub speech: Speech,
    /// Who listens to new clips.
    pub check: CheckSettings,
    /// The store of clips.
    pub cache: Cache,
    /// Voice services and programs, by name.
    pub backend: BTreeMap<String, speech::Settings>,
}

/// The table `[script]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Script {
    /// A language model that is asked about unsure lines; none unless it is set.
    pub assistant: Option<assistant::Settings>,
}

/// The table `[book]`: each overrides what the story itself says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Book {
    /// The title.
    pub title: Option<String>,
    /// The author.
    pub author: Option<String>,
    /// A picture, JPEG or PNG, relative to the settings' folder.
    pub cover: Option<String>,
}

/// The table `[cache]`.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Cache {
    /// How large it may grow, in GB; the clips not used for longest go first.
    pub limit: f64,
}

impl Default for Cache {
    fn default() -> Self {
        Self { limit: 20.0 }
    }
}

/// The table `[speech]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Speech {
    /// The backend's name.
    pub backend: String,
    /// Whether a whisper is whispered and a shout is shouted, as far as the backend can.
    pub delivery: bool,
}

impl Default for Speech {
    fn default() -> Self {
        Self {
            backend: BACKENDS[0].name.into(),
            delivery: true,
        }
    }
}

/// Reads the settings in `folder`; no file means the defaults.
pub fn load(folder: &Path) -> Result<Config> {
    let path = folder.join(FILE);
    match fs::read_to_string(&path) {
        Ok(text) => parse(&text, &path),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Config::default()),
        Err(source) => Err(Error::Read { path, source }),
    }
}

/// Reads settings from `text`; `path` is for messages only.
pub fn parse(text: &str, path: &Path) -> Result<Config> {
    toml::from_str(text).map_err(|error| complaint(text, path, &error))
}

/// Writes voices by character into the table `[cast]` of the settings or the series file at `path`; all else in the file
/// stays as it is, remarks included. A file that is not there is made.
///
/// # Errors
///
/// The file cannot be read, is no settings file, or cannot be written; then it is as it was.
pub fn set_cast(path: &Path, voices: &BTreeMap<String, String>) -> Result<()> {
    change(path, |settings| {
        let cast = settings.entry("cast").or_insert_with(toml_edit::table);
        for (name, voice) in voices {
            cast[name.as_str()] = toml_edit::value(voice.as_str());
        }
    })
}

/// Writes a voice of the user's own into the settings at `path`.
///
/// # Errors
///
/// As [`set_cast`].
pub fn set_voice(path: &Path, name: &str, voice: &str, about: &str) -> Result<()> {
    change(path, |settings| {
        let voices = settings.entry("voices").or_insert_with(|| {
            let mut voices = toml_edit::Table::new();
            voices.set_implicit(true);
            toml_edit::Item::Table(voices)
        });
        let mut own = toml_edit::Table::new();
        own["voice"] = toml_edit::value(voice);
        own["about"] = toml_edit::value(about);
        voices[name] = toml_edit::Item::Table(own);
    })
}

/// Writes into the settings at `path` that the book belongs to the series whose file is `series`, relative to them.
///
/// # Errors
///
/// As [`set_cast`].
pub fn set_series(path: &Path, series: &str) -> Result<()> {
    change(path, |settings| {
        settings["series"] = toml_edit::value(series);
    })
}

/// Changes settings and leaves all else as it is, remarks included.
fn change(path: &Path, edit: impl FnOnce(&mut DocumentMut)) -> Result<()> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(source) => {
            return Err(Error::Read {
                path: path.into(),
                source,
            });
        }
    };
    parse(&text, path)?;
    let mut settings: DocumentMut = text
        .parse()
        .map_err(|error| Error::invalid(format!("{}: {error}", path.display()), "mend it first"))?;
    edit(&mut settings);
    let text = settings.to_string();
    parse(&text, path)?;
    let mut draft = Draft::new(path)?;
    let written = draft.file().write_all(text.as_bytes());
    written.map_err(Error::write(path))?;
    draft.publish()
}

/// The parser's word with its file, line and column, and the nearest known key where one is misspelt.
fn complaint(text: &str, path: &Path, error: &toml::de::Error) -> Error {
    let start = error.span().map_or(0, |span| span.start);
    let before = &text[..text.floor_char_boundary(start)];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
    let words = error.message().trim().replace('\n', ": ");
    let hint = match misspelt(&words) {
        Some((word, known)) => match nearest(word, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the keys known there are `{}`", known.join("`, `")),
        },
        None => "the README shows what the file may hold".into(),
    };
    Error::invalid(format!("{}:{line}:{column}: {words}", path.display()), hint)
}

/// The unknown key and the known ones, out of serde's "unknown field `a`, expected one of `b`, `c`".
fn misspelt(words: &str) -> Option<(&str, Vec<&str>)> {
    let mut quoted = words
        .strip_prefix("unknown field ")?
        .split('`')
        .skip(1)
        .step_by(2);
    Some((quoted.next()?, quoted.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> (String, Option<String>) {
        let error = parse(text, Path::new(FILE)).expect_err("it has a fault");
        (error.to_string(), error.hint())
    }

    #[test]
    fn an_unknown_key_is_placed_and_the_nearest_known_one_is_named() {
        let (message, hint) = refused("[book]\ntitle = \"x\"\nautor = \"y\"\n");
        assert!(
            message.starts_with("fullcast.toml:3:1: unknown field `autor`"),
            "{message}"
        );
        assert_eq!(hint.as_deref(), Some("did you mean `author`?"));
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_placed() {
        let (message, _) = refused("[cast]\nAnna = 3\n");
        assert!(message.starts_with("fullcast.toml:2:8: "), "{message}");
    }

    #[test]
    fn an_empty_file_gives_the_defaults() {
        assert_eq!(parse("", Path::new(FILE)).ok(), Some(Config::default()));
    }
}
