//! `fullcast script` and `fullcast cast`: a step's value, printed.

use std::{fmt::Write as _, fs};

use fullcast::{
    Error, Result,
    cast::{self, Cast},
    make::Production,
    script::{Kind, Name, Script, format},
};

use super::{
    args::{self, ScriptFormat},
    print,
    terminal::{count, note, warn},
};

pub(super) fn script(args: &args::Script) -> Result<()> {
    let production = Production::prepare(&args.story)?;
    production.story.notes.iter().for_each(note);
    let text = match args.format {
        ScriptFormat::Text => format::to_text(&production.script),
        ScriptFormat::Jsonl => format::to_jsonl(&production.script, &production.story.source),
    };
    let skipped = production.skipped();
    if !skipped.is_empty() {
        note(format!("not read aloud: {}", skipped.join(", ")));
    }
    match &args.output {
        None => print(&text),
        Some(path) => fs::write(path, text).map_err(Error::write(path)),
    }
}

pub(super) fn cast(args: &args::Cast) -> Result<()> {
    let production = Production::prepare(&args.story)?;
    production.story.notes.iter().for_each(note);
    let cast = production.cast(&args.voices.iter().cloned().collect())?;
    print(&table(&production.script, &cast))?;
    cast.warnings.iter().for_each(|warning| warn(warning));
    Ok(())
}

/// Who, how many lines, which voice, why; aliases below the name.
fn table(script: &Script, cast: &Cast) -> String {
    let width = script
        .characters
        .iter()
        .map(|c| c.name.as_str().chars().count())
        .max();
    let width = width.unwrap_or(0).max("Narrator".len());
    let narration = script
        .lines
        .iter()
        .filter(|l| matches!(l.kind, Kind::Narration | Kind::Heading))
        .count();
    let mut out = String::new();
    let mut row = |name: &Name, lines: usize, aliases: &[String]| {
        let cast::Role { voice, why } = cast.role(name);
        let lines = count(lines, "line");
        let _ = write!(
            out,
            "{:<width$}  {lines:>10}  {voice:<12}  {why}",
            name.as_str()
        );
        if !aliases.is_empty() {
            let _ = write!(out, " (also {})", aliases.join(", "));
        }
        out.push('\n');
    };
    row(&Name::narrator(), narration, &[]);
    for character in script.characters.iter().filter(|c| !c.name.is_narrator()) {
        row(&character.name, character.lines, &character.aliases);
    }
    out
}
