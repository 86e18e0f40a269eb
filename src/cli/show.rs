//! `fullcast script` and `fullcast cast`: a step's value, printed.

use std::{fmt::Write as _, fs};

use fullcast::{
    Error, Result,
    cast::{self, Cast},
    make::{Choice, Production},
    script::{Kind, Name, Script, format},
};

use super::{
    args::{self, ScriptFormat},
    print,
    terminal::{self, note},
};

pub(super) fn script(args: &args::Script) -> Result<()> {
    let production = Production::prepare(&args.story)?;
    production.notes().for_each(note);
    let text = match args.format {
        ScriptFormat::Text => format::to_text(&production.script),
        ScriptFormat::Jsonl => format::to_jsonl(&production.script, &production.story.source),
    };
    let skipped = skipped(&production.script);
    if !skipped.is_empty() {
        note(&skipped);
    }
    match &args.output {
        None => print(&text),
        Some(path) => fs::write(path, text).map_err(Error::write(path)),
    }
}

pub(super) fn cast(args: &args::Cast) -> Result<()> {
    let production = Production::prepare(&args.story)?;
    production.notes().for_each(note);
    let cast = production.cast(&Choice::asked(&args.voices))?;
    print(&table(&production.script, &cast))?;
    cast.warnings.iter().for_each(|warning| terminal::warn(warning));
    Ok(())
}

/// Who, how many lines, which voice, why; aliases below the name.
fn table(script: &Script, cast: &Cast) -> String {
    let width = script.characters.iter().map(|c| c.name.as_str().chars().count()).max();
    let width = width.unwrap_or(0).max("Narrator".len());
    let narration = script.lines.iter().filter(|l| matches!(l.kind, Kind::Narration | Kind::Heading)).count();
    let mut out = String::new();
    let mut row = |name: &Name, lines: usize, aliases: &[String]| {
        let cast::Role { voice, why } = cast.role(name);
        let plural = if lines == 1 { "line " } else { "lines" };
        let _ = write!(out, "{:<width$}  {lines:>5} {plural}  {voice:<12}  {why}", name.as_str());
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

/// What is not read aloud, each part with its reason.
pub(super) fn skipped(script: &Script) -> String {
    let skipped: Vec<String> = (script.lines.iter())
        .filter(|line| line.kind == Kind::Skipped)
        .map(|line| format!("{} (`{}`)", line.why, terminal::shorten(&line.text, 40)))
        .collect();
    if skipped.is_empty() {
        return String::new();
    }
    format!("not read aloud: {}", skipped.join(", "))
}
