//! The lines of a page laid against the lines of the story: the same, cut otherwise, or no longer the same words.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::one_line;
use crate::{script::Line, story::Span};

/// A run of the page and what it is in the story.
#[derive(Debug, PartialEq)]
pub(super) enum Stretch {
    /// Line `page` of the page has the words of line `story` of the story.
    Same { page: usize, story: usize },
    /// The page's lines from `page` on have the words of the story, cut in other places.
    Cut { page: usize, spans: Vec<Span> },
    /// The words are not the same.
    Apart {
        page: Range<usize>,
        story: Range<usize>,
        fault: Fault,
    },
}

/// Where the words of a page first differ from the story's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Index of the page's line; one past the stretch's last if words of the story are missing at its end.
    pub(super) line: usize,
    /// Characters of that line that are still right.
    pub(super) right: usize,
    /// Where the story goes on otherwise, in bytes.
    pub(super) at: usize,
    /// Where the stretch ends in the story, in bytes.
    pub(super) end: usize,
}

/// Lays `words`, the page's lines, against `lines`, the story's.
///
/// Lines with the same words anchor each other (patience diff, Bram Cohen); between two anchors, the characters are
/// followed one by one, so that lines may be split and joined.
pub(super) fn align(words: &[&str], lines: &[Line], source: &str) -> Vec<Stretch> {
    let texts: Vec<String> = lines.iter().map(|line| one_line(&line.text)).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut stretches = Vec::new();
    let (mut page, mut story) = (0, 0);
    for op in capture_diff_slices(Algorithm::Patience, words, &texts) {
        let DiffOp::Equal {
            old_index,
            new_index,
            len,
        } = op
        else {
            continue;
        };
        stretches.extend(between(
            words,
            lines,
            source,
            page..old_index,
            story..new_index,
        ));
        stretches.extend((0..len).map(|n| Stretch::Same {
            page: old_index + n,
            story: new_index + n,
        }));
        (page, story) = (old_index + len, new_index + len);
    }
    stretches.extend(between(
        words,
        lines,
        source,
        page..words.len(),
        story..lines.len(),
    ));
    stretches
}

fn between(
    words: &[&str],
    lines: &[Line],
    source: &str,
    page: Range<usize>,
    story: Range<usize>,
) -> Option<Stretch> {
    if page.is_empty() && story.is_empty() {
        return None;
    }
    let range = Span {
        start: story
            .start
            .checked_sub(1)
            .map_or(0, |before| lines[before].span.end),
        end: lines
            .get(story.end)
            .map_or(source.len(), |next| next.span.start),
    };
    Some(match fit(source, range, &words[page.clone()]) {
        Ok(spans) => Stretch::Cut {
            page: page.start,
            spans,
        },
        Err(fault) => Stretch::Apart {
            fault: Fault {
                line: page.start + fault.line,
                ..fault
            },
            page,
            story,
        },
    })
}

/// Where each of `lines` stands in `range`, if together they hold all its letters and digits in order.
fn fit(source: &str, range: Span, lines: &[&str]) -> Result<Vec<Span>, Fault> {
    let mut at = range.start;
    let mut spans = Vec::with_capacity(lines.len());
    let fault = |line, right, at| Fault {
        line,
        right,
        at,
        end: range.end,
    };
    for (line, words) in lines.iter().enumerate() {
        let (mut start, mut end) = (None, at);
        for (right, wanted) in words
            .chars()
            .enumerate()
            .filter(|(_, c)| !c.is_whitespace())
        {
            let skipped = |c: char| {
                c != wanted
                    && (c.is_whitespace()
                        || is_quote(c)
                        || (start.is_none() && !c.is_alphanumeric()))
            };
            let rest = &source[at..range.end];
            at += rest.len() - rest.trim_start_matches(skipped).len();
            if !source[at..range.end].starts_with(wanted) {
                return Err(fault(line, right, at));
            }
            start.get_or_insert(at);
            at += wanted.len_utf8();
            end = at;
        }
        spans.push(Span {
            start: start.unwrap_or(end),
            end,
        });
    }
    match source[at..range.end].find(char::is_alphanumeric) {
        Some(lost) => Err(fault(lines.len(), 0, at + lost)),
        None => Ok(spans),
    }
}

/// Marks that stand round speech and may lie inside a line that was joined.
fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '‹' | '›')
}

/// How far ahead the counterpart of a changed line is looked for.
const WINDOW: usize = 30;
/// The share of words that a line must keep to be the same line.
const ALIKE: f32 = 0.6;

/// Pairs of a page's line and the story's line that it became, both in order.
pub(super) fn alike(
    words: &[&str],
    lines: &[Line],
    page: Range<usize>,
    story: Range<usize>,
) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let mut from = story.start;
    for index in page {
        let ahead = from..story.end.min(from + WINDOW);
        let found = ahead
            .into_iter()
            .find(|at| likeness(words[index], &lines[*at].text) >= ALIKE);
        if let Some(at) = found {
            pairs.push((index, at));
            from = at + 1;
        }
    }
    pairs
}

/// The share of words that two texts have in common (Dice's coefficient over words, capitals aside).
fn likeness(one: &str, other: &str) -> f32 {
    let words = |text: &str| {
        let text = text.to_lowercase();
        let split = text.split(|c: char| !c.is_alphanumeric());
        let mut words: Vec<String> = split.filter(|w| !w.is_empty()).map(str::to_owned).collect();
        words.sort_unstable();
        words
    };
    let (one, mut other) = (words(one), words(other));
    let total = one.len() + other.len();
    let shared = one.iter().filter(|word| match other.binary_search(word) {
        Ok(at) => {
            other.remove(at);
            true
        }
        Err(_) => false,
    });
    2.0 * shared.count() as f32 / total.max(1) as f32
}
