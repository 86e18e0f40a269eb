//! People who have no name (yet): "a dying soldier" who becomes "the soldier", "the innkeeper" who speaks.

use std::collections::BTreeMap;

use super::{
    Gender,
    mentions::{Kind, Mention},
    people::{People, Person, PersonId},
    tags::Tag,
    text::{OUTSIDE, Text, Word},
};

/// Nouns that say little more than man or woman.
const COMMON: &str = "person man woman gentleman girl boy child creature speaker lady companion stranger fellow lad chap \
    youth";
/// Those of them that can stand for anyone of their gender who was described otherwise: "the man" for "the vicar".
const LOOSE: &str = "person man woman gentleman lady stranger fellow creature speaker";
/// Nouns for those who serve and pass by: seldom another word for somebody who has a name.
const SERVES: &str = "servant maid parlourmaid parlor-maid housemaid chambermaid nursemaid kitchenmaid butler footman page \
    valet groom coachman cabman driver chauffeur porter doorman concierge waiter waitress barman barmaid \
    bartender landlord landlady innkeeper cook policeman constable officer sergeant guard sentry \
    conductor steward stewardess postman messenger clerk shopkeeper shopman assistant receptionist \
    croupier dealer judge magistrate foreman usher station-master stationmaster ticket-collector boatman \
    ferryman sailor mariner fisherman soldier gardener gamekeeper student beggar tramp passenger passer- \
    by onlooker customer seller vendor boy newsboy errand-boy nurse matron announcer operator voice \
    caller patronne lodger neighbour neighbor workman labourer farmer ploughman carter peasant shepherd \
    stranger crowd another other first second third";
/// Nouns that never are a person of their own.
const NEVER: &str = "voice other one";

fn among(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|other| other == word)
}

/// Whether `noun` says little more than man or woman.
pub(super) fn is_common(noun: &str) -> bool {
    among(COMMON, noun)
}

/// Whether `noun` is one for those who serve and pass by.
pub(super) fn serves(noun: &str) -> bool {
    among(SERVES, noun)
}

/// How often and how a description is used.
#[derive(Default)]
struct Uses {
    /// With "a" or "another": someone new.
    introduced: usize,
    /// With "the", after an introduction.
    known: usize,
    /// With "the" anywhere.
    definite: usize,
    /// As an outright tag of a quotation.
    speaks: usize,
    /// As what stands beside a quotation in any way.
    beside: usize,
}

/// Someone described, while the story is read.
struct Described {
    person: PersonId,
    head: Word,
    gender: Gender,
    /// Token where they were last spoken of.
    last: usize,
}

/// The most quotations of a story in which a relation ("his mother") is taken for one person without a name; in
/// a novel the mother has one.
pub(super) const SHORT: usize = 200;

/// How many tokens a description is remembered for a shorter one.
const MEMORY: usize = 800;
/// The same for "the man" as another word for someone described.
const SHORT_MEMORY: usize = 250;

/// Makes persons of those who are only described, and names of the descriptions that mean them.
pub(super) fn add(text: &Text, people: &mut People, mentions: &mut [Mention], tags: &[Vec<Tag>]) {
    let uses = uses(text, mentions, tags);
    let named: Vec<Word> = people
        .all
        .iter()
        .flat_map(|person| person.phrases.iter().flatten().copied())
        .collect();
    let named = |head: Word| {
        named.contains(&head)
            || (text.word(head) == "doctor" && named.iter().any(|word| text.word(*word) == "dr"))
    };
    let mut known: Vec<Described> = Vec::new();
    let mut by_words: BTreeMap<Vec<Word>, usize> = BTreeMap::new();
    for mention in mentions.iter_mut() {
        let determiner = text.low(mention.start);
        let kin = text.entry_of(mention.head).kin;
        let usable = mention.kind == Kind::Noun
            && (kin || matches!(determiner, "the" | "a" | "an" | "another" | "this" | "that"));
        let never = among(NEVER, text.word(mention.head))
            && !(text.is_short() && text.word(mention.head) == "voice");
        if !usable || (kin && !text.is_short()) || never {
            continue;
        }
        let words = words(text, mention);
        let found = by_words
            .get(&words)
            .copied()
            .filter(|_| words.len() > 1 || !is_other(text, mention, &known));
        let found = found.or_else(|| recent(text, mention, &words, &known));
        let index = match found {
            Some(index) => index,
            None if !named(mention.head) && becomes_person(text, mention.head, &words, &uses) => {
                known.push(describe(text, people, mention, &words));
                known.len() - 1
            }
            None => continue,
        };
        by_words.entry(words).or_insert(index);
        let entry = &mut known[index];
        entry.last = mention.start;
        people.all[entry.person].introduced |= matches!(determiner, "a" | "an" | "another");
        let phrase: Vec<Word> = text.tokens[mention.start..mention.end]
            .iter()
            .map(|token| token.word)
            .collect();
        let phrases = &mut people.all[entry.person].phrases;
        if !phrases.contains(&phrase) {
            phrases.push(phrase);
        }
        mention.kind = Kind::Name;
        mention.person = entry.person;
        mention.described = true;
    }
    name_described(text, people, mentions);
}

