//! What must be spoken for a script: every line cut into utterances, each with its clip's name.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};

use crate::{
    Result,
    cast::Cast,
    clip::{Clip, ClipCache, ClipId, ClipKey},
    language::{self, Ending},
    script::{Direction, Kind, Line, Pause, Script},
    speech::{Studio, Utterance},
};

/// The longest utterance, in characters of text: about 17 seconds. Longer ones cost memory and sound no better.
const LONGEST: usize = 280;
/// English read aloud, in characters a second, for estimates before anything is spoken.
const CHARACTERS_A_SECOND: f64 = 15.0;

/// The clips a script needs: those the cache has, and the jobs for those it lacks. This is what a dry run prints.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// All that is to be heard, in order.
    pub takes: Vec<Take>,
    /// The clips there are.
    pub clips: BTreeMap<ClipId, Clip>,
    /// Numbers (from 1) of the lines that hold no word that could be spoken (`"…"`): they are a pause.
    pub wordless: Vec<usize>,
    /// Every utterance once, in order, whether it is spoken yet or not.
    utterances: Vec<Job>,
}

/// Which lines of a script are wanted; all are counted from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    /// The whole story.
    #[default]
    All,
    /// These chapters.
    Chapters(RangeInclusive<usize>),
    /// These lines.
    Lines(BTreeSet<usize>),
}

impl Selection {
    fn holds(&self, index: usize, line: &Line) -> bool {
        match self {
            Self::All => true,
            Self::Chapters(range) => range.contains(&line.chapter),
            Self::Lines(lines) => lines.contains(&index),
        }
    }
}

/// One utterance in the order of the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Take {
    /// Index of its line in the script.
    pub line: usize,
    /// Index of its chapter in the script.
    pub chapter: usize,
    /// The voice, told from those of the same name in other backends.
    pub voice: String,
    /// The clip's name.
    pub clip: ClipId,
    /// The silence after it.
    pub pause: Pause,
    /// How it is said.
    pub direction: Option<Direction>,
    /// How it ends.
    pub ending: Ending,
}

/// One utterance to be spoken.
#[derive(Clone, Debug)]
pub struct Job {
    /// The clip's name.
    pub clip: ClipId,
    /// Index of the line that needs it first.
    pub line: usize,
    /// Index of that line's chapter.
    pub chapter: usize,
    /// The backend's name.
    pub backend: String,
    /// The voice.
    pub voice: String,
    /// How it is said, if the backend understands that.
    pub direction: Option<Direction>,
    /// The words before it, if the backend is told them.
    pub before: Option<String>,
    /// The words after it, likewise.
    pub after: Option<String>,
    /// The words in their spoken form.
    pub text: String,
}

impl Plan {
    /// What is still to be spoken, in order; an utterance needed twice stands here once.
    pub fn jobs(&self) -> impl Iterator<Item = &Job> {
        self.utterances
            .iter()
            .filter(|job| !self.clips.contains_key(&job.clip))
    }

    /// Adds what `other` has, behind it; what both need is needed once.
    pub fn extend(&mut self, other: Self) {
        let known: BTreeSet<ClipId> = self.utterances.iter().map(|job| job.clip).collect();
        let new = other.utterances.into_iter();
        self.utterances
            .extend(new.filter(|job| !known.contains(&job.clip)));
        self.takes.extend(other.takes);
        self.clips.extend(other.clips);
        self.wordless.extend(other.wordless);
    }

    /// How long the jobs will sound, in seconds, guessed from their letters.
    pub fn seconds(&self) -> f64 {
        self.jobs().map(Job::seconds).sum()
    }
}

impl Job {
    /// How long it will sound, in seconds, guessed from its letters.
    pub fn seconds(&self) -> f64 {
        0.4 + self.text.chars().count() as f64 / CHARACTERS_A_SECOND
    }

    /// What the backend is asked.
    pub fn utterance(&self) -> Utterance<'_> {
        Utterance {
            text: &self.text,
            voice: &self.voice,
            speed: 1.0,
            direction: self.direction,
            before: self.before.as_deref(),
            after: self.after.as_deref(),
        }
    }
}

/// How long `line` will sound in any voice, in seconds, guessed from its letters alone, before it is cut into
/// utterances; the silence after it is not counted.
pub fn estimate(line: &Line) -> f64 {
    if !line.text.chars().any(char::is_alphanumeric) {
        return 0.0;
    }
    let letters = line.text.chars().count();
    0.4 * letters.div_ceil(LONGEST) as f64 + letters as f64 / CHARACTERS_A_SECOND
}

