//! He or she: what titles, given names and the pronouns after a name tell of everyone.

use super::{
    Gender,
    lexicon::Title,
    mentions::{Kind, Mention},
    people::People,
    text::{OUTSIDE, Text},
};

/// What is known of one person besides the name.
#[derive(Clone, Debug)]
pub(super) struct Profile {
    /// How often they are named.
    pub(super) count: usize,
    /// How often outside quotations.
    pub(super) narration: usize,
    /// How likely they are male, `0.0..=1.0`.
    pub(super) male: f32,
    /// The likelier gender, if one is likely enough.
    pub(super) gender: Gender,
    /// What told the gender, in plain words.
    pub(super) evidence: String,
}

impl Profile {
    /// How well someone of `gender` can be this person, from -1.0 (not at all) to 1.0.
    pub(super) fn agrees(&self, gender: Option<Gender>) -> f32 {
        match gender {
            Some(Gender::Male) => 2.0 * self.male - 1.0,
            Some(Gender::Female) => 1.0 - 2.0 * self.male,
            _ => 0.0,
        }
    }

    /// Whether `gender` does not speak against this person.
    pub(super) fn allows(&self, gender: Option<Gender>) -> bool {
        self.agrees(gender) > -0.35
    }
}

/// Weights for male and female, and what gave them.
#[derive(Clone, Default)]
struct Votes {
    male: f32,
    female: f32,
    title: Option<String>,
    given: Option<String>,
    pronouns: [u32; 2],
}

/// The profile of each person.
pub(super) fn profiles(text: &Text, people: &People, mentions: &[Mention]) -> Vec<Profile> {
    let mut votes: Vec<Votes> = (0..people.all.len())
        .map(|id| by_name(text, people, id))
        .collect();
    by_pronouns(mentions, &mut votes);
    let mut counts = vec![(0, 0); people.all.len()];
    for mention in mentions.iter().filter(|mention| mention.kind == Kind::Name) {
        counts[mention.person].0 += 1;
        counts[mention.person].1 += usize::from(mention.quote == OUTSIDE);
    }
    votes
        .into_iter()
        .zip(counts)
        .map(|(votes, (count, narration))| profile(votes, count, narration))
        .collect()
}

fn profile(votes: Votes, count: usize, narration: usize) -> Profile {
    let total = votes.male + votes.female;
    let male = (votes.male + 0.5) / (total + 1.0);
    let gender = if total > 0.9 && male > 0.66 {
        Gender::Male
    } else if total > 0.9 && male < 0.34 {
        Gender::Female
    } else {
        Gender::Unknown
    };
    let pronoun = match gender {
        Gender::Male => (votes.pronouns[0], "he"),
        Gender::Female => (votes.pronouns[1], "she"),
        Gender::Unknown => (0, ""),
    };
    let mut evidence: Vec<String> = Vec::new();
    if gender != Gender::Unknown {
        evidence.extend(votes.title.map(|title| format!("called `{title}`")));
        evidence.extend(votes.given.map(|given| format!("`{given}` is such a name")));
        if pronoun.0 > 0 {
            evidence.push(format!(
                "`{}` follows the name {} times",
                pronoun.1, pronoun.0
            ));
        }
    }
    Profile {
        count,
        narration,
        male,
        gender,
        evidence: evidence.join(", "),
    }
}

fn by_name(text: &Text, people: &People, id: usize) -> Votes {
    let mut votes = Votes::default();
    for phrase in &people.all[id].phrases {
        let described = text.entry_of(phrase[0]).determiner;
        for word in phrase {
            let entry = text.entry_of(*word);
            let weights = match entry.title {
                Some(Title::Woman) => (0.0, 6.0),
                Some(Title::Man) if text.word(*word) != "m" => (6.0, 0.0),
                Some(Title::Rank) => (2.5, 0.0),
                _ => (0.0, 0.0),
            };
            votes.add(weights, text.word(*word), true);
            if described {
                let noun = match entry.noun {
                    Some(Gender::Male) => (5.0, 0.0),
                    Some(Gender::Female) => (0.0, 5.0),
                    _ => (0.0, 0.0),
                };
                votes.add(noun, text.word(*word), true);
            }
        }
        let rest = phrase
            .iter()
            .find(|word| text.entry_of(**word).title.is_none());
        let alone = text.entry_of(phrase[0]).title.is_none() || phrase.len() > 2;
        if let Some(word) = rest.filter(|_| alone && !described) {
            let weights = match text.entry_of(*word).given {
                Some(Gender::Male) => (2.5, 0.0),
                Some(Gender::Female) => (0.0, 2.5),
                _ => (0.0, 0.0),
            };
            votes.add(weights, text.word(*word), false);
        }
    }
    votes
}

impl Votes {
    fn add(&mut self, (male, female): (f32, f32), word: &str, title: bool) {
        self.male += male;
        self.female += female;
        if male + female > 0.0 {
            let slot = if title {
                &mut self.title
            } else {
                &mut self.given
            };
            slot.get_or_insert_with(|| capitalised(word));
        }
    }
}

/// `word` with a capital first letter.
pub(super) fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// How many tokens after a name its pronoun may stand.
const REACH: usize = 20;

/// The first pronoun after a name, with no other name between, in the same paragraph.
fn by_pronouns(mentions: &[Mention], votes: &mut [Votes]) {
    let mut named: Option<&Mention> = None;
    for mention in mentions.iter().filter(|mention| mention.quote == OUTSIDE) {
        match mention.kind {
            Kind::Name => named = Some(mention),
            Kind::Noun => named = None,
            Kind::Pronoun => {
                let (Some(gender), Some(name)) = (mention.reference.gender(), named) else {
                    continue;
                };
                if name.paragraph != mention.paragraph || mention.start - name.start >= REACH {
                    continue;
                }
                let weight = if name.oblique || name.possessive {
                    0.4
                } else {
                    1.0
                };
                let votes = &mut votes[name.person];
                if gender == Gender::Male {
                    votes.male += weight;
                    votes.pronouns[0] += 1;
                } else {
                    votes.female += weight;
                    votes.pronouns[1] += 1;
                }
                named = None;
            }
        }
    }
}
