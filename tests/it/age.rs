//! Who is a child and who is old, from what the narration tells.

use fullcast::{
    script::{self, Age, Character},
    story,
};

use crate::book::Stage;

/// The character called `name` in `text`.
fn character(text: &str, name: &str) -> Character {
    let story = story::parse(text.as_bytes(), "txt", "a story").unwrap();
    let script = script::adapt(&story);
    let found = script.characters.iter().find(|c| c.name.as_str() == name);
    found
        .unwrap_or_else(|| panic!("no {name} among {:?}", script.characters))
        .clone()
}

const TALK: &str =
    "\n\n\"Is it far?\" asked Ida.\n\n\"Not very,\" said Tomas.\n\n\"Good,\" said Ida.";

#[test]
fn years_descriptions_and_hair_tell_the_age() {
    for (text, wanted, words) in [
        (
            "Ida, a girl of nine, met Tomas.",
            Age::Child,
            "a girl of nine",
        ),
        ("Ida was only seven. Tomas was not.", Age::Child, "seven"),
        (
            "Nine-year-old Ida met Tomas.",
            Age::Child,
            "Nine-year-old Ida",
        ),
        (
            "Ida was nine years old. Tomas was not.",
            Age::Child,
            "nine years old",
        ),
        (
            "Ida was a little girl. Tomas was not.",
            Age::Child,
            "a little girl",
        ),
        (
            "A girl of ten named Ida met Tomas.",
            Age::Child,
            "A girl of ten",
        ),
        (
            "Ida, aged seventy-two, met Tomas.",
            Age::Old,
            "aged seventy-two",
        ),
        (
            "Ida was an old woman. Tomas was not.",
            Age::Old,
            "an old woman",
        ),
        (
            "Ida was thirty years old. Tomas was not.",
            Age::Adult,
            "thirty years old",
        ),
    ] {
        let ida = character(&format!("{text}{TALK}"), "Ida");
        assert_eq!(ida.age, wanted, "{text} {}", ida.evidence);
        assert!(
            ida.evidence.contains(&format!("`{words}`")),
            "{text} {}",
            ida.evidence
        );
    }
}

#[test]
fn titles_tell_who_is_grown_up_and_who_is_old() {
    let text = "Mrs. Gray met Granny Webb.\n\n\"Is it far?\" asked Mrs. Gray.\n\n\"Not very,\" said Granny Webb.";
    assert_eq!(character(text, "Mrs. Gray").age, Age::Adult);
    assert_eq!(character(text, "Granny Webb").age, Age::Old);
}

#[test]
fn white_hair_over_and_over_is_old() {
    let text = format!("Tomas shook his white hair. Ida looked at Tomas's grey beard.{TALK}");
    assert_eq!(character(&text, "Tomas").age, Age::Old);
}

#[test]
fn what_people_call_each_other_tells_little() {
    let text = "Ida met Tomas.\n\n\"Well, old boy,\" said Ida.\n\n\"Well, my dear girl,\" said Tomas.\n\n\"Old Tomas, you poor child,\" said Ida.\n\n\"Little Ida,\" said Tomas.";
    assert_eq!(character(text, "Ida").age, Age::Unknown);
    assert_eq!(character(text, "Tomas").age, Age::Unknown);
}

#[test]
fn years_that_are_no_age_tell_nothing() {
    for text in [
        "Ida was one of two. Tomas was not.",
        "Ida was three miles away. Tomas was not.",
        "Ida met Tomas at seven.",
        "Ida was late. It was nine. Tomas was not.",
    ] {
        assert_eq!(
            character(&format!("{text}{TALK}"), "Ida").age,
            Age::Unknown,
            "{text}"
        );
    }
}

#[test]
fn the_cast_shows_the_evidence() {
    let stage = Stage::new().story(&format!("Ida, a girl of nine, met Tomas.{TALK}"));
    let table = stage.done("cast story.txt").stdout;
    assert!(table.contains("a child: `a girl of nine`"), "{table}");
}
