//! What elements are: which stand on lines of their own, which are no text, and which no narrator reads.

use html5ever::tokenizer::Tag;

/// Elements that stand on lines of their own.
pub(super) const BLOCKS: &[&str] = &[
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
pub(super) const VOID: &[&str] = &[
    "br", "hr", "img", "input", "meta", "link", "wbr", "area", "base", "col", "embed", "source",
    "track", "param",
];
/// Elements whose content is never text.
pub(super) const SILENT: &[&str] = &[
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
pub(super) const FOOTNOTE: &str = "marks of footnotes";
/// Marks of footnotes that are no numbers.
pub(super) const SIGNS: &str = "*†‡§¶[]() ";

/// An attribute by its name.
pub(super) fn attribute<'t>(tag: &'t Tag, name: &str) -> Option<&'t str> {
    let attribute = tag
        .attrs
        .iter()
        .find(|attribute| &*attribute.name.local == name);
    attribute.map(|attribute| &*attribute.value)
}

/// The words that say what an element is: `epub:type`, role, class and id.
pub(super) fn kinds(tag: &Tag) -> impl Iterator<Item = &str> {
    let names = ["epub:type", "role", "class", "id"];
    let values = names.into_iter().filter_map(|name| attribute(tag, name));
    values.flat_map(str::split_whitespace)
}

/// Why an element is not read, if it is not.
pub(super) fn reason(tag: &Tag) -> Option<&'static str> {
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

/// The level of a heading.
pub(super) fn heading(name: &str) -> Option<u8> {
    let level = name.strip_prefix('h')?.parse().ok()?;
    (1..=6).contains(&level).then_some(level)
}
