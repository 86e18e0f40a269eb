//! What the narration beside a quotation tells of how it is said.

use std::ops::Range;

use super::{
    super::{
        Direction,
        book::Book,
        mentions::{self, Kind, Mention, Reference},
        people::PersonId,
        tags::{OUTRIGHT, Shape, Tag},
        text::Text,
    },
    manner::{self, Form},
};

/// How the words after or before a quotation are tied to it.
#[derive(Clone, Copy)]
enum Tie {
    /// The tag itself: "whispered Ida".
    Tag(Tag),
    /// A sentence before it: "Ida laughed."
    Before,
    /// A sentence after it: "Ida was almost shouting now."
    After,
}

/// Reads the words beside one quotation.
pub(super) struct Reader<'b, 's> {
    pub(super) book: &'b Book<'s>,
    pub(super) speaker: Option<PersonId>,
    pub(super) tags: Vec<Tag>,
}

impl Reader<'_, '_> {
    /// What the words beside `quote` tell.
    pub(super) fn direction(&self, quote: usize) -> Option<Direction> {
        let (before, after) = (self.before(quote), self.after(quote));
        let tag = |range: &Option<Range<usize>>, wanted: &[Shape]| {
            let range = range.clone()?;
            let tag = self.tags.iter().find(|tag| {
                tag.strength >= OUTRIGHT
                    && wanted.contains(&tag.shape)
                    && range.contains(&self.book.mentions[tag.mention].start)
            });
            Some((range, Tie::Tag(*tag?)))
        };
        let own = tag(
            &after,
            &[
                Shape::VerbName,
                Shape::NameVerb,
                Shape::ActionName,
                Shape::OwnedWords,
            ],
        );
        let leading = tag(
            &before,
            &[Shape::Before, Shape::BeforeParagraph, Shape::OwnedWords],
        );
        let goes_on = |range: &&Range<usize>| !self.book.text.tokens[range.start].upper;
        let read = before.iter().chain(after.iter().filter(goes_on));
        if read.into_iter().any(|range| self.is_read(range)) {
            return Some(Direction::Read);
        }
        let tagged = own.is_some();
        let candidates = [
            own,
            leading.filter(|_| !tagged),
            before.map(|range| (range, Tie::Before)),
            after.filter(|_| !tagged).map(|range| (range, Tie::After)),
        ];
        candidates
            .into_iter()
            .flatten()
            .find_map(|(range, tie)| self.cue(range, tie))
    }

    /// The sentence that follows quotation `quote` in its paragraph.
    fn after(&self, quote: usize) -> Option<Range<usize>> {
        let text = &self.book.text;
        let paragraph = &text.paragraphs[text.quotes[quote].paragraph].tokens;
        let start = (text.quote_tokens[quote].end..paragraph.end)
            .find(|at| text.tokens[*at].letter || !text.outside(*at))?;
        let ends = |at: &usize| {
            !text.outside(*at) || (*at > start && text.tokens[*at].opens && text.tokens[*at].letter)
        };
        let end = (start..paragraph.end.min(start + REACH)).find(ends);
        let end = end.unwrap_or(paragraph.end.min(start + REACH));
        (start < end).then_some(start..end)
    }

    /// The sentence that stands before quotation `quote`, or leads to it from the paragraph before.
    fn before(&self, quote: usize) -> Option<Range<usize>> {
        let text = &self.book.text;
        let index = text.quotes[quote].paragraph;
        let own = text.paragraphs[index].tokens.start;
        let letter = |range: Range<usize>| {
            range
                .rev()
                .find(|at| text.tokens[*at].letter || !text.outside(*at))
        };
        let found = letter(own..text.quote_tokens[quote].start);
        let (last, start) = if let Some(last) = found {
            (last, own)
        } else {
            let before = text.paragraphs.get(index.checked_sub(1)?)?.tokens.clone();
            let leads = before.end > before.start && text.low(before.end - 1) == ":";
            (letter(before.clone()).filter(|_| leads)?, before.start)
        };
        if !text.outside(last) {
            return None;
        }
        let mut first = last;
        while first > start
            && !(text.tokens[first].opens && text.tokens[first].letter)
            && text.outside(first - 1)
            && first + REACH > last
        {
            first -= 1;
        }
        Some(first..last + 1)
    }

