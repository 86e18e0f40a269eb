//! Stories as they are read from files: encodings, paragraphs, headings, what is no story, and bad input.

use std::fs;

use fullcast::{
    Error,
    story::{self, Block, Story},
};
use proptest::prelude::*;

fn read(text: &str) -> Story {
    story::parse(text.as_bytes(), "txt", "a file").unwrap()
}

fn paragraphs(story: &Story) -> Vec<&str> {
    let blocks = story.chapters.iter().flat_map(|chapter| &chapter.blocks);
    blocks
        .filter_map(|block| match block {
            Block::Paragraph(span) => Some(span.of(&story.source)),
            _ => None,
        })
        .collect()
}

fn titles(story: &Story) -> Vec<Option<&str>> {
    story
        .chapters
        .iter()
        .map(|chapter| chapter.title.as_deref())
        .collect()
}

/// What [`Error`] says and advises.
fn complaint(error: Error) -> (String, String) {
    match error {
        Error::Invalid { message, hint } => (message, hint),
        other => (other.to_string(), String::new()),
    }
}

#[test]
fn every_encoding_gives_the_same_text() {
    let text = "“Café?” asked Ida.\r\n\r\n“No.”";
    let utf16: Vec<u8> = std::iter::once(0xFEFF)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let western = b"\x93Caf\xE9?\x94 asked Ida.\r\n\r\n\x93No.\x94".to_vec();
    let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    for bytes in [text.as_bytes().to_vec(), marked, utf16, western.clone()] {
        assert_eq!(story::parse(&bytes, "txt", "").unwrap().source, text);
    }
    assert!(story::parse(&western, "txt", "").unwrap().notes[0].contains("Windows-1252"));
    assert!(
        story::parse(text.as_bytes(), "txt", "")
            .unwrap()
            .notes
            .is_empty()
    );
}

#[test]
fn paragraphs_are_found_by_blank_lines_line_ends_and_indents() {
    let wrapped = "The sea was grey and it went on being grey for the\nwhole of the afternoon, as the sea will.\n\nIda left.\n";
    assert_eq!(paragraphs(&read(wrapped)).len(), 2);
    let lines = "Ida looked at the sea.\nThe sea was grey.\nIt went on.\nIda left the pier and went home, late as it was.\nThere nobody saw her.";
    assert_eq!(paragraphs(&read(lines)).len(), 5);
    let row = "The sea was grey and it went on being grey for the whole of\nthe afternoon, as the sea will when it has nobody to look at\nit but gulls and a woman on a pier.\n";
    let indented = format!("    {row}").repeat(8);
    assert_eq!(paragraphs(&read(&indented)).len(), 8);
}

#[test]
fn titles_authors_and_chapters_are_found_in_their_usual_forms() {
    let story = read(
        "The Ferry\n\nby Ann Other\n\nChapter 1: The Storm\n\nIt blew.\n\nCHAPTER II\n\nThe Calm\n\nIt stopped.",
    );
    assert_eq!(story.meta.title, "The Ferry");
    assert_eq!(story.meta.author.as_deref(), Some("Ann Other"));
    assert_eq!(
        titles(&story),
        [Some("Chapter 1: The Storm"), Some("CHAPTER II: The Calm")]
    );
    assert_eq!(
        titles(&read("I.\n\nIt blew.\n\nII.\n\nIt stopped.")),
        [Some("I."), Some("II.")]
    );
    assert_eq!(
        titles(&read("# One\n\nIt blew.\n\n# Two\n\nIt stopped.")),
        [Some("One"), Some("Two")]
    );
    assert_eq!(
        titles(&read(
            "Part One\n\nChapter 1\n\nIt blew.\n\nChapter 2\n\nIt stopped."
        )),
        [Some("Part One – Chapter 1"), Some("Chapter 2")]
    );
    let shouted = "It blew all day, and nobody went out, not even the dog.\n\n".repeat(4);
    let story = read(&format!(
        "Before.\n\nTHE STORM\n\n{shouted}THE CALM\n\n{shouted}"
    ));
    assert_eq!(titles(&story), [Some("THE STORM"), Some("THE CALM")]);
}

#[test]
fn scene_breaks_are_found_in_their_usual_forms() {
    for mark in ["***", "* * *", "---", "#", "~", "❦"] {
        let story = read(&format!("It blew.\n\n{mark}\n\nIt stopped."));
        let marks = story.chapters[0]
            .blocks
            .iter()
            .filter(|block| matches!(block, Block::Break(_)))
            .count();
        assert_eq!(marks, 1, "{mark}");
    }
    let story = read("It blew.\n\nIt blew on.\n\nAnd on.\n\n\n\nIt stopped.");
    assert!(
        story.chapters[0]
            .blocks
            .iter()
            .any(|block| matches!(block, Block::Break(span) if span.start == span.end))
    );
}

