//! What a page says, done to the story's own script.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use super::{
    Complaint, Page, UNCERTAIN, Who,
    align::{self, Fault, Stretch},
    characters::characters,
    fingerprint, one_line,
    roster::Roster,
    told::{self, Marks, Told},
};
use crate::{
    script::{
        Kind, Line, Name, Pause, Script,
        lines::{self, Placed},
    },
    story::{Span, Story},
};

/// How many characters of a line are shown in messages.
const SHOWN: usize = 50;

/// How many new lines of a story are listed one by one.
const LISTED: usize = 10;

/// A script as its page says.
#[derive(Clone, Debug, PartialEq)]
pub struct Edited {
    /// The script.
    pub script: Script,
    /// What could not be kept because the story changed after the page was written; empty if it did not.
    pub notes: Vec<String>,
}

/// Gives the lines of `story` the speakers, kinds, directions, scenes and chapters of `page`; `automatic` is what
/// [`adapt`](crate::script::adapt()) makes of the story.
///
/// If the story changed since the page was written, lines that are still there keep what the page says, lines with
/// most of their words too, and all others are as in `automatic`; the notes list them.
///
/// # Errors
/// The words of the page are not those of the story, although the story is the one it was written for.
pub fn apply(page: &Page, story: &Story, automatic: &Script) -> Result<Edited, Vec<Complaint>> {
    let (told, after) = told::told(page);
    let words: Vec<&str> = told.iter().map(|told| told.spoken.words.as_str()).collect();
    let stretches = align::align(&words, &automatic.lines, &story.source);
    let changed = page
        .source()
        .is_none_or(|source| source.fingerprint != fingerprint(&story.source));
    if !changed {
        let faults = stretches.iter().filter_map(|stretch| match stretch {
            Stretch::Apart { fault, page, .. } => {
                Some(complaint(*fault, page.end, &told, &story.source))
            }
            _ => None,
        });
        let faults: Vec<Complaint> = faults.collect();
        if !faults.is_empty() {
            return Err(faults);
        }
    }
    let mut editor = Editor {
        told,
        words,
        story,
        automatic,
        marks: told::marks(automatic),
        roster: Roster::of(&page.items),
        drafts: Vec::new(),
        notes: Vec::new(),
        found: 0,
    };
    for stretch in &stretches {
        editor.stretch(stretch);
    }
    Ok(editor.finish(after))
}

fn complaint(fault: Fault, end: usize, told: &[Told], source: &str) -> Complaint {
    let there = &source[fault.at..fault.end];
    let there = shown(there);
    if fault.line < end {
        let spoken = told[fault.line].spoken;
        let message = if there.is_empty() {
            "these words are not in the story here: take them away; to add words, change the story"
                .to_owned()
        } else {
            format!(
                "the story goes on with `{there}` here: put its words back; to change words, change the story"
            )
        };
        return Complaint {
            row: spoken.row,
            column: spoken.column + fault.right,
            message,
        };
    }
    let last = told
        .get(end)
        .or(told.last())
        .map_or(1, |told| told.spoken.row);
    Complaint {
        row: last,
        column: 1,
        message: format!(
            "the story's words `{there}` are missing before here: put the line back, as `Skipped (why): words` if it is not to be read"
        ),
    }
}

/// The first characters of `text` on one line.
fn shown(text: &str) -> String {
    let text = one_line(text);
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text,
    }
}

/// A line with what begins there.
struct Draft {
    line: Line,
    marks: Marks,
    /// Whether the page does not have it.
    new: bool,
}

struct Editor<'a> {
    told: Vec<Told<'a>>,
    words: Vec<&'a str>,
    story: &'a Story,
    automatic: &'a Script,
    marks: Vec<Marks>,
    roster: Roster<'a>,
    drafts: Vec<Draft>,
    notes: Vec<String>,
    /// How many lines the page does not have.
    found: usize,
}

