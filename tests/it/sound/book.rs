//! Finished files, read back.

use std::{fs, path::Path};

use fullcast::{
    Error,
    audio::{Frames, decode, loudness::Loudness},
    export::{self, Book, Cover, Format, Written},
    mix::Timeline,
};

use super::{
    film::{Film, words},
    studio::{Studio, babble, titles},
};

const JPEG: &[u8] = &[0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 0xff, 0xd9];

fn book() -> Book {
    Book {
        title: "The Test of Tëime".into(),
        author: Some("A. U. Thor".into()),
        narrator: Some("George, Emma and Lewis".into()),
        year: Some(1899),
        cover: Some(Cover::new(JPEG.to_vec()).unwrap()),
    }
}

fn write(studio: &Studio, book: &Book, timeline: &Timeline, path: &Path) -> Written {
    export::write(book, timeline, &|clip| studio.load(clip), path, &mut |_| ()).unwrap()
}

/// A book of so many chapters, written as M4B: its timeline, what was reported, and its bytes.
fn m4b(titles: &[Option<String>]) -> (Timeline, Written, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.m4b");
    let studio = Studio::of_chapters(titles.len());
    let timeline = studio.arrange(titles);
    let written = write(&studio, &book(), &timeline, &path);
    (timeline, written, fs::read(path).unwrap())
}

#[test]
fn both_chapter_lists_agree_with_the_timeline() {
    let given = titles(["The First", "Глава вторая — 第二章 😀", "Third"]);
    let (timeline, written, bytes) = m4b(&given);
    let film = Film::new(&bytes);
    let quicktime = film.quicktime();
    let nero = film.nero().unwrap();
    assert_eq!((written.chapters, quicktime.len(), nero.len()), (3, 3, 3));
    for (index, mark) in timeline.marks.iter().enumerate() {
        let title = mark.title.clone().unwrap();
        assert_eq!(quicktime[index], (mark.start.get(), title.clone()));
        let nanoseconds = mark.start.seconds(44_100) * 1e7;
        assert!((nero[index].0 as f64 - nanoseconds).abs() <= 0.5);
        assert_eq!(nero[index].1, title);
    }
    let chapters = film.samples("trak2");
    let lasting: u64 = chapters.iter().map(|chapter| chapter.duration).sum();
    assert_eq!(lasting, timeline.length.get());
    let link = film.find("moov/trak1/tref/chap").unwrap();
    let track = film.find("moov/trak2/tkhd").unwrap();
    assert_eq!(link, &track[12..16], "the sound names the chapters' track");
    assert_eq!(track[3], 0, "the chapters' track is never played by itself");
}

#[test]
fn an_m4b_file_is_laid_out_for_every_player() {
    let (timeline, written, bytes) = m4b(&titles(["One", "Two"]));
    assert_eq!(written.bytes, bytes.len() as u64);
    let film = Film::new(&bytes);
    assert_eq!(film.outline(), ["ftyp", "moov", "mdat"]);
    assert_eq!(film.find("ftyp").unwrap(), b"M4B \0\0\0\0M4B M4A mp42isom");
    let length = timeline.length.get();
    assert_eq!(
        words(&film.find("moov/mvhd").unwrap()[4..20], 4),
        [0, 0, 44_100, length]
    );
    let edit = words(&film.find("moov/trak1/edts/elst").unwrap()[4..20], 4);
    let delay = edit[2];
    assert_eq!(edit, [1, length, 1_600, 0x1_0000]);
    let packets = film.samples("trak1");
    assert_eq!(packets.len() as u64 * 1_024, length + delay);
    assert!(
        packets
            .iter()
            .all(|packet| packet.duration == 1_024 && packet.size > 0)
    );
    assert!(
        packets
            .windows(2)
            .all(|two| two[0].offset + two[0].size == two[1].offset)
    );
    let last = packets.last().unwrap();
    assert_eq!(last.offset + last.size, bytes.len() as u64);
    let seconds = timeline.length.seconds(44_100);
    let rate = packets.iter().map(|p| p.size).sum::<u64>() as f64 * 8.0 / seconds;
    assert!((62_000.0..66_000.0).contains(&rate), "{rate}");
    assert!(film.find("moov/trak2/edts").is_none());
    let roll = film.find("moov/trak1/mdia/minf/stbl/sgpd").unwrap();
    assert_eq!(&roll[4..], b"roll\0\0\0\x02\0\0\0\x01\xff\xff");
}

