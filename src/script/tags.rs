//! What the narration beside a quotation tells of its speaker: "said Ida", "Ida said:", "Ida sat down."

mod before;

use super::{
    mentions::{self, Mention},
    text::{Text, is_abbreviation},
};

/// How narration and quotation stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// "…" said Ida
    VerbName,
    /// "…" Ida said
    NameVerb,
    /// "…" nodded Ida: a past tense that is no known verb of speech
    ActionName,
    /// "…" Ida sat down
    BeatAfter,
    /// "…" Ida's eyes fell
    BeatAfterOwned,
    /// Ida said, "…"
    Before,
    /// Ida said: at the end of the paragraph before
    BeforeParagraph,
    /// Ida sat down, "…"
    BeatBefore,
    /// The same in the paragraph before
    BeatBeforeParagraph,
    /// Ida sat down. "…"
    SentenceBefore,
    /// Ida's eyes fell. "…"
    OwnedBefore,
    /// was Ida's answer
    OwnedWords,
    /// Ida spoke at last. at the end of the paragraph before
    SpokeBefore,
}

impl Shape {
    /// Its name in the weights file.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::VerbName => "verb-name",
            Self::NameVerb => "name-verb",
            Self::ActionName => "action-name",
            Self::BeatAfter => "beat-after",
            Self::BeatAfterOwned => "beat-after-owned",
            Self::Before => "before",
            Self::BeforeParagraph => "before-paragraph",
            Self::BeatBefore => "beat-before",
            Self::BeatBeforeParagraph => "beat-before-paragraph",
            Self::SentenceBefore => "sentence-before",
            Self::OwnedBefore => "owned-before",
            Self::OwnedWords => "owned-words",
            Self::SpokeBefore => "spoke-before",
        }
    }
}

/// One piece of evidence beside a quotation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tag {
    /// From 2 (hardly a hint) to 10 (certain).
    pub(super) strength: u8,
    /// How it stands.
    pub(super) shape: Shape,
    /// Index of the mention it is about.
    pub(super) mention: usize,
    /// The token of the verb of speech.
    pub(super) verb: Option<usize>,
}

/// From this strength on a tag says outright who speaks.
pub(super) const OUTRIGHT: u8 = 7;

/// Where a stretch of narration stands relative to the quotation.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    /// Leads into it: a comma or colon stands between.
    Leading,
    /// A full sentence before it.
    Sentence,
    /// Leads into it from the paragraph before.
    Paragraph,
}

/// Everything needed to read tags.
pub(super) struct Tagger<'t, 's> {
    pub(super) text: &'t Text<'s>,
    pub(super) mentions: &'t [Mention],
}

/// How many tokens of a tag are read on each side.
const AFTER: usize = 22;
const BEFORE: usize = 30;
const BEFORE_PARAGRAPH: usize = 40;

impl Tagger<'_, '_> {
    /// All tags of quotation `quote`, those after it first.
    pub(super) fn tags(&self, quote: usize) -> Vec<Tag> {
        let mut tags = Vec::new();
        let paragraph = self.text.quotes[quote].paragraph;
        let range = self.text.paragraphs[paragraph].tokens.clone();
        let words = self.text.quote_tokens[quote].clone();
        self.read_after(words.end, range.end, &mut tags);
        self.read_before(words.start, range.start, paragraph, &mut tags);
        tags
    }

    fn read_after(&self, from: usize, end: usize, tags: &mut Vec<Tag>) {
        let text = self.text;
        let mut start = from;
        while start < end
            && matches!(
                text.low(start),
                "\"" | "“"
                    | "”"
                    | "»"
                    | "«"
                    | "'"
                    | "’"
                    | "‘"
                    | ","
                    | "."
                    | ";"
                    | ":"
                    | "--"
                    | "—"
                    | "–"
                    | "-"
                    | "*"
            )
        {
            start += 1;
        }
        if start >= end || !text.outside(start) {
            return;
        }
        let mut stop = start;
        while stop < end
            && text.outside(stop)
            && !(stop > start && text.tokens[stop].opens)
            && !matches!(text.low(stop), "." | "!" | "?" | ";")
            && stop < start + AFTER
        {
            stop += 1;
            if text.low(stop) == "." && is_abbreviation(text.low(stop - 1)) {
                stop += 1;
            }
        }
        tags.extend(self.after(start, stop.min(end)));
    }

