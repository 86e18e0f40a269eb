//! A series file: voices by character, shared between the books of a series.

use std::{
    collections::BTreeMap,
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::complaint;
use crate::{Error, Result, voice::OwnVoice};

/// What the file that `series` in `fullcast.toml` names may say.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Series {
    /// Voices by character; those of other volumes stand here too.
    pub cast: BTreeMap<String, String>,
    /// Voices of the user's own, by name.
    pub voices: BTreeMap<String, OwnVoice>,
    /// Where it was read.
    #[serde(skip)]
    pub path: PathBuf,
}

impl Series {
    /// Reads the series file `name`, relative to `folder`.
    pub fn load(folder: &Path, name: &str) -> Result<Self> {
        let path = folder.join(name);
        let text = fs::read_to_string(&path).map_err(|source| match source.kind() {
            ErrorKind::NotFound => Error::invalid(
                format!("the series file `{}` is not there", path.display()),
                "`fullcast cast STORY --series FILE` begins one with the voices of a story",
            ),
            _ => Error::Read {
                path: path.clone(),
                source,
            },
        })?;
        let series: Self =
            toml::from_str(&text).map_err(|error| complaint(&text, &path, &error))?;
        Ok(Self { path, ..series })
    }
}
