//! The lines worth a human's look, worst first.

use std::collections::BTreeMap;

use super::{Age, Character, Gender, Kind, Line, Name, Script};

/// Lines surer than this are not worth a look.
const SURE: f32 = 0.8;
/// Whoever has at least this share of all speech is a main character.
const MAIN: f32 = 0.1;
/// A listener who has heard this many characters of text has noticed; more text does not make it worse.
const NOTICED: usize = 300;

/// A line that may have the wrong speaker.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Concern<'s> {
    /// Index of the line in [`Script::lines`].
    pub index: usize,
    /// The line.
    pub line: &'s Line,
    /// How bad it is: doubt times how audible the mistake would be.
    pub weight: f32,
}

/// The speech of `script` that is less than 80 % certain, worst first; lines as bad as each other in their order.
///
/// The weight is `(1 - certainty) × length × difference`. `length` is the line's characters, at most 300.
/// `difference` starts at 1 and grows with how unlike the two voices would be: × 2 if the line's speaker and the
/// runner-up are of different gender, × 1.5 if it is not known of one of them, × 1.5 if one is a child or old and the
/// other is not, × 2 if one of them is the narrator, × 1.5 if one of them is a main character (has at least a tenth of
/// all speech). Without a runner-up, anyone may be meant: × 1.5.
pub fn review(script: &Script) -> Vec<Concern<'_>> {
    let people = People::of(script);
    let mut concerns: Vec<Concern> = (script.lines.iter().enumerate())
        .filter(|(_, line)| line.kind == Kind::Speech && line.certainty < SURE)
        .map(|(index, line)| Concern {
            index,
            line,
            weight: weight(&people, line),
        })
        .collect();
    concerns.sort_by(|one, other| {
        let worse = other.weight.total_cmp(&one.weight);
        worse.then(one.index.cmp(&other.index))
    });
    concerns
}

fn weight(people: &People, line: &Line) -> f32 {
    let length = line.text.chars().count().min(NOTICED) as f32;
    (1.0 - line.certainty) * length * difference(people, line)
}

fn difference(people: &People, line: &Line) -> f32 {
    let Some(rival) = &line.rival else {
        return 1.5 * people.if_main(&[&line.speaker]);
    };
    let pair = [&line.speaker, &rival.name];
    let narrator = if pair.iter().any(|name| name.is_narrator()) {
        2.0
    } else {
        1.0
    };
    let [one, other] = pair.map(|name| people.known.get(name));
    let gender = match [one, other].map(|who| who.map_or(Gender::Unknown, |who| who.gender)) {
        [Gender::Unknown, _] | [_, Gender::Unknown] => 1.5,
        [one, other] if one != other => 2.0,
        _ => 1.0,
    };
    let [one, other] = [one, other].map(|who| who.map_or(Age::Unknown, |who| who.age));
    let grown = |age| matches!(age, Age::Adult | Age::Unknown);
    let age = if one == other || (grown(one) && grown(other)) {
        1.0
    } else {
        1.5
    };
    narrator * gender * age * people.if_main(&pair)
}

/// Everyone who speaks, and how much.
struct People<'s> {
    known: BTreeMap<&'s Name, &'s Character>,
    spoken: BTreeMap<&'s Name, usize>,
    total: usize,
}

impl<'s> People<'s> {
    fn of(script: &'s Script) -> Self {
        let mut spoken: BTreeMap<&Name, usize> = BTreeMap::new();
        for line in script.lines.iter().filter(|line| line.kind == Kind::Speech) {
            *spoken.entry(&line.speaker).or_default() += line.text.len();
        }
        Self {
            known: script
                .characters
                .iter()
                .map(|one| (&one.name, one))
                .collect(),
            total: spoken.values().sum(),
            spoken,
        }
    }

    fn if_main(&self, names: &[&Name]) -> f32 {
        let share = |name: &Name| {
            self.spoken.get(name).copied().unwrap_or(0) as f32 / self.total.max(1) as f32
        };
        if names.iter().any(|name| share(name) >= MAIN) {
            1.5
        } else {
            1.0
        }
    }
}
