//! Markdown: plain text whose headings, front matter and comments carry marks.

use super::{Span, Story, StoryReader, decode::decode, outline::outline};
use crate::Result;

/// Reads Markdown with `#` and underlined headings and an optional YAML block at the top.
pub(super) struct Markdown;

impl StoryReader for Markdown {
    fn extensions(&self) -> &'static [&'static str] {
        &["md", "markdown", "mdown"]
    }

    fn read(&self, source: &[u8]) -> Result<Story> {
        let (source, notes) = decode(source)?;
        let skipped = marked_off(&source);
        let (mut meta, chapters) = outline(&source, &skipped);
        if let Some((front, _)) = skipped.iter().find(|(_, reason)| reason == FRONT) {
            let front = front.of(&source);
            if let Some(title) = value(front, "title") {
                meta.title = title;
            }
            meta.author = value(front, "author").or(meta.author);
            meta.language = value(front, "language")
                .or_else(|| value(front, "lang"))
                .unwrap_or(meta.language);
        }
        Ok(Story {
            source,
            meta,
            chapters,
            notes,
            cover: None,
        })
    }
}

const FRONT: &str = "settings at the top of the file";

/// The parts that are marked as no text: front matter and comments.
fn marked_off(source: &str) -> Vec<(Span, String)> {
    let mut parts = Vec::new();
    let mut from = 0;
    if (source.starts_with("---\n") || source.starts_with("---\r\n"))
        && let Some(end) = source[3..].find("\n---")
    {
        from = end + 3 + "\n---".len();
        parts.push((
            Span {
                start: 0,
                end: from,
            },
            FRONT.to_owned(),
        ));
    }
    while let Some(start) = source[from..].find("<!--") {
        let start = from + start;
        let end = source[start..]
            .find("-->")
            .map_or(source.len(), |end| start + end + 3);
        parts.push((Span { start, end }, "a comment".to_owned()));
        from = end;
    }
    parts
}

fn value(front: &str, key: &str) -> Option<String> {
    super::front::field(front, key).map(|value| value.trim_matches(['"', '\'']).to_owned())
}
