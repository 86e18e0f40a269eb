//! Child, adult or old: what descriptions, years and titles tell of everyone.
//!
//! What the narration says counts in full; what characters call each other ("old boy", "my poor child") hardly.

use std::collections::BTreeMap;

use super::{
    Age,
    book::Book,
    lexicon::Title,
    mentions::{Kind, Mention},
    people::PersonId,
    text::{OUTSIDE, Text},
};

/// How often the same words count.
const REPEATS: f32 = 3.0;
/// How much is enough to be called a child or old.
const ENOUGH: f32 = 2.0;
/// How much is enough to be called grown up.
const ENOUGH_ADULT: f32 = 1.5;
/// How much words of speech count.
const HEARSAY: f32 = 0.25;

/// How much words about a pronoun count: it may mean someone else.
const UNNAMED: f32 = 0.5;

/// What speaks for the ages, by what is the same evidence: its weight, and the words that were found first.
type Votes = BTreeMap<(usize, String), (f32, String)>;

/// The age of each person, and what told it.
pub(super) fn ages(book: &Book) -> Vec<(Age, String)> {
    let mut votes: Vec<Votes> = vec![Votes::new(); book.people.all.len()];
    for (person, votes) in votes.iter_mut().enumerate() {
        by_titles(book, person, votes);
    }
    for (index, mention) in book.mentions.iter().enumerate() {
        let person = match mention.kind {
            Kind::Name => Some(mention.person).filter(|_| mention.options.len() < 2),
            Kind::Pronoun => book.meant[index],
            Kind::Noun => None,
        };
        let Some(person) = person else { continue };
        let heard = if mention.quote == OUTSIDE {
            1.0
        } else {
            HEARSAY
        };
        let surely = if mention.kind == Kind::Name {
            1.0
        } else {
            UNNAMED
        };
        for sign in signs(&book.text, mention) {
            add(&mut votes[person], sign, heard * surely);
        }
    }
    votes.iter().map(decide).collect()
}

/// Evidence of gender and of age in one text.
pub(super) fn join(gender: &str, age: &str) -> String {
    let both = [gender, age].into_iter().filter(|text| !text.is_empty());
    both.collect::<Vec<_>>().join(", ")
}

fn add(votes: &mut Votes, (age, weight, words): Sign, share: f32) {
    // "old Ida" and "old Miss Gray" are one evidence, however often they stand.
    let low = words.to_lowercase();
    let same = ["old ", "little "]
        .into_iter()
        .find(|adjective| low.starts_with(*adjective))
        .map_or(low.clone(), str::to_owned);
    let vote = votes.entry((slot(age), same)).or_insert((0.0, words));
    vote.0 = (vote.0 + weight * share).min(weight * REPEATS).max(vote.0);
}

fn slot(age: Age) -> usize {
    match age {
        Age::Child => 0,
        Age::Adult => 1,
        Age::Old => 2,
        Age::Unknown => 3,
    }
}

fn decide(votes: &Votes) -> (Age, String) {
    let mut sums = [0.0_f32; 4];
    for ((slot, _), (weight, _)) in votes {
        sums[*slot] += weight;
    }
    let [child, adult, old, _] = sums;
    // Who is old is grown up, too; who is a child is neither.
    let age = if old >= ENOUGH && old > 1.5 * child && old * 1.5 > adult {
        Age::Old
    } else if child >= ENOUGH && child > 1.5 * (adult + old) {
        Age::Child
    } else if adult >= ENOUGH_ADULT && adult > 1.5 * (child + old) {
        Age::Adult
    } else {
        return (Age::Unknown, String::new());
    };
    let mut told: Vec<(&String, f32)> = votes
        .iter()
        .filter(|((slot_of, _), _)| *slot_of == slot(age))
        .map(|(_, (weight, words))| (words, *weight))
        .collect();
    told.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(other.0)));
    let words: Vec<String> = (told.iter().take(2))
        .map(|(words, _)| format!("`{words}`"))
        .collect();
    let called = match age {
        Age::Child => "a child",
        Age::Adult => "grown up",
        _ => "old",
    };
    (age, format!("{called}: {}", words.join(", ")))
}

/// Titles that children and the old bear as well, or that tell nothing.
const AGELESS: &str =
    "miss master brother sister king queen prince princess cousin m don comrade agent";
const GRANDPARENTS: &str = "grandmother grandfather granny grandma grandpa gran grandad granddad";
const PARENTS: &str = "mother father husband wife aunt uncle";

