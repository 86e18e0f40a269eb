//! Tags that stand before the words: "Ida said:", "Ida sat down.", "Ida began again."

use super::{Shape, Side, Tag, Tagger};
use crate::script::mentions::Mention;

impl Tagger<'_, '_> {
    /// The tag that narration before a quotation makes.
    pub(super) fn before(&self, from: usize, to: usize, side: Side) -> Option<Tag> {
        let text = self.text;
        let found = self.mentions(from, to);
        let strong = side != Side::Sentence;
        let tag = |strength, shape, mention: usize, verb| {
            Some(Tag {
                strength,
                shape,
                mention,
                verb,
            })
        };
        let shape = if side == Side::Paragraph {
            Shape::BeforeParagraph
        } else {
            Shape::Before
        };
        let opens_clause = |mention: &Mention| {
            mention.start == from
                || text.entry(mention.start - 1).clause
                || !text.tokens[mention.start - 1].letter
        };
        if let Some((index, _)) = found
            .iter()
            .rev()
            .find(|(_, mention)| mention.possessive && self.owns_words(mention, to))
        {
            return tag(if strong { 8 } else { 4 }, Shape::OwnedWords, *index, None);
        }
        for verb in self.verbs(from, to).into_iter().rev() {
            let earlier: Vec<&(usize, &Mention)> = found
                .iter()
                .filter(|(_, mention)| mention.end <= verb && mention.can_act())
                .collect();
            let follower = found
                .iter()
                .find(|(_, mention)| mention.start == verb + 1 && mention.can_follow(text));
            let told = found.iter().rev().find(|(_, mention)| {
                let adjacent = earlier.last().is_some_and(|(_, last)| verb - last.end <= 1);
                mention.end < verb && self.goes_on_who(mention) && !adjacent
            });
            if let Some((index, _)) = told {
                return tag(if strong { 9 } else { 4 }, shape, *index, Some(verb));
            }
            match (earlier.last(), follower) {
                (None, Some((index, _))) => {
                    return tag(if strong { 8 } else { 4 }, shape, *index, Some(verb));
                }
                (Some((index, last)), _) => {
                    let in_clause = earlier
                        .iter()
                        .rev()
                        .find(|(_, mention)| opens_clause(mention));
                    let (index, chosen) = if verb - last.end <= 1 {
                        (*index, *last)
                    } else {
                        **in_clause.unwrap_or(&earlier[0])
                    };
                    let strength = if !strong {
                        4
                    } else if verb - chosen.end <= 4 {
                        9
                    } else {
                        7
                    };
                    return tag(strength, shape, index, Some(verb));
                }
                (None, None) => {}
            }
        }
        let actors: Vec<&(usize, &Mention)> = found
            .iter()
            .filter(|(_, mention)| mention.can_act())
            .collect();
        let clauses: Vec<&&(usize, &Mention)> = actors
            .iter()
            .filter(|(_, mention)| opens_clause(mention))
            .collect();
        let chosen = if strong {
            clauses.last()
        } else {
            clauses.first()
        };
        if let Some((index, _)) = chosen.copied().or(actors.first()) {
            let shape = match side {
                Side::Leading => Shape::BeatBefore,
                Side::Paragraph => Shape::BeatBeforeParagraph,
                Side::Sentence => Shape::SentenceBefore,
            };
            return tag(if strong { 6 } else { 3 }, shape, *index, None);
        }
        let (index, _) = found.first().filter(|(_, mention)| mention.possessive)?;
        tag(if strong { 4 } else { 2 }, Shape::OwnedBefore, *index, None)
    }

    /// Whether a clause tells what `mention` does: "Ida, who said".
    fn goes_on_who(&self, mention: &Mention) -> bool {
        let next = mention.end + usize::from(self.text.low(mention.end) == ",");
        self.text.low(next) == "who" && !mention.possessive
    }

    /// The tag that a full sentence makes at the end of the paragraph before: "Ida began again."
    pub(super) fn spoke_before(&self, from: usize, to: usize) -> Option<Tag> {
        let verbs = self.verbs(from, to);
        let verb = verbs
            .into_iter()
            .rfind(|verb| self.text.entry(*verb).says)?;
        let found = self.mentions(from, verb);
        let (index, _) = found.iter().rev().find(|(_, mention)| {
            mention.can_act() && mention.end <= verb && verb - mention.end <= 4
        })?;
        Some(Tag {
            strength: 4,
            shape: Shape::SpokeBefore,
            mention: *index,
            verb: Some(verb),
        })
    }
}
