//! What a library shows of an M4B file: the iTunes list of tags, and the chapter list that Nero invented.

use super::{LISTED, boxes::Boxes, movie::Movie};
use crate::export::{Book, Chapter, Image};

/// The kinds of data in the list.
const TEXT: u32 = 1;
const JPEG: u32 = 13;
const PNG: u32 = 14;
const NUMBER: u32 = 21;

/// The `udta` box with tags and chapters.
pub(super) fn user_data(boxes: &mut Boxes, movie: &Movie<'_>) {
    boxes.put(*b"udta", |boxes| {
        boxes.full(*b"meta", 0, 0, |boxes| {
            boxes.full(*b"hdlr", 0, 0, |boxes| {
                boxes.zeros(4);
                boxes.bytes(b"mdirappl");
                boxes.zeros(9);
            });
            boxes.put(*b"ilst", |boxes| {
                tags(boxes, movie.edition.book);
                gapless(boxes, movie);
            });
        });
        if movie.edition.chapters.len() <= LISTED {
            list(boxes, &movie.edition.chapters, movie.edition.rate);
        }
    });
}

fn tags(boxes: &mut Boxes, book: &Book) {
    let author = book.author.as_deref();
    let narrator = book.narrator.as_deref();
    let year = book.year.map(|year| year.to_string());
    let read = narrator.map(|narrator| format!("Read by {narrator}"));
    let maker = concat!("fullcast ", env!("CARGO_PKG_VERSION"));
    for (kind, text) in [
        (*b"\xa9nam", Some(book.title.as_str())),
        (*b"\xa9alb", Some(book.title.as_str())),
        (*b"\xa9ART", author),
        (*b"aART", author),
        (*b"\xa9wrt", narrator),
        (*b"\xa9nrt", narrator),
        (*b"\xa9gen", Some("Audiobook")),
        (*b"\xa9day", year.as_deref()),
        (*b"desc", read.as_deref()),
        (*b"\xa9too", Some(maker)),
    ] {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            tag(boxes, kind, TEXT, text.as_bytes());
        }
    }
    // An audiobook, to be played without gaps.
    tag(boxes, *b"stik", NUMBER, &[2]);
    tag(boxes, *b"pgap", NUMBER, &[1]);
    if let Some(cover) = &book.cover {
        let kind = match cover.image {
            Image::Jpeg => JPEG,
            Image::Png => PNG,
        };
        tag(boxes, *b"covr", kind, &cover.bytes);
    }
}

fn tag(boxes: &mut Boxes, kind: [u8; 4], data: u32, value: &[u8]) {
    boxes.put(kind, |boxes| field(boxes, data, value));
}

fn field(boxes: &mut Boxes, data: u32, value: &[u8]) {
    boxes.put(*b"data", |boxes| {
        boxes.u32(data);
        boxes.zeros(4);
        boxes.bytes(value);
    });
}

/// Delay, padding and length once more, for players that read `iTunSMPB` and no edit list.
fn gapless(boxes: &mut Boxes, movie: &Movie<'_>) {
    let length = movie.edition.length.get();
    let padding = movie.coded() - movie.delay - length;
    let rest = " 00000000".repeat(8);
    let text = format!(
        " 00000000 {:08X} {padding:08X} {length:016X}{rest}",
        movie.delay
    );
    boxes.put(*b"----", |boxes| {
        boxes.full(*b"mean", 0, 0, |boxes| boxes.bytes(b"com.apple.iTunes"));
        boxes.full(*b"name", 0, 0, |boxes| boxes.bytes(b"iTunSMPB"));
        field(boxes, TEXT, text.as_bytes());
    });
}

/// Nero's `chpl`: starts in units of 100 ns, titles of at most 255 bytes.
fn list(boxes: &mut Boxes, chapters: &[Chapter], rate: u32) {
    boxes.full(*b"chpl", 1, 0, |boxes| {
        boxes.zeros(4);
        boxes.u8(u8::try_from(chapters.len()).expect("longer lists are left out"));
        for chapter in chapters {
            let title = cut(&chapter.title, usize::from(u8::MAX));
            boxes.u64(chapter.start.at_rate(rate, 10_000_000).get());
            boxes.u8(u8::try_from(title.len()).expect("the title was cut"));
            boxes.bytes(title);
        }
    });
}

/// As much of a text as fits into so many bytes, ending with a whole character.
pub(super) fn cut(text: &str, bytes: usize) -> &[u8] {
    &text.as_bytes()[..text.floor_char_boundary(bytes)]
}
