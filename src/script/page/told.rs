//! A page's lines with the marks before each, and the same of a script.

use super::{Item, Page, Spoken};
use crate::script::{Pause, Script};

/// What begins at a line.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Marks {
    /// The chapters that begin here; more than one if some are empty.
    pub(super) chapters: Vec<Option<String>>,
    /// Whether a scene begins inside a chapter.
    pub(super) scene: bool,
    /// Whether a paragraph begins.
    pub(super) paragraph: bool,
}

/// A line of the page, and what begins there.
pub(super) struct Told<'p> {
    pub(super) spoken: &'p Spoken,
    pub(super) marks: Marks,
}

/// The lines of `page`, and the chapters after the last of them.
pub(super) fn told(page: &Page) -> (Vec<Told<'_>>, Vec<Option<String>>) {
    let (mut lines, mut marks) = (Vec::new(), Marks::default());
    for item in &page.items {
        match item {
            Item::Blank => marks.paragraph = true,
            Item::Chapter(title) => marks.chapters.push(title.clone()),
            Item::Scene => marks.scene = true,
            Item::Spoken(spoken) => lines.push(Told {
                spoken,
                marks: std::mem::take(&mut marks),
            }),
            Item::Remark(_) | Item::Story(_) | Item::Cast | Item::Entry(_) => {}
        }
    }
    (lines, marks.chapters)
}

/// What begins at each line of `script`.
pub(super) fn marks(script: &Script) -> Vec<Marks> {
    let mut opened = 0;
    let mut all = Vec::with_capacity(script.lines.len());
    for (index, line) in script.lines.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| &script.lines[before]);
        let upto = (line.chapter + 1).max(opened);
        let chapters = script.chapters[opened..upto].to_vec();
        opened = upto;
        all.push(Marks {
            scene: chapters.is_empty() && before.is_some_and(|before| before.scene != line.scene),
            paragraph: before.is_none_or(|before| before.pause != Pause::Turn),
            chapters,
        });
    }
    all
}