#[test]
fn tags_and_cover_are_there() {
    let (timeline, _, bytes) = m4b(&titles(["One"]));
    let film = Film::new(&bytes);
    let text = |kind| {
        film.tag(kind)
            .map(|(_, text)| std::str::from_utf8(text).unwrap())
    };
    assert_eq!(text(*b"\xa9nam"), Some("The Test of Tëime"));
    assert_eq!(text(*b"\xa9alb"), Some("The Test of Tëime"));
    assert_eq!(text(*b"\xa9ART"), Some("A. U. Thor"));
    assert_eq!(text(*b"aART"), Some("A. U. Thor"));
    assert_eq!(text(*b"\xa9wrt"), Some("George, Emma and Lewis"));
    assert_eq!(text(*b"\xa9gen"), Some("Audiobook"));
    assert_eq!(text(*b"\xa9day"), Some("1899"));
    assert_eq!(film.tag(*b"stik"), Some((21, &[2][..])));
    assert_eq!(film.tag(*b"covr"), Some((13, JPEG)));
    let length = timeline.length.get();
    let wanted = format!(" 00000000 00000640 00000000 {length:016X} 00000000");
    assert!(text(*b"----").unwrap().starts_with(&wanted));
}

#[test]
fn a_finished_book_decodes_to_its_exact_length_and_passes_the_levels() {
    let studio = Studio::of_chapters(3);
    let timeline = studio.arrange(&titles(["One", "Two", "Three"]));
    let folder = tempfile::tempdir().unwrap();
    let rendered = studio.render(&timeline);
    for (name, error) in [("book.m4b", -20.0), ("book.wav", -70.0)] {
        let path = folder.path().join(name);
        write(&studio, &book(), &timeline, &path);
        let found = decode(&fs::read(&path).unwrap()).unwrap();
        assert_eq!(
            (found.rate, found.frames()),
            (44_100, timeline.length),
            "{name}"
        );
        let power = |samples: &mut dyn Iterator<Item = f32>| {
            10.0 * samples.map(|v| f64::from(v).powi(2)).sum::<f64>().log10()
        };
        let mut apart = found.samples.iter().zip(&rendered).map(|(a, b)| a - b);
        let relative = power(&mut apart) - power(&mut rendered.iter().copied());
        assert!(relative < error, "{name} is {relative} dB off");
        let book = Loudness::of(&found.samples, found.rate);
        let peak = found
            .samples
            .iter()
            .fold(0.0f32, |high, v| high.max(v.abs()));
        assert!(
            (-22.5..=-18.5).contains(&book.rms()),
            "{name}: {}",
            book.rms()
        );
        assert!(20.0 * peak.log10() <= -3.0, "{name}: {peak}");
        let head = Loudness::of(&found.samples[4_410..30_000], found.rate).rms();
        assert!((-100.0..=-60.0).contains(&head), "{name}: {head}");
    }
}

#[test]
fn the_same_book_gives_the_same_bytes() {
    let given = titles(["One", "Two"]);
    assert!(m4b(&given).2 == m4b(&given).2);
}

#[test]
fn a_story_without_chapters_is_one_chapter_with_the_books_title() {
    let film = m4b(&[None]).2;
    let chapters = Film::new(&film).quicktime();
    assert_eq!(chapters, [(0, "The Test of Tëime".to_owned())]);
    let film = m4b(&[None, Some(" ".into()), Some("End".into())]).2;
    let chapters = Film::new(&film).quicktime();
    let found: Vec<_> = chapters.iter().map(|chapter| chapter.1.as_str()).collect();
    assert_eq!(found, ["Chapter 1", "Chapter 2", "End"]);
}

