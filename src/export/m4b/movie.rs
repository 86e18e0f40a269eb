//! All of an M4B file that stands before its sound.

use std::io::{self, Write};

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
    /// Writes everything up to the first packet; the packets follow it directly.
    ///
    /// The chapters' titles stand at the front of the sound's own box.
    pub(super) fn write_front(&self, output: &mut dyn Write) -> io::Result<()> {
        let titles = track::titles(&self.edition.chapters);
        let packets: u64 = self.sizes.iter().map(|size| u64::from(*size)).sum();
        let sound = titles.bytes.len() as u64 + packets;
        let (brand, header) = (brand(), header(sound));
        // Where the sound begins depends on how long the tables are, which depends on how far away it ends.
        let front = |wide| {
            let tables = self.tables(0, &titles.sizes, wide).len();
            (brand.len() + tables + header.len()) as u64
        };
        let narrow = front(false);
        let wide = narrow + sound > u64::from(u32::MAX);
        let start = if wide { front(true) } else { narrow };
        output.write_all(&brand)?;
        output.write_all(&self.tables(start, &titles.sizes, wide))?;
        output.write_all(&header)?;
        output.write_all(&titles.bytes)
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
        let mut boxes = Boxes::with_capacity(self.sizes.len() * 17 / 4);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::{Book, Chapter};

    const HOUR: u64 = 3_600 * 44_100;

    /// A book of so many hours in packets of so many bytes, a chapter an hour; its front, and all its bytes of sound.
    fn front(hours: u64, packet: u16) -> (Vec<u8>, u64) {
        let chapters = (0..hours).map(|hour| Chapter {
            title: format!("Hour {hour}"),
            start: Frames::new(hour * HOUR),
        });
        let edition = Edition {
            book: &Book::default(),
            chapters: chapters.collect(),
            rate: 44_100,
            length: Frames::new(hours * HOUR),
        };
        let sizes = vec![packet; ((hours * HOUR + 1_600) as usize).div_ceil(PACKET)];
        let movie = Movie {
            edition: &edition,
            delay: 1_600,
            config: &[0x12, 0x08],
            bitrate: 64_000,
            sizes: &sizes,
        };
        let mut front = Vec::new();
        movie.write_front(&mut front).unwrap();
        (front, sizes.len() as u64 * u64::from(packet))
    }

    /// The `count` bytes that follow the first `name`, and `skip` more, as a number.
    fn after(bytes: &[u8], name: &[u8], skip: usize, count: usize) -> Option<u64> {
        let at = bytes
            .windows(name.len())
            .position(|window| window == name)?;
        let field = &bytes[at + name.len() + skip..][..count];
        Some(
            field
                .iter()
                .fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
        )
    }

    #[test]
    fn an_ordinary_book_is_counted_in_samples_and_32_bits() {
        let (front, sound) = front(26, 186);
        assert_eq!(after(&front, b"mvhd", 0, 1), Some(0));
        assert_eq!(after(&front, b"mvhd", 12, 4), Some(44_100));
        assert_eq!(after(&front, b"mvhd", 16, 4), Some(26 * HOUR));
        assert_eq!(after(&front, b"co64", 0, 4), None);
        assert_eq!(after(&front, b"stco", 8, 4), Some(front.len() as u64));
        let titles: u64 = (0..26)
            .map(|hour| 14 + format!("Hour {hour}").len() as u64)
            .sum();
        let first = after(&front, b"mdat", 0, 2);
        assert_eq!(first, Some(6), "the first title's length follows at once");
        let at = front.windows(4).position(|window| window == b"mdat");
        let size = at.map(|at| u32::from_be_bytes(front[at - 4..at].try_into().unwrap()));
        assert_eq!(size.map(u64::from), Some(8 + titles + sound));
    }

    #[test]
    fn beyond_27_hours_times_are_counted_in_milliseconds() {
        let (front, _) = front(40, 186);
        assert_eq!(after(&front, b"mvhd", 12, 4), Some(1_000));
        assert_eq!(after(&front, b"mvhd", 16, 4), Some(40 * 3_600_000));
        assert_eq!(after(&front, b"elst", 8, 4), Some(40 * 3_600_000));
        assert_eq!(after(&front, b"elst", 12, 4), Some(1_600));
        // The sound's own clock stays exact, in the wide form.
        assert_eq!(after(&front, b"mdhd", 0, 1), Some(1));
        assert_eq!(after(&front, b"mdhd", 20, 4), Some(44_100));
        assert_eq!(after(&front, b"co64", 0, 4), None);
    }

    #[test]
    fn beyond_4_gib_places_are_counted_in_64_bits() {
        let (front, sound) = front(40, 768);
        assert!(sound > u64::from(u32::MAX));
        assert_eq!(after(&front, b"stco", 0, 4), None);
        assert_eq!(after(&front, b"co64", 8, 8), Some(front.len() as u64));
        let titles: u64 = (0..40)
            .map(|hour| 14 + format!("Hour {hour}").len() as u64)
            .sum();
        assert_eq!(after(&front, b"mdat", 0, 8), Some(16 + titles + sound));
    }
}
