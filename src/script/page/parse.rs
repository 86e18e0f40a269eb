//! A page read: every row told apart, every fault placed, all of them at once.

use super::{
    Complaint, DIRECTIONS, Entry, Item, NARRATES, Page, SPEAKING, Source, Spoken, Who, one_line,
    roster::{self, Roster},
};
use crate::{
    error::nearest,
    script::{Age, Direction, Gender},
};

/// Reads a page.
///
/// # Errors
/// Every fault with its place: rows that are no line of a script, unknown speakers and directions, a cast list that
/// contradicts itself.
pub fn parse(text: &str) -> Result<Page, Vec<Complaint>> {
    let mut parser = Parser::default();
    let rows = text.trim_start_matches('\u{feff}').lines();
    for (index, row) in rows.enumerate() {
        parser.row = index + 1;
        parser.read(row);
    }
    parser.finish()
}

/// A name on the cast list, in a line, or what stands in brackets, with the column where it begins.
#[derive(Clone, Copy)]
struct Place<'r> {
    text: &'r str,
    column: usize,
}

#[derive(Default)]
struct Parser {
    items: Vec<Item>,
    complaints: Vec<Complaint>,
    /// Number of the row being read.
    row: usize,
    /// Whether the rows below `Cast` are still being read.
    in_cast: bool,
    /// How many items there were when the last entry of the cast list was read.
    cast_end: usize,
}

impl Parser {
    fn complain(&mut self, column: usize, message: impl Into<String>) {
        self.complaints.push(Complaint {
            row: self.row,
            column,
            message: message.into(),
        });
    }

    fn read(&mut self, row: &str) {
        let text = row.trim();
        let item = if text.is_empty() {
            Item::Blank
        } else if let Some(title) = text.strip_prefix("##") {
            let title = one_line(title);
            Item::Chapter((!title.is_empty()).then_some(title))
        } else if text.starts_with('#') {
            Item::Remark(row.trim_end().to_owned())
        } else if matches!(text, "* * *" | "***") {
            Item::Scene
        } else if text == "Cast" {
            self.in_cast = true;
            Item::Cast
        } else if self.in_cast && row.starts_with(char::is_whitespace) {
            self.entry(row)
        } else if let Some(file) = text.strip_prefix("Story:").filter(|_| self.in_head()) {
            Item::Story(story(file.trim()))
        } else if let Some(spoken) = self.spoken(row) {
            Item::Spoken(spoken)
        } else {
            return;
        };
        self.in_cast &= matches!(
            item,
            Item::Cast | Item::Entry(_) | Item::Remark(_) | Item::Blank
        );
        self.items.push(item);
        if self.in_cast {
            self.cast_end = self.items.len();
        }
    }