    fn read_before(&self, from: usize, start: usize, paragraph: usize, tags: &mut Vec<Tag>) {
        let text = self.text;
        let opening = |word: &str| {
            matches!(
                word,
                "\"" | "“" | "”" | "„" | "«" | "»" | "'" | "‘" | "(" | "*"
            )
        };
        let mut last = from;
        while last > start && opening(text.low(last - 1)) {
            last -= 1;
        }
        if last > start {
            if text.outside(last - 1) {
                let side = if matches!(text.low(last - 1), "." | "!" | "?" | "…") {
                    Side::Sentence
                } else {
                    Side::Leading
                };
                let first = self.sentence_start(last - 1, start, BEFORE);
                tags.extend(self.before(first, last, side));
            }
        } else if paragraph > 0 {
            let before = self.text.paragraphs[paragraph - 1].tokens.clone();
            let mut last = before.end;
            while last > before.start && matches!(text.low(last - 1), "*" | "--" | "—" | "–" | "\"")
            {
                last -= 1;
            }
            let leads = last > before.start
                && (matches!(text.low(last - 1), ":" | ",")
                    || (last < before.end
                        && text.tokens[last - 1].letter
                        && matches!(text.low(last), "--" | "—" | "–")));
            if leads && text.outside(last - 1) {
                let first = self.sentence_start(last - 1, before.start, BEFORE_PARAGRAPH);
                tags.extend(self.before(first, last, Side::Paragraph));
            } else if last > before.start && text.outside(last - 1) {
                let first = self.sentence_start(last - 1, before.start, BEFORE_PARAGRAPH);
                tags.extend(self.spoke_before(first, last));
            }
        }
    }

    fn sentence_start(&self, from: usize, start: usize, reach: usize) -> usize {
        let mut first = from;
        while first > start
            && self.text.outside(first - 1)
            && !self.text.tokens[first].opens
            && first + reach > from
        {
            first -= 1;
        }
        first
    }

    /// Mentions in a stretch of narration, with their indices.
    fn mentions(&self, from: usize, to: usize) -> Vec<(usize, &Mention)> {
        let first = self
            .mentions
            .partition_point(|mention| mention.start < from);
        let found = mentions::within(self.mentions, from, to);
        found
            .iter()
            .enumerate()
            .map(|(i, mention)| (first + i, mention))
            .filter(|(_, mention)| self.text.outside(mention.start))
            .collect()
    }

    /// Whether `mention` is the subject that follows `verb`, with at most a particle ("put in Ida") or
    /// adjectives ("cried the startled Ida") between.
    fn follows(&self, verb: usize, mention: &Mention) -> bool {
        let text = self.text;
        if mention.start <= verb || mention.start > verb + 6 || !mention.can_follow(text) {
            return false;
        }
        let between = |at: usize| {
            let word = text.low(at);
            let particle = at == verb + 1
                && matches!(
                    word,
                    "in" | "out" | "on" | "up" | "forth" | "back" | "again"
                );
            let voice = matches!(word, "voice" | "of" | "from") && text.low(verb + 1) == "the";
            let described = text.low(verb + 1) == "the"
                && text.tokens[at].letter
                && !text.entry(at).preposition
                && !text.entry(at).clause;
            particle
                || voice
                || described
                || matches!(word, "old" | "poor" | "young" | "little" | "dear")
        };
        (verb + 1..mention.start).all(between)
    }

    /// Whether what `mention` owns is what was said: "Ida's answer", "Ida's voice".
    fn owns_words(&self, mention: &Mention, to: usize) -> bool {
        let start = if mention.kind == super::mentions::Kind::Pronoun {
            mention.end
        } else {
            mention.end + 1
        };
        let by_saying = |at: usize| at > 0 && self.text.low(at - 1) == "by";
        (start..to.min(start + 3)).any(|at| among(WORDS_SAID, self.text.low(at)) && !by_saying(at))
    }

