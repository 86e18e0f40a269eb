//! The links of a page's lists, which tables of contents are.

use std::cell::RefCell;

use html5ever::{
    TokenizerResult,
    buffer_queue::BufferQueue,
    tendril::StrTendril,
    tokenizer::{TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts},
};

use super::kinds::{attribute, kinds};

/// The links of one list.
#[derive(Debug, Default)]
pub(in crate::story) struct Links {
    /// What the list is, by its `epub:type` and role.
    pub(in crate::story) kind: String,
    /// Where each leads, and its words.
    pub(in crate::story) links: Vec<(String, String)>,
}

/// The links in every `nav` of a page.
pub(in crate::story) fn links(text: &str) -> Vec<Links> {
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
