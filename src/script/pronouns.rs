//! Whom "he" and "she" of the narration mean: the last one who acted, if the gender fits.

use super::{
    Gender,
    gender::Profile,
    mentions::{Kind, Mention, Reference},
    people::PersonId,
    text::OUTSIDE,
};

/// Someone who can be meant.
#[derive(Clone, Copy)]
struct Salient {
    person: PersonId,
    at: usize,
    acted: bool,
}

/// How many tokens someone is remembered.
const MEMORY: usize = 400;
/// For how many tokens one who acted is not displaced by one who did not.
const HOLD: usize = 80;

/// Who is meant by each mention: by names themselves, by pronouns the last fitting actor.
pub(super) fn resolve(
    mentions: &[Mention],
    profiles: &[Profile],
    teller: Option<PersonId>,
) -> Vec<Option<PersonId>> {
    let mut salient: [Option<Salient>; 2] = [None, None];
    mentions
        .iter()
        .map(|mention| {
            if mention.quote != OUTSIDE {
                return None;
            }
            match (mention.kind, mention.reference) {
                (Kind::Name, _) => {
                    note(&mut salient, mention, profiles);
                    Some(mention.person)
                }
                (Kind::Pronoun, Reference::Teller) => teller,
                (Kind::Pronoun, Reference::Male | Reference::Female) => {
                    let slot = usize::from(mention.reference == Reference::Female);
                    let known = salient[slot]
                        .as_mut()
                        .filter(|known| mention.start - known.at < MEMORY)?;
                    known.at = mention.start;
                    known.acted |= mention.can_act();
                    Some(known.person)
                }
                _ => None,
            }
        })
        .collect()
}

fn note(salient: &mut [Option<Salient>; 2], mention: &Mention, profiles: &[Profile]) {
    let profile = &profiles[mention.person];
    for (slot, gender) in [(0, Gender::Male), (1, Gender::Female)] {
        if !profile.allows(Some(gender)) {
            continue;
        }
        let acts = mention.can_act();
        let held = salient[slot].is_some_and(|known| {
            known.acted && known.person != mention.person && mention.start - known.at < HOLD
        });
        if acts || !held {
            salient[slot] = Some(Salient {
                person: mention.person,
                at: mention.start,
                acted: acts,
            });
        }
    }
}
