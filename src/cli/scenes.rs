//! `fullcast scenes`: what happens where, who speaks there, and how long it takes.

use std::fmt::Write as _;

use fullcast::{
    Result,
    make::{self, Production},
    record,
    script::{
        Kind,
        scenes::{self, Scene},
    },
};

use super::{
    args, print,
    terminal::{clock, count, note},
};

/// How many characters of a scene's first words are shown.
const SHOWN: usize = 60;

pub(super) fn scenes(args: &args::Scenes) -> Result<()> {
    let production = Production::prepare(&args.story)?;
    production.story.notes.iter().for_each(note);
    let scenes = scenes::scenes(&production.script);
    let mut text = String::new();
    let mut total = 0.0;
    for scene in &scenes {
        let seconds = seconds(&production, scene);
        total += seconds;
        entry(&mut text, &production, scene, seconds);
    }
    let _ = writeln!(
        text,
        "{}, about {} in all",
        count(scenes.len(), "scene"),
        clock(total)
    );
    print(&text)
}

/// A scene's number, chapter, length and first words, and below them who speaks.
fn entry(text: &mut String, production: &Production, scene: &Scene, seconds: f64) {
    let lines = &production.script.lines[scene.lines.clone()];
    let told = (lines.iter()).find(|line| matches!(line.kind, Kind::Narration | Kind::Speech));
    let words = told.map_or_else(String::new, |line| make::beginning(&line.text, SHOWN));
    let _ = writeln!(
        text,
        "{:>4}  chapter {:<3}  {:>7}  {words}",
        scene.number + 1,
        scene.chapter + 1,
        clock(seconds)
    );
    let speakers: Vec<String> = (scene.speakers.iter())
        .map(|(name, lines)| format!("{name} ({})", count(*lines, "line")))
        .collect();
    let speakers = if speakers.is_empty() {
        "nobody speaks".to_owned()
    } else {
        speakers.join(", ")
    };
    let _ = writeln!(text, "      {speakers}");
}

/// How long a scene lasts with its silences, in seconds, by estimate: no voice is asked.
fn seconds(production: &Production, scene: &Scene) -> f64 {
    let lines = &production.script.lines[scene.lines.clone()];
    let heard = lines.iter().filter(|line| line.kind != Kind::Skipped);
    heard
        .map(|line| record::estimate(line) + production.config.pacing.after(line.pause))
        .sum()
}
