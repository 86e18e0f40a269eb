//! Which runs of capitalised words are names of people, judged by how the story itself uses them.

use std::collections::BTreeMap;

use super::{
    Gender,
    capitals::{Capitals, is_name},
    lexicon::Title,
    text::{Text, Word, is_abbreviation},
};

/// A name as a run of words in lower case, titles among them.
pub(super) type Phrase = Vec<Word>;

/// Names of people, with how often each occurs and how often in narration.
pub(super) type Names = BTreeMap<Phrase, Uses>;

/// How a name is used.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Uses {
    /// All occurrences.
    pub(super) count: u32,
    /// Those outside quotations.
    pub(super) narration: u32,
    /// How much speaks for a person.
    person: f32,
    /// How much speaks for a place or thing.
    thing: f32,
}

/// The longest name, in words.
const LONGEST: usize = 5;

/// How often two names stand in one sentence of narration or speak one after the other, the smaller first: those are
/// hardly one person's.
pub(super) type Together = BTreeMap<(Phrase, Phrase), u32>;

/// The most names that are kept, the commonest first.
const MOST: usize = 1200;

/// All names of people in `text`, and how often they stand together.
pub(super) fn discover(text: &Text) -> (Names, Together) {
    let capitals = Capitals::count(text);
    let mut places = Vec::new();
    let mut runs = collect(text, &capitals, &mut places);
    for (phrase, uses) in &mut runs {
        let name = phrase
            .iter()
            .find(|word| text.entry_of(**word).title.is_none());
        if name.is_some_and(|word| text.entry_of(*word).given.is_some()) {
            uses.person += (0.5 * uses.count as f32).min(3.0);
        }
    }
    let mut names: Names = runs
        .into_iter()
        .filter(|(phrase, uses)| is_person(text, phrase, uses))
        .collect();
    add_roles(text, &capitals, &mut names);
    if names.len() > MOST {
        let mut counts: Vec<u32> = names.values().map(|uses| uses.count).collect();
        counts.sort_unstable_by(|one, other| other.cmp(one));
        names.retain(|_, uses| uses.count > counts[MOST]);
    }
    let mut together = together(text, &names, &places);
    answer(text, &names, &places, &mut together);
    (names, together)
}

/// How often two names are said to speak in neighbouring paragraphs: nobody answers himself under another name.
fn answer(text: &Text, names: &Names, places: &[(usize, Phrase)], together: &mut Together) {
    let mut last: Option<(u32, &Phrase)> = None;
    for (at, phrase) in places {
        let says = |at: usize| text.entry(at).says && text.outside(at);
        let speaks = text.outside(*at)
            && names.contains_key(phrase)
            && (says(at + phrase.len()) || (*at > 0 && says(at - 1)));
        if !speaks {
            continue;
        }
        let paragraph = text.tokens[*at].paragraph;
        if let Some((before, other)) = last
            && paragraph == before + 1
            && other != phrase
        {
            *together.entry(pair(other, phrase)).or_default() += 1;
        }
        last = Some((paragraph, phrase));
    }
}

/// The key of two names in [`Together`].
pub(super) fn pair(one: &Phrase, other: &Phrase) -> (Phrase, Phrase) {
    if one < other {
        (one.clone(), other.clone())
    } else {
        (other.clone(), one.clone())
    }
}

/// The most names of one sentence that are compared.
const CROWD: usize = 8;

fn together(text: &Text, names: &Names, places: &[(usize, Phrase)]) -> Together {
    let mut together = Together::new();
    let mut present: Vec<&Phrase> = Vec::new();
    let mut last = 0;
    for (at, phrase) in places
        .iter()
        .filter(|(at, phrase)| text.outside(*at) && names.contains_key(phrase))
    {
        let crossed = text.tokens[last..=*at]
            .iter()
            .skip(1)
            .any(|token| token.opens);
        if crossed {
            present.clear();
        }
        for other in present.iter().filter(|other| **other != phrase) {
            *together.entry(pair(other, phrase)).or_default() += 1;
        }
        if present.len() < CROWD && !present.contains(&phrase) {
            present.push(phrase);
        }
        last = *at;
    }
    together
}

