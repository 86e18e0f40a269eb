//! All backends of one production by name: the embedded ones, and those that `fullcast.toml` describes.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use super::{BACKENDS, Backend, Engine, Kind, Settings, Synthesizer, Voices, command, remote};
use crate::{Error, Result, error::nearest, event::Observer};

/// The backends there are, none of them open.
#[derive(Clone, Debug)]
pub struct Studio {
    folder: PathBuf,
    main: String,
    booths: BTreeMap<String, Booth>,
}

/// One backend, as far as it is known without opening it.
#[derive(Clone, Debug)]
pub struct Booth {
    /// What its clips are kept under.
    pub engine: Engine,
    /// Whether it understands directions.
    pub directs: bool,
    /// Whether it is told the words round a line.
    pub context: bool,
    /// Whether what it speaks need not be checked.
    pub trusted: bool,
    /// What a million characters cost.
    pub price: Option<f64>,
    made: Made,
}

#[derive(Clone, Debug)]
enum Made {
    Embedded(&'static Backend),
    Described(Box<Settings>),
}

/// The backends of one plan, open.
pub type Troupe = BTreeMap<String, Box<dyn Synthesizer>>;

impl Studio {
    /// The embedded backends and those of `tables`, of which `main` speaks for all who have no other; paths in the
    /// tables are relative to `folder`.
    ///
    /// # Errors
    ///
    /// A table is faulty or has an embedded backend's name, or there is no backend called `main`.
    pub fn new(main: &str, tables: &BTreeMap<String, Settings>, folder: &Path) -> Result<Self> {
        let mut booths = BTreeMap::new();
        for backend in BACKENDS {
            let booth = Booth {
                engine: backend.engine(),
                directs: true,
                context: false,
                trusted: true,
                price: None,
                made: Made::Embedded(backend),
            };
            booths.insert(backend.name.to_owned(), booth);
        }
        for (name, settings) in tables {
            settings.check(name)?;
            let booth = Booth {
                engine: Engine {
                    name: format!("{} {name}", settings.kind.name()),
                    version: settings.identity(),
                },
                directs: settings.directions,
                context: settings.context,
                trusted: false,
                price: settings.price,
                made: Made::Described(Box::new(settings.clone())),
            };
            if booths.insert(name.clone(), booth).is_some() {
                return Err(Error::invalid(
                    format!("`[backend.{name}]`: the name belongs to the embedded backend"),
                    "give the table another name",
                ));
            }
        }
        let studio = Self {
            folder: folder.to_path_buf(),
            main: main.to_owned(),
            booths,
        };
        studio.booth(None)?;
        Ok(studio)
    }

    /// The name of the backend for a voice that names `backend`, or none.
    pub fn name<'a>(&'a self, backend: Option<&'a str>) -> &'a str {
        backend.unwrap_or(&self.main)
    }

    /// The backend for a voice that names `backend`, or none.
    ///
    /// # Errors
    ///
    /// There is no such backend; the hint names the nearest.
    pub fn booth(&self, backend: Option<&str>) -> Result<&Booth> {
        let name = self.name(backend);
        self.booths.get(name).ok_or_else(|| {
            let names = || self.booths.keys().map(String::as_str);
            let hint = match nearest(name, names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "the backends are {}; `[backend.{name}]` in `fullcast.toml` describes another",
                    names().collect::<Vec<_>>().join(", ")
                ),
            };
            Error::invalid(format!("there is no speech backend `{name}`"), hint)
        })
    }

    /// Whether the embedded voices' names mean something to the backend of those who have no other: the embedded
    /// backends, and a server for which no voices are declared, which may well be one of Kokoro.
    pub fn speaks_kokoro(&self) -> bool {
        match self.booths.get(&self.main).map(|booth| &booth.made) {
            Some(Made::Described(settings)) => settings.voices == Voices::default(),
            _ => true,
        }
    }

    /// Whether the backend of those who have no other is embedded.
    pub fn is_embedded(&self) -> bool {
        let made = self.booths.get(&self.main).map(|booth| &booth.made);
        !matches!(made, Some(Made::Described(_)))
    }

    /// The voices declared for the backend of those who have no other.
    pub fn voices(&self) -> Voices {
        match self.booths.get(&self.main).map(|booth| &booth.made) {
            Some(Made::Described(settings)) => settings.voices.clone(),
            _ => Voices::default(),
        }
    }

    /// Opens the backends `names`; the embedded one brings in what of its voices in `home` is missing.
    pub fn open(
        &self,
        names: &BTreeSet<String>,
        home: &Path,
        observer: &dyn Observer,
    ) -> Result<Troupe> {
        let mut troupe = Troupe::new();
        for name in names {
            let booth = self.booth(Some(name))?;
            let synthesizer: Box<dyn Synthesizer> = match &booth.made {
                Made::Embedded(backend) => backend.open(home, observer)?,
                Made::Described(settings) if settings.kind == Kind::Command => Box::new(
                    command::Program::new(booth.engine.clone(), settings, &self.folder),
                ),
                Made::Described(settings) => Box::new(remote::Remote::new(
                    name,
                    booth.engine.clone(),
                    settings,
                    &self.folder,
                )?),
            };
            troupe.insert(name.clone(), synthesizer);
        }
        Ok(troupe)
    }

    /// The names of the voices that the service behind the backend `name` offers, if it tells.
    pub fn offered(&self, name: &str) -> Result<Vec<String>> {
        match &self.booth(Some(name))?.made {
            Made::Described(settings) if settings.kind != Kind::Command => {
                let booth = self.booth(Some(name))?;
                remote::Remote::new(name, booth.engine.clone(), settings, &self.folder)?.voices()
            }
            _ => Err(Error::invalid(
                format!("the backend `{name}` does not list voices"),
                "`fullcast voices list` shows those that fullcast comes with",
            )),
        }
    }
}
