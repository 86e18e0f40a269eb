//! The story as tokens, with its paragraphs and quotations: what all of attribution looks at.

use std::{collections::HashMap, ops::Range};

use super::{
    lexicon::{self, Entry},
    quotes::{self, Quote},
};
use crate::story::{Block, Span, Story};

/// Index of a word in the vocabulary; words that differ in capitals only share one.
pub(super) type Word = u32;

/// Marks a token outside all quotations.
pub(super) const OUTSIDE: u32 = u32::MAX;

/// A word or a mark.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools)] // each is a fact of its own
pub(super) struct Token {
    /// First byte in the source.
    pub(super) start: u32,
    /// One past its last byte.
    pub(super) end: u32,
    /// Its word in lower case.
    pub(super) word: Word,
    /// Index of its paragraph.
    pub(super) paragraph: u32,
    /// Index of its quotation, or [`OUTSIDE`].
    pub(super) quote: u32,
    /// Whether it opens a sentence.
    pub(super) opens: bool,
    /// Whether its first character is a letter.
    pub(super) letter: bool,
    /// Whether its first character is a capital.
    pub(super) upper: bool,
    /// Whether it has several letters, all of them capitals.
    pub(super) shouted: bool,
}

/// A paragraph to be read.
#[derive(Clone, Debug)]
pub(super) struct Paragraph {
    /// Where it stands.
    pub(super) span: Span,
    /// Its tokens.
    pub(super) tokens: Range<usize>,
    /// Index of its scene, through the story.
    pub(super) scene: usize,
}

/// A story's text, taken apart.
pub(super) struct Text<'s> {
    /// The source.
    pub(super) source: &'s str,
    /// All paragraphs.
    pub(super) paragraphs: Vec<Paragraph>,
    /// All quotations.
    pub(super) quotes: Vec<Quote>,
    /// The tokens of each quotation.
    pub(super) quote_tokens: Vec<Range<usize>>,
    /// All tokens.
    pub(super) tokens: Vec<Token>,
    words: Vec<String>,
    entries: Vec<Entry>,
}

impl<'s> Text<'s> {
    /// Whether the story is so short that a speaker may be named only once or twice, or not at all.
    pub(super) fn is_short(&self) -> bool {
        self.quotes.len() <= super::described::SHORT
    }

    /// Takes `story` apart.
    pub(super) fn new(story: &'s Story) -> Self {
        let mut text = Self {
            source: &story.source,
            paragraphs: paragraphs(story),
            quotes: Vec::new(),
            quote_tokens: Vec::new(),
            tokens: Vec::new(),
            words: Vec::new(),
            entries: Vec::new(),
        };
        let spans: Vec<Span> = text
            .paragraphs
            .iter()
            .map(|paragraph| paragraph.span)
            .collect();
        text.quotes = quotes::find(text.source, &spans);
        text.tokenize();
        text.mark_quotes();
        text.mark_sentences();
        text
    }

    /// The word of token `at` in lower case, "" past the end.
    pub(super) fn low(&self, at: usize) -> &str {
        self.tokens
            .get(at)
            .map_or("", |token| &self.words[token.word as usize])
    }

    /// What the word of token `at` can be.
    pub(super) fn entry(&self, at: usize) -> Entry {
        self.tokens
            .get(at)
            .map_or(Entry::default(), |token| self.entries[token.word as usize])
    }

    /// What `word` can be.
    pub(super) fn entry_of(&self, word: Word) -> Entry {
        self.entries[word as usize]
    }

    /// `word` as text, in lower case.
    pub(super) fn word(&self, word: Word) -> &str {
        &self.words[word as usize]
    }

    /// How many different words there are.
    pub(super) fn vocabulary(&self) -> usize {
        self.words.len()
    }

