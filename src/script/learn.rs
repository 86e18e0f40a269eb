//! What the trainer of the attribution's weights needs: the turns of a story with everyone's features.

use super::{
    book::{Around, Book},
    context::{Context, candidates},
    features::{Known, Shares, signs},
    label, links,
    people::PersonId,
    ranker,
    style::Styles,
};
use crate::story::{Span, Story};

pub use super::features::Feature;

/// A feature's name and value.
pub type Sign = (String, f32);

/// A story on which weights are learned or tried.
pub struct Lesson<'s> {
    book: Book<'s>,
    contexts: Vec<Context>,
    said: Vec<Option<PersonId>>,
    shares: Vec<Shares>,
    sure: Vec<Option<PersonId>>,
    around: Vec<Around>,
    styles: Styles,
}

impl<'s> Lesson<'s> {
    /// Takes `story` apart; only the speakers that tags name are known at first.
    pub fn open(story: &'s Story) -> Self {
        let book = Book::open(story);
        let contexts = (0..book.turns.len())
            .map(|turn| Context::of(&book, turn))
            .collect();
        let said = book.anchors.clone();
        let mut lesson = Self {
            book,
            contexts,
            said,
            shares: Vec::new(),
            sure: Vec::new(),
            around: Vec::new(),
            styles: Styles::default(),
        };
        lesson.look_round();
        lesson
    }

    fn look_round(&mut self) {
        self.sure = ranker::sure(&self.book, &self.shares);
        self.around = self.book.around(&self.sure);
        self.styles = Styles::of(&self.book, &self.sure);
    }

    /// How many turns of speech the story has.
    pub fn turns(&self) -> usize {
        self.book.turns.len()
    }

    /// Where the words of turn `turn` stand.
    pub fn spans(&self, turn: usize) -> Vec<Span> {
        self.book.turns[turn]
            .quotes
            .iter()
            .map(|quote| self.book.text.quotes[*quote].span)
            .collect()
    }

    /// Every name of every person, the canonical one first, with how often each person is named.
    pub fn people(&self) -> Vec<(Vec<String>, usize)> {
        let names = |person| {
            let (name, aliases) = label::names(&self.book, person);
            (
                std::iter::once(name).chain(aliases).collect(),
                self.book.profiles[person].count,
            )
        };
        (0..self.book.people.all.len()).map(names).collect()
    }

    /// Who tells the story in the first person.
    pub fn teller(&self) -> Option<usize> {
        self.book.teller
    }

    /// Who says turn `turn`, where a tag names them outright.
    pub fn anchor(&self, turn: usize) -> Option<usize> {
        self.book.anchors[turn]
    }

    /// Who says turn `turn`, where a tag in a short story names them outright by a description ("the baker").
    pub fn described(&self, turn: usize) -> Option<usize> {
        let tag = self.book.turns[turn].outright()?;
        let mention = &self.book.mentions[tag.mention];
        (mention.described && self.book.text.is_short()).then_some(mention.person)
    }

    /// Everyone who may have said turn `turn`, with their features in the present pass.
    pub fn cases(&self, turn: usize) -> Vec<(usize, Vec<(Feature, f32)>)> {
        let known = self.known();
        candidates(&self.book, turn, &self.said)
            .into_iter()
            .map(|person| {
                (
                    person,
                    signs(&self.book, turn, person, &self.contexts[turn], known).list,
                )
            })
            .collect()
    }

    /// The likeliest speakers of turn `turn` by the pass before, those the chain may choose from, each with the
    /// features that are weighed by their relation to the speakers before.
    pub fn links(&self, turn: usize) -> Vec<(usize, Vec<Feature>)> {
        let known = self.known();
        ranker::contenders(&self.shares[turn])
            .into_iter()
            .map(|person| {
                (
                    person,
                    links::links(&self.book, turn, person, &self.contexts[turn], known),
                )
            })
            .collect()
    }

    fn known(&self) -> Known<'_> {
        Known {
            said: &self.said,
            shares: &self.shares,
            anchors: &self.sure,
            around: &self.around,
            styles: &self.styles,
        }
    }

    /// Goes on to the next pass with the speakers that the present one chose, and tells how sure each was.
    pub fn next_pass(&mut self, scores: &[Vec<(usize, f32)>]) -> Vec<f32> {
        let named = |turn| self.book.named_outright(turn);
        let settled = |(turn, scores): (usize, &Vec<(usize, f32)>)| {
            named(turn).map_or_else(|| scores.clone(), |named| vec![(named, 0.0)])
        };
        let scores: Vec<_> = scores.iter().enumerate().map(settled).collect();
        let verdicts: Vec<_> = scores
            .iter()
            .map(|scores| ranker::verdict(scores))
            .collect();
        self.said = verdicts
            .iter()
            .map(|verdict| verdict.map(|verdict| verdict.person))
            .collect();
        self.shares = scores.iter().map(|scores| ranker::shares(scores)).collect();
        self.look_round();
        verdicts
            .iter()
            .map(|verdict| verdict.map_or(0.0, |verdict| verdict.probability))
            .collect()
    }

    /// How the speaker of turn `turn` is shown: a letter for the regime, the strongest tag's strength and words.
    pub fn shown(&self, turn: usize) -> String {
        let regime = self.contexts[turn].regime.letter();
        let Some(tag) = self.book.turns[turn].top() else {
            return regime.to_string();
        };
        let mention = &self.book.mentions[tag.mention];
        let words: Vec<&str> = (mention.start..mention.end)
            .map(|at| self.book.text.low(at))
            .collect();
        let described = if mention.described { "described " } else { "" };
        format!(
            "{regime} {} {} {described}{:?} {}",
            tag.strength,
            tag.shape.key(),
            mention.kind,
            words.join(" ")
        )
    }

    /// Who said each turn in the last pass.
    pub fn said(&self) -> &[Option<usize>] {
        &self.said
    }
}

/// The name of a feature as the weights file writes it.
pub fn feature_name(feature: Feature) -> String {
    feature.text()
}

/// `feature` as it is weighed in `relation` to the two speakers before (see [`super::chain::relation`]).
pub fn in_relation(feature: Feature, relation: usize) -> Feature {
    links::in_relation(feature, relation)
}
