//! The story cut into lines: narration, speech, headings and what is skipped, in order and without a gap.

use super::{Kind, Line, Name, Pause, Rival, text::Text};
use crate::story::{Block, Span, Story};

/// Who says a quotation, how sure that is, and why.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) speaker: Name,
    pub(super) certainty: f32,
    pub(super) why: String,
    pub(super) rival: Option<Rival>,
}

/// A line with the paragraph it belongs to, which decides the pause after it.
pub(super) struct Placed {
    pub(super) line: Line,
    pub(super) block: usize,
}

/// All lines of `story`; `said` tells the speaker of each quotation of `text`.
pub(super) fn lines(story: &Story, text: &Text, said: &[Said]) -> Vec<Line> {
    let mut cutter = Cutter {
        story,
        text,
        said,
        placed: Vec::new(),
        chapter: 0,
        scene: 0,
        block: 0,
        quote: 0,
    };
    for (index, chapter) in story.chapters.iter().enumerate() {
        cutter.chapter = index;
        let mut heading = chapter.heading;
        for block in &chapter.blocks {
            if let Some(span) = heading.take_if(|heading| heading.start <= block.span().start) {
                cutter.heading(span);
            }
            cutter.block(block);
        }
        if let Some(span) = heading {
            cutter.heading(span);
        }
        cutter.end_scene();
    }
    pauses(cutter.placed)
}

struct Cutter<'c> {
    story: &'c Story,
    text: &'c Text<'c>,
    said: &'c [Said],
    placed: Vec<Placed>,
    chapter: usize,
    scene: usize,
    block: usize,
    quote: usize,
}

impl Cutter<'_> {
    fn block(&mut self, block: &Block) {
        self.block += 1;
        match block {
            Block::Paragraph(span) => self.paragraph(*span),
            Block::Break(span) => self.pause(*span),
            Block::Skipped(span, reason) => {
                self.push(Kind::Skipped, *span, Name::narrator(), 1.0, reason.clone());
            }
        }
    }

    /// A scene break; one drawn with letters (`oOo`) is not read aloud but kept, so that no letter of the story is lost.
    fn pause(&mut self, span: Span) {
        if span.of(&self.story.source).contains(char::is_alphanumeric) {
            let why = "the mark of a scene break".to_owned();
            self.push(Kind::Skipped, span, Name::narrator(), 1.0, why);
        }
        self.end_scene();
    }

    fn end_scene(&mut self) {
        if self
            .placed
            .last()
            .is_some_and(|last| last.line.scene == self.scene)
        {
            self.scene += 1;
        }
    }

    /// A heading, each of its parts a line.
    fn heading(&mut self, span: Span) {
        for part in parts(self.story, span) {
            self.block += 1;
            self.push(Kind::Heading, part, Name::narrator(), 1.0, String::new());
        }
    }

    fn paragraph(&mut self, span: Span) {
        let mut at = span.start;
        while let Some(quote) = self
            .text
            .quotes
            .get(self.quote)
            .filter(|quote| quote.span.end <= span.end)
        {
            self.narration(Span {
                start: at,
                end: quote.span.start,
            });
            let said = self.said[self.quote].clone();
            self.push(
                Kind::Speech,
                quote.span,
                said.speaker,
                said.certainty,
                said.why,
            );
            let line = self.placed.last_mut().expect("just pushed");
            line.line.rival = said.rival;
            at = quote.span.end;
            self.quote += 1;
        }
        self.narration(Span {
            start: at,
            end: span.end,
        });
    }

    /// What stands between quotations, without their marks; nothing if nothing can be read.
    fn narration(&mut self, span: Span) {
        let text = span.of(&self.story.source);
        let mark = |c: char| c.is_whitespace() || matches!(c, '"' | '“' | '”' | '„' | '«' | '»');
        let inner = text.trim_matches(mark);
        let start = span.start + text.len() - text.trim_start_matches(mark).len();
        if inner.chars().any(char::is_alphanumeric) {
            self.push(
                Kind::Narration,
                Span {
                    start,
                    end: start + inner.len(),
                },
                Name::narrator(),
                1.0,
                String::new(),
            );
        }
    }

    fn push(&mut self, kind: Kind, span: Span, speaker: Name, certainty: f32, why: String) {
        let line = Line {
            chapter: self.chapter,
            scene: self.scene,
            speaker,
            kind,
            direction: None,
            span,
            text: span.of(&self.story.source).to_owned(),
            pause: Pause::Paragraph,
            certainty,
            why,
            rival: None,
        };
        self.placed.push(Placed {
            line,
            block: self.block,
        });
    }
}

/// The parts of a heading that blank lines set apart.
fn parts(story: &Story, span: Span) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let mut at = span.start;
    let mut joined = false;
    for row in span.of(&story.source).split_inclusive('\n') {
        let text = row.trim();
        let start = at + row.len() - row.trim_start().len();
        if !text.chars().any(char::is_alphanumeric) {
            joined = false;
        } else if let Some(last) = found.last_mut().filter(|_| joined) {
            last.end = start + text.len();
        } else {
            found.push(Span {
                start,
                end: start + text.len(),
            });
            joined = true;
        }
        at += row.len();
    }
    found
}

/// Sets each line's pause by what is read next; a skipped line's only says whether its paragraph ends.
pub(super) fn pauses(placed: Vec<Placed>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::with_capacity(placed.len());
    let mut next: Option<(usize, usize, usize)> = None;
    let mut below: Option<(usize, usize, usize)> = None;
    for mut placed in placed.into_iter().rev() {
        let line = &mut placed.line;
        if line.kind != Kind::Skipped {
            line.pause = match next {
                None => Pause::Chapter,
                Some((chapter, ..)) if chapter != line.chapter => Pause::Chapter,
                _ if line.kind == Kind::Heading => Pause::Heading,
                Some((_, scene, _)) if scene != line.scene => Pause::Scene,
                Some((.., block)) if block != placed.block => Pause::Paragraph,
                Some(_) => Pause::Turn,
            };
            next = Some((line.chapter, line.scene, placed.block));
        }
        let place = (placed.line.chapter, placed.line.scene, placed.block);
        if placed.line.kind == Kind::Skipped && below == Some(place) {
            placed.line.pause = Pause::Turn;
        }
        below = Some(place);
        lines.push(placed.line);
    }
    lines.reverse();
    lines
}