    /// The cast list as far as it was read.
    fn roster(&self) -> Roster<'_> {
        Roster::of(&self.items[..self.cast_end])
    }

    /// Whether nothing but remarks and blank rows was read yet.
    fn in_head(&self) -> bool {
        let head = |item: &Item| matches!(item, Item::Blank | Item::Remark(_));
        self.items.iter().all(head)
    }

    /// `NAME [-> NEW] [= ALIAS, ALIAS] [(NOTE, NOTE)]`; the new name may as well stand at the end.
    fn entry(&mut self, row: &str) -> Item {
        let mut entry = Entry {
            row: self.row,
            ..Entry::default()
        };
        let whole = inner(row, row);
        let (old, new) = match whole.text.split_once("->") {
            Some((old, new)) => (inner(row, old), Some(inner(row, new))),
            None => (whole, None),
        };
        let rest = self.described(&mut entry, old, row);
        let (name, aliases) = named(rest.text);
        entry.name = name;
        entry.aliases = aliases;
        if let Some(new) = new {
            let rest = self.described(&mut entry, new, row);
            let (name, aliases) = named(rest.text);
            if name.is_empty() {
                self.complain(rest.column, "expected the new name after `->`");
            }
            entry.aliases.extend(aliases);
            entry.renamed = Some(name).filter(|name| !name.is_empty());
        }
        if entry.name.is_empty() {
            self.complain(whole.column, "expected a name");
        }
        if let Some(mark) = entry.name.find(':') {
            let column = whole.column + entry.name[..mark].chars().count();
            self.complain(column, "a name on the cast list cannot hold a colon");
        }
        Item::Entry(entry)
    }

    /// Takes the notes in brackets at the end of `part` into `entry`; what stands before them.
    fn described<'r>(&mut self, entry: &mut Entry, part: Place<'r>, row: &'r str) -> Place<'r> {
        let Some((before, notes)) = bracketed(part.text) else {
            return part;
        };
        if notes.chars().all(|c| c.is_ascii_digit()) {
            return part;
        }
        for note in notes.split(',') {
            let place = inner(row, note);
            self.note(entry, place);
        }
        inner(row, before)
    }

    fn note(&mut self, entry: &mut Entry, note: Place) {
        match note.text {
            "male" => entry.gender = Gender::Male,
            "female" => entry.gender = Gender::Female,
            "child" => entry.age = Age::Child,
            "adult" => entry.age = Age::Adult,
            "old" => entry.age = Age::Old,
            NARRATES => entry.narrates = true,
            text if is_count(text) => entry.count = Some(text.to_owned()),
            text => {
                let known = ["male", "female", "child", "adult", "old", NARRATES];
                let cure = cure(text, &known);
                self.complain(
                    note.column,
                    format!("`{text}` says nothing known of a character: {cure}"),
                );
            }
        }
    }

    fn spoken(&mut self, row: &str) -> Option<Spoken> {
        let whole = inner(row, row);
        let line = whole
            .text
            .strip_prefix('?')
            .map_or(whole, |rest| inner(row, rest));
        let Some((head, words)) = divide(line.text) else {
            self.complain(
                whole.column,
                "expected `Speaker: words`: begin the row with a name and a colon, or with `#`",
            );
            return None;
        };
        let head = inner(row, head);
        let who = self.who(head, row);
        Some(Spoken {
            uncertain: whole.text.starts_with('?'),
            who,
            words: one_line(words),
            row: self.row,
            column: inner(row, words).column,
        })
    }

    fn who(&mut self, head: Place, row: &str) -> Who {
        let known = |name: &str| self.roster().knows(name);
        match bracketed(head.text) {
            _ if head.text == "Heading" => Who::Heading,
            _ if head.text == "Skipped" => Who::Skipped(String::new()),
            _ if known(head.text) => self.name(head, false, None),
            Some((before, why)) if before.trim() == "Skipped" => Who::Skipped(one_line(why)),
            Some((before, ways)) => self.directed(inner(row, before), ways, row),
            None => self.name(head, false, None),
        }
    }

    fn directed(&mut self, name: Place, ways: &str, row: &str) -> Who {
        let (mut speaking, mut direction) = (false, None);
        for way in ways.split(',') {
            let way = inner(row, way);
            if let Some((_, known)) = DIRECTIONS.iter().find(|(word, _)| *word == way.text) {
                direction = Some(*known);
            } else if way.text == SPEAKING {
                speaking = true;
            } else {
                let known = DIRECTIONS.map(|(word, _)| word);
                let cure = cure(way.text, &known);
                self.complain(
                    way.column,
                    format!("unknown direction `{}`: {cure}", way.text),
                );
            }
        }
        self.name(name, speaking, direction)
    }

    fn name(&mut self, name: Place, speaking: bool, direction: Option<Direction>) -> Who {
        let text = one_line(name.text);
        if text.is_empty() {
            self.complain(name.column, "expected a speaker before the colon");
        } else if !self.roster().knows(&text) {
            let names: Vec<String> = self.roster().names();
            let known: Vec<&str> = names.iter().map(String::as_str).collect();
            let cure = match nearest(&text, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "put the name on the cast list first".to_owned(),
            };
            self.complain(
                name.column,
                format!("`{text}` is not on the cast list: {cure}"),
            );
        }
        Who::Name {
            name: text,
            speaking,
            direction,
        }
    }

    fn finish(mut self) -> Result<Page, Vec<Complaint>> {
        self.complaints.extend(roster::faults(&self.items));
        self.complaints.sort();
        if self.complaints.is_empty() {
            Ok(Page { items: self.items })
        } else {
            Err(self.complaints)
        }
    }
}

/// `part`, a slice of `row`, without white space round it, and the column where it begins.
fn inner<'r>(row: &str, part: &'r str) -> Place<'r> {
    let text = part.trim();
    let start = (text.as_ptr() as usize).saturating_sub(row.as_ptr() as usize);
    Place {
        text,
        column: row[..start.min(row.len())].chars().count() + 1,
    }
}

fn story(text: &str) -> Source {
    let is_print = |print: &str| print.len() == 16 && print.bytes().all(|b| b.is_ascii_hexdigit());
    match bracketed(text).filter(|(_, print)| is_print(print)) {
        Some((file, print)) => Source {
            file: file.trim().to_owned(),
            fingerprint: print.to_owned(),
        },
        None => Source {
            file: text.to_owned(),
            fingerprint: String::new(),
        },
    }
}

/// `a (b)` as `a` and `b`: the brackets at the end.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let inside = text.trim_end().strip_suffix(')')?;
    let open = inside.rfind('(')?;
    Some((&inside[..open], &inside[open + 1..]))
}

/// `NAME = ALIAS, ALIAS`.
fn named(text: &str) -> (String, Vec<String>) {
    let (name, aliases) = text.split_once('=').unwrap_or((text, ""));
    let aliases = aliases.split(',').map(one_line);
    (
        one_line(name),
        aliases.filter(|alias| !alias.is_empty()).collect(),
    )
}

/// What stands before and after the colon; the reason of a skipped line may hold colons of its own.
fn divide(line: &str) -> Option<(&str, &str)> {
    let ends = |at: usize| {
        line[at + 1..]
            .chars()
            .next()
            .is_none_or(char::is_whitespace)
    };
    let from = match line.strip_prefix("Skipped") {
        Some(rest) if rest.trim_start().starts_with('(') => line.find("):").map_or(0, |at| at + 1),
        _ => 0,
    };
    let (colon, _) = line
        .match_indices(':')
        .find(|(at, _)| *at >= from && ends(*at))?;
    Some((&line[..colon], &line[colon + 1..]))
}

/// `12 lines`.
fn is_count(text: &str) -> bool {
    let number = text
        .strip_suffix(" lines")
        .or_else(|| text.strip_suffix(" line"));
    number.is_some_and(|number| number.parse::<usize>().is_ok())
}

fn cure(word: &str, known: &[&str]) -> String {
    match nearest(word, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("write one of `{}`", known.join("`, `")),
    }
}
