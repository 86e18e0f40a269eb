//! The command line: what the user typed, who does it, and how it ends.
//!
//! Exit codes: 0 done, 1 could not, 2 wrong usage. stdout carries data, stderr talk.

mod args;
mod audition;
mod cache;
mod json;
mod make;
mod preview;
mod scenes;
mod show;
mod terminal;
mod voices;

use std::{error::Error as _, io, process::ExitCode};

use clap::Parser;
use fullcast::Error;

use args::{Args, Command};

/// Runs what the command line asks for.
pub(crate) fn run() -> ExitCode {
    let outcome = match Args::parse().command {
        Command::Make(args) => make::make(&args),
        Command::Script(args) => show::script(&args),
        Command::Scenes(args) => scenes::scenes(&args),
        Command::Cast(args) => show::cast(&args),
        Command::Preview(args) => preview::preview(&args),
        Command::Voices(args) => voices::voices(args),
        Command::Cache(args) => cache::cache(&args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever closed the pipe has seen enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn complain(error: &Error) {
    eprintln!("error: {error}");
    let mut cause = error.source();
    while let Some(inner) = cause {
        eprintln!("  caused by: {inner}");
        cause = inner.source();
    }
    if let Some(hint) = error.hint() {
        eprintln!("hint: {hint}");
    }
}

fn is_broken_pipe(error: &Error) -> bool {
    matches!(error, Error::Write { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
}

/// Prints data, so that a closed pipe is an error and not a panic.
fn print(text: &str) -> fullcast::Result<()> {
    use std::io::Write;
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(Error::write("standard output"))
}
