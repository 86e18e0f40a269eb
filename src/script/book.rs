//! All that is known of a story before anyone is said to speak.

use std::collections::{BTreeMap, HashMap};

use super::{
    Gender, aliases, calls, described,
    gender::{self, Profile},
    mentions::{self, Kind, Mention, Reference},
    names,
    people::{self, People, PersonId},
    pronouns,
    tags::{Shape, Tag},
    text::{Text, Word},
    turns::{self, Turn},
};
use crate::story::Story;

/// A story taken apart: its people, where they are spoken of, and its turns of speech.
pub(super) struct Book<'s> {
    pub(super) text: Text<'s>,
    pub(super) people: People,
    pub(super) mentions: Vec<Mention>,
    pub(super) profiles: Vec<Profile>,
    pub(super) turns: Vec<Turn>,
    /// Who tells the story in the first person.
    pub(super) teller: Option<PersonId>,
    /// Who speaks each turn, where a tag names them outright.
    pub(super) anchors: Vec<Option<PersonId>>,
    /// The gender of the speaker where a tag tells no more.
    pub(super) tag_genders: Vec<Option<Gender>>,
    /// How many turns each person is outright the speaker of.
    pub(super) anchored: Vec<usize>,
    /// The tokens where each person is named.
    pub(super) named_at: Vec<Vec<usize>>,
    /// Who is meant by each mention in narration, as far as can be told.
    pub(super) meant: Vec<Option<PersonId>>,
    /// Turns whose tag is a noun, by that noun.
    pub(super) noun_turns: HashMap<Word, Vec<usize>>,
    /// Turns that call someone by a word, by that word.
    pub(super) vocatives: HashMap<Word, Vec<usize>>,
    /// How often each noun stands for someone in narration.
    nouns: HashMap<Word, usize>,
    /// Nouns that stand beside a name and tell what the person is: "Ida, the baker".
    pub(super) apposed: HashMap<Word, Vec<PersonId>>,
    /// How often each phrase stands for someone.
    phrase_uses: BTreeMap<Vec<Word>, usize>,
}

/// The strength of a tag that leaves no doubt.
const SURE: u8 = 10;

impl<'s> Book<'s> {
    /// Takes `story` apart.
    pub(super) fn open(story: &'s Story) -> Self {
        let text = Text::new(story);
        let (found, together) = names::discover(&text);
        let mut people = people::gather(&text, &found, &together);
        let mut mentions = mentions::find(&text, &people);
        let tags = turns::read_tags(&text, &mentions);
        described::add(&text, &mut people, &mut mentions, &tags);
        let profiles = gender::profiles(&text, &people, &mentions);
        let mut book = Self {
            text,
            people,
            mentions,
            profiles,
            turns: Vec::new(),
            teller: None,
            anchors: Vec::new(),
            tag_genders: Vec::new(),
            anchored: Vec::new(),
            named_at: Vec::new(),
            meant: Vec::new(),
            noun_turns: HashMap::new(),
            vocatives: HashMap::new(),
            apposed: HashMap::new(),
            nouns: HashMap::new(),
            phrase_uses: BTreeMap::new(),
        };
        book.find_teller();
        let tags = turns::read_tags(&book.text, &book.mentions);
        book.turns = turns::build(&book.text, &book.mentions, &tags);
        calls::add_titles(&book.text, &book.people, &mut book.turns);
        calls::add_loose(&book.text, &book.mentions, &book.profiles, &mut book.turns);
        book.index();
        aliases::merge_claimed(&mut book);
        aliases::merge_called(&mut book);
        aliases::merge_answering(&mut book, &together);
        book.index();
        book
    }

    /// Makes one person of two: every mention of `alias` means `person`.
    pub(super) fn merge(&mut self, alias: PersonId, person: PersonId) {
        self.people.merge(alias, person);
        for mention in self
            .mentions
            .iter_mut()
            .filter(|mention| mention.kind == Kind::Name)
        {
            if mention.person == alias {
                mention.person = person;
            }
            mention
                .options
                .iter_mut()
                .filter(|option| **option == alias)
                .for_each(|option| *option = person);
        }
        for turn in &mut self.turns {
            for list in [&mut turn.calls, &mut turn.speaks_of] {
                if let Some(at) = list.iter().position(|known| *known == alias) {
                    list.remove(at);
                    if !list.contains(&person) {
                        list.push(person);
                    }
                }
            }
        }
        self.profiles[person].count += self.profiles[alias].count;
        self.profiles[person].narration += self.profiles[alias].narration;
        (self.profiles[alias].count, self.profiles[alias].narration) = (0, 0);
    }

