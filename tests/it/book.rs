//! `Stage`: a folder with a story, and the program run in it; every test of a whole command uses it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// A folder of its own, with its own home for clips and voices, and the `tone` backend.
pub(crate) struct Stage {
    folder: tempfile::TempDir,
    settings: String,
}

/// What a command left.
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let stage = Self {
            folder: tempfile::tempdir().unwrap(),
            settings: String::new(),
        };
        stage.settings("")
    }

    /// The story, as `story.txt`.
    pub(crate) fn story(self, text: &str) -> Self {
        self.file("story.txt", text.as_bytes())
    }

    pub(crate) fn file(self, name: &str, bytes: &[u8]) -> Self {
        fs::write(self.path(name), bytes).unwrap();
        self
    }

    /// `fullcast.toml`, with the `tone` backend added.
    pub(crate) fn settings(mut self, text: &str) -> Self {
        self.settings = format!("{text}\n[speech]\nbackend = \"tone\"\n");
        let settings = self.settings.clone();
        self.file("fullcast.toml", settings.as_bytes())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fullcast"));
        command
            .args(arguments.split_whitespace())
            .current_dir(self.folder.path())
            .env("FULLCAST_HOME", self.path("home"))
            .env_remove("XDG_CACHE_HOME")
            .env_remove("XDG_DATA_HOME");
        command
    }

    /// Runs `fullcast` with these arguments, parted at blanks.
    pub(crate) fn run(&self, arguments: &str) -> Outcome {
        Outcome::of(self.command(arguments).output().unwrap())
    }

    /// Runs it and expects exit code 0.
    #[track_caller]
    pub(crate) fn done(&self, arguments: &str) -> Outcome {
        let outcome = self.run(arguments);
        assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
        outcome
    }

    /// Runs it and expects exit code 1, an error with all of these words, and a hint.
    #[track_caller]
    pub(crate) fn refused(&self, arguments: &str, words: &[&str]) -> Outcome {
        let outcome = self.run(arguments);
        assert_eq!(outcome.code, Some(1), "{}", outcome.stderr);
        assert!(
            outcome.stderr.contains("error: ") && outcome.stderr.contains("hint: "),
            "{}",
            outcome.stderr
        );
        for word in words {
            assert!(
                outcome.stderr.contains(word),
                "no `{word}` in:\n{}",
                outcome.stderr
            );
        }
        outcome
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// Names of the files in the folder, sorted.
    pub(crate) fn files(&self) -> Vec<String> {
        names(self.folder.path())
    }

    /// The clips kept so far.
    pub(crate) fn clips(&self) -> Vec<PathBuf> {
        let root = self.path("home/cache/clips");
        let mut clips: Vec<PathBuf> = (names(&root).iter())
            .flat_map(|folder| {
                names(&root.join(folder))
                    .into_iter()
                    .map(|file| root.join(folder).join(file))
                    .collect::<Vec<_>>()
            })
            .collect();
        clips.sort();
        clips
    }
}

impl Outcome {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The events of `--json`.
    pub(crate) fn events(&self) -> Vec<serde_json::Value> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// The one event of this name.
    #[track_caller]
    pub(crate) fn event(&self, name: &str) -> serde_json::Value {
        let events = self.events();
        let found: Vec<_> = events
            .iter()
            .filter(|event| event["event"] == name)
            .collect();
        assert_eq!(found.len(), 1, "{}", self.stdout);
        found[0].clone()
    }
}

fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
