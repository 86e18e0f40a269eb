//! The script as a file that people edit: written, read back, changed, and kept when the story changes.

use std::{fs, path::PathBuf};

use fullcast::{
    script::{
        self, Age, Direction, Gender, Kind, Line, Pause, Script,
        page::{self, Complaint, Edited},
        review,
    },
    story::{self, Story},
};
use proptest::prelude::*;

use crate::{
    book::Stage,
    script::{cases, own_stories},
};

const STORY: &str = "The Loft\n\nby Ann Other\n\nChapter 1: Up\n\nBerta held the ladder. \"Mind the third rung, Ivo,\" \
    said Berta.\n\n\"I always do,\" said Ivo. He did not.\n\n* * *\n\nIt rained.\n\nChapter 2: Down\n\n\"What did I \
    tell you?\" Berta asked.\n\n\"Something about rungs,\" said Ivo.\n";

fn read(text: &str) -> Story {
    story::parse(text.as_bytes(), "txt", "a story").unwrap()
}

/// The page for a story's own script.
fn page_of(text: &str) -> String {
    let story = read(text);
    page::write(&script::adapt(&story), "story.txt", &story.source)
}

fn applied(text: &str, page: &str) -> Result<Edited, Vec<Complaint>> {
    let story = read(text);
    page::apply(&page::parse(page)?, &story, &script::adapt(&story))
}

/// `STORY` as its page says after `from` was changed to `to`.
#[track_caller]
fn edited(from: &str, to: &str) -> Script {
    let page = page_of(STORY);
    assert!(page.contains(from), "{from:?} is not in\n{page}");
    let edited = applied(STORY, &page.replacen(from, to, 1)).unwrap();
    assert!(edited.notes.is_empty(), "{:?}", edited.notes);
    edited.script
}

/// The complaints about `STORY`'s page after these changes, as `row:column: message`.
#[track_caller]
fn complaints(changes: &[(&str, &str)]) -> Vec<String> {
    let mut page = page_of(STORY);
    for (from, to) in changes {
        assert!(page.contains(from), "{from:?} is not in\n{page}");
        page = page.replacen(from, to, 1);
    }
    let complaints = applied(STORY, &page).expect_err("the page has faults");
    let head = page.lines().position(|row| row == "Cast").unwrap() + 1;
    let told = |one: Complaint| {
        format!(
            "{}:{}: {}",
            one.row.saturating_sub(head),
            one.column,
            one.message
        )
    };
    complaints.into_iter().map(told).collect()
}

#[track_caller]
fn line<'s>(script: &'s Script, words: &str) -> &'s Line {
    let found = script
        .lines
        .iter()
        .find(|line| line.text.starts_with(words));
    found.unwrap_or_else(|| panic!("no line `{words}` in {:#?}", script.lines))
}

/// What must hold for every story: the page gives the script back, and the text gives itself back.
fn round(story: &Story) -> Result<(), String> {
    let script = script::adapt(story);
    let text = page::write(&script, "story.txt", &story.source);
    let page = page::parse(&text).map_err(|complaints| format!("{complaints:?}\n{text}"))?;
    if page.to_string() != text {
        return Err(format!("another text:\n{text}\n---\n{page}"));
    }
    let edited = page::apply(&page, story, &script).map_err(|c| format!("{c:?}\n{text}"))?;
    if !edited.notes.is_empty() {
        return Err(format!("{:?}", edited.notes));
    }
    for (one, other) in script.lines.iter().zip(&edited.script.lines) {
        if one != other {
            return Err(format!("{one:?}\nbecame\n{other:?}\nin\n{text}"));
        }
    }
    let (before, after) = (&script.characters, &edited.script.characters);
    let mut pairs = before.iter().zip(after);
    if let Some((one, other)) = pairs.find(|(one, other)| one != other) {
        return Err(format!("{one:?}\nbecame\n{other:?}\nin\n{text}"));
    }
    if edited.script != script {
        let (one, other) = (&script.chapters, &edited.script.chapters);
        return Err(format!(
            "{one:?} became {other:?} or someone is missing in\n{text}"
        ));
    }
    Ok(())
}

#[test]
fn our_own_stories_come_back_from_their_pages() {
    for path in own_stories() {
        round(&story::read(&path).unwrap()).unwrap();
    }
}

