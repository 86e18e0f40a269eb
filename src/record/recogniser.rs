//! A speech recogniser of the user's own that listens to new clips: what it hears should be what was to be said.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde::Deserialize;

use crate::{Error, Result, audio::Audio, audio::wav, error::SpeechError, language};

/// How many characters of what was heard are told.
const TOLD: usize = 80;

/// The table `[check]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct CheckSettings {
    /// The recogniser and its arguments; `{input}` is a WAV file, what it prints is what it heard.
    pub command: Vec<String>,
    /// The share of words that may be heard otherwise, 0 to 1.
    pub tolerance: f64,
}

impl Default for CheckSettings {
    fn default() -> Self {
        Self {
            command: Vec::new(),
            tolerance: 0.5,
        }
    }
}

/// A recogniser that is to be run.
#[derive(Clone, Debug)]
pub struct Recogniser {
    settings: CheckSettings,
    folder: PathBuf,
}

impl Recogniser {
    /// The recogniser of the settings, which runs in `folder`; none if they name no program.
    ///
    /// # Errors
    ///
    /// The command does not say where the file's name goes, or the tolerance is no share.
    pub fn new(settings: &CheckSettings, folder: &Path) -> Result<Option<Self>> {
        if settings.command.is_empty() {
            return Ok(None);
        }
        if !settings.command.iter().any(|part| part.contains("{input}")) {
            return Err(Error::invalid(
                "`[check]`: the command has no `{input}`",
                "write `{input}` where the recogniser takes the sound file's name",
            ));
        }
        if !(0.0..=1.0).contains(&settings.tolerance) {
            return Err(Error::invalid(
                format!(
                    "`[check]`: `tolerance = {}` is no share",
                    settings.tolerance
                ),
                "give a number from 0 to 1; 0.5 lets names be heard otherwise",
            ));
        }
        Ok(Some(Self {
            settings: settings.clone(),
            folder: if folder == Path::new("") {
                ".".into()
            } else {
                folder.into()
            },
        }))
    }

    /// What is wrong with `audio` as `text`, if too many words are heard otherwise.
    pub(super) fn doubt(&self, audio: &Audio, text: &str) -> Result<Option<String>, SpeechError> {
        let heard = self.hear(audio)?;
        let (said, words) = (words(text), words(&language::spoken(&heard)));
        let wrong = distance(&said, &words) as f64 / said.len().max(1) as f64;
        // One word in one or two is heard wrong too easily to tell anything.
        let told = said.len() > 2 && wrong > self.settings.tolerance;
        Ok(told.then(|| {
            let heard: String = heard.trim().chars().take(TOLD).collect();
            format!("the recogniser hears `{heard}`")
        }))
    }

    fn hear(&self, audio: &Audio) -> Result<String, SpeechError> {
        let program = &self.settings.command[0];
        let failed = |why: String| SpeechError::fatal(format!("the recogniser `{program}`: {why}"));
        let file = tempfile::Builder::new().suffix(".wav").tempfile();
        let file = file.map_err(|error| failed(error.to_string()))?;
        wav::save(file.path(), audio).map_err(|error| failed(error.to_string()))?;
        let path = file.path().to_string_lossy();
        let arguments = self.settings.command[1..].iter();
        let output = Command::new(program)
            .args(arguments.map(|part| part.replace("{input}", &path)))
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| failed(format!("it cannot be started: {error}")))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let last = said.trim().lines().last().unwrap_or_default().to_owned();
            return Err(failed(format!("it ended with {}: {last}", output.status)));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// The words without case and marks.
fn words(text: &str) -> Vec<String> {
    let word = |word: &str| {
        let letters = word.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect::<String>()
    };
    let parted = text.split(|c: char| c.is_whitespace() || c == '-' || c == '—');
    parted.map(word).filter(|word| !word.is_empty()).collect()
}

/// How many words must be put in, taken out or changed to get from one text to the other (Levenshtein 1966).
fn distance(one: &[String], other: &[String]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, word) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (column, wanted) in other.iter().enumerate() {
            let change = diagonal + usize::from(word != wanted);
            diagonal = row[column + 1];
            row[column + 1] = change.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_without_case_and_marks() {
        assert_eq!(
            words("“Don’t—stop,” she SAID."),
            ["dont", "stop", "she", "said"]
        );
        assert_eq!(distance(&words("a b c d"), &words("a x c d e")), 2);
        assert_eq!(distance(&words("a b"), &[]), 2);
    }
}
