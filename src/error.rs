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
        /// How many clips are finished and kept.
        kept: usize,
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
    /// Whether no other line has a chance either: a key is refused, a program is not there.
    pub fatal: bool,
}

impl SpeechError {
    /// It will not work, however often it is tried.
    pub fn lasting(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            transient: false,
            fatal: false,
        }
    }

    /// It may work later.
    pub fn passing(message: impl Into<String>) -> Self {
        Self {
            transient: true,
            ..Self::lasting(message)
        }
    }

    /// Nothing will work until someone mends it.
    pub fn fatal(message: impl Into<String>) -> Self {
        Self {
            fatal: true,
            ..Self::lasting(message)
        }
    }
}

impl Error {
    /// An [`Error::Invalid`] from its two texts.
    pub fn invalid(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Invalid {
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// Turns the system's word on reading `path` into an [`Error::Read`]; for `map_err`.
    pub fn read(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Read { path, source }
    }

    /// Turns the system's word on writing `path` into an [`Error::Write`]; for `map_err`.
    pub fn write(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Write { path, source }
    }

    /// What the reader can do about it, in one sentence.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Read { source, .. } => read_hint(source).map(Into::into),
            Self::Write { source, .. } => write_hint(source).map(Into::into),
            Self::Invalid { hint, .. } => (!hint.is_empty()).then(|| hint.clone()),
            Self::Speech { kept, source, .. } => Some(if source.transient || source.fatal {
                format!("{kept} clips are kept; run the same command to go on")
            } else {
                format!(
                    "{kept} clips are kept; change the line or its voice and run the same command to go on"
                )
            }),
        }
    }
}

fn read_hint(source: &io::Error) -> Option<&'static str> {
    match source.kind() {
        io::ErrorKind::NotFound => Some("check the name; no such file is there"),
        io::ErrorKind::PermissionDenied => Some("check the file's permissions"),
        io::ErrorKind::IsADirectory => Some("name a file, not a folder"),
        _ => None,
    }
}

fn write_hint(source: &io::Error) -> Option<&'static str> {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            Some(
                "the disk is full; make room and run the same command again: finished clips are kept",
            )
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            Some("choose a folder that can be written, with `-o` or `FULLCAST_HOME`")
        }
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Some(
            "the folder it should stand in is not there; create it or choose another with `-o`",
        ),
        _ => None,
    }
}

/// The one of `known` that `word` was probably meant to be: the nearest by edit distance, case ignored,
/// if at most a third of its letters differ.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let word = word.to_lowercase();
    known
        .into_iter()
        .map(|candidate| (edit_distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| distance * 3 <= candidate.chars().count().max(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Edit distance with transpositions counted as one (optimal string alignment; Damerau 1964).
fn edit_distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = change.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_of_the_finger_finds_the_name_meant() {
        let known = ["title", "author", "pacing"];
        assert_eq!(nearest("tilte", known), Some("title"));
        assert_eq!(nearest("AUTOR", known), Some("author"));
        assert_eq!(nearest("voice", known), None);
    }
}