#[test]
fn more_chapters_than_the_old_list_holds_are_all_in_the_new_one_and_said() {
    let mut studio = Studio::default();
    for chapter in 0..300 {
        studio.say(
            "narrator",
            chapter,
            fullcast::script::Pause::Chapter,
            babble(0.2, 100.0, 0.3, 24_000),
        );
    }
    let pacing = fullcast::mix::Pacing {
        chapter: 0.0,
        head: 0.0,
        ..Default::default()
    };
    let given = titles((1..=300).map(|number| format!("Number {number}")));
    let timeline = fullcast::mix::arrange(&studio.parts(), &given, &pacing, 44_100);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.m4b");
    let written = write(&studio, &book(), &timeline, &path);
    let bytes = fs::read(path).unwrap();
    let film = Film::new(&bytes);
    assert_eq!(film.quicktime().len(), 300);
    assert_eq!(film.quicktime()[299].1, "Number 300");
    assert!(film.nero().is_none());
    assert!(written.notes[0].contains("300 chapters"));
}

#[test]
fn long_titles_are_cut_between_characters() {
    let long = "é".repeat(40_000);
    let film = m4b(&[Some(long), Some("x".into())]).2;
    let film = Film::new(&film);
    assert_eq!(film.quicktime()[0].1, "é".repeat(32_767));
    assert_eq!(film.nero().unwrap()[0].1, "é".repeat(127));
}

#[test]
fn a_failure_midway_leaves_what_was_there_and_nothing_else() {
    let studio = Studio::of_chapters(1);
    let timeline = studio.arrange(&titles(["One"]));
    for name in ["book.m4b", "book.wav"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, "yesterday's book").unwrap();
        let lost = |clip| {
            if studio.loads() < 5 {
                studio.load(clip)
            } else {
                Err(Error::invalid("the clip is gone", "record it again"))
            }
        };
        let studio_before = studio.loads();
        let result = export::write(&book(), &timeline, &lost, &path, &mut |_| ());
        assert_eq!(result.unwrap_err().to_string(), "the clip is gone");
        assert!(studio.loads() >= studio_before);
        assert_eq!(fs::read_to_string(&path).unwrap(), "yesterday's book");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

#[test]
fn progress_ends_at_the_books_length() {
    let studio = Studio::of_chapters(1);
    let timeline = studio.arrange(&titles(["One"]));
    let folder = tempfile::tempdir().unwrap();
    let mut seen = vec![Frames::ZERO];
    export::write(
        &book(),
        &timeline,
        &|clip| studio.load(clip),
        &folder.path().join("book.wav"),
        &mut |done| seen.push(done),
    )
    .unwrap();
    assert!(seen.len() > 10 && seen.is_sorted());
    assert_eq!(*seen.last().unwrap(), timeline.length);
}

#[test]
fn a_path_that_cannot_become_a_book_is_refused_before_the_work() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("folder.m4b")).unwrap();
    fs::write(at("file"), "").unwrap();
    for wrong in [
        "book",
        "book.xyz",
        "folder.m4b",
        "missing/book.m4b",
        "file/book.m4b",
    ] {
        assert!(export::ready(&at(wrong)).is_err(), "{wrong}");
    }
    let hint = format!("{:?}", export::ready(&at("book.xyz")).unwrap_err());
    assert!(hint.contains("`.m4b`, `.mp3` or `.wav`"), "{hint}");
    export::ready(&at("Book.M4B")).unwrap();
    assert_eq!(Format::of(&at("book.WAV")).unwrap().extension, "wav");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn a_cover_must_be_a_picture_of_a_bearable_size() {
    assert!(Cover::new(JPEG.to_vec()).is_ok());
    assert!(Cover::new(b"\x89PNG\r\n\x1a\nrest".to_vec()).is_ok());
    for wrong in [&b""[..], b"GIF89a", b"\x89PNG", b"<svg/>"] {
        assert!(Cover::new(wrong.to_vec()).is_err());
    }
    let mut huge = JPEG.to_vec();
    huge.resize(11 << 20, 0);
    assert!(Cover::new(huge).is_err());
}
