//! Everything the library says while it works: the bar, the JSON lines and the closing summary listen here.

use std::path::{Path, PathBuf};

use serde::Serialize;

/// One thing that happened, with all that a listener needs to tell of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event<'a> {
    /// A voice pack is about to be brought in.
    InstallStarted {
        /// The pack's name.
        pack: &'a str,
        /// How many of its files are missing.
        files: usize,
        /// Bytes of those files once installed.
        bytes: u64,
    },
    /// Another process is installing the same pack; this one waits for it.
    InstallWaiting {
        /// The pack's name.
        pack: &'a str,
    },
    /// Bytes of a download arrived.
    Download {
        /// The file, or the package that holds files, such as `kokoro-js@1.2.1`.
        file: &'a str,
        /// Bytes here so far; starts at what an earlier, broken download left.
        done: u64,
        /// Bytes of the whole download.
        total: u64,
    },
    /// A file could not be had from one source.
    SourceFailed {
        /// The file.
        file: &'a str,
        /// Where it was looked for: a host, a package client or a folder.
        source: &'a str,
        /// Why it failed, in plain words.
        reason: &'a str,
        /// The source tried next; `None` if this was the last.
        next: Option<&'a str>,
    },
    /// A file is in place, its SHA-256 verified.
    FileInstalled {
        /// The file.
        file: &'a str,
        /// Its size in bytes.
        bytes: u64,
        /// Where it came from.
        source: &'a str,
    },
    /// A voice pack is complete.
    Installed {
        /// The pack's name.
        pack: &'a str,
        /// Bytes of all its files.
        bytes: u64,
        /// The folder that holds them.
        folder: &'a Path,
    },
    /// Something worth knowing that stops nothing.
    Note {
        /// In plain words.
        message: &'a str,
    },
    /// What making a book will take.
    Planned {
        /// The book's title.
        title: &'a str,
        /// How many chapters it has.
        chapters: usize,
        /// How many lines its script has, skipped ones too.
        lines: usize,
        /// How many clips are there from before.
        cached: usize,
        /// How many clips are still to be spoken.
        to_speak: usize,
        /// How long those will sound, in seconds, by estimate.
        seconds: f64,
        /// How long speaking them will take on this machine, in seconds; unknown before the first recording.
        work: Option<f64>,
    },
    /// A clip was spoken and kept.
    Spoken {
        /// Number of the line it belongs to, from 1.
        line: usize,
        /// Number of the chapter, from 1.
        chapter: usize,
        /// The voice.
        voice: &'a str,
        /// How long it sounds, in seconds.
        seconds: f64,
        /// How long it was expected to sound, in seconds.
        expected: f64,
    },
    /// The book is being mixed and written.
    Mixing {
        /// Seconds of the book written so far.
        done: f64,
        /// Seconds of the whole book.
        total: f64,
    },
    /// The book is finished and in its place.
    Written(&'a Report),
}

/// What the closing summary tells of a finished book.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The file.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Its length.
    pub seconds: f64,
    /// The chapters' titles, as they stand in the file.
    pub chapters: Vec<String>,
    /// How many different voices speak.
    pub voices: usize,
    /// How many lines the script has, skipped ones too.
    pub lines: usize,
    /// How many clips were spoken for this run.
    pub spoken: usize,
    /// How many came from the cache.
    pub cached: usize,
    /// Lines (numbers from 1) whose sound may not be as it should, and why.
    pub doubtful: Vec<(usize, String)>,
    /// Numbers (from 1) of lines that hold no word to speak: they are pauses.
    pub wordless: Vec<usize>,
    /// What was not read aloud: each part's reason and first words.
    pub skipped: Vec<String>,
}

/// Hears of the work as it is done, from whichever thread does it.
pub trait Observer: Sync {
    /// Called once for each event, in the order in which they happen on that thread.
    fn on(&self, event: &Event<'_>);
}

/// Hears nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {
    fn on(&self, _: &Event<'_>) {}
}
