//! Chunks of text told apart: title page, headings, paragraphs, breaks, and what is no story.

mod title;

use super::{
    Block, Chapter, Meta, Span, front,
    heading::{self, Heading},
    layout::{self, Chunk},
};

/// What a chunk is.
#[derive(Clone, Debug, PartialEq)]
enum Role {
    Text,
    Break,
    /// The book's title or author.
    Title,
    /// Opens a chapter.
    Heading,
    /// Goes on with the heading before it.
    Subheading,
    Skipped(String),
}

/// A chunk and what it is.
struct Part {
    chunk: Chunk,
    role: Role,
}

impl Part {
    fn text<'s>(&self, source: &'s str) -> &'s str {
        self.chunk.span.of(source)
    }

    fn is_story(&self) -> bool {
        !matches!(self.role, Role::Skipped(_))
    }
}

/// The chapters of `source` and what it says of itself; `skipped` are the parts already known to be no text.
pub(super) fn outline(source: &str, skipped: &[(Span, String)]) -> (Meta, Vec<Chapter>) {
    let mut parts = parts(source, skipped);
    skip_anywhere(source, &mut parts);
    mark_breaks(source, &mut parts);
    skip_contents(source, &mut parts);
    mark_headings(source, &mut parts);
    let meta = title::title_page(source, &mut parts);
    (meta, chapters(source, &parts))
}

/// The chunks of `source`, cut where skipped parts begin and end.
fn parts(source: &str, skipped: &[(Span, String)]) -> Vec<Part> {
    let mut skipped = skipped.to_vec();
    let (start, end) = front::inner(source);
    skipped.push((
        Span {
            start: 0,
            end: start,
        },
        "the header of the library it comes from".to_owned(),
    ));
    skipped.push((
        Span {
            start: end,
            end: source.len(),
        },
        "the licence of the library it comes from".to_owned(),
    ));
    skipped.retain(|(span, _)| span.start < span.end);
    let mut parts = Vec::new();
    for chunk in layout::chunks(source) {
        cut(source, chunk, &skipped, &mut parts);
    }
    parts
}

fn cut(source: &str, chunk: Chunk, skipped: &[(Span, String)], parts: &mut Vec<Part>) {
    let Span { mut start, end } = chunk.span;
    while start < end {
        let inside = skipped
            .iter()
            .find(|(span, _)| (span.start..span.end).contains(&start));
        let (stop, role) = if let Some((span, reason)) = inside {
            (span.end.min(end), Role::Skipped(reason.clone()))
        } else {
            let next = skipped
                .iter()
                .map(|(span, _)| span.start)
                .filter(|at| *at > start)
                .min();
            (next.unwrap_or(end).min(end), Role::Text)
        };
        let text = &source[start..stop];
        let left = start + text.len() - text.trim_start().len();
        let span = Span {
            start: left,
            end: left + text.trim().len(),
        };
        if span.start < span.end {
            parts.push(Part {
                chunk: Chunk { span, ..chunk },
                role,
            });
        }
        start = stop;
    }
}

fn skip_anywhere(source: &str, parts: &mut [Part]) {
    for part in parts {
        if let (Role::Text, Some(reason)) = (&part.role, front::reason_anywhere(part.text(source)))
        {
            part.role = Role::Skipped(reason.to_owned());
        }
    }
}

fn mark_breaks(source: &str, parts: &mut [Part]) {
    for part in parts {
        if part.role == Role::Text && is_ornament(part.text(source)) {
            part.role = Role::Break;
        }
    }
}

/// Whether `text` is a row of marks that parts scenes.
pub(super) fn is_ornament(text: &str) -> bool {
    let marks = |c: char| {
        c.is_whitespace()
            || !(c.is_alphanumeric()
                || matches!(
                    c,
                    '"' | '“' | '”' | '‘' | '’' | '\'' | '«' | '»' | '?' | '!'
                ))
    };
    let letters = matches!(
        text,
        "o" | "x" | "oOo" | "o0o" | "oO0Oo" | "xXx" | "xxx" | "ooo" | "XXX"
    );
    letters || (text.chars().count() <= 60 && text.chars().all(marks) && text.lines().count() <= 2)
}

