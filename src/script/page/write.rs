//! A script laid out as a page, and a page as text.

use std::fmt;

use super::{
    DIRECTIONS, Entry, Item, NARRATES, Page, SPEAKING, Source, Spoken, UNCERTAIN, Who, fingerprint,
    one_line,
};
use crate::script::{Age, Character, Gender, Kind, Line, Pause, Script};

/// What a writer has to know, above every script.
const HELP: &str = "\
# Edit this file; `fullcast make` reads it. Rows that begin with `#` are remarks.
#   another speaker   put the name of anyone of the cast list before the colon; `Narrator` makes it narration
#   how it is said    `Ida (whispered): words`, or shouted, crying, laughing, thought, read, sung
#   not read aloud    `Skipped (why): words`; a skipped line with a name before it is read
#   unsure lines      begin with `?`; take the mark away once the speaker is right
#   split or join     cut a line in two, or put the words of two that follow each other into one
#   scenes, chapters  move, add or take away the marks `* * *` and `## Title`; a blank row ends a paragraph
#   rename, merge     write `-> New name` after a name of the cast list; the name of another there makes them one
#   split one         add a name to the cast list, as in `The old soldier (male, old)`, and give it lines
#   other words       stay out of here: change the story, and this file's other edits survive";

/// The page for `script`, as text. `file` is the story's file, relative to the folder of the page; `source` is its
/// [`source`](crate::story::Story::source).
pub fn write(script: &Script, file: &str, source: &str) -> String {
    page(script, file, source).to_string()
}

fn page(script: &Script, file: &str, source: &str) -> Page {
    let mut items = head(script);
    items.push(Item::Story(Source {
        file: file.to_owned(),
        fingerprint: fingerprint(source),
    }));
    items.extend([Item::Blank, Item::Cast]);
    items.extend(script.characters.iter().map(|one| Item::Entry(entry(one))));
    items.push(Item::Blank);
    body(script, &mut items);
    Page { items }
}

fn head(script: &Script) -> Vec<Item> {
    let by = match &script.meta.author {
        Some(author) => format!(", by {}", one_line(author)),
        None => String::new(),
    };
    let title = format!("# {}{by}", one_line(&script.meta.title));
    let rows = [title.trim_end(), "#"].into_iter().chain(HELP.lines());
    let mut items: Vec<Item> = rows.map(|row| Item::Remark(row.to_owned())).collect();
    items.push(Item::Blank);
    items
}

fn entry(character: &Character) -> Entry {
    let lines = if character.lines == 1 {
        "line"
    } else {
        "lines"
    };
    Entry {
        name: character.name.to_string(),
        renamed: None,
        aliases: character.aliases.clone(),
        count: Some(format!("{} {lines}", character.lines)),
        gender: character.gender,
        age: character.age,
        narrates: character.narrates,
        row: 0,
    }
}

fn body(script: &Script, items: &mut Vec<Item>) {
    let plain = script.chapters.len() < 2 && script.chapters.iter().all(Option::is_none);
    let mut opened = usize::from(plain);
    let mut mark = |upto: usize, items: &mut Vec<Item>| {
        while opened < upto.min(script.chapters.len()) {
            items.push(Item::Chapter(script.chapters[opened].clone()));
            items.push(Item::Blank);
            opened += 1;
        }
    };
    for (index, line) in script.lines.iter().enumerate() {
        mark(line.chapter + 1, items);
        items.push(Item::Spoken(spoken(line)));
        items.extend(doubt(line).map(Item::Remark));
        let Some(next) = script.lines.get(index + 1) else {
            items.push(Item::Blank);
            break;
        };
        if next.chapter == line.chapter && next.scene != line.scene {
            items.extend([Item::Blank, Item::Scene, Item::Blank]);
        } else if line.pause != Pause::Turn || next.chapter != line.chapter {
            items.push(Item::Blank);
        }
    }
    mark(script.chapters.len(), items);
    items.pop();
}

fn spoken(line: &Line) -> Spoken {
    let who = match line.kind {
        Kind::Heading => Who::Heading,
        Kind::Skipped => Who::Skipped(line.why.clone()),
        Kind::Narration | Kind::Speech => Who::Name {
            name: line.speaker.to_string(),
            speaking: line.kind == Kind::Speech && line.speaker.is_narrator(),
            direction: line.direction,
        },
    };
    Spoken {
        uncertain: is_unsure(line),
        who,
        words: one_line(&line.text),
        row: 0,
        column: 1,
    }
}

fn is_unsure(line: &Line) -> bool {
    line.kind == Kind::Speech && line.certainty < UNCERTAIN
}

/// Why an unsure line has its speaker, and who else it may be.
fn doubt(line: &Line) -> Option<String> {
    if !is_unsure(line) {
        return None;
    }
    let percent = line.certainty * 100.0;
    Some(format!("  # {percent:.0} %: {}", one_line(&line.why)))
}

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.items.iter().try_for_each(|item| writeln!(f, "{item}"))
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blank => Ok(()),
            Self::Remark(text) => f.write_str(text),
            Self::Story(source) if source.fingerprint.is_empty() => {
                write!(f, "Story: {}", source.file)
            }
            Self::Story(source) => write!(f, "Story: {} ({})", source.file, source.fingerprint),
            Self::Cast => f.write_str("Cast"),
            Self::Entry(entry) => write!(f, "  {entry}"),
            Self::Chapter(None) => f.write_str("##"),
            Self::Chapter(Some(title)) => f.write_str(format!("## {}", one_line(title)).trim_end()),
            Self::Scene => f.write_str("* * *"),
            Self::Spoken(spoken) => write!(f, "{spoken}"),
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if let Some(new) = &self.renamed {
            write!(f, " -> {new}")?;
        }
        if !self.aliases.is_empty() {
            write!(f, " = {}", self.aliases.join(", "))?;
        }
        let gender = match self.gender {
            Gender::Male => Some("male"),
            Gender::Female => Some("female"),
            Gender::Unknown => None,
        };
        let age = match self.age {
            Age::Child => Some("child"),
            Age::Adult => Some("adult"),
            Age::Old => Some("old"),
            Age::Unknown => None,
        };
        let narrates = self.narrates.then_some(NARRATES);
        let notes = [self.count.as_deref(), gender, age, narrates];
        let notes: Vec<&str> = notes.into_iter().flatten().collect();
        if notes.is_empty() {
            return Ok(());
        }
        write!(f, " ({})", notes.join(", "))
    }
}

impl fmt::Display for Spoken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.uncertain {
            f.write_str("? ")?;
        }
        write!(f, "{}:", self.who)?;
        if self.words.is_empty() {
            return Ok(());
        }
        write!(f, " {}", self.words)
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Heading => f.write_str("Heading"),
            Self::Skipped(why) if why.is_empty() => f.write_str("Skipped"),
            Self::Skipped(why) => write!(f, "Skipped ({why})"),
            Self::Name {
                name,
                speaking,
                direction,
            } => {
                let direction = DIRECTIONS
                    .iter()
                    .find(|(_, known)| Some(*known) == *direction)
                    .map(|(word, _)| *word);
                let ways = [speaking.then_some(SPEAKING), direction];
                let ways: Vec<&str> = ways.into_iter().flatten().collect();
                f.write_str(name)?;
                if ways.is_empty() {
                    return Ok(());
                }
                write!(f, " ({})", ways.join(", "))
            }
        }
    }
}
