//! HTML and XHTML as pieces: any tag soup, and no tree, so that depth and size cost nothing.

mod kinds;
mod links;

use std::cell::RefCell;

use html5ever::{
    TokenizerResult,
    buffer_queue::BufferQueue,
    tendril::StrTendril,
    tokenizer::{
        Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts, states::RawKind,
    },
};

use self::kinds::{BLOCKS, FOOTNOTE, SIGNS, SILENT, VOID, attribute, heading, kinds, reason};
pub(super) use self::links::{Link, links};
use super::{
    Meta, Story, StoryReader,
    decode::decode,
    flow::{self, Kind, Piece},
};
use crate::Result;

/// Reads a web page.
pub(super) struct Html;

impl StoryReader for Html {
    fn extensions(&self) -> &'static [&'static str] {
        &["html", "htm", "xhtml"]
    }

    fn read(&self, source: &[u8]) -> Result<Story> {
        let (text, notes) = decode(source)?;
        let page = page(&text);
        let meta = Meta {
            title: page.title,
            author: page.author,
            language: page.language.unwrap_or_else(|| "en".into()),
        };
        let mut story = flow::told(&page.pieces, Vec::new(), meta)?;
        story.notes = notes;
        Ok(story)
    }
}

/// What a page holds.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) pieces: Vec<Piece>,
    pub(super) title: String,
    pub(super) author: Option<String>,
    pub(super) language: Option<String>,
    /// Marks that lead to pieces behind the last one.
    pub(super) ids: Vec<String>,
}

/// The pieces of a page.
pub(super) fn page(text: &str) -> Page {
    let tokenizer = Tokenizer::new(Sink(RefCell::default()), TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(text));
    while let TokenizerResult::Script(()) = tokenizer.feed(&queue) {}
    tokenizer.end();
    tokenizer.sink.0.into_inner().finish()
}

/// An element that is open.
struct Open {
    name: String,
    reason: Option<&'static str>,
    heading: Option<u8>,
    pre: bool,
    /// Nothing in it is text at all.
    silent: bool,
    /// Where the text of a footnote's mark begins.
    mark: Option<Mark>,
}

#[derive(Clone, Copy)]
struct Mark {
    start: usize,
    /// Why it is not read.
    reason: &'static str,
    /// Whether it is one for certain, whatever it holds.
    sure: bool,
}

#[derive(Default)]
struct State {
    page: Page,
    open: Vec<Open>,
    text: String,
    /// What stands within paragraphs and is not read, and why; it is told at the end of the page.
    marks: Vec<(&'static str, String)>,
    in_title: bool,
}

struct Sink(RefCell<State>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return state.start(&tag),
            Token::TagToken(tag) => state.end(&tag.name),
            Token::CharacterTokens(text) => state.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }

    /// Sections marked as data are text in XHTML.
    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        true
    }
}