/// What the person's names tell: "Mrs." is grown up, "Granny" is old.
fn by_titles(book: &Book, person: PersonId, votes: &mut Votes) {
    let text = &book.text;
    for phrase in &book.people.all[person].phrases {
        for word in phrase {
            let low = text.word(*word);
            let title = text.entry_of(*word).title;
            let grown = title.is_some_and(|title| title != Title::Soft) && !among(AGELESS, low);
            let (age, weight) = if among(GRANDPARENTS, low) {
                (Age::Old, 2.0)
            } else if grown || among(PARENTS, low) {
                (Age::Adult, 1.5)
            } else {
                continue;
            };
            // Once, however many names have the title.
            let words = super::gender::capitalised(low);
            votes.insert((slot(age), low.to_owned()), (weight, words));
        }
    }
}

/// One piece of evidence: the age, how strong, the words.
type Sign = (Age, f32, String);

/// What the words in and round a mention tell.
fn signs(text: &Text, mention: &Mention) -> Vec<Sign> {
    let paragraph = &text.paragraphs[mention.paragraph].tokens;
    let (start, end) = (mention.start, mention.end);
    let limit = paragraph.end.min(end + 12);
    let mut signs = Vec::new();
    if mention.kind == Kind::Name {
        signs.extend(described(text, start, end, mention.described));
        signs.extend(before(text, start, paragraph.start));
        signs.extend(named(text, start, paragraph.start));
    }
    if mention.possessive {
        let features = end + usize::from(mention.kind == Kind::Name);
        signs.extend(white_hair(text, features, limit));
    } else {
        signs.extend(after(text, end, limit));
    }
    signs
}

/// What the words of the mention itself tell: "the old man", "little Ida".
fn described(text: &Text, start: usize, end: usize, is_described: bool) -> Option<Sign> {
    if is_described {
        return phrase(text, start, end);
    }
    (start..end.saturating_sub(1)).find_map(|at| adjective(text, at, start, end))
}

/// What stands directly before a name: "little", "old", "nine-year-old".
fn before(text: &Text, start: usize, first: usize) -> Option<Sign> {
    let at = start.checked_sub(1).filter(|at| *at >= first)?;
    if text.tokens[at].quote != text.tokens[start].quote {
        return None;
    }
    let years = text.low(at).split_once("-year").map(|(years, _)| years);
    if let Some(age) = years.and_then(number).map(of_years) {
        return Some((age, 3.0, source(text, at, start + 1)));
    }
    adjective(text, at, at, start + 1)
}

fn adjective(text: &Text, at: usize, start: usize, end: usize) -> Option<Sign> {
    let (age, weight) = match text.low(at) {
        "little" => (Age::Child, 0.7),
        "old" if text.entry(at + 1).title.is_some() => (Age::Old, 1.0),
        "old" => (Age::Old, 0.6),
        word if among(AGED, word) => (Age::Old, 1.5),
        _ => return None,
    };
    Some((age, weight, source(text, start, end)))
}

/// "a girl of nine named Ida"
fn named(text: &Text, start: usize, first: usize) -> Option<Sign> {
    let at = start.checked_sub(1).filter(|at| *at > first)?;
    if !matches!(text.low(at), "named" | "called") {
        return None;
    }
    let from = (first.max(at.saturating_sub(7))..at)
        .rev()
        .find(|from| matches!(text.low(*from), "a" | "an" | "the"))?;
    phrase(text, from, at)
}

/// What follows: ", a girl of nine", "was only seven", ", aged seventy".
fn after(text: &Text, from: usize, limit: usize) -> Option<Sign> {
    let verb = matches!(text.low(from), "was" | "is" | "'s" | "’s" | "were");
    if from >= limit || !(verb || text.low(from) == ",") {
        return None;
    }
    let mut at = (from + 1..limit).find(|at| !among(HEDGES, text.low(*at)))?;
    // "Poppy, who was nine"
    let who = !verb && text.low(at) == "who" && matches!(text.low(at + 1), "was" | "is");
    if who {
        at += 2;
    }
    let verb = verb || who;
    if let Some(years) = number(text.low(at)) {
        let next = text.low(at + 1);
        let counted = next == "years" && matches!(text.low(at + 2), "old" | "of");
        let bare = matches!(next, "." | "," | ";" | "and") && (verb || next == ",");
        let told = counted || (bare && years > 3);
        return told.then(|| {
            (
                of_years(years),
                3.0,
                source(text, at, at + 1 + 2 * usize::from(counted)),
            )
        });
    }
    if matches!(text.low(at), "aged" | "age") {
        let years = number(text.low(at + 1))?;
        return Some((of_years(years), 3.0, source(text, at, at + 2)));
    }
    if matches!(text.low(at), "old" | "elderly" | "aged")
        && matches!(text.low(at + 1), "." | "," | "and" | "now")
    {
        return verb.then(|| (Age::Old, 1.5, source(text, at, at + 1)));
    }
    if !matches!(text.low(at), "a" | "an") {
        return None;
    }
    let end = (at + 1..limit).find(|end| {
        !text.tokens[*end].letter
            || (text.entry(*end).preposition && text.low(*end) != "of")
            || text.entry(*end).clause
    });
    phrase(text, at, end.unwrap_or(limit))
}