/// `FULLCAST_CORPUS` names a folder; every `.txt` below it, at any depth, is read.
#[test]
#[ignore = "needs a folder of novels, named in FULLCAST_CORPUS"]
fn a_folder_of_novels_comes_back_from_its_pages() {
    let root = std::env::var("FULLCAST_CORPUS").expect("FULLCAST_CORPUS names a folder");
    let (mut folders, mut read) = (vec![PathBuf::from(root)], 0);
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
        {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "txt") {
                let fault = round(&story::read(&path).unwrap()).err();
                assert!(
                    fault.is_none(),
                    "{path:?}: {:.2000}",
                    fault.unwrap_or_default()
                );
                read += 1;
            }
        }
    }
    assert!(read > 0, "the folder holds no `.txt`");
}

#[test]
fn the_page_shows_cast_chapters_scenes_and_lines() {
    let page = page_of(STORY);
    for wanted in [
        "# The Loft, by Ann Other\n",
        "\nStory: story.txt (",
        "\nCast\n  Narrator (",
        "\n  Berta (2 lines, female",
        "\n## Chapter 1: Up\n\nHeading: ",
        "\nNarrator: Berta held the ladder.\nBerta: Mind the third rung, Ivo,\nNarrator: said Berta.\n\nIvo: I always do,\n",
        "\n\n* * *\n\nNarrator: It rained.\n\n## Chapter 2: Down\n\n",
    ] {
        assert!(page.contains(wanted), "{wanted:?} is not in\n{page}");
    }
}

#[test]
fn directions_and_the_speaking_narrator_come_back() {
    let story = read(STORY);
    let mut script = script::adapt(&story);
    let ways = [
        Direction::Whispered,
        Direction::Shouted,
        Direction::Crying,
        Direction::Laughing,
        Direction::Thought,
        Direction::Read,
        Direction::Sung,
    ];
    let spoken = script
        .lines
        .iter_mut()
        .filter(|line| line.kind != Kind::Heading);
    for (line, way) in spoken.zip(ways.into_iter().cycle()) {
        line.direction = Some(way);
    }
    let text = page::write(&script, "story.txt", &story.source);
    assert!(
        text.contains("\nBerta (shouted): Mind the third rung, Ivo,\n"),
        "{text}"
    );
    let again = page::apply(&page::parse(&text).unwrap(), &story, &script).unwrap();
    assert_eq!(again.script, script);
    let speaking = edited("Ivo: I always", "Narrator (speaking, sung): I always");
    let line = line(&speaking, "I always");
    assert!(line.kind == Kind::Speech && line.speaker.is_narrator());
    assert_eq!(line.direction, Some(Direction::Sung));
    let text = page::write(&speaking, "story.txt", &story.source);
    assert!(
        text.contains("Narrator (speaking, sung): I always do,"),
        "{text}"
    );
}

#[test]
fn an_unsure_line_is_marked_with_its_reason_and_taking_the_mark_away_confirms_it() {
    let story = read(STORY);
    let mut script = script::adapt(&story);
    let at = script
        .lines
        .iter()
        .position(|line| line.text.starts_with("I always"))
        .unwrap();
    script.lines[at].certainty = 0.4;
    script.lines[at].why = "the two take turns; otherwise Berta".into();
    let text = page::write(&script, "story.txt", &story.source);
    let mark = "\n? Ivo: I always do,\n  # 40 %: the two take turns; otherwise Berta\n";
    assert!(text.contains(mark), "{text}");
    let apply = |text: &str| {
        page::apply(&page::parse(text).unwrap(), &story, &script)
            .unwrap()
            .script
    };
    assert_eq!(apply(&text), script);
    let confirmed = apply(&text.replace("? Ivo", "Ivo"));
    assert!(confirmed.lines[at].certainty > 0.99);
    assert_eq!(confirmed.lines[at].why, "confirmed in the script");
    let changed = apply(&text.replace("? Ivo", "? Berta"));
    assert_eq!(changed.lines[at].why, "set in the script");
}

#[test]
fn line_ends_and_marks_of_other_systems_do_not_matter() {
    let page = format!("\u{feff}{}", page_of(STORY).replace('\n', "\r\n"));
    let script = applied(STORY, &page).unwrap().script;
    assert_eq!(script, script::adapt(&read(STORY)));
}

#[test]
fn many_new_lines_are_counted_and_not_all_listed() {
    let more = (0..40).map(|n| format!("Sentence number {n} is new here.\n\n"));
    let changed = format!("{STORY}\n{}", more.collect::<String>());
    let notes = applied(&changed, &page_of(STORY)).unwrap().notes;
    assert_eq!(notes.len(), 11, "{notes:#?}");
    assert_eq!(notes[10], "30 more lines are new in the story");
}

