//! Pieces of a document in XML, as its paragraphs end one after the other.

use super::flow::{Kind, Piece};

/// Pieces in the making: words come in, paragraphs end.
#[derive(Default)]
pub(super) struct Pieces {
    done: Vec<Piece>,
    text: String,
    /// Texts whose end is still to come, put aside for a note.
    aside: Vec<String>,
    /// Notes that stand in the middle of a paragraph: they come behind it.
    notes: Vec<Piece>,
    /// Where the mark of a footnote begins.
    mark: Option<usize>,
    marks: Vec<String>,
}

impl Pieces {
    /// Takes letters; white space becomes one blank.
    pub(super) fn words(&mut self, words: &str) {
        for letter in words.chars() {
            if !letter.is_whitespace() {
                self.text.push(letter);
            } else if !self.text.ends_with([' ', '\n']) {
                self.text.push(' ');
            }
        }
    }

    /// Ends a row.
    pub(super) fn row(&mut self) {
        self.text.push('\n');
    }

    /// A break between scenes.
    pub(super) fn pause(&mut self) {
        self.push(Kind::Break, String::new());
    }

    /// The mark of a footnote begins.
    pub(super) fn open_mark(&mut self) {
        self.mark = Some(self.text.len());
    }

    /// It ends.
    pub(super) fn close_mark(&mut self) {
        if let Some(text) = self.mark.take().and_then(|start| self.text.get(start..)) {
            self.marks.push(text.trim().to_owned());
            self.text.truncate(self.text.len() - text.len());
        }
    }

    /// A note begins within a paragraph.
    pub(super) fn put_aside(&mut self) {
        self.aside.push(std::mem::take(&mut self.text));
    }

    /// It ends, and the paragraph goes on.
    pub(super) fn go_on(&mut self) {
        self.end(Kind::Skipped("a note"));
        self.text = self.aside.pop().unwrap_or_default();
    }

    /// Ends a paragraph; an empty one is none.
    pub(super) fn end(&mut self, kind: Kind) {
        let rows = self.text.split('\n').map(str::trim);
        let rows: Vec<&str> = rows.filter(|row| !row.is_empty()).collect();
        let text = rows.join("\n");
        self.text.clear();
        self.mark = None;
        if !text.is_empty() {
            self.push(kind, text);
        }
    }

    fn push(&mut self, kind: Kind, text: String) {
        let piece = Piece {
            kind,
            text,
            ids: Vec::new(),
        };
        if self.aside.is_empty() {
            self.done.push(piece);
            self.done.append(&mut self.notes);
        } else {
            self.notes.push(piece);
        }
    }

    /// All pieces, and the marks of footnotes behind them.
    pub(super) fn finish(mut self) -> Vec<Piece> {
        self.aside.clear();
        self.end(Kind::Paragraph);
        self.done.append(&mut self.notes);
        if !self.marks.is_empty() {
            let marks = self.marks.join(" ");
            self.push(Kind::Skipped("marks of footnotes"), marks);
        }
        self.done
    }
}
