//! Plain text, as people type it and as libraries of old books keep it.

use super::{Story, StoryReader, decode::decode, outline::outline};
use crate::Result;

/// Reads plain text in UTF-8, UTF-16 with a mark, or Windows-1252.
pub(super) struct PlainText;

impl StoryReader for PlainText {
    fn extensions(&self) -> &'static [&'static str] {
        &["txt", "text"]
    }

    fn read(&self, source: &[u8]) -> Result<Story> {
        let (source, notes) = decode(source)?;
        let (meta, chapters) = outline(&source, &[]);
        Ok(Story {
            source,
            meta,
            chapters,
            notes,
            cover: None,
        })
    }
}
