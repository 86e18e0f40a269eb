//! Features: who spoke before and after, and whose turn it would be.

use super::{Case, Signs};
use crate::script::turns::FAR;

/// How many turns away an anchored speaker is seen.
const REACH: usize = 6;

/// 1 for verbs that answer, 2 for verbs that go on, 3 for verbs that ask, else 0.
pub(in crate::script) fn verb_kind(verb: &str, after: &str) -> usize {
    match verb {
        "replied" | "answered" | "returned" | "retorted" | "rejoined" | "responded" | "agreed"
        | "assented" | "echoed" => 1,
        "continued" | "added" | "repeated" | "resumed" | "proceeded" | "pursued" | "concluded"
        | "finished" => 2,
        "went" if after == "on" => 2,
        "asked" | "inquired" | "enquired" | "demanded" | "questioned" => 3,
        _ => 0,
    }
}

impl Case<'_, '_> {
    /// Who spoke before.
    pub(super) fn history(&self, signs: &mut Signs) {
        let me = Some(self.person);
        let said = |back| self.said(back);
        let (gap, gap_before) = (self.gap(0), self.gap(1));
        if said(1).is_some() {
            let near = match gap {
                0 => 0,
                1 => 1,
                2 | 3 => 2,
                _ => 3,
            };
            signs.when(said(1) == me, "said-1", near);
            let steady = if gap == 0 && gap_before == 0 {
                0
            } else if gap <= 1 && gap_before <= 1 {
                1
            } else {
                2
            };
            if said(2) == me && said(1) != me {
                signs.when(true, "said-2", steady);
                signs.when(said(4) == me && said(3) == said(1), "said-2-4", steady);
            }
            signs.when(said(3) == me && said(1) != me && said(2) != me, "said-3", 0);
            signs.when(said(2) == me && said(1) == me, "said-1-2", 0);
        }
        let recent: Vec<usize> = (1..=12).filter(|back| said(*back) == me).collect();
        match recent.first() {
            Some(ago) => signs.when(true, "ago", (*ago).min(6)),
            None => signs.when(true, "ago-none", 0),
        }
        signs.add("often", 0, recent.len() as f32 / 12.0);
    }

    /// Who speaks next, outright or by the pass before.
    pub(super) fn future(&self, signs: &mut Signs) {
        let (book, me) = (self.book, Some(self.person));
        let gap = |ahead: usize| {
            book.turns
                .get(self.index + ahead)
                .map_or(FAR, |turn| turn.gap)
        };
        let profile = &book.profiles[self.person];
        if gap(1) <= 1 {
            let near = gap(1);
            let next = self.known.anchors[self.index + 1];
            signs.when(next == me, "next-1", near);
            if let (None, Some(gender)) = (next, book.tag_genders[self.index + 1]) {
                signs.add("next-1-gender", near, profile.agrees(Some(gender)));
            }
            if gap(2) <= 1 {
                let after = self.known.anchors[self.index + 2];
                signs.when(after == me && next != me, "next-2", 0);
                if let (None, Some(gender)) = (after, book.tag_genders[self.index + 2]) {
                    signs.add("next-2-gender", 0, profile.agrees(Some(gender)));
                }
            }
        }
        if !self.known.shares.is_empty() {
            let said = |ahead: usize| self.known.said.get(self.index + ahead).copied().flatten();
            if gap(1) <= 1 {
                signs.when(said(1) == me, "guess-1", gap(1));
                signs.when(gap(2) <= 1 && said(2) == me && said(1) != me, "guess-2", 0);
            }
            signs.when(said(0) == me, "guess-0", 0);
            self.shares(signs);
        }
    }

    /// How likely the pass before took the person for this turn and its neighbours.
    pub(super) fn shares(&self, signs: &mut Signs) {
        let share = |turn: usize| {
            let shares = &self.known.shares[turn];
            shares
                .iter()
                .find(|(person, _)| *person == self.person)
                .map_or(0.0, |(_, share)| *share)
        };
        let near = |gap: usize| match gap {
            0 => 0,
            1 => 1,
            2 | 3 => 2,
            _ => 3,
        };
        let turns = &self.book.turns;
        signs.add("share-0", 0, share(self.index));
        let mut widest = 0;
        for (back, name) in [
            "share-back-1",
            "share-back-2",
            "share-back-3",
            "share-back-4",
        ]
        .into_iter()
        .enumerate()
        {
            let Some(at) = self.index.checked_sub(back + 1) else {
                break;
            };
            widest = widest.max(near(turns[at + 1].gap));
            signs.add(name, widest, share(at));
        }
        let mut widest = 0;
        for (ahead, name) in [
            "share-ahead-1",
            "share-ahead-2",
            "share-ahead-3",
            "share-ahead-4",
        ]
        .into_iter()
        .enumerate()
        {
            let at = self.index + ahead + 1;
            if at >= turns.len() {
                break;
            }
            widest = widest.max(near(turns[at].gap));
            signs.add(name, widest, share(at));
        }
    }

    /// What kind of verb the tag has, against who spoke last.
    pub(super) fn verbs(&self, signs: &mut Signs) {
        let Some(verb) = self.book.turns[self.index]
            .outright()
            .and_then(|tag| tag.verb)
        else {
            return;
        };
        let kind = verb_kind(self.book.text.low(verb), self.book.text.low(verb + 1));
        if kind == 0 || self.gap(0) > 3 {
            return;
        }
        let me = Some(self.person);
        signs.when(self.said(1) == me, "verb-said-1", kind);
        signs.when(
            self.said(2) == me && self.said(1) != me,
            "verb-said-2",
            kind,
        );
    }

    /// Who is known outright near by, whatever stands between.
    pub(super) fn anchors(&self, signs: &mut Signs) {
        let anchors = self.known.anchors;
        let me = Some(self.person);
        let before = (1..=REACH).find(|back| {
            self.index
                .checked_sub(*back)
                .is_some_and(|at| anchors[at] == me)
        });
        let after = (1..=REACH).find(|ahead| {
            anchors
                .get(self.index + ahead)
                .is_some_and(|anchor| *anchor == me)
        });
        match before {
            Some(back) => signs.when(true, "anchor-back", back),
            None => signs.when(true, "anchor-back-none", 0),
        }
        match after {
            Some(ahead) => signs.when(true, "anchor-ahead", ahead),
            None => signs.when(true, "anchor-ahead-none", 0),
        }
        let from = self.index.saturating_sub(10);
        let to = anchors.len().min(self.index + 11);
        let near = anchors[from..to]
            .iter()
            .filter(|anchor| **anchor == me)
            .count();
        signs.add("anchored-near", 0, near as f32 / 10.0);
    }

    /// Whether an unbroken exchange of two would make the person's turn fall here.
    pub(super) fn parity(&self, signs: &mut Signs) {
        let names = [
            ["back-same", "back-second", "back-other"],
            ["ahead-same", "ahead-second", "ahead-other"],
        ];
        for (nearest, names) in self.known.around[self.index].iter().zip(names) {
            let Some((first, steps)) = nearest.first() else {
                continue;
            };
            if *first == self.person {
                signs.when(true, names[0], *steps.min(&6));
            } else if nearest
                .get(1)
                .is_some_and(|(second, _)| *second == self.person)
            {
                signs.when(true, names[1], *steps.min(&6));
            } else {
                signs.when(true, names[2], *steps.min(&4));
            }
        }
    }
}
