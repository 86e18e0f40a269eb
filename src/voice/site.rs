//! The folders of an installation: one process at a time, and files that appear whole.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use super::{checksum, installed::InstalledPack, pack::PackFile, sources::Trouble};
use crate::{
    Error, Result,
    event::{Event, Observer},
};

/// A pack's folder, and beside it one where its files lie until they are whole and verified.
pub(super) struct Site {
    incoming: PathBuf,
    /// The lock is held as long as this file is open; the system gives it back even after a kill.
    _lock: Option<File>,
}

impl Site {
    /// Makes the folders, waits until no other process installs this pack, and clears what a killed one left,
    /// but for broken downloads, which go on.
    pub(super) fn enter(installed: &InstalledPack, observer: &dyn Observer) -> Result<Self> {
        let folder = installed.folder();
        let make =
            |path: &Path| fs::create_dir_all(path).map_err(|error| cannot_write(path, &error));
        make(folder)?;
        let name = &installed.pack().name;
        let lock_file = folder.with_file_name(format!("{name}.lock"));
        let lock =
            lock(&lock_file, name, observer).map_err(|error| cannot_write(&lock_file, &error))?;
        let incoming = folder.with_file_name(format!("{name}.incoming"));
        make(&incoming)?;
        clear(&incoming);
        Ok(Self {
            incoming,
            _lock: lock,
        })
    }

    /// Where a file's download grows.
    pub(super) fn part(&self, file: &PackFile) -> PathBuf {
        self.incoming
            .join(format!("{}.part", file.name.replace('/', "!")))
    }

    /// Where a file is put together from a folder or from packages.
    pub(super) fn draft(&self, file: &PackFile) -> PathBuf {
        self.incoming
            .join(format!("{}.draft", file.name.replace('/', "!")))
    }

    /// An empty folder that goes with the installation, of a new name: a client that outlived a killed
    /// installation may still write into an old one.
    pub(super) fn scratch(&self) -> Result<PathBuf> {
        let folder = tempfile::Builder::new()
            .prefix("scratch-")
            .tempdir_in(&self.incoming);
        let folder = folder.map_err(|error| cannot_write(&self.incoming, &error))?;
        Ok(folder.keep())
    }

    /// Clears all that is not of the finished pack; with `keep_parts`, broken downloads stay for the next time.
    pub(super) fn leave(self, keep_parts: bool) {
        // What cannot be deleted now is cleared when the next installation begins.
        let _ = if keep_parts {
            clear(&self.incoming);
            // The folder itself goes if it is empty.
            fs::remove_dir(&self.incoming)
        } else {
            fs::remove_dir_all(&self.incoming)
        };
    }
}

/// Moves a file into the pack if it is what it has to be, else deletes it.
pub(super) fn settle(from: &Path, file: &PackFile, to: &Path) -> Result<(), Trouble> {
    let disk = |error: io::Error| Trouble::Disk(cannot_write(to, &error));
    let (size, sha256) = checksum::of_file(from).map_err(disk)?;
    if let Some(complaint) = checksum::complaint(file, size, &sha256) {
        fs::remove_file(from).map_err(disk)?;
        return Err(Trouble::Source(complaint));
    }
    let folder = to.parent().unwrap_or(to);
    fs::create_dir_all(folder)
        .and_then(|()| File::options().write(true).open(from)?.sync_all())
        .and_then(|()| fs::rename(from, to))
        .and_then(|()| sync_folder(folder))
        .map_err(disk)
}

/// An error for a file or folder that cannot be written, with the cure that fits.
pub(super) fn cannot_write(path: &Path, error: &io::Error) -> Error {
    let hint = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "make room and run `fullcast voices install` again (what is in place stays); \
             or set `FULLCAST_HOME` to a folder on a larger disk"
        }
        _ => "set `FULLCAST_HOME` to a folder that can be written",
    };
    Error::invalid(
        format!("could not write `{}`: {error}", path.display()),
        hint,
    )
}

/// Takes the lock, waiting if need be; `None` on a file system that has no locks.
fn lock(path: &Path, pack: &str, observer: &dyn Observer) -> io::Result<Option<File>> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => {
            observer.on(&Event::InstallWaiting { pack });
            file.lock()?;
            Ok(Some(file))
        }
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Deletes all in a folder but broken downloads, as far as it can be deleted.
fn clear(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "part")
        {
            continue;
        }
        // What stays takes room, but is never looked at.
        let _ = if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            fs::remove_dir_all(path)
        } else {
            fs::remove_file(path)
        };
    }
}

/// Makes a rename last through a loss of power.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Folders cannot be synced here.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
