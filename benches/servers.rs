//! How much of the ideal a farm of servers gives, and how long planning a large book takes.
//!
//! Eight servers on this machine answer after 200 ms each, one line at a time; the ideal is the number of lines times
//! 200 ms by eight.

#[allow(dead_code, clippy::unwrap_used, reason = "it belongs to the tests")]
#[path = "../tests/it/remote/server.rs"]
mod server;

use std::{
    collections::BTreeMap,
    fs,
    time::{Duration, Instant},
};

use fullcast::{
    Result,
    clip::ClipCache,
    event::Silent,
    make::Production,
    record::{self, Manner, Selection},
};
use server::{Reply, Server};

const SERVERS: usize = 8;
const ANSWER: Duration = Duration::from_millis(200);
const LINES: usize = 400;
const MANY: usize = 10_000;

fn main() -> Result<()> {
    let servers: Vec<Server> = (0..SERVERS)
        .map(|_| Server::new(|_, _, _| Reply::Late(ANSWER)))
        .collect();
    let urls: Vec<String> = servers.iter().map(|s| format!("\"{}\"", s.url())).collect();
    let settings = format!(
        "[speech]\nbackend = \"farm\"\n[backend.farm]\nkind = \"openai\"\nmodel = \"m\"\nparallel = 1\nservers = [{}]\n",
        urls.join(", ")
    );
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name);
    fs::write(place("fullcast.toml"), settings).expect("written");
    let cache = ClipCache::open(place("clips"))?;

    let production = book(&place("few.txt"), LINES)?;
    let cast = production.cast(&BTreeMap::new())?;
    let mut plan = production.plan(&cast, &cache, &Selection::All)?;
    let names = plan.jobs().map(|job| job.backend.clone()).collect();
    let troupe = production.studio.open(&names, &place("home"), &Silent)?;
    let lines = plan.jobs().count();
    let began = Instant::now();
    let manner = Manner::default();
    record::perform(
        &mut plan,
        &production.studio,
        &troupe,
        &cache,
        manner,
        &Silent,
    )?;
    let took = began.elapsed().as_secs_f64();
    let ideal = lines as f64 * ANSWER.as_secs_f64() / SERVERS as f64;
    println!(
        "{lines} lines by {SERVERS} servers of {} ms: {took:.2} s, ideal {ideal:.2} s, {:.1} % above it",
        ANSWER.as_millis(),
        (took / ideal - 1.0) * 100.0
    );

    let production = book(&place("many.txt"), MANY)?;
    let cast = production.cast(&BTreeMap::new())?;
    let began = Instant::now();
    let plan = production.plan(&cast, &cache, &Selection::All)?;
    let took = began.elapsed().as_secs_f64();
    println!("{} lines planned in {took:.3} s", plan.jobs().count());
    Ok(())
}

fn book(path: &std::path::Path, lines: usize) -> Result<Production> {
    let line = |n: usize| {
        if n.is_multiple_of(2) {
            format!("\"Rung {n} is gone,\" said Ida.")
        } else {
            format!("The ladder leaned against the wall for the {n}th time.")
        }
    };
    let text = (0..lines).map(line).collect::<Vec<_>>().join("\n\n");
    fs::write(path, text).expect("written");
    Production::prepare(path)
}