/// What a script is recorded with.
#[derive(Clone, Copy, Debug)]
pub struct Recording<'a> {
    /// Who says what.
    pub script: &'a Script,
    /// In which voices.
    pub cast: &'a Cast,
    /// What will speak.
    pub studio: &'a Studio,
    /// The clips there are.
    pub cache: &'a ClipCache,
    /// Whether directions are followed.
    pub delivery: bool,
}

impl Recording<'_> {
    /// Works out what recording the wanted lines will take. Speaks nothing.
    ///
    /// # Errors
    ///
    /// A voice of the cast names a backend that is not there.
    pub fn plan(&self, wanted: &Selection) -> Result<Plan> {
        let (mut plan, mut asked) = (Plan::default(), BTreeSet::new());
        for (index, line) in self.script.lines.iter().enumerate() {
            if line.kind != Kind::Skipped && wanted.holds(index, line) {
                self.add(index, line, &mut plan, &mut asked)?;
            }
        }
        Ok(plan)
    }

    /// Plans one line.
    fn add(
        &self,
        index: usize,
        line: &Line,
        plan: &mut Plan,
        asked: &mut BTreeSet<ClipId>,
    ) -> Result<()> {
        let role = self.cast.role(&line.speaker);
        let booth = self.studio.booth(role.backend.as_deref())?;
        let direction = line.direction.filter(|_| self.delivery);
        let texts = spoken(line);
        if texts.is_empty() {
            plan.wordless.push(index + 1);
        }
        for (at, text) in texts.iter().enumerate() {
            let near = |beside: Option<&String>, line: &dyn Fn() -> Option<String>| {
                booth
                    .context
                    .then(|| beside.cloned().or_else(line))
                    .flatten()
            };
            let mut job = Job {
                clip: ClipId::default(),
                line: index,
                chapter: line.chapter,
                backend: self.studio.name(role.backend.as_deref()).to_owned(),
                voice: role.voice.clone(),
                direction: direction.filter(|_| booth.directs),
                before: near(at.checked_sub(1).map(|at| &texts[at]), &|| {
                    self.before(index)
                }),
                after: near(texts.get(at + 1), &|| self.after(index)),
                text: text.clone(),
            };
            job.clip = ClipKey::new(&booth.engine, job.utterance()).id();
            plan.takes.push(Take {
                line: index,
                chapter: line.chapter,
                voice: match &role.backend {
                    Some(backend) => format!("{backend}: {}", role.voice),
                    None => role.voice.clone(),
                },
                clip: job.clip,
                pause: Pause::Sentence,
                direction,
                ending: Ending::Whole,
            });
            if asked.insert(job.clip) {
                let found = self.cache.find(job.clip);
                plan.clips.extend(found.map(|found| (job.clip, found)));
                plan.utterances.push(job);
            }
        }
        // The pause stands after the line's last utterance; a line without words lends it to what is before.
        if let Some(last) = plan.takes.last_mut() {
            last.pause = last.pause.max(line.pause);
            if line.kind == Kind::Speech && last.line == index && self.delivery {
                last.ending = language::ending(&line.text);
            }
        }
        Ok(())
    }

    /// What is said last before line `index` in its chapter.
    fn before(&self, index: usize) -> Option<String> {
        let lines = self.script.lines[..index].iter().rev();
        let mut texts = lines.filter(|line| self.heard(line, index)).map(spoken);
        texts.find_map(|mut texts| texts.pop())
    }

    /// What is said first after line `index` in its chapter.
    fn after(&self, index: usize) -> Option<String> {
        let lines = self.script.lines[index + 1..].iter();
        let mut texts = lines.filter(|line| self.heard(line, index)).map(spoken);
        texts.find_map(|texts| texts.into_iter().next())
    }

    fn heard(&self, line: &Line, beside: usize) -> bool {
        line.kind != Kind::Skipped && line.chapter == self.script.lines[beside].chapter
    }
}

/// The line's utterances in their spoken form; none if it holds no word.
fn spoken(line: &Line) -> Vec<String> {
    let ranges = language::utterances(&line.text, LONGEST).into_iter();
    let texts = ranges.map(|range| language::spoken(&line.text[range]));
    texts
        .filter(|text| text.chars().any(char::is_alphanumeric))
        .collect()
}
