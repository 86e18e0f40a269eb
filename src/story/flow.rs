//! Marked-up text as a run of pieces, and the story they make.

use std::collections::BTreeSet;

use super::{Block, Chapter, Meta, Span, Story, outline::is_ornament};
use crate::{Error, Result};

/// A piece of a marked-up book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) kind: Kind,
    /// Its text, white space tidied; may be empty for a break.
    pub(super) text: String,
    /// The marks that links may lead to, at its beginning.
    pub(super) ids: Vec<String>,
}

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A heading, 1 the highest.
    Heading(u8),
    Paragraph,
    Break,
    /// What a narrator would not read, and why.
    Skipped(&'static str),
}

/// Where a chapter begins, as a table of contents or a heading tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Start {
    /// The index of its first piece.
    pub(super) piece: usize,
    pub(super) title: String,
}

/// Text before the first chapter that is more than a title page, in characters.
const FOREWORD: usize = 1_500;
/// The longest paragraph that may be a heading without being marked so, in characters.
const HEADING: usize = 90;

/// Sections that no narrator reads, by words of their titles in small letters.
const UNREAD: &[(&str, &str)] = &[
    ("table of contents", "the contents"),
    ("contents", "the contents"),
    ("list of illustrations", "the contents"),
    ("illustrations", "the contents"),
    ("landmarks", "the contents"),
    ("copyright", "the copyright page"),
    ("copyright page", "the copyright page"),
    ("uncopyright", "the copyright page"),
    ("cover", "the cover"),
    ("title page", "a title page"),
    ("titlepage", "a title page"),
    ("half title", "a title page"),
    ("halftitlepage", "a title page"),
    ("imprint", "an imprint"),
    ("colophon", "an imprint"),
    ("index", "an index"),
    ("notes", "the notes"),
    ("endnotes", "the notes"),
    ("footnotes", "the notes"),
    ("bibliography", "a bibliography"),
    ("about the author", "a note on the author"),
    ("also by", "an advertisement"),
];

/// The story that `pieces` make, with chapters at `starts`; without any, at the headings.
fn story(pieces: &[Piece], mut starts: Vec<Start>, meta: Meta) -> Story {
    starts.retain(|start| start.piece < pieces.len());
    starts.sort_by_key(|start| start.piece);
    // Of several entries that lead to one place, the last is the deepest.
    let mut at: Vec<Start> = Vec::new();
    for start in starts {
        match at.last_mut() {
            Some(last) if last.piece == start.piece => *last = start,
            _ => at.push(start),
        }
    }
    if at.len() < 2 {
        let headings = by_headings(pieces, &meta.title);
        if headings.len() > at.len() {
            at = headings;
        }
    }
    let (source, spans) = joined(pieces);
    let mut builder = Builder {
        pieces,
        spans: &spans,
        chapters: Vec::new(),
        waiting: Vec::new(),
        reason: None,
    };
    builder.build(&at);
    Story {
        chapters: builder.finish(),
        source,
        meta,
        notes: Vec::new(),
        cover: None,
    }
}

/// The same, if there is any text.
///
/// # Errors
///
/// No piece holds a letter.
pub(super) fn told(pieces: &[Piece], starts: Vec<Start>, meta: Meta) -> Result<Story> {
    if pieces
        .iter()
        .any(|piece| piece.text.chars().any(char::is_alphanumeric))
    {
        return Ok(story(pieces, starts, meta));
    }
    Err(Error::invalid(
        "there is no text",
        "a book of pictures cannot be read aloud",
    ))
}

/// All texts with blank lines between, and where each stands.
fn joined(pieces: &[Piece]) -> (String, Vec<Span>) {
    let mut source = String::new();
    let mut spans = Vec::with_capacity(pieces.len());
    for piece in pieces {
        if !source.is_empty() && !piece.text.is_empty() {
            source.push_str("\n\n");
        }
        let start = source.len();
        source.push_str(&piece.text);
        spans.push(Span {
            start,
            end: source.len(),
        });
    }
    source.push('\n');
    (source, spans)
}

/// Chapters at the highest headings of which there are several; the book's own title is none of them.
fn by_headings(pieces: &[Piece], title: &str) -> Vec<Start> {
    let level = |piece: &Piece| match piece.kind {
        Kind::Heading(level) => Some(level),
        _ => None,
    };
    let levels: BTreeSet<u8> = pieces.iter().filter_map(level).collect();
    let count = |wanted: u8| {
        pieces
            .iter()
            .filter(|piece| level(piece) == Some(wanted))
            .count()
    };
    let several = levels.iter().copied().find(|level| count(*level) > 1);
    let Some(chosen) = several.or(levels.first().copied()) else {
        return Vec::new();
    };
    let mut starts: Vec<Start> = Vec::new();
    // Whether the last piece belongs to the heading of the last chapter.
    let mut open = false;
    for (index, piece) in pieces.iter().enumerate() {
        let Some(own) = level(piece) else {
            open = false;
            continue;
        };
        let words = piece.text.replace('\n', ": ");
        let alone = own < chosen && count(own) == 1;
        let is_title = starts.is_empty() && (alone || plain(&piece.text) == plain(title));
        if open {
            let last = starts.last_mut().expect("a heading is open");
            last.title = format!("{}: {words}", last.title);
        } else if own <= chosen && !is_title {
            starts.push(Start {
                piece: index,
                title: words,
            });
            open = true;
        }
    }
    starts
}

