//! Who speaks a clip: several processes that make the same book share the work.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    path::PathBuf,
};

use crate::{
    Error, Result,
    clip::{ClipCache, ClipId},
};

/// The claims of one process on clips of one cache.
pub(super) struct Claims<'a> {
    cache: &'a ClipCache,
}

/// The right to speak one clip, given back when dropped; the system gives it back even after a kill.
pub(super) struct Claim {
    /// None on a file system without locks: then work may be done twice, which harms nothing.
    file: Option<File>,
    path: PathBuf,
}

impl<'a> Claims<'a> {
    pub(super) fn new(cache: &'a ClipCache) -> Self {
        Self { cache }
    }

    /// The claim on `clip`, unless another process has it.
    pub(super) fn claim(&self, clip: ClipId) -> Result<Option<Claim>> {
        let (file, path) = self.open(clip)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Claim {
                file: Some(file),
                path,
            })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(_)) => Ok(Some(Claim { file: None, path })),
        }
    }

    /// The claim on `clip` as soon as the process that has it is done.
    pub(super) fn wait(&self, clip: ClipId) -> Result<Claim> {
        let (file, path) = self.open(clip)?;
        let locked = file.lock().is_ok();
        Ok(Claim {
            file: locked.then_some(file),
            path,
        })
    }

    fn open(&self, clip: ClipId) -> Result<(File, PathBuf)> {
        let path = self.cache.claim_path(clip);
        let folder = path.parent().expect("a claim stands in a folder");
        fs::create_dir_all(folder).map_err(Error::write(folder))?;
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path);
        Ok((file.map_err(Error::write(&path))?, path))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // Whoever opened the file before it goes finds the clip, or speaks it once more; both are right.
        let _ = fs::remove_file(&self.path);
        if let Some(file) = &self.file {
            let _ = file.unlock();
        }
    }
}