    /// Recomputes what follows from people, mentions and turns.
    pub(super) fn index(&mut self) {
        self.find_anchors();
        self.count_phrases();
        self.meant = pronouns::resolve(&self.mentions, &self.profiles, self.teller);
        self.named_at = vec![Vec::new(); self.people.all.len()];
        for mention in self
            .mentions
            .iter()
            .filter(|mention| mention.kind == Kind::Name)
        {
            let everyone = if mention.options.is_empty() {
                std::slice::from_ref(&mention.person)
            } else {
                &mention.options[..]
            };
            for person in everyone {
                self.named_at[*person].push(mention.start);
            }
        }
        self.find_appositions();
        self.nouns.clear();
        for mention in self
            .mentions
            .iter()
            .filter(|mention| mention.kind == Kind::Noun || mention.described)
        {
            *self.nouns.entry(mention.head).or_default() += 1;
        }
        self.vocatives.clear();
        for (index, turn) in self.turns.iter().enumerate() {
            for word in &turn.vocatives {
                self.vocatives.entry(*word).or_default().push(index);
            }
        }
        self.noun_turns.clear();
        for (index, turn) in self.turns.iter().enumerate() {
            if let Some(head) = self.noun_tag(turn) {
                self.noun_turns.entry(head).or_default().push(index);
            }
        }
    }

    /// Finds "Ida, the baker", "Ida the baker", "the baker, Ida" and "Ida was a baker".
    fn find_appositions(&mut self) {
        self.apposed.clear();
        for pair in self.mentions.windows(2) {
            let named = |mention: &Mention| mention.kind == Kind::Name && !mention.described;
            let noun = |mention: &Mention| mention.kind == Kind::Noun || mention.described;
            let (name, other) = match (&pair[0], &pair[1]) {
                (one, other) if named(one) && noun(other) => (one, other),
                (one, other) if noun(one) && named(other) => (other, one),
                _ => continue,
            };
            let (end, start) = (pair[0].end, pair[1].start);
            let between: Vec<&str> = (end..start.min(end + 3))
                .map(|at| self.text.low(at))
                .collect();
            let apposed = matches!(between[..], [] | [","])
                || (matches!(between[..], ["was" | "is"]) && named(&pair[0]));
            let determiner = matches!(self.text.low(other.start), "the" | "a" | "an");
            if start - end < 3 && apposed && determiner && pair[0].paragraph == pair[1].paragraph {
                let people = self.apposed.entry(other.head).or_default();
                if !people.contains(&name.person) {
                    people.push(name.person);
                }
            }
        }
    }

    /// How often `noun` stands for someone in narration.
    pub(super) fn uses_of_noun(&self, noun: Word) -> usize {
        self.nouns.get(&noun).copied().unwrap_or(0)
    }

    /// Whether the story says of someone named that they are a `noun`; of `person` if given.
    pub(super) fn is_apposed(&self, noun: Word, person: Option<PersonId>) -> bool {
        self.apposed
            .get(&noun)
            .is_some_and(|people| person.is_none_or(|person| people.contains(&person)))
    }

    /// Whether a description may as well mean somebody with a name: in a novel any, in a short story only "the man"
    /// and the like.
    pub(super) fn is_loose(&self, mention: &Mention) -> bool {
        let common = described::is_common(self.text.word(mention.head));
        mention.described && (common || !self.text.is_short())
    }

    /// The noun that the outright tag of `turn` consists of.
    pub(super) fn noun_tag(&self, turn: &Turn) -> Option<Word> {
        let mention = &self.mentions[turn.outright()?.mention];
        (mention.kind == Kind::Noun || mention.described).then_some(mention.head)
    }

    fn find_anchors(&mut self) {
        self.anchors = vec![None; self.turns.len()];
        self.tag_genders = vec![None; self.turns.len()];
        self.anchored = vec![0; self.people.all.len()];
        for (index, turn) in self.turns.iter().enumerate() {
            let Some(tag) = turn.top().filter(|tag| tag.strength >= 8) else {
                continue;
            };
            let mention = &self.mentions[tag.mention];
            self.anchors[index] = match (mention.kind, mention.reference) {
                (Kind::Name, _) if !self.is_loose(mention) => Some(mention.person),
                (_, Reference::Teller) => self.teller,
                _ => None,
            };
            if self.anchors[index].is_none() {
                self.tag_genders[index] = mention.reference.gender();
            }
        }
        for person in self.anchors.iter().flatten() {
            self.anchored[*person] += 1;
        }
    }

