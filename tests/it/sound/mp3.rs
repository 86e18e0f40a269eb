//! Finished MP3 files, read back.

use std::{fs, path::Path};

use fullcast::{
    audio::decode,
    export::{self, Book, Cover},
    mix::Timeline,
};
use id3::{Content, Tag, TagLike};

use super::studio::{Studio, titles};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n12345";

/// A book of these chapters, written as MP3: its timeline and its bytes.
fn mp3(titles: &[Option<String>]) -> (Timeline, Vec<u8>) {
    let book = Book {
        title: "The Test of Tëime".into(),
        author: Some("A. U. Thor".into()),
        narrator: Some("George".into()),
        year: Some(1899),
        cover: Some(Cover::new(PNG.to_vec()).unwrap()),
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.mp3");
    let studio = Studio::of_chapters(titles.len());
    let timeline = studio.arrange(titles);
    let load = |clip| studio.load(clip);
    let written = export::write(&book, &timeline, &load, &path, &mut |_| ()).unwrap();
    assert!(written.notes.is_empty(), "{:?}", written.notes);
    (timeline, fs::read(path).unwrap())
}

/// Every chapter's start, end and title, in the order in which the tables of contents list them.
fn listed(tag: &Tag) -> Vec<(u32, u32, String)> {
    let table = |id: &str| {
        let mut tables = tag.tables_of_contents();
        tables.find(|table| table.element_id == id).cloned()
    };
    let ids = table("toc").unwrap().elements;
    let chapter = |id: &String| {
        let mut chapters = tag.chapters();
        let chapter = chapters.find(|c| c.element_id == *id).unwrap();
        let title = chapter.frames[0].content().text().unwrap().to_owned();
        (chapter.start_time, chapter.end_time, title)
    };
    ids.iter().map(chapter).collect()
}

#[test]
fn chapters_and_tags_stand_in_the_tag() {
    let given = titles(["The First", "Глава вторая — 第二章 😀", "Third"]);
    let (timeline, bytes) = mp3(&given);
    let tag = Tag::read_from2(std::io::Cursor::new(&bytes)).unwrap();
    assert_eq!(tag.title(), Some("The Test of Tëime"));
    assert_eq!(tag.album(), Some("The Test of Tëime"));
    assert_eq!(tag.artist(), Some("A. U. Thor"));
    assert_eq!(tag.genre(), Some("Audiobook"));
    let picture = tag.get("APIC").unwrap().content().to_unknown().unwrap();
    assert!(picture.data[1..].starts_with(b"image/png\0\x03"));
    assert!(picture.data.ends_with(PNG));
    assert!(tag.frames().any(
        |frame| matches!(frame.content(), Content::ExtendedText(text) if text.value == "George")
    ));
    let chapters = listed(&tag);
    let ends = timeline.marks.iter().skip(1).map(|mark| mark.start);
    let ends = ends.chain([timeline.length]);
    for ((mark, end), chapter) in timeline.marks.iter().zip(ends).zip(&chapters) {
        let milliseconds =
            |at: fullcast::audio::Frames| (at.seconds(44_100) * 1000.0).round() as u32;
        let wanted = (
            milliseconds(mark.start),
            milliseconds(end),
            mark.title.clone().unwrap(),
        );
        assert_eq!(*chapter, wanted);
    }
    assert_eq!(chapters.len(), 3);
}

/// Delay and padding stand in it, as LAME writes them.
#[test]
fn the_first_frame_tells_the_exact_length() {
    let (timeline, bytes) = mp3(&titles(["One", "Two"]));
    let at = bytes.windows(4).position(|four| four == b"Info").unwrap();
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    assert_eq!(number(at + 4) & 1, 1, "the number of frames is there");
    let frames = u64::from(number(at + 8));
    let lame = bytes.windows(4).position(|four| four == b"LAME").unwrap();
    let gaps = &bytes[lame + 21..lame + 24];
    let delay = u64::from(gaps[0]) << 4 | u64::from(gaps[1]) >> 4;
    let padding = u64::from(gaps[1] & 15) << 8 | u64::from(gaps[2]);
    assert_eq!(frames * 1_152 - delay - padding, timeline.length.get());
}

#[test]
fn it_sounds_as_the_wav_file_does() {
    let folder = tempfile::tempdir().unwrap();
    let studio = Studio::of_chapters(1);
    let timeline = studio.arrange(&titles(["One"]));
    let written = |path: &Path| {
        let load = |clip| studio.load(clip);
        export::write(&Book::default(), &timeline, &load, path, &mut |_| ()).unwrap();
        decode(&fs::read(path).unwrap()).unwrap()
    };
    let wav = written(&folder.path().join("book.wav"));
    let mp3 = written(&folder.path().join("book.mp3"));
    assert_eq!(mp3.rate, wav.rate);
    let power = |samples: &[f32]| samples.iter().map(|s| f64::from(s * s)).sum::<f64>();
    // A decoder may or may not take the encoder's delay off: the best place within it is sought.
    let length = wav.samples.len().min(mp3.samples.len()) - 4_000;
    let away = |lag: usize| {
        let pairs = wav.samples[..length].iter().zip(&mp3.samples[lag..]);
        pairs
            .map(|(one, other)| f64::from((one - other).powi(2)))
            .sum::<f64>()
    };
    let least = (0..2_400).map(away).fold(f64::MAX, f64::min);
    assert!(least < 0.01 * power(&wav.samples[..length]));
}