#[test]
fn a_line_gets_another_speaker_and_no_other_line_changes() {
    let script = edited("Ivo: I always", "Berta: I always");
    assert_eq!(line(&script, "I always").speaker.as_str(), "Berta");
    let before = script::adapt(&read(STORY));
    let changed = script
        .lines
        .iter()
        .zip(&before.lines)
        .filter(|(one, other)| one != other);
    assert_eq!(changed.count(), 1);
    let berta = script
        .characters
        .iter()
        .find(|one| one.name.as_str() == "Berta")
        .unwrap();
    assert_eq!(berta.lines, 3);
}

#[test]
fn narration_becomes_speech_and_speech_narration() {
    let script = edited("Narrator: It rained.", "Ivo (thought): It rained.");
    let rained = line(&script, "It rained");
    assert_eq!(
        (rained.kind, rained.speaker.as_str()),
        (Kind::Speech, "Ivo")
    );
    assert_eq!(rained.direction, Some(Direction::Thought));
    let script = edited("Ivo: I always", "Narrator: I always");
    assert_eq!(line(&script, "I always").kind, Kind::Narration);
}

#[test]
fn lines_are_split_joined_and_skipped() {
    let script = edited(
        "Narrator: said Ivo. He did not.",
        "Narrator: said Ivo.\nIvo (thought): He did not.",
    );
    assert_eq!(line(&script, "said Ivo.").text, "said Ivo.");
    assert_eq!(line(&script, "He did").kind, Kind::Speech);
    assert_eq!(line(&script, "said Ivo.").pause, Pause::Turn);
    let joined = edited(
        "Ivo: I always do,\nNarrator: said Ivo.",
        "Narrator: I always do, said Ivo.",
    );
    assert_eq!(
        line(&joined, "I always").text,
        "I always do,\" said Ivo. He did not."
    );
    let skipped = edited("Narrator: said Ivo. He", "Skipped (too long): said Ivo. He");
    let line = line(&skipped, "said Ivo. He");
    assert_eq!((line.kind, line.why.as_str()), (Kind::Skipped, "too long"));
    let story = read(STORY);
    for script in [script, joined, skipped.clone()] {
        let text = page::write(&script, "story.txt", &story.source);
        let again = applied(STORY, &text).unwrap().script;
        assert_eq!(again, script, "{text}");
    }
}

#[test]
fn a_skipped_line_can_be_read() {
    let text = "Note: read me.\n\nIt rained. \"Come in,\" said Ida.";
    let page = page_of(text).replace("Skipped (a note): Note", "Narrator: Note");
    let script = applied(text, &page).unwrap().script;
    assert_eq!(line(&script, "Note").kind, Kind::Narration);
}

#[test]
fn scenes_and_chapters_follow_their_marks() {
    let moved = edited("* * *\n\nNarrator: It rained.\n", "Narrator: It rained.\n");
    assert_eq!(moved.lines.last().unwrap().scene, 1);
    let script = edited("\nIvo: I always", "\n* * *\n\nIvo: I always");
    assert_eq!(line(&script, "said Berta.").pause, Pause::Scene);
    assert_eq!(line(&script, "I always").scene, 1);
    let named = edited("## Chapter 2: Down\n", "## The way down\n");
    assert_eq!(named.chapters[1].as_deref(), Some("The way down"));
    let one = edited("## Chapter 2: Down\n\n", "");
    assert_eq!(
        (one.chapters.len(), one.lines.last().unwrap().chapter),
        (1, 0)
    );
}

#[test]
fn a_character_is_renamed_in_one_place() {
    let script = edited("\n  Ivo (", "\n  Ivo -> Ivan (");
    let said = line(&script, "I always");
    assert_eq!(said.speaker.as_str(), "Ivan");
    let before = script::adapt(&read(STORY));
    assert_eq!(said.why, line(&before, "I always").why);
    let ivan = script
        .characters
        .iter()
        .find(|one| one.name.as_str() == "Ivan")
        .unwrap();
    assert_eq!((ivan.lines, ivan.gender), (2, Gender::Male));
    assert_eq!(ivan.aliases, ["Ivo"]);
    let story = read(STORY);
    let text = page::write(&script, "story.txt", &story.source);
    assert_eq!(applied(STORY, &text).unwrap().script, script, "{text}");
}

