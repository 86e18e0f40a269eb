//! Features: whom the turns call and speak of.

use super::{Case, Signs};
use crate::script::context::NAME_ALONE;

impl Case<'_, '_> {
    /// Whom this turn and its neighbours call and speak of.
    pub(super) fn calls(&self, signs: &mut Signs) {
        let turns = &self.book.turns;
        let turn = &turns[self.index];
        let profile = &self.book.profiles[self.person];
        if turn.calls.contains(&self.person) {
            // A name alone is often an answer: "And you are?" "Mary Datchet."
            let alone = turn.tokens.1 - turn.tokens.0 <= NAME_ALONE;
            signs.plain("calls", usize::from(alone), 1.0);
        }
        if turn.claims.contains(&self.person) {
            signs.plain("claims", 0, 1.0);
        }
        if turn.speaks_of.contains(&self.person) {
            signs.plain("speaks-of", 0, 1.0);
        }
        if self.index > 0 && turn.gap <= 2 {
            let before = &turns[self.index - 1];
            if before.calls.contains(&self.person) {
                signs.plain("called-before", 1 + usize::from(turn.gap > 0), 1.0);
            }
            if before.speaks_of.contains(&self.person) {
                signs.plain("spoken-of-before", 0, 1.0);
            }
            if let [gender] = before.addresses[..] {
                signs.add("addressed-before", 0, profile.agrees(Some(gender)));
            }
        }
        let Some(next) = turns.get(self.index + 1).filter(|next| next.gap <= 2) else {
            return;
        };
        if next.calls.contains(&self.person) {
            signs.plain("called-after", 1 + usize::from(next.gap > 0), 1.0);
        }
        if next.speaks_of.contains(&self.person) {
            signs.plain("spoken-of-after", 0, 1.0);
        }
        if let ([gender], 0) = (&next.addresses[..], next.gap) {
            signs.add("addressed-after", 0, profile.agrees(Some(*gender)));
        }
    }

    /// Whom turns at two steps call by name.
    pub(super) fn far_calls(&self, signs: &mut Signs) {
        let turns = &self.book.turns;
        if let Some(at) = self.index.checked_sub(2)
            && turns[at + 1].gap <= 1
            && self.gap(0) <= 1
            && turns[at].calls.contains(&self.person)
        {
            signs.plain("called-2-before", 0, 1.0);
        }
        let next = turns.get(self.index + 1).zip(turns.get(self.index + 2));
        if next.is_some_and(|(one, two)| {
            one.gap <= 1 && two.gap <= 1 && two.calls.contains(&self.person)
        }) {
            signs.plain("called-2-after", 0, 1.0);
        }
    }
}