/// The words of a description after its determiner, and what it is told by: "man beard" for "the man with the black
/// beard"; of a relation only the noun.
fn words(text: &Text, mention: &Mention) -> Vec<Word> {
    if text.entry_of(mention.head).kin {
        return vec![mention.head];
    }
    let words = mention.start + 1..mention.end;
    let words = words.map(|at| text.tokens[at].word);
    words
        .chain(told_by(text, mention).map(|at| text.tokens[at].word))
        .collect()
}

/// Nouns after "with the" and "in the" that tell how something is said, not who says it.
const HOW: &str = "voice tone manner way air same words breath accent language matter end other morning evening \
    afternoon night distance meantime middle dark darkness world least";

/// The token of what a plain noun is told by: "beard" in "the man with the black beard".
fn told_by(text: &Text, mention: &Mention) -> Option<usize> {
    let joint = mention.end;
    let plain = among(COMMON, text.word(mention.head)) && text.low(mention.start) == "the";
    let told = matches!(text.low(joint), "with" | "in") && text.low(joint + 1) == "the";
    if !plain || !told {
        return None;
    }
    let inside = |at: &usize| {
        let token = text.tokens.get(*at);
        token.is_some_and(|token| token.letter && token.paragraph as usize == mention.paragraph)
            && !text.entry(*at).preposition
            && !text.entry(*at).clause
            && !text.entry(*at).speech
    };
    let last = (joint + 2..joint + 5).take_while(inside).last()?;
    let how = (joint + 2..=last).any(|at| among(HOW, text.low(at)));
    (!how).then_some(last)
}

fn uses(text: &Text, mentions: &[Mention], tags: &[Vec<Tag>]) -> BTreeMap<Vec<Word>, Uses> {
    let mut uses: BTreeMap<Vec<Word>, Uses> = BTreeMap::new();
    let mut introduced: BTreeMap<Word, usize> = BTreeMap::new();
    for mention in mentions.iter().filter(|mention| mention.kind == Kind::Noun) {
        match text.low(mention.start) {
            "a" | "an" | "another" => {
                introduced.insert(mention.head, mention.start);
                uses.entry(words(text, mention)).or_default().introduced += 1;
            }
            "the" => {
                let near = introduced
                    .get(&mention.head)
                    .is_some_and(|at| mention.start - at < 3 * MEMORY);
                let plain = uses.entry(vec![mention.head]).or_default();
                plain.known += usize::from(near);
                plain.definite += 1;
            }
            _ => {}
        }
    }
    for tag in tags.iter().filter_map(|tags| tags.first()) {
        let mention = &mentions[tag.mention];
        let relation = text.entry_of(mention.head).kin;
        if mention.kind == Kind::Noun
            && (relation || matches!(text.low(mention.start), "the" | "a" | "an" | "another"))
        {
            let uses = uses.entry(words(text, mention)).or_default();
            uses.speaks += usize::from(tag.strength >= 8);
            uses.beside += usize::from(tag.strength >= 3);
        }
    }
    uses
}