#[test]
fn what_is_no_story_is_skipped_with_a_reason() {
    let story = read(
        "Disclaimer: none of this is mine.\n\nRating: all ages\n\nIt blew.\n\nNote: he wrote, and stopped.\n\nAuthor's note: thanks for reading!",
    );
    let skipped: Vec<&str> = story.chapters[0]
        .blocks
        .iter()
        .filter_map(|block| {
            if let Block::Skipped(_, reason) = block {
                Some(reason.as_str())
            } else {
                None
            }
        })
        .collect();
    assert_eq!(skipped, ["a disclaimer", "a rating", "an author's note"]);
    assert_eq!(
        paragraphs(&story),
        ["It blew.", "Note: he wrote, and stopped."]
    );
    let story = read(
        "Header.\n\n*** START OF THE PROJECT GUTENBERG EBOOK X ***\n\nIt blew.\n\n*** END OF THE PROJECT GUTENBERG EBOOK X ***\n\nLicence.",
    );
    assert_eq!(paragraphs(&story), ["It blew."]);
}

#[test]
fn markdown_has_front_matter_headings_and_comments() {
    let text = "---\ntitle: The Ferry\nauthor: Ann Other\n---\n\n# The Ferry\n\n## One\n\nIt blew.\n\n<!-- more wind -->\n\n## Two\n\nIt stopped.";
    let story = story::parse(text.as_bytes(), "md", "x").unwrap();
    assert_eq!(
        (story.meta.title.as_str(), story.meta.author.as_deref()),
        ("The Ferry", Some("Ann Other"))
    );
    assert_eq!(titles(&story), [Some("One"), Some("Two")]);
    assert_eq!(paragraphs(&story), ["It blew.", "It stopped."]);
}

#[test]
fn a_story_without_a_title_takes_the_name_of_its_file() {
    assert_eq!(
        story::parse(b"It blew.", "txt", "the_old-ferry")
            .unwrap()
            .meta
            .title,
        "the old ferry"
    );
}

#[test]
fn bad_files_get_a_message_and_a_cure() {
    let folder = tempfile::tempdir().unwrap();
    let cases: [(&str, &[u8], &str); 4] = [
        ("empty.txt", b"", "an empty file"),
        ("blank.txt", b" \n\t\n", "only blank space"),
        ("binary.txt", b"RIFF\0\0\0\x01data", "a binary file"),
        ("bell.txt", b"\x01\x02\x03\x04\x05\x06ab", "a binary file"),
    ];
    for (name, bytes, wanted) in cases {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let (message, hint) = complaint(story::read(&path).unwrap_err());
        assert!(
            message.contains(wanted) && message.contains(name),
            "{message}"
        );
        assert!(!hint.is_empty());
    }
    assert!(
        complaint(story::read(folder.path()).unwrap_err())
            .0
            .contains("folder")
    );
    assert!(
        complaint(story::read(&folder.path().join("none.txt")).unwrap_err())
            .0
            .contains("none.txt")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn all_of_the_source_is_in_a_block_a_heading_or_white_space(
        text in "([A-Za-z#*.:“\"'-]{1,9}|Chapter|CHAPTER I\n|by |Note:|---|\n|\n\n\n|\r\n| |  |é|<!--|-->|🎭|\u{feff}){1,60}",
        markdown: bool,
    ) {
        let Ok(story) = story::parse(text.as_bytes(), if markdown { "md" } else { "txt" }, "x") else {
            return Ok(());
        };
        let mut spans: Vec<(usize, usize)> = Vec::new();
        for chapter in &story.chapters {
            spans.extend(chapter.heading.map(|span| (span.start, span.end)));
            spans.extend(chapter.blocks.iter().map(|block| match block {
                Block::Paragraph(span) | Block::Break(span) | Block::Skipped(span, _) => (span.start, span.end),
            }));
        }
        spans.sort_unstable();
        let mut at = 0;
        for (start, end) in spans {
            prop_assert!(start >= at, "blocks overlap at {start} in {text:?}");
            prop_assert!(story.source[at..start].trim().is_empty(), "{:?} is lost in {text:?}", &story.source[at..start]);
            at = end;
        }
        prop_assert!(story.source[at..].trim().is_empty());
    }
}
