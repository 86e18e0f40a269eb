//! `fullcast cast STORY --audition NAME`: the best few voices for one character, to be heard.

use std::fmt::Write as _;

use fullcast::{
    Error, Result,
    cast::Cast,
    make::{self, Means, Production},
};

use super::{args, print, terminal::Terminal};

/// How many characters of a line are shown.
const WORDS: usize = 70;

pub(super) fn audition(
    args: &args::Cast,
    production: &Production,
    cast: &Cast,
    name: &str,
) -> Result<()> {
    let folder = match &args.output {
        Some(folder) => folder.clone(),
        None => production.path.with_extension("audition"),
    };
    if folder.is_file() {
        return Err(Error::invalid(
            format!("`{}` is a file, not a folder", folder.display()),
            "name another folder with `-o`",
        ));
    }
    let cache = make::clips()?;
    let count = args.candidates.get().into();
    let audition = production.audition(cast, name, count, &folder, &cache)?;
    let terminal = Terminal::new();
    let means = Means {
        cache: &cache,
        keep_going: false,
        observer: &terminal,
    };
    let held = production.hold(&audition, &means);
    terminal.finish();
    held?;
    let mut out = String::new();
    for line in &audition.lines {
        let words = make::beginning(&production.script.lines[*line].text, WORDS);
        let _ = writeln!(out, "line {}: {words}", line + 1);
    }
    for (number, candidate) in audition.candidates.iter().enumerate() {
        let (card, why) = (&candidate.role.card, &candidate.role.why);
        let place = candidate.path.display();
        let _ = writeln!(out, "{}  {card}  {place}\n   {why}", number + 1);
    }
    let _ = writeln!(
        out,
        "all of them, announced: {}\nto choose one: fullcast cast {} --set \"{}={}\"",
        audition.joined.display(),
        args.story.display(),
        audition.name,
        audition.candidates.last().map_or("VOICE", |c| &c.role.card),
    );
    print(&out)
}
