//! Features: what the tags beside a turn say of its speaker.

use super::{Case, Feature, Signs};
use crate::script::{
    described::is_common,
    mentions::{Kind, Reference},
    tags::{OUTRIGHT, Shape},
    text::Word,
};

impl Case<'_, '_> {
    pub(super) fn tags(&self, signs: &mut Signs) {
        let (mut strongest, mut other_outright) = (0_u8, false);
        let mut agreement: [Option<f32>; 2] = [None, None];
        let mut seen: Vec<(u8, Shape)> = Vec::new();
        for tag in &self.book.turns[self.index].tags {
            let mention = &self.book.mentions[tag.mention];
            let outright = tag.strength >= OUTRIGHT;
            let loose = self.book.is_loose(mention);
            let slot = usize::from(!outright);
            if mention.kind == Kind::Name {
                let mine = mention.person == self.person;
                if !mine && mention.options.contains(&self.person) {
                    signs.plain("tag-perhaps", 0, 1.0);
                    continue;
                }
                if mine && !loose {
                    strongest = strongest.max(tag.strength);
                }
                other_outright |= !mine && outright && !loose;
                let vague = mention.described && is_common(self.book.text.word(mention.head));
                let introduced =
                    mention.described && self.book.people.all[mention.person].introduced;
                let detail = u8::from(!mine)
                    + 1
                    + 2 * u8::from(mention.described)
                    + 2 * u8::from(vague)
                    + 4 * u8::from(introduced);
                if !seen.contains(&(detail, tag.shape)) {
                    seen.push((detail, tag.shape));
                    signs.push(
                        Feature {
                            name: tag.shape.key(),
                            detail,
                            regime: ' ',
                        },
                        1.0,
                    );
                }
            }
            if mention.kind == Kind::Name && !loose {
                continue;
            }
            if mention.reference == Reference::Teller {
                let teller = self.book.teller == Some(self.person);
                signs.plain(
                    if teller {
                        "teller-tag"
                    } else {
                        "teller-tag-other"
                    },
                    slot,
                    1.0,
                );
                continue;
            }
            if let Some(gender) = mention.reference.gender() {
                let agrees = self.book.profiles[self.person].agrees(Some(gender));
                agreement[slot] = Some(agreement[slot].map_or(agrees, |known| known.min(agrees)));
            }
            if mention.kind != Kind::Pronoun {
                self.noun(mention.head, slot, signs);
            }
        }
        signs.plain("tag-strength", 0, f32::from(strongest) / 10.0);
        if other_outright {
            signs.plain("other-outright", 0, 1.0);
        }
        for (slot, agrees) in agreement.iter().enumerate() {
            if let Some(agrees) = agrees {
                signs.plain("tag-gender", slot, *agrees);
                if *agrees < -0.35 {
                    signs.plain("tag-gender-wrong", slot, 1.0);
                }
            }
        }
    }

    pub(super) fn noun(&self, head: Word, slot: usize, signs: &mut Signs) {
        if self.book.has_word(self.person, head) {
            signs.plain("noun-in-name", slot, 1.0);
        }
        if self.book.text.entry_of(head).kin {
            signs.plain("noun-kin", 0, 1.0);
        }
        if self.book.teller == Some(self.person) {
            signs.plain("noun-teller", 0, 1.0);
        }
    }
}
