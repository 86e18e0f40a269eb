//! Names with a title and one word more, such as "Mr. Gray": whose they are.

use super::{Parted, People, Person, PersonId, Seen, total};
use crate::script::{
    Gender,
    lexicon::Title,
    names::{Names, Phrase, titled_gender},
};

/// Titles that go with a given name as well as with a family name.
const INTIMATE: &str = "uncle aunt sister brother father mother king queen prince princess sir lady lord miss master cousin";
/// Titles of people who are mostly known by their family name alone.
const RANKS: &str =
    "colonel captain major general inspector doctor dr professor lieutenant sergeant";

fn among(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|other| other == word)
}

pub(super) fn add_titled_names(seen: Seen, parted: &[Parted], people: &mut People) {
    let Seen { text, names, .. } = seen;
    for name in parted
        .iter()
        .filter(|name| name.rest.len() == 1 && !name.titles.is_empty())
    {
        if people.meanings.contains_key(name.phrase) {
            continue;
        }
        let gender = titled_gender(text, name.phrase);
        let mut ids = bearers(seen, name, gender, people);
        if ids.is_empty() {
            let title = text.word(name.titles[0]);
            let first = among(INTIMATE, title).then_some(name.rest[0]);
            people.add(name.phrase, first, Some(name.rest[0]), gender);
            continue;
        }
        ids.sort_by_key(|id| std::cmp::Reverse(total(people, names, *id)));
        ids.truncate(3);
        let person = &mut people.all[ids[0]];
        person.titled = person.titled.or(gender);
        people.mean(name.phrase, ids);
    }
}

/// How much oftener than all others who bear a rank the one must be named who is meant by the rank alone.
const FAR_MORE: u32 = 6;

/// Merges whoever is called by a rank alone ("the Major") with the only one who bears it with a name.
pub(super) fn merge_bare_titles(seen: Seen, people: &mut People) {
    let text = seen.text;
    let bare = |phrase: &Phrase| match phrase[..] {
        [title] => Some(title),
        [the, title] if text.word(the) == "the" => Some(title),
        _ => None,
    };
    for id in 0..people.all.len() {
        let phrases = &people.all[id].phrases;
        let Some(title) = phrases.first().and_then(bare) else {
            continue;
        };
        let rank = matches!(
            text.entry_of(title).title,
            Some(Title::Rank | Title::Either)
        );
        if !rank || phrases.iter().any(|phrase| bare(phrase) != Some(title)) {
            continue;
        }
        let bears = |other: &PersonId| {
            let phrases = &people.all[*other].phrases;
            *other != id
                && phrases
                    .iter()
                    .any(|phrase| phrase.len() > 1 && phrase[0] == title)
        };
        let mut bearers: Vec<PersonId> = (0..people.all.len()).filter(bears).collect();
        let often = |id: PersonId| total(people, seen.names, id);
        bearers.sort_by_key(|id| std::cmp::Reverse(often(*id)));
        let bearer = match bearers[..] {
            [only] => only,
            [first, second, ..] if often(first) >= FAR_MORE * often(second) => first,
            _ => continue,
        };
        let apart = phrases
            .iter()
            .any(|phrase| seen.apart(phrase, &people.all[bearer]));
        if !apart {
            people.merge(id, bearer);
        }
    }
}

/// Known persons that a title with one name can mean.
fn bearers(seen: Seen, name: &Parted, gender: Option<Gender>, people: &People) -> Vec<PersonId> {
    let Seen { text, names, .. } = seen;
    let word = name.rest[0];
    let has_title = |title: &str| name.titles.iter().any(|known| text.word(*known) == title);
    let agrees =
        |person: &Person| gender.is_none() || person.titled.is_none() || person.titled == gender;
    let all = || 0..people.all.len();
    let mut ids: Vec<PersonId> = all()
        .filter(|id| people.all[*id].last == Some(word) && agrees(&people.all[*id]))
        .collect();
    if ids.is_empty()
        && !name
            .titles
            .iter()
            .any(|title| among(RANKS, text.word(*title)))
    {
        ids = all()
            .filter(|id| people.all[*id].first == Some(word) && agrees(&people.all[*id]))
            .collect();
    }
    let titled = |id: &PersonId, title: &str| {
        people.all[*id]
            .phrases
            .iter()
            .flatten()
            .any(|other| text.word(*other) == title)
    };
    if let Some(miss) = name
        .titles
        .iter()
        .find(|title| text.word(**title) == "miss")
    {
        ids.retain(|id| !titled(id, "mrs"));
        // Of sisters the eldest is Miss Gray, the others are Miss Lucy and Miss Anne Gray.
        let count = |phrase: Phrase| names.get(&phrase).map_or(0, |uses| uses.count);
        let other = |id: &PersonId| people.all[*id].first.filter(|first| *first != word);
        let by_given_name = |id: &PersonId| {
            other(id).is_some_and(|first| {
                let called = count(vec![*miss, first]);
                called >= 3 && 6 * called >= names[name.phrase].count
            })
        };
        let in_full =
            |id: &PersonId| other(id).is_some_and(|first| count(vec![*miss, first, word]) > 0);
        let beside = |id: &PersonId| {
            other(id).is_some_and(|first| seen.together(&vec![first], name.phrase) >= 2)
        };
        ids.retain(|id| !(by_given_name(id) && beside(id)));
        let known = |id: &PersonId| total(people, names, *id) >= 5;
        if ids.iter().any(|id| !in_full(id) && known(id)) {
            ids.retain(|id| !in_full(id));
        }
    }
    if has_title("mrs") {
        let unmarried = names
            .keys()
            .any(|phrase| text.word(phrase[0]) == "miss" && phrase.last() == Some(&word));
        let only =
            ids.len() == 1 && !unmarried && people.all[ids[0]].titled == Some(Gender::Female);
        ids.retain(|id| only || titled(id, "mrs"));
    }
    if has_title("sir") {
        ids.retain(|id| people.all[*id].knight != Some(false));
    }
    if has_title("lady") {
        ids.retain(|id| titled(id, "lady") || !known_by_given_name(names, &people.all[*id], 8));
    }
    if text.word(name.titles[0]) == "mr" {
        ids.retain(|id| people.all[*id].knight != Some(true));
        if names[name.phrase].narration >= 8 {
            ids.retain(|id| !known_by_given_name(names, &people.all[*id], 8));
        }
        ids.retain(|id| names[name.phrase].count <= 4 * total(people, names, *id));
    }
    ids.retain(|id| !seen.apart(name.phrase, &people.all[*id]));
    ids
}

/// Whether narration calls `person` by the given name alone at least `times`.
fn known_by_given_name(names: &Names, person: &Person, times: u32) -> bool {
    let uses = person.first.and_then(|first| names.get(&vec![first]));
    uses.is_some_and(|uses| uses.narration >= times)
}
