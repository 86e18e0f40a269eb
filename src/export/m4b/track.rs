//! The two tracks of an M4B file: its sound, and the text track whose lines are the chapters' titles.

use super::{aac::PACKET, boxes::Boxes, movie::Movie, tags::cut};
use crate::{audio::Frames, export::Chapter};

/// Numbers of the tracks.
const SOUND: u32 = 1;
pub(super) const CHAPTERS: u32 = 2;

/// A language that is not named, as three letters of five bits: `und`.
const NO_LANGUAGE: u16 = 0x55c4;

/// Titles as the text track holds them.
pub(super) struct Titles {
    pub(super) bytes: Vec<u8>,
    pub(super) sizes: Vec<u32>,
}

/// Each title with its length before it and the mark of UTF-8 after it.
pub(super) fn titles(chapters: &[Chapter]) -> Titles {
    let mut boxes = Boxes::default();
    let mut sizes = Vec::with_capacity(chapters.len());
    for chapter in chapters {
        let title = cut(&chapter.title, usize::from(u16::MAX));
        boxes.u16(u16::try_from(title.len()).expect("the title was cut"));
        boxes.bytes(title);
        boxes.put(*b"encd", |boxes| boxes.u32(0x100));
        sizes.push(2 + title.len() as u32 + 12);
    }
    Titles {
        bytes: boxes.into_bytes(),
        sizes,
    }
}

/// Whether a time needs the wide form of its box.
pub(super) fn long(time: u64) -> bool {
    time > u64::from(u32::MAX)
}

/// The sound's `trak` box; its packets begin at `start` of the file.
pub(super) fn sound(boxes: &mut Boxes, movie: &Movie<'_>, start: u64, wide: bool) {
    let length = movie.ticks(movie.edition.length);
    boxes.put(*b"trak", |boxes| {
        header(boxes, SOUND, true, length);
        boxes.put(*b"edts", |boxes| edit(boxes, length, movie.delay));
        boxes.put(*b"tref", |boxes| {
            boxes.put(*b"chap", |boxes| boxes.u32(CHAPTERS));
        });
        boxes.put(*b"mdia", |boxes| {
            media(boxes, movie.edition.rate, movie.coded());
            handler(boxes, *b"soun", "SoundHandler");
            boxes.put(*b"minf", |boxes| {
                boxes.full(*b"smhd", 0, 0, |boxes| boxes.zeros(4));
                here(boxes);
                boxes.put(*b"stbl", |boxes| packets(boxes, movie, start, wide));
            });
        });
    });
}

/// The `trak` box of the chapters' titles, which begin at `start` of the file: never shown by itself, and without
/// an edit list, for some players would move the chapters by it.
pub(super) fn chapters(
    boxes: &mut Boxes,
    movie: &Movie<'_>,
    start: u64,
    titles: &[u32],
    wide: bool,
) {
    let length = movie.ticks(movie.edition.length);
    boxes.put(*b"trak", |boxes| {
        header(boxes, CHAPTERS, false, length);
        boxes.put(*b"mdia", |boxes| {
            media(boxes, movie.clock(), length);
            handler(boxes, *b"text", "Chapters");
            boxes.put(*b"minf", |boxes| {
                boxes.put(*b"gmhd", |boxes| {
                    boxes.full(*b"gmin", 0, 0, |boxes| {
                        boxes.u16(0x40);
                        (0..3).for_each(|_| boxes.u16(0x8000));
                        boxes.zeros(4);
                    });
                    boxes.put(*b"text", Boxes::identity);
                });
                here(boxes);
                boxes.put(*b"stbl", |boxes| {
                    boxes.full(*b"stsd", 0, 0, |boxes| {
                        boxes.u32(1);
                        text_entry(boxes);
                    });
                    durations(boxes, &spans(movie));
                    chunks(boxes, titles.len(), titles.len());
                    sizes(boxes, titles.iter().copied());
                    offsets(boxes, &[start], wide);
                });
            });
        });
    });
}

fn header(boxes: &mut Boxes, number: u32, enabled: bool, length: u64) {
    let (wide, flags) = (long(length), if enabled { 7 } else { 0 });
    boxes.full(*b"tkhd", u8::from(wide), flags, |boxes| {
        boxes.time(wide, 0);
        boxes.time(wide, 0);
        boxes.u32(number);
        boxes.zeros(4);
        boxes.time(wide, length);
        boxes.zeros(12);
        boxes.u16(if enabled { 0x100 } else { 0 });
        boxes.zeros(2);
        boxes.identity();
        boxes.zeros(8);
    });
}

fn edit(boxes: &mut Boxes, length: u64, start: u64) {
    let wide = long(length);
    boxes.full(*b"elst", u8::from(wide), 0, |boxes| {
        boxes.u32(1);
        boxes.time(wide, length);
        boxes.time(wide, start);
        boxes.u32(0x1_0000);
    });
}

fn media(boxes: &mut Boxes, clock: u32, length: u64) {
    let wide = long(length);
    boxes.full(*b"mdhd", u8::from(wide), 0, |boxes| {
        boxes.time(wide, 0);
        boxes.time(wide, 0);
        boxes.u32(clock);
        boxes.time(wide, length);
        boxes.u16(NO_LANGUAGE);
        boxes.zeros(2);
    });
}

fn handler(boxes: &mut Boxes, kind: [u8; 4], name: &str) {
    boxes.full(*b"hdlr", 0, 0, |boxes| {
        boxes.zeros(4);
        boxes.bytes(&kind);
        boxes.zeros(12);
        boxes.bytes(name.as_bytes());
        boxes.u8(0);
    });
}

