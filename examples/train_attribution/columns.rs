//! Stories as numbers: a column for each feature, a row for each person who may have said a turn.

use std::collections::HashMap;

use fullcast::script::learn::{self, Feature, Lesson};

use crate::random_field::{Chain, Contender};

/// The columns of the features seen.
#[derive(Default)]
pub(crate) struct Columns {
    index: HashMap<String, u32>,
    /// Their names, by column.
    pub(crate) names: Vec<String>,
}

impl Columns {
    /// The column of the feature `name`.
    fn of(&mut self, name: String) -> u32 {
        let names = &mut self.names;
        *self.index.entry(name).or_insert_with_key(|name| {
            names.push(name.clone());
            names.len() as u32 - 1
        })
    }
}

fn coded(signs: &[(Feature, f32)], columns: &mut Columns) -> Vec<(u32, f32)> {
    let code =
        |(feature, value): &(Feature, f32)| (columns.of(learn::feature_name(*feature)), *value);
    signs.iter().map(code).collect()
}

/// The turns of a story with everyone who may have said them, each turn by itself.
pub(crate) fn turns(
    lesson: &Lesson,
    gold: &[Option<usize>],
    owners: &[Option<usize>],
    columns: &mut Columns,
) -> Chain {
    let mut turn = |turn: usize| {
        let contender = |(person, signs): (usize, Vec<(Feature, f32)>)| Contender {
            person,
            own: coded(&signs, columns),
            tied: Vec::new(),
            right: gold[turn].is_some() && owners[person] == gold[turn],
        };
        lesson.cases(turn).into_iter().map(contender).collect()
    };
    (0..lesson.turns()).map(&mut turn).collect()
}

/// The chain of a story, with the gold speakers where they are among the contenders.
pub(crate) fn chain_of(
    lesson: &Lesson,
    gold: &[Option<usize>],
    owners: &[Option<usize>],
    columns: &mut Columns,
) -> Chain {
    let mut turn = |turn: usize| {
        let cases = lesson.cases(turn);
        let contender = |(person, ties): (usize, Vec<Feature>)| {
            let signs = cases.iter().find(|(other, _)| *other == person);
            let own = signs.map_or(&[][..], |(_, signs)| &signs[..]);
            Contender {
                person,
                own: coded(own, columns),
                tied: ties
                    .into_iter()
                    .map(|tie| {
                        std::array::from_fn(|relation| {
                            columns.of(learn::feature_name(learn::in_relation(tie, relation)))
                        })
                    })
                    .collect(),
                right: gold[turn].is_some() && owners[person] == gold[turn],
            }
        };
        lesson.links(turn).into_iter().map(contender).collect()
    };
    (0..lesson.turns()).map(&mut turn).collect()
}
