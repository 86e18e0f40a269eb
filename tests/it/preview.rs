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

#[test]
fn a_series_keeps_voices_through_its_books() {
    let second = "\"Ivo is late again,\" said Berta.\n\n\"He is,\" said Mrs Pym. \"He always was, Berta.\"\n";
    let stage = Stage::new().story(STORY);
    stage.done("cast story.txt --set Berta=bf_lily --series series.toml");
    let series = String::from_utf8(stage.bytes("series.toml")).unwrap();
    assert!(series.contains("Berta = \"bf_lily\""), "{series}");
    let settings = String::from_utf8(stage.bytes("fullcast.toml")).unwrap();
    assert!(settings.contains("series = \"series.toml\""), "{settings}");

    let voice = |name: &str, outcome: &str| -> String {
        let row = outcome.lines().find(|row| row.starts_with(name));
        let words: Vec<&str> = row
            .expect("a row")
            .split("  ")
            .filter(|w| !w.is_empty())
            .collect();
        words[2].trim().to_owned()
    };
    let first = stage.done("cast story.txt").stdout;
    let stage = stage
        .file("two.txt", second.as_bytes())
        .settings("series = \"series.toml\"\n");
    let told = stage.done("cast two.txt");
    assert_eq!(voice("Berta", &told.stdout), "bf_lily");
    assert_eq!(voice("Narrator", &told.stdout), voice("Narrator", &first));
    assert!(!told.stderr.contains("Ivo"), "{}", told.stderr);
    stage.done("cast two.txt --keep");
    let series = String::from_utf8(stage.bytes("series.toml")).unwrap();
    for name in ["Ivo", "Berta", "Pym", "Narrator"] {
        assert_eq!(series.matches(name).count(), 1, "{series}");
    }
}

#[test]
fn faults_of_a_series_file_are_placed() {
    let stage = Stage::new().story(STORY).settings("series = \"no.toml\"\n");
    stage.refused(
        "cast story.txt",
        &["series file", "no.toml", "--series FILE"],
    );
    let stage = stage
        .settings("series = \"s.toml\"\n")
        .file("s.toml", b"[cast]\nIvo = \"am_onix\"\n");
    stage.refused(
        "cast story.txt",
        &["the series file", "did you mean the voice `am_onyx`?"],
    );
    let stage = stage.file("s.toml", b"[csat]\n");
    stage.refused("make story.txt", &["s.toml:1:2", "did you mean `cast`?"]);
}

#[test]
fn an_audition_is_one_file_a_voice_and_one_with_all() {
    let stage = Stage::new().story(STORY);
    let told = stage
        .done("cast story.txt --audition ivo --candidates 3")
        .stdout;
    let files: Vec<String> = std::fs::read_dir(stage.path("story.audition"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(files.len(), 4, "{files:?}");
    assert!(files.contains(&"Ivo.wav".to_owned()), "{files:?}");
    let sizes: Vec<usize> = (files.iter())
        .map(|file| stage.bytes(&format!("story.audition/{file}")).len())
        .collect();
    let joined = stage.bytes("story.audition/Ivo.wav").len();
    let apart: usize = sizes.iter().sum::<usize>() - joined;
    assert!(joined > apart / 2, "{joined} of {apart}");
    assert!(told.contains("--set \"Ivo="), "{told}");
    // What the present voice said is the book's.
    let dry = stage.done("make story.txt --dry-run").stdout;
    assert!(!dry.contains("The third rung"), "{dry}");
    stage.refused("cast story.txt --audition Iva", &["did you mean `Ivo`?"]);
}

#[test]
fn a_dry_run_tells_how_long_speaking_takes_once_that_was_measured() {
    let long = "The ladder leaned against the wall and nobody looked at it. ".repeat(12);
    let stage = Stage::new().story(&format!("{STORY}\n{long}\n"));
    let dry = |stage: &Stage| stage.done("make story.txt --dry-run").stdout;
    assert!(!dry(&stage).contains("which takes"));
    stage.done("make story.txt --format wav");
    stage.done("cache clean");
    assert!(
        dry(&stage).contains("which takes about 0:0"),
        "{}",
        dry(&stage)
    );
}

#[test]
fn a_blend_needs_a_name_of_its_own_and_a_recipe() {
    let stage = Stage::new();
    stage.refused(
        "voices blend am_onyx am_onyx@0.9",
        &["no name for a voice of your own"],
    );
    stage.refused(
        "voices blend ../up am_onyx@0.9",
        &["no name for a voice of your own"],
    );
    stage.refused(
        "voices blend deep am_onix@0.9",
        &["did you mean the voice `am_onyx`?"],
    );
    stage.refused("voices blend deep am_onyx@0.9 -o deep.ogg", &["deep.ogg"]);
}

#[test]
fn who_comes_into_a_story_that_was_made_moves_nobody() {
    let line = |name: &str, words: &str| format!("\"{words},\" said {name}.\n\n");
    let people = ["Berta", "Ivo", "Anna", "Tomas"];
    let story: String = (0..12)
        .map(|n| line(people[n % 4], "The ladder is gone"))
        .collect();
    let newcomer: String = (0..20)
        .map(|_| line("Greta", "It never was here"))
        .collect();
    let voices = |stage: &Stage| -> Vec<String> {
        let told = stage.done("cast story.txt").stdout;
        let row = |name: &str| {
            told.lines()
                .find(|row| row.starts_with(name))
                .unwrap()
                .to_owned()
        };
        let voice = |row: String| {
            row.split("  ")
                .filter(|w| !w.is_empty())
                .nth(2)
                .unwrap()
                .trim()
                .to_owned()
        };
        (["Narrator"].iter().chain(&people))
            .map(|name| voice(row(name)))
            .collect()
    };
    let stage = Stage::new().story(&story);
    let before = voices(&stage);
    stage.done("make story.txt --format wav");
    stage.done("make story.txt --format wav --voice Anna=bm_daniel");
    assert_eq!(
        voices(&stage),
        before,
        "a voice chosen once is not remembered"
    );
    let stage = stage.file("story.txt", format!("{newcomer}{story}").as_bytes());
    assert_eq!(voices(&stage), before);
    let told = stage.done("cast story.txt").stdout;
    assert!(told.contains("as in the last make; "), "{told}");
    let fresh = Stage::new().story(&format!("{newcomer}{story}"));
    assert_ne!(
        voices(&fresh),
        before,
        "without memory somebody would have moved"
    );
}
