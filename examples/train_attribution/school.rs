//! All stories that are learned from, taken through the passes together.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use fullcast::script::learn::Lesson;

use crate::{
    columns::{self, Columns},
    corpus::Novel,
    gold::{gold, owners},
    logit,
    random_field::{self, Chain},
};

/// How much a turn of our own scenes counts against one of the novels.
const OWN: f64 = 3.0;
/// How strongly weights are held near nought.
const RIDGE: f64 = 2.0;

/// How a pass weighs the speakers.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// Each turn by itself.
    Turn,
    /// All turns together.
    Chain,
}

impl Kind {
    /// Its name in the weights file.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Turn => "turn",
            Self::Chain => "chain",
        }
    }
}

/// Weights by the author that they have not seen.
pub(crate) type ByAuthor = BTreeMap<String, Vec<f64>>;

/// The stories with their gold speakers, and what the passes so far made of them.
pub(crate) struct School<'s> {
    /// All stories, the novels first, our own scenes last.
    pub(crate) novels: &'s [Novel],
    /// The same in the program's eyes.
    pub(crate) lessons: Vec<Lesson<'s>>,
    /// How sure each turn of each story is.
    pub(crate) sure: Vec<Vec<f32>>,
    authors: Vec<String>,
    gold: Vec<Vec<Option<usize>>>,
    owners: Vec<Vec<Option<usize>>>,
    /// Index of the first of our own scenes.
    own: usize,
}

impl<'s> School<'s> {
    /// Takes all stories apart; `folds` tells the author of novels that share one, `own` where our scenes begin.
    pub(crate) fn open(novels: &'s [Novel], folds: &BTreeMap<String, String>, own: usize) -> Self {
        let author = |novel: &Novel| folds.get(&novel.name).unwrap_or(&novel.name).clone();
        let lessons: Vec<Lesson> = novels
            .iter()
            .map(|novel| Lesson::open(&novel.story))
            .collect();
        let pairs = || novels.iter().zip(&lessons);
        let gold: Vec<_> = pairs().map(|(novel, lesson)| gold(novel, lesson)).collect();
        let owners = pairs()
            .zip(&gold)
            .map(|((novel, lesson), gold)| owners(novel, lesson, gold))
            .collect();
        Self {
            novels,
            authors: novels.iter().map(author).collect(),
            sure: vec![Vec::new(); novels.len()],
            lessons,
            gold,
            owners,
            own,
        }
    }

    /// All stories as a pass of `kind` sees them.
    pub(crate) fn chains(&self, kind: Kind, columns: &mut Columns) -> Vec<Chain> {
        (0..self.lessons.len())
            .map(|story| {
                let (lesson, gold) = (&self.lessons[story], &self.gold[story]);
                match kind {
                    Kind::Turn => columns::turns(lesson, gold, &self.owners[story], columns),
                    Kind::Chain => columns::chain_of(lesson, gold, &self.owners[story], columns),
                }
            })
            .collect()
    }

    /// Weights learned from the stories `chosen`, from `start`, in at most `steps` steps.
    pub(crate) fn fit(
        &self,
        kind: Kind,
        chains: &[Chain],
        chosen: &[usize],
        start: &[f64],
        steps: usize,
    ) -> Vec<f64> {
        let weight = |story: usize| if story < self.own { 1.0 } else { OWN };
        let chosen: Vec<(&Chain, f64)> = chosen
            .iter()
            .map(|story| (&chains[*story], weight(*story)))
            .collect();
        let loss = |weights: &[f64], gradient: &mut [f64]| match kind {
            Kind::Turn => logit::loss(&chosen, weights, gradient),
            Kind::Chain => random_field::loss(&chosen, weights, gradient),
        };
        logit::fit(&loss, start, RIDGE, steps)
    }

    /// Weights that have not seen each author, from `starts` that have not either; two authors at a time.
    pub(crate) fn by_author(
        &self,
        kind: Kind,
        chains: &[Chain],
        starts: &ByAuthor,
        (size, steps): (usize, usize),
    ) -> ByAuthor {
        let distinct: BTreeSet<&String> = self.authors.iter().collect();
        let distinct: Vec<&String> = distinct.into_iter().collect();
        let learn = |author: &String| {
            let others: Vec<usize> = (0..self.authors.len())
                .filter(|story| self.authors[*story] != *author)
                .collect();
            let mut start = starts.get(author).cloned().unwrap_or_default();
            start.resize(size, 0.0);
            let weights = self.fit(kind, chains, &others, &start, steps);
            (author.clone(), weights)
        };
        let mut found = ByAuthor::new();
        for pair in distinct.chunks(2) {
            std::thread::scope(|scope| {
                let handles: Vec<_> = pair
                    .iter()
                    .map(|author| scope.spawn(|| learn(author)))
                    .collect();
                let learned = handles
                    .into_iter()
                    .map(|handle| handle.join().expect("learning does not fail"));
                found.extend(learned);
            });
        }
        found
    }

    /// Takes every story to the next pass with the weights that have not seen its author.
    pub(crate) fn advance(&mut self, kind: Kind, chains: &[Chain], weights: &ByAuthor) {
        for (story, lesson) in self.lessons.iter_mut().enumerate() {
            let weights = &weights[&self.authors[story]];
            let scores = match kind {
                Kind::Turn => logit::scores(&chains[story], weights),
                Kind::Chain => random_field::scores(&chains[story], weights),
            };
            self.sure[story] = lesson.next_pass(&scores);
        }
    }

    /// How many turns of `stories` have the right speaker, and how many could.
    pub(crate) fn right(&self, stories: Range<usize>) -> String {
        let (mut all, mut hits, mut possible) = (0, 0, 0);
        for story in stories {
            let lesson = &self.lessons[story];
            for (turn, speaker) in self.gold[story].iter().enumerate() {
                let Some(speaker) = speaker else { continue };
                let owns = |person: usize| self.owners[story][person] == Some(*speaker);
                all += 1;
                hits += usize::from(lesson.said()[turn].is_some_and(owns));
                possible += usize::from(lesson.cases(turn).iter().any(|(person, _)| owns(*person)));
            }
        }
        let share = |count: usize| 100.0 * count as f64 / f64::max(1.0, f64::from(all));
        format!(
            "{:.2} % of {all} turns right, {:.2} % possible",
            share(hits),
            share(possible)
        )
    }
}