    /// Verbs of speech: finite ones, "to say", and "shouting" right before the quotation.
    fn verbs(&self, from: usize, to: usize) -> Vec<usize> {
        let text = self.text;
        let says = |at: usize| {
            let entry = text.entry(at);
            let to_say = entry.base && at > from && text.low(at - 1) == "to";
            let heard = entry.base && self.is_heard(from, at);
            let saying =
                entry.saying && at + 3 > to && (at + 1..to).all(|at| !text.tokens[at].letter);
            entry.speech || to_say || saying || heard
        };
        (from..to).filter(|at| says(*at)).collect()
    }

    /// Whether somebody is heard to do what token `at` says: "heard Ida say".
    fn is_heard(&self, from: usize, at: usize) -> bool {
        (from..at).rev().take(6).any(|before| {
            matches!(
                self.text.low(before),
                "heard" | "hear" | "hearing" | "hears"
            ) && self
                .mentions(before + 1, at)
                .first()
                .is_some_and(|(_, mention)| mention.start <= before + 2)
        })
    }

    /// The tag that narration after a quotation makes.
    fn after(&self, from: usize, to: usize) -> Option<Tag> {
        let text = self.text;
        let found = self.mentions(from, to);
        let tag = |strength, shape, mention: usize, verb| {
            Some(Tag {
                strength,
                shape,
                mention,
                verb,
            })
        };
        for verb in self.verbs(from, to) {
            let says = text.entry(verb).says;
            // "Ida asked Tomas": whoever stands before the verb speaks.
            let before = found.iter().find(|(_, mention)| {
                mention.end == verb && mention.start <= from + 2 && mention.can_act()
            });
            if let Some((index, _)) = before {
                return tag(
                    if says { 10 } else { 8 },
                    Shape::NameVerb,
                    *index,
                    Some(verb),
                );
            }
            let subject = found
                .iter()
                .find(|(_, mention)| mention.start == verb + 1 && mention.can_follow(text));
            if let Some((index, _)) = subject.filter(|_| verb <= from + 2) {
                return tag(
                    if says { 10 } else { 9 },
                    Shape::VerbName,
                    *index,
                    Some(verb),
                );
            }
            let follower = found
                .iter()
                .find(|(_, mention)| self.follows(verb, mention));
            if let Some((index, _)) = follower.filter(|_| verb <= from + 1) {
                return tag(9, Shape::VerbName, *index, Some(verb));
            }
            for (index, mention) in &found {
                let near =
                    verb >= mention.end && verb - mention.end <= 5 && mention.start <= from + 2;
                if near && mention.can_act() {
                    let close = says && verb - mention.end <= 1;
                    return tag(
                        if close { 10 } else { 8 },
                        Shape::NameVerb,
                        *index,
                        Some(verb),
                    );
                }
            }
        }
        let (index, first) = found.first()?;
        if first.possessive && self.owns_words(first, to) && first.start - from <= 4 {
            return tag(8, Shape::OwnedWords, *index, None);
        }
        let acts =
            !text.tokens[from].upper && (text.low(from).ends_with("ed") || from_voice(text, from));
        if acts && self.follows(from, first) {
            return tag(8, Shape::ActionName, *index, Some(from));
        }
        if !first.oblique && first.start - from <= 6 && !first.possessive {
            let sentence = text.tokens[from].opens && text.tokens[from].upper;
            return tag(if sentence { 3 } else { 5 }, Shape::BeatAfter, *index, None);
        }
        if first.possessive && first.start - from <= 3 {
            return tag(2, Shape::BeatAfterOwned, *index, None);
        }
        None
    }
}

/// Nouns for what was said and for how it sounded.
const WORDS_SAID: &str = "voice reply answer comment remark response rejoinder retort question words cry exclamation \
    observation greeting whisper murmur lips inquiry enquiry communication view suggestion verdict opinion conclusion explanation declaration saying";

fn among(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|other| other == word)
}

/// Whether the narration at `from` brings in a voice: "came Ida's voice", "from Ida".
fn from_voice(text: &Text, from: usize) -> bool {
    matches!(text.low(from), "came" | "from")
}

impl Mention {
    /// Whether it can be the subject of a verb that stands before it.
    fn can_follow(&self, text: &Text) -> bool {
        !self.possessive
            && !self.objective
            && (self.kind != super::mentions::Kind::Pronoun
                || !matches!(text.low(self.start), "her" | "his"))
    }
}
