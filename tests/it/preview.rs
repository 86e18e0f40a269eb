//! `fullcast preview`, and voices chosen for good.

use crate::book::Stage;

const STORY: &str = "The Loft\n\nChapter 1: Up\n\n\"Mind the third rung, Ivo,\" said Berta.\n\n\
    \"I always do,\" said Ivo. He did not.\n\n* * *\n\nThe ladder fell.\n\nChapter 2: Down\n\n\"What did I tell you?\" \
    Berta asked.\n\n\"The third rung,\" said Ivo.\n";

/// How many clips the summary of a preview says were spoken and came from the cache.
fn clips(stdout: &str) -> (usize, usize) {
    let line = stdout.lines().last().expect("there is a summary");
    let numbers: Vec<usize> = line
        .split(|letter: char| !letter.is_ascii_digit())
        .filter_map(|number| number.parse().ok())
        .collect();
    (numbers[1], numbers[2])
}

#[test]
fn a_preview_of_each_kind_speaks_its_lines_only() {
    for (what, spoken) in [
        ("--scene 2", 1),
        ("--chapter 2", 5),
        ("--lines 3", 1),
        ("--character Ivo", 2),
        ("--character ivo", 2),
        ("--character Narrator", 8),
    ] {
        let stage = Stage::new().story(STORY);
        let outcome = stage.done(&format!("preview story.txt {what}"));
        assert_eq!(
            clips(&outcome.stdout),
            (spoken, 0),
            "{what}: {}",
            outcome.stdout
        );
        assert!(
            stage.bytes("story.preview.wav").starts_with(b"RIFF"),
            "{what}"
        );
    }
}

#[test]
fn clips_of_a_preview_are_clips_of_the_book() {
    let stage = Stage::new().story(STORY);
    stage.done("preview story.txt --chapter 2");
    let made = stage.done("make story.txt --json").event("written");
    assert_eq!(made["cached"], 5, "{made}");
    let again = stage.done("preview story.txt --chapter 1 -o one.wav");
    assert_eq!(clips(&again.stdout).0, 0, "{}", again.stdout);
    stage.done("preview story.txt --chapter 1 -o two.wav");
    assert!(stage.bytes("one.wav") == stage.bytes("two.wav"));
}

#[test]
fn a_preview_of_what_there_is_not_says_what_there_is() {
    let stage = Stage::new().story(STORY);
    for (what, told) in [
        ("--scene 9", "the story has 3 scenes"),
        ("--scene 0", "the story has 3 scenes"),
        ("--chapter 3", "the story has 2 chapters"),
        ("--lines 2-99", "lines, counted from 1"),
        ("--character Bertha", "did you mean `Berta`?"),
        ("--chapter 1 -o book.mp4", "book.mp4"),
    ] {
        stage.refused(&format!("preview story.txt {what}"), &[told]);
    }
}

#[test]
fn a_voice_set_for_good_is_kept_beside_what_the_settings_say() {
    let stage = Stage::new()
        .story(STORY)
        .settings("# mine\n[book]\ntitle = \"Rungs\"\n");
    stage.done("cast story.txt --set Ivo=am_onyx@0.9");
    let settings = String::from_utf8(stage.bytes("fullcast.toml")).unwrap();
    assert!(
        settings.starts_with("# mine\n[book]\ntitle = \"Rungs\"\n"),
        "{settings}"
    );
    assert!(settings.contains("Ivo = \"am_onyx@0.9\""), "{settings}");
    assert!(stage.done("cast story.txt").stdout.contains("am_onyx@0.9"));
    stage.refused(
        "cast story.txt --set Ivo=am_onix",
        &["did you mean the voice `am_onyx`?"],
    );
    assert!(String::from_utf8(stage.bytes("fullcast.toml")).unwrap() == settings);
    stage.done("cast story.txt --keep");
    let kept = String::from_utf8(stage.bytes("fullcast.toml")).unwrap();
    for name in ["Narrator", "Berta", "Ivo"] {
        assert!(kept.contains(&format!("{name} = ")), "{kept}");
    }
}

#[test]
fn a_switch_turns_delivery_off_and_only_directed_lines_change() {
    let story = "\"Come here,\" Berta whispered.\n\n\"Why?\" asked Ivo.\n";
    let stage = Stage::new().story(story);
    let script = stage.done("script story.txt").stdout;
    assert!(script.contains("(whispered)"), "{script}");
    stage.done("make story.txt --format wav");
    let settings = String::from_utf8(stage.bytes("fullcast.toml")).unwrap();
    let stage = stage.file(
        "fullcast.toml",
        format!("{settings}delivery = false\n").as_bytes(),
    );
    let dry = stage.done("make story.txt --format wav --dry-run").stdout;
    assert!(dry.contains("Come here"), "{dry}");
    assert!(dry.contains("\n1 of "), "{dry}");
}

#[test]
fn own_voices_are_cast_by_their_names() {
    let voices = "[voices.grandpa]\nvoice = \"am_onyx*0.6+bm_lewis*0.4@0.9\"\nabout = \"a grandfather\"\n\n[cast]\nIvo = \"grandpa\"\n";
    let stage = Stage::new().story(STORY).settings(voices);
    assert!(stage.done("cast story.txt").stdout.contains("grandpa"));
    let stage = stage.settings(&voices.replace("0.4", "0.7"));
    stage.refused("cast story.txt", &["add up to 1.30", "[voices.grandpa]"]);
}
