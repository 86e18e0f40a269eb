//! The script as a page of text that a writer reads and edits, and `make` reads back.
//!
//! [`write()`] lays a script out, [`parse()`] reads a page, [`apply()`] gives the story's lines the speakers that the
//! page says. Nothing here touches the disk.

mod align;
mod apply;
mod characters;
mod parse;
mod roster;
mod told;
mod write;

pub use apply::{Edited, apply};
pub use parse::parse;
pub use write::write;

use super::{Age, Direction, Gender, format::UNCERTAIN};

/// The ending of a script's file name.
pub const EXTENSION: &str = "script";

/// A page, row by row; [`Display`](std::fmt::Display) gives the text back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// All rows in order, with blank ones and remarks.
    pub items: Vec<Item>,
}

/// One row of a page.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A blank row: a paragraph ends.
    Blank,
    /// A row that begins with `#`, as it stands.
    Remark(String),
    /// `Story: FILE (FINGERPRINT)`.
    Story(Source),
    /// `Cast`, above the list of everyone who speaks.
    Cast,
    /// One of that list.
    Entry(Entry),
    /// `## TITLE`: a chapter begins.
    Chapter(Option<String>),
    /// `* * *`: a scene begins.
    Scene,
    /// `SPEAKER: WORDS`.
    Spoken(Spoken),
}

/// The story that a page belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The story's file, relative to the page's folder.
    pub file: String,
    /// [`fingerprint`] of the text that the page was written for; empty if the page names none.
    pub fingerprint: String,
}

/// An entry of the cast list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The name that lines use.
    pub name: String,
    /// The name they are to have instead: `OLD -> NEW`.
    pub renamed: Option<String>,
    /// Other names of the same person.
    pub aliases: Vec<String>,
    /// `3 lines`, for the reader only.
    pub count: Option<String>,
    /// `male` or `female`.
    pub gender: Gender,
    /// `child`, `adult` or `old`.
    pub age: Age,
    /// `tells the story`.
    pub narrates: bool,
    /// Number of its row, from 1; 0 if it was never on a page.
    pub row: usize,
}

/// A line of the script as it stands on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// Whether `? ` stands before it.
    pub uncertain: bool,
    /// Who says it.
    pub who: Who,
    /// The words, every run of white space as one space.
    pub words: String,
    /// Number of its row, from 1; 0 if it was never on a page.
    pub row: usize,
    /// Column of its first word, from 1.
    pub column: usize,
}

/// What stands before the colon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// `Heading`.
    Heading,
    /// `Skipped (REASON)`.
    Skipped(String),
    /// `NAME`, `NAME (DIRECTION)`, and for the narrator's own words to others `Narrator (speaking)`.
    Name {
        /// The name as written: of the cast list, or an alias.
        name: String,
        /// Whether the narrator speaks as one of the characters.
        speaking: bool,
        /// How it is said.
        direction: Option<Direction>,
    },
}

/// A fault of a page.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Complaint {
    /// Number of the row, from 1.
    pub row: usize,
    /// Number of the character in it, from 1.
    pub column: usize,
    /// What is wrong, and the cure.
    pub message: String,
}

impl Page {
    /// The story it belongs to, where it names one.
    pub fn source(&self) -> Option<&Source> {
        self.items.iter().find_map(|item| match item {
            Item::Story(source) => Some(source),
            _ => None,
        })
    }

    /// Its cast list.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.items.iter().filter_map(|item| match item {
            Item::Entry(entry) => Some(entry),
            _ => None,
        })
    }
}

/// Sixteen hexadecimal digits that change when a story's text does (FNV-1a, 64 bit; Fowler, Noll and Vo).
pub fn fingerprint(source: &str) -> String {
    let hash = source
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    format!("{hash:016x}")
}

/// `text` with every run of white space as one space.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every direction with its word.
const DIRECTIONS: [(&str, Direction); 7] = [
    ("whispered", Direction::Whispered),
    ("shouted", Direction::Shouted),
    ("crying", Direction::Crying),
    ("laughing", Direction::Laughing),
    ("thought", Direction::Thought),
    ("read", Direction::Read),
    ("sung", Direction::Sung),
];

/// The word for a line the narrator says to others.
const SPEAKING: &str = "speaking";
/// The word for whoever tells the story in the first person.
const NARRATES: &str = "tells the story";