impl State {
    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        self.close_implied(name);
        let block = BLOCKS.contains(&name);
        if block || name == "hr" {
            self.flush();
        }
        if let Some(id) =
            attribute(tag, "id").or_else(|| attribute(tag, "name").filter(|_| name == "a"))
        {
            self.page.ids.push(id.to_owned());
        }
        match name {
            "br" => self.text.push('\n'),
            "hr" if self.reason().is_none() => self.break_here(),
            "html" | "body" => {
                let language = attribute(tag, "lang").or_else(|| attribute(tag, "xml:lang"));
                if let Some(language) = language {
                    self.page
                        .language
                        .get_or_insert_with(|| language.to_owned());
                }
            }
            "meta" => self.meta(tag),
            _ => {}
        }
        if VOID.contains(&name) {
            return TokenSinkResult::Continue;
        }
        self.open.push(Open {
            name: name.to_owned(),
            reason: reason(tag).filter(|_| block),
            heading: heading(name),
            pre: name == "pre",
            silent: SILENT.contains(&name),
            mark: self.mark(tag),
        });
        if tag.self_closing {
            self.end(name);
            return TokenSinkResult::Continue;
        }
        match name {
            "script" | "style" | "noscript" | "iframe" => {
                TokenSinkResult::RawData(RawKind::Rawtext)
            }
            "title" if self.open.iter().any(|open| open.name == "head") => {
                self.in_title = true;
                TokenSinkResult::RawData(RawKind::Rcdata)
            }
            _ => TokenSinkResult::Continue,
        }
    }

    /// Ends what its author left open: a paragraph where a block begins, an entry where the next begins.
    fn close_implied(&mut self, name: &str) {
        let ends: &[&str] = match name {
            "li" => &["p", "li"],
            "dt" | "dd" => &["p", "dt", "dd"],
            "tr" => &["p", "td", "th", "tr"],
            "td" | "th" => &["p", "td", "th"],
            "body" => &["head"],
            _ if BLOCKS.contains(&name) => &["p"],
            _ => return,
        };
        while let Some(last) = self.open.last() {
            if !ends.contains(&last.name.as_str()) {
                break;
            }
            let name = last.name.clone();
            self.end(&name);
        }
    }

    fn end(&mut self, name: &str) {
        self.in_title &= name != "title";
        let Some(at) = self.open.iter().rposition(|open| open.name == name) else {
            if name == "p" {
                self.flush();
            }
            return;
        };
        while self.open.len() > at {
            let last = &self.open[self.open.len() - 1];
            if let Some(mark) = last.mark {
                self.take_mark(mark);
            }
            if BLOCKS.contains(&self.open[self.open.len() - 1].name.as_str()) {
                self.flush();
            }
            self.open.pop();
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_title {
            self.page.title.push_str(text);
            return;
        }
        if self.open.iter().any(|open| open.silent) {
            return;
        }
        if self.open.iter().any(|open| open.pre) {
            self.text.push_str(text);
            return;
        }
        for letter in text.chars() {
            if !letter.is_whitespace() {
                // A hyphen that may be broken at, and what joins or parts letters, is no letter.
                if !matches!(letter, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}') {
                    self.text.push(letter);
                }
            } else if !self.text.ends_with([' ', '\n']) {
                self.text.push(' ');
            }
        }
    }

    /// Whether an element within a paragraph is not read, such as the mark of a footnote.
    fn mark(&self, tag: &Tag) -> Option<Mark> {
        let name = &*tag.name;
        let start = self.text.len();
        let mark = |reason, sure| {
            Some(Mark {
                start,
                reason,
                sure,
            })
        };
        if kinds(tag).any(|kind| matches!(kind, "noteref" | "doc-noteref")) {
            return mark(FOOTNOTE, true);
        }
        match name {
            "sup" => mark(FOOTNOTE, false),
            "rt" | "rp" => mark("a reading of signs", true),
            _ if BLOCKS.contains(&name) => None,
            _ => reason(tag).and_then(|reason| mark(reason, true)),
        }
    }

    fn take_mark(&mut self, mark: Mark) {
        let Some(text) = self.text.get(mark.start..) else {
            return;
        };
        let sign = |c: char| c.is_ascii_digit() || SIGNS.contains(c);
        let number = !text.trim().is_empty() && text.trim().chars().all(sign);
        if !text.trim().is_empty() && (mark.sure || number) {
            self.marks.push((mark.reason, text.trim().to_owned()));
            self.text.truncate(mark.start);
        }
    }

    fn meta(&mut self, tag: &Tag) {
        let name = attribute(tag, "name").unwrap_or_default();
        if name.eq_ignore_ascii_case("author") || name.eq_ignore_ascii_case("dc.creator") {
            let author = attribute(tag, "content").map(str::trim);
            self.page.author = author
                .filter(|author| !author.is_empty())
                .map(str::to_owned);
        }
    }

    fn reason(&self) -> Option<&'static str> {
        self.open.iter().find_map(|open| open.reason)
    }

    fn break_here(&mut self) {
        let ids = std::mem::take(&mut self.page.ids);
        self.page.pieces.push(Piece {
            kind: Kind::Break,
            text: String::new(),
            ids,
        });
    }

    /// Ends the piece at hand.
    fn flush(&mut self) {
        let rows = self.text.split('\n').map(str::trim);
        let rows: Vec<&str> = rows.filter(|row| !row.is_empty()).collect();
        let text = rows.join("\n");
        self.text.clear();
        for open in &mut self.open {
            if let Some(mark) = &mut open.mark {
                mark.start = 0;
            }
        }
        if text.is_empty() {
            return;
        }
        let heading = self.open.iter().find_map(|open| open.heading);
        let kind = match (self.reason(), heading) {
            (Some(reason), _) => Kind::Skipped(reason),
            (None, Some(level)) => Kind::Heading(level),
            (None, None) => Kind::Paragraph,
        };
        let ids = std::mem::take(&mut self.page.ids);
        self.page.pieces.push(Piece { kind, text, ids });
    }

    fn finish(mut self) -> Page {
        self.flush();
        let mut reasons: Vec<&'static str> = Vec::new();
        for (reason, _) in &self.marks {
            if !reasons.contains(reason) {
                reasons.push(reason);
            }
        }
        for reason in reasons {
            let own = self.marks.iter().filter(|(other, _)| *other == reason);
            let texts: Vec<&str> = own.map(|(_, text)| text.as_str()).collect();
            self.page.pieces.push(Piece {
                kind: Kind::Skipped(reason),
                text: texts.join(" "),
                ids: Vec::new(),
            });
        }
        let title = self.page.title.split_whitespace().collect::<Vec<_>>();
        self.page.title = title.join(" ");
        self.page
    }
}