#[test]
fn two_characters_are_merged_in_one_place() {
    let script = edited("\n  Ivo (", "\n  Ivo -> Berta (");
    let spoken: Vec<&str> = script
        .characters
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(spoken, ["Narrator", "Berta"]);
    assert_eq!(script.characters[1].lines, 4);
    assert_eq!(script.characters[1].gender, Gender::Female);
    assert_eq!(script.characters[1].aliases, ["Ivo"]);
}

#[test]
fn a_character_is_split_by_a_new_name_on_the_cast_list() {
    let page = page_of(STORY)
        .replace(
            "\n  Ivo (",
            "\n  The lodger = Mr. Gray (male, old)\n  Ivo (",
        )
        .replace("Ivo: Something about", "Mr. Gray: Something about");
    let script = applied(STORY, &page).unwrap().script;
    assert_eq!(line(&script, "Something").speaker.as_str(), "The lodger");
    let lodger = script
        .characters
        .iter()
        .find(|one| one.name.as_str() == "The lodger")
        .unwrap();
    assert_eq!(
        (lodger.gender, lodger.age, lodger.lines),
        (Gender::Male, Age::Old, 1)
    );
}

#[test]
fn every_fault_is_placed_and_has_its_cure() {
    let found = complaints(&[
        ("Berta: Mind", "Berto: Mind"),
        ("Ivo: I always", "Ivo (wispered): I always"),
        ("Narrator: It rained.", "It rained and rained."),
        ("\n  Ivo (2 lines, male", "\n  Ivo (2 lines, mele"),
    ]);
    let page = page_of(STORY);
    let rows: Vec<&str> = page
        .lines()
        .skip_while(|row| *row != "Cast")
        .skip(1)
        .collect();
    let row = |start: &str| {
        rows.iter()
            .position(|row| row.trim_start().starts_with(start))
            .unwrap()
            + 1
    };
    let wanted = [
        format!(
            "{}:17: `mele` says nothing known of a character: did you mean `male`?",
            row("Ivo (2")
        ),
        format!(
            "{}:1: `Berto` is not on the cast list: did you mean `Berta`?",
            row("Berta: Mind")
        ),
        format!(
            "{}:6: unknown direction `wispered`: did you mean `whispered`?",
            row("Ivo: I always")
        ),
        format!(
            "{}:1: expected `Speaker: words`: begin the row with a name and a colon, or with `#`",
            row("Narrator: It rained")
        ),
    ];
    assert_eq!(found, wanted);
}

#[test]
fn a_cast_list_that_contradicts_itself_is_refused() {
    for (change, wanted) in [
        (
            "\n  Ada -> Bea\n  Bea -> Ada\n  Berta (",
            "go round in a circle",
        ),
        ("\n  Berta\n  Berta (", "stands twice"),
        ("\n  Heading\n  Berta (", "a meaning of its own"),
    ] {
        let found = complaints(&[("\n  Berta (", change)]);
        assert!(found.iter().any(|one| one.contains(wanted)), "{found:?}");
    }
}

#[test]
fn words_that_are_not_the_storys_are_refused_all_at_once() {
    let found = complaints(&[
        ("I always do,", "I never do,"),
        ("Narrator: It rained.\n", ""),
        ("What did I tell", "What on earth did I tell"),
    ]);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(
        found[0].contains(":8: the story goes on with `always do"),
        "{found:?}"
    );
    assert!(
        found[1].contains("`It rained.` are missing before here"),
        "{found:?}"
    );
    assert!(
        found[2].contains(":13: the story goes on with `did I tell you"),
        "{found:?}"
    );
}

#[test]
fn edits_survive_a_change_of_the_story() {
    let page = page_of(STORY)
        .replace("\n  Ivo (", "\n  Ivo -> Ivan (")
        .replace("Berta: What did", "Ivo (whispered): What did")
        .replace("Narrator: It rained.", "Berta: It rained.")
        .replace("Narrator: said Berta.", "Skipped (heard): said Berta.");
    let changed = STORY
        .replace("It rained.", "\"Who is there?\" asked Ivo.\n\nIt rained.")
        .replace("What did I tell you?", "And what did I tell you, Ivo?")
        .replace("\"Something about rungs,\" said Ivo.", "Nobody spoke.");
    let Edited { script, notes } = applied(&changed, &page).unwrap();
    assert_eq!(line(&script, "It rained").speaker.as_str(), "Berta");
    let kept = line(&script, "And what did I tell you, Ivo?");
    assert_eq!(kept.speaker.as_str(), "Ivan");
    assert_eq!(kept.direction, Some(Direction::Whispered));
    assert_eq!(line(&script, "Who is").speaker.as_str(), "Ivan");
    assert_eq!(line(&script, "said Berta").kind, Kind::Skipped);
    assert_eq!(crate::script::lost(&read(&changed), &script), None);
    let told = notes.join("\n");
    for wanted in [
        "is no longer in the story: `Ivo: Something about rungs,`",
        "new in the story, and found to be said by Ivan: `Who is there?`",
        "new in the story, and found to be said by Narrator: `Nobody spoke.`",
    ] {
        assert!(told.contains(wanted), "{wanted:?} is not in\n{told}");
    }
    assert_eq!(script.chapters.len(), 2);
    let text = page::write(&script, "story.txt", &read(&changed).source);
    let again = applied(&changed, &text).unwrap();
    assert!(again.notes.is_empty(), "{:?}", again.notes);
}

