//! The key to a service: read from the environment or a file, sent to that service, and shown nowhere.

use std::{env, fmt, fs, path::Path};

use super::Settings;
use crate::{Error, Result};

/// A secret, and where it came from.
pub(super) struct Key {
    secret: String,
    /// Where it was found, in words: ``in the environment variable `NAME` ``.
    pub(super) place: String,
}

impl Key {
    /// The key of the backend `name`, if its settings name one; files are relative to `folder`.
    pub(super) fn find(name: &str, settings: &Settings, folder: &Path) -> Result<Option<Self>> {
        let (secret, place) = match (&settings.key_env, &settings.key_file) {
            (Some(variable), _) => (
                env::var(variable).unwrap_or_default(),
                format!("in the environment variable `{variable}`"),
            ),
            (None, Some(file)) => {
                let path = folder.join(file);
                let text = fs::read_to_string(&path).map_err(Error::read(&path))?;
                (text, format!("in the file `{}`", path.display()))
            }
            (None, None) => return Ok(None),
        };
        let secret = secret.trim().to_owned();
        if secret.is_empty() || !secret.chars().all(|c| c.is_ascii_graphic()) {
            return Err(Error::invalid(
                format!("`[backend.{name}]`: there is no key {place}"),
                "put the service's key there, and nothing else",
            ));
        }
        Ok(Some(Self { secret, place }))
    }

    /// The key itself, for a request's header.
    pub(super) fn secret(&self) -> &str {
        &self.secret
    }

    /// `text` with every copy of the key blackened: servers like to repeat what they refuse.
    pub(super) fn hidden(&self, text: &str) -> String {
        text.replace(&self.secret, "***")
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.place)
    }
}
