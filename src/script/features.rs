//! What speaks for and against a person as the speaker of a turn, as numbers with names.

mod address;
mod calls;
mod meaning;
mod order;
mod pairs;
mod place;
mod tagged;
mod unnamed;

pub(super) use order::verb_kind;

use super::{
    book::{Around, Book},
    context::Context,
    people::PersonId,
    style::Styles,
};

/// The name of a feature: a word, a small number, and the regime it was seen in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Feature {
    name: &'static str,
    detail: u8,
    regime: char,
}

impl Feature {
    pub(super) fn new(name: &'static str, detail: usize, regime: char) -> Self {
        Self {
            name,
            detail: detail.min(255) as u8,
            regime,
        }
    }

    pub(super) fn name(self) -> &'static str {
        self.name
    }

    pub(super) fn detail(self) -> usize {
        usize::from(self.detail)
    }

    pub(super) fn regime(self) -> char {
        self.regime
    }

    /// The name as the weights file writes it.
    pub(super) fn text(self) -> String {
        let detail = if self.detail == 0 {
            String::new()
        } else {
            format!(":{}", self.detail)
        };
        let regime = if self.regime == ' ' {
            String::new()
        } else {
            format!(".{}", self.regime)
        };
        format!("{}{detail}{regime}", self.name)
    }

    /// A number that stands for the name (FNV-1a).
    pub(super) fn key(self) -> u64 {
        let mut key = 0xcbf2_9ce4_8422_2325_u64;
        let tail = [self.detail, self.regime as u8];
        for byte in self.name.bytes().chain(tail) {
            key = (key ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        key
    }

    /// The same from a line of the weights file.
    pub(super) fn parse(text: &'static str) -> Option<Self> {
        let (text, regime) = match text.split_once('.') {
            Some((text, regime)) => (text, regime.chars().next()?),
            None => (text, ' '),
        };
        let (name, detail) = match text.split_once(':') {
            Some((name, detail)) => (name, detail.parse().ok()?),
            None => (text, 0),
        };
        Some(Self {
            name,
            detail,
            regime,
        })
    }
}

/// The features of one candidate.
#[derive(Clone, Debug, Default)]
pub(super) struct Signs {
    /// Features that are not nought, each once.
    pub(super) list: Vec<(Feature, f32)>,
    regime: char,
}

impl Signs {
    /// Adds a feature that is the same in all regimes.
    fn plain(&mut self, name: &'static str, detail: usize, value: f32) {
        self.push(
            Feature {
                name,
                detail: detail.min(255) as u8,
                regime: ' ',
            },
            value,
        );
    }

    /// Adds a feature that is weighed in each regime by itself.
    pub(super) fn add(&mut self, name: &'static str, detail: usize, value: f32) {
        self.push(
            Feature {
                name,
                detail: detail.min(255) as u8,
                regime: self.regime,
            },
            value,
        );
    }

    fn push(&mut self, feature: Feature, value: f32) {
        if value != 0.0 {
            self.list.push((feature, value));
        }
    }

    fn when(&mut self, holds: bool, name: &'static str, detail: usize) {
        if holds {
            self.add(name, detail, 1.0);
        }
    }
}

/// What is known so far of who says what.
#[derive(Clone, Copy)]
pub(super) struct Known<'k> {
    /// The speaker of each turn as far as known.
    pub(super) said: &'k [Option<PersonId>],
    /// How likely each speaker of each turn is, by the pass before; empty in the first pass.
    pub(super) shares: &'k [Shares],
    /// The speakers that are sure.
    pub(super) anchors: &'k [Option<PersonId>],
    /// The nearest of them round each turn.
    pub(super) around: &'k [Around],
    /// How everyone talks, by the sure turns.
    pub(super) styles: &'k Styles,
}

/// The likeliest speakers of a turn with their probabilities.
pub(super) type Shares = Vec<(PersonId, f32)>;

/// One candidate for one turn.
struct Case<'c, 's> {
    book: &'c Book<'s>,
    index: usize,
    person: PersonId,
    context: &'c Context,
    known: Known<'c>,
}

/// The features of `person` as the speaker of turn `index`.
pub(super) fn signs(
    book: &Book,
    index: usize,
    person: PersonId,
    context: &Context,
    known: Known,
) -> Signs {
    let case = Case {
        book,
        index,
        person,
        context,
        known,
    };
    let mut signs = Signs {
        list: Vec::with_capacity(48),
        regime: context.regime.letter(),
    };
    case.tags(&mut signs);
    case.recency(&mut signs);
    case.own(&mut signs);
    case.neighbours(&mut signs);
    case.calls(&mut signs);
    case.history(&mut signs);
    case.future(&mut signs);
    case.parity(&mut signs);
    case.nouns(&mut signs);
    case.standing(&mut signs);
    case.verbs(&mut signs);
    case.anchors(&mut signs);
    case.between(&mut signs);
    case.far_calls(&mut signs);
    case.address(&mut signs);
    case.meant(&mut signs);
    signs.add("style", 0, known.styles.likeness(book, index, person));
    super::exchange::add(book, index, person, known, &mut signs);
    case.pairs(&mut signs);
    signs
}

impl Case<'_, '_> {
    fn said(&self, back: usize) -> Option<PersonId> {
        self.index
            .checked_sub(back)
            .and_then(|at| self.known.said[at])
    }

    fn gap(&self, back: usize) -> usize {
        self.index
            .checked_sub(back)
            .map_or(super::turns::FAR, |at| self.book.turns[at].gap)
    }

    /// How important and how present the person is.
    fn standing(&self, signs: &mut Signs) {
        let book = self.book;
        let profile = &book.profiles[self.person];
        signs.when(book.teller == Some(self.person), "teller", 0);
        signs.add("count", 0, (profile.count as f32).ln_1p() / 6.0);
        signs.add(
            "anchored",
            0,
            (book.anchored[self.person] as f32).ln_1p() / 5.0,
        );
        signs.when(
            profile.gender == super::Gender::Unknown,
            "gender-unknown",
            0,
        );
        if book.people.all[self.person].label.is_some() {
            self.described(signs);
        }
        let start = book.turns[self.index].tokens.0;
        let named = &book.named_at[self.person];
        let before = named.partition_point(|at| *at < start);
        let recency = if before > 0 {
            ((start - named[before - 1]) as f32).ln_1p()
        } else {
            10.0
        };
        signs.add("named-ago", 0, recency / 8.0);
        signs.when(
            before == 0 && book.teller != Some(self.person),
            "unnamed-yet",
            usize::from(book.text.is_short()),
        );
        let recent = before - named.partition_point(|at| *at < start.saturating_sub(500));
        signs.add("named-often", 0, (recent as f32).ln_1p() / 3.0);
    }
}
