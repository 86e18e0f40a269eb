//! Where the story lies.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{Error, Result, story};

/// The story's file: `path` itself, or the one story in the folder `path`.
pub(super) fn story_file(path: &Path) -> Result<PathBuf> {
    if !path.is_dir() {
        return Ok(path.to_path_buf());
    }
    let entries = fs::read_dir(path).map_err(Error::read(path))?;
    let mut stories: Vec<PathBuf> = (entries.flatten().map(|entry| entry.path()))
        .filter(|file| file.is_file() && is_story(file))
        .collect();
    stories.sort();
    match stories.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(Error::invalid(
            format!("there is no story in the folder `{}`", path.display()),
            "name the story's file",
        )),
        several => Err(Error::invalid(
            format!(
                "there are {} stories in the folder `{}`",
                several.len(),
                path.display()
            ),
            format!(
                "name one: {}",
                several
                    .iter()
                    .map(|s| s.display().to_string())
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        )),
    }
}

/// Whether the file's name ends as one of the formats that can be read.
fn is_story(path: &Path) -> bool {
    let extension = path
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    story::READERS
        .iter()
        .any(|reader| reader.extensions().contains(&extension.as_str()))
}

/// The folder of the file `path`.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
