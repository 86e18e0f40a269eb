//! How lines are said: what counts beside a quotation, and what does not.

use fullcast::{
    script::{self, Direction, Kind},
    story,
};

/// The direction of every quotation of `text`.
fn directions(text: &str) -> Vec<Option<Direction>> {
    let story = story::parse(text.as_bytes(), "txt", "a story").unwrap();
    let lines = script::adapt(&story).lines.into_iter();
    lines
        .filter(|line| line.kind == Kind::Speech)
        .map(|line| line.direction)
        .collect()
}

/// Two people who are there, so that pronouns and names have someone to mean.
const THERE: &str =
    "Ida met Tomas on the bridge. Ida wore her mother's coat. Tomas had lost his hat.\n\n";

#[track_caller]
fn said(text: &str, wanted: Option<Direction>) {
    let found = directions(&format!("{THERE}{text}"));
    assert_eq!(found.first().copied(), Some(wanted), "{text}");
}

#[test]
fn the_verb_of_the_tag_tells_how_a_line_is_said() {
    for (text, wanted) in [
        ("\"Come,\" whispered Ida.", Direction::Whispered),
        ("\"Come,\" Ida hissed.", Direction::Whispered),
        ("Ida muttered, \"Come.\"", Direction::Whispered),
        ("\"Come!\" shouted Tomas.", Direction::Shouted),
        ("\"Come!\" he yelled.", Direction::Shouted),
        ("\"Come,\" sobbed Ida.", Direction::Crying),
        ("\"Come,\" laughed Ida.", Direction::Laughing),
        ("\"Come away, come away,\" sang Tomas.", Direction::Sung),
        ("\"He will not come,\" thought Ida.", Direction::Thought),
        (
            "\"He will not come,\" Ida said to herself.",
            Direction::Thought,
        ),
        (
            "Ida took the letter and read: \"Come at once.\"",
            Direction::Read,
        ),
    ] {
        said(text, Some(wanted));
    }
}

#[test]
fn phrases_beside_the_tag_tell_it_and_outweigh_the_verb() {
    for (text, wanted) in [
        ("\"Come,\" said Ida in a low voice.", Direction::Whispered),
        (
            "\"Come,\" said Tomas under his breath.",
            Direction::Whispered,
        ),
        (
            "\"Come,\" Ida said, in hardly more than a whisper.",
            Direction::Whispered,
        ),
        (
            "\"Come,\" shouted Ida in a hoarse whisper.",
            Direction::Whispered,
        ),
        (
            "\"Come,\" said Ida at the top of her voice.",
            Direction::Shouted,
        ),
        ("\"Come,\" said Ida, raising her voice.", Direction::Shouted),
        (
            "\"Come,\" said Ida, with tears in her eyes.",
            Direction::Crying,
        ),
        ("\"Come,\" said Ida through her tears.", Direction::Crying),
        (
            "\"Come,\" said Ida with a short laugh.",
            Direction::Laughing,
        ),
        ("\"Come,\" said Ida, laughing.", Direction::Laughing),
    ] {
        said(text, Some(wanted));
    }
}

#[test]
fn what_the_speaker_does_just_before_tells_it() {
    said(
        "Ida let out a short laugh. \"Come, then.\"",
        Some(Direction::Laughing),
    );
    said(
        "Ida lowered her voice. \"Come, then.\"",
        Some(Direction::Whispered),
    );
    said(
        "Ida burst into tears. \"I cannot.\"",
        Some(Direction::Crying),
    );
}

#[test]
fn a_state_counts_for_the_words_on_both_sides() {
    let text = "\"You never asked!\" Ida was almost shouting now. \"You never asked me once.\"";
    let both = Some(Direction::Shouted);
    assert_eq!(directions(&format!("{THERE}{text}")), [both, both]);
}

#[test]
fn a_tag_between_two_quotations_counts_for_both() {
    let text = "\"Come,\" whispered Ida. \"They are asleep.\"";
    let both = Some(Direction::Whispered);
    assert_eq!(directions(&format!("{THERE}{text}")), [both, both]);
}

