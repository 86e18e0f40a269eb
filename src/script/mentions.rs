//! Every place where the story speaks of someone: by name, by pronoun, by a noun such as "the old man".

use std::collections::HashMap;

use super::{
    Gender,
    lexicon::Pronoun,
    names::Phrase,
    people::{People, PersonId},
    text::{OUTSIDE, Text, Word},
};

/// What a mention is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name, or a noun that stands for a known person.
    Name,
    /// he, her, I
    Pronoun,
    /// the captain, her mother
    Noun,
}

/// Whom a mention can mean, as far as its words tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reference {
    Male,
    Female,
    /// Anyone.
    Open,
    /// The one who tells the story.
    Teller,
    /// Several.
    Many,
}

impl Reference {
    /// As a gender, where it is one.
    pub(super) fn gender(self) -> Option<Gender> {
        match self {
            Self::Male => Some(Gender::Male),
            Self::Female => Some(Gender::Female),
            _ => None,
        }
    }

    fn of(gender: Gender) -> Self {
        match gender {
            Gender::Male => Self::Male,
            Gender::Female => Self::Female,
            Gender::Unknown => Self::Open,
        }
    }
}

/// One place where someone is spoken of.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools)] // each is a fact of its own
pub(super) struct Mention {
    /// First token.
    pub(super) start: usize,
    /// One past the last token.
    pub(super) end: usize,
    /// What it is made of.
    pub(super) kind: Kind,
    /// Who is meant, for names.
    pub(super) person: PersonId,
    /// Everyone a name can mean, where it can mean several.
    pub(super) options: Vec<PersonId>,
    /// Whom it can mean.
    pub(super) reference: Reference,
    /// The noun or pronoun.
    pub(super) head: Word,
    /// Whether it is a description in small letters that stands for a person ("the innkeeper").
    pub(super) described: bool,
    /// Index of its quotation or [`OUTSIDE`].
    pub(super) quote: u32,
    /// Index of its paragraph.
    pub(super) paragraph: usize,
    /// Whether it owns what follows: "Ida's", "her" before a noun.
    pub(super) possessive: bool,
    /// Whether a preposition stands before it.
    pub(super) oblique: bool,
    /// Whether it is a pronoun that cannot be a subject: "him".
    pub(super) objective: bool,
}

impl Mention {
    /// Whether it is a name for `person`.
    pub(super) fn names(&self, person: PersonId) -> bool {
        self.kind == Kind::Name && self.person == person
    }

    /// Whether it may be the subject of its clause.
    pub(super) fn can_act(&self) -> bool {
        !self.oblique && !self.possessive && !self.objective
    }
}

/// Finds all mentions in order; ambiguous names go to the one named last.
pub(super) fn find(text: &Text, people: &People) -> Vec<Mention> {
    let index = index(people);
    let mut mentions: Vec<Mention> = Vec::new();
    let mut at = 0;
    while at < text.tokens.len() {
        if let Some(mention) = name(text, people, &index, at).or_else(|| other(text, at)) {
            at = mention.end.max(at + 1);
            mentions.push(mention);
        } else {
            at += 1;
        }
    }
    resolve(people, &mut mentions);
    mentions
}

/// Mentions whose first token is in `from..to`.
pub(super) fn within(mentions: &[Mention], from: usize, to: usize) -> &[Mention] {
    let start = mentions.partition_point(|mention| mention.start < from);
    let end = mentions.partition_point(|mention| mention.start < to);
    &mentions[start..end.max(start)]
}

/// Phrases by their first word, the longest first.
fn index(people: &People) -> HashMap<Word, Vec<&Phrase>> {
    let mut index: HashMap<Word, Vec<&Phrase>> = HashMap::new();
    for phrase in people.meanings.keys() {
        index.entry(phrase[0]).or_default().push(phrase);
    }
    for phrases in index.values_mut() {
        phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
    }
    index
}

fn name(
    text: &Text,
    people: &People,
    index: &HashMap<Word, Vec<&Phrase>>,
    at: usize,
) -> Option<Mention> {
    let phrases = index.get(&text.tokens[at].word)?;
    let role = text.low(at) == "the";
    if !role && !text.tokens[at].upper {
        return None;
    }
    let (phrase, end) = phrases
        .iter()
        .find_map(|phrase| Some((*phrase, matches(text, phrase, at)?)))?;
    let ids = &people.meanings[phrase];
    let mut mention = mention(text, at, end, Kind::Name, Reference::Open);
    mention.person = ids[0];
    mention.options = if ids.len() > 1 {
        ids.clone()
    } else {
        Vec::new()
    };
    Some(mention)
}

/// Where `phrase` ends if it stands at token `at`, full stops of abbreviations left out.
fn matches(text: &Text, phrase: &[Word], at: usize) -> Option<usize> {
    let mut next = at;
    for word in phrase {
        while next > at && text.low(next) == "." {
            next += 1;
        }
        if text.tokens.get(next)?.word != *word {
            return None;
        }
        next += 1;
    }
    let same = text.tokens[at].paragraph == text.tokens[next - 1].paragraph;
    // A role must be capitalised, or it is any such person.
    let capital = text.low(at) != "the" || text.tokens[at + 1].upper;
    (same && capital).then_some(next)
}

