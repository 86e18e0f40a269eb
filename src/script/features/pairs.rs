//! Features: the strongest signs two by two.

use super::{Case, Signs};

impl Case<'_, '_> {
    /// The strongest signs two by two: each pair is weighed by itself.
    pub(super) fn pairs(&self, signs: &mut Signs) {
        let turns = &self.book.turns;
        let turn = &turns[self.index];
        let me = Some(self.person);
        let near = turn.gap <= 1;
        let before = self
            .index
            .checked_sub(1)
            .filter(|_| near)
            .map(|at| &turns[at]);
        let next_near = turns.get(self.index + 1).is_some_and(|next| next.gap <= 1);
        let ahead = |steps: usize| self.known.said.get(self.index + steps).copied().flatten();
        let guessed = !self.known.shares.is_empty() && next_near;
        let said_1 = near && self.said(1) == me;
        let context = self.context;
        let flags = [
            said_1,
            near && self.said(2) == me && self.said(1) != me,
            turn.gap == 0,
            before.is_some_and(|before| before.calls.contains(&self.person)),
            turn.calls.contains(&self.person),
            turn.speaks_of.contains(&self.person)
                || before.is_some_and(|before| before.speaks_of.contains(&self.person)),
            next_near && self.known.anchors[self.index + 1] == me,
            context.subject == me || context.paragraph_before.first() == me.as_ref(),
            context
                .own
                .first()
                .is_some_and(|own| self.book.mentions[*own].person == self.person),
            context
                .named_before
                .first()
                .is_some_and(|(person, _)| *person == self.person),
            guessed && ahead(2) == me && ahead(1) != me,
            guessed && ahead(1) == me,
            before.is_some() && self.book.asks(self.index - 1),
            context.gender.is_some() && self.book.profiles[self.person].allows(context.gender),
            self.known.anchors[self.index.saturating_sub(8)..self.index].contains(&me),
            context.last == me,
        ];
        for (one, _) in flags.iter().enumerate().filter(|(_, holds)| **holds) {
            for (other, _) in flags
                .iter()
                .enumerate()
                .skip(one + 1)
                .filter(|(_, holds)| **holds)
            {
                signs.when(true, "pair", 16 * one + other);
            }
        }
    }
}
