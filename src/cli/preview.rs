//! `fullcast preview`: a part of the book, spoken and mixed as it will be there.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use fullcast::{
    Result, export,
    make::{self, Means, Production},
    record::Selection,
};

use super::{
    args, print,
    terminal::{Terminal, clock, count, note, warn},
};

/// Programs that play a file and end, with what they want to be told.
const PLAYERS: [(&str, &[&str]); 6] = [
    ("afplay", &[]),
    ("ffplay", &["-autoexit", "-nodisp", "-loglevel", "error"]),
    ("mpv", &["--no-video", "--really-quiet"]),
    ("pw-play", &[]),
    ("paplay", &[]),
    ("aplay", &["-q"]),
];

pub(super) fn preview(args: &args::Preview) -> Result<()> {
    let production = Production::prepare(&args.story)?;
    let wanted = selection(args, &production)?;
    let cast = production.cast(&args.voices.iter().cloned().collect())?;
    let output = output(args, &production.path);
    export::ready(&output)?;
    production.story.notes.iter().for_each(note);
    cast.warnings.iter().for_each(|warning| warn(warning));
    let cache = make::clips()?;
    let plan = production.plan(&cast, &cache, &wanted)?;
    let terminal = Terminal::new();
    let means = Means {
        cache: &cache,
        keep_going: false,
        observer: &terminal,
    };
    let made = production.make(&cast, plan, &means, &output);
    terminal.finish();
    let report = made?;
    print(&format!(
        "{}\n  {} long, {}\n  {}: {} spoken, {} from the cache\n",
        report.path.display(),
        clock(report.seconds),
        count(report.voices, "voice"),
        count(report.spoken + report.cached, "clip"),
        report.spoken,
        report.cached,
    ))?;
    if args.play {
        play(&output);
    }
    Ok(())
}

fn selection(args: &args::Preview, production: &Production) -> Result<Selection> {
    match args {
        args::Preview {
            scene: Some(number),
            ..
        } => production.scene(*number),
        args::Preview {
            chapter: Some(number),
            ..
        } => production.chapter(*number),
        args::Preview {
            lines: Some(range), ..
        } => production.lines(range),
        args::Preview {
            character: Some(name),
            ..
        } => production.said_by(name),
        _ => unreachable!("the command line asks for one of them"),
    }
}

fn output(args: &args::Preview, story: &Path) -> PathBuf {
    match &args.output {
        Some(path) => path.clone(),
        None => story.with_extension("preview.wav"),
    }
}

/// Plays the file with the first player there is; that there is none is no failure, for the file is there.
fn play(path: &Path) {
    for (player, options) in PLAYERS {
        let mut command = Command::new(player);
        let played = command
            .args(options)
            .arg(path)
            .stdin(Stdio::null())
            .status();
        match played {
            Ok(status) if status.success() => return,
            Ok(status) => note(format!("`{player}` could not play it ({status})")),
            Err(_) => {}
        }
    }
    let known = PLAYERS.map(|(player, _)| format!("`{player}`")).join(", ");
    note(format!(
        "nothing on this system plays sound: {known} are known"
    ));
}
