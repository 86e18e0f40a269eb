//! OpenDocument texts.

use super::{
    Meta, Story, StoryReader,
    archive::Archive,
    flow::{self, Kind},
    pieces::Pieces,
    xml::{Step, elements, local_value, walk},
};
use crate::{Error, Result};

/// Reads ODT.
pub(super) struct Odt;

impl StoryReader for Odt {
    fn extensions(&self) -> &'static [&'static str] {
        &["odt"]
    }

    fn read(&self, source: &[u8]) -> Result<Story> {
        let mut archive = Archive::open(source)?;
        if !archive.has("content.xml") {
            return Err(Error::invalid(
                "this is no OpenDocument text",
                "save it as `.odt`, or give it the name of what it is",
            ));
        }
        let manifest = archive.text("META-INF/manifest.xml").unwrap_or_default();
        if manifest.contains("encryption-data") {
            return Err(Error::invalid(
                "the document is locked with a password",
                "save it without one",
            ));
        }
        let text = archive.text("content.xml")?;
        let meta = archive
            .text("meta.xml")
            .map(|text| properties(&text))
            .unwrap_or_default();
        let mut pieces = Pieces::default();
        content(&text, &mut pieces);
        flow::told(&pieces.finish(), Vec::new(), meta)
    }
}

fn content(text: &str, pieces: &mut Pieces) {
    // Paragraphs may hold notes, which hold paragraphs.
    let (mut level, mut tables, mut silent, mut notes) = (None, 0, 0, 0);
    walk(text, &mut |step| match step {
        Step::Open(
            "tracked-changes" | "annotation" | "automatic-styles" | "note-citation"
            | "font-face-decls",
            _,
        ) => silent += 1,
        Step::Close(
            "tracked-changes" | "annotation" | "automatic-styles" | "note-citation"
            | "font-face-decls",
        ) => silent -= 1,
        Step::Open("note", _) => {
            notes += 1;
            pieces.put_aside();
        }
        Step::Close("note") => {
            notes -= 1;
            pieces.go_on();
        }
        Step::Open("table", _) => tables += 1,
        Step::Close("table") => tables -= 1,
        Step::Open("h", element) => {
            level = local_value(element, "outline-level")
                .and_then(|level| level.parse().ok())
                .or(Some(1));
        }
        Step::Open("s", element) => {
            let count = local_value(element, "c").and_then(|count| count.parse().ok());
            pieces.words(&" ".repeat(count.unwrap_or(1usize).min(80)));
        }
        Step::Open("tab", _) => pieces.words(" "),
        Step::Open("line-break", _) => pieces.row(),
        Step::Words(words) if silent == 0 => pieces.words(words),
        Step::Close("h" | "p") if silent == 0 => {
            let kind = match level {
                _ if notes > 0 => Kind::Skipped("a note"),
                _ if tables > 0 => Kind::Skipped("a table"),
                Some(level) => Kind::Heading(level),
                None => Kind::Paragraph,
            };
            pieces.end(kind);
            if notes == 0 {
                level = None;
            }
        }
        _ => {}
    });
}

fn properties(text: &str) -> Meta {
    let mut meta = Meta {
        language: "en".into(),
        ..Meta::default()
    };
    elements(text, &mut |name, _, words| match name {
        "title" => words.clone_into(&mut meta.title),
        "initial-creator" if !words.is_empty() => meta.author = Some(words.to_owned()),
        "creator" if meta.author.is_none() && !words.is_empty() => {
            meta.author = Some(words.to_owned());
        }
        "language" if !words.is_empty() => words.clone_into(&mut meta.language),
        _ => {}
    });
    meta
}
