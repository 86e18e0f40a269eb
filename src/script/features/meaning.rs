//! Features: whom the pronouns round a turn mean.

use super::{Case, Signs};
use crate::script::{
    mentions::{Kind, Reference},
    people::PersonId,
    tags::OUTRIGHT,
};

impl Case<'_, '_> {
    /// Whom the pronouns round the turn mean.
    pub(super) fn meant(&self, signs: &mut Signs) {
        let book = self.book;
        for tag in &book.turns[self.index].tags {
            let mention = &book.mentions[tag.mention];
            if mention.kind != Kind::Pronoun || mention.reference == Reference::Teller {
                continue;
            }
            let slot = usize::from(tag.strength < OUTRIGHT);
            match book.meant[tag.mention] {
                Some(person) if person == self.person => signs.when(true, "pronoun-mine", slot),
                Some(_) => signs.when(true, "pronoun-other", slot),
                None => {}
            }
            break;
        }
        let me = Some(self.person);
        if let Some(subject) = self.context.subject {
            signs.when(
                subject == self.person,
                "subject-before",
                usize::from(self.context.gesture),
            );
            signs.when(
                subject == self.person && self.said(1) == me,
                "subject-spoke",
                0,
            );
            signs.when(
                subject == self.person && self.said(2) == me && self.said(1) != me,
                "subject-spoke-2",
                0,
            );
        }
        if let Some(last) = self.context.last {
            self.last(last, signs);
            signs.when(
                last == self.person,
                "last-before",
                usize::from(self.gap(0) == 0),
            );
        }
    }

    /// Whether a pronoun in the tag means the one who acted right before the words.
    pub(super) fn last(&self, last: PersonId, signs: &mut Signs) {
        let book = self.book;
        let pronoun = book.turns[self.index].top().is_some_and(|tag| {
            let mention = &book.mentions[tag.mention];
            mention.kind == Kind::Pronoun
                && mention.reference.gender().is_some()
                && book.profiles[last].allows(mention.reference.gender())
        });
        let near = match self.context.last_ago {
            0..=6 => 0,
            7..=15 => 1,
            16..=40 => 2,
            _ => return,
        };
        if pronoun {
            let known = &book.people.all[last];
            let described = usize::from(known.label.is_some()) + usize::from(known.introduced);
            let name = if last == self.person {
                "pronoun-last"
            } else {
                "pronoun-not-last"
            };
            signs.when(true, name, 3 * near + described);
        }
    }
}
