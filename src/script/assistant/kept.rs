//! Answers kept on disk, each under the whole question it answers.

use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{Labels, answer, batch::Batch};

/// The folder of kept answers.
pub(super) struct Kept {
    folder: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    /// Two questions of one file name are told apart by it.
    question: String,
    labels: BTreeMap<usize, String>,
}

impl Kept {
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }

    /// The names kept for `question`; what is damaged, or names somebody unknown, counts as nothing.
    pub(super) fn find(&self, question: &str, batch: &Batch) -> Option<Labels> {
        let text = fs::read_to_string(self.path(question)).ok()?;
        let entry: Entry = serde_json::from_str(&text).ok()?;
        let labels = entry.labels.iter();
        let labels: Option<Labels> = labels
            .map(|(number, name)| Some((*number, answer::offered(batch, name)?)))
            .collect();
        labels.filter(|_| entry.question == question)
    }

    /// Keeps the names for `question`; the file appears whole or not at all.
    pub(super) fn keep(&self, question: &str, labels: &Labels) -> Result<(), String> {
        let labels = labels.iter();
        let entry = Entry {
            question: question.to_owned(),
            labels: labels
                .map(|(number, name)| (*number, name.to_string()))
                .collect(),
        };
        let text = serde_json::to_vec(&entry).expect("strings and numbers can always be written");
        let write = || {
            fs::create_dir_all(&self.folder)?;
            let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
            file.write_all(&text)?;
            file.persist(self.path(question))?;
            Ok(())
        };
        write().map_err(|error: std::io::Error| {
            format!(
                "an answer could not be kept in `{}`: {error}",
                self.folder.display()
            )
        })
    }

    fn path(&self, question: &str) -> PathBuf {
        self.folder
            .join(format!("{:032x}.json", fingerprint(question)))
    }
}

/// FNV-1a in 128 bits (Fowler, Noll, Vo 1991): stable over runs, which the standard hasher need not be.
fn fingerprint(text: &str) -> u128 {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    text.bytes().fold(BASIS, |hash, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(PRIME)
    })
}
