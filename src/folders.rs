//! Where fullcast keeps what outlives a run: voice packs in the data folder, clips in the cache folder.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

use crate::{Error, Result};

/// The folder for data that the user would miss, such as voice packs.
///
/// `FULLCAST_HOME`, else `fullcast` in `XDG_DATA_HOME`, else in the system's own place for data
/// (`~/.local/share` on Linux). The folder may not exist yet.
pub fn data_folder() -> Result<PathBuf> {
    find(Kept::Data, &|name| env::var_os(name), env::home_dir())
}

/// The folder for what can be made again, such as clips.
///
/// `cache` in `FULLCAST_HOME`, else `fullcast` in `XDG_CACHE_HOME`, else in the system's own place for
/// caches (`~/.cache` on Linux). The folder may not exist yet.
pub fn cache_folder() -> Result<PathBuf> {
    find(Kept::Cache, &|name| env::var_os(name), env::home_dir())
}

/// `name` as part of a file's name on every system: letters, digits, `_`, `-` and `.` stay, whatever else is between
/// becomes one `-`.
pub fn plain_name(name: &str) -> String {
    let kept = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let words = name.split(|c| !kept(c)).filter(|word| !word.is_empty());
    let plain = words.collect::<Vec<_>>().join("-");
    if plain.trim_matches('.').is_empty() {
        "voice".into()
    } else {
        plain
    }
}

/// What a folder is for.
#[derive(Clone, Copy, PartialEq)]
enum Kept {
    Data,
    Cache,
}

impl Kept {
    /// The variable of the XDG base directory specification.
    fn variable(self) -> &'static str {
        match self {
            Self::Data => "XDG_DATA_HOME",
            Self::Cache => "XDG_CACHE_HOME",
        }
    }

    /// The system's own place below the user's home.
    fn below_home(self) -> &'static str {
        match self {
            Self::Data if cfg!(target_os = "macos") => "Library/Application Support",
            Self::Cache if cfg!(target_os = "macos") => "Library/Caches",
            Self::Data if cfg!(windows) => "AppData/Local",
            Self::Cache if cfg!(windows) => "AppData/Local/Temp",
            Self::Data => ".local/share",
            Self::Cache => ".cache",
        }
    }
}

fn find(
    kept: Kept,
    variable: &dyn Fn(&str) -> Option<OsString>,
    home: Option<PathBuf>,
) -> Result<PathBuf> {
    let set = |name| variable(name).filter(|value| !value.is_empty());
    if let Some(own) = set("FULLCAST_HOME") {
        let own = std::path::absolute(&own).unwrap_or_else(|_| own.into());
        return Ok(match kept {
            Kept::Data => own,
            Kept::Cache => own.join("cache"),
        });
    }
    // The specification says that relative paths are invalid and to be ignored.
    let named = set(kept.variable()).filter(|value| Path::new(value).is_absolute());
    if let Some(base) = named {
        return Ok(PathBuf::from(base).join("fullcast"));
    }
    home.filter(|home| home.is_absolute())
        .map(|home| home.join(kept.below_home()).join("fullcast"))
        .ok_or_else(|| {
            Error::invalid(
                "the user has no home folder, so there is no place for voices and clips",
                "set `FULLCAST_HOME` to a folder that can be written",
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(kept: Kept, set: &[(&str, &str)]) -> PathBuf {
        let variable = |name: &str| {
            let found = set.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| OsString::from(value))
        };
        find(kept, &variable, Some(PathBuf::from("/home/ada"))).unwrap()
    }

    #[test]
    fn a_name_becomes_part_of_a_files_name() {
        assert_eq!(plain_name("bm_george"), "bm_george");
        assert_eq!(plain_name("Mrs O'Brien"), "Mrs-O-Brien");
        assert_eq!(plain_name("a*0.6+b*0.4@0.9"), "a-0.6-b-0.4-0.9");
        assert_eq!(plain_name("../"), "voice");
    }

    #[test]
    fn fullcast_home_moves_both_folders() {
        let set = [("FULLCAST_HOME", "/big"), ("XDG_DATA_HOME", "/data")];
        assert_eq!(with(Kept::Data, &set), Path::new("/big"));
        assert_eq!(with(Kept::Cache, &set), Path::new("/big/cache"));
    }

    #[test]
    fn xdg_folders_count_when_they_are_absolute() {
        let set = [("XDG_DATA_HOME", "/data"), ("XDG_CACHE_HOME", "cache")];
        assert_eq!(with(Kept::Data, &set), Path::new("/data/fullcast"));
        assert!(with(Kept::Cache, &set).starts_with("/home/ada"));
    }

    #[test]
    fn an_empty_variable_is_as_good_as_none() {
        let set = [("FULLCAST_HOME", ""), ("XDG_DATA_HOME", "")];
        assert!(with(Kept::Data, &set).starts_with("/home/ada"));
    }

    #[test]
    fn without_a_home_the_error_names_the_variable_to_set() {
        let error = find(Kept::Data, &|_| None, None).unwrap_err();
        assert!(matches!(error, Error::Invalid { hint, .. } if hint.contains("FULLCAST_HOME")));
    }
}