/// Where the run of name words that opens at token `at` ends, and its words.
fn run(text: &Text, capitals: &Capitals, at: usize) -> (usize, Phrase) {
    let first = text.tokens[at];
    let mut phrase = Phrase::new();
    let (mut next, mut end) = (at, at);
    while let Some(token) = text.tokens.get(next) {
        if token.paragraph != first.paragraph || token.quote != first.quote {
            break;
        }
        let word = text.low(next);
        let before = if next > 0 { text.low(next - 1) } else { "" };
        if word == "."
            && !phrase.is_empty()
            && (is_abbreviation(before) || before.chars().count() == 1)
        {
            next += 1;
            continue;
        }
        let titled = token.upper
            && text.entry(next).title.is_some()
            && (phrase.is_empty() || before == "." || text.entry(next - 1).title.is_some());
        if titled || (is_name(text, capitals, next) && (phrase.is_empty() || !token.opens)) {
            phrase.push(token.word);
            next += 1;
            end = next;
            continue;
        }
        let noble = phrase.first().is_some_and(|word| {
            matches!(
                text.word(*word),
                "duke"
                    | "duchess"
                    | "king"
                    | "queen"
                    | "prince"
                    | "princess"
                    | "earl"
                    | "lady"
                    | "lord"
                    | "countess"
                    | "marquis"
            )
        });
        let joins = matches!(
            word,
            "de" | "von" | "van" | "du" | "la" | "le" | "di" | "del" | "der"
        ) || (word == "of" && noble);
        if joins
            && !phrase.is_empty()
            && next + 1 < text.tokens.len()
            && is_name(text, capitals, next + 1)
        {
            phrase.push(token.word);
            next += 1;
            continue;
        }
        break;
    }
    (end, phrase)
}

fn collect(text: &Text, capitals: &Capitals, places: &mut Vec<(usize, Phrase)>) -> Names {
    let mut names = Names::new();
    let mut at = 0;
    while at < text.tokens.len() {
        let token = text.tokens[at];
        if !token.upper || !(text.entry(at).title.is_some() || is_name(text, capitals, at)) {
            at += 1;
            continue;
        }
        let (end, phrase) = run(text, capitals, at);
        let soft = phrase
            .iter()
            .all(|word| text.entry_of(*word).title == Some(Title::Soft));
        if !soft && phrase.len() <= LONGEST {
            let uses = names.entry(phrase.clone()).or_default();
            uses.count += 1;
            weigh(text, at, end, &phrase, uses);
            places.push((at, phrase));
        }
        at = end.max(at + 1);
    }
    names
}

/// Adds what the words round one occurrence tell.
fn weigh(text: &Text, start: usize, end: usize, phrase: &[Word], uses: &mut Uses) {
    let titled = text.entry_of(phrase[0]).title.is_some();
    if titled && phrase.len() > 1 {
        uses.person += 2.0;
    }
    let before = if start > 0 { text.low(start - 1) } else { "" };
    let after = text.low(end);
    if text.outside(start) {
        uses.narration += 1;
        if start > 0 && text.entry(start - 1).speech {
            uses.person += if text.entry(start - 1).says { 3.0 } else { 1.0 };
        }
        let next = text.entry(end);
        if next.speech {
            uses.person += if next.says { 3.0 } else { 1.0 };
        } else if after.ends_with("ed") || next.acts {
            uses.person += 1.0;
        }
        if matches!(after, "'s" | "’s") {
            uses.person += 0.3;
        }
        // "Pomfret the undertaker"
        if after == "the" && text.entry(end + 1).noun.is_some() && !text.tokens[end + 1].upper {
            uses.person += 2.0;
        }
        let place = matches!(
            before,
            "in" | "at"
                | "from"
                | "near"
                | "toward"
                | "towards"
                | "into"
                | "through"
                | "across"
                | "via"
                | "outside"
                | "leave"
                | "left"
                | "reached"
                | "the"
        );
        uses.thing += if place && !titled { 1.0 } else { 0.0 };
        return;
    }
    let opens = start == 0 || text.tokens[start - 1].quote != text.tokens[start].quote;
    let closes = text
        .tokens
        .get(end)
        .is_none_or(|token| token.quote != text.tokens[start].quote);
    let parted = closes || matches!(after, "," | "." | "!" | "?" | "--" | "—");
    if (opens || matches!(before, "," | "\"" | "“")) && parted {
        uses.person += 1.0;
    }
    let place = matches!(
        before,
        "in" | "at" | "from" | "near" | "into" | "through" | "the"
    );
    uses.thing += if place && !titled && !opens { 1.0 } else { 0.0 };
}

/// Titles that stand for a person when they stand alone and are used like a name.
const FAMILY: &str = "mother father aunt uncle king queen prince grandmother grandfather mama papa mamma mum dad granny";

