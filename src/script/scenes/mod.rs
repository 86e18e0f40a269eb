//! Scenes: where the story marks them, and where time or company change without a mark.

mod company;
mod times;

use std::collections::BTreeSet;

use super::{Kind, Line, Name, Pause, Script, book::Book, people::PersonId};

/// How many words of narration are enough for a scene in which nobody speaks.
const WORDS: usize = 150;

/// A scene as a reader finds it in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// Its number, counted from 0 through the story, as in [`Line::scene`].
    pub number: usize,
    /// Index of its chapter in [`Script::chapters`].
    pub chapter: usize,
    /// Indices of its lines in [`Script::lines`].
    pub lines: std::ops::Range<usize>,
    /// The characters who speak in it, with how many lines, those with most first.
    pub speakers: Vec<(Name, usize)>,
}

/// The scenes of `script` in order. A scene of which nothing is read aloud is not among them.
pub fn scenes(script: &Script) -> Vec<Scene> {
    let mut scenes: Vec<Scene> = Vec::new();
    let heard = |(_, line): &(usize, &Line)| line.kind != Kind::Skipped;
    for (index, line) in script.lines.iter().enumerate().filter(heard) {
        let key = (line.chapter, line.scene);
        match scenes
            .last_mut()
            .filter(|last| (last.chapter, last.number) == key)
        {
            Some(last) => last.lines.end = index + 1,
            None => scenes.push(Scene {
                number: line.scene,
                chapter: line.chapter,
                lines: index..index + 1,
                speakers: Vec::new(),
            }),
        }
    }
    for scene in &mut scenes {
        scene.speakers = speakers(&script.lines[scene.lines.clone()]);
    }
    scenes
}

fn speakers(lines: &[Line]) -> Vec<(Name, usize)> {
    let mut speakers: Vec<(Name, usize)> = Vec::new();
    for line in lines.iter().filter(|line| line.kind == Kind::Speech) {
        match speakers.iter_mut().find(|(name, _)| *name == line.speaker) {
            Some((_, count)) => *count += 1,
            None => speakers.push((line.speaker.clone(), 1)),
        }
    }
    // Stable: of equals the one who speaks first.
    speakers.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    speakers
}

/// The bytes at which a scene begins that no mark shows, each the start of a paragraph; `speakers` tells the
/// speaker of each turn.
pub(super) fn starts(book: &Book, speakers: &[Option<PersonId>]) -> BTreeSet<usize> {
    let mut finder = Finder {
        book,
        speakers,
        words: prefix(book, |book, paragraph| {
            let tokens = &book.text.tokens[book.text.paragraphs[paragraph].tokens.clone()];
            tokens.iter().filter(|token| token.letter).count()
        }),
        found: BTreeSet::new(),
    };
    let mut start = 0;
    for part in book
        .text
        .paragraphs
        .chunk_by(|one, other| one.scene == other.scene)
    {
        finder.part(start, start + part.len());
        start += part.len();
    }
    let paragraphs = finder.found.iter();
    paragraphs
        .map(|paragraph| book.text.paragraphs[*paragraph].span.start)
        .collect()
}

/// Sums of a measure over all paragraphs before each.
fn prefix(book: &Book, measure: impl Fn(&Book, usize) -> usize) -> Vec<usize> {
    let mut sums = vec![0];
    for paragraph in 0..book.text.paragraphs.len() {
        sums.push(sums[paragraph] + measure(book, paragraph));
    }
    sums
}

struct Finder<'b, 's> {
    book: &'b Book<'s>,
    speakers: &'b [Option<PersonId>],
    /// Words before each paragraph.
    words: Vec<usize>,
    /// Paragraphs that begin a scene.
    found: BTreeSet<usize>,
}

impl Finder<'_, '_> {
    /// Finds the scenes between two marks, in paragraphs `start..end`.
    fn part(&mut self, start: usize, end: usize) {
        let text = &self.book.text;
        let times: Vec<usize> = (start + 1..end)
            .filter(|paragraph| times::moves(text, *paragraph) && !self.is_open(*paragraph))
            .collect();
        let mut scene = start;
        for (index, paragraph) in times.iter().enumerate() {
            let next = times.get(index + 1).copied().unwrap_or(end);
            self.company(&mut scene, *paragraph);
            if self.happens(scene, *paragraph) && self.happens(*paragraph, next) {
                self.found.insert(*paragraph);
                scene = *paragraph;
            }
        }
        self.company(&mut scene, end);
    }

    /// Finds changes of company in the paragraphs from `scene`, the start of the current one, to `end`.
    fn company(&mut self, scene: &mut usize, end: usize) {
        let turn_at = |paragraph: usize| {
            self.book
                .turns
                .partition_point(|turn| turn.paragraphs[0] < paragraph)
        };
        let (mut first, last) = (turn_at(*scene), turn_at(end));
        let mut next = first + 1;
        while next < last {
            if let Some(paragraph) = company::changes(self.book, self.speakers, first..next, last) {
                self.found.insert(paragraph);
                (*scene, first) = (paragraph, next);
            }
            next += 1;
        }
    }

    /// Whether paragraph `paragraph` goes on with a speech that the one before left open.
    fn is_open(&self, paragraph: usize) -> bool {
        let quotes = &self.book.text.quotes;
        let at = quotes.partition_point(|quote| quote.paragraph < paragraph);
        quotes
            .get(at)
            .is_some_and(|quote| quote.paragraph == paragraph && quote.continues)
    }

    /// Whether paragraphs `from..to` are enough for a scene: someone speaks, or much is told.
    fn happens(&self, from: usize, to: usize) -> bool {
        let quotes = &self.book.text.quotes;
        let speaks = |end: usize| quotes.partition_point(|quote| quote.paragraph < end);
        speaks(to) > speaks(from) || self.words[to] - self.words[from] >= WORDS
    }
}

/// Numbers the scenes of `lines` anew, with those that begin at the bytes `starts`.
///
/// A found scene ends with the same pause as a marked one: narrators pause there, and the page shows it as a
/// mark that can be taken out.
pub(super) fn set(lines: &mut [Line], starts: &BTreeSet<usize>) {
    let mut next = starts.iter().peekable();
    let mut added = 0;
    let mut heard: Option<usize> = None;
    for index in 0..lines.len() {
        let mut begins = false;
        while next
            .next_if(|start| **start <= lines[index].span.start)
            .is_some()
        {
            (added, begins) = (added + 1, true);
        }
        lines[index].scene += added;
        if begins && let Some(last) = heard.filter(|last| lines[*last].pause == Pause::Paragraph) {
            lines[last].pause = Pause::Scene;
        }
        if lines[index].kind != Kind::Skipped {
            heard = Some(index);
        }
    }
}
