//! The six steps in a row: from a story's path to a finished book.

mod audition;
mod edited;
mod recorded;
mod select;
mod source;
mod voices;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

pub use audition::{Audition, Candidate};
pub use edited::{keep, relative};

use source::{folder_of, story_file};

use crate::{
    Error, Result,
    cast::Cast,
    clip::{Clip, ClipCache, ClipId},
    config::{self, Config, Series},
    event::{Event, Observer, Report},
    export::{self, Book, Cover, RATE, Written},
    folders,
    mix::{self, Delivery, Measured, Part, Timeline},
    record::{self, Plan, Recording, Selection, Take},
    script::{self, Kind, Name, Script},
    speech::Studio,
    story::{self, Story},
};

/// How many characters of a skipped part are shown.
const SHOWN: usize = 40;

/// A story read, adapted and configured: all that can be known before a voice is needed.
#[derive(Clone, Debug)]
pub struct Production {
    /// The story's file.
    pub path: PathBuf,
    /// The settings beside it.
    pub config: Config,
    /// What can speak.
    pub studio: Studio,
    /// The series file that the settings name.
    pub series: Option<Series>,
    /// What was read.
    pub story: Story,
    /// Who says what.
    pub script: Script,
}

/// The store of finished clips in its usual place.
pub fn clips() -> Result<ClipCache> {
    ClipCache::open(folders::cache_folder()?.join("clips"))
}

impl Production {
    /// Reads and adapts the story at `path`, which may be a folder that holds one story, or an edited script, which
    /// names its story. An edited script that lies beside the story (`story.script`) is followed; a note says so.
    pub fn prepare(path: &Path) -> Result<Self> {
        let (path, edited, note) = if edited::is_script(path) {
            let (edited, story) = edited::open(path)?;
            (story, Some(edited), None)
        } else {
            let path = story_file(path)?;
            let (edited, note) = edited::beside(&path)?;
            (path, edited, note)
        };
        let folder = folder_of(&path);
        let config = config::load(folder)?;
        let studio = Studio::new(&config.speech.backend, &config.backend, folder)?;
        let series = config.series.as_deref();
        let series = series.map(|name| Series::load(folder, name)).transpose()?;
        let mut story = story::read(&path)?;
        if let Some(title) = &config.book.title {
            story.meta.title.clone_from(title);
        }
        if config.book.author.is_some() {
            story.meta.author.clone_from(&config.book.author);
        }
        story.notes.extend(note);
        let mut script = script::adapt(&story);
        if let Some(assistant) = &config.script.assistant {
            let kept = folders::cache_folder()?.join("assistant");
            let notes = script::assistant::ask(&mut script, assistant, &kept);
            story.notes.extend(notes);
        }
        if let Some(edited) = edited {
            let (said, notes) = edited.apply(&story, &script)?;
            script = said;
            story.notes.extend(notes);
        }
        Ok(Self {
            path,
            config,
            studio,
            series,
            story,
            script,
        })
    }

    /// What was not read aloud: each part's reason and first words.
    pub fn skipped(&self) -> Vec<String> {
        let skipped = self
            .script
            .lines
            .iter()
            .filter(|line| line.kind == Kind::Skipped);
        skipped
            .map(|line| format!("{} (`{}`)", line.why, beginning(&line.text, SHOWN)))
            .collect()
    }

    /// What recording the wanted lines will take. Speaks nothing.
    pub fn plan(&self, cast: &Cast, cache: &ClipCache, wanted: &Selection) -> Result<Plan> {
        let plan = self.recording(cast, cache).plan(wanted)?;
        if !plan.takes.is_empty() {
            return Ok(plan);
        }
        let count = self.script.chapters.len();
        Err(match wanted {
            Selection::Lines(_) => Error::invalid(
                format!(
                    "nothing is read aloud in these lines of `{}`",
                    self.path.display()
                ),
                "`fullcast script` shows what is skipped, and why",
            ),
            Selection::Chapters(_) => Error::invalid(
                format!(
                    "there is nothing to read in these chapters of `{}`",
                    self.path.display()
                ),
                format!(
                    "the story has {count} {}",
                    if count == 1 { "chapter" } else { "chapters" }
                ),
            ),
            Selection::All => Error::invalid(
                format!("there is nothing to read in `{}`", self.path.display()),
                "`fullcast script` shows what was found and what was skipped",
            ),
        })
    }

