//! `fullcast script` and `fullcast cast`: a step's value, printed.

use std::{fmt::Write as _, path::Path};

use fullcast::{
    Result,
    cast::{self, Cast},
    make::{self, Production},
    script::{Kind, Name, Script, format, page, review},
};

use super::audition::audition;
use super::{
    args::{self, ScriptFormat},
    print,
    terminal::{count, note, warn},
};

/// How many characters of a line a review shows.
const WORDS: usize = 70;

pub(super) fn script(args: &args::Script) -> Result<()> {
    let production = Production::prepare(&args.story)?;
    production.story.notes.iter().for_each(note);
    let Production {
        script,
        story,
        path,
        ..
    } = &production;
    let text = match args.format {
        _ if args.review => report(script),
        ScriptFormat::Text => {
            let place = args.output.as_deref().unwrap_or(path);
            page::write(script, &make::relative(path, place), &story.source)
        }
        ScriptFormat::Jsonl => format::to_jsonl(script, &story.source),
    };
    let skipped = production.skipped();
    if !skipped.is_empty() {
        note(format!("not read aloud: {}", skipped.join(", ")));
    }
    match &args.output {
        None => print(&text),
        Some(output) => make::keep(&text, path, output),
    }
}

pub(super) fn cast(args: &args::Cast) -> Result<()> {
    let mut production = Production::prepare(&args.story)?;
    if let Some(file) = &args.series {
        production.read_series(file)?;
    }
    production.story.notes.iter().for_each(note);
    let asked = args.voices.iter().chain(&args.set).cloned().collect();
    let cast = production.cast(&asked)?;
    if let Some(name) = &args.audition {
        return audition(args, &production, &cast, name);
    }
    let kept = |voices: usize, path: &Path| {
        let voices = count(voices, "voice");
        note(format!("{voices} in `{}`", path.display()));
    };
    if !args.set.is_empty() {
        let set = args
            .set
            .iter()
            .map(|(name, _)| cast::find(&production.script, name));
        let set = set.collect::<Result<Vec<Name>>>()?;
        kept(set.len(), &production.set_voices(&cast, &set)?);
    }
    if let Some(file) = &args.series {
        production.join_series(&cast, file)?;
        kept(cast.names().count(), file);
    } else if args.keep {
        kept(cast.names().count(), &production.keep_voices(&cast)?);
    }
    print(&table(&production.script, &cast))?;
    cast.warnings.iter().for_each(|warning| warn(warning));
    Ok(())
}

/// The lines worth a look, worst first: who has each and why, and who else may say it and why.
fn report(script: &Script) -> String {
    let mut out = String::new();
    let concerns = review::review(script);
    for concern in &concerns {
        let line = concern.line;
        let (number, chapter, scene) = (concern.index + 1, line.chapter + 1, line.scene + 1);
        let words = make::beginning(&line.text, WORDS);
        let _ = writeln!(
            out,
            "line {number}, chapter {chapter}, scene {scene}: {words}"
        );
        let mut choice = |name: &Name, share: f32, why: &str| {
            let percent = share * 100.0;
            let _ = writeln!(out, "  {percent:>3.0} %  {name}: {why}");
        };
        choice(&line.speaker, line.certainty, &line.why);
        if let Some(rival) = &line.rival {
            choice(&rival.name, rival.share, &rival.why);
        }
        out.push('\n');
    }
    let _ = match concerns.len() {
        0 => writeln!(
            out,
            "every speech is sure enough: there is nothing to look at"
        ),
        lines => writeln!(out, "{} worth a look, worst first", count(lines, "line")),
    };
    out
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
        let cast::Role { card, why, .. } = cast.role(name);
        let lines = count(lines, "line");
        let _ = write!(
            out,
            "{:<width$}  {lines:>10}  {card:<12}  {why}",
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
