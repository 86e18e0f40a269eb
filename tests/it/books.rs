//! Books in formats with markup: what is read of them, what is skipped and why, and what becomes of broken ones.

use std::io::{Cursor, Write};

use fullcast::story::{Block, Story, parse};
use proptest::prelude::*;
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::book::Stage;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n12345";

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

const CONTAINER: &str = r#"<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"#;

const PACKAGE: &str = r#"<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">
<metadata><dc:title>The Loft &amp; the Ladder</dc:title><dc:creator opf:role="ill">Pen Cil</dc:creator>
<dc:creator>Ann Other</dc:creator><dc:language>en-GB</dc:language></metadata>
<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="cov" href="cover.png" media-type="image/png" properties="cover-image"/>
<item id="t" href="text/title.xhtml" media-type="application/xhtml+xml"/>
<item id="a" href="text/one%20up.xhtml" media-type="application/xhtml+xml"/>
<item id="b" href="text/two.xhtml" media-type="application/xhtml+xml"/>
<item id="x" href="text/gone.xhtml" media-type="application/xhtml+xml"/>
<item id="n" href="text/notes.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="t"/><itemref idref="a"/><itemref idref="b"/><itemref idref="x"/><itemref idref="nav" linear="no"/>
<itemref idref="n"/></spine></package>"#;

const NAV: &str = r#"<html xmlns:epub="http://www.idpf.org/2007/ops"><body><nav epub:type="landmarks"><a href="x">Cover</a></nav>
<nav epub:type="toc"><ol><li><a href="text/title.xhtml">Title Page</a></li>
<li><a href="text/one%20up.xhtml">I: Up</a></li><li><a href="text/two.xhtml#down">II:
 <i>Down</i></a><ol><li><a href="text/two.xhtml#later">2.</a></li></ol></li>
<li><a href="text/nowhere.xhtml">Nowhere</a></li><li><a href="text/notes.xhtml">Endnotes</a></li></ol></nav></body></html>"#;

const ONE: &str = r#"<?xml version="1.0"?><html xmlns:epub="http://www.idpf.org/2007/ops"><head><title/><style>p {}</style></head>
<body><a id="top"/><span epub:type="pagebreak" title="7">7</span><h2>I</h2><h3>Up</h3>
<p>“Mind the third
 rung, <i>Ivo</i>,” said Berta.<a epub:type="noteref" href="notes.xhtml#1">1</a></p><p>“I always do,”<br/>said Ivo.<sup>2</sup> E=mc<sup>x</sup></p>
<hr/><p>He did&nbsp;not&#8212;ever.</p><p>* * *</p><table><tr><td>Rungs<td>Nine</table><ul><li>A rope<li>A hook</ul>
<figure><img src="a.png"/><figcaption>The loft</figcaption></figure></body></html>"#;

const TWO: &str = r#"<html><body><h2 id="down">II<br/>Down</h2><blockquote><p>A letter came.</p></blockquote>
<div>Loose words <p>and a paragraph.</div><p class="h" id="later">2.</p><p>It rained.</p></body></html>"#;

fn epub(more: &[(&str, &[u8])]) -> Vec<u8> {
    let mut files: Vec<(&str, &[u8])> = vec![
        ("mimetype", b"application/epub+zip"),
        ("META-INF/container.xml", CONTAINER.as_bytes()),
        ("OEBPS/book.opf", PACKAGE.as_bytes()),
        ("OEBPS/nav.xhtml", NAV.as_bytes()),
        ("OEBPS/cover.png", PNG),
        ("OEBPS/text/title.xhtml", b"<html><body><h1>The Loft</h1><p>by Ann Other</p></body></html>"),
        ("OEBPS/text/one up.xhtml", ONE.as_bytes()),
        ("OEBPS/text/two.xhtml", TWO.as_bytes()),
        ("OEBPS/text/notes.xhtml", b"<html><body><h2>Notes</h2><aside epub:type='footnote'>1. It was rotten.</aside></body></html>"),
    ];
    files.retain(|(name, _)| !more.iter().any(|(other, _)| name == other));
    files.extend(more);
    archive(&files)
}

