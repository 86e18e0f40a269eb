//! `fullcast make` from end to end, with the `tone` backend.

use std::{fs, path::PathBuf, thread, time::Duration};

use crate::book::Stage;

const STORY: &str = "The Loft\n\nChapter 1: Up\n\n\"Mind the third rung, Ivo,\" said Berta.\n\n\
    \"I always do,\" said Ivo. He did not.\n\nChapter 2: Down\n\n\"What did I tell you?\" Berta asked.\n";

#[test]
fn a_story_becomes_a_chaptered_book_beside_it() {
    let stage = Stage::new().story(STORY);
    let outcome = stage.done("make story.txt");
    assert!(outcome.stdout.contains("story.m4b"), "{}", outcome.stdout);
    assert!(
        outcome.stdout.contains("2 chapters, 3 voices"),
        "{}",
        outcome.stdout
    );
    assert_eq!(&stage.bytes("story.m4b")[4..12], b"ftypM4B ");
}

#[test]
fn making_a_book_again_speaks_nothing_and_gives_the_same_bytes() {
    let stage = Stage::new().story(STORY);
    let first = stage
        .done("make story.txt -o one.m4b --json")
        .event("written");
    let second = stage
        .done("make story.txt -o two.m4b --json")
        .event("written");
    assert!(first["spoken"].as_u64() > Some(5), "{first}");
    assert_eq!(second["spoken"], 0);
    assert_eq!(second["cached"], first["spoken"]);
    assert!(stage.bytes("one.m4b") == stage.bytes("two.m4b"));
}

#[test]
fn a_changed_voice_speaks_that_characters_lines_only() {
    let stage = Stage::new().story(STORY);
    stage.done("make story.txt");
    let plan = stage
        .done("make story.txt --dry-run --voice Ivo=am_adam")
        .stdout;
    let lines: Vec<_> = plan
        .lines()
        .filter(|line| line.starts_with("line "))
        .collect();
    assert_eq!(lines.len(), 1, "{plan}");
    assert!(lines[0].contains("Ivo (am_adam)  I always do"), "{plan}");
    let made = stage
        .done("make story.txt --json --voice Ivo=am_adam")
        .event("written");
    assert_eq!(made["spoken"], 1);
}

#[test]
fn a_dry_run_writes_no_book_and_speaks_nothing() {
    let stage = Stage::new().story(STORY);
    stage.done("make story.txt --dry-run");
    assert!(!stage.path("story.m4b").exists());
    assert!(stage.clips().is_empty());
}

#[test]
fn chapters_can_be_made_alone() {
    let stage = Stage::new().story(STORY);
    let made = stage
        .done("make story.txt --chapters 2 --json")
        .event("written");
    assert_eq!(made["chapters"], serde_json::json!(["Chapter 2: Down"]));
    stage.refused(
        "make story.txt --chapters 7",
        &["nothing to read in these chapters", "2 chapters"],
    );
}