/// Whether a description is used as one of a person is who matters.
fn becomes_person(
    text: &Text,
    head: Word,
    words: &[Word],
    uses: &BTreeMap<Vec<Word>, Uses>,
) -> bool {
    let Some(own) = uses.get(words) else {
        return false;
    };
    let plain = uses.get(&vec![head]);
    let common = among(COMMON, text.word(head));
    if text.is_short() {
        let seldom = !common || own.introduced <= SELDOM;
        let told_of = own.introduced > 0 || own.definite > 0;
        let again = plain.is_some_and(|plain| plain.known >= 1);
        return own.speaks > 0
            || (seldom && own.beside > 0 && told_of)
            || (!common && own.introduced > 0 && again);
    }
    if common && words.len() == 1 {
        return own.introduced > 0 && own.beside > 0 && own.known > 0 && own.introduced <= SELDOM;
    }
    own.speaks > 0 || (!common && own.introduced > 0 && plain.is_some_and(|plain| plain.known >= 2))
}

/// How often "a man" may stand in a story and still mean one person.
const SELDOM: usize = 4;

/// Whether a bare common noun rather means someone described otherwise just before.
fn is_other(text: &Text, mention: &Mention, known: &[Described]) -> bool {
    text.low(mention.start) == "the" && synonym(text, mention, known).is_some()
}

/// Whom a bare noun means: the last one described with that noun, or by another noun of the same gender.
fn recent(text: &Text, mention: &Mention, words: &[Word], known: &[Described]) -> Option<usize> {
    if words.len() > 1 || !matches!(text.low(mention.start), "the" | "this" | "that") {
        return None;
    }
    let same = |entry: &&(usize, &Described)| {
        entry.1.head == mention.head && mention.start - entry.1.last < MEMORY
    };
    let all: Vec<(usize, &Described)> = known.iter().enumerate().collect();
    let same = all
        .iter()
        .filter(same)
        .max_by_key(|(_, entry)| entry.last)
        .map(|(index, _)| *index);
    let other = synonym(text, mention, known);
    [same, other]
        .into_iter()
        .flatten()
        .max_by_key(|index| known[*index].last)
}

fn synonym(text: &Text, mention: &Mention, known: &[Described]) -> Option<usize> {
    let gender = mention.reference.gender()?;
    if !among(LOOSE, text.word(mention.head)) {
        return None;
    }
    let (index, last) = known
        .iter()
        .enumerate()
        .max_by_key(|(_, entry)| entry.last)?;
    let fits = last.gender == gender
        && last.head != mention.head
        && !among(COMMON, text.word(last.head))
        && !text.entry_of(last.head).kin;
    (fits && mention.start - last.last < SHORT_MEMORY).then_some(index)
}

fn describe(text: &Text, people: &mut People, mention: &Mention, words: &[Word]) -> Described {
    let gender = text.entry_of(mention.head).noun.unwrap_or_default();
    let mut label: Vec<&str> = words.iter().map(|word| text.word(*word)).collect();
    if let Some(last) = told_by(text, mention) {
        label = (mention.start + 1..=last).map(|at| text.low(at)).collect();
    }
    people.all.push(Person {
        titled: Some(gender).filter(|gender| *gender != Gender::Unknown),
        label: Some(label.join(" ")),
        ..Person::default()
    });
    Described {
        person: people.all.len() - 1,
        head: mention.head,
        gender,
        last: mention.start,
    }
}

/// Gives a name to someone described: "the man's name was Ida", "a man named Ida".
fn name_described(text: &Text, people: &mut People, mentions: &mut [Mention]) {
    let mut merges: Vec<(PersonId, PersonId)> = Vec::new();
    for pair in mentions.windows(2) {
        let (one, other) = (&pair[0], &pair[1]);
        let names =
            one.kind == Kind::Name && one.described && other.kind == Kind::Name && !other.described;
        let near = other.start >= one.end
            && other.start - one.end <= 4
            && one.paragraph == other.paragraph
            && one.quote == OUTSIDE;
        if !names || !near {
            continue;
        }
        let between: Vec<&str> = (one.end..other.start).map(|at| text.low(at)).collect();
        let given = matches!(
            between[..],
            ["'s" | "’s", "name", "was" | "is"]
                | ["named" | "called"]
                | ["," | "was" | "is", "called" | "named"]
        );
        if given {
            merges.push((one.person, other.person));
        }
    }
    for (described, named) in merges {
        people.merge(described, named);
        for mention in mentions
            .iter_mut()
            .filter(|mention| mention.person == described && mention.kind == Kind::Name)
        {
            mention.person = named;
        }
    }
}
