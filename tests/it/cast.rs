//! Who gets which voice.

use std::collections::{BTreeMap, BTreeSet};

use fullcast::{
    cast::{Cast, Choices, assign},
    script::{Age, Character, Gender, Kind, Line, Name, Pause, Script},
    story::{Meta, Span},
    voice::{ALIKE, Accent, Catalogue},
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
        series: BTreeMap::new(),
        earlier: BTreeMap::new(),
    };
    assign(script, Catalogue::kokoro(), &choices).unwrap()
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
        assert_eq!(Catalogue::kokoro().card(id).unwrap().gender, person.gender);
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
    let leads: BTreeSet<&str> = (0..24).map(|n| voice(&cast, &format!("P{n}"))).collect();
    assert_eq!(
        leads.len(),
        24,
        "those who speak most have different voices"
    );
    let warned = |n: usize| {
        cast.warnings.iter().any(|warning| {
            warning.ends_with(&format!("P{n}")) || warning.contains(&format!("P{n},"))
        })
    };
    assert!((24..40).all(warned), "{:?}", cast.warnings);
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
        Catalogue::kokoro()
            .card(voice(&cast, "Una"))
            .unwrap()
            .gender,
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

/// A script of one scene in which the characters speak in turn.
fn talk(characters: Vec<Character>, words: &str) -> Script {
    let mut script = script(characters);
    for _ in 0..6 {
        for character in &script.characters {
            script.lines.push(Line {
                chapter: 0,
                scene: 0,
                speaker: character.name.clone(),
                kind: Kind::Speech,
                direction: None,
                span: Span { start: 0, end: 0 },
                text: words.into(),
                pause: Pause::Turn,
                certainty: 1.0,
                why: String::new(),
                rival: None,
            });
        }
    }
    script
}

#[test]
fn people_who_talk_together_do_not_sound_alike() {
    let people = |gender| (0..8).map(move |n| character(&format!("P{n}"), gender, 40 - n));
    for gender in [Gender::Female, Gender::Male] {
        let script = talk(people(gender).collect(), "Well.");
        let cast = cast(&script, &[]);
        for (at, one) in script.characters.iter().enumerate() {
            for other in &script.characters[at + 1..] {
                let voices = [one, other].map(|person| voice(&cast, person.name.as_str()));
                let likeness = Catalogue::kokoro().likeness(voices[0], voices[1]);
                assert!(likeness < ALIKE, "{voices:?}: {likeness}");
            }
        }
        assert!(cast.warnings.is_empty(), "{:?}", cast.warnings);
    }
}

#[test]
fn voices_that_sound_alike_in_a_talk_are_told() {
    let script = talk(
        vec![
            character("Ann", Gender::Female, 9),
            character("Bea", Gender::Female, 7),
        ],
        "Well.",
    );
    let cast = cast(&script, &[("Ann", "af_kore"), ("Bea", "af_kore@0.9")]);
    let told = cast
        .warnings
        .iter()
        .any(|warning| warning.contains("sound alike (1.00)"));
    assert!(told, "{:?}", cast.warnings);
}

#[test]
fn a_child_sounds_higher_than_a_grown_up_and_the_old_lower() {
    for gender in [Gender::Female, Gender::Male] {
        let aged = |age| Character {
            age,
            ..character("Kim", gender, 5)
        };
        let pitch = |age| {
            let cast = cast(&script(vec![aged(age)]), &[]);
            let card = Catalogue::kokoro().card(voice(&cast, "Kim")).unwrap();
            card.sound.pitch
        };
        assert!(pitch(Age::Child) > pitch(Age::Adult) + 15.0, "{gender:?}");
        assert!(pitch(Age::Old) <= pitch(Age::Adult), "{gender:?}");
    }
}

#[test]
fn a_british_story_is_told_in_british_voices() {
    let people = || vec![character("Ann", Gender::Female, 9)];
    let accent = |words: &str, name: &str| {
        let cast = cast(&talk(people(), words), &[]);
        Catalogue::kokoro().card(voice(&cast, name)).unwrap().accent
    };
    for name in ["Narrator", "Ann"] {
        let british = accent("Mum left the grey lorry on the pavement.", name);
        assert_eq!(british, Accent::British, "{name}");
        let american = accent("Mom left the gray truck on the sidewalk.", name);
        assert_eq!(american, Accent::American, "{name}");
    }
}

#[test]
fn one_who_comes_in_with_few_lines_moves_nobody() {
    let people = |count: usize| {
        let gender = |n: usize| [Gender::Female, Gender::Male][n % 2];
        let person = |n: usize| character(&format!("P{n}"), gender(n), 40 - n);
        talk((0..count).map(person).collect(), "Well.")
    };
    let (few, more) = (cast(&people(9), &[]), cast(&people(10), &[]));
    for n in 0..9 {
        let name = format!("P{n}");
        assert_eq!(voice(&few, &name), voice(&more, &name));
    }
}

#[test]
fn a_recipe_can_be_chosen_and_a_wrong_one_is_explained() {
    let script = script(vec![character("Ann", Gender::Female, 5)]);
    let chosen = cast(&script, &[("Ann", "af_heart*0.6+bf_emma*0.4@0.95")]);
    assert_eq!(voice(&chosen, "Ann"), "af_heart*0.6+bf_emma*0.4@0.95");
    let choices = Choices {
        asked: BTreeMap::from([("Ann".into(), "af_heart*0.6+bf_emma*0.6".into())]),
        configured: BTreeMap::new(),
        series: BTreeMap::new(),
        earlier: BTreeMap::new(),
    };
    let error = assign(&script, Catalogue::kokoro(), &choices).unwrap_err();
    assert!(error.to_string().contains("add up to 1.20"), "{error}");
}

#[test]
fn someone_of_another_accent_than_the_story_gets_a_voice_that_has_it() {
    let people = || {
        vec![
            character("Ann", Gender::Female, 9),
            character("Kit", Gender::Female, 7),
        ]
    };
    let gray = "Mom left the gray truck on the sidewalk.";
    let accent = |hint: &str| {
        let mut script = talk(people(), gray);
        script.lines.push(Line {
            kind: Kind::Narration,
            speaker: Name::narrator(),
            text: hint.into(),
            ..script.lines[0].clone()
        });
        let cast = cast(&script, &[]);
        ["Ann", "Kit"].map(|name| Catalogue::kokoro().card(voice(&cast, name)).unwrap().accent)
    };
    let all = [Accent::American, Accent::American];
    let kit = [Accent::American, Accent::British];
    assert_eq!(accent("Kit said it with a broad Scottish burr."), kit);
    assert_eq!(accent("It was known that Kit was an Englishwoman."), kit);
    assert_eq!(accent("Kit looked at Ann, who was an Irishwoman."), all);
    assert_eq!(accent("Kit liked English cars."), all);
}
