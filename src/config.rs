//! `fullcast.toml`: what a book's owner has settled, strictly read.

use std::{collections::BTreeMap, fs, io::ErrorKind, path::Path};

use serde::Deserialize;

use crate::{Error, Result, error::nearest, mix::Pacing, script::assistant, speech::BACKENDS};

/// The settings' file name; it stands beside the story.
pub const FILE: &str = "fullcast.toml";

/// Everything `fullcast.toml` may say. What is not said has its default; what is not known is an error.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// What a library shows of the book.
    pub book: Book,
    /// Voices by character.
    pub cast: BTreeMap<String, String>,
    /// Silences in seconds.
    pub pacing: Pacing,
    /// Who says what.
    pub script: Script,
    /// What speaks.
    pub speech: Speech,
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

/// The table `[speech]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Speech {
    /// The backend's name.
    pub backend: String,
}

impl Default for Speech {
    fn default() -> Self {
        Self {
            backend: BACKENDS[0].name.into(),
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
