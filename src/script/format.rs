//! The script written out as JSON lines, for programs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Direction, Kind, Script};
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
