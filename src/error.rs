//! The one error type of the library, and the hint each error carries.

use std::{io, path::PathBuf};

/// A result whose error is [`Error`] unless said otherwise.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything that can stop a book from being made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be read.
    #[error("could not read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file or folder could not be written.
    #[error("could not write `{}`", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A story, a setting or a file is not what it has to be: the message says what, the hint what to do.
    #[error("{message}")]
    Invalid {
        /// What is wrong, with the place.
        message: String,
        /// The cure.
        hint: String,
    },
    /// A line could not be spoken.
    #[error("voice `{voice}` could not speak line {line}")]
    Speech {
        /// The voice.
        voice: String,
        /// Number of the line, from 1.
        line: usize,
        /// What the backend said.
        source: SpeechError,
    },
}

/// Why a backend gave no audio; says whether trying again can help.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct SpeechError {
    /// What went wrong.
    pub message: String,
    /// Whether the same request may succeed later.
    pub transient: bool,
}

impl Error {
    /// An [`Error::Invalid`] from its two texts.
    pub fn invalid(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Invalid {
            message: message.into(),
            hint: hint.into(),
        }
    }
}
