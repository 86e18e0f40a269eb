//! A pack on disk: reads its files and never trusts them without their hash.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    checksum,
    pack::{Pack, PackFile},
};
use crate::{Error, Result};

/// A pack in its folder; files may be missing or damaged, and reading tells.
#[derive(Clone, Debug)]
pub struct InstalledPack {
    pack: Pack,
    folder: PathBuf,
}

/// The pack in `home` (see [`data_folder`](crate::folders::data_folder)), complete or not; `None` if nothing
/// of it is there.
///
/// # Errors
///
/// The folder is there but cannot be looked into.
pub fn open(pack: &Pack, home: &Path) -> Result<Option<InstalledPack>> {
    let installed = InstalledPack::at(pack, home);
    match fs::read_dir(&installed.folder) {
        Ok(mut entries) => Ok(entries.next().map(|_| installed)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::Read {
            path: installed.folder,
            source,
        }),
    }
}

impl InstalledPack {
    /// The pack in its place below `home`, whether it is there or not.
    pub(super) fn at(pack: &Pack, home: &Path) -> Self {
        Self {
            pack: pack.clone(),
            folder: home.join("packs").join(&pack.name),
        }
    }

    /// Its manifest.
    pub fn pack(&self) -> &Pack {
        &self.pack
    }

    /// The folder that holds its files.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The bytes of a file, its size and SHA-256 verified.
    ///
    /// # Errors
    ///
    /// The pack has no such file, or it is absent or damaged; the hint tells the cure.
    pub fn read(&self, name: &str) -> Result<Vec<u8>> {
        let file = self.pack.file(name).ok_or_else(|| {
            let message = format!("the voice pack `{}` has no file `{name}`", self.pack.name);
            Error::invalid(message, "see `fullcast voices list` for what it has")
        })?;
        match self.verified(file) {
            Ok(Ok(bytes)) => Ok(bytes),
            Ok(Err(complaint)) => Err(self.broken(file, &format!("is damaged: {complaint}"))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(self.broken(file, "is missing"))
            }
            Err(error) => Err(self.broken(file, &format!("cannot be read: {error}"))),
        }
    }

    /// Whether every file is there in its full size: a glance that reads nothing.
    pub fn is_complete(&self) -> bool {
        let whole = |file: &PackFile| {
            fs::metadata(self.path(file))
                .is_ok_and(|found| found.is_file() && found.len() == file.size)
        };
        self.pack.files().iter().all(whole)
    }

    /// The files that are absent or damaged; reads and hashes all others.
    pub fn missing(&self) -> Vec<&PackFile> {
        let unsound = |file: &&PackFile| !self.is_sound(file);
        self.pack.files().iter().filter(unsound).collect()
    }

    pub(super) fn path(&self, file: &PackFile) -> PathBuf {
        self.folder.join(&file.name)
    }

    fn is_sound(&self, file: &PackFile) -> bool {
        let path = self.path(file);
        // A wrong length tells without reading.
        fs::metadata(&path).is_ok_and(|found| found.len() == file.size)
            && checksum::of_file(&path)
                .is_ok_and(|(size, sha256)| checksum::complaint(file, size, &sha256).is_none())
    }

    /// The file's bytes, or in the inner error what is wrong with them.
    fn verified(&self, file: &PackFile) -> io::Result<Result<Vec<u8>, String>> {
        let path = self.path(file);
        let size = fs::metadata(&path)?.len();
        // A wrong length tells without reading, however large the file is.
        if size != file.size {
            return Ok(Err(checksum::wrong_size(file, size)));
        }
        let bytes = fs::read(&path)?;
        let sha256 = checksum::of_bytes(&bytes);
        Ok(
            match checksum::complaint(file, bytes.len() as u64, &sha256) {
                None => Ok(bytes),
                Some(complaint) => Err(complaint),
            },
        )
    }

    fn broken(&self, file: &PackFile, fault: &str) -> Error {
        let path = self.path(file);
        Error::invalid(
            format!(
                "`{}` of the voice pack `{}` {fault}",
                path.display(),
                self.pack.name
            ),
            "run `fullcast voices install`: it brings in again only what is missing or damaged",
        )
    }
}