#[test]
fn make_takes_the_edited_script_and_speaks_the_changed_line_only() {
    let stage = Stage::new().story(STORY);
    stage.done("make story.txt");
    stage.done("script story.txt -o play.script");
    let page = String::from_utf8(stage.bytes("play.script")).unwrap();
    assert!(page.contains("\nStory: story.txt ("), "{page}");
    let stage = stage.file(
        "play.script",
        page.replace("Ivo: I always", "Berta: I always").as_bytes(),
    );
    let made = stage.done("make play.script --json").event("written");
    assert_eq!(made["spoken"], 1);
    assert!(
        made["path"].as_str().unwrap().ends_with("story.m4b"),
        "{made}"
    );
    let cast = stage.done("cast play.script").stdout;
    assert!(cast.contains("Berta        3 lines"), "{cast}");
    let jsonl = stage.done("script play.script --format jsonl").stdout;
    assert!(jsonl.contains("\"speaker\":\"Berta\""), "{jsonl}");
}

#[test]
fn a_script_beside_the_story_is_followed_and_named() {
    let stage = Stage::new().story(STORY);
    stage.done("script . -o story.script");
    let page = String::from_utf8(stage.bytes("story.script")).unwrap();
    let stage = stage.file(
        "story.script",
        page.replace("Ivo: I always", "Berta: I always").as_bytes(),
    );
    for command in ["make story.txt --dry-run", "cast .", "script story.txt"] {
        let outcome = stage.done(command);
        if command.starts_with("make") {
            let said = outcome.stdout.lines().find(|row| row.contains("I always"));
            assert!(said.unwrap().contains("  Berta ("), "{said:?}");
        }
        assert!(
            outcome.stderr.contains("the edited script `"),
            "{command}: {}",
            outcome.stderr
        );
    }
    stage.done("script story.txt -o story.script");
    let written = String::from_utf8(stage.bytes("story.script")).unwrap();
    assert!(
        written.contains("Berta: I always") && written.contains("Berta (3 lines"),
        "{written}"
    );
    stage.done("script story.txt -o story.script");
    assert!(stage.bytes("story.script") == written.as_bytes());
}

#[test]
fn a_script_in_another_folder_finds_its_story() {
    let stage = Stage::new().story(STORY);
    fs::create_dir(stage.path("scripts")).unwrap();
    stage.done("script story.txt -o scripts/loft.script");
    let page = fs::read_to_string(stage.path("scripts/loft.script")).unwrap();
    assert!(page.contains("\nStory: ../story.txt ("), "{page}");
    stage.done("make scripts/loft.script --dry-run");
    fs::remove_file(stage.path("story.txt")).unwrap();
    stage.refused(
        "make scripts/loft.script",
        &["story.txt` is not there", "relative to the script"],
    );
}

#[test]
fn faults_of_a_script_are_told_with_its_file() {
    let stage = Stage::new().story(STORY);
    stage.done("script story.txt -o play.script");
    let page = String::from_utf8(stage.bytes("play.script")).unwrap();
    let page = page
        .replace("Ivo: I always", "Iwo: I always")
        .replace("It rained.", "It poured.");
    let stage = stage.file("play.script", page.as_bytes());
    stage.refused(
        "make play.script",
        &[
            "play.script:",
            ":1: `Iwo` is not on the cast list",
            "mend this place",
        ],
    );
    let stage = stage.file("play.script", page.replace("Iwo: I", "Ivo: I").as_bytes());
    stage.refused(
        "make play.script",
        &["play.script:", "the story goes on with `rained.`"],
    );
}

#[test]
fn a_script_is_never_written_over_its_story() {
    let stage = Stage::new().story(STORY);
    stage.refused("script story.txt -o story.txt", &["is the story itself"]);
    assert_eq!(stage.bytes("story.txt"), STORY.as_bytes());
}