    /// The first sign of a direction in `range` that is the speaker's: phrases before the tag's verb, that before
    /// other words.
    fn cue(&self, range: Range<usize>, tie: Tie) -> Option<Direction> {
        let text = &self.book.text;
        let own = self.own(&range, tie);
        let mut own = own.iter().copied().peekable();
        own.peek()?;
        let own: Vec<usize> = own.collect();
        let phrase = own.iter().find_map(|at| {
            let direction = manner::phrase(text, *at, range.end)?;
            let fits = !matches!(tie, Tie::After) || direction == Direction::Crying;
            (fits && !manner::denied(text, *at, range.start)).then_some(direction)
        });
        let verb = || match tie {
            Tie::Tag(tag) => self.tag_verb(tag, &own, &range),
            _ => None,
        };
        let other = || own.iter().find_map(|at| self.other_verb(*at, &range, tie));
        phrase.or_else(verb).or_else(other)
    }

    /// The tokens of `range` whose subject is the speaker.
    fn own(&self, range: &Range<usize>, tie: Tie) -> Vec<usize> {
        let found = mentions::within(&self.book.mentions, range.start, range.end);
        let first = self
            .book
            .mentions
            .partition_point(|mention| mention.start < range.start);
        let subjects: Vec<(usize, bool)> = found
            .iter()
            .enumerate()
            .filter(|(at, mention)| mention.can_act() || (*at == 0 && mention.possessive))
            .map(|(at, mention)| (mention.start, self.is_speaker(first + at, tie)))
            .collect();
        // Words before the first subject are about it; without a subject only a tag is the speaker's.
        let mut speaker = subjects
            .first()
            .map_or(matches!(tie, Tie::Tag(_)), |(_, speaker)| *speaker);
        let mut next = subjects.iter().peekable();
        let mut own = Vec::new();
        for at in range.clone() {
            if let Some((_, is)) = next.next_if(|(start, _)| *start == at) {
                speaker = *is;
            }
            if speaker {
                own.push(at);
            }
        }
        own
    }

    fn is_speaker(&self, index: usize, tie: Tie) -> bool {
        let mention = &self.book.mentions[index];
        if matches!(tie, Tie::Tag(tag) if tag.mention == index) {
            return true;
        }
        let Some(speaker) = self.speaker else {
            return false;
        };
        let allowed = |gender| self.book.profiles[speaker].allows(Some(gender));
        match (mention.kind, mention.reference) {
            (Kind::Name, _) => mention.person == speaker || mention.options.contains(&speaker),
            (_, Reference::Teller) => self.book.teller == Some(speaker),
            (_, reference) => reference.gender().is_some_and(allowed),
        }
    }

    fn tag_verb(&self, tag: Tag, own: &[usize], range: &Range<usize>) -> Option<Direction> {
        let text = &self.book.text;
        let at = tag
            .verb
            .or((tag.shape == Shape::ActionName).then_some(range.start))?;
        let word = text.low(at);
        let alone = own.iter().filter(|own| **own > at).any(|at| {
            text.low(*at) == "to"
                && matches!(
                    text.low(at + 1),
                    "himself" | "herself" | "myself" | "itself"
                )
        });
        if alone && matches!(word, "said" | "says" | "asked" | "thought" | "wondered") {
            return Some(Direction::Thought);
        }
        let aloud = range.clone().any(|at| text.low(at) == "aloud");
        match manner::verb(word) {
            _ if manner::denied(text, at, range.start) => None,
            Some((Direction::Thought, _)) if aloud => None,
            // "He sprang up, crying, …" only means that he said it.
            Some(_) if word == "crying" => None,
            Some((Direction::Read, _)) if at > 0 && text.low(at - 1) == "to" => None,
            Some((Direction::Sung, _)) if text.low(at + 1) == "out" => Some(Direction::Shouted),
            found => found.map(|(direction, _)| direction),
        }
    }

