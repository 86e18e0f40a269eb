//! EPUB 2 and 3: the pages in reading order, the chapters of the table of contents, title, author and cover.

use std::collections::BTreeMap;

use super::{
    Meta, Story, StoryReader,
    archive::Archive,
    flow::{self, Piece, Start},
    html::{self, Link},
    xml::{Step, elements, value, walk},
};
use crate::{Error, Result};

/// Reads EPUB.
pub(super) struct Epub;

impl StoryReader for Epub {
    fn extensions(&self) -> &'static [&'static str] {
        &["epub"]
    }

    fn read(&self, source: &[u8]) -> Result<Story> {
        let mut book = Book(Archive::open(source)?);
        book.refuse_protected()?;
        let package = book.package()?;
        let entries = book.contents(&package);
        let (pieces, places, mut notes) = book.pages(&package);
        let starts = starts(&entries, &places);
        let missing = entries.len() - starts.len();
        if missing > 0 {
            notes.push(format!(
                "{missing} entries of the table of contents lead nowhere"
            ));
        }
        let meta = Meta {
            title: package.title.clone(),
            author: (!package.authors.is_empty()).then(|| package.authors.join(", ")),
            language: package.language.clone().unwrap_or_else(|| "en".into()),
        };
        let mut story = flow::told(&pieces, starts, meta)?;
        story.cover = package
            .cover
            .as_ref()
            .and_then(|path| book.0.bytes(path).ok());
        story.notes = notes;
        Ok(story)
    }
}

/// The book's archive.
struct Book<'a>(Archive<'a>);

/// What the package document says.
#[derive(Debug, Default)]
struct Package {
    title: String,
    authors: Vec<String>,
    language: Option<String>,
    /// The pages in reading order.
    spine: Vec<String>,
    /// The table of contents: of EPUB 3, else of EPUB 2.
    nav: Option<String>,
    ncx: Option<String>,
    cover: Option<String>,
}

/// An entry of the table of contents.
#[derive(Debug)]
struct Entry {
    title: String,
    /// How deep it stands, 1 the highest.
    depth: usize,
    path: String,
    fragment: Option<String>,
}

/// Where each page and each mark in it is, as the index of a piece.
type Places = BTreeMap<(String, Option<String>), usize>;

impl Book<'_> {
    /// Pages that only the shop's own program can read are not to be touched.
    fn refuse_protected(&mut self) -> Result<()> {
        let known = [
            ("META-INF/rights.xml", "Adobe ADEPT"),
            ("META-INF/sinf.xml", "Apple FairPlay"),
            ("META-INF/license.lcpl", "Readium LCP"),
            ("META-INF/license.av", "an unknown licence"),
        ];
        let mut protection = known
            .iter()
            .find(|(file, _)| self.0.has(file))
            .map(|(_, name)| *name);
        if let Ok(text) = self.0.text("META-INF/encryption.xml") {
            // Fonts may be mixed up without anything being protected.
            let locked = text.matches("<EncryptionMethod").count()
                + text.matches(":EncryptionMethod").count();
            let fonts = text.matches("idpf.org/2008/embedding").count()
                + text.matches("ns.adobe.com/pdf/enc#RC").count();
            if locked > fonts {
                protection = protection.or(Some("encryption"));
            } else {
                protection = None;
            }
        }
        match protection {
            None => Ok(()),
            Some(name) => Err(Error::invalid(
                format!("the book is protected by {name}"),
                "a protected book cannot be read; use one without protection",
            )),
        }
    }

    fn package(&mut self) -> Result<Package> {
        let container = self.0.text("META-INF/container.xml").map_err(|_| {
            Error::invalid(
                "this is no EPUB: it has no `META-INF/container.xml`",
                "give a book in EPUB, or another format by its own name",
            )
        })?;
        let mut path = None;
        elements(&container, &mut |name, element, _| {
            if name == "rootfile" && path.is_none() {
                path = value(element, "full-path");
            }
        });
        let path = path.ok_or_else(|| {
            Error::invalid(
                "the EPUB does not say where its package is",
                "the book is damaged: get it anew",
            )
        })?;
        let text = self.0.text(&path)?;
        Ok(Package::read(&text, &path))
    }

    /// The table of contents; empty if there is none that can be read.
    fn contents(&mut self, package: &Package) -> Vec<Entry> {
        if let Some(nav) = &package.nav
            && let Ok(text) = self.0.text(nav)
        {
            let entries = nav_entries(&text, nav);
            if !entries.is_empty() {
                return entries;
            }
        }
        match &package.ncx {
            Some(ncx) => self
                .0
                .text(ncx)
                .map(|text| ncx_entries(&text, ncx))
                .unwrap_or_default(),
            None => Vec::new(),
        }
    }

    /// All pages in reading order; what cannot be read is told.
    fn pages(&mut self, package: &Package) -> (Vec<Piece>, Places, Vec<String>) {
        let (mut pieces, mut places, mut notes) = (Vec::new(), Places::new(), Vec::new());
        for path in &package.spine {
            places.entry((path.clone(), None)).or_insert(pieces.len());
            let text = match self.0.text(path) {
                Ok(text) => text,
                Err(error) => {
                    notes.push(format!("a page is left out: {error}"));
                    continue;
                }
            };
            let page = html::page(&text);
            let mut mark = |id: String, at: usize| {
                places.entry((path.clone(), Some(id))).or_insert(at);
            };
            for piece in page.pieces {
                piece
                    .ids
                    .iter()
                    .for_each(|id| mark(id.clone(), pieces.len()));
                pieces.push(piece);
            }
            page.ids.into_iter().for_each(|id| mark(id, pieces.len()));
        }
        (pieces, places, notes)
    }
}