/// Says that all data is in this file.
fn here(boxes: &mut Boxes) {
    boxes.put(*b"dinf", |boxes| {
        boxes.full(*b"dref", 0, 0, |boxes| {
            boxes.u32(1);
            boxes.full(*b"url ", 0, 1, |_| ());
        });
    });
}

/// The tables of the sound's packets, about a second of them in each chunk.
fn packets(boxes: &mut Boxes, movie: &Movie<'_>, start: u64, wide: bool) {
    let count = movie.sizes.len();
    let chunk = (movie.edition.rate as usize / PACKET).max(1);
    boxes.full(*b"stsd", 0, 0, |boxes| {
        boxes.u32(1);
        sound_entry(boxes, movie);
    });
    durations(boxes, &[(count as u32, PACKET as u32)]);
    chunks(boxes, count, chunk);
    sizes(boxes, movie.sizes.iter().map(|size| u32::from(*size)));
    let starts = movie.sizes.chunks(chunk).scan(start, |next, chunk| {
        let this = *next;
        *next += chunk.iter().map(|size| u64::from(*size)).sum::<u64>();
        Some(this)
    });
    offsets(boxes, &starts.collect::<Vec<u64>>(), wide);
    // Decoding may begin at any packet, but only the next one is right.
    boxes.full(*b"sgpd", 1, 0, |boxes| {
        boxes.bytes(b"roll");
        boxes.u32(2);
        boxes.u32(1);
        boxes.bytes(&(-1i16).to_be_bytes());
    });
    boxes.full(*b"sbgp", 0, 0, |boxes| {
        boxes.bytes(b"roll");
        boxes.u32(1);
        boxes.u32(count as u32);
        boxes.u32(1);
    });
}

fn sound_entry(boxes: &mut Boxes, movie: &Movie<'_>) {
    boxes.put(*b"mp4a", |boxes| {
        boxes.zeros(6);
        boxes.u16(1);
        boxes.zeros(8);
        boxes.u16(1);
        boxes.u16(16);
        boxes.zeros(4);
        // A rate too high for 16 bits stands in the stream's own description only.
        boxes.u16(u16::try_from(movie.edition.rate).unwrap_or(0));
        boxes.u16(0);
        boxes.full(*b"esds", 0, 0, |boxes| {
            boxes.descriptor(3, |boxes| {
                boxes.zeros(3);
                boxes.descriptor(4, |boxes| {
                    // MPEG-4 sound, a decoder's buffer of 6,144 bytes.
                    boxes.bytes(&[0x40, 0x15, 0x00, 0x18, 0x00]);
                    boxes.u32(movie.bitrate);
                    boxes.u32(movie.bitrate);
                    boxes.descriptor(5, |boxes| boxes.bytes(movie.config));
                });
                boxes.descriptor(6, |boxes| boxes.u8(2));
            });
        });
    });
}

/// How the plain text would look if it were shown.
fn text_entry(boxes: &mut Boxes) {
    boxes.put(*b"text", |boxes| {
        boxes.zeros(6);
        boxes.u16(1);
        boxes.u32(1);
        boxes.u32(1);
        boxes.zeros(22);
        boxes.u16(1);
        boxes.zeros(12);
    });
}

/// How long each chapter is by the movie's clock, as `(1, length)`.
fn spans(movie: &Movie<'_>) -> Vec<(u32, u32)> {
    let starts = movie.edition.chapters.iter().map(|chapter| chapter.start);
    let ends = starts.clone().skip(1).chain([movie.edition.length]);
    starts
        .zip(ends)
        .map(|(start, end)| {
            let ticks = |frames: Frames| movie.ticks(frames);
            (1, ticks(end).saturating_sub(ticks(start)) as u32)
        })
        .collect()
}

/// The `stts` box from pairs of how many samples last how long.
fn durations(boxes: &mut Boxes, runs: &[(u32, u32)]) {
    boxes.full(*b"stts", 0, 0, |boxes| {
        boxes.u32(runs.len() as u32);
        for (count, length) in runs {
            boxes.u32(*count);
            boxes.u32(*length);
        }
    });
}

/// The `stsc` box: all chunks hold `each` of the `count` samples but the last, which holds what is left.
fn chunks(boxes: &mut Boxes, count: usize, each: usize) {
    let (full, left) = (count / each.max(1), count % each.max(1));
    let mut runs = Vec::new();
    if full > 0 {
        runs.push((1, each));
    }
    if left > 0 {
        runs.push((full + 1, left));
    }
    boxes.full(*b"stsc", 0, 0, |boxes| {
        boxes.u32(runs.len() as u32);
        for (first, samples) in runs {
            boxes.u32(first as u32);
            boxes.u32(samples as u32);
            boxes.u32(1);
        }
    });
}

/// The `stsz` box.
fn sizes(boxes: &mut Boxes, sizes: impl ExactSizeIterator<Item = u32>) {
    boxes.full(*b"stsz", 0, 0, |boxes| {
        boxes.u32(0);
        boxes.u32(sizes.len() as u32);
        for size in sizes {
            boxes.u32(size);
        }
    });
}

/// The `stco` box, or `co64` where the file is too long for it.
fn offsets(boxes: &mut Boxes, starts: &[u64], wide: bool) {
    boxes.full(if wide { *b"co64" } else { *b"stco" }, 0, 0, |boxes| {
        boxes.u32(starts.len() as u32);
        for start in starts {
            boxes.time(wide, *start);
        }
    });
}