    /// The direction that a verb other than the tag's shows.
    fn other_verb(&self, at: usize, range: &Range<usize>, tie: Tie) -> Option<Direction> {
        let text = &self.book.text;
        let (direction, form) = manner::verb(text.low(at))?;
        let before = if at > range.start {
            text.low(at - 1)
        } else {
            ","
        };
        let heard = matches!(
            direction,
            Direction::Laughing | Direction::Crying | Direction::Shouted | Direction::Whispered
        );
        let says =
            text.low(at) == "crying" && !(at + 1..range.end).any(|at| text.tokens[at].letter);
        if !heard || says || manner::denied(text, at, range.start) {
            return None;
        }
        let was = (range.start.max(at.saturating_sub(4))..at)
            .any(|at| matches!(text.low(at), "was" | "were" | "is" | "am" | "be"));
        let fits = match (form, tie) {
            (Form::Participle, Tie::After) => was,
            (Form::Participle, _) => was || follows_as_participle(text, at, range.start),
            (_, Tie::After) => false,
            (Form::Bare, _) => before == "to" && at >= range.start + 2 && begins(text.low(at - 2)),
            (Form::Finite, Tie::Tag(_)) => matches!(before, "and" | "," | "then"),
            (Form::Finite, _) => {
                direction != Direction::Whispered
                    && !among(OTHERS, before)
                    && ends_clause(text, at + 1)
            }
        };
        fits.then_some(direction)
    }

    /// Whether `range` says that the words are read: by someone who reads, or on a thing that is written.
    fn is_read(&self, range: &Range<usize>) -> bool {
        let text = &self.book.text;
        range.clone().any(|at| {
            let near = |from: usize, words: &str| {
                (from..range.end.min(from + 4))
                    .take_while(|at| !matches!(text.low(*at), "and" | "," | "which" | "that"))
                    .any(|at| among(words, text.low(at)))
            };
            let thing = among(WRITTEN, text.low(at)) && !text.tokens[at].upper;
            let verb = among(SAYS, text.low(at)) && at < range.start + 2;
            (thing && near(at + 1, SAYS) && !self.acts_between(at, range))
                || (verb && near(at + 1, WRITTEN) && self.subject_is_thing(at + 1, range.end))
        })
    }

    /// Whether someone acts between token `at` and the end of `range`: then the thing is not what speaks.
    fn acts_between(&self, at: usize, range: &Range<usize>) -> bool {
        mentions::within(&self.book.mentions, at, range.end)
            .iter()
            .any(Mention::can_act)
    }

    /// Whether the first noun after a verb is a thing that is written: "said the sign".
    fn subject_is_thing(&self, from: usize, end: usize) -> bool {
        let text = &self.book.text;
        let thing = (from..end).find(|at| among(WRITTEN, text.low(*at)));
        let article = matches!(text.low(from), "the" | "a" | "his" | "her" | "their");
        let alone = |thing| {
            let before = mentions::within(&self.book.mentions, from, thing).iter();
            before.into_iter().all(|mention| mention.end > thing)
        };
        article && thing.is_some_and(alone)
    }
}

/// How many tokens of a sentence are read.
const REACH: usize = 40;
/// Things whose words are read.
const WRITTEN: &str = "note letter sign card label telegram message notice poster placard headline inscription page list \
    email postcard plaque banner ticket wire cable signboard epitaph caption menu text scroll parchment";
/// What they do with their words.
const SAYS: &str = "said says read reads ran runs went began announced declared stated proclaimed";

/// Words before a verb that is not the speaker's, or not now.
const OTHERS: &str = "had everybody everyone all they others people who which both nobody";

fn among(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|other| other == word)
}

/// Whether a participle at `at` is about the subject ("she said, laughing"), not about a noun ("the laughing boy").
fn follows_as_participle(text: &Text, at: usize, start: usize) -> bool {
    let Some(before) = at.checked_sub(1).filter(|before| *before >= start) else {
        return true;
    };
    let word = text.low(before);
    matches!(
        word,
        "," | "and"
            | "half"
            | "almost"
            | "nearly"
            | "now"
            | "still"
            | "out"
            | "began"
            | "started"
            | "kept"
    ) || word.ends_with("ly")
        || (text.entry(before).pronoun.is_some() && !text.entry(before).determiner)
        || text.tokens[before].upper && text.tokens[before].letter
}

fn begins(word: &str) -> bool {
    matches!(
        word,
        "began" | "begins" | "started" | "beginning" | "starting"
    )
}

/// Whether what stands at token `at` ends the clause of a verb without an object.
fn ends_clause(text: &Text, at: usize) -> bool {
    let word = text.low(at);
    !text.tokens.get(at).is_some_and(|token| token.letter)
        || word.ends_with("ly")
        || matches!(
            word,
            "and" | "at" | "again" | "aloud" | "out" | "too" | "as" | "a" | "back" | "with" | "in"
        )
}
