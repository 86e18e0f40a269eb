//! Who speaks in which voice, and where choices are kept.

use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use super::{Production, folder_of, relative};
use crate::{
    Error, Result,
    audio::draft::Draft,
    cast::{self, Cast, Choices, Role},
    config::{self, Series},
    folders,
    script::{Gender, Name},
    voice::Catalogue,
};

impl Production {
    /// A voice for everyone: the automatic choice, changed by `fullcast.toml`, changed by `asked`.
    pub fn cast(&self, asked: &BTreeMap<String, String>) -> Result<Cast> {
        let series = self.series.as_ref();
        let choices = Choices {
            asked: asked.clone(),
            configured: self.config.cast.clone(),
            series: series.map(|series| series.cast.clone()).unwrap_or_default(),
            earlier: self.earlier().unwrap_or_default(),
        };
        cast::assign(&self.script, &self.voices()?, &choices)
    }

    /// Remembers the cast of a finished book: whoever comes into the story later moves nobody.
    pub fn remember(&self, cast: &Cast) -> Result<()> {
        let path = self.memory()?;
        let folder = path.parent().expect("it stands in a folder");
        fs::create_dir_all(folder).map_err(Error::write(folder))?;
        // What people chose is theirs to take back.
        let mut roles = self.earlier().unwrap_or_default();
        let automatic = cast.roles().iter().filter(|(_, role)| !role.chosen);
        roles.extend(automatic.map(|(name, role)| (name.clone(), role.clone())));
        let text = serde_json::to_vec(&roles).expect("roles by name are plain data");
        let mut draft = Draft::new(&path)?;
        let written = draft.file().write_all(&text);
        written.map_err(Error::write(&path))?;
        draft.publish()
    }

    /// The cast of the last finished book of this story, if there is one that can be read.
    fn earlier(&self) -> Option<BTreeMap<Name, Role>> {
        let bytes = fs::read(self.memory().ok()?).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// Where the cast of this story's book is remembered.
    fn memory(&self) -> Result<PathBuf> {
        let path = fs::canonicalize(&self.path).map_err(Error::read(&self.path))?;
        let name = blake3::hash(path.as_os_str().as_encoded_bytes()).to_hex();
        let folder = folders::cache_folder()?.join("casts");
        Ok(folder.join(format!("{}.json", &name[..32])))
    }

    /// All voices there are to choose from: the user's own first, then the series', then those fullcast comes with.
    pub(super) fn voices(&self) -> Result<Catalogue> {
        let mut voices = self
            .main_voices()
            .with(&self.config.voices, &self.settings())?;
        if let Some(series) = &self.series {
            voices = voices.with(&series.voices, &series.path)?;
        }
        for card in voices.cards() {
            self.studio
                .booth(card.backend.as_deref())
                .map_err(|error| match error {
                    Error::Invalid { message, hint } => {
                        Error::invalid(format!("`[voices.{}]`: {message}", card.id), hint)
                    }
                    other => other,
                })?;
        }
        Ok(voices)
    }

    /// The voices of the backend that speaks for all who have no other.
    fn main_voices(&self) -> Catalogue {
        if self.studio.is_embedded() {
            return Catalogue::kokoro().clone();
        }
        if self.studio.speaks_kokoro() {
            return Catalogue::kokoro().clone().open();
        }
        let declared = self.studio.voices();
        let of = |gender, names: Vec<String>| names.into_iter().map(move |name| (gender, name));
        let mut voices: Vec<(Gender, String)> = of(Gender::Female, declared.female).collect();
        voices.extend(of(Gender::Male, declared.male));
        Catalogue::declared(&voices)
    }

    /// The settings' file, whether it is there or not.
    pub fn settings(&self) -> PathBuf {
        folder_of(&self.path).join(config::FILE)
    }

    /// Writes the voices of `names` into `fullcast.toml` beside the story, for good; tells where.
    pub fn set_voices(&self, cast: &Cast, names: &[Name]) -> Result<PathBuf> {
        let path = self.settings();
        config::set_cast(&path, &self.voices_of(cast, names, &self.config.cast))?;
        Ok(path)
    }

    /// Keeps everyone's voice for good: in the series file if the story belongs to a series, else in `fullcast.toml`.
    /// Tells where.
    pub fn keep_voices(&self, cast: &Cast) -> Result<PathBuf> {
        let names: Vec<Name> = cast.names().cloned().collect();
        let Some(series) = &self.series else {
            return self.set_voices(cast, &names);
        };
        config::set_cast(&series.path, &self.voices_of(cast, &names, &series.cast))?;
        Ok(series.path.clone())
    }

    /// Takes the voices of the series file `file`, if it is there, for a story that is to join the series.
    pub fn read_series(&mut self, file: &Path) -> Result<()> {
        if file.exists() {
            self.series = Some(Series::load(Path::new(""), &file.to_string_lossy())?);
        }
        Ok(())
    }

    /// Makes the story part of the series whose file is `file`, which need not be there: everyone's voice is kept there.
    pub fn join_series(&mut self, cast: &Cast, file: &Path) -> Result<()> {
        let path = file.to_path_buf();
        let series = self.series.take().filter(|series| series.path == path);
        self.series = Some(series.unwrap_or(Series {
            path,
            ..Series::default()
        }));
        self.keep_voices(cast)?;
        config::set_series(&self.settings(), &relative(file, &self.settings()))
    }

    /// The voices of `names`, under the names that `known` has for the same people.
    fn voices_of(
        &self,
        cast: &Cast,
        names: &[Name],
        known: &BTreeMap<String, String>,
    ) -> BTreeMap<String, String> {
        let voice = |name: &Name| {
            let mut called = known.keys();
            let called = called.find(|key| cast::find(&self.script, key).is_ok_and(|n| n == *name));
            let called = called.map_or(name.as_str(), String::as_str);
            (called.to_owned(), cast.role(name).card.clone())
        };
        names.iter().map(voice).collect()
    }
}