/// What a description with its noun tells: "a girl of nine", "a white-haired old man".
fn phrase(text: &Text, start: usize, end: usize) -> Option<Sign> {
    let of = (start..end).find(|at| text.low(*at) == "of");
    let head = of
        .unwrap_or(end)
        .checked_sub(1)
        .filter(|head| *head > start)?;
    let noun = text.low(head);
    let words = |end: usize| source(text, start, end);
    let person = text.entry(head).noun.is_some() || among(CHILDREN, noun);
    if !person {
        return None;
    }
    let years = of.and_then(|of| (of + 1..end.min(of + 4)).find_map(|at| number(text.low(at))));
    if let Some(years) = years {
        return Some((of_years(years), 3.0, words(end)));
    }
    let is = |words: &str| (start..head).any(|at| among(words, text.low(at)));
    let sign = if is(AGED) || is("old") {
        (Age::Old, 2.0)
    } else if among(GRANDPARENTS, noun) {
        (Age::Old, 1.5)
    } else if among(CHILDREN, noun) {
        (Age::Child, if is("little small tiny") { 2.0 } else { 1.0 })
    } else if matches!(noun, "girl" | "lad" | "lass") && is("little small tiny") {
        // Without such a word they may well be grown up.
        (Age::Child, 2.0)
    } else if matches!(noun, "man" | "woman" | "gentleman" | "lady") {
        (Age::Adult, 0.7)
    } else {
        return None;
    };
    Some((sign.0, sign.1, words(head + 1)))
}

/// "his white beard"
fn white_hair(text: &Text, from: usize, limit: usize) -> Option<Sign> {
    let near = from..limit.min(from + 3);
    let colour = near.clone().find(|at| {
        among(
            "white grey gray silver snowy wrinkled withered",
            text.low(*at),
        )
    })?;
    let hair = (colour + 1..limit.min(colour + 3)).find(|at| {
        among(
            "hair beard whiskers head moustache mustache locks face hands",
            text.low(*at),
        )
    })?;
    let of_hair = among(
        "hair beard whiskers head moustache mustache locks",
        text.low(hair),
    );
    let of_skin = matches!(text.low(colour), "wrinkled" | "withered");
    (of_hair != of_skin).then(|| (Age::Old, 1.5, source(text, colour, hair + 1)))
}

const AGED: &str = "elderly aged ancient white-haired grey-haired gray-haired white-bearded grey-bearded gray-bearded \
    silver-haired venerable wizened";
const CHILDREN: &str = "boy child kid toddler infant schoolboy schoolgirl urchin";
const HEDGES: &str = "only just about nearly barely hardly still now then but almost not yet perhaps scarcely already";

fn among(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|other| other == word)
}

fn of_years(years: u32) -> Age {
    match years {
        0..=14 => Age::Child,
        15..=59 => Age::Adult,
        _ => Age::Old,
    }
}

/// A number of years in figures or words, up to 119.
fn number(word: &str) -> Option<u32> {
    const ONES: &str = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen \
        sixteen seventeen eighteen nineteen";
    const TENS: &str = "twenty thirty forty fifty sixty seventy eighty ninety";
    let at = |words: &str, word: &str| words.split_whitespace().position(|other| other == word);
    if let Ok(years) = word.parse::<u32>() {
        return (years < 120).then_some(years);
    }
    if let Some(ones) = at(ONES, word) {
        return Some(ones as u32);
    }
    let (tens, ones) = word.split_once('-').unwrap_or((word, "zero"));
    Some((at(TENS, tens)? as u32 + 2) * 10 + at(ONES, ones).filter(|ones| *ones < 10)? as u32)
}

/// The story's own words from token `start` to before `end`, on one line.
fn source(text: &Text, start: usize, end: usize) -> String {
    let span = text.tokens[start].start as usize..text.tokens[end - 1].end as usize;
    text.source[span]
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