    fn recording<'a>(&'a self, cast: &'a Cast, cache: &'a ClipCache) -> Recording<'a> {
        Recording {
            script: &self.script,
            cast,
            studio: &self.studio,
            cache,
            delivery: self.config.speech.delivery,
        }
    }

    /// The event that tells what a plan will take.
    pub fn planned(&self, plan: &Plan, cache: &ClipCache) -> Event<'_> {
        Event::Planned {
            title: &self.script.meta.title,
            chapters: self.script.chapters.len(),
            lines: self.script.lines.len(),
            cached: plan.clips.len(),
            to_speak: plan.jobs().count(),
            seconds: plan.seconds(),
            work: self.work(plan, cache),
        }
    }

    /// How long speaking what the plan lacks will take on this machine, in seconds: as long as the slowest backend.
    fn work(&self, plan: &Plan, cache: &ClipCache) -> Option<f64> {
        let mut sound: BTreeMap<&str, f64> = BTreeMap::new();
        for job in plan.jobs() {
            *sound.entry(&job.backend).or_default() += job.seconds();
        }
        let work = sound.into_iter().map(|(backend, seconds)| {
            let engine = &self.studio.booth(Some(backend)).ok()?.engine;
            Some(record::pace(cache, engine)? * seconds)
        });
        work.collect::<Option<Vec<f64>>>()?
            .into_iter()
            .reduce(f64::max)
    }

    /// Speaks what the plan lacks, mixes, and writes the book to `output`, whole or not at all.
    pub fn make(
        &self,
        cast: &Cast,
        mut plan: Plan,
        means: &Means<'_>,
        output: &Path,
    ) -> Result<Report> {
        let Means {
            cache, observer, ..
        } = *means;
        let book = self.book(cast)?;
        let (spoken, cached) = (plan.jobs().count(), plan.clips.len());
        let measured = self.record(&mut plan, means)?;
        let timeline = mix::arrange(
            &parts(&plan.takes, &plan.clips, &measured),
            &self.titles(),
            &self.config.pacing,
            RATE,
        );
        let written = write(&book, &timeline, cache, output, observer)?;
        Ok(Report {
            path: output.to_path_buf(),
            bytes: written.bytes,
            seconds: timeline.length.seconds(RATE),
            chapters: self.chapters_of(&timeline),
            voices: plan
                .takes
                .iter()
                .map(|take| &take.voice)
                .collect::<BTreeSet<_>>()
                .len(),
            lines: self.script.lines.len(),
            spoken,
            cached,
            doubtful: doubtful(&plan.takes, cache),
            wordless: plan.wordless,
            skipped: self.skipped(),
        })
    }

    /// The titles of a timeline's marks, as [`export::write`] shows them.
    fn chapters_of(&self, timeline: &Timeline) -> Vec<String> {
        let title = |mark: &mix::Mark| {
            mark.title
                .clone()
                .unwrap_or_else(|| self.script.meta.title.clone())
        };
        timeline.marks.iter().map(title).collect()
    }

    fn book(&self, cast: &Cast) -> Result<Book> {
        let meta = &self.script.meta;
        Ok(Book {
            title: meta.title.clone(),
            author: meta.author.clone(),
            narrator: Some(format!("fullcast, {}", cast.role(&Name::narrator()).card)),
            cover: self.cover()?,
            ..Book::default()
        })
    }

    /// The picture that `fullcast.toml` names, else one called `cover` or like the story beside it, else the book's own.
    fn cover(&self) -> Result<Option<Cover>> {
        let folder = folder_of(&self.path);
        let stem = self.path.file_stem().unwrap_or_default().to_string_lossy();
        let usual =
            [&*stem, "cover"].map(|name| ["jpg", "jpeg", "png"].map(|end| format!("{name}.{end}")));
        let path = match &self.config.book.cover {
            Some(name) => Some(folder.join(name)),
            None => usual
                .iter()
                .flatten()
                .map(|name| folder.join(name))
                .find(|path| path.is_file()),
        };
        let Some(path) = path else {
            // A picture of another kind, which players cannot show, is as good as none.
            let own = self.story.cover.clone();
            return Ok(own.and_then(|bytes| Cover::new(bytes).ok()));
        };
        let bytes = fs::read(&path).map_err(Error::read(&path))?;
        Cover::new(bytes).map(Some).map_err(|error| match error {
            Error::Invalid { message, hint } => {
                Error::invalid(format!("`{}`: {message}", path.display()), hint)
            }
            other => other,
        })
    }

    /// The chapters' titles; in a story of several chapters, those without one are numbered.
    fn titles(&self) -> Vec<Option<String>> {
        let several = self.script.chapters.len() > 1;
        let number = |n: usize| several.then(|| format!("Chapter {}", n + 1));
        let titles = self.script.chapters.iter().enumerate();
        titles
            .map(|(n, title)| title.clone().or_else(|| number(n)))
            .collect()
    }
}

