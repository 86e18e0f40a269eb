//! Reads novels with gold speakers in the layout of the Project Dialogism Novel Corpus.

use std::{collections::BTreeMap, fs, path::Path};

use fullcast::story::{self, Span, Story};

/// A quotation and who says it.
pub(crate) struct Quotation {
    /// Where its words stand, in bytes.
    pub(crate) spans: Vec<Span>,
    /// Index of its speaker in [`Novel::characters`].
    pub(crate) speaker: usize,
    /// Explicit, Anaphoric or Implicit.
    pub(crate) kind: String,
}

/// A novel with its gold speakers.
pub(crate) struct Novel {
    /// The name of its folder.
    pub(crate) name: String,
    /// Who wrote it, from a file of folds or else its own name.
    pub(crate) story: Story,
    /// Everyone's names.
    pub(crate) characters: Vec<Vec<String>>,
    /// All quotations, in order.
    pub(crate) quotations: Vec<Quotation>,
}

/// Reads the novel in the folder `path`.
pub(crate) fn read(path: &Path) -> Novel {
    let file = |name: &str| {
        fs::read_to_string(path.join(name))
            .unwrap_or_else(|error| panic!("{name} of {}: {error}", path.display()))
    };
    let story = story::read(&path.join("novel_text.txt")).unwrap_or_else(|error| panic!("{error}"));
    let mut bytes: Vec<usize> = story.source.char_indices().map(|(at, _)| at).collect();
    bytes.push(story.source.len());
    let mut characters: Vec<Vec<String>> = Vec::new();
    let mut by_name: BTreeMap<String, usize> = BTreeMap::new();
    for row in records(&file("character_info.csv")) {
        let mut names = vec![row["Main Name"].clone()];
        names.extend(strings(&row["Aliases"]));
        for name in &names {
            by_name
                .entry(name.to_lowercase())
                .or_insert(characters.len());
        }
        by_name.insert(names[0].to_lowercase(), characters.len());
        characters.push(names);
    }
    let mut quotations = Vec::new();
    for row in records(&file("quotation_info.csv")) {
        let Some(speaker) = by_name.get(&row["speaker"].to_lowercase()) else {
            continue;
        };
        let numbers: Vec<usize> = row["quoteByteSpans"]
            .split(|c: char| !c.is_ascii_digit())
            .filter_map(|n| n.parse().ok())
            .collect();
        let at = |point: usize| bytes[point.min(bytes.len() - 1)];
        let spans = numbers
            .chunks_exact(2)
            .map(|pair| Span {
                start: at(pair[0]),
                end: at(pair[1]),
            })
            .collect();
        quotations.push(Quotation {
            spans,
            speaker: *speaker,
            kind: row["quoteType"].clone(),
        });
    }
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    Novel {
        name,
        story,
        characters,
        quotations,
    }
}

/// Reads our own scenes in the folder `path`: stories with the speaker of each quotation in braces before it.
///
/// A line `names: Ida | Mrs Moss` in the head gives one person's names.
pub(crate) fn scenes(path: &Path) -> Vec<Novel> {
    let mut files: Vec<_> = fs::read_dir(path)
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    files.sort();
    files.iter().map(|file| scene(file)).collect()
}

fn scene(path: &Path) -> Novel {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut characters: Vec<Vec<String>> = Vec::new();
    let mut source = String::new();
    for line in text.lines().filter(|line| !line.starts_with("# ")) {
        if let Some(names) = line.strip_prefix("names:") {
            let names = names.split('|').map(|name| name.trim().to_owned());
            characters.push(names.collect());
        } else {
            source.push_str(line);
            source.push('\n');
        }
    }
    let (mut plain, mut quotations) = (String::new(), Vec::new());
    let mut rest = source.trim_start();
    while let Some((before, after)) = rest.split_once('{') {
        let (label, after) = after.split_once('}').expect("a brace is closed");
        plain.push_str(before);
        let speaker = characters
            .iter()
            .position(|names| names.iter().any(|name| name == label))
            .unwrap_or_else(|| {
                characters.push(vec![label.to_owned()]);
                characters.len() - 1
            });
        quotations.push(Quotation {
            spans: vec![Span {
                start: plain.len(),
                end: plain.len() + words(after),
            }],
            speaker,
            kind: "Own".to_owned(),
        });
        rest = after;
    }
    plain.push_str(rest);
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    // Thirds of the scenes stand for three authors.
    let number: usize = name
        .trim_start_matches(char::is_alphabetic)
        .parse()
        .unwrap_or(0);
    Novel {
        name: format!("scenes-{}", number % 3),
        story: story::parse(plain.as_bytes(), "txt", &name).expect("a scene is a story"),
        characters,
        quotations,
    }
}