#[test]
fn a_change_of_the_story_is_told() {
    let stage = Stage::new().story(STORY);
    stage.done("script story.txt -o story.script");
    let stage = stage.story(&STORY.replace("It rained.", "The sun came out at last."));
    let told = stage.done("cast story.txt").stderr;
    for wanted in [
        "the story was changed since",
        "no longer in the story: `Narrator: It rained.`",
        "The sun came out",
    ] {
        assert!(told.contains(wanted), "{wanted:?} is not in\n{told}");
    }
    stage.done("script story.txt -o story.script");
    assert!(!stage.done("cast story.txt").stderr.contains("was changed"));
}

#[test]
fn a_review_puts_the_worst_first_with_both_reasons() {
    let path = own_stories().into_iter().next().unwrap();
    let script = script::adapt(&story::read(&path).unwrap());
    let concerns = review::review(&script);
    assert!(concerns.len() > 3);
    assert!(concerns.is_sorted_by(|one, other| one.weight >= other.weight));
    assert!(
        concerns
            .iter()
            .all(|one| one.line.certainty < 0.8 && one.line.kind == Kind::Speech)
    );
    let rival = concerns
        .iter()
        .find_map(|one| one.line.rival.as_ref())
        .unwrap();
    let stage = Stage::new().story(&fs::read_to_string(&path).unwrap());
    let report = stage.done("script story.txt --review").stdout;
    assert!(
        report.starts_with(&format!("line {}, chapter ", concerns[0].index + 1)),
        "{report}"
    );
    assert!(
        report.contains(&format!(" %  {}: {}\n", rival.name, rival.why)),
        "{report}"
    );
}

#[test]
fn a_mistake_between_unlike_voices_is_worse() {
    let mut script = script::adapt(&read(STORY));
    let at = script
        .lines
        .iter()
        .position(|line| line.text.starts_with("I always"))
        .unwrap();
    let mut weight = |rival: &str, gender: Gender, certainty: f32| {
        let berta = script
            .characters
            .iter_mut()
            .find(|one| one.name.as_str() == "Berta");
        berta.unwrap().gender = gender;
        let line = &mut script.lines[at];
        line.certainty = certainty;
        line.rival = Some(script::Rival {
            name: script::Name::new(rival),
            share: 0.3,
            why: String::new(),
        });
        let concerns = review::review(&script);
        concerns.iter().find(|one| one.index == at).unwrap().weight
    };
    let same = weight("Berta", Gender::Male, 0.5);
    assert!(weight("Berta", Gender::Unknown, 0.5) > same);
    assert!(weight("Berta", Gender::Female, 0.5) > weight("Berta", Gender::Unknown, 0.5));
    assert!(weight("Narrator", Gender::Male, 0.5) > same);
    assert!(weight("Berta", Gender::Male, 0.2) > same);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn any_story_comes_back_from_its_page(
        text in "(Ida|Tomas|said|he|she|I|the man|his mother|went|Mr\\.|Captain|Heading|Narrator|Skipped|[a-z]{1,6}|\"|“|”|'|‘|’|«|»|—|--|,|:|: |\\(|\\)|->|=|\\?|#|\\.|!|\n|\n\n|# |Chapter 1\n\n|Note: |\\*\\*\\*\n\n|oOo\n\n| | |é|🎭|\u{7}|\u{85}){1,80}",
    ) {
        if let Ok(story) = story::parse(text.as_bytes(), "txt", "x") {
            let fault = round(&story).err();
            prop_assert!(fault.is_none(), "{text:?}\n{}", fault.unwrap_or_default());
        }
    }

    #[test]
    fn any_text_can_be_read_as_a_page(text in "(Cast\n|Story: |  Ida|Ida: |Narrator: |->|=|\\(|\\)|,|male|:|\\?|#|\n|\n\n|\\* \\* \\*\n|Skipped|Heading: |é| |[a-z]{1,4}){0,60}") {
        if let Ok(page) = page::parse(&text) {
            let once = page.to_string();
            let again = page::parse(&once);
            prop_assert!(again.is_ok(), "{once:?} of {text:?}: {again:?}");
            prop_assert_eq!(again.unwrap().to_string(), once);
            let story = read(STORY);
            let edited = page::apply(&page, &story, &script::adapt(&story));
            if let Ok(edited) = edited {
                prop_assert_eq!(crate::script::lost(&story, &edited.script), None);
            }
        }
    }
}