    /// Whether token `at` stands outside all quotations.
    pub(super) fn outside(&self, at: usize) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|token| token.quote == OUTSIDE)
    }

    /// The first token at or after byte `at`.
    pub(super) fn token_at(&self, at: usize) -> usize {
        self.tokens
            .partition_point(|token| (token.start as usize) < at)
    }

    fn tokenize(&mut self) {
        let mut known: HashMap<&'s str, Word> = HashMap::new();
        let mut lower: HashMap<String, Word> = HashMap::new();
        for index in 0..self.paragraphs.len() {
            let Span { start, end } = self.paragraphs[index].span;
            let first = self.tokens.len();
            let mut at = start;
            while let Some(range) = next_token(&self.source[..end], at) {
                at = range.end;
                let mut written = &self.source[range.clone()];
                if written == "s" && self.lost_apostrophe(first, range.start) {
                    written = "'s";
                }
                let word = *known.entry(written).or_insert_with(|| {
                    let low = written.to_lowercase();
                    *lower.entry(low).or_insert_with_key(|low| {
                        self.words.push(low.clone());
                        self.entries.push(lexicon::entry(low));
                        self.words.len() as Word - 1
                    })
                });
                let initial = written.chars().next().unwrap_or(' ');
                self.tokens.push(Token {
                    start: range.start as u32,
                    end: range.end as u32,
                    word,
                    paragraph: index as u32,
                    quote: OUTSIDE,
                    opens: false,
                    letter: initial.is_alphabetic(),
                    upper: initial.is_uppercase(),
                    shouted: written.len() > 1 && written.chars().all(|c| !c.is_lowercase()),
                });
            }
            self.paragraphs[index].tokens = first..self.tokens.len();
        }
    }

    /// Whether the "s" at byte `start` is the end of a possessive whose apostrophe the text has lost: "Ida s hat".
    fn lost_apostrophe(&self, paragraph: usize, start: usize) -> bool {
        self.tokens.last().is_some_and(|last| {
            self.tokens.len() > paragraph
                && last.letter
                && last.end as usize + 1 == start
                && self.source.as_bytes()[start - 1] == b' '
        })
    }

    fn mark_quotes(&mut self) {
        for index in 0..self.quotes.len() {
            let span = self.quotes[index].span;
            let range = self.token_at(span.start)..self.token_at(span.end);
            for token in &mut self.tokens[range.clone()] {
                token.quote = index as u32;
            }
            self.quote_tokens.push(range);
        }
    }

    fn mark_sentences(&mut self) {
        for at in 0..self.tokens.len() {
            self.tokens[at].opens = self.opens_sentence(at);
        }
    }

    fn opens_sentence(&self, at: usize) -> bool {
        let token = self.tokens[at];
        if at == 0
            || self.tokens[at - 1].paragraph != token.paragraph
            || self.tokens[at - 1].quote != token.quote
        {
            return true;
        }
        let ends = |word: &str| matches!(word, "." | "!" | "?" | "…");
        match self.low(at - 1) {
            "." if at >= 2 && is_abbreviation(self.low(at - 2)) => false,
            "." | "!" | "?" | "…" => token.upper,
            "\"" | "“" | "”" | "‘" | "’" | "'" | "(" => at >= 2 && ends(self.low(at - 2)),
            _ => false,
        }
    }
}

/// Whether a full stop after `word` belongs to it.
pub(super) fn is_abbreviation(word: &str) -> bool {
    matches!(
        word,
        "mr" | "mrs"
            | "dr"
            | "st"
            | "m"
            | "mme"
            | "mlle"
            | "prof"
            | "rev"
            | "col"
            | "capt"
            | "gen"
            | "lt"
            | "messrs"
            | "ms"
            | "hon"
            | "sgt"
    )
}

fn paragraphs(story: &Story) -> Vec<Paragraph> {
    let mut found: Vec<Paragraph> = Vec::new();
    let mut scene = 0;
    for chapter in &story.chapters {
        for block in &chapter.blocks {
            match block {
                Block::Paragraph(span) => found.push(Paragraph {
                    span: *span,
                    tokens: 0..0,
                    scene,
                }),
                Block::Break(_) if found.last().is_some_and(|last| last.scene == scene) => {
                    scene += 1;
                }
                _ => {}
            }
        }
        if found.last().is_some_and(|last| last.scene == scene) {
            scene += 1;
        }
    }
    found
}

/// The next token of `source` from byte `at`: a word, a number, a possessive ending, a dash or a mark.
fn next_token(source: &str, at: usize) -> Option<Range<usize>> {
    let skipped = source[at..].find(|c: char| !c.is_whitespace() && c != '_')?;
    let start = at + skipped;
    let rest = &source[start..];
    let first = rest.chars().next()?;
    let length = if first.is_alphabetic() {
        word_length(rest)
    } else if first.is_numeric() {
        rest.find(|c: char| !c.is_numeric()).unwrap_or(rest.len())
    } else if rest.starts_with("--") {
        rest.find(|c| c != '-').unwrap_or(rest.len())
    } else if is_possessive(rest) {
        first.len_utf8() + 1
    } else {
        first.len_utf8()
    };
    Some(start..start + length)
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’')
}

/// Whether `text` opens with `'s` and the word ends there.
fn is_possessive(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(is_apostrophe)
        && characters.next().is_some_and(|c| matches!(c, 's' | 'S'))
        && !characters.next().is_some_and(char::is_alphanumeric)
}

/// The length of the word that `text` opens with: letters, joined by single hyphens and apostrophes.
fn word_length(text: &str) -> usize {
    let mut end = 0;
    loop {
        let rest = &text[end..];
        end += rest
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(rest.len());
        let rest = &text[end..];
        let Some(joint) = rest
            .chars()
            .next()
            .filter(|c| is_apostrophe(*c) || *c == '-')
        else {
            return end;
        };
        let joined = rest[joint.len_utf8()..].starts_with(char::is_alphabetic);
        if !joined || (is_apostrophe(joint) && is_possessive(rest)) {
            return end;
        }
        end += joint.len_utf8();
    }
}
