//! Names that mean one person, put together.

mod titled;

use std::collections::BTreeMap;

use super::{
    Gender,
    lexicon::{Title, same_given_name},
    names::{Names, Phrase, Together, pair, titled_gender},
    text::{Text, Word},
};

/// Index of a person in [`People::all`].
pub(super) type PersonId = usize;

/// Someone the story names.
#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    /// Every phrase that names them.
    pub(super) phrases: Vec<Phrase>,
    /// Given name.
    pub(super) first: Option<Word>,
    /// Family name.
    pub(super) last: Option<Word>,
    /// The words of a capitalised role.
    pub(super) role: Option<Phrase>,
    /// Gender, where a title or the given name shows it.
    pub(super) titled: Option<Gender>,
    /// Whether they are called Sir.
    pub(super) knight: Option<bool>,
    /// A label for one who has no name: "dying soldier".
    pub(super) label: Option<String>,
    /// Whether one with such a label was brought in as someone new: "a dying soldier".
    pub(super) introduced: bool,
}

/// Everyone the story names, and what each phrase can mean.
#[derive(Clone, Debug, Default)]
pub(super) struct People {
    /// All persons; a person merged into another has no phrases.
    pub(super) all: Vec<Person>,
    /// Whom each phrase can mean, the likeliest first.
    pub(super) meanings: BTreeMap<Phrase, Vec<PersonId>>,
}

impl People {
    fn add(
        &mut self,
        phrase: &Phrase,
        first: Option<Word>,
        last: Option<Word>,
        titled: Option<Gender>,
    ) -> PersonId {
        self.all.push(Person {
            phrases: vec![phrase.clone()],
            first,
            last,
            titled,
            ..Person::default()
        });
        let id = self.all.len() - 1;
        self.meanings.insert(phrase.clone(), vec![id]);
        id
    }

    fn mean(&mut self, phrase: &Phrase, ids: Vec<PersonId>) {
        let person = &mut self.all[ids[0]];
        if !person.phrases.contains(phrase) {
            person.phrases.push(phrase.clone());
        }
        self.meanings.insert(phrase.clone(), ids);
    }

    /// Makes one person of two.
    pub(super) fn merge(&mut self, from: PersonId, into: PersonId) {
        for ids in self.meanings.values_mut() {
            for id in ids.iter_mut().filter(|id| **id == from) {
                *id = into;
            }
            ids.dedup();
        }
        let phrases = std::mem::take(&mut self.all[from].phrases);
        self.all[into].phrases.extend(phrases);
    }
}

/// A name with its titles and its other words apart.
struct Parted<'n> {
    phrase: &'n Phrase,
    titles: Vec<Word>,
    rest: Vec<Word>,
}

/// Gathers `names` into persons.
pub(super) fn gather(text: &Text, names: &Names, together: &Together) -> People {
    let mut people = People::default();
    add_roles(text, names, &mut people);
    let mut parted: Vec<Parted> = names
        .keys()
        .filter(|phrase| text.word(phrase[0]) != "the")
        .map(|phrase| part(text, phrase))
        .collect();
    parted.sort_by_key(|name| std::cmp::Reverse(names[name.phrase].count));
    add_full_names(text, names, &parted, &mut people);
    let seen = Seen {
        text,
        names,
        together,
    };
    titled::add_titled_names(seen, &parted, &mut people);
    add_single_names(seen, &parted, &mut people);
    titled::merge_bare_titles(seen, &mut people);
    merge_nicknames(text, names, &mut people);
    people
}

/// What the text shows of names before they are given to persons.
#[derive(Clone, Copy)]
struct Seen<'n, 's> {
    text: &'n Text<'s>,
    names: &'n Names,
    together: &'n Together,
}

impl Seen<'_, '_> {
    /// How often two names stand together.
    fn together(self, one: &Phrase, other: &Phrase) -> u32 {
        self.together.get(&pair(one, other)).copied().unwrap_or(0)
    }

