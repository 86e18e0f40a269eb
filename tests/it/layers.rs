//! Imports point one way, down the list of the design.

use std::{fs, path::Path};

/// Every module of the library, lowest first: each may use only those before it.
const ORDER: &[&str] = &[
    "error", "web", "event", "folders", "audio", "story", "language", "script", "voice", "cast",
    "speech", "clip", "record", "mix", "export", "config", "make",
];

/// Folders whose files are of one kind (readers, backends, encoders) and never use each other:
/// only the folder's `mod.rs` names them.
const SIBLINGS: &[(&str, &[&str])] = &[
    ("speech", &["kokoro", "tone", "command", "remote"]),
    ("export", &["m4b", "mp3", "wav"]),
    (
        "story",
        &["plain", "markdown", "html", "fictionbook", "docx", "odt"],
    ),
];

#[test]
fn no_module_uses_one_above_it() {
    let faults: Vec<String> = sources()
        .iter()
        .flat_map(|(path, text)| upward(path, text))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn siblings_do_not_use_each_other() {
    for (folder, siblings) in SIBLINGS {
        for (path, text) in sources()
            .iter()
            .filter(|(path, _)| path.starts_with(&format!("{folder}/")))
        {
            let own = path[folder.len() + 1..].split(['/', '.']).next().unwrap();
            if own == "mod" {
                continue;
            }
            for other in siblings.iter().filter(|other| **other != own) {
                for form in [format!("super::{other}"), format!("{folder}::{other}")] {
                    assert!(
                        !code(text).contains(&form),
                        "src/{path} uses its sibling {other}"
                    );
                }
            }
        }
    }
}

#[test]
fn every_module_is_in_the_order() {
    for (path, _) in sources() {
        let top = top_module(&path);
        let known = ORDER.contains(&top) || ["lib", "main", "cli"].contains(&top);
        assert!(known, "src/{path} is in no place of the order");
    }
}

#[test]
fn an_upward_import_is_found_in_every_style() {
    let found = |text: &str| !upward("audio/x.rs", text).is_empty();
    assert!(found("use crate::make::make;"));
    assert!(found(
        "use crate::{\n    Error,\n    audio::Audio,\n    mix::{self, Part},\n};"
    ));
    assert!(found("fn f() { crate::record::plan() }"));
    assert!(!found("use crate::{Error, error::nearest};"));
    assert!(!found(
        "/// See [`crate::make::make`].\nuse crate::event::Event;"
    ));
}

fn upward(path: &str, text: &str) -> Vec<String> {
    let rank = |module: &str| ORDER.iter().position(|known| *known == module);
    let Some(own) = rank(top_module(path)) else {
        return Vec::new();
    };
    (used(text).into_iter())
        .filter(|module| rank(module).is_some_and(|other| other > own))
        .map(|module| format!("src/{path} uses {module}, which stands above it"))
        .collect()
}

/// The top modules named after `crate::`, in single paths and in braces.
fn used(text: &str) -> Vec<String> {
    let text = code(text);
    let mut modules = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            modules.extend(top_names(list));
        } else {
            modules.push(
                rest.chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect(),
            );
        }
    }
    modules
}

/// First names of the entries of a brace list whose opening brace is already gone.
fn top_names(list: &str) -> Vec<String> {
    let (mut depth, mut names, mut name, mut open) = (0, Vec::new(), String::new(), true);
    for c in list.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(std::mem::take(&mut name));
                open = true;
            }
            ':' if depth == 0 => open = false,
            c if depth == 0 && open && !c.is_whitespace() => name.push(c),
            _ => {}
        }
    }
    names.push(name);
    names
}

/// The source without comments, tests at its end included.
fn code(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or(""));
    lines.collect::<Vec<_>>().join("\n")
}

fn top_module(path: &str) -> &str {
    path.split(['/', '.']).next().unwrap()
}

/// All sources with their paths below `src`.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .replace('\\', "/");
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}