/// Skips a table of contents: its heading and the short lines below it.
fn skip_contents(source: &str, parts: &mut [Part]) {
    let is_contents = |part: &Part| {
        let text = heading::bare(part.text(source))
            .trim_end_matches([':', '.'])
            .to_lowercase();
        part.role == Role::Text && matches!(text.as_str(), "contents" | "table of contents")
    };
    let Some(at) = parts.iter().take(60).position(is_contents) else {
        return;
    };
    let mut seen: Vec<String> = Vec::new();
    for part in &mut parts[at..] {
        let text = heading::bare(part.text(source)).to_lowercase();
        let first_line = text.lines().next().unwrap_or_default().trim().to_owned();
        let entry = part.text(source).lines().all(|line| {
            line.chars().count() <= 90 && !line.trim_end().ends_with(['"', '”', '!', '?'])
        });
        if !entry || seen.contains(&first_line) {
            return;
        }
        seen.extend(text.lines().map(|line| line.trim().to_owned()));
        part.role = Role::Skipped("the table of contents".to_owned());
    }
}

fn mark_headings(source: &str, parts: &mut [Part]) {
    let kinds: Vec<Option<Heading>> = parts
        .iter()
        .map(|part| {
            if part.role == Role::Text {
                kind(part.text(source))
            } else {
                None
            }
        })
        .collect();
    let numbered = numbers_in_order(&kinds);
    let keyed = kinds
        .iter()
        .flatten()
        .any(|kind| !matches!(kind, Heading::Number(_) | Heading::Capitals));
    let shouted = kinds
        .iter()
        .enumerate()
        .filter(|(i, kind)| is_capital_heading(source, parts, *i, **kind))
        .count();
    let capitals = !keyed && numbered.is_empty() && shouted >= 2 && shouted * 4 < parts.len();
    let mut at = 0;
    while at < parts.len() {
        let accepted = match kinds[at] {
            Some(Heading::Number(_)) => numbered.contains(&at),
            Some(Heading::Capitals) => capitals && is_capital_heading(source, parts, at, kinds[at]),
            Some(Heading::Unnumbered) => {
                matches!(kinds.get(at + 1), Some(Some(Heading::Number(_))))
            }
            Some(_) => true,
            None => false,
        };
        if !accepted {
            at += 1;
            continue;
        }
        parts[at].role = Role::Heading;
        let open = !matches!(kinds[at], Some(Heading::Titled | Heading::Capitals));
        at += 1;
        if kinds[at - 1] == Some(Heading::Unnumbered) {
            parts[at].role = Role::Subheading;
            at += 1;
        }
        if open && has_title(source, parts, &kinds, at) {
            parts[at].role = Role::Subheading;
            at += 1;
        }
    }
}

fn kind(text: &str) -> Option<Heading> {
    let underlined = text.lines().nth(1).is_some_and(|line| {
        let line = line.trim();
        line.len() >= 3 && (line.bytes().all(|b| b == b'=') || line.bytes().all(|b| b == b'-'))
    });
    if heading::hashed(text).is_some() || (underlined && text.lines().count() == 2) {
        return Some(Heading::Titled);
    }
    heading::classify(text)
}

fn is_capital_heading(source: &str, parts: &[Part], at: usize, kind: Option<Heading>) -> bool {
    let text = heading::bare(parts[at].text(source)).trim_end_matches(['.', '!']);
    let closing = matches!(text, "THE END" | "FINIS" | "END" | "FIN");
    let followed = parts
        .get(at + 1)
        .is_some_and(|next| next.role == Role::Text);
    kind == Some(Heading::Capitals) && at > 0 && !closing && followed
}

/// Whether the chunk at `at` is the title of the heading before it.
fn has_title(source: &str, parts: &[Part], kinds: &[Option<Heading>], at: usize) -> bool {
    let Some(part) = parts.get(at) else {
        return false;
    };
    let free = matches!(kinds[at], None | Some(Heading::Capitals)) && part.role == Role::Text;
    let followed = parts
        .get(at + 1)
        .is_some_and(|next| next.role != Role::Break && kinds[at + 1].is_none());
    free && followed && heading::is_title(part.text(source))
}

/// The chunks that are bare numbers counting chapters: 1, 2, 3 …, starting again with each part.
fn numbers_in_order(kinds: &[Option<Heading>]) -> Vec<usize> {
    let mut last = 0;
    let mut found = Vec::new();
    for (at, kind) in kinds.iter().enumerate() {
        if let Some(Heading::Number(number)) = kind
            && (*number == last + 1 || (*number == 1 && last > 1))
        {
            last = *number;
            found.push(at);
        }
    }
    if found.len() < 2 { Vec::new() } else { found }
}