/// How many bytes of `text`, which opens with a quotation mark, are inside the quotation.
fn words(text: &str) -> usize {
    let paragraph = text.split("\n\n").next().unwrap_or(text);
    let open = paragraph.chars().next().unwrap_or_default();
    let closes = match open {
        '“' => '”',
        '‘' | '’' => '’',
        other => other,
    };
    let inner = &paragraph[open.len_utf8()..];
    let end = inner.char_indices().find(|(at, c)| {
        let after = inner[at + c.len_utf8()..].chars().next();
        *c == closes && after.is_none_or(|after| !after.is_alphabetic())
    });
    end.map_or(paragraph.len(), |(at, c)| {
        open.len_utf8() + at + c.len_utf8()
    })
}

/// The fewest quotations of an excerpt.
const FEWEST: usize = 10;

/// The chapters of a novel as stories by themselves: what is learned must hold in short stories too.
pub(crate) fn excerpts(novel: &Novel) -> Vec<Novel> {
    let bounds = |chapter: &story::Chapter| {
        let spans = chapter.blocks.iter().map(|block| match block {
            story::Block::Paragraph(span)
            | story::Block::Break(span)
            | story::Block::Skipped(span, _) => *span,
        });
        let (first, last) = (
            spans.clone().map(|span| span.start).min(),
            spans.map(|span| span.end).max(),
        );
        first.zip(last)
    };
    let excerpt = |(from, to): (usize, usize)| {
        let inside = |quotation: &&Quotation| {
            quotation
                .spans
                .iter()
                .all(|span| from <= span.start && span.end <= to)
        };
        let shifted = |span: &Span| Span {
            start: span.start - from,
            end: span.end - from,
        };
        let quotations: Vec<Quotation> = novel
            .quotations
            .iter()
            .filter(inside)
            .map(|quotation| Quotation {
                spans: quotation.spans.iter().map(shifted).collect(),
                speaker: quotation.speaker,
                kind: quotation.kind.clone(),
            })
            .collect();
        let story = story::parse(&novel.story.source.as_bytes()[from..to], "txt", "").ok()?;
        let name = novel.name.clone();
        (quotations.len() >= FEWEST && story.source.len() == to - from).then(|| Novel {
            name,
            story,
            characters: novel.characters.clone(),
            quotations,
        })
    };
    novel
        .story
        .chapters
        .iter()
        .filter_map(bounds)
        .filter_map(excerpt)
        .collect()
}

/// The records of a CSV file, by the names in its first row.
fn records(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut rows = rows(text).into_iter();
    let head = rows.next().unwrap_or_default();
    rows.filter(|row| row.len() == head.len())
        .map(|row| head.iter().cloned().zip(row).collect())
        .collect()
}

fn rows(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let row = rows.last_mut().expect("there is always a row");
        let cell = row.last_mut().expect("a row has a cell");
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => {
                cell.push('"');
                characters.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\n' if !quoted => rows.push(vec![String::new()]),
            '\r' if !quoted => {}
            _ => cell.push(c),
        }
    }
    rows.retain(|row| row.len() > 1);
    rows
}

/// The strings in a Python set or list of strings.
fn strings(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Option<(char, String)> = None;
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match &mut open {
            Some((mark, inside)) if c == *mark => {
                found.push(std::mem::take(inside));
                open = None;
            }
            Some((_, inside)) if c == '\\' => inside.extend(characters.next()),
            Some((_, inside)) => inside.push(c),
            None if matches!(c, '\'' | '"') => open = Some((c, String::new())),
            None => {}
        }
    }
    found
}