/// What speaking a plan needs beside the plan.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// The clips there are.
    pub cache: &'a ClipCache,
    /// Whether the other lines are spoken when one cannot be.
    pub keep_going: bool,
    /// Who hears of the work.
    pub observer: &'a dyn Observer,
}

/// The lines (from 1) with clips that may not sound as they should, and what is doubtful about them.
fn doubtful(takes: &[Take], cache: &ClipCache) -> Vec<(usize, String)> {
    let doubt = |take: &Take| Some((take.line + 1, cache.doubts(take.clip)?));
    takes.iter().filter_map(doubt).collect()
}

/// Mixes the timeline into the file `output`, whole or not at all.
fn write(
    book: &Book,
    timeline: &Timeline,
    cache: &ClipCache,
    output: &Path,
    observer: &dyn Observer,
) -> Result<Written> {
    let load = |id: ClipId| {
        cache.load(id)?.ok_or_else(|| {
            Error::invalid(
                format!("the clip `{id}` went away while the book was mixed"),
                "run the same command again: it will be spoken again",
            )
        })
    };
    let total = timeline.length.seconds(RATE);
    let written = export::write(book, timeline, &load, output, &mut |done| {
        observer.on(&Event::Mixing {
            done: done.seconds(RATE),
            total,
        });
    })?;
    for message in &written.notes {
        observer.on(&Event::Note { message });
    }
    Ok(written)
}

fn parts<'a>(
    takes: &'a [Take],
    clips: &BTreeMap<ClipId, Clip>,
    measured: &'a BTreeMap<ClipId, Measured>,
) -> Vec<Part<'a>> {
    let part = |take: &'a Take| Part {
        clip: take.clip,
        rate: clips[&take.clip].rate,
        measured: &measured[&take.clip],
        voice: &take.voice,
        pause: take.pause,
        delivery: Delivery {
            direction: take.direction,
            ending: take.ending,
        },
        chapter: take.chapter,
        line: take.line,
    };
    takes.iter().map(part).collect()
}

/// The first `limit` characters of a text on one line, with an ellipsis if there are more.
pub fn beginning(text: &str, limit: usize) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", words[..end].trim_end()),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::beginning;

    #[test]
    fn the_beginning_of_a_text_stands_on_one_line() {
        assert_eq!(beginning("one  two\nthree", 7), "one two…");
        assert_eq!(beginning("one\ntwo", 7), "one two");
    }
}
