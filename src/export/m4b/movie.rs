//! All of an M4B file that stands before its sound.

use super::{aac::PACKET, boxes::Boxes, tags, track};
use crate::{audio::Frames, export::Edition};

/// What a book's file has to say about its packets.
pub(super) struct Movie<'a> {
    pub(super) edition: &'a Edition<'a>,
    /// Samples that the decoder gives before the first of the book.
    pub(super) delay: u64,
    /// The stream's `AudioSpecificConfig`.
    pub(super) config: &'a [u8],
    /// Bits a second.
    pub(super) bitrate: u32,
    /// The size of each packet in bytes.
    pub(super) sizes: &'a [u16],
}

impl Movie<'_> {
    /// Everything up to the first packet; the packets follow it directly.
    ///
    /// The chapters' titles stand at the front of the sound's own box.
    pub(super) fn front(&self) -> Vec<u8> {
        let titles = track::titles(&self.edition.chapters);
        let packets: u64 = self.sizes.iter().map(|size| u64::from(*size)).sum();
        let sound = titles.bytes.len() as u64 + packets;
        let mut bytes = brand();
        // Where the sound begins depends on how long the tables are, which depends on how far away it ends.
        let mut wide = false;
        let mut tables = self.tables(0, &titles.sizes, wide);
        if bytes.len() as u64 + tables.len() as u64 + 16 + sound > u64::from(u32::MAX) {
            wide = true;
            tables = self.tables(0, &titles.sizes, wide);
        }
        let header = header(sound);
        let start = (bytes.len() + tables.len() + header.len()) as u64;
        drop(tables);
        bytes.extend(self.tables(start, &titles.sizes, wide));
        bytes.extend(header);
        bytes.extend(titles.bytes);
        bytes
    }

    /// Samples in all packets together.
    pub(super) fn coded(&self) -> u64 {
        (self.sizes.len() * PACKET) as u64
    }

    /// The clock of the movie and of the chapters, in ticks a second: the sample rate, so that every time is exact,
    /// unless the book is too long to be counted so in 32 bits (27 hours at 44.1 kHz).
    pub(super) fn clock(&self) -> u32 {
        if self.edition.length.get() > u64::from(u32::MAX) {
            1_000
        } else {
            self.edition.rate
        }
    }

    /// A position or length of the book by the movie's clock.
    pub(super) fn ticks(&self, frames: Frames) -> u64 {
        frames.at_rate(self.edition.rate, self.clock()).get()
    }

    /// The `moov` box, for sound that begins at `start` of the file.
    fn tables(&self, start: u64, titles: &[u32], wide: bool) -> Vec<u8> {
        let length = self.ticks(self.edition.length);
        let long = track::long(length);
        let packets = start + titles.iter().map(|size| u64::from(*size)).sum::<u64>();
        let mut boxes = Boxes::default();
        boxes.put(*b"moov", |boxes| {
            boxes.full(*b"mvhd", u8::from(long), 0, |boxes| {
                boxes.time(long, 0);
                boxes.time(long, 0);
                boxes.u32(self.clock());
                boxes.time(long, length);
                boxes.u32(0x1_0000);
                boxes.u16(0x100);
                boxes.zeros(10);
                boxes.identity();
                boxes.zeros(24);
                boxes.u32(track::CHAPTERS + 1);
            });
            track::sound(boxes, self, packets, wide);
            track::chapters(boxes, self, start, titles, wide);
            tags::user_data(boxes, self);
        });
        boxes.into_bytes()
    }
}

/// The `ftyp` box: an audiobook, and what else can be read as one.
fn brand() -> Vec<u8> {
    let mut boxes = Boxes::default();
    boxes.put(*b"ftyp", |boxes| {
        boxes.bytes(b"M4B ");
        boxes.u32(0);
        boxes.bytes(b"M4B M4A mp42isom");
    });
    boxes.into_bytes()
}

/// The front of the `mdat` box, for so many bytes of sound.
fn header(sound: u64) -> Vec<u8> {
    let mut boxes = Boxes::default();
    if let Ok(size) = u32::try_from(sound + 8) {
        boxes.u32(size);
        boxes.bytes(b"mdat");
    } else {
        boxes.u32(1);
        boxes.bytes(b"mdat");
        boxes.u64(sound + 16);
    }
    boxes.into_bytes()
}
