//! Features: how people call each other. One person calls another by the same word, and the one so called answers.

use super::{Case, Signs};
use crate::script::text::Word;

/// How many turns on each side that call by the same word are looked at.
const NEAREST: usize = 6;

/// How much of the callings by a word is the person's, and how much of the answers.
#[derive(Clone, Copy, Default)]
struct Habit {
    calls: f32,
    answers: f32,
}

impl Case<'_, '_> {
    /// Whether the person is known to call others as this turn does, and to answer to what the turn before calls.
    pub(super) fn address(&self, signs: &mut Signs) {
        let turns = &self.book.turns;
        let short = usize::from(self.book.text.is_short());
        for word in &turns[self.index].vocatives {
            if let Some(habit) = self.habit(*word) {
                signs.plain("address-calls", short, habit.calls);
                signs.plain("address-answers", short, habit.answers);
                break;
            }
        }
        let Some(before) = self.index.checked_sub(1).filter(|_| self.gap(0) <= 1) else {
            return;
        };
        for word in &turns[before].vocatives {
            if let Some(habit) = self.habit(*word) {
                signs.plain("addressed-calls", short, habit.calls);
                signs.plain("addressed-answers", short, habit.answers);
                break;
            }
        }
    }

    /// What the person has to do with callings by `word` in other turns, if there are any.
    fn habit(&self, word: Word) -> Option<Habit> {
        let turns = self.book.vocatives.get(&word)?;
        let here = turns.partition_point(|turn| *turn < self.index.saturating_sub(1));
        let round = turns[here.saturating_sub(NEAREST)..turns.len().min(here + NEAREST + 2)].iter();
        let (mut habit, mut all) = (Habit::default(), 0.0_f32);
        for turn in round.filter(|turn| **turn != self.index && **turn + 1 != self.index) {
            all += 1.0;
            habit.calls += self.share(*turn);
            let next = self.book.turns.get(turn + 1);
            if next.is_some_and(|next| next.gap <= 1) {
                habit.answers += self.share(turn + 1);
            }
        }
        (all > 0.0).then(|| Habit {
            calls: habit.calls / all,
            answers: habit.answers / all,
        })
    }

    /// How likely the person says `turn`, as far as is known.
    pub(super) fn share(&self, turn: usize) -> f32 {
        match self.known.shares.get(turn) {
            Some(shares) => shares
                .iter()
                .find(|(person, _)| *person == self.person)
                .map_or(0.0, |(_, share)| *share),
            None => f32::from(u8::from(self.known.said[turn] == Some(self.person))),
        }
    }
}
