//! How a text file shows its paragraphs: by blank lines, by line ends, or by indents.

use super::Span;

/// A run of text between paragraph boundaries.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chunk {
    /// Without the white space round it.
    pub(super) span: Span,
    /// How many blank lines stand before it.
    pub(super) blanks: usize,
    /// How many lines it covers.
    pub(super) lines: usize,
}

/// One line of the source without its white space; empty when blank.
#[derive(Clone, Copy)]
struct Row {
    span: Span,
    indented: bool,
}

/// What ends a paragraph in this text.
#[derive(Clone, Copy, PartialEq)]
enum Boundary {
    BlankLine,
    LineEnd,
    Indent,
}

/// The widest line, in characters, that a hard-wrapped text may have.
const WIDEST_WRAP: usize = 100;

/// All of `source` but white space, as chunks in order.
pub(super) fn chunks(source: &str) -> Vec<Chunk> {
    let rows = rows(source);
    let boundary = boundary(source, &rows);
    let mut chunks: Vec<Chunk> = Vec::new();
    let mut blanks = 0;
    for row in rows {
        if row.span.start == row.span.end {
            blanks += 1;
            continue;
        }
        let begins = blanks > 0
            || boundary == Boundary::LineEnd
            || (boundary == Boundary::Indent && row.indented);
        match chunks.last_mut() {
            Some(last) if !begins => {
                last.span.end = row.span.end;
                last.lines += 1;
            }
            _ => chunks.push(Chunk {
                span: row.span,
                blanks,
                lines: 1,
            }),
        }
        blanks = 0;
    }
    chunks
}

fn rows(source: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut start = 0;
    let bytes = source.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        let ends = *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
        if ends {
            rows.push(row(source, start, at));
            start = at + 1;
        }
    }
    rows.push(row(source, start, bytes.len()));
    rows
}

fn row(source: &str, start: usize, end: usize) -> Row {
    let line = &source[start..end];
    let left = line.len() - line.trim_start().len();
    let span = Span {
        start: start + left,
        end: start + left + line.trim().len(),
    };
    Row {
        span,
        indented: line.starts_with('\t') || left >= 2,
    }
}

fn boundary(source: &str, rows: &[Row]) -> Boundary {
    let width = |row: &Row| row.span.of(source).chars().count();
    let mut widths: Vec<usize> = rows.iter().map(width).filter(|width| *width > 0).collect();
    widths.sort_unstable();
    let Some(wide) = widths
        .get((widths.len() * 95 / 100).min(widths.len().saturating_sub(1)))
        .copied()
    else {
        return Boundary::BlankLine;
    };
    let pairs: Vec<&[Row]> = rows
        .windows(2)
        .filter(|pair| pair.iter().all(|row| row.span.start < row.span.end))
        .collect();
    if pairs.len() < 3 {
        return if wide > WIDEST_WRAP {
            Boundary::LineEnd
        } else {
            Boundary::BlankLine
        };
    }
    let is_full = |pair: &&&[Row]| {
        let next = pair[1].span.of(source);
        let first_word = next
            .split_whitespace()
            .next()
            .map_or(0, |word| word.chars().count());
        width(&pair[0]) + 1 + first_word > wide.min(WIDEST_WRAP)
    };
    let full = pairs.iter().filter(is_full).count();
    let dense = (pairs.len() + 1) * 10 > widths.len() * 9;
    let indents = rows
        .iter()
        .filter(|row| row.indented && row.span.start < row.span.end)
        .count();
    if dense
        && wide <= WIDEST_WRAP
        && indents * 20 >= widths.len()
        && indents * 10 < widths.len() * 9
    {
        Boundary::Indent
    } else if wide > WIDEST_WRAP || full * 2 < pairs.len() && dense {
        Boundary::LineEnd
    } else {
        Boundary::BlankLine
    }
}
