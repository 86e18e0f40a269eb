//! The script written out: as a page that a writer reads and edits, and as JSON lines for programs.

use std::{collections::BTreeMap, fmt::Write as _};

use serde::Serialize;

use super::{Direction, Gender, Kind, Line, Pause, Script};
use crate::story::CodePoints;

/// Lines less certain than this are marked on the page.
pub const UNCERTAIN: f32 = 0.6;

/// One object of the JSON lines.
#[derive(Serialize)]
struct Row<'r> {
    line: usize,
    chapter: usize,
    scene: usize,
    speaker: &'r str,
    aliases: &'r [String],
    kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    direction: Option<Direction>,
    start_char: usize,
    end_char: usize,
    text: &'r str,
    certainty: f32,
    why: &'r str,
}

/// The script as JSON lines, one object a line; `source` is the story's [`source`](crate::story::Story::source).
///
/// Line, chapter and scene count from 1; offsets are Unicode code points into `source`, end exclusive.
pub fn to_jsonl(script: &Script, source: &str) -> String {
    let points = CodePoints::new(source);
    let aliases: BTreeMap<&str, &[String]> = script
        .characters
        .iter()
        .map(|character| (character.name.as_str(), &character.aliases[..]))
        .collect();
    let mut text = String::new();
    for (index, line) in script.lines.iter().enumerate() {
        let (start_char, end_char) = points.range(line.span);
        let row = Row {
            line: index + 1,
            chapter: line.chapter + 1,
            scene: line.scene + 1,
            speaker: line.speaker.as_str(),
            aliases: aliases
                .get(line.speaker.as_str())
                .copied()
                .unwrap_or_default(),
            kind: line.kind,
            direction: line.direction,
            start_char,
            end_char,
            text: &line.text,
            certainty: (line.certainty * 1000.0).round() / 1000.0,
            why: &line.why,
        };
        text.push_str(
            &serde_json::to_string(&row).expect("strings and numbers can always be written"),
        );
        text.push('\n');
    }
    text
}

/// The script as a page to read and to edit.
///
/// A `Cast` lists everyone; then each line stands as `Speaker: words`, a blank line where a paragraph ends,
/// `* * *` where a scene ends, `## ` before a chapter. A line that begins with `?` is uncertain; the `#` line
/// below it tells why.
pub fn to_text(script: &Script) -> String {
    let mut text = format!("# {}\n", one_line(&script.meta.title));
    if let Some(author) = &script.meta.author {
        let _ = writeln!(text, "by {}", one_line(author));
    }
    text.push_str("\nCast\n");
    for character in &script.characters {
        let _ = writeln!(text, "  {}", cast_entry(character));
    }
    let mut chapter = None;
    for (index, line) in script.lines.iter().enumerate() {
        if chapter != Some(line.chapter) {
            chapter = Some(line.chapter);
            let _ = writeln!(text, "\n## Chapter {}\n", line.chapter + 1);
        }
        write_line(&mut text, line);
        let next = script.lines.get(index + 1);
        if next.is_some_and(|next| next.chapter == line.chapter && next.scene != line.scene) {
            text.push_str("\n* * *\n\n");
        } else if line.pause != Pause::Turn && next.is_some_and(|next| next.chapter == line.chapter)
        {
            text.push('\n');
        }
    }
    text
}

fn cast_entry(character: &super::Character) -> String {
    let mut entry = character.name.to_string();
    if !character.aliases.is_empty() {
        let _ = write!(entry, " = {}", character.aliases.join(", "));
    }
    let gender = match character.gender {
        Gender::Male => ", male",
        Gender::Female => ", female",
        Gender::Unknown => "",
    };
    let narrates = if character.narrates {
        ", tells the story"
    } else {
        ""
    };
    let lines = if character.lines == 1 {
        "line"
    } else {
        "lines"
    };
    let _ = write!(entry, " ({} {lines}{gender}{narrates})", character.lines);
    entry
}

fn write_line(text: &mut String, line: &Line) {
    let words = one_line(&line.text);
    let _ = match line.kind {
        Kind::Heading => writeln!(text, "Heading: {words}"),
        Kind::Skipped => writeln!(text, "Skipped ({}): {words}", line.why),
        Kind::Speech if line.certainty < UNCERTAIN => {
            writeln!(
                text,
                "? {}: {words}\n  # {:.0} %: {}",
                line.speaker,
                line.certainty * 100.0,
                line.why
            )
        }
        Kind::Narration | Kind::Speech => writeln!(text, "{}: {words}", line.speaker),
    };
}

/// `text` with every run of white space as one space.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
