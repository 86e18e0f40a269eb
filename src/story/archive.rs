//! The zip archives that books come in, read by name and up to a limit; nothing is ever unpacked to the disk.

use std::io::{Cursor, Read};

use zip::{ZipArchive, result::ZipError};

use super::decode::decode;
use crate::{Error, Result};

/// The largest file in an archive that is read, in bytes, and the largest sum of them.
const LARGEST: u64 = 64 << 20;
const LARGEST_SUM: u64 = 512 << 20;

/// An archive in memory.
pub(super) struct Archive<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    read: u64,
}

impl<'a> Archive<'a> {
    /// The archive in `source`.
    pub(super) fn open(source: &'a [u8]) -> Result<Self> {
        let archive = ZipArchive::new(Cursor::new(source)).map_err(|error| damaged(&error))?;
        Ok(Self { archive, read: 0 })
    }

    /// Whether there is a file of this name.
    pub(super) fn has(&self, path: &str) -> bool {
        self.archive.index_for_name(path).is_some()
    }

    /// The name of the first file that ends so.
    pub(super) fn first(&self, end: &str) -> Option<String> {
        let mut names = self.archive.file_names().flatten();
        let name = names.find(|name| name.to_lowercase().ends_with(end));
        name.map(std::borrow::Cow::into_owned)
    }

    /// The bytes of a file.
    pub(super) fn bytes(&mut self, path: &str) -> Result<Vec<u8>> {
        let file = self.archive.by_name(path).map_err(|error| match error {
            ZipError::FileNotFound => Error::invalid(
                format!("the file `{path}` is not in the book"),
                "the book is incomplete: get it anew",
            ),
            error => damaged(&error),
        })?;
        let mut bytes = Vec::new();
        file.take(LARGEST + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| damaged(&ZipError::Io(error)))?;
        self.read += bytes.len() as u64;
        if bytes.len() as u64 > LARGEST || self.read > LARGEST_SUM {
            return Err(Error::invalid(
                format!("`{path}` unpacks to more than a book can be"),
                "the file is damaged, or made to do harm",
            ));
        }
        Ok(bytes)
    }

    /// The text of a file.
    pub(super) fn text(&mut self, path: &str) -> Result<String> {
        let bytes = self.bytes(path)?;
        decode(&bytes).map(|(text, _)| text)
    }
}

fn damaged(error: &ZipError) -> Error {
    Error::invalid(
        format!("the book's archive cannot be read: {error}"),
        "the file is damaged: get it anew",
    )
}
