//! Features: where the story names the person, and how near.

use super::{Case, Signs};
use crate::script::people::PersonId;

impl Case<'_, '_> {
    /// How recently narration named the person, counted in other persons.
    pub(super) fn recency(&self, signs: &mut Signs) {
        let before = &self.context.named_before;
        let Some(rank) = before
            .iter()
            .take(9)
            .position(|(person, _)| *person == self.person)
        else {
            signs.when(true, "rank-none", 0);
            return;
        };
        let allowed = |(person, _): &&(PersonId, usize)| {
            self.context.gender.is_none() || self.book.profiles[*person].allows(self.context.gender)
        };
        let same_gender = before[..rank].iter().filter(allowed).count();
        let mention = &self.book.mentions[before[rank].1];
        signs.when(true, "rank", rank.min(4));
        if self.context.gender.is_some() {
            signs.when(true, "rank-gender", same_gender.min(4));
        }
        let distance = self.book.turns[self.index]
            .tokens
            .0
            .saturating_sub(mention.start);
        signs.add("rank-distance", 0, (distance as f32).ln_1p() / 6.0);
        signs.when(!mention.oblique && !mention.possessive, "rank-subject", 0);
    }

    /// Names in the narration of the turn's own paragraphs.
    pub(super) fn own(&self, signs: &mut Signs) {
        let own: Vec<_> = self
            .context
            .own
            .iter()
            .map(|mention| &self.book.mentions[*mention])
            .collect();
        let mine: Vec<_> = own
            .iter()
            .filter(|mention| mention.person == self.person)
            .collect();
        if mine.is_empty() {
            signs.when(!own.is_empty(), "own-other", 0);
            return;
        }
        let (start, end) = self.book.turns[self.index].tokens;
        signs.when(true, "own", 0);
        signs.when(own[0].person == self.person, "own-first", 0);
        signs.when(mine.len() == own.len(), "own-only", 0);
        signs.when(
            mine.iter()
                .any(|mention| mention.start < start && mention.can_act()),
            "own-before",
            0,
        );
        signs.when(
            mine.iter().all(|mention| !mention.can_act()),
            "own-oblique",
            0,
        );
        signs.when(
            mine.iter().all(|mention| mention.start > end),
            "own-after",
            0,
        );
    }

    /// Names in the paragraphs of narration before and after.
    pub(super) fn neighbours(&self, signs: &mut Signs) {
        let before = &self.context.paragraph_before;
        if before.contains(&self.person) {
            signs.when(true, "paragraph-before", 0);
            signs.when(
                before.last() == Some(&self.person),
                "paragraph-before-last",
                0,
            );
            signs.when(
                before.first() == Some(&self.person),
                "paragraph-before-first",
                0,
            );
            signs.when(
                before.iter().all(|person| *person == self.person),
                "paragraph-before-only",
                0,
            );
        }
        let after = &self.context.paragraph_after;
        if after.contains(&self.person) {
            signs.when(true, "paragraph-after", 0);
            signs.when(
                after.first() == Some(&self.person),
                "paragraph-after-first",
                0,
            );
        }
    }

    /// Narration between the turn before and this one.
    pub(super) fn between(&self, signs: &mut Signs) {
        let context = self.context;
        let me = Some(self.person);
        if context.between.contains(&self.person) {
            signs.when(true, "between", 0);
        }
        if self.gap(0) == 1 {
            let first = context.paragraph_before.first().copied();
            let spoke = self.said(1) == me;
            let kind = match first {
                None => 0,
                Some(first) if first == self.person => 1,
                Some(_) => 2,
            };
            signs.when(spoke, "spoke-then", kind);
            signs.when(self.said(2) == me && !spoke, "spoke-2-then", kind);
            signs.when(context.gesture && kind == 1, "gesture", 0);
            signs.when(context.gesture && spoke, "gesture-spoke", 0);
            let profile = &self.book.profiles[self.person];
            if let Some(gender) = context.subject_before {
                signs.add(
                    "subject-before-gender",
                    usize::from(context.gesture),
                    profile.agrees(Some(gender)),
                );
            }
        }
        let asked = self.index > 0 && self.gap(0) <= 1 && self.book.asks(self.index - 1);
        signs.when(asked && self.said(1) == me, "asked-said-1", 0);
        signs.when(
            asked && self.said(2) == me && self.said(1) != me,
            "asked-said-2",
            0,
        );
    }
}
