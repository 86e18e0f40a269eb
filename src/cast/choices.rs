//! Voices that people chose, and where.

use std::{collections::BTreeMap, fmt};

use super::Role;
use crate::script::Name;

/// Voices chosen by hand, by the names people gave; an alias finds its character, case is ignored.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// From the command line: an unknown name is an error.
    pub asked: BTreeMap<String, String>,
    /// From `fullcast.toml`, which several stories may share: an unknown name is a warning.
    pub configured: BTreeMap<String, String>,
    /// From the series file: an unknown name is someone of another volume.
    pub series: BTreeMap<String, String>,
    /// Whom an earlier book of this story had in which voices: they keep them, whoever has come into the story since.
    pub earlier: BTreeMap<Name, Role>,
}

/// Where voices are chosen by hand.
#[derive(Clone, Copy)]
pub(super) enum Place {
    Series,
    Settings,
    CommandLine,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Series => "the series file",
            Self::Settings => "fullcast.toml",
            Self::CommandLine => "the command line",
        })
    }
}