/// Text before the first heading that is shorter than this, in bytes, belongs to the first chapter.
const SHORT_OPENING: usize = 1500;

/// The same for text between the title page and the first heading.
const SHORT_IMPRINT: usize = 300;

fn chapters(source: &str, parts: &[Part]) -> Vec<Chapter> {
    let mut chapters = vec![Chapter::default()];
    let typical = typical_gap(parts);
    for (at, part) in parts.iter().enumerate() {
        let span = part.chunk.span;
        let count = chapters.len();
        let last = chapters.last_mut().expect("there is always one chapter");
        // A title that stood apart from the heading became a paragraph: nothing joins the heading across it.
        let joins = at > 0
            && last
                .heading
                .is_some_and(|heading| heading.end == parts[at - 1].chunk.span.end);
        match &part.role {
            Role::Title => match &mut last.heading {
                Some(heading) if joins => heading.end = span.end,
                Some(_) => last.blocks.push(Block::Paragraph(span)),
                None => last.heading = Some(span),
            },
            Role::Subheading if joins => extend(source, last, span, ": "),
            Role::Subheading => open(source, last, span),
            Role::Heading if joins => extend(source, last, span, " – "),
            Role::Heading if count == 1 && is_opening(last) => open(source, last, span),
            Role::Heading => {
                chapters.push(Chapter::default());
                open(source, chapters.last_mut().expect("just pushed"), span);
            }
            Role::Break => last.blocks.push(Block::Break(span)),
            Role::Skipped(reason) => last.blocks.push(Block::Skipped(span, reason.clone())),
            Role::Text => {
                if part.chunk.blanks >= 3
                    && part.chunk.blanks > typical
                    && matches!(last.blocks.last(), Some(Block::Paragraph(_)))
                {
                    last.blocks.push(Block::Break(Span {
                        start: span.start,
                        end: span.start,
                    }));
                }
                last.blocks.push(Block::Paragraph(span));
            }
        }
    }
    chapters
}

/// Whether `chapter` holds no more than what may stand before the first heading.
fn is_opening(chapter: &Chapter) -> bool {
    let length = |block: &Block| {
        if let Block::Paragraph(span) = block {
            span.end - span.start
        } else {
            0
        }
    };
    let length = chapter.blocks.iter().map(length).sum::<usize>();
    let limit = if chapter.heading.is_none() {
        SHORT_OPENING
    } else {
        SHORT_IMPRINT
    };
    chapter.title.is_none() && length < limit
}

/// Makes `span` the heading of `chapter`; a title page that is parted from it by other lines becomes text.
fn open(source: &str, chapter: &mut Chapter, span: Span) {
    if let Some(title_page) = chapter.heading.replace(span) {
        let place = chapter
            .blocks
            .partition_point(|block| block.span().start < title_page.start);
        chapter.blocks.insert(place, Block::Paragraph(title_page));
    }
    chapter.title = Some(shown(span.of(source))).filter(|title| !title.is_empty());
}

fn extend(source: &str, chapter: &mut Chapter, span: Span, joint: &str) {
    let Some(heading) = &mut chapter.heading else {
        return open(source, chapter, span);
    };
    heading.end = span.end;
    let more = shown(span.of(source));
    if more.is_empty() {
        return;
    }
    chapter.title = Some(match chapter.title.take() {
        Some(title) if title.ends_with(['.', ':']) => format!("{title} {more}"),
        Some(title) if title.chars().all(char::is_alphabetic) && joint == ": " => {
            format!("{title} {more}")
        }
        Some(title) => format!("{title}{joint}{more}"),
        None => more,
    });
}

/// A heading as it is to be shown: one line, without marks.
fn shown(text: &str) -> String {
    let text = heading::hashed(text).unwrap_or(text);
    let words = text
        .split_whitespace()
        .map(heading::bare)
        .filter(|word| word.chars().any(char::is_alphanumeric) || *word == "–" || *word == "—");
    words.collect::<Vec<_>>().join(" ")
}

/// How many blank lines usually stand between paragraphs.
fn typical_gap(parts: &[Part]) -> usize {
    let mut gaps: Vec<usize> = parts.iter().skip(1).map(|part| part.chunk.blanks).collect();
    gaps.sort_unstable();
    gaps.get(gaps.len() / 2).copied().unwrap_or(1)
}
