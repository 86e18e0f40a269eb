//! The links of a page's lists, which tables of contents are.

use std::cell::RefCell;

use html5ever::{
    TokenizerResult,
    buffer_queue::BufferQueue,
    tendril::StrTendril,
    tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts},
};

use super::kinds::{attribute, kinds};

/// The links of one list.
#[derive(Debug, Default)]
pub(in crate::story) struct Links {
    /// What the list is, by its `epub:type` and role.
    pub(in crate::story) kind: String,
    /// The links in order.
    pub(in crate::story) links: Vec<Link>,
}

/// One entry of a list.
#[derive(Debug, Default)]
pub(in crate::story) struct Link {
    /// Where it leads.
    pub(in crate::story) href: String,
    /// Its words.
    pub(in crate::story) words: String,
    /// In how many lists it stands.
    pub(in crate::story) depth: usize,
}

/// The links in every `nav` of a page.
pub(in crate::story) fn links(text: &str) -> Vec<Links> {
    let tokenizer = Tokenizer::new(Sink(RefCell::default()), TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(text));
    while let TokenizerResult::Script(()) = tokenizer.feed(&queue) {}
    tokenizer.end();
    tokenizer.sink.0.into_inner().lists
}

#[derive(Default)]
struct State {
    lists: Vec<Links>,
    in_list: bool,
    in_link: bool,
    depth: usize,
}

struct Sink(RefCell<State>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => state.tag(&tag),
            Token::CharacterTokens(text) if state.in_link => state.words(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State {
    fn tag(&mut self, tag: &Tag) {
        match (&*tag.name, tag.kind) {
            ("nav", TagKind::StartTag) => {
                self.lists.push(Links {
                    kind: kinds(tag).collect::<Vec<_>>().join(" "),
                    links: Vec::new(),
                });
                (self.in_list, self.depth) = (true, 0);
            }
            ("nav", TagKind::EndTag) => self.in_list = false,
            ("ol" | "ul", TagKind::StartTag) => self.depth += 1,
            ("ol" | "ul", TagKind::EndTag) => self.depth = self.depth.saturating_sub(1),
            ("a", TagKind::StartTag) if self.in_list => {
                let link = Link {
                    href: attribute(tag, "href").unwrap_or_default().to_owned(),
                    words: String::new(),
                    depth: self.depth,
                };
                let list = self.lists.last_mut().expect("a list is open");
                list.links.push(link);
                self.in_link = true;
            }
            ("a", TagKind::EndTag) => self.in_link = false,
            _ => {}
        }
    }

    fn words(&mut self, text: &str) {
        let list = self.lists.last_mut();
        if let Some(link) = list.and_then(|list| list.links.last_mut()) {
            link.words.push_str(text);
        }
    }
}