fn is_person(text: &Text, phrase: &[Word], uses: &Uses) -> bool {
    let title = |word: &Word| text.entry_of(*word).title;
    if phrase.iter().all(|word| title(word).is_some()) {
        let first = text.word(phrase[0]);
        let never = "sir madam lord dear lady miss mr mrs m don saint st hon general prince king queen ma'am master mister";
        if phrase.len() == 1 && title(&phrase[0]) == Some(Title::Soft) {
            return false;
        }
        let family = FAMILY.split_whitespace().any(|word| word == first);
        return (uses.person >= 3.0 && !never.split_whitespace().any(|word| word == first))
            || (family && uses.person >= 4.0);
    }
    let titled = title(&phrase[0]).is_some_and(|title| title != Title::Soft);
    titled
        || (uses.person >= 2.0 && uses.person > 1.2 * uses.thing && uses.count >= 2)
        || (uses.person >= 3.0 && uses.person > 2.0 * uses.thing)
        || (text.is_short() && uses.count >= 2 && uses.narration >= 1 && uses.thing == 0.0)
        || is_given_name(text, phrase, uses)
}

/// A given name needs little further proof: a family name, a second use, or one deed.
fn is_given_name(text: &Text, phrase: &[Word], uses: &Uses) -> bool {
    let given = phrase.len() <= 2 && text.entry_of(phrase[0]).given.is_some() && uses.thing < 1.0;
    given && (phrase.len() == 2 || uses.count >= 2 || uses.person >= 1.0)
}

/// Adds capitalised roles ("the Ferryman"), with "the" as the first word.
fn add_roles(text: &Text, capitals: &Capitals, names: &mut Names) {
    let mut roles = Names::new();
    let mut at = 0;
    let mut the = None;
    while at + 1 < text.tokens.len() {
        let (token, next) = (text.tokens[at], text.tokens[at + 1]);
        let together = token.quote == next.quote && token.paragraph == next.paragraph;
        if text.low(at) != "the"
            || !next.upper
            || !next.letter
            || !together
            || (next.shouted && next.end - next.start > 3)
        {
            at += 1;
            continue;
        }
        the = Some(token.word);
        let mut end = at + 1;
        while end < text.tokens.len().min(at + 4) {
            let other = text.tokens[end];
            if !other.upper
                || !other.letter
                || other.paragraph != token.paragraph
                || other.quote != token.quote
            {
                break;
            }
            end += 1;
        }
        let phrase: Phrase = text.tokens[at + 1..end]
            .iter()
            .map(|token| token.word)
            .collect();
        if text.low(end) != "of" && phrase.len() <= 3 {
            let uses = roles.entry(phrase).or_default();
            uses.count += 1;
            if text.outside(at) {
                uses.narration += 1;
                uses.person += if at > 0 && text.entry(at - 1).speech {
                    3.0
                } else {
                    0.0
                };
                let after = text.entry(end);
                uses.person += if after.speech {
                    3.0
                } else if after.acts {
                    0.5
                } else {
                    0.0
                };
            }
        }
        at = end;
    }
    if let Some(the) = the {
        for (phrase, uses) in &roles {
            accept_role(text, capitals, names, &roles, the, phrase, *uses);
        }
    }
}

fn accept_role(
    text: &Text,
    capitals: &Capitals,
    names: &mut Names,
    roles: &Names,
    the: Word,
    phrase: &Phrase,
    uses: Uses,
) {
    let base = *phrase.last().expect("a role has at least one word");
    let (lower, upper) = (capitals.lower[base as usize], capitals.upper[base as usize]);
    let plural = text.word(base).ends_with('s') && lower == 0;
    if uses.person < 3.0 || (lower >= 3 * upper && lower > 0) || plural {
        return;
    }
    if let Some(bare) = names.get(phrase) {
        if bare.count.saturating_sub(uses.count) > uses.count {
            return;
        }
        names.remove(phrase);
    }
    let last = vec![base];
    if phrase.len() > 1
        && !roles.contains_key(&last)
        && names
            .get(&last)
            .is_some_and(|bare| bare.count <= uses.count + 1)
    {
        names.remove(&last);
    }
    let mut role = vec![the];
    role.extend(phrase);
    names.insert(role, uses);
}

/// What the words of a name tell of its bearer's gender.
pub(super) fn titled_gender(text: &Text, phrase: &[Word]) -> Option<Gender> {
    let titles: Vec<Title> = phrase
        .iter()
        .filter_map(|word| text.entry_of(*word).title)
        .collect();
    if titles.contains(&Title::Woman) {
        return Some(Gender::Female);
    }
    let man = titles
        .iter()
        .any(|title| matches!(title, Title::Man | Title::Rank));
    man.then_some(Gender::Male)
}
