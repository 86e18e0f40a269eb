//! What players show of an MP3 file: an `ID3v2.3` tag with chapters (the chapter frame addendum of 2005).

use id3::{
    Frame, Tag, TagLike, Version,
    frame::{Chapter, ExtendedText, Picture, PictureType, TableOfContents},
};

use crate::{
    Error, Result,
    audio::Frames,
    export::{Edition, Image},
};

/// Entries that one table of contents can count.
const LISTED: usize = 255;
/// "No offset is given, the time counts."
const NO_OFFSET: u32 = u32::MAX;

/// The whole tag as bytes.
pub(super) fn tag(edition: &Edition<'_>) -> Result<Vec<u8>> {
    let mut tag = Tag::new();
    texts(&mut tag, edition);
    if let Some(cover) = &edition.book.cover {
        let mime_type = match cover.image {
            Image::Jpeg => "image/jpeg",
            Image::Png => "image/png",
        };
        tag.add_frame(Picture {
            mime_type: mime_type.into(),
            picture_type: PictureType::CoverFront,
            description: String::new(),
            data: cover.bytes.clone(),
        });
    }
    chapters(&mut tag, edition);
    let mut bytes = Vec::new();
    tag.write_to(&mut bytes, Version::Id3v23).map_err(|error| {
        Error::invalid(
            format!("the MP3 file's tag cannot be written: {error}"),
            "write an `.m4b` file instead",
        )
    })?;
    Ok(bytes)
}

fn texts(tag: &mut Tag, edition: &Edition<'_>) {
    let book = edition.book;
    let year = book.year.map(|year| year.to_string());
    let length = milliseconds(edition.length, edition.rate).to_string();
    let maker = concat!("fullcast ", env!("CARGO_PKG_VERSION"));
    for (id, text) in [
        ("TIT2", Some(book.title.as_str())),
        ("TALB", Some(book.title.as_str())),
        ("TPE1", book.author.as_deref()),
        ("TPE2", book.author.as_deref()),
        ("TCOM", book.narrator.as_deref()),
        ("TCON", Some("Audiobook")),
        ("TYER", year.as_deref()),
        ("TLEN", Some(&length)),
        ("TSSE", Some(maker)),
    ] {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            tag.add_frame(Frame::text(id, text));
        }
    }
    if let Some(narrator) = &book.narrator {
        tag.add_frame(ExtendedText {
            description: "NARRATOR".into(),
            value: narrator.clone(),
        });
    }
}

/// Every chapter, and a table of contents; above 255 of them a table of tables.
fn chapters(tag: &mut Tag, edition: &Edition<'_>) {
    let ends = edition.chapters.iter().skip(1).map(|next| next.start);
    let ends = ends.chain([edition.length]);
    let mut ids = Vec::new();
    for (index, (chapter, end)) in edition.chapters.iter().zip(ends).enumerate() {
        let id = format!("chp{index}");
        tag.add_frame(Chapter {
            element_id: id.clone(),
            start_time: milliseconds(chapter.start, edition.rate),
            end_time: milliseconds(end, edition.rate),
            start_offset: NO_OFFSET,
            end_offset: NO_OFFSET,
            frames: vec![Frame::text("TIT2", chapter.title.as_str())],
        });
        ids.push(id);
    }
    let table = |element_id: String, top_level: bool, elements: Vec<String>| TableOfContents {
        element_id,
        top_level,
        ordered: true,
        elements,
        frames: Vec::new(),
    };
    if ids.len() <= LISTED {
        tag.add_frame(table("toc".into(), true, ids));
        return;
    }
    let parts: Vec<TableOfContents> = (ids.chunks(LISTED).enumerate())
        .map(|(part, ids)| table(format!("toc{part}"), false, ids.to_vec()))
        .collect();
    let names = parts.iter().map(|part| part.element_id.clone()).collect();
    tag.add_frame(table("toc".into(), true, names));
    for part in parts {
        tag.add_frame(part);
    }
}

fn milliseconds(at: Frames, rate: u32) -> u32 {
    (at.seconds(rate) * 1000.0).round() as u32
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::export::{Book, Chapter};

    #[test]
    fn above_255_chapters_the_table_is_one_of_tables() {
        let chapters = (0..300u64).map(|index| Chapter {
            title: format!("No. {index}"),
            start: Frames::new(index * 44_100),
        });
        let edition = Edition {
            book: &Book::default(),
            chapters: chapters.collect(),
            rate: 44_100,
            length: Frames::new(300 * 44_100),
        };
        let bytes = tag(&edition).expect("a tag");
        let tag = Tag::read_from2(Cursor::new(&bytes)).expect("the tag can be read");
        let table = |id: &str| {
            let mut tables = tag.tables_of_contents();
            tables
                .find(|table| table.element_id == id)
                .expect("a table")
        };
        let top = table("toc");
        assert!(top.top_level && top.elements == ["toc0", "toc1"]);
        let ids: Vec<&String> = top
            .elements
            .iter()
            .flat_map(|id| &table(id).elements)
            .collect();
        let starts = ids.iter().map(|id| {
            let chapter = tag.chapters().find(|chapter| chapter.element_id == **id);
            chapter.expect("a chapter").start_time
        });
        let wanted: Vec<u32> = (0..300).map(|index| index * 1000).collect();
        assert_eq!(starts.collect::<Vec<_>>(), wanted);
    }
}