    /// Who says turn `index` beyond doubt: the one and only person that "said Ida" beside its words names.
    pub(super) fn named_outright(&self, index: usize) -> Option<PersonId> {
        let turn = &self.turns[index];
        let named = |tag: &&Tag| {
            let beside = matches!(tag.shape, Shape::VerbName | Shape::NameVerb);
            (tag.strength >= SURE && beside)
                || (tag.strength + 1 >= SURE && tag.shape == Shape::Before)
        };
        let mut mentions = turn
            .tags
            .iter()
            .filter(named)
            .map(|tag| &self.mentions[tag.mention]);
        let first = mentions.next()?;
        let alone = |mention: &Mention| {
            mention.options.len() < 2
                && (mention.reference == Reference::Teller
                    || mention.kind == Kind::Name && !mention.described)
        };
        let person = self.anchors[index]?;
        let same = |mention: &Mention| mention.kind != Kind::Name || mention.person == first.person;
        (alone(first) && mentions.all(same)).then_some(person)
    }

    /// The words after the determiner of a mention, such as `old man`.
    pub(super) fn description(&self, mention: &Mention) -> Vec<Word> {
        self.text.tokens[mention.start + 1..mention.end]
            .iter()
            .map(|token| token.word)
            .collect()
    }

    /// Whether any phrase of `person` has `word`.
    pub(super) fn has_word(&self, person: PersonId, word: Word) -> bool {
        let doctor = self.text.word(word) == "doctor";
        self.people.all[person]
            .phrases
            .iter()
            .flatten()
            .any(|other| *other == word || (doctor && self.text.word(*other) == "dr"))
    }
}

impl Book<'_> {
    /// How often `phrase` stands for someone.
    pub(super) fn uses(&self, phrase: &[Word]) -> usize {
        self.phrase_uses.get(phrase).copied().unwrap_or(0)
    }

    /// Whether turn `index` ends with a question.
    pub(super) fn asks(&self, index: usize) -> bool {
        let quote = self.turns[index].quotes.last();
        quote.is_some_and(|quote| {
            self.text.quotes[*quote]
                .span
                .of(self.text.source)
                .ends_with('?')
        })
    }

    fn count_phrases(&mut self) {
        self.phrase_uses.clear();
        for mention in self
            .mentions
            .iter()
            .filter(|mention| mention.kind == Kind::Name)
        {
            let tokens = &self.text.tokens[mention.start..mention.end];
            let words = tokens
                .iter()
                .map(|token| token.word)
                .filter(|word| self.text.word(*word) != ".")
                .collect();
            *self.phrase_uses.entry(words).or_default() += 1;
        }
    }
}

/// The nearest persons known before and after each turn in an unbroken exchange, with their distance.
pub(super) type Around = [Vec<(PersonId, usize)>; 2];

impl Book<'_> {
    /// For each turn the nearest of `anchors` on both sides.
    pub(super) fn around(&self, anchors: &[Option<PersonId>]) -> Vec<Around> {
        let nearest = |turn| {
            [
                self.nearest(anchors, turn, false),
                self.nearest(anchors, turn, true),
            ]
        };
        (0..self.turns.len()).map(nearest).collect()
    }

    /// Up to two different persons anchored in the exchange on one side of `turn`, with the number of steps.
    fn nearest(
        &self,
        anchors: &[Option<PersonId>],
        turn: usize,
        ahead: bool,
    ) -> Vec<(PersonId, usize)> {
        let mut found: Vec<(PersonId, usize)> = Vec::new();
        let mut at = turn;
        for step in 1..=10 {
            let crossed = if ahead { at + 1 } else { at };
            if crossed >= self.turns.len() || (!ahead && at == 0) || self.turns[crossed].gap > 0 {
                break;
            }
            at = if ahead { at + 1 } else { at - 1 };
            if let Some(person) = anchors[at] {
                if found.first().is_none_or(|(first, _)| *first != person) {
                    found.push((person, step));
                }
                if found.len() == 2 {
                    break;
                }
            }
        }
        found
    }
}
