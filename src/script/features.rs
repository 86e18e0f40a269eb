//! What speaks for and against a person as the speaker of a turn, as numbers with names.

use super::{
    book::{Around, Book},
    context::Context,
    mentions::{Kind, Reference},
    people::PersonId,
    style::Styles,
    tags::{OUTRIGHT, Shape},
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

/// How many turns away an anchored speaker is seen.
const REACH: usize = 6;

/// 1 for verbs that answer, 2 for verbs that go on, 3 for verbs that ask, else 0.
pub(super) fn verb_kind(verb: &str, after: &str) -> usize {
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
    case.meant(&mut signs);
    signs.add("style", 0, known.styles.likeness(book, index, person));
    super::exchange::add(book, index, person, known, &mut signs);
    case.pairs(&mut signs);
    signs
}

impl Case<'_, '_> {
    fn tags(&self, signs: &mut Signs) {
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
                let vague = mention.described
                    && super::described::is_common(self.book.text.word(mention.head));
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

    fn noun(&self, head: super::text::Word, slot: usize, signs: &mut Signs) {
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

    /// How recently narration named the person, counted in other persons.
    fn recency(&self, signs: &mut Signs) {
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
    fn own(&self, signs: &mut Signs) {
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
    fn neighbours(&self, signs: &mut Signs) {
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

    /// Whom this turn and its neighbours call and speak of.
    fn calls(&self, signs: &mut Signs) {
        let turns = &self.book.turns;
        let turn = &turns[self.index];
        let profile = &self.book.profiles[self.person];
        if turn.calls.contains(&self.person) {
            signs.plain("calls", 0, 1.0);
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

    /// Who spoke before.
    fn history(&self, signs: &mut Signs) {
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
    fn future(&self, signs: &mut Signs) {
        let (book, me) = (self.book, Some(self.person));
        let gap = |ahead: usize| {
            book.turns
                .get(self.index + ahead)
                .map_or(super::turns::FAR, |turn| turn.gap)
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
    fn shares(&self, signs: &mut Signs) {
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
    fn verbs(&self, signs: &mut Signs) {
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
    fn anchors(&self, signs: &mut Signs) {
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

    /// Narration between the turn before and this one.
    fn between(&self, signs: &mut Signs) {
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

    /// Whom the pronouns round the turn mean.
    fn meant(&self, signs: &mut Signs) {
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
    fn last(&self, last: PersonId, signs: &mut Signs) {
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

    /// The strongest signs two by two: each pair is weighed by itself.
    fn pairs(&self, signs: &mut Signs) {
        let turns = &self.book.turns;
        let turn = &turns[self.index];
        let me = Some(self.person);
        let near = turn.gap <= 1;
        let before = self
            .index
            .checked_sub(1)
            .filter(|_| near)
            .map(|at| &turns[at]);
        let next_near = turns.get(self.index + 1).is_some_and(|next| next.gap <= 1);
        let ahead = |steps: usize| self.known.said.get(self.index + steps).copied().flatten();
        let guessed = !self.known.shares.is_empty() && next_near;
        let said_1 = near && self.said(1) == me;
        let context = self.context;
        let flags = [
            said_1,
            near && self.said(2) == me && self.said(1) != me,
            turn.gap == 0,
            before.is_some_and(|before| before.calls.contains(&self.person)),
            turn.calls.contains(&self.person),
            turn.speaks_of.contains(&self.person)
                || before.is_some_and(|before| before.speaks_of.contains(&self.person)),
            next_near && self.known.anchors[self.index + 1] == me,
            context.subject == me || context.paragraph_before.first() == me.as_ref(),
            context
                .own
                .first()
                .is_some_and(|own| self.book.mentions[*own].person == self.person),
            context
                .named_before
                .first()
                .is_some_and(|(person, _)| *person == self.person),
            guessed && ahead(2) == me && ahead(1) != me,
            guessed && ahead(1) == me,
            before.is_some() && self.book.asks(self.index - 1),
            context.gender.is_some() && self.book.profiles[self.person].allows(context.gender),
            self.known.anchors[self.index.saturating_sub(8)..self.index].contains(&me),
            context.last == me,
        ];
        for (one, _) in flags.iter().enumerate().filter(|(_, holds)| **holds) {
            for (other, _) in flags
                .iter()
                .enumerate()
                .skip(one + 1)
                .filter(|(_, holds)| **holds)
            {
                signs.when(true, "pair", 16 * one + other);
            }
        }
    }

    /// Whom turns at two steps call by name.
    fn far_calls(&self, signs: &mut Signs) {
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

    /// Whether an unbroken exchange of two would make the person's turn fall here.
    fn parity(&self, signs: &mut Signs) {
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

    /// Who was meant by the same noun ("the doctor") elsewhere.
    fn nouns(&self, signs: &mut Signs) {
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
    fn tagged_description(&self, head: super::text::Word, signs: &mut Signs) {
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
        } else if super::described::is_common(book.text.word(head)) {
            1
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
    fn described(&self, signs: &mut Signs) {
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
