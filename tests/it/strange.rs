//! Stories that hardly are any: a sensible script, no panic, and no more time than their length asks for.

use std::time::{Duration, Instant};

use fullcast::{
    language, record,
    script::{self, Direction, Kind, Script, scenes},
    story,
};

use crate::book::Stage;

fn adapt(text: &str) -> Script {
    script::adapt(&story::parse(text.as_bytes(), "txt", "a story").unwrap())
}

fn count(script: &Script, kind: Kind) -> usize {
    script.lines.iter().filter(|line| line.kind == kind).count()
}

#[test]
fn a_story_without_dialogue_is_all_narration() {
    let script = adapt(&"It rained on the town. The river rose.\n\n".repeat(500));
    assert_eq!(count(&script, Kind::Narration), 500);
    assert_eq!((script.lines.len(), script.characters.len()), (500, 1));
}

#[test]
fn a_story_of_nothing_but_dialogue_is_all_speech() {
    let script = adapt(&"\"Where does it go?\"\n\n\"To the sea.\"\n\n".repeat(500));
    assert_eq!(
        (count(&script, Kind::Speech), script.lines.len()),
        (1000, 1000)
    );
    assert!(script.lines.iter().all(|line| !line.speaker.is_narrator()));
}

#[test]
fn ten_thousand_unmatched_marks_lose_no_word() {
    for text in [
        "\" Ida said ".repeat(10_000),
        "“ Ida went away.\n\n".repeat(10_000),
        "‘ Ida went away. ".repeat(10_000),
        "« Ida » « went ".repeat(10_000),
    ] {
        let script = adapt(&text);
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
        let read: usize = script.lines.iter().map(|line| letters(&line.text)).sum();
        assert_eq!(read, letters(&text));
    }
}

#[test]
fn control_characters_are_no_words() {
    let text = "\"Go,\"\u{1} said Ida.\u{1b}[31m\u{202e}\u{feff}\u{200b}\n\n\u{c}\n\n\"Come,\"\u{7} said Tomas.";
    let script = adapt(text);
    let said: Vec<_> = (script.lines.iter())
        .filter(|line| line.kind == Kind::Speech)
        .map(|line| (line.speaker.as_str(), line.text.as_str()))
        .collect();
    assert_eq!(said, [("Ida", "Go,"), ("Tomas", "Come,")]);
}

#[test]
fn a_file_of_bytes_is_refused_by_name() {
    let stage = Stage::new().file("story.txt", b"\0\x01\x02\"Go,\"\0 said Ida.");
    stage.refused("scenes story.txt", &["story.txt", "text"]);
}

#[test]
fn mixed_scripts_are_told_and_said() {
    let text = "\"Привет,\" сказал Иван.\n\n「行こう」と彼は言った。\n\n“مرحبا” قال علي.\n\n\"हैलो!\" 🎭\n\n\"ПРИВЕТ!\" whispered Ida.";
    let script = adapt(text);
    let said: Vec<&str> = (script.lines.iter())
        .filter(|line| line.kind == Kind::Speech)
        .map(|line| line.text.as_str())
        .collect();
    assert_eq!(said, ["Привет,", "مرحبا", "हैलो!", "ПРИВЕТ!"]);
    let last = script
        .lines
        .iter()
        .rev()
        .find(|line| line.kind == Kind::Speech);
    assert_eq!(last.unwrap().direction, Some(Direction::Whispered));
}

/// Runs what must not take longer than `seconds`, however busy the machine.
#[track_caller]
fn within(seconds: u64, name: &str, work: impl FnOnce()) {
    let start = Instant::now();
    work();
    let taken = start.elapsed();
    assert!(
        taken < Duration::from_secs(seconds),
        "{name} took {taken:?}"
    );
}

#[test]
fn lines_of_five_megabytes_take_seconds() {
    for (name, sentence) in [
        (
            "talk",
            "\"Go,\" said Ida Gray. \"Come,\" Tomas whispered, laughing. ",
        ),
        (
            "telling",
            "The next morning a man came in and the girl was nine years old and left. ",
        ),
        ("italics", "_Why me?_ *I* "),
        ("possessives", "Ida's Ida's white "),
        ("prepositions", "\"Go,\" said Ida in a with a to a "),
        ("an open mark", "“Go now and come again and never "),
    ] {
        let text = sentence.repeat(5_000_000 / sentence.len());
        within(40, name, || {
            let script = adapt(&text);
            let scenes = scenes::scenes(&script);
            let seconds: f64 = script.lines.iter().map(record::estimate).sum();
            assert!(!scenes.is_empty() && seconds > 100_000.0, "{name}");
        });
    }
}

#[test]
fn many_scenes_and_companies_take_seconds() {
    for (name, part) in [
        (
            "days",
            "The next morning Ida left the house. A man came in. \"Go,\" said Ida. The year was 1916.\n\n",
        ),
        (
            "companies",
            "\"Go,\" said Ida.\n\nTomas left the house. A man stood in the door.\n\n\"Come,\" said Berta.\n\n",
        ),
        ("letters", "The note said: \"GET OUT NOW\n\n"),
    ] {
        let text = part.repeat(10_000);
        within(30, name, || assert!(adapt(&text).lines.len() >= 10_000));
    }
}

#[test]
fn an_endless_word_and_endless_blanks_are_cut_soon() {
    for (name, text, parts) in [
        (
            "a word",
            "a".repeat(2_000_000),
            2_000_000_usize.div_ceil(280),
        ),
        (
            "blanks",
            format!("Ida{}went home at once.", " ".repeat(2_000_000)),
            2,
        ),
    ] {
        within(20, name, || {
            let found = language::utterances(&text, 280);
            assert!(found.len() <= parts, "{name}: {}", found.len());
            assert!(
                found
                    .iter()
                    .all(|part| text[part.clone()].chars().count() <= 280)
            );
        });
    }
}
