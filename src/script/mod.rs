//! The story cut into lines, each with one speaker: what the voices read from.

mod adapt;
mod age;
mod aliases;
pub mod assistant;
mod book;
mod calls;
mod capitals;
pub mod chain;
mod context;
mod dashes;
mod described;
mod direction;
mod exchange;
mod features;
pub mod format;
mod gender;
mod label;
pub mod learn;
mod lexicon;
mod lines;
mod links;
mod mentions;
mod names;
pub mod page;
mod pattern;
mod people;
mod pronouns;
mod quotes;
mod ranker;
pub mod review;
pub mod scenes;
mod style;
mod tags;
mod teller;
pub mod telling;
mod text;
mod turns;
mod why;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use adapt::adapt;

use crate::story::{Meta, Span};

/// A whole performance, ready to cast.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    /// Title, author and language.
    pub meta: Meta,
    /// The title of each chapter, in order; `None` for a chapter without one.
    pub chapters: Vec<Option<String>>,
    /// Everyone who speaks, the narrator first, then by how much they speak.
    pub characters: Vec<Character>,
    /// The lines in reading order, skipped ones among them.
    pub lines: Vec<Line>,
}

/// One run of text in one voice.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Index of its chapter in [`Script::chapters`].
    pub chapter: usize,
    /// Number of its scene, counted from 0 through the whole story.
    pub scene: usize,
    /// Who says it; the narrator for narration, headings and skipped lines.
    pub speaker: Name,
    /// What it is.
    pub kind: Kind,
    /// How it is said, where the text tells.
    pub direction: Option<Direction>,
    /// Where it stands in the source; for speech the words between the marks.
    pub span: Span,
    /// The source's own text at `span`.
    pub text: String,
    /// The silence after it.
    pub pause: Pause,
    /// How sure the speaker is, `0.0..=1.0`.
    pub certainty: f32,
    /// Why this speaker, or why it is skipped, in plain words.
    pub why: String,
    /// Who else may say it.
    pub rival: Option<Rival>,
}

/// The second likeliest speaker of a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Rival {
    /// Who it is.
    pub name: Name,
    /// How likely it is that they say it, `0.0..=1.0`.
    pub share: f32,
    /// Why they may, in plain words.
    pub why: String,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Read by the narrator.
    Narration,
    /// Said by a character.
    Speech,
    /// A chapter's heading, read by the narrator.
    Heading,
    /// Not read aloud; [`Line::why`] tells the reason.
    Skipped,
}

/// How a line is said, as far as the text tells: a small closed set that casting and backends can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Under the breath: whispered, murmured, hissed.
    Whispered,
    /// At the top of the voice: shouted, screamed, in capitals.
    Shouted,
    /// In tears: sobbed, wept.
    Crying,
    /// With laughter: laughed, giggled.
    Laughing,
    /// Not aloud: thought, wondered.
    Thought,
    /// Read aloud from a letter, a sign or a page.
    Read,
    /// Sung.
    Sung,
}

impl Direction {
    /// Its name, as scripts write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Whispered => "whispered",
            Self::Shouted => "shouted",
            Self::Crying => "crying",
            Self::Laughing => "laughing",
            Self::Thought => "thought",
            Self::Read => "read",
            Self::Sung => "sung",
        }
    }
}

/// The silence after a line, named for its reason, shortest first.
///
/// The mixer knows how long each is, so pacing can change without a new recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pause {
    /// Between sentences of one speaker.
    Sentence,
    /// Between narration and speech inside a paragraph.
    Turn,
    /// At the end of a paragraph.
    Paragraph,
    /// At the end of a scene.
    Scene,
    /// After a heading.
    Heading,
    /// At the end of a chapter.
    Chapter,
}

/// Someone who speaks.
#[derive(Clone, Debug, PartialEq)]
pub struct Character {
    /// The canonical name.
    pub name: Name,
    /// Other names the text uses for the same person.
    pub aliases: Vec<String>,
    /// Gender as far as the text tells, and what told it.
    pub gender: Gender,
    /// Age as far as the text tells.
    pub age: Age,
    /// Evidence for gender and age in plain words, empty if there is none.
    pub evidence: String,
    /// How many lines they have.
    pub lines: usize,
    /// Whether they tell the story in the first person (the narrator is then this character).
    pub narrates: bool,
}

/// Gender as far as the text shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gender {
    /// He, Mr, a man's name.
    Male,
    /// She, Mrs, a woman's name.
    Female,
    /// The text does not tell.
    #[default]
    Unknown,
}

/// Age as far as the text shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Age {
    /// A boy, a girl, a child.
    Child,
    /// Neither child nor old.
    Adult,
    /// An old man or woman.
    Old,
    /// The text does not tell.
    #[default]
    Unknown,
}

/// A character's name as the script writes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Name(String);

impl Name {
    /// The name as written.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The one who reads all that no character says.
    pub fn narrator() -> Self {
        Self::new("Narrator")
    }

    /// Whether this is the narrator.
    pub fn is_narrator(&self) -> bool {
        self.0 == "Narrator"
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