fn other(text: &Text, at: usize) -> Option<Mention> {
    if !text.outside(at) {
        return None;
    }
    let entry = text.entry(at);
    match entry.pronoun {
        Some(Pronoun::I) if text.tokens[at].upper => {
            Some(mention(text, at, at + 1, Kind::Pronoun, Reference::Teller))
        }
        Some(Pronoun::I) => None,
        Some(Pronoun::They) => Some(mention(text, at, at + 1, Kind::Pronoun, Reference::Many)),
        Some(pronoun) => {
            // "her mother" is the mother; "her" alone is a pronoun.
            let owned = entry.determiner.then(|| noun(text, at)).flatten();
            let reference = if pronoun == Pronoun::He {
                Reference::Male
            } else {
                Reference::Female
            };
            owned.or_else(|| Some(mention(text, at, at + 1, Kind::Pronoun, reference)))
        }
        None if entry.determiner => noun(text, at).or_else(|| tagged_noun(text, at)),
        None => None,
    }
}

/// A determiner, up to three other words, and a noun for a person.
fn noun(text: &Text, at: usize) -> Option<Mention> {
    for head in at + 1..text.tokens.len().min(at + 5) {
        let token = text.tokens[head];
        if !token.letter || token.quote != OUTSIDE || token.paragraph != text.tokens[at].paragraph {
            return None;
        }
        let entry = text.entry(head);
        let next_too = text
            .tokens
            .get(head + 1)
            .is_some_and(|next| next.paragraph == token.paragraph && next.letter)
            && text.entry(head + 1).noun.is_some();
        if let (Some(gender), false) = (entry.noun, next_too) {
            let mut mention = mention(text, at, head + 1, Kind::Noun, Reference::of(gender));
            mention.head = token.word;
            return Some(mention);
        }
        if entry.preposition || entry.speech || entry.determiner {
            return None;
        }
    }
    None
}

/// A determiner, up to two other words and any noun right behind a quotation's "said" or right before it: who speaks
/// is a person, whatever the noun.
fn tagged_noun(text: &Text, at: usize) -> Option<Mention> {
    let after_quote = |at: usize| {
        at > 0
            && !text.tokens[at - 1].letter
            && (at..at + 2).any(|end| end >= 2 && text.tokens[end - 2].quote != OUTSIDE)
    };
    let said = at > 0 && text.entry(at - 1).says && after_quote(at - 1);
    let determiner = matches!(text.low(at), "the" | "a" | "an" | "another");
    if !determiner || !(said || after_quote(at)) {
        return None;
    }
    let ends = |head: usize| {
        let next = text.tokens.get(head + 1);
        next.is_none_or(|next| !next.letter || next.paragraph != text.tokens[at].paragraph)
            || matches!(text.low(head + 1), "'s" | "’s")
            || text.entry(head + 1).preposition
            || text.entry(head + 1).clause
            || text.low(head + 1).ends_with("ly")
    };
    let words = at + 1..text.tokens.len().min(at + 4);
    let plain = |head: &usize| {
        let token = text.tokens[*head];
        token.letter && !token.upper && text.outside(*head)
    };
    let head = words.take_while(plain).find(|head| {
        if said {
            ends(*head)
        } else {
            text.entry(head + 1).says
        }
    })?;
    let mut mention = mention(text, at, head + 1, Kind::Noun, Reference::Open);
    mention.head = text.tokens[head].word;
    Some(mention)
}

fn mention(text: &Text, start: usize, end: usize, kind: Kind, reference: Reference) -> Mention {
    let token = text.tokens[start];
    let word = text.low(start);
    let next = text.tokens.get(end);
    let owns = match word {
        "his" if kind == Kind::Pronoun => true,
        "her" if kind == Kind::Pronoun => next.is_some_and(|next| next.letter),
        "hers" => kind == Kind::Pronoun,
        _ => matches!(text.low(end), "'s" | "’s"),
    };
    Mention {
        start,
        end,
        kind,
        person: 0,
        options: Vec::new(),
        reference,
        head: token.word,
        described: false,
        quote: token.quote,
        paragraph: token.paragraph as usize,
        possessive: owns,
        oblique: start > 0 && text.entry(start - 1).preposition,
        objective: kind == Kind::Pronoun && matches!(word, "him" | "himself" | "herself"),
    }
}

/// How far back, in tokens, an ambiguous name looks for the one it meant last.
const MEMORY: usize = 1500;

fn resolve(people: &People, mentions: &mut [Mention]) {
    let mut last: Vec<Option<usize>> = vec![None; people.all.len()];
    let mut counts = vec![0_usize; people.all.len()];
    for mention in mentions
        .iter_mut()
        .filter(|mention| mention.kind == Kind::Name)
    {
        if mention.options.len() > 1 {
            let weight = |id: &PersonId| {
                let recent = last[*id].filter(|at| mention.start - at < MEMORY);
                (recent.is_some(), recent.unwrap_or(counts[*id]))
            };
            // Of equals the first, which is the likeliest.
            let best = mention.options.iter().copied().reduce(|best, id| {
                if weight(&id) > weight(&best) {
                    id
                } else {
                    best
                }
            });
            mention.person = best.expect("there are several options");
        }
        last[mention.person] = Some(mention.start);
        counts[mention.person] += 1;
    }
}
