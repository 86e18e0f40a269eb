//! `fullcast make`: the bar, the closing summary, and what a dry run prints.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    path::{Path, PathBuf},
};

use fullcast::{
    Error, Result,
    event::{Event, Observer, Report},
    export,
    make::{self, Means, Production},
    record::{Plan, Selection},
};

use super::{
    args,
    json::JsonLines,
    print,
    terminal::{Terminal, bytes, clock, count, note, warn},
};

pub(super) fn make(args: &args::Make) -> Result<()> {
    let production = Production::prepare(&args.story)?;
    let cast = production.cast(&args.voices.iter().cloned().collect())?;
    let output = output(args, &production)?;
    if !args.dry_run {
        export::ready(&output)?;
    }
    let terminal = Terminal::new();
    let observer: &dyn Observer = if args.json { &JsonLines } else { &terminal };
    for message in production.story.notes.iter().chain(&cast.warnings) {
        observer.on(&Event::Note { message });
    }
    let wanted = args
        .chapters
        .clone()
        .map_or(Selection::All, Selection::Chapters);
    let cache = make::clips()?;
    let plan = production.plan(&cast, &cache, &wanted)?;
    if args.dry_run {
        let planned = production.planned(&plan, &cache);
        return dry_run(&production, &plan, &planned, &output, args.json);
    }
    let means = Means {
        cache: &cache,
        keep_going: args.keep_going,
        observer,
    };
    let made = production.make(&cast, plan, &means, &output);
    terminal.finish();
    let report = made?;
    if args.chapters.is_none() {
        // The book is there: that its cast could not be remembered is no failure.
        let _ = production.remember(&cast);
    }
    if args.json {
        observer.on(&Event::Written(&report));
        Ok(())
    } else {
        summary(&report)
    }
}

/// The output's path: as given, else beside the story; its extension says the format and must agree with `--format`.
fn output(args: &args::Make, production: &Production) -> Result<PathBuf> {
    let wanted = args.format.map(args::Format::extension);
    let Some(path) = &args.output else {
        return Ok(production.path.with_extension(wanted.unwrap_or("m4b")));
    };
    match wanted {
        Some(wanted)
            if path
                .extension()
                .is_none_or(|own| !own.eq_ignore_ascii_case(wanted)) =>
        {
            Err(Error::invalid(
                format!(
                    "`{}` is no name for a book in the format `{wanted}`",
                    path.display()
                ),
                format!("name it `{}`", path.with_extension(wanted).display()),
            ))
        }
        _ => Ok(path.clone()),
    }
}

/// The plan as data: what is to be spoken, by whom, and how long it will sound.
fn dry_run(
    production: &Production,
    plan: &Plan,
    planned: &Event<'_>,
    output: &Path,
    json: bool,
) -> Result<()> {
    if json {
        JsonLines.on(planned);
        return Ok(());
    }
    let mut text = String::new();
    for job in plan.jobs() {
        let speaker = &production.script.lines[job.line].speaker;
        let words = make::beginning(&job.text, 60);
        let _ = writeln!(
            text,
            "line {}  {speaker} ({})  {words}",
            job.line + 1,
            job.voice
        );
    }
    let jobs = plan.jobs().count();
    let work = match planned {
        Event::Planned {
            work: Some(work), ..
        } => format!(", which takes about {}", clock(*work)),
        _ => String::new(),
    };
    text.push_str(&bills(production, plan));
    let _ = writeln!(
        text,
        "{jobs} of {} are to be spoken, about {} of sound{work}; the book goes to {}",
        count(jobs + plan.clips.len(), "clip"),
        clock(plan.seconds()),
        output.display()
    );
    print(&text)
}

/// How many characters each backend that is not embedded will be sent, and what that costs.
fn bills(production: &Production, plan: &Plan) -> String {
    let mut characters: BTreeMap<&str, usize> = BTreeMap::new();
    for job in plan.jobs() {
        *characters.entry(&job.backend).or_default() += job.text.chars().count();
    }
    let bill = |(backend, characters): (&str, usize)| {
        let booth = production.studio.booth(Some(backend)).ok()?;
        let price = booth.price.map_or(String::new(), |price| {
            format!(
                ", {:.2} at {price} a million",
                price * characters as f64 / 1e6
            )
        });
        (!booth.trusted).then(|| format!("`{backend}`: {characters} characters{price}\n"))
    };
    characters.into_iter().filter_map(bill).collect()
}

fn summary(report: &Report) -> Result<()> {
    for line in &report.wordless {
        warn(&format!(
            "line {line} holds no word that could be spoken; it is a pause"
        ));
    }
    for (line, why) in &report.doubtful {
        warn(&format!("line {line} may not sound as it should: {why}"));
    }
    if !report.skipped.is_empty() {
        note(format!("not read aloud: {}", report.skipped.join(", ")));
    }
    print(&format!(
        "{}\n  {} long, {}, {}, {}\n  {}: {} spoken, {} from the cache\n",
        report.path.display(),
        clock(report.seconds),
        bytes(report.bytes),
        count(report.chapters.len(), "chapter"),
        count(report.voices, "voice"),
        count(report.lines, "line"),
        count(report.spoken, "clip"),
        report.cached,
    ))
}