#[test]
fn what_is_denied_or_only_wished_does_not_count() {
    for text in [
        "\"Come,\" said Ida without shouting.",
        "\"Come,\" said Ida. She did not raise her voice.",
        "\"Come,\" said Ida, not laughing.",
        "\"Come,\" said Ida, trying not to laugh.",
        "\"Come,\" said Ida, who had stopped crying.",
        "Ida wanted to scream. \"Come,\" she said.",
        "\"Come,\" said Ida, without raising her voice.",
    ] {
        said(text, None);
    }
}

#[test]
fn what_another_does_does_not_count() {
    for text in [
        "\"Come,\" said Ida, while Tomas laughed.",
        "Tomas burst out laughing. \"Come,\" said Ida.",
        "\"Come,\" said Ida to the laughing boy.",
        "The wind howled. \"Come,\" said Ida.",
        "Tomas was crying.\n\n\"Come,\" said Ida.",
        "\"Come,\" said Ida. Tomas was almost shouting now.",
    ] {
        said(text, None);
    }
}

#[test]
fn to_cry_is_mostly_to_exclaim() {
    said("\"Come!\" cried Ida.", None);
    said("Ida jumped up, crying, \"Come!\"", None);
    said("\"Come,\" said Ida. She was crying.", None);
    said(
        "\"Come,\" said Ida, crying softly.",
        Some(Direction::Crying),
    );
}

#[test]
fn capitals_are_shouted_but_not_acronyms_and_single_stressed_words() {
    said("\"GET OUT of my house!\"", Some(Direction::Shouted));
    said("\"STOP!\" said Ida.", Some(Direction::Shouted));
    said("\"GET OUT,\" said Ida.", Some(Direction::Shouted));
    for text in [
        "\"He works for the BBC and the CIA,\" said Ida.",
        "\"NATO,\" said Ida.",
        "\"I said that I was NOT going to the party,\" said Ida.",
        "\"I know,\" said Ida.",
        "\"GET OUT,\" whispered Ida.",
    ] {
        let found = directions(&format!("{THERE}{text}"));
        assert_ne!(found[0], Some(Direction::Shouted), "{text}");
    }
}

#[test]
fn letters_and_signs_are_read() {
    for text in [
        "The note said: \"Back at four.\"",
        "\"Back at four,\" said the sign on the door.",
        "The letter began, \"My dear Ida, I have your hat.\"",
        "\"DEAR IDA,\" it began.",
    ] {
        said(text, Some(Direction::Read));
    }
    said("Ida took the note and said, \"Back at four.\"", None);
}

#[test]
fn a_letter_over_paragraphs_is_read_to_its_end() {
    let text =
        "The letter said: \"I have your hat.\n\n\"It is too small for me.\"\n\n\"Good,\" said Ida.";
    let read = Some(Direction::Read);
    assert_eq!(directions(&format!("{THERE}{text}")), [read, read, None]);
}

#[test]
fn a_paragraph_in_italics_is_a_thought() {
    let text =
        format!("{THERE}_Why did I come?_\n\nTomas looked at the water. *It was a long way down.*");
    let story = story::parse(text.as_bytes(), "txt", "a story").unwrap();
    let found: Vec<_> = script::adapt(&story)
        .lines
        .iter()
        .map(|line| line.direction)
        .collect();
    assert_eq!(found, [None, Some(Direction::Thought), None]);
}

#[test]
fn json_lines_have_the_direction_where_there_is_one() {
    let story = story::parse(
        b"\"Come,\" whispered Ida.\n\n\"No,\" said Tomas.",
        "txt",
        "x",
    )
    .unwrap();
    let rows: Vec<serde_json::Value> =
        script::format::to_jsonl(&script::adapt(&story), &story.source)
            .lines()
            .map(|row| serde_json::from_str(row).unwrap())
            .collect();
    let found: Vec<_> = rows.iter().map(|row| row.get("direction")).collect();
    let whispered = serde_json::json!("whispered");
    assert_eq!(found, [Some(&whispered), None, None, None]);
}
