//! XML as a run of steps, and the archives that hold it.

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesRef, BytesStart, Event},
};

/// What comes next in a document.
pub(super) enum Step<'s> {
    /// An element begins; its name is without a prefix.
    Open(&'s str, &'s BytesStart<'s>),
    /// Letters, entities resolved.
    Words(&'s str),
    /// The element of this name ends.
    Close(&'s str),
}

/// Calls `visit` with every step of a document. What is broken ends here; what was found so far counts.
pub(super) fn walk(text: &str, visit: &mut dyn FnMut(Step<'_>)) {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    let mut open: Vec<String> = Vec::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(element)) => {
                let name = element.local_name().as_ref().to_owned();
                visit(Step::Open(&name, &element));
                open.push(name);
            }
            Ok(Event::Empty(element)) => {
                let name = element.local_name().as_ref().to_owned();
                visit(Step::Open(&name, &element));
                visit(Step::Close(&name));
            }
            Ok(Event::End(_)) => {
                if let Some(name) = open.pop() {
                    visit(Step::Close(&name));
                }
            }
            Ok(Event::Text(part)) => visit(Step::Words(&part)),
            Ok(Event::CData(part)) => visit(Step::Words(&part)),
            Ok(Event::GeneralRef(name)) => visit(Step::Words(&entity(&name))),
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    while let Some(name) = open.pop() {
        visit(Step::Close(&name));
    }
}

/// Calls `visit` with every element's name without its prefix, its start tag, and the words directly in it.
pub(super) fn elements(text: &str, visit: &mut dyn FnMut(&str, &BytesStart<'_>, &str)) {
    let mut open: Vec<(BytesStart<'static>, String)> = Vec::new();
    walk(text, &mut |step| match step {
        Step::Open(_, element) => open.push((element.clone().into_owned(), String::new())),
        Step::Words(part) => {
            if let Some((_, words)) = open.last_mut() {
                words.push_str(part);
            }
        }
        Step::Close(name) => {
            if let Some((element, words)) = open.pop() {
                let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
                visit(name, &element, &words);
            }
        }
    });
}

/// The letter that an entity stands for.
fn entity(name: &BytesRef<'_>) -> String {
    if let Ok(Some(letter)) = name.resolve_char_ref() {
        return letter.to_string();
    }
    match &**name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => " ",
    }
    .to_owned()
}

/// An attribute by its name, prefix and all.
pub(super) fn value(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let mut attributes = attributes.with_checks(false).flatten();
    let attribute = attributes.find(|attribute| attribute.key.as_ref() == name)?;
    let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
    Some(value.into_owned())
}

/// An attribute by its name, whatever its prefix.
pub(super) fn local_value(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let mut attributes = attributes.with_checks(false).flatten();
    let attribute = attributes.find(|attribute| attribute.key.local_name().as_ref() == name)?;
    let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
    Some(value.into_owned())
}
