//! FictionBook 2: sections with titles, verse, notes in a body of their own.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use encoding_rs::Encoding;

use super::{
    Meta, Story, StoryReader,
    archive::Archive,
    decode::decode,
    flow::{self, Kind, Piece},
    pieces::Pieces,
    xml::{Step, elements, local_value, value, walk},
};
use crate::Result;

/// Reads FictionBook, in an archive or not.
pub(super) struct FictionBook;

impl StoryReader for FictionBook {
    fn extensions(&self) -> &'static [&'static str] {
        &["fb2", "fbz"]
    }

    fn read(&self, source: &[u8]) -> Result<Story> {
        let bytes = if source.starts_with(b"PK") {
            let mut archive = Archive::open(source)?;
            let inner = archive.first(".fb2");
            archive.bytes(&inner.unwrap_or_default())?
        } else {
            source.to_vec()
        };
        let text = text(&bytes)?;
        let (meta, cover) = description(&text);
        let mut story = flow::told(&pieces(&text), Vec::new(), meta)?;
        story.cover = cover.and_then(|id| picture(&text, &id));
        Ok(story)
    }
}

/// The document's text in the encoding that its first row names.
fn text(bytes: &[u8]) -> Result<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
    let named = head.split_once("encoding=").and_then(|(_, rest)| {
        let mark = rest.chars().next()?;
        let name = rest.strip_prefix(mark)?.split(mark).next()?;
        Some(name.to_owned())
    });
    let encoding = named.and_then(|name| Encoding::for_label(name.as_bytes()));
    match encoding.filter(|encoding| *encoding != encoding_rs::UTF_8) {
        Some(encoding) => Ok(encoding.decode(bytes).0.into_owned()),
        None => decode(bytes).map(|(text, _)| text),
    }
}

/// What the book says of itself, and the name of its cover's picture.
fn description(text: &str) -> (Meta, Option<String>) {
    let mut meta = Meta {
        language: "en".into(),
        ..Meta::default()
    };
    let (mut names, mut authors, mut cover) = (Vec::new(), Vec::new(), None);
    let mut done = false;
    elements(text, &mut |name, element, words| match name {
        _ if done => {}
        "book-title" => words.clone_into(&mut meta.title),
        "first-name" | "middle-name" | "last-name" | "nickname" if !words.is_empty() => {
            names.push(words.to_owned());
        }
        "author" => authors.push(std::mem::take(&mut names).join(" ")),
        "lang" if !words.is_empty() => words.clone_into(&mut meta.language),
        "image" if cover.is_none() => cover = local_value(element, "href"),
        // Those who made the file come later.
        "title-info" => done = true,
        _ => {}
    });
    authors.retain(|author| !author.is_empty());
    meta.author = (!authors.is_empty()).then(|| authors.join(", "));
    (
        meta,
        cover
            .filter(|_| done)
            .map(|id| id.trim_start_matches('#').to_owned()),
    )
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Pieces::default();
    let (mut body, mut depth, mut in_title, mut notes) = (false, 0u8, false, false);
    walk(text, &mut |step| match step {
        Step::Open("body", element) => {
            body = true;
            notes = value(element, "name")
                .is_some_and(|name| name.contains("note") || name == "comments");
        }
        Step::Close("body") => body = false,
        Step::Open("section", _) => depth = depth.saturating_add(1),
        Step::Close("section") => depth = depth.saturating_sub(1),
        Step::Open("title", _) => in_title = true,
        Step::Close("title") => in_title = false,
        Step::Open("a", element) if value(element, "type").as_deref() == Some("note") => {
            pieces.open_mark();
        }
        Step::Close("a") => pieces.close_mark(),
        Step::Open("empty-line", _) if body && !notes => pieces.pause(),
        Step::Words(words) if body => pieces.words(words),
        Step::Close("p" | "v" | "subtitle" | "text-author" | "td" | "th" | "date") if body => {
            pieces.end(match (notes, in_title) {
                (true, _) => Kind::Skipped("a note"),
                (false, true) => Kind::Heading(depth.clamp(1, 6)),
                (false, false) => Kind::Paragraph,
            });
        }
        _ => {}
    });
    pieces.finish()
}

/// The picture called `id`.
fn picture(text: &str, id: &str) -> Option<Vec<u8>> {
    let mut picture = None;
    elements(text, &mut |name, element, words| {
        if name == "binary" && value(element, "id").as_deref() == Some(id) {
            let packed: String = words.split_whitespace().collect();
            picture = BASE64_STANDARD.decode(packed).ok();
        }
    });
    picture
}
