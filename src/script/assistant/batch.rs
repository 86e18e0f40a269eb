//! What the assistant is shown: passages with an unsure line, their quotations numbered.

use std::{collections::BTreeSet, fmt::Write as _, ops::Range};

use super::{
    super::{Kind, Name, Script},
    is_unsure,
};

/// What is asked of it.
pub(super) const TASK: &str = "You are told who may speak in a passage of a story, and the passage with its quotations \
    numbered. Say who speaks each quotation. Answer with one JSON object and nothing else: each number as a key, as \
    its value one name exactly as the list has it. Leave out a number if you cannot tell.";

/// The most quotations of a batch.
const QUOTATIONS: usize = 25;
/// How many lines of narration end a conversation.
const SILENCE: usize = 8;
/// How many lines before the first quotation are shown.
const LEAD: usize = 3;
/// The most characters of a line of narration that are shown.
const SHOWN: usize = 1_200;
/// The most speakers in the list.
const SPEAKERS: usize = 40;

/// A passage for one question.
#[derive(Clone, Debug)]
pub(super) struct Batch {
    /// Indices in the script of its quotations, in the order of their numbers.
    pub(super) lines: Vec<usize>,
    /// Everyone who may be named, with the other names that count.
    pub(super) speakers: Vec<(Name, Vec<String>)>,
    /// Those quotations that we are sure of, by number, with their speakers.
    pub(super) sure: Vec<(usize, Name)>,
    /// The list and the passage.
    pub(super) text: String,
}

/// From this certainty on a line is taken to test the assistant.
const SURE: f32 = 0.9;

/// The batches with at least one unsure line.
pub(super) fn unsure(script: &Script) -> Vec<Batch> {
    let conversations = conversations(script);
    let parts = conversations
        .iter()
        .flat_map(|conversation| conversation.chunks(QUOTATIONS));
    parts
        .filter(|lines| lines.iter().any(|line| is_unsure(&script.lines[*line])))
        .map(|lines| batch(script, lines))
        .collect()
}

/// Quotations of one scene without long narration between.
fn conversations(script: &Script) -> Vec<Vec<usize>> {
    let mut conversations: Vec<Vec<usize>> = Vec::new();
    for (index, line) in script.lines.iter().enumerate() {
        if line.kind != Kind::Speech {
            continue;
        }
        let goes_on = |last: &&mut Vec<usize>| {
            last.last().is_some_and(|last| {
                script.lines[*last].scene == line.scene && index - last <= SILENCE
            })
        };
        match conversations.last_mut().filter(goes_on) {
            Some(last) => last.push(index),
            None => conversations.push(vec![index]),
        }
    }
    conversations
}

fn batch(script: &Script, lines: &[usize]) -> Batch {
    let (first, last) = (lines[0], lines[lines.len() - 1]);
    let scene = script.lines[first].scene;
    let start = (first.saturating_sub(LEAD)..first)
        .find(|line| script.lines[*line].scene == scene)
        .unwrap_or(first);
    let end = (last + 2).min(script.lines.len());
    let speakers = speakers(script, lines, start..end);
    let mut text = String::from("Speakers:\n");
    for (name, aliases) in &speakers {
        let also = if aliases.is_empty() {
            String::new()
        } else {
            format!(" (also {})", aliases.join(", "))
        };
        let _ = writeln!(text, "- {name}{also}");
    }
    text.push_str("\nPassage:\n");
    for index in start..end {
        passage(&mut text, script, index, lines);
    }
    let sure = lines.iter().enumerate().filter_map(|(number, line)| {
        let line = &script.lines[*line];
        (line.certainty >= SURE).then(|| (number + 1, line.speaker.clone()))
    });
    Batch {
        sure: sure.collect(),
        lines: lines.to_vec(),
        speakers,
        text,
    }
}

fn passage(text: &mut String, script: &Script, index: usize, numbered: &[usize]) {
    let line = &script.lines[index];
    let number = numbered.binary_search(&index).ok();
    let words = line.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let _ = match (line.kind, number) {
        (Kind::Skipped, _) => Ok(()),
        (Kind::Speech, Some(number)) => writeln!(text, "[{}] “{words}”", number + 1),
        (Kind::Speech, None) => writeln!(text, "“{words}”"),
        _ => writeln!(text, "{}", shortened(&words)),
    };
}

/// The beginning and the end of a long text.
fn shortened(words: &str) -> String {
    let length = words.chars().count();
    if length <= SHOWN {
        return words.to_owned();
    }
    let head: String = words.chars().take(SHOWN / 2).collect();
    let tail: String = words.chars().skip(length - SHOWN / 2).collect();
    format!("{head} […] {tail}")
}

/// Everyone who may speak: those who speak in the passage, in its chapter, anywhere.
fn speakers(script: &Script, lines: &[usize], shown: Range<usize>) -> Vec<(Name, Vec<String>)> {
    let chapter = script.lines[lines[0]].chapter;
    let named = |name: &str| {
        script.lines[shown.clone()]
            .iter()
            .any(|line| line.text.contains(name))
    };
    let (from, to) = (
        script.lines.partition_point(|line| line.chapter < chapter),
        script.lines.partition_point(|line| line.chapter <= chapter),
    );
    let in_chapter: BTreeSet<&Name> = script.lines[from..to]
        .iter()
        .map(|line| &line.speaker)
        .collect();
    let near = |name: &Name| {
        if lines
            .iter()
            .any(|line| script.lines[*line].speaker == *name)
            || named(name.as_str())
        {
            0
        } else if in_chapter.contains(name) {
            1
        } else {
            2
        }
    };
    let mut all: Vec<(usize, &super::super::Character)> = (script.characters.iter())
        .filter(|character| !character.name.is_narrator() || character.narrates)
        .map(|character| (near(&character.name), character))
        .collect();
    all.sort_by_key(|(distance, _)| *distance);
    let nearest = all.iter().take(SPEAKERS);
    nearest
        .map(|(_, character)| (character.name.clone(), character.aliases.clone()))
        .collect()
}
