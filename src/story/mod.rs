//! The source text, as chapters of blocks that remember where they stood.

mod archive;
mod decode;
mod docx;
mod epub;
mod fictionbook;
mod flow;
mod front;
mod heading;
mod html;
mod layout;
mod markdown;
mod odt;
mod offsets;
mod outline;
mod pieces;
mod plain;
mod xml;

use std::path::Path;

use serde::{Deserialize, Serialize};

pub use offsets::CodePoints;

use crate::{Error, Result};

/// Reads one format of source.
pub trait StoryReader: Sync {
    /// The file name endings it answers to, in lower case and without the dot.
    fn extensions(&self) -> &'static [&'static str];

    /// The story in `source`; a title that the source does not name stays empty.
    fn read(&self, source: &[u8]) -> Result<Story>;
}

/// Every format that can be read; the first reads what no other claims.
pub const READERS: &[&dyn StoryReader] = &[
    &plain::PlainText,
    &markdown::Markdown,
    &epub::Epub,
    &html::Html,
    &fictionbook::FictionBook,
    &docx::Docx,
    &odt::Odt,
];

/// Reads the story in the file at `path`.
///
/// # Errors
/// No such file, a folder, a file that is empty, blank or not text.
pub fn read(path: &Path) -> Result<Story> {
    if path.is_dir() {
        return Err(Error::invalid(
            format!("expected a story, found the folder `{}`", path.display()),
            "give the story's own file, such as `story.txt`",
        ));
    }
    let bytes = std::fs::read(path).map_err(|source| Error::Read {
        path: path.to_owned(),
        source,
    })?;
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    parse(&bytes, &extension, &stem).map_err(|error| match error {
        Error::Invalid { message, hint } => {
            Error::invalid(format!("{message} in `{}`", path.display()), hint)
        }
        other => other,
    })
}

/// The story in `bytes`, by the reader for `extension`; `title_hint` (a file's name without its ending)
/// becomes the title where the source names none.
///
/// # Errors
/// The bytes are empty, blank, or not text.
pub fn parse(bytes: &[u8], extension: &str, title_hint: &str) -> Result<Story> {
    let extension = extension.to_lowercase();
    let reader = READERS
        .iter()
        .find(|reader| reader.extensions().contains(&extension.as_str()))
        .unwrap_or(&READERS[0]);
    let mut story = reader.read(bytes)?;
    if story.meta.title.is_empty() {
        title_hint
            .replace(['_', '-'], " ")
            .trim()
            .clone_into(&mut story.meta.title);
    }
    Ok(story)
}

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
    /// The picture on its cover, a JPEG or PNG file, where the book brings one.
    pub cover: Option<Vec<u8>>,
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
    /// Paragraphs, breaks and skipped parts in order; parts skipped before the first heading of the story
    /// belong to its first chapter.
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

impl Block {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Self::Paragraph(span) | Self::Break(span) | Self::Skipped(span, _) => *span,
        }
    }
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