/// What the story has, a row a block: `# heading`, `* * *`, `(why) skipped`, or a paragraph.
fn told(story: &Story) -> Vec<String> {
    let mut rows = Vec::new();
    for chapter in &story.chapters {
        if let Some(heading) = chapter.heading {
            rows.push(format!("# {}", heading.of(&story.source)));
        }
        for block in &chapter.blocks {
            rows.push(match block {
                Block::Paragraph(span) => span.of(&story.source).to_owned(),
                Block::Break(_) => "* * *".to_owned(),
                Block::Skipped(span, why) => format!("({why}) {}", span.of(&story.source)),
            });
        }
    }
    rows
}

/// Every letter of the source is in one block or heading, in order.
fn assert_whole(story: &Story) {
    let mut spans: Vec<_> = (story.chapters.iter())
        .flat_map(|c| {
            c.heading
                .into_iter()
                .chain(c.blocks.iter().map(Block::span))
        })
        .collect();
    spans.sort();
    let mut at = 0;
    for span in spans {
        assert!(span.start >= at, "{span:?} twice");
        assert!(
            story.source[at..span.start].trim().is_empty(),
            "lost: {}",
            &story.source[at..span.start]
        );
        at = span.end;
    }
    assert!(story.source[at..].trim().is_empty());
}

