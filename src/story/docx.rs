//! Word documents: paragraphs and their styles.

use std::collections::BTreeMap;

use super::{
    Meta, Story, StoryReader,
    archive::Archive,
    flow::{self, Kind},
    pieces::Pieces,
    xml::{Step, elements, value, walk},
};
use crate::{Error, Result};

/// Reads DOCX.
pub(super) struct Docx;

impl StoryReader for Docx {
    fn extensions(&self) -> &'static [&'static str] {
        &["docx"]
    }

    fn read(&self, source: &[u8]) -> Result<Story> {
        let mut archive = Archive::open(source)?;
        if !archive.has("word/document.xml") {
            return Err(Error::invalid(
                "this is no Word document",
                "save it as `.docx`, or give it the name of what it is",
            ));
        }
        let styles = archive
            .text("word/styles.xml")
            .map(|text| styles(&text))
            .unwrap_or_default();
        let text = archive.text("word/document.xml")?;
        let mut pieces = Pieces::default();
        document(&text, &styles, None, &mut pieces);
        for notes in ["word/footnotes.xml", "word/endnotes.xml"] {
            if let Ok(text) = archive.text(notes) {
                document(&text, &styles, Some("a note"), &mut pieces);
            }
        }
        let meta = archive
            .text("docProps/core.xml")
            .map(|text| properties(&text))
            .unwrap_or_default();
        flow::told(&pieces.finish(), Vec::new(), meta)
    }
}

/// The level of heading of every style that is one, whatever the language of the program that made it.
fn styles(text: &str) -> BTreeMap<String, u8> {
    let (mut styles, mut id) = (BTreeMap::new(), String::new());
    walk(text, &mut |step| match step {
        Step::Open("style", element) => id = value(element, "w:styleId").unwrap_or_default(),
        Step::Open("name", element) => {
            let name = value(element, "w:val").unwrap_or_default().to_lowercase();
            let level = name
                .strip_prefix("heading ")
                .and_then(|level| level.parse().ok());
            if let Some(level) = level.or((name == "title").then_some(1)) {
                styles.insert(id.clone(), level);
            }
        }
        _ => {}
    });
    styles
}

fn document(
    text: &str,
    styles: &BTreeMap<String, u8>,
    reason: Option<&'static str>,
    pieces: &mut Pieces,
) {
    let (mut level, mut tables, mut in_text) = (None, 0, false);
    walk(text, &mut |step| match step {
        Step::Open("p", _) => level = None,
        Step::Open("pStyle", element) => {
            let style = value(element, "w:val").unwrap_or_default();
            level = styles.get(&style).copied();
        }
        Step::Open("tbl", _) => tables += 1,
        Step::Close("tbl") => tables -= 1,
        Step::Open("t", _) => in_text = true,
        Step::Close("t") => in_text = false,
        Step::Open("tab", _) => pieces.words(" "),
        Step::Open("br" | "cr", _) => pieces.row(),
        Step::Words(words) if in_text => pieces.words(words),
        Step::Close("p") => pieces.end(match (reason, level) {
            (Some(reason), _) => Kind::Skipped(reason),
            (None, _) if tables > 0 => Kind::Skipped("a table"),
            (None, Some(level)) => Kind::Heading(level),
            (None, None) => Kind::Paragraph,
        }),
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
        "creator" if !words.is_empty() => meta.author = Some(words.to_owned()),
        "language" if !words.is_empty() => words.clone_into(&mut meta.language),
        _ => {}
    });
    meta
}
