//! The six steps in a row: from a story's path to a finished book.

use std::{
    collections::BTreeMap,
    fs,
    ops::RangeInclusive,
    path::{Path, PathBuf},
};

use serde::Serialize;

use crate::{
    Error, Result,
    cast::{self, Cast, Choices},
    clip::ClipCache,
    config::{self, Config},
    event::{Event, Observer},
    export::{self, Book},
    folders,
    mix::{self, Part},
    record::{self, Plan},
    script::{self, Kind, Name, Script},
    speech::Synthesizer,
    story::{self, Story},
    voice::Pack,
};

/// How often clips found damaged after recording are spoken again before the disk is blamed.
const MENDINGS: usize = 3;

/// A story read, adapted and configured: all that can be known before a voice is needed.
#[derive(Clone, Debug)]
pub struct Production {
    /// The story's file.
    pub path: PathBuf,
    /// The settings beside it.
    pub config: Config,
    /// What was read.
    pub story: Story,
    /// Who says what.
    pub script: Script,
}

/// A finished book, for the closing summary.
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
    /// How many utterances were spoken for this run.
    pub spoken: usize,
    /// How many came from the cache.
    pub cached: usize,
    /// Numbers (from 1) of lines that hold no word to speak.
    pub wordless: Vec<usize>,
}

/// The folder of finished clips.
pub fn clips_folder() -> PathBuf {
    folders::cache().join("clips")
}

impl Production {
    /// Reads and adapts the story at `path`, which may be a folder that holds one story.
    pub fn prepare(path: &Path) -> Result<Self> {
        let path = story_file(path)?;
        let folder = folder_of(&path);
        let config = config::load(folder)?;
        let mut story = story::read(&path)?;
        if let Some(title) = &config.book.title {
            story.meta.title.clone_from(title);
        }
        if config.book.author.is_some() {
            story.meta.author.clone_from(&config.book.author);
        }
        let script = script::adapt(&story);
        Ok(Self {
            path,
            config,
            story,
            script,
        })
    }

    /// A voice for everyone: the automatic choice, changed by `fullcast.toml`, changed by `asked`.
    pub fn cast(&self, asked: &BTreeMap<String, String>) -> Result<Cast> {
        let choices = Choices {
            asked: asked.clone(),
            configured: self.config.cast.clone(),
        };
        cast::assign(&self.script, Pack::kokoro().voices(), &choices)
    }

    /// Where the book goes if nothing else is said: beside the story.
    pub fn default_output(&self, extension: &str) -> PathBuf {
        self.path.with_extension(extension)
    }

    /// What recording will take. Speaks nothing.
    pub fn plan(
        &self,
        cast: &Cast,
        backend: &dyn Synthesizer,
        cache: &ClipCache,
        chapters: Option<&RangeInclusive<usize>>,
    ) -> Result<Plan> {
        let plan = record::plan(&self.script, cast, backend.engine(), cache, chapters);
        if plan.takes.is_empty() {
            return Err(match chapters {
                Some(_) => Error::invalid(
                    format!("there is nothing to read in these chapters of `{}`", self.path.display()),
                    format!("the story has {} chapters", self.script.chapters.len()),
                ),
                None => Error::invalid(
                    format!("there is nothing to read in `{}`", self.path.display()),
                    "`fullcast script` shows what was found and what was skipped",
                ),
            });
        }
        Ok(plan)
    }

    /// Speaks what the plan lacks, mixes, and writes the book to `output` whole or not at all.
    pub fn make(
        &self,
        cast: &Cast,
        mut plan: Plan,
        backend: &dyn Synthesizer,
        cache: &ClipCache,
        output: &Path,
        observer: &dyn Observer,
    ) -> Result<Report> {
        let spoken = plan.jobs.len();
        let cached = plan.clips.len();
        let parts = self.record(&mut plan, backend, cache, observer)?;
        let titles = self.chapter_titles(&plan);
        let timeline = mix::arrange(&parts, &titles, &self.config.pacing);
        let book = self.book(cast)?;
        let load = |id| {
            cache.load(id)?.ok_or_else(|| {
                Error::invalid(
                    format!("the clip `{id}` went away while the book was mixed"),
                    "run the same command again: it will be spoken again",
                )
            })
        };
        let written = export::write(&book, &timeline, &load, output, &mut |done| {
            observer.on(&Event::Mixing {
                done: done.seconds(timeline.rate),
                total: timeline.length.seconds(timeline.rate),
            });
        })?;
        Ok(Report {
            path: output.to_path_buf(),
            bytes: written.bytes,
            seconds: timeline.length.seconds(timeline.rate),
            chapters: timeline.marks.iter().map(|mark| mark.title.clone()).collect(),
            voices: voices_heard(&plan),
            spoken,
            cached,
            wordless: plan.wordless,
        })
    }

    /// Speaks, then measures every clip; what the disk has damaged meanwhile is spoken again.
    fn record(
        &self,
        plan: &mut Plan,
        backend: &dyn Synthesizer,
        cache: &ClipCache,
        observer: &dyn Observer,
    ) -> Result<Vec<Part>> {
        for _ in 0..MENDINGS {
            record::perform(plan, backend, cache, observer)?;
            let measured = record::measure(plan, cache)?;
            plan.forget_clips_missing_from(&measured);
            if plan.jobs.is_empty() {
                return Ok(parts(plan, &measured));
            }
            observer.on(&Event::Note {
                message: format!("{} clips were damaged and are spoken again", plan.jobs.len()),
            });
        }
        Err(Error::invalid(
            format!("clips kept in `{}` are damaged again and again", clips_folder().display()),
            "check the disk, or put the clips elsewhere with `FULLCAST_HOME`",
        ))
    }
}