#[test]
fn an_epub_is_read_as_its_table_of_contents_says() {
    let story = parse(&epub(&[]), "epub", "file").unwrap();
    assert_eq!(story.meta.title, "The Loft & the Ladder");
    assert_eq!(story.meta.author.as_deref(), Some("Ann Other"));
    assert_eq!(story.meta.language, "en-GB");
    assert_eq!(story.cover.as_deref(), Some(PNG));
    let titles: Vec<_> = story
        .chapters
        .iter()
        .map(|c| c.title.as_deref().unwrap())
        .collect();
    assert_eq!(titles, ["I: Up", "II: Down", "II: Down: 2."]);
    assert_eq!(story.notes.len(), 2, "{:?}", story.notes);
    assert!(story.notes.iter().any(|note| note.contains("gone.xhtml")));
    assert!(
        story
            .notes
            .iter()
            .any(|note| note.contains("1 entries of the table"))
    );
    assert_whole(&story);
    insta::assert_snapshot!(told(&story).join("\n"), @r"
    # I

    Up
    (a title page) The Loft
    (a title page) by Ann Other
    “Mind the third rung, Ivo,” said Berta.
    “I always do,”
    said Ivo. E=mcx
    * * *
    He did not—ever.
    * * *
    (a table) Rungs
    (a table) Nine
    A rope
    A hook
    (a caption) The loft
    (a page number) 7
    (marks of footnotes) 1 2
    # II
    Down
    A letter came.
    Loose words
    and a paragraph.
    # 2.
    It rained.
    (the notes) Notes
    (a note) 1. It was rotten.
    ");
}

#[test]
fn an_epub_2_is_read_by_its_older_table_and_its_cover_is_found() {
    let package = PACKAGE
        .replace(" properties=\"nav\"", "")
        .replace(" properties=\"cover-image\"", "")
        .replace(
            "nav.xhtml\" media-type=\"application/xhtml+xml",
            "toc.ncx\" media-type=\"application/x-dtbncx+xml",
        )
        .replace(
            "<metadata>",
            "<metadata><meta name=\"cover\" content=\"cov\"/>",
        )
        .replace("<spine>", "<spine toc=\"nav\">");
    let ncx = r#"<ncx><docTitle><text>The Loft</text></docTitle><navMap><navPoint><navLabel><text>Up &amp; up</text></navLabel>
        <content src="text/one%20up.xhtml#top"/><navPoint><navLabel><text>Down</text></navLabel>
        <content src="text/two.xhtml"/></navPoint></navPoint></navMap></ncx>"#;
    let files: [(&str, &[u8]); 2] = [
        ("OEBPS/book.opf", package.as_bytes()),
        ("OEBPS/toc.ncx", ncx.as_bytes()),
    ];
    let story = parse(&epub(&files), "EPUB", "file").unwrap();
    let titles: Vec<_> = story
        .chapters
        .iter()
        .map(|c| c.title.as_deref().unwrap())
        .collect();
    assert_eq!(titles, ["Up & up", "Down"]);
    assert_eq!(story.cover.as_deref(), Some(PNG));
    assert_whole(&story);
}

#[test]
fn an_epub_without_a_table_has_the_chapters_of_its_headings() {
    let none: [(&str, &[u8]); 1] = [("OEBPS/nav.xhtml", b"<html><body>nothing</body></html>")];
    let story = parse(&epub(&none), "epub", "file").unwrap();
    let titles: Vec<_> = story
        .chapters
        .iter()
        .map(|c| c.title.as_deref().unwrap_or("-"))
        .collect();
    assert_eq!(titles, ["I: Up", "II: Down"]);
    assert_whole(&story);
}

#[test]
fn a_protected_or_broken_epub_is_refused_by_name() {
    let locked = br#"<encryption><EncryptedData><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></EncryptedData></encryption>"#;
    let fonts = br#"<encryption><EncryptedData><EncryptionMethod Algorithm="http://www.idpf.org/2008/embedding"/></EncryptedData></encryption>"#;
    let refused = |bytes: &[u8]| match parse(bytes, "epub", "file") {
        Ok(_) => "nothing".to_owned(),
        Err(error) => format!("{error}; {}", error.hint().unwrap_or_default()),
    };
    for (bytes, told) in [
        (
            epub(&[
                ("META-INF/rights.xml", b"<r/>"),
                ("META-INF/encryption.xml", locked),
            ]),
            "protected by Adobe ADEPT",
        ),
        (
            epub(&[("META-INF/sinf.xml", b"<r/>")]),
            "protected by Apple FairPlay",
        ),
        (
            epub(&[
                ("META-INF/license.lcpl", b"{}"),
                ("META-INF/encryption.xml", locked),
            ]),
            "protected by Readium LCP",
        ),
        (
            epub(&[("META-INF/encryption.xml", locked)]),
            "protected by encryption",
        ),
        (epub(&[("META-INF/encryption.xml", fonts)]), "nothing"),
        (b"PK\x03\x04 no archive".to_vec(), "cannot be read"),
        (epub(&[])[..900].to_vec(), "cannot be read"),
        (archive(&[("a.txt", b"hello")]), "this is no EPUB"),
        (
            archive(&[("META-INF/container.xml", b"<container/>")]),
            "does not say where",
        ),
        (
            archive(&[("META-INF/container.xml", CONTAINER.as_bytes())]),
            "`OEBPS/book.opf` is not in the book",
        ),
        (
            archive(&[
                ("META-INF/container.xml", CONTAINER.as_bytes()),
                ("OEBPS/book.opf", b"<package><spine/></package>"),
            ]),
            "there is no text",
        ),
    ] {
        let words = refused(&bytes);
        assert!(words.contains(told), "no `{told}` in `{words}`");
    }
}

#[test]
fn a_bomb_is_not_unpacked() {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let packed = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    archive
        .start_file("META-INF/container.xml", packed)
        .unwrap();
    archive.write_all(CONTAINER.as_bytes()).unwrap();
    archive.start_file("OEBPS/book.opf", packed).unwrap();
    for _ in 0..80 {
        archive.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    assert!(bytes.len() < 1 << 20);
    let error = parse(&bytes, "epub", "file").unwrap_err().to_string();
    assert!(
        error.contains("unpacks to more than a book can be"),
        "{error}"
    );
}

const FB2: &str = r##"<?xml version="1.0" encoding="windows-1251"?><FictionBook xmlns:l="http://www.w3.org/1999/xlink"><description><title-info>
<author><first-name>Ann</first-name><last-name>Other</last-name></author><book-title>The Loft</book-title>
<coverpage><image l:href="#c.png"/></coverpage><lang>en</lang></title-info>
<document-info><author><nickname>scanner</nickname></author></document-info></description>
<body><title><p>The Loft</p></title><section><title><p>I</p><p>Up</p></title><p>“Mind the rung,” said Berta.<a type="note" l:href="#n">[1]</a></p>
<empty-line/><poem><stanza><v>One rung,</v><v>two rungs.</v></stanza></poem></section>
<section><title><p>II</p></title><p>It rained.</p></section></body>
<body name="notes"><section id="n"><p>It was rotten.</p></section></body><binary id="c.png" content-type="image/png">iVBORw0K
GgoxMjM0NQ==</binary></FictionBook>"##;

#[test]
fn fictionbook_is_read_in_its_own_encoding() {
    let bytes: Vec<u8> = FB2
        .chars()
        .map(|c| match c {
            '“' => 0x93,
            '”' => 0x94,
            c => c as u8,
        })
        .collect();
    for bytes in [bytes.clone(), archive(&[("book.fb2", &bytes)])] {
        let story = parse(&bytes, "fb2", "file").unwrap();
        assert_eq!(
            (story.meta.title.as_str(), story.meta.author.as_deref()),
            ("The Loft", Some("Ann Other"))
        );
        assert_eq!(story.cover.as_deref(), Some(PNG));
        assert_whole(&story);
        insta::allow_duplicates! {
            insta::assert_snapshot!(told(&story).join("\n"), @r"
            # I

            Up
            (a title page) The Loft
            “Mind the rung,” said Berta.
            * * *
            One rung,
            two rungs.
            # II
            It rained.
            (a note) It was rotten.
            (marks of footnotes) [1]
            ");
        }
    }
}

#[test]
fn word_documents_are_read_by_their_styles() {
    let styles = br#"<w:styles xmlns:w="w"><w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style></w:styles>"#;
    let document = "<w:document xmlns:w=\"w\"><w:body><w:p><w:pPr><w:pStyle w:val=\"berschrift1\"/></w:pPr><w:r><w:t>I: Up</w:t></w:r></w:p>\
        <w:p><w:r><w:t xml:space=\"preserve\">“Mind the </w:t></w:r><w:r><w:t>rung,”</w:t><w:br/><w:t>said Berta.</w:t></w:r>\
        <w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:instrText>PAGE</w:instrText></w:p><w:p/>\
        <w:tbl><w:tr><w:tc><w:p><w:r><w:t>Nine</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
        <w:p><w:pPr><w:pStyle w:val=\"berschrift1\"/></w:pPr><w:r><w:t>II: Down</w:t></w:r></w:p><w:p><w:r><w:t>It rained &amp; rained.</w:t></w:r></w:p>\
        </w:body></w:document>";
    let core = b"<cp:coreProperties><dc:title>The Loft</dc:title><dc:creator>Ann Other</dc:creator></cp:coreProperties>";
    let notes = br#"<w:footnotes xmlns:w="w"><w:footnote><w:p><w:r><w:t>It was rotten.</w:t></w:r></w:p></w:footnote></w:footnotes>"#;
    let bytes = archive(&[
        ("word/document.xml", document.as_bytes()),
        ("word/styles.xml", styles),
        ("word/footnotes.xml", notes),
        ("docProps/core.xml", core),
    ]);
    let story = parse(&bytes, "docx", "file").unwrap();
    assert_eq!(
        (story.meta.title.as_str(), story.meta.author.as_deref()),
        ("The Loft", Some("Ann Other"))
    );
    assert_whole(&story);
    insta::assert_snapshot!(told(&story).join("\n"), @r"
    # I: Up
    “Mind the rung,”
    said Berta.
    (a table) Nine
    # II: Down
    It rained & rained.
    (a note) It was rotten.
    ");
}

#[test]
fn opendocument_texts_are_read_by_their_outline() {
    let content = r#"<office:document-content><office:body><office:text><text:tracked-changes><text:p>gone</text:p></text:tracked-changes>
        <text:h text:outline-level="1">I: Up</text:h><text:p>“Mind the<text:s text:c="2"/>rung,”<text:note><text:note-citation>1</text:note-citation>
        <text:note-body><text:p>It was rotten.</text:p></text:note-body></text:note><text:line-break/>said Berta.</text:p>
        <text:list><text:list-item><text:p>A rope</text:p></text:list-item></text:list><table:table><text:p>Nine</text:p></table:table>
        <text:h text:outline-level="1">II: Down</text:h><text:p>It rained.</text:p></office:text></office:body></office:document-content>"#;
    let meta = b"<office:meta><dc:title>The Loft</dc:title><meta:initial-creator>Ann Other</meta:initial-creator><dc:creator>E. Ditor</dc:creator></office:meta>";
    let bytes = archive(&[("content.xml", content.as_bytes()), ("meta.xml", meta)]);
    let story = parse(&bytes, "odt", "file").unwrap();
    assert_eq!(
        (story.meta.title.as_str(), story.meta.author.as_deref()),
        ("The Loft", Some("Ann Other"))
    );
    assert_whole(&story);
    insta::assert_snapshot!(told(&story).join("\n"), @r"
    # I: Up
    “Mind the rung,”
    said Berta.
    (a note) It was rotten.
    A rope
    (a table) Nine
    # II: Down
    It rained.
    ");
}

#[test]
fn a_web_page_is_read_without_what_stands_round_it() {
    let page = "<!doctype html><html lang=en><head><title>The Loft</title><meta name=author content='Ann Other'></head><body>\
        <nav><a href=/>Home</a></nav><h1>The Loft</h1><h2>Up</h2><p>&ldquo;Mind the rung,&rdquo; said Berta.<script>alert('<p>no</p>')</script>\
        <p>Unclosed <b>words<p>Next.<h2>Down</h2>It rained.";
    let story = parse(page.as_bytes(), "html", "file").unwrap();
    assert_eq!(
        (story.meta.title.as_str(), story.meta.author.as_deref()),
        ("The Loft", Some("Ann Other"))
    );
    assert_whole(&story);
    insta::assert_snapshot!(told(&story).join("\n"), @r"
    # Up
    (the contents) Home
    (a title page) The Loft
    “Mind the rung,” said Berta.
    Unclosed words
    Next.
    # Down
    It rained.
    ");
}

#[test]
fn a_book_is_made_of_an_epub_with_its_cover_and_chapters() {
    let stage = Stage::new().file("loft.epub", &epub(&[]));
    let made = stage.done("make loft.epub --json").event("written");
    assert_eq!(
        made["chapters"],
        serde_json::json!(["I: Up", "II: Down", "II: Down: 2."])
    );
    let bytes = stage.bytes("loft.m4b");
    assert!(
        bytes.windows(PNG.len()).any(|part| part == PNG),
        "the cover is in the book"
    );
    let refused = stage.file("loft.epub", b"PK junk");
    refused.refused("make loft.epub", &["cannot be read", "loft.epub"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever the tags: no letter is lost or read twice, and nothing panics.
    #[test]
    fn any_tag_soup_is_read_whole(parts in prop::collection::vec(
        prop::sample::select(vec![
            "<p>", "</p>", "<div>", "</div>", "<h1>", "</h2>", "<h2>", "<li>", "<ul>", "</ul>", "<table>", "<td>", "</table>",
            "<sup>", "</sup>", "1", "<br>", "<hr/>", "word ", "<a epub:type=noteref>", "</a>", "<aside epub:type=footnote>",
            "</aside>", "<script>", "</script>", "&amp;", "&#x2014;", "<", ">", "<!--", "-->", "<pre>", "</pre>", "\n", "é“”",
            "<nav>", "</nav>", "<title>", "</title>", "<head>", "</head>", "<![CDATA[x]]>", "<p/>", "</body>", "\0",
        ]), 0..60)) {
        let page = format!("kept {}", parts.concat());
        if let Ok(story) = parse(page.as_bytes(), "html", "file") {
            assert_whole(&story);
        }
    }

    /// Broken archives and documents end in an error or a story, never in a panic.
    #[test]
    fn damaged_books_never_panic(at in 0usize..4_000, byte in any::<u8>(), end in 0usize..4_000) {
        let mut bytes = epub(&[]);
        let length = bytes.len();
        bytes[at % length] = byte;
        bytes.truncate(length - end % length / 4);
        if let Ok(story) = parse(&bytes, "epub", "file") {
            assert_whole(&story);
        }
        let mut text = FB2.as_bytes().to_vec();
        let length = text.len();
        text[at % length] = byte;
        if let Ok(story) = parse(&text, "fb2", "file") {
            assert_whole(&story);
        }
    }
}
