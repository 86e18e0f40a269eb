//! A story adapted for voices: the quotations given to their speakers, the speakers to one list.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Age, Character, Gender, Kind, Line, Name, Rival, Script, age,
    book::Book,
    direction, label,
    lines::{self, Said},
    ranker::{self, Verdict, Weights},
    scenes,
    why::{reason, why},
};
use crate::story::Story;

/// Who speaks where nobody can be found.
const NOBODY: &str = "Someone";

/// The script of `story`: every line with its speaker.
///
/// # Example
/// ```
/// let story = fullcast::story::parse(b"\"Tea?\" asked Ida.", "txt", "Tea").expect("it is a story");
/// let script = fullcast::script::adapt(&story);
/// assert_eq!(script.lines[0].speaker.as_str(), "Ida");
/// ```
pub fn adapt(story: &Story) -> Script {
    let book = Book::open(story);
    let verdicts = ranker::attribute(&book, Weights::learned());
    let names = names(&book);
    let mut said = vec![
        Said {
            speaker: Name::new(NOBODY),
            certainty: 0.0,
            why: "nobody is named".to_owned(),
            rival: None,
        };
        book.text.quotes.len()
    ];
    let speakers: Vec<Option<usize>> = verdicts
        .iter()
        .map(|verdict| verdict.map(|verdict| verdict.person))
        .collect();
    for (index, verdict) in verdicts.iter().enumerate() {
        let Some(verdict) = verdict else { continue };
        let why = why(&book, index, verdict, &speakers, &names);
        let rival = verdict.second.map(|(second, share)| Rival {
            name: Name::new(names[second].clone()),
            share,
            why: reason(&book, index, second, &speakers),
        });
        for quote in &book.turns[index].quotes {
            said[*quote] = Said {
                speaker: Name::new(names[verdict.person].clone()),
                certainty: verdict.probability,
                why: why.clone(),
                rival: rival.clone(),
            };
        }
    }
    let mut lines = lines::lines(story, &book.text, &said);
    let directions = direction::directions(&book, &speakers);
    direction::set(&mut lines, &directions, book.teller.is_some());
    scenes::set(&mut lines, &scenes::starts(&book, &speakers));
    let characters = characters(&book, &names, &verdicts, &lines);
    Script {
        meta: story.meta.clone(),
        chapters: story
            .chapters
            .iter()
            .map(|chapter| chapter.title.clone())
            .collect(),
        characters,
        lines,
    }
}

/// Everyone's canonical name, no two alike, none that means something else in a written script, and none the
/// narrator's but the teller's own.
fn names(book: &Book) -> Vec<String> {
    let mut taken: BTreeSet<String> =
        BTreeSet::from([NOBODY, "Heading", "Skipped"].map(str::to_owned));
    let mut names = Vec::new();
    for person in 0..book.people.all.len() {
        let name = label::names(book, person).0;
        let teller = book.teller == Some(person) && Name::new(name.clone()).is_narrator();
        if !teller {
            taken.insert(Name::narrator().as_str().to_owned());
        }
        let mut unique = name.clone();
        let mut number = 2;
        while !teller && taken.contains(&unique) {
            unique = format!("{name} ({number})");
            number += 1;
        }
        taken.insert(unique.clone());
        names.push(unique);
    }
    names
}

fn characters(
    book: &Book,
    names: &[String],
    verdicts: &[Option<Verdict>],
    lines: &[Line],
) -> Vec<Character> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.kind != Kind::Skipped) {
        *counts.entry(line.speaker.as_str()).or_default() += 1;
    }
    let spoken: BTreeSet<usize> = verdicts
        .iter()
        .flatten()
        .map(|verdict| verdict.person)
        .collect();
    let mut narrator = plain(
        Name::narrator(),
        counts.get("Narrator").copied().unwrap_or(0),
    );
    let ages = age::ages(book);
    let mut characters = Vec::new();
    for person in spoken {
        let name = Name::new(names[person].clone());
        let narrates = book.teller == Some(person);
        if name.is_narrator() {
            narrator.narrates = narrates;
            continue;
        }
        let profile = &book.profiles[person];
        let aliases = label::names(book, person).1;
        let titled =
            titled(std::iter::once(name.as_str()).chain(aliases.iter().map(String::as_str)));
        let (gender, evidence) = match titled.filter(|_| profile.gender == Gender::Unknown) {
            Some((gender, title)) => (gender, format!("called `{title}`")),
            None => (profile.gender, profile.evidence.clone()),
        };
        characters.push(Character {
            lines: counts.get(name.as_str()).copied().unwrap_or(0),
            aliases,
            gender,
            age: ages[person].0,
            evidence: age::join(&evidence, &ages[person].1),
            narrates,
            name,
        });
    }
    if let Some(lines) = counts.get(NOBODY) {
        characters.push(plain(Name::new(NOBODY), *lines));
    }
    characters.sort_by(|one, other| {
        other
            .lines
            .cmp(&one.lines)
            .then_with(|| one.name.cmp(&other.name))
    });
    characters.insert(0, narrator);
    characters
}

const MEN: &str =
    "Mr Sir Lord Monsieur Signor Herr Uncle Father Brother Grandfather Grandpa Grandad Gramps";
const WOMEN: &str = "Mrs Miss Ms Lady Madame Mademoiselle Signora Frau Aunt Auntie Mother Sister Grandmother Grandma \
    Granny Gran Nana";

/// The gender that all titles of these names agree on, and the first of the titles: pronouns near a name may speak
/// against it, for "she" is often near "Mr Gray" too.
fn titled<'n>(names: impl Iterator<Item = &'n str>) -> Option<(Gender, &'n str)> {
    let gender = |name: &'n str| {
        let title = name.split([' ', '.']).next().unwrap_or_default();
        let among = |titles: &str| titles.split_whitespace().any(|known| known == title);
        match (among(MEN), among(WOMEN)) {
            (true, _) => Some((Gender::Male, title)),
            (_, true) => Some((Gender::Female, title)),
            _ => None,
        }
    };
    let found: Vec<_> = names.filter_map(gender).collect();
    let first = *found.first()?;
    found
        .iter()
        .all(|other| other.0 == first.0)
        .then_some(first)
}

fn plain(name: Name, lines: usize) -> Character {
    Character {
        name,
        aliases: Vec::new(),
        gender: Gender::Unknown,
        age: Age::Unknown,
        evidence: String::new(),
        lines,
        narrates: false,
    }
}
