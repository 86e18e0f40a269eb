//! The source text, as chapters of blocks that remember where they stood.

use serde::{Deserialize, Serialize};

/// A story as its author wrote it.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// The whole decoded source. Every [`Span`] points into it.
    pub source: String,
    /// Title, author and language.
    pub meta: Meta,
    /// At least one, in order; together their blocks and headings hold all of the source but blank space.
    pub chapters: Vec<Chapter>,
    /// What the reader ought to know about how it was read ("read as Windows-1252").
    pub notes: Vec<String>,
}

/// What a library shows of a book.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Meta {
    /// The title, from the story or else from the file's name.
    pub title: String,
    /// The author, where the story names one.
    pub author: Option<String>,
    /// A BCP 47 language tag, `en` where nothing else is known.
    pub language: String,
}

/// A chapter: a heading, then a flat run of blocks. A scene is what stands between breaks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chapter {
    /// The heading as it is to be shown, `None` for a story without chapters.
    pub title: Option<String>,
    /// Where the heading stands.
    pub heading: Option<Span>,
    /// Paragraphs, breaks and skipped parts in order.
    pub blocks: Vec<Block>,
}

/// One piece of a chapter.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// Text to be read aloud, without the blank lines round it.
    Paragraph(Span),
    /// A scene break, with the marks that show it (`***`); may be empty.
    Break(Span),
    /// Text that is not read aloud, and why ("a disclaimer").
    Skipped(Span, String),
}

/// A range of bytes of [`Story::source`], on character boundaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The text it covers.
    pub fn of<'s>(&self, source: &'s str) -> &'s str {
        &source[self.start..self.end]
    }
}
