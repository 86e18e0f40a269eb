//! Who gets which voice.

use std::collections::{BTreeMap, BTreeSet};

use fullcast::{
    cast::{Cast, Choices, assign},
    script::{Age, Character, Gender, Name, Script},
    story::Meta,
    voice::Pack,
};

fn character(name: &str, gender: Gender, lines: usize) -> Character {
    Character {
        name: Name::new(name),
        aliases: vec![format!("Old {name}")],
        gender,
        age: Age::Unknown,
        evidence: String::new(),
        lines,
        narrates: false,
    }
}

fn script(characters: Vec<Character>) -> Script {
    Script {
        meta: Meta::default(),
        chapters: vec![None],
        characters,
        lines: Vec::new(),
    }
}

fn cast(script: &Script, asked: &[(&str, &str)]) -> Cast {
    let asked = asked
        .iter()
        .map(|(name, voice)| ((*name).to_owned(), (*voice).to_owned()))
        .collect();
    let choices = Choices {
        asked,
        configured: BTreeMap::new(),
    };
    assign(script, Pack::kokoro().voices(), &choices).unwrap()
}

fn voice<'c>(cast: &'c Cast, name: &str) -> &'c str {
    &cast.role(&Name::new(name)).voice
}

#[test]
fn everyone_gets_a_voice_of_their_own_that_fits_the_gender() {
    let people: Vec<Character> = (0..20)
        .map(|n| {
            character(
                &format!("P{n}"),
                if n % 2 == 0 {
                    Gender::Female
                } else {
                    Gender::Male
                },
                20 - n,
            )
        })
        .collect();
    let script = script(people);
    let cast = cast(&script, &[]);
    let mut voices = BTreeSet::from([voice(&cast, "Narrator")]);
    for person in &script.characters {
        let id = voice(&cast, person.name.as_str());
        assert_eq!(Pack::kokoro().voice(id).unwrap().gender, person.gender);
        assert!(voices.insert(id), "{id} is used twice");
    }
}

#[test]
fn with_more_characters_than_voices_small_parts_share_and_it_is_said() {
    let people = (0..40)
        .map(|n| character(&format!("P{n}"), Gender::Female, 100 - n))
        .collect();
    let script = script(people);
    let cast = cast(&script, &[]);
    let narrator = voice(&cast, "Narrator");
    assert!((0..40).all(|n| voice(&cast, &format!("P{n}")) != narrator));
    let leads: BTreeSet<&str> = (0..14).map(|n| voice(&cast, &format!("P{n}"))).collect();
    assert_eq!(
        leads.len(),
        14,
        "those who speak most have different voices"
    );
    let warned = |n: usize| {
        cast.warnings.iter().any(|warning| {
            warning.ends_with(&format!("P{n}")) || warning.contains(&format!("P{n},"))
        })
    };
    assert!((14..40).all(warned), "{:?}", cast.warnings);
}

#[test]
fn who_tells_the_story_reads_it_in_the_same_voice() {
    let mut teller = character("Una", Gender::Male, 9);
    teller.narrates = true;
    let script = script(vec![character("Max", Gender::Male, 12), teller]);
    let cast = cast(&script, &[]);
    assert_eq!(voice(&cast, "Una"), voice(&cast, "Narrator"));
    assert_ne!(voice(&cast, "Max"), voice(&cast, "Narrator"));
    assert_eq!(
        Pack::kokoro().voice(voice(&cast, "Una")).unwrap().gender,
        Gender::Male
    );
}

#[test]
fn a_voice_chosen_by_hand_is_taken_from_nobody_who_was_there_before() {
    let script = script(vec![
        character("Ann", Gender::Female, 5),
        character("Bea", Gender::Female, 3),
    ]);
    let automatic = cast(&script, &[]);
    let first = voice(&automatic, "Ann").to_owned();
    let chosen = cast(&script, &[("old bea", &first)]);
    assert_eq!(voice(&chosen, "Bea"), first);
    assert_ne!(voice(&chosen, "Ann"), first);
}

#[test]
fn the_narrator_can_be_chosen_by_hand() {
    let script = script(vec![character("Ann", Gender::Female, 5)]);
    let chosen = cast(&script, &[("narrator", "bm_george")]);
    assert_eq!(voice(&chosen, "Narrator"), "bm_george");
}

#[test]
fn a_choice_moves_only_the_one_it_is_made_for() {
    let people = ["Ann", "Bea", "Cara", "Dora"];
    let people = people
        .iter()
        .zip([9, 7, 5, 3])
        .map(|(name, lines)| character(name, Gender::Female, lines));
    let script = script(people.collect());
    let automatic = cast(&script, &[]);
    let chosen = cast(&script, &[("Ann", "bm_lewis")]);
    assert_eq!(voice(&chosen, "Ann"), "bm_lewis");
    for name in ["Narrator", "Bea", "Cara", "Dora"] {
        assert_eq!(voice(&chosen, name), voice(&automatic, name), "{name}");
    }
}

#[test]
fn choosing_the_teller_of_the_story_chooses_the_narrator() {
    let mut teller = character("Una", Gender::Female, 9);
    teller.narrates = true;
    let script = script(vec![teller, character("Max", Gender::Male, 2)]);
    for who in ["Una", "Narrator"] {
        let chosen = cast(&script, &[(who, "bf_lily")]);
        assert_eq!(
            [voice(&chosen, "Una"), voice(&chosen, "Narrator")],
            ["bf_lily", "bf_lily"]
        );
        assert_ne!(voice(&chosen, "Max"), "bf_lily");
    }
}