    /// Whether `phrase` and the names of `person` stand together too often to mean one.
    fn apart(self, phrase: &Phrase, person: &Person) -> bool {
        let count = |name: &Phrase| self.names.get(name).map_or(0, |uses| uses.narration);
        let pair = |name: &Phrase| self.together(name, phrase);
        // One sentence may well name somebody in full and go on with the first words of that name.
        let shortened = |longer: &&Phrase| longer.starts_with(phrase) || phrase.starts_with(longer);
        let (longer, other): (Vec<&Phrase>, Vec<&Phrase>) =
            person.phrases.iter().partition(shortened);
        let (names, often, share) = if longer.is_empty() {
            (other, 2, 12)
        } else {
            (longer, 4, 4)
        };
        let together: u32 = names.iter().copied().map(pair).sum();
        let rarer = count(phrase).min(names.into_iter().map(count).sum());
        together >= often && together * share > rarer
    }

    /// Whether narration calls `person` Lady or Sir with the name `phrase`, and somebody else by that name alone.
    fn is_lady(self, phrase: &Phrase, person: &Person) -> bool {
        let narration = |name: &Phrase| self.names.get(name).map_or(0, |uses| uses.narration);
        let titled = |name: &&Phrase| {
            matches!(self.text.word(name[0]), "lady" | "sir") && name[1..].starts_with(phrase)
        };
        let called: u32 = person.phrases.iter().filter(titled).map(narration).sum();
        narration(phrase) >= 3 && called >= 3
    }
}

fn part<'n>(text: &Text, phrase: &'n Phrase) -> Parted<'n> {
    let is_title = |word: &Word| text.entry_of(*word).title.is_some();
    let hard = |word: &Word| {
        text.entry_of(*word)
            .title
            .is_some_and(|title| title != Title::Soft)
    };
    let doubles =
        |word: &Word| matches!(text.word(*word), "king" | "major" | "prince") && phrase[0] != *word;
    Parted {
        phrase,
        titles: phrase.iter().copied().filter(hard).collect(),
        rest: phrase
            .iter()
            .copied()
            .filter(|word| !is_title(word) || doubles(word))
            .collect(),
    }
}

/// How often all phrases of a person occur.
fn total(people: &People, names: &Names, id: PersonId) -> u32 {
    people.all[id]
        .phrases
        .iter()
        .filter_map(|phrase| names.get(phrase))
        .map(|uses| uses.count)
        .sum()
}

fn add_roles(text: &Text, names: &Names, people: &mut People) {
    let mut roles: Vec<&Phrase> = names
        .keys()
        .filter(|phrase| text.word(phrase[0]) == "the")
        .collect();
    roles.sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
    for phrase in roles {
        let longer: Vec<PersonId> = (0..people.all.len())
            .filter(|id| {
                people.all[*id]
                    .role
                    .as_ref()
                    .is_some_and(|role| role.ends_with(&phrase[1..]))
            })
            .collect();
        if longer.len() == 1 {
            people.mean(phrase, longer);
            continue;
        }
        let entry = text.entry_of(*phrase.last().expect("a role has words"));
        let noun = entry.noun.filter(|gender| *gender != Gender::Unknown);
        let id = people.add(
            phrase,
            None,
            None,
            noun.or_else(|| entry.title.and_then(Title::gender)),
        );
        people.all[id].role = Some(phrase[1..].to_vec());
    }
}

fn add_full_names(text: &Text, names: &Names, parted: &[Parted], people: &mut People) {
    for name in parted.iter().filter(|name| name.rest.len() >= 2) {
        let (first, last) = (name.rest[0], *name.rest.last().expect("two words at least"));
        let gender = titled_gender(text, name.phrase);
        let knight = name.titles.iter().any(|title| text.word(*title) == "sir");
        let count = names[name.phrase].count;
        let wife = name.titles.iter().any(|title| text.word(*title) == "mrs")
            && (text.entry_of(first).given == Some(Gender::Male)
                || people.all.iter().any(|person| {
                    person.first == Some(first) && person.titled == Some(Gender::Male)
                }));
        if wife {
            people.add(name.phrase, None, Some(last), gender);
            continue;
        }
        let fits = |person: &Person| {
            let same = person.first == Some(first) && person.last == Some(last);
            let apart = person.knight.is_some_and(|other| other != knight) && count > 3;
            let pet = person.last == Some(last)
                && person
                    .first
                    .is_some_and(|other| same_given_name(text.word(other), text.word(first)))
                && !knight
                && person.knight != Some(true);
            (same && !apart) || pet
        };
        if let Some(id) = (0..people.all.len())
            .rev()
            .find(|id| fits(&people.all[*id]))
        {
            people.mean(name.phrase, vec![id]);
            let person = &mut people.all[id];
            person.titled = person.titled.or(gender);
        } else {
            let id = people.add(
                name.phrase,
                Some(first),
                Some(last),
                gender.or(text.entry_of(first).given),
            );
            people.all[id].knight = Some(knight);
        }
    }
}