#[test]
fn a_killed_run_goes_on_from_the_finished_clips() {
    let sentence = |n| format!("Sentence number {n} goes on for quite a while here.");
    let long = (0..400).map(sentence).collect::<Vec<_>>().join("\n\n");
    let stage = Stage::new().story(&long);
    let mut child = stage.command("make story.txt").spawn().unwrap();
    while stage.clips().len() < 20 {
        assert!(
            child.try_wait().unwrap().is_none(),
            "it was done before it could be killed"
        );
        thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let kept = whole_clips(&stage);
    assert!(!stage.path("story.m4b").exists());
    let report = stage.done("make story.txt --json").event("written");
    assert_eq!(report["cached"].as_u64(), Some(kept));
    assert_eq!(
        report["spoken"].as_u64().unwrap() + kept,
        whole_clips(&stage)
    );
}

/// Clips that were finished: a kill may leave the beginning of one, under another name.
fn whole_clips(stage: &Stage) -> u64 {
    let whole = |clip: &&PathBuf| clip.extension().is_some_and(|e| e == "wav");
    stage.clips().iter().filter(whole).count() as u64
}

#[test]
fn a_damaged_clip_is_spoken_again() {
    let stage = Stage::new().story(STORY);
    stage.done("make story.txt -o one.m4b");
    let clip = &stage.clips()[0];
    let mut bytes = fs::read(clip).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(clip, bytes).unwrap();
    let cut = &stage.clips()[1];
    let bytes = fs::read(cut).unwrap();
    fs::write(cut, &bytes[..bytes.len() / 2]).unwrap();
    stage.done("make story.txt -o two.m4b");
    assert!(stage.bytes("one.m4b") == stage.bytes("two.m4b"));
}

#[test]
fn a_folder_with_one_story_is_a_story() {
    let stage = Stage::new().story(STORY);
    stage.done("make .");
    assert!(stage.path("story.m4b").exists());
    let stage = stage.file("other.txt", b"Another one.");
    stage.refused("make .", &["story.txt", "other.txt"]);
}

#[test]
fn wav_is_written_when_asked_for() {
    let stage = Stage::new().story(STORY);
    stage.done("make story.txt --format wav");
    assert_eq!(&stage.bytes("story.wav")[..4], b"RIFF");
    stage.refused("make story.txt --format wav -o book.m4b", &["book.wav"]);
    stage.refused("make story.txt -o book.ogg", &["ogg", "m4b"]);
}

#[test]
fn a_picture_beside_the_story_becomes_the_cover() {
    let png = b"\x89PNG\r\n\x1a\n0123456789 not really a picture but it starts like one";
    let stage = Stage::new().story(STORY).file("cover.png", png);
    stage.done("make story.txt");
    let book = stage.bytes("story.m4b");
    assert!(book.windows(png.len()).any(|window| window == png));
    let stage = stage.file("cover.png", b"GIF89a");
    stage.refused("make story.txt", &["cover.png", "JPEG nor a PNG"]);
}

#[test]
fn an_alias_finds_its_character_and_case_does_not_matter() {
    let stage = Stage::new().story(STORY);
    let cast = stage.done("cast story.txt --voice berta=bf_lily").stdout;
    assert!(
        cast.lines()
            .any(|line| line.starts_with("Berta") && line.contains("bf_lily")),
        "{cast}"
    );
}

#[test]
fn the_table_of_the_settings_casts_and_the_command_line_overrides_it() {
    let stage = Stage::new()
        .story(STORY)
        .settings("[cast]\nIvo = \"bm_lewis\"\nBerta = \"bf_lily\"\n");
    let cast = stage.done("cast story.txt --voice Ivo=am_adam").stdout;
    assert!(
        cast.contains("bf_lily") && cast.contains("am_adam") && !cast.contains("bm_lewis"),
        "{cast}"
    );
}

#[test]
fn the_narrators_voice_is_nobody_elses() {
    let stage = Stage::new().story(STORY);
    let cast = stage.done("cast story.txt").stdout;
    let voices: Vec<&str> = cast
        .lines()
        .filter_map(|line| {
            line.split_whitespace()
                .find(|w| w.contains("f_") || w.contains("m_"))
        })
        .collect();
    assert_eq!(voices.len(), 3, "{cast}");
    assert!(
        voices[0] != voices[1] && voices[1] != voices[2] && voices[0] != voices[2],
        "{cast}"
    );
}

#[test]
fn unknown_names_are_refused_with_the_nearest_known_one() {
    let stage = Stage::new().story(STORY);
    stage.refused(
        "make story.txt --voice Bertha=bf_emma",
        &["unknown character `Bertha`", "`Berta`"],
    );
    stage.refused(
        "make story.txt --voice Berta=bf_ema",
        &["unknown voice `bf_ema`", "`bf_emma`"],
    );
    let stage = stage.settings("[book]\ntitel = \"x\"\n");
    stage.refused(
        "make story.txt",
        &["fullcast.toml:2:1", "`titel`", "`title`"],
    );
    assert!(!stage.path("story.m4b").exists());
}

#[test]
fn what_is_no_story_is_refused() {
    let stage = Stage::new()
        .file("empty.txt", b"")
        .file("blank.txt", b" \n\n \t\n")
        .file(
            "binary.txt",
            &[0, 159, 146, 150, 0, 1, 2, 3, 255, 254, 0, 0],
        )
        .file("story.docx", b"PK\x03\x04");
    stage.refused("make none.txt", &["none.txt"]);
    stage.refused("make empty.txt", &["empty.txt", "empty"]);
    stage.refused("make blank.txt", &["blank.txt"]);
    stage.refused("make binary.txt", &["binary.txt"]);
    stage.refused("make story.docx", &["story.docx"]);
    let given = [
        "binary.txt",
        "blank.txt",
        "empty.txt",
        "fullcast.toml",
        "story.docx",
    ];
    assert_eq!(stage.files(), given);
}

#[test]
fn latin_letters_of_old_encodings_are_read_with_a_note() {
    let stage = Stage::new().file(
        "story.txt",
        b"\x93Caf\xe9,\x94 said Ren\xe9e. She said it twice.\n",
    );
    let outcome = stage.done("script story.txt --format jsonl");
    assert!(outcome.stdout.contains("Café"), "{}", outcome.stdout);
    assert!(
        outcome.stderr.contains("Windows-1252"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn an_output_that_cannot_be_written_is_found_out_before_the_work() {
    let stage = Stage::new().story(STORY).file("plain", b"");
    stage.refused("make story.txt -o nowhere/book.m4b", &["nowhere"]);
    stage.refused("make story.txt -o plain/book.m4b", &["plain"]);
    stage.refused("make story.txt -o .", &["`.`"]);
    assert!(stage.clips().is_empty());
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_an_error_and_leaves_no_half_book() {
    let stage = Stage::new().story(STORY);
    // A limit on the size of files stands for the full disk: writing fails in the middle.
    let output = std::process::Command::new("bash")
        .arg("-c")
        .arg(format!(
            "trap '' XFSZ; ulimit -f 40; exec {} make story.txt",
            env!("CARGO_BIN_EXE_fullcast")
        ))
        .current_dir(stage.path(""))
        .env("FULLCAST_HOME", stage.path("home"))
        .output()
        .unwrap();
    let outcome = crate::book::Outcome::of(output);
    assert_eq!(outcome.code, Some(1), "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("the disk is full"),
        "{}",
        outcome.stderr
    );
    assert_eq!(stage.files(), ["fullcast.toml", "home", "story.txt"]);
}

#[test]
fn wrong_usage_is_exit_code_two() {
    let stage = Stage::new().story(STORY);
    assert_eq!(stage.run("make").code, Some(2));
    assert_eq!(stage.run("make story.txt --voice Berta").code, Some(2));
    assert_eq!(stage.run("sing story.txt").code, Some(2));
}

#[test]
fn the_cache_tells_its_size_and_can_be_emptied() {
    let stage = Stage::new().story(STORY);
    stage.done("make story.txt");
    let clips = stage.clips().len();
    assert!(
        stage
            .done("cache size")
            .stdout
            .starts_with(&format!("{clips} clips, "))
    );
    stage.done("cache clean");
    assert!(stage.clips().is_empty());
}