/// Where chapters begin: entries that lead to a mark nobody set lead to the page. What is called by a number only is told
/// with what it is a part of: `A Scandal in Bohemia: II`.
fn starts(entries: &[Entry], places: &Places) -> Vec<Start> {
    let mut above: Vec<&Entry> = Vec::new();
    let mut starts = Vec::new();
    for entry in entries {
        above.retain(|other| other.depth < entry.depth);
        let exact = places.get(&(entry.path.clone(), entry.fragment.clone()));
        let piece = exact.or_else(|| places.get(&(entry.path.clone(), None)));
        if let Some(piece) = piece {
            let title = match above.last() {
                Some(whole) if is_number(&entry.title) => {
                    format!("{}: {}", whole.title, entry.title)
                }
                _ => entry.title.clone(),
            };
            starts.push(Start {
                piece: *piece,
                title,
            });
        }
        above.push(entry);
    }
    starts
}

/// Whether a title is nothing but a number.
fn is_number(title: &str) -> bool {
    let title = title.trim_end_matches('.');
    !title.is_empty()
        && title
            .chars()
            .all(|c| c.is_ascii_digit() || "IVXLC".contains(c))
}

impl Package {
    fn read(text: &str, path: &str) -> Self {
        let mut package = Self::default();
        let mut manifest: BTreeMap<String, (String, String)> = BTreeMap::new();
        let (mut order, mut cover_id, mut ncx_id) = (Vec::new(), None, None);
        elements(text, &mut |name, element, words| match name {
            "title" if package.title.is_empty() => words.clone_into(&mut package.title),
            "creator" if !words.is_empty() => {
                let role = value(element, "role").or_else(|| value(element, "opf:role"));
                if role.is_none_or(|role| role == "aut") {
                    package.authors.push(words.to_owned());
                }
            }
            "language" if package.language.is_none() => package.language = Some(words.to_owned()),
            "meta" if value(element, "name").as_deref() == Some("cover") => {
                cover_id = value(element, "content");
            }
            "item" => {
                let (Some(id), Some(href)) = (value(element, "id"), value(element, "href")) else {
                    return;
                };
                let kind = value(element, "media-type").unwrap_or_default();
                let place = resolve(path, &href);
                let properties = value(element, "properties").unwrap_or_default();
                let has = |word: &str| properties.split_whitespace().any(|known| known == word);
                if has("nav") {
                    package.nav = Some(place.clone());
                }
                if has("cover-image") {
                    package.cover = Some(place.clone());
                }
                if kind == "application/x-dtbncx+xml" {
                    package.ncx = Some(place.clone());
                }
                manifest.insert(id, (place, kind));
            }
            "spine" => ncx_id = value(element, "toc"),
            "itemref" if value(element, "linear").as_deref() != Some("no") => {
                order.extend(value(element, "idref"));
            }
            _ => {}
        });
        let find = |id: &Option<String>| id.as_ref().and_then(|id| manifest.get(id));
        package.ncx = find(&ncx_id).map(|(path, _)| path.clone()).or(package.ncx);
        let picture = find(&cover_id).filter(|(_, kind)| kind.starts_with("image/"));
        package.cover = package.cover.or(picture.map(|(path, _)| path.clone()));
        let page = |id: &String| manifest.get(id).map(|(path, _)| path.clone());
        package.spine = order.iter().filter_map(page).collect();
        package
    }
}

