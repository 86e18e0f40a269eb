//! Features: people who are only described, and nouns in tags.

use super::{Case, Signs};
use crate::script::{described, text::Word};

impl Case<'_, '_> {
    /// Who was meant by the same noun ("the doctor") elsewhere.
    pub(super) fn nouns(&self, signs: &mut Signs) {
        let book = self.book;
        let Some(head) = book.noun_tag(&book.turns[self.index]) else {
            return;
        };
        let words = |turn: usize| {
            let mention = &book.mentions[book.turns[turn].tags[0].mention];
            book.description(mention)
        };
        if book.is_apposed(head, Some(self.person)) {
            signs.plain("noun-apposed", 0, 1.0);
        }
        self.tagged_description(head, signs);
        let kin = book.text.entry_of(head).kin;
        let (mut mine, mut all) = (0.0, 0.0);
        let turns = &book.noun_turns[&head];
        let from = turns.partition_point(|turn| turn + 80 < self.index);
        for turn in turns[from..]
            .iter()
            .take_while(|turn| **turn <= self.index + 80)
        {
            let Some(person) = self.known.said[*turn].filter(|_| *turn != self.index) else {
                continue;
            };
            let weight = if !kin && words(*turn) == words(self.index) {
                2.0
            } else {
                1.0
            };
            let weight = weight / (1.0 + turn.abs_diff(self.index) as f32 / 10.0);
            all += weight;
            mine += if person == self.person { weight } else { 0.0 };
        }
        if all > 0.0 {
            signs.plain("noun-same", 0, mine / all);
        }
    }

    /// Whether the tag's description means someone of its own: how new and how often used it is, and whether it says
    /// what somebody named is.
    pub(super) fn tagged_description(&self, head: Word, signs: &mut Signs) {
        let book = self.book;
        let mention = &book.mentions[book.turns[self.index].tags[0].mention];
        if !mention.described || mention.person != self.person {
            return;
        }
        let named = &book.named_at[self.person];
        let first = mention
            .start
            .saturating_sub(named.first().copied().unwrap_or(mention.start));
        let kind = if book.text.entry_of(head).kin {
            0
        } else if described::is_common(book.text.word(head)) {
            1
        } else if described::serves(book.text.word(head)) {
            3
        } else {
            2
        };
        let new = match first {
            0..=400 => 0,
            401..=3000 => 1,
            _ => 2,
        };
        signs.plain("tagged-new", 3 * kind + new, 1.0);
        signs.plain("tagged-uses", 3 * kind + named.len().min(9) / 4, 1.0);
        if book.is_apposed(head, None) {
            signs.plain("tagged-apposed", kind, 1.0);
        }
        let lone = book.uses_of_noun(head) <= named.len() + 1;
        signs.plain("tagged-lone", 2 * kind + usize::from(lone), 1.0);
        let determiner = usize::from(matches!(
            book.text.low(mention.start),
            "a" | "an" | "another"
        ));
        signs.plain("tagged-determiner", 2 * kind + determiner, 1.0);
    }

    /// What lets one who is only described speak: being the one told of just before, or having spoken.
    pub(super) fn described(&self, signs: &mut Signs) {
        let (context, me) = (self.context, Some(self.person));
        let short = usize::from(self.book.text.is_short());
        let new = usize::from(self.book.people.all[self.person].introduced);
        signs.when(self.book.teller != me, "described", short + 2 * new);
        signs.when(context.last == me, "described-last", new);
        signs.when(context.subject == me, "described-subject", new);
        signs.when(
            context.paragraph_before.contains(&self.person),
            "described-before",
            new,
        );
        signs.when(
            self.said(2) == me && self.said(1) != me,
            "described-spoke",
            self.gap(0).min(2) + 3 * new,
        );
        let near = context
            .named_before
            .first()
            .is_some_and(|(person, _)| *person == self.person);
        signs.when(near, "described-near", new);
    }
}
