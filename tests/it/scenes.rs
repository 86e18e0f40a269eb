//! Scenes: marked ones always, others from time and company, and none out of nothing.

use fullcast::{
    script::{
        self, Pause, Script,
        scenes::{self, Scene},
    },
    story,
};

use crate::book::Stage;

fn adapt(text: &str) -> Script {
    script::adapt(&story::parse(text.as_bytes(), "txt", "a story").unwrap())
}

/// The first words of each scene.
fn openings(text: &str) -> Vec<String> {
    let script = adapt(text);
    let first = |scene: &Scene| {
        let words: Vec<_> = script.lines[scene.lines.start]
            .text
            .split_whitespace()
            .take(3)
            .collect();
        words.join(" ")
    };
    scenes::scenes(&script).iter().map(first).collect()
}

const EVENING: &str =
    "Ida met Tomas on the bridge.\n\n\"You are late,\" said Ida.\n\n\"I know,\" said Tomas.\n\n";
const AFTER: &str = "\n\n\"Good morning,\" said Tomas.\n\n\"Good morning,\" said Ida.";

#[test]
fn another_day_is_another_scene() {
    for opening in [
        "The next morning Ida opened the shop.",
        "On the following day it rained.",
        "Three years later the bridge was gone.",
        "A week passed before they met.",
        "Some days afterwards Ida came back.",
        "That night nobody slept.",
        "Early next morning the bell rang.",
        "It was two months before Ida wrote.",
        "On Sunday the bridge was closed.",
        "2 years later the bridge was gone.",
    ] {
        let found = openings(&format!("{EVENING}{opening}{AFTER}"));
        assert_eq!(found.len(), 2, "{opening} {found:?}");
        assert!(opening.starts_with(&found[1]), "{opening} {found:?}");
    }
}

#[test]
fn words_of_time_that_move_nothing_begin_no_scene() {
    for opening in [
        "Ida would leave the next morning, and she had not packed.",
        "A moment later the lamp went out.",
        "Five minutes later nobody had spoken.",
        "Every morning Ida counted the boats.",
        "The next boat was full.",
        "\"The next morning I was ill,\" said Ida.",
        "Tomas looked at the water for a long time.",
        "The evening was warm.",
    ] {
        let found = openings(&format!("{EVENING}{opening}{AFTER}"));
        assert_eq!(found.len(), 1, "{opening} {found:?}");
    }
}

#[test]
fn a_list_of_days_in_which_nothing_happens_is_one_scene() {
    let days = "The next day it rained.\n\nThe next day it snowed.\n\nThe next day it was dry.";
    assert_eq!(
        openings(&format!("{EVENING}{days}{AFTER}")),
        ["Ida met Tomas", "The next day"]
    );
}

#[test]
fn a_memory_begins_and_ends_a_scene() {
    let text = format!(
        "{EVENING}Ida remembered the flood. The year was 1916. The mill stood empty.\n\n\"Go home,\" said the \
         miller.\n\n\"I have none,\" said Ida.\n\nA shout brought Ida back to the present.\n\n\"Are you listening?\" \
         said Tomas.\n\n\"No,\" said Ida."
    );
    assert_eq!(
        openings(&text),
        ["Ida met Tomas", "Ida remembered the", "A shout brought"]
    );
}

const LEAVING: &str = "Tomas walked away over the bridge. Ida watched him until he was gone.";

#[test]
fn another_company_is_another_scene() {
    let text = format!(
        "{EVENING}{LEAVING}\n\nA woman stood under the lamp. The woman's name was Berta.\n\n\"Is he gone?\" said \
         Berta.\n\n\"He is,\" said Ida.\n\n\"Then we can talk,\" said Berta."
    );
    assert_eq!(openings(&text), ["Ida met Tomas", "A woman stood"]);
}

#[test]
fn someone_who_joins_the_talk_begins_no_scene() {
    let text = format!(
        "{EVENING}A woman stood under the lamp. The woman's name was Berta.\n\n\"Who are you?\" said \
         Berta.\n\n\"I am Ida,\" said Ida.\n\n\"And I am late,\" said Tomas."
    );
    assert_eq!(openings(&text).len(), 1);
}

#[test]
fn marked_scenes_stay_and_found_ones_are_counted_with_them() {
    let text = format!(
        "Chapter 1\n\n{EVENING}The next day it rained.{AFTER}\n\n***\n\nIt rained.\n\nChapter 2\n\nIt rained."
    );
    let script = adapt(&text);
    let numbers: Vec<usize> = scenes::scenes(&script)
        .iter()
        .map(|scene| scene.number)
        .collect();
    assert_eq!(numbers, [0, 1, 2, 3]);
    let ends = |scene: &Scene| script.lines[scene.lines.end - 1].pause;
    let pauses: Vec<Pause> = scenes::scenes(&script).iter().map(ends).collect();
    assert_eq!(
        pauses,
        [Pause::Scene, Pause::Scene, Pause::Chapter, Pause::Chapter]
    );
}

#[test]
fn the_command_lists_scenes_with_first_words_speakers_and_length() {
    let stage = Stage::new().story(&format!(
        "{EVENING}Three years later it rained.\n\n\"It rains,\" said Ida."
    ));
    let list = stage.done("scenes story.txt").stdout;
    let rows: Vec<&str> = list.lines().collect();
    assert_eq!(rows.len(), 5, "{list}");
    assert!(rows[0].starts_with("   1  chapter 1"), "{list}");
    assert!(rows[0].ends_with("Ida met Tomas on the bridge."), "{list}");
    assert_eq!(rows[1].trim(), "Ida (1 line), Tomas (1 line)");
    assert!(
        rows[2].starts_with("   2  chapter 1") && rows[2].ends_with("Three years later it rained."),
        "{list}"
    );
    assert_eq!(rows[3].trim(), "Ida (1 line)");
    assert!(rows[4].starts_with("2 scenes, about 0:"), "{list}");
}

#[test]
fn longer_silences_make_scenes_longer() {
    let stage = Stage::new().story(EVENING);
    let short = stage.done("scenes .").stdout;
    let stage = stage.settings("[pacing]\nparagraph = 30.0\n");
    let long = stage.done("scenes .").stdout;
    assert_ne!(short, long);
}

#[test]
fn a_story_without_talk_has_scenes_too() {
    let stage = Stage::new().story("It rained.\n\n***\n\nIt snowed.");
    let list = stage.done("scenes story.txt").stdout;
    assert_eq!(list.matches("nobody speaks").count(), 2, "{list}");
}
