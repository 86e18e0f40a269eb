//! Bytes of a text file as characters, whatever they were written in.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::{Error, Result};

/// The text in `bytes` without its byte order mark, and notes on how it had to be read.
pub(super) fn decode(bytes: &[u8]) -> Result<(String, Vec<String>)> {
    let (text, notes) = characters(bytes)?;
    if text.chars().all(|c| c.is_whitespace() || c == '\u{feff}') {
        let what = if bytes.is_empty() {
            "an empty file"
        } else {
            "only blank space"
        };
        return Err(Error::invalid(
            format!("expected a story, found {what}"),
            "write the story into the file, or give another file",
        ));
    }
    Ok((text, notes))
}

fn characters(bytes: &[u8]) -> Result<(String, Vec<String>)> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return utf8_or_western(rest);
    }
    for (mark, encoding) in [(b"\xFF\xFE", UTF_16LE), (b"\xFE\xFF", UTF_16BE)] {
        if let Some(rest) = bytes.strip_prefix(mark) {
            let (text, damaged) = encoding.decode_without_bom_handling(rest);
            let mut notes = vec!["read as UTF-16".to_owned()];
            if damaged {
                notes.push("some characters of the UTF-16 text are damaged".to_owned());
            }
            return Ok((text.into_owned(), notes));
        }
    }
    utf8_or_western(bytes)
}

fn utf8_or_western(bytes: &[u8]) -> Result<(String, Vec<String>)> {
    if is_binary(bytes) {
        return Err(Error::invalid(
            "expected text, found a binary file",
            "save the story as plain text (UTF-8) and give that file",
        ));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((text.to_owned(), Vec::new()));
    }
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    let note = "not valid UTF-8: read as Windows-1252 (Latin-1)".to_owned();
    Ok((text.into_owned(), vec![note]))
}

/// Whether the bytes hold what no text does: a zero byte, or more than one control character in fifty.
fn is_binary(bytes: &[u8]) -> bool {
    let odd = |byte: &&u8| {
        **byte < 0x20 && !matches!(**byte, b'\t' | b'\n' | b'\r' | 0x0B | 0x0C | 0x1A | 0x1B)
    };
    bytes.contains(&0) || bytes.iter().filter(odd).count() > bytes.len() / 50 + 1
}
