//! HTML and XHTML as pieces: any tag soup, and no tree, so that depth and size cost nothing.

use std::cell::RefCell;

use html5ever::{
    TokenizerResult,
    buffer_queue::BufferQueue,
    tendril::StrTendril,
    tokenizer::{
        Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts, states::RawKind,
    },
};

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
        let mut story = flow::told(page.pieces, Vec::new(), meta)?;
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

/// Elements that stand on lines of their own.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "section",
    "article",
    "aside",
    "header",
    "footer",
    "main",
    "nav",
    "body",
    "html",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hgroup",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "pre",
    "figure",
    "figcaption",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "td",
    "th",
    "address",
    "form",
    "fieldset",
    "center",
    "details",
    "summary",
];
/// Elements without an end.
const VOID: &[&str] = &[
    "br", "hr", "img", "input", "meta", "link", "wbr", "area", "base", "col", "embed", "source",
    "track", "param",
];
/// Elements whose content is never text.
const SILENT: &[&str] = &[
    "script", "style", "template", "svg", "math", "noscript", "iframe", "object", "audio", "video",
    "head", "select",
];
/// Elements and their kinds that are not read, and why.
const UNREAD: &[(&str, &str)] = &[
    ("nav", "the contents"),
    ("toc", "the contents"),
    ("doc-toc", "the contents"),
    ("landmarks", "the contents"),
    ("page-list", "the contents"),
    ("loi", "the contents"),
    ("lot", "the contents"),
    ("table", "a table"),
    ("figcaption", "a caption"),
    ("caption", "a caption"),
    ("footnote", "a note"),
    ("footnotes", "a note"),
    ("doc-footnote", "a note"),
    ("endnote", "a note"),
    ("endnotes", "a note"),
    ("doc-endnote", "a note"),
    ("doc-endnotes", "a note"),
    ("rearnote", "a note"),
    ("rearnotes", "a note"),
    ("pagebreak", "a page number"),
    ("doc-pagebreak", "a page number"),
    ("pagenum", "a page number"),
    ("pageno", "a page number"),
    ("page-number", "a page number"),
    ("titlepage", "a title page"),
    ("halftitlepage", "a title page"),
    ("cover", "the cover"),
    ("copyright-page", "the copyright page"),
    ("colophon", "an imprint"),
    ("imprint", "an imprint"),
    ("index", "an index"),
    ("doc-index", "an index"),
    ("bibliography", "a bibliography"),
    ("doc-bibliography", "a bibliography"),
    ("transnote", "a note of the transcriber"),
    ("pg-boilerplate", "the licence of the library it comes from"),
    ("pg-header", "the licence of the library it comes from"),
    ("pg-footer", "the licence of the library it comes from"),
];
/// Why the marks of footnotes are not read.
const FOOTNOTE: &str = "marks of footnotes";
/// Marks of footnotes that are no numbers.
const SIGNS: &str = "*†‡§¶[]() ";

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

fn attribute<'t>(tag: &'t Tag, name: &str) -> Option<&'t str> {
    let attribute = tag
        .attrs
        .iter()
        .find(|attribute| &*attribute.name.local == name);
    attribute.map(|attribute| &*attribute.value)
}

/// The words that say what an element is: `epub:type`, role, class and id.
fn kinds(tag: &Tag) -> impl Iterator<Item = &str> {
    let names = ["epub:type", "role", "class", "id"];
    let values = names.into_iter().filter_map(|name| attribute(tag, name));
    values.flat_map(str::split_whitespace)
}

fn reason(tag: &Tag) -> Option<&'static str> {
    let name = &*tag.name;
    // Whole pages and parts of the text carry such names too; a title page is a section.
    let known = |word: &str| UNREAD.iter().find(|(kind, _)| *kind == word);
    if name == "body" || name == "html" {
        return kinds(tag)
            .filter_map(known)
            .map(|(_, reason)| *reason)
            .find(|reason| *reason != "the contents");
    }
    std::iter::once(name)
        .chain(kinds(tag))
        .find_map(known)
        .map(|(_, reason)| *reason)
}

fn heading(name: &str) -> Option<u8> {
    let level = name.strip_prefix('h')?.parse().ok()?;
    (1..=6).contains(&level).then_some(level)
}

/// The links of one list.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// What the list is, by its `epub:type` and role.
    pub(super) kind: String,
    /// Where each leads, and its words.
    pub(super) links: Vec<(String, String)>,
}

/// The links in every `nav` of a page.
pub(super) fn links(text: &str) -> Vec<Links> {
    let tokenizer = Tokenizer::new(Lists(RefCell::default()), TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(text));
    while let TokenizerResult::Script(()) = tokenizer.feed(&queue) {}
    tokenizer.end();
    tokenizer.sink.0.into_inner().0
}

/// The lists so far, whether one is open, and whether a link is.
struct Lists(RefCell<(Vec<Links>, bool, bool)>);

impl TokenSink for Lists {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        let (lists, in_list, in_link) = &mut *state;
        match token {
            Token::TagToken(tag) => match (&*tag.name, tag.kind) {
                ("nav", TagKind::StartTag) => {
                    let kind = kinds(&tag).collect::<Vec<_>>().join(" ");
                    lists.push(Links {
                        kind,
                        links: Vec::new(),
                    });
                    *in_list = true;
                }
                ("nav", TagKind::EndTag) => *in_list = false,
                ("a", TagKind::StartTag) if *in_list => {
                    let href = attribute(&tag, "href").unwrap_or_default().to_owned();
                    let list = lists.last_mut().expect("a list is open");
                    list.links.push((href, String::new()));
                    *in_link = true;
                }
                ("a", TagKind::EndTag) => *in_link = false,
                _ => {}
            },
            Token::CharacterTokens(text) if *in_link => {
                let link = lists.last_mut().and_then(|list| list.links.last_mut());
                if let Some((_, words)) = link {
                    let joined = format!("{words}{}", &*text);
                    *words = joined.split_whitespace().collect::<Vec<_>>().join(" ");
                    if text.ends_with(char::is_whitespace) {
                        words.push(' ');
                    }
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}