fn add_single_names(seen: Seen, parted: &[Parted], people: &mut People) {
    let text = seen.text;
    for name in parted {
        if people.meanings.contains_key(name.phrase) {
            continue;
        }
        match name.rest[..] {
            [word] => add_single_name(seen, name.phrase, word, people),
            [] => {
                people.add(name.phrase, None, None, titled_gender(text, name.phrase));
            }
            [first, .., last] => {
                let gender = titled_gender(text, name.phrase).or(text.entry_of(first).given);
                people.add(name.phrase, Some(first), Some(last), gender);
            }
        }
    }
}

fn add_single_name(seen: Seen, phrase: &Phrase, word: Word, people: &mut People) {
    let Seen { text, names, .. } = seen;
    let with = |test: &dyn Fn(&Person) -> bool| -> Vec<PersonId> {
        (0..people.all.len())
            .filter(|id| test(&people.all[*id]))
            .collect()
    };
    let mut ids = with(&|person| person.first == Some(word));
    if ids.is_empty() {
        ids = with(&|person| person.last == Some(word));
    }
    if ids.is_empty() {
        ids = with(&|person| {
            person
                .first
                .is_some_and(|first| same_given_name(text.word(first), text.word(word)))
                && person
                    .phrases
                    .iter()
                    .any(|phrase| Some(phrase[0]) == person.first)
        });
        if ids.len() > 1 {
            ids.clear();
        }
    }
    ids.retain(|id| {
        !seen.apart(phrase, &people.all[*id]) && !seen.is_lady(phrase, &people.all[*id])
    });
    if ids.is_empty() {
        people.add(phrase, Some(word), None, text.entry_of(word).given);
        return;
    }
    ids.sort_by_key(|id| std::cmp::Reverse(total(people, names, *id)));
    let top = &people.all[ids[0]];
    if top.last == Some(word) && top.first != Some(word) && text.entry_of(word).given.is_none() {
        // A bare family name is nearly always a man's.
        let men: Vec<PersonId> = ids
            .iter()
            .copied()
            .filter(|id| people.all[*id].titled != Some(Gender::Female))
            .collect();
        ids = if men.is_empty() { ids } else { men };
    }
    ids.truncate(3);
    if ids.len() > 1 && total(people, names, ids[0]) >= 3 * total(people, names, ids[1]) {
        ids.truncate(1);
    }
    people.mean(phrase, ids);
}

/// Merges a person known by a short given name only into the one who bears the long form.
fn merge_nicknames(text: &Text, names: &Names, people: &mut People) {
    let mut ids: Vec<PersonId> = (0..people.all.len()).collect();
    ids.sort_by_key(|id| total(people, names, *id));
    for id in ids {
        let person = &people.all[id];
        let Some(first) = person
            .first
            .filter(|first| person.last.is_none_or(|last| last == *first))
        else {
            continue;
        };
        if person.phrases.is_empty() {
            continue;
        }
        let fits = |other: &PersonId| {
            let other = &people.all[*other];
            let short = other.first.is_some_and(|name| {
                name != first && same_given_name(text.word(name), text.word(first))
            });
            let agrees =
                person.titled.is_none() || other.titled.is_none() || person.titled == other.titled;
            let rare = names
                .get(&person.phrases[0])
                .map_or(0, |uses| uses.narration)
                * 3
                < total(people, names, id);
            let untitled = other
                .phrases
                .iter()
                .any(|phrase| Some(phrase[0]) == other.first);
            untitled && short && agrees && (rare || other.last.is_some())
        };
        let mut found: Vec<PersonId> = (0..people.all.len())
            .filter(|other| *other != id)
            .filter(fits)
            .collect();
        if found.len() > 1 {
            // Other short forms of the same name do not count.
            found.retain(|other| {
                let other = &people.all[*other];
                other.last.is_some() && other.last != other.first
            });
        }
        if let [only] = found[..] {
            people.merge(id, only);
        }
    }
}