/// The entries of an EPUB 3 table of contents: the links of its `nav` of the kind `toc`, else of the first.
fn nav_entries(text: &str, path: &str) -> Vec<Entry> {
    let lists = html::links(text);
    let list = lists
        .iter()
        .find(|list| list.kind.split_whitespace().any(|kind| kind == "toc"));
    let Some(list) = list.or(lists.first()) else {
        return Vec::new();
    };
    let entry = |link: &Link| {
        let title = link.words.split_whitespace().collect::<Vec<_>>().join(" ");
        let (place, fragment) = target(path, &link.href);
        (!title.is_empty()).then_some(Entry {
            title,
            depth: link.depth,
            path: place,
            fragment,
        })
    };
    list.links.iter().filter_map(entry).collect()
}

/// The entries of an EPUB 2 table of contents, outer ones first.
fn ncx_entries(text: &str, path: &str) -> Vec<Entry> {
    let (mut entries, mut title) = (Vec::new(), String::new());
    let (mut depth, mut in_label) = (0, false);
    walk(text, &mut |step| match step {
        Step::Open("navPoint", _) => depth += 1,
        Step::Close("navPoint") => depth -= 1,
        Step::Open("navLabel", _) => {
            title.clear();
            in_label = true;
        }
        Step::Close("navLabel") => in_label = false,
        Step::Words(words) if in_label => title.push_str(words),
        Step::Open("content", element) => {
            let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
            if let Some(href) = value(element, "src").filter(|_| depth > 0 && !title.is_empty()) {
                let (place, fragment) = target(path, &href);
                entries.push(Entry {
                    title,
                    depth,
                    path: place,
                    fragment,
                });
            }
        }
        _ => {}
    });
    entries
}

/// Where a link in the file `from` leads: a path in the archive, and a mark in it.
fn target(from: &str, href: &str) -> (String, Option<String>) {
    match href.split_once('#') {
        Some(("", fragment)) => (from.to_owned(), Some(fragment.to_owned())),
        Some((file, fragment)) => (resolve(from, file), Some(fragment.to_owned())),
        None => (resolve(from, href), None),
    }
}

/// `href`, relative to the file `from`, as a path in the archive. It never leads out of it.
fn resolve(from: &str, href: &str) -> String {
    let href = unescaped(href);
    let mut parts: Vec<&str> = Vec::new();
    if !href.starts_with('/') {
        parts.extend(from.split('/'));
        parts.pop();
    }
    for part in href.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// `%20` and its like as the bytes they stand for.
fn unescaped(text: &str) -> String {
    let (bytes, mut out, mut at) = (text.as_bytes(), Vec::new(), 0);
    while at < bytes.len() {
        let code = bytes
            .get(at + 1..at + 3)
            .and_then(|pair| std::str::from_utf8(pair).ok());
        let code = code.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match (bytes[at], code) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 3;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_resolved_and_never_lead_out_of_the_book() {
        assert_eq!(
            resolve("OEBPS/toc.ncx", "text/ch%201.xhtml"),
            "OEBPS/text/ch 1.xhtml"
        );
        assert_eq!(
            resolve("OEBPS/nav/toc.xhtml", "../a.xhtml"),
            "OEBPS/a.xhtml"
        );
        assert_eq!(resolve("a.opf", "../../../etc/passwd"), "etc/passwd");
        assert_eq!(
            target("x/nav.xhtml", "c.xhtml#two"),
            ("x/c.xhtml".into(), Some("two".into()))
        );
    }
}