impl Editor<'_> {
    fn stretch(&mut self, stretch: &Stretch) {
        match stretch {
            Stretch::Same { page, story } => self.keep(*page, *story),
            Stretch::Cut { page, spans } => {
                for (n, span) in spans.iter().enumerate() {
                    let line = self.said(page + n, *span, None);
                    let marks = self.told[page + n].marks.clone();
                    self.drafts.push(Draft {
                        line,
                        marks,
                        new: false,
                    });
                }
            }
            Stretch::Apart { page, story, .. } => self.apart(page.clone(), story.clone()),
        }
    }

    /// A stretch whose words changed in the story: what is still like the page's lines keeps what the page says.
    fn apart(&mut self, page: Range<usize>, story: Range<usize>) {
        let lines = &self.automatic.lines;
        let pairs = align::alike(&self.words, lines, page.clone(), story.clone());
        let pages: BTreeMap<usize, usize> = pairs.iter().map(|(page, at)| (*at, *page)).collect();
        let kept: BTreeSet<usize> = pairs.iter().map(|(page, _)| *page).collect();
        let gone = page.filter(|index| !kept.contains(index));
        for index in gone {
            let spoken = self.told[index].spoken;
            let (row, line) = (spoken.row, shown(&spoken.to_string()));
            self.notes.push(format!(
                "row {row} of the script is no longer in the story: `{line}`"
            ));
        }
        for at in story {
            match pages.get(&at) {
                Some(index) => self.keep(*index, at),
                None => self.find(at),
            }
        }
    }

    /// Line `index` of the page, which is line `at` of the story.
    fn keep(&mut self, index: usize, at: usize) {
        let automatic = &self.automatic.lines[at];
        let line = self.said(index, automatic.span, Some(automatic));
        let mut marks = self.told[index].marks.clone();
        if let Some(before) = self.drafts.last().filter(|draft| draft.new) {
            // A chapter or scene that now begins with the new lines before this one does not begin here again.
            let opened = !before.marks.chapters.is_empty() && self.marks[at].chapters.is_empty();
            if opened {
                marks.chapters.clear();
            }
            marks.scene &= self.marks[at].scene || !before.marks.scene;
        }
        self.drafts.push(Draft {
            line,
            marks,
            new: false,
        });
    }

    /// Line `at` of the story, which the page does not have.
    fn find(&mut self, at: usize) {
        let mut line = self.automatic.lines[at].clone();
        line.speaker = self.roster.resolve(line.speaker.as_str());
        if let Some(rival) = &mut line.rival {
            rival.name = self.roster.resolve(rival.name.as_str());
        }
        self.found += 1;
        let words = shown(&line.text);
        let note = match line.kind {
            Kind::Skipped => format!("new in the story, and not read aloud: `{words}`"),
            _ => format!(
                "new in the story, and found to be said by {}: `{words}`",
                line.speaker
            ),
        };
        if self.found <= LISTED {
            self.notes.push(note);
        }
        let marks = self.marks[at].clone();
        self.drafts.push(Draft {
            line,
            marks,
            new: true,
        });
    }

    /// The line at `span` as line `index` of the page says; `automatic` is the same line as it was found.
    fn said(&self, index: usize, span: Span, automatic: Option<&Line>) -> Line {
        let spoken = self.told[index].spoken;
        let (kind, speaker, direction) = match &spoken.who {
            Who::Heading => (Kind::Heading, Name::narrator(), None),
            Who::Skipped(_) => (Kind::Skipped, Name::narrator(), None),
            Who::Name {
                name,
                speaking,
                direction,
            } => {
                let speaker = self.roster.resolve(name);
                let told = speaker.is_narrator() && !speaking;
                let kind = if told { Kind::Narration } else { Kind::Speech };
                (kind, speaker, *direction)
            }
        };
        let mut line = Line {
            chapter: 0,
            scene: 0,
            speaker,
            kind,
            direction,
            span,
            text: span.of(&self.story.source).to_owned(),
            pause: Pause::Paragraph,
            certainty: 1.0,
            why: "set in the script".to_owned(),
            rival: None,
        };
        if let Some(automatic) = automatic {
            self.trust(&mut line, automatic, spoken.uncertain);
        }
        if let Who::Skipped(why) = &spoken.who {
            line.why.clone_from(why);
        }
        line
    }

    /// Takes over certainty and reason where the page says what was found; a `?` taken away confirms it.
    fn trust(&self, line: &mut Line, automatic: &Line, uncertain: bool) {
        let same = self.roster.resolve(automatic.speaker.as_str()) == line.speaker;
        if !same || automatic.kind != line.kind {
            return;
        }
        if line.kind == Kind::Speech && automatic.certainty < UNCERTAIN && !uncertain {
            "confirmed in the script".clone_into(&mut line.why);
            return;
        }
        line.certainty = automatic.certainty;
        line.why.clone_from(&automatic.why);
        line.rival.clone_from(&automatic.rival);
        if let Some(rival) = &mut line.rival {
            rival.name = self.roster.resolve(rival.name.as_str());
        }
        line.rival.take_if(|rival| rival.name == line.speaker);
    }

    fn finish(self, after: Vec<Option<String>>) -> Edited {
        let Self {
            automatic,
            roster,
            drafts,
            mut notes,
            found,
            ..
        } = self;
        if found > LISTED {
            notes.push(format!(
                "{} more lines are new in the story",
                found - LISTED
            ));
        }
        let mut chapters: Vec<Option<String>> = Vec::new();
        let (mut scene, mut block) = (0, 0);
        let mut placed = Vec::with_capacity(drafts.len());
        for Draft {
            mut line, marks, ..
        } in drafts
        {
            let opens = !marks.chapters.is_empty();
            chapters.extend(marks.chapters);
            if chapters.is_empty() {
                chapters.push(None);
            }
            if !placed.is_empty() {
                scene += usize::from(marks.scene || opens);
                block += usize::from(marks.paragraph || marks.scene || opens);
            }
            line.chapter = chapters.len() - 1;
            line.scene = scene;
            placed.push(Placed { line, block });
        }
        chapters.extend(after);
        if chapters.is_empty() {
            chapters.push(None);
        }
        let lines = lines::pauses(placed);
        let script = Script {
            meta: automatic.meta.clone(),
            chapters,
            characters: characters(&roster, automatic, &lines),
            lines,
        };
        Edited { script, notes }
    }
}
