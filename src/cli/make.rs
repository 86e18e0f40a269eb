//! `fullcast make`: the bar, the closing summary, and what a dry run prints.

use std::path::PathBuf;

use fullcast::{
    Error, Result,
    cast::Cast,
    clip::ClipCache,
    event::{Event, Observer},
    export, folders,
    make::{Production, Report, clips_folder},
    record::Plan,
    speech,
};

use super::{
    args, json::JsonLines, print, show,
    terminal::{self, Terminal, bytes, clock, note, warn},
};

pub(super) fn make(args: &args::Make) -> Result<()> {
    let production = Production::prepare(&args.story)?;
    let asked = args.voices.iter().cloned().collect();
    let cast = production.cast(&asked)?;
    let output = output(args, &production)?;
    if !args.dry_run {
        export::check_writable(&output)?;
    }
    let terminal = Terminal::new();
    let observer: &dyn Observer = if args.json { &JsonLines } else { &terminal };
    for message in notes(&production, &cast) {
        observer.on(&Event::Note { message });
    }
    let cache = ClipCache::open(clips_folder())?;
    if args.dry_run {
        let engine = speech::engine(&production.config.speech.backend)?;
        let plan = production.plan(&cast, &engine, &cache, args.chapters.as_ref())?;
        return dry_run(&production, &plan, &output, args.json);
    }
    let backend = speech::open(&production.config.speech.backend, &folders::packs(), observer)?;
    let plan = production.plan(&cast, backend.engine(), &cache, args.chapters.as_ref())?;
    observer.on(&production.planned(&plan));
    let made = production.make(&cast, plan, &*backend, &cache, &output, observer);
    terminal.finish();
    let report = made?;
    if args.json {
        observer.on(&Event::Written { report: &report });
        Ok(())
    } else {
        summary(&production, &report)
    }
}

/// The output's path: as given, else beside the story; the extension decides the format and must agree with `--format`.
fn output(args: &args::Make, production: &Production) -> Result<PathBuf> {
    let extension = args.format.map(args::Format::extension);
    let Some(path) = &args.output else {
        return Ok(production.default_output(extension.unwrap_or("m4b")));
    };
    match extension {
        Some(wanted) if path.extension().is_none_or(|own| own != wanted) => Err(Error::invalid(
            format!("`{}` is no name for a book in the format {wanted}", path.display()),
            format!("name it `{}`", path.with_extension(wanted).display()),
        )),
        _ => Ok(path.clone()),
    }
}

/// What the reader of the summary should know before the work starts.
fn notes(production: &Production, cast: &Cast) -> Vec<String> {
    let skipped = show::skipped(&production.script);
    (production.notes().map(str::to_owned))
        .chain(cast.warnings.iter().cloned())
        .chain((!skipped.is_empty()).then_some(skipped))
        .collect()
}

/// The plan as data: lines to be spoken, what they are, and how long they will sound.
fn dry_run(production: &Production, plan: &Plan, output: &std::path::Path, json: bool) -> Result<()> {
    if json {
        JsonLines.on(&production.planned(plan));
        return Ok(());
    }
    let mut text = String::new();
    for job in &plan.jobs {
        let speaker = &production.script.lines[job.line].speaker;
        text += &format!("line {}  {speaker} ({})  {}\n", job.line + 1, job.voice, terminal::shorten(&job.text, 60));
    }
    text += &format!(
        "{} of {} clips are to be spoken, about {} of sound; the book goes to {}\n",
        plan.jobs.len(),
        plan.jobs.len() + plan.clips.len(),
        clock(plan.seconds()),
        output.display()
    );
    print(&text)
}

fn summary(production: &Production, report: &Report) -> Result<()> {
    let lines = production.script.lines.len();
    for line in &report.wordless {
        warn(&format!("line {line} holds no word that could be spoken; it is a pause"));
    }
    let skipped = show::skipped(&production.script);
    if !skipped.is_empty() {
        note(&skipped);
    }
    print(&format!(
        "{}\n  {} long, {}, {} chapters, {} voices\n  {lines} lines: {} clips spoken, {} from the cache\n",
        report.path.display(),
        clock(report.seconds),
        bytes(report.bytes),
        report.chapters.len(),
        report.voices,
        report.spoken,
        report.cached,
    ))
}
