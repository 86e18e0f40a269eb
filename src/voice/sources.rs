//! What getting a file from somewhere needs and how it can fail.

use std::time::Duration;

use super::pack::Source;
use crate::Error;

/// How sources are reached, and for how long an answer is awaited.
#[derive(Clone, Debug)]
pub struct Means {
    /// How long a host may take to accept a connection.
    pub connect: Duration,
    /// How long a connection may bring no byte.
    pub stall: Duration,
    /// How long a package client may bring no byte; it is slower to start, and may sit behind a mirror.
    pub client_stall: Duration,
    /// How long a package client may take for one package.
    pub client_limit: Duration,
    /// The commands that may be pip, each a program and its first arguments; the first that works is used.
    pub pip: Vec<Vec<String>>,
    /// The commands that may be npm.
    pub npm: Vec<Vec<String>>,
}

impl Default for Means {
    fn default() -> Self {
        let words = |command: &str| command.split(' ').map(str::to_owned).collect();
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        Self {
            connect: Duration::from_secs(4),
            stall: Duration::from_secs(20),
            client_stall: Duration::from_secs(90),
            client_limit: Duration::from_hours(1),
            pip: ["python3 -m pip", "python -m pip", "pip3", "pip"]
                .map(words)
                .to_vec(),
            npm: vec![words(npm)],
        }
    }
}

/// Why a file was not had.
#[derive(Debug)]
pub(super) enum Trouble {
    /// This source does not give it; another may.
    Source(String),
    /// It cannot be kept on this machine, whatever the source.
    Disk(Error),
}

impl Source {
    /// What to call it in a message.
    pub(super) fn label(&self) -> String {
        match self {
            Self::Url(url) => host(url).to_owned(),
            Self::Pip(_) => "pip".to_owned(),
            Self::Npm(_) => "npm".to_owned(),
        }
    }
}

/// The host of a URL, with its port if it has one.
pub(super) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}