/// Letters and digits in small letters.
fn plain(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// Why a section with this title is not read, if it is not.
fn unread(title: &str) -> Option<&'static str> {
    let title = title.trim().trim_end_matches('.').to_lowercase();
    if title.contains("project gutenberg") {
        return Some("the licence of the library it comes from");
    }
    if title.contains("transcriber") {
        return Some("a note of the transcriber");
    }
    let known = UNREAD.iter().find(|(words, _)| title == *words);
    known.map(|(_, reason)| *reason)
}

struct Builder<'a> {
    pieces: &'a [Piece],
    spans: &'a [Span],
    chapters: Vec<Chapter>,
    /// Skipped parts before the first chapter.
    waiting: Vec<Block>,
    /// Why the section at hand is not read.
    reason: Option<&'static str>,
}

impl Builder<'_> {
    fn build(&mut self, starts: &[Start]) {
        let first = starts
            .first()
            .map_or(self.pieces.len(), |start| start.piece);
        self.foreword(first, starts.is_empty());
        for (number, start) in starts.iter().enumerate() {
            let end = starts
                .get(number + 1)
                .map_or(self.pieces.len(), |next| next.piece);
            self.reason = unread(&start.title);
            let mut from = start.piece;
            if self.reason.is_none() {
                from = self.open(start, end);
            }
            self.blocks(from, end);
        }
    }

    /// What stands before the first chapter: a title page, or a chapter without a title if there is much of it.
    fn foreword(&mut self, end: usize, alone: bool) {
        let read = self.pieces[..end]
            .iter()
            .filter(|piece| piece.kind == Kind::Paragraph);
        let characters: usize = read.map(|piece| piece.text.chars().count()).sum();
        if alone || characters > FOREWORD {
            self.chapters.push(Chapter::default());
        } else {
            self.reason = Some("a title page");
        }
        self.blocks(0, end);
    }

    /// Begins a chapter; gives the first piece behind its heading.
    fn open(&mut self, start: &Start, end: usize) -> usize {
        let mut at = start.piece;
        // What comes between the mark and the heading, such as a page number, is no reason to lose the heading.
        while at < end && !matches!(self.pieces[at].kind, Kind::Heading(_) | Kind::Paragraph) {
            at += 1;
        }
        let mut behind = at;
        while behind < end && matches!(self.pieces[behind].kind, Kind::Heading(_)) {
            behind += 1;
        }
        let same = |piece: &Piece| {
            let (text, title) = (plain(&piece.text), plain(&start.title));
            piece.text.chars().count() <= HEADING && !text.is_empty() && title.contains(&text)
        };
        while behind < end
            && self.pieces[behind].kind == Kind::Paragraph
            && same(&self.pieces[behind])
        {
            behind += 1;
        }
        let heading = (behind > at).then(|| Span {
            start: self.spans[at].start,
            end: self.spans[behind - 1].end,
        });
        let title = start.title.split_whitespace().collect::<Vec<_>>().join(" ");
        self.chapters.push(Chapter {
            title: Some(title).filter(|title| !title.is_empty()),
            heading,
            blocks: Vec::new(),
        });
        self.blocks(start.piece, at);
        behind
    }

    fn blocks(&mut self, from: usize, to: usize) {
        for index in from..to {
            let (piece, span) = (&self.pieces[index], self.spans[index]);
            let block = match (piece.kind, self.reason) {
                (Kind::Break, Some(_)) if piece.text.is_empty() => continue,
                (Kind::Skipped(reason), _) | (_, Some(reason)) => {
                    Block::Skipped(span, reason.into())
                }
                (Kind::Break, None) => Block::Break(span),
                (Kind::Paragraph, None) if is_ornament(&piece.text) => Block::Break(span),
                (Kind::Paragraph | Kind::Heading(_), None) => {
                    if matches!(piece.kind, Kind::Heading(_)) {
                        let before = Span {
                            start: span.start,
                            end: span.start,
                        };
                        self.put(Block::Break(before));
                    }
                    Block::Paragraph(span)
                }
            };
            self.put(block);
        }
    }

    fn put(&mut self, block: Block) {
        match self.chapters.last_mut() {
            Some(chapter) => chapter.blocks.push(block),
            None => self.waiting.push(block),
        }
    }

    /// The chapters; what was skipped before the first belongs to it.
    fn finish(mut self) -> Vec<Chapter> {
        if self.chapters.is_empty() {
            self.chapters.push(Chapter::default());
        }
        let first = &mut self.chapters[0];
        self.waiting.append(&mut first.blocks);
        first.blocks = self.waiting;
        self.chapters
    }
}
