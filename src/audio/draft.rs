//! A file that appears whole or not at all.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use tempfile::{Builder, NamedTempFile};

use crate::{Error, Result};

/// A file being written beside the place it will have, and moved there when it is complete.
///
/// Dropped before [`Draft::publish`] it vanishes; what stood at its place stays as it was.
pub(crate) struct Draft {
    file: NamedTempFile,
    path: PathBuf,
}

impl Draft {
    /// Begins a file that will be called `path`.
    pub(crate) fn new(path: &Path) -> Result<Self> {
        let mut builder = Builder::new();
        builder.prefix(".").suffix(".part");
        for_everyone(&mut builder);
        Ok(Self {
            file: builder
                .tempfile_in(folder(path))
                .map_err(Error::write(path))?,
            path: path.to_path_buf(),
        })
    }

    /// The file to write to.
    pub(crate) fn file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Makes sure that all is on the disk, then gives the file its name.
    pub(crate) fn publish(self) -> Result<()> {
        let Self { file, path } = self;
        file.as_file().sync_all().map_err(Error::write(&path))?;
        match file.persist(&path) {
            Ok(_) => Ok(()),
            Err(failure) => Err(Error::write(&path)(failure.error)),
        }
    }
}

/// A file without a name in the folder of `path`: the system frees it even if the program is killed.
pub(crate) fn spool(path: &Path) -> Result<File> {
    tempfile::tempfile_in(folder(path)).map_err(Error::write(path))
}

/// The folder a file is in.
fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// Lets a file be used as one made in the ordinary way; temporary files are otherwise their owner's only.
#[cfg(unix)]
fn for_everyone(builder: &mut Builder<'_, '_>) {
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
}

/// Files are no one's own here.
#[cfg(not(unix))]
fn for_everyone(_: &mut Builder<'_, '_>) {}
