//! Who tells a story in the first person.

use super::{
    Gender,
    book::Book,
    gender::Profile,
    mentions::{self, Kind, Reference},
    people::{Person, PersonId},
    text::OUTSIDE,
    turns,
};

impl Book<'_> {
    /// In a story told by "I", the teller is the one who is called by name in speech but hardly named in narration.
    pub(super) fn find_teller(&mut self) {
        let tellers = self
            .mentions
            .iter()
            .filter(|mention| mention.reference == Reference::Teller)
            .count();
        let words = self
            .text
            .tokens
            .iter()
            .filter(|token| token.quote == OUTSIDE)
            .count();
        if tellers < 3 || tellers as f64 / words.max(1) as f64 <= 0.008 {
            return;
        }
        let calls = self.calls();
        let called_by_teller = self.called_by_teller();
        let score = |(person, calls): (usize, &u32)| {
            let profile = &self.profiles[person];
            let share = if self.is_short() { 0.0 } else { 0.35 };
            let rare = profile.narration as f64 <= share * profile.count as f64;
            let calls = f64::from(*calls);
            (calls >= self.least_calls() && rare && !called_by_teller.contains(&person)).then(
                || {
                    (
                        calls / (1.0 + profile.narration as f64) * (1.0 + calls).ln(),
                        person,
                    )
                },
            )
        };
        let best = calls.iter().enumerate().filter_map(score).fold(
            None,
            |best: Option<(f64, usize)>, next| {
                if best.is_none_or(|best| next.0 > best.0) {
                    Some(next)
                } else {
                    best
                }
            },
        );
        let teller = match best.filter(|(score, _)| *score > 1.0 || self.is_short()) {
            Some((_, person)) => person,
            None => self.add_person("the narrator", Gender::Unknown),
        };
        self.profiles[teller].count += tellers / 3;
        self.teller = Some(teller);
    }

    /// Everyone whose name stands in words that "I said": the teller is none of them.
    fn called_by_teller(&self) -> Vec<PersonId> {
        let mut called = Vec::new();
        for (quote, tags) in turns::read_tags(&self.text, &self.mentions)
            .iter()
            .enumerate()
        {
            let told = tags
                .first()
                .is_some_and(|tag| tag.strength >= 8 && turns::is_teller(&self.mentions, *tag));
            if told {
                let range = &self.text.quote_tokens[quote];
                let found = mentions::within(&self.mentions, range.start, range.end).iter();
                called.extend(
                    found
                        .filter(|mention| mention.kind == Kind::Name)
                        .map(|mention| mention.person),
                );
            }
        }
        called
    }

    /// Whether the story is so short that its teller may be named only once.
    fn is_short(&self) -> bool {
        self.text.quotes.len() < 120
    }

    /// How often the teller must be called by name: less in a short story.
    fn least_calls(&self) -> f64 {
        if self.text.quotes.len() < 120 {
            2.0
        } else {
            4.0
        }
    }

    /// How often each person is called by name in speech.
    fn calls(&self) -> Vec<u32> {
        let mut calls = vec![0; self.people.all.len()];
        for mention in self
            .mentions
            .iter()
            .filter(|mention| mention.kind == Kind::Name && mention.quote != OUTSIDE)
        {
            let opens = self
                .text
                .tokens
                .get(mention.start.wrapping_sub(1))
                .is_none_or(|token| token.quote != mention.quote);
            let before = if mention.start > 0 {
                self.text.low(mention.start - 1)
            } else {
                ""
            };
            let closes = self
                .text
                .tokens
                .get(mention.end)
                .is_none_or(|token| token.quote != mention.quote);
            let parted =
                closes || matches!(self.text.low(mention.end), "," | "." | "!" | "?" | ";");
            if (opens || matches!(before, "," | ".")) && parted {
                calls[mention.person] += 1;
            }
        }
        calls
    }

    /// Adds a person known by a label only.
    fn add_person(&mut self, label: &str, gender: Gender) -> PersonId {
        self.profiles.push(Profile {
            count: 0,
            narration: 0,
            male: match gender {
                Gender::Male => 0.95,
                Gender::Female => 0.05,
                Gender::Unknown => 0.5,
            },
            gender,
            evidence: String::new(),
        });
        self.people.all.push(Person {
            label: Some(label.to_owned()),
            ..Person::default()
        });
        self.people.all.len() - 1
    }
}
