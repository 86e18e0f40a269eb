//! What the trainer leaves: predictions for `score.py`, and the weights file.

use std::{fmt::Write as _, fs, path::Path};

use fullcast::{script::learn::Lesson, story::CodePoints};

use crate::{columns::Columns, corpus::Novel, school::Kind};

/// Writes who says what in `novel` into `folder`; `sure` tells how sure each turn is.
pub(crate) fn write_predictions(folder: &Path, novel: &Novel, lesson: &Lesson, sure: &[f32]) {
    let points = CodePoints::new(&novel.story.source);
    let people = lesson.people();
    let mut text = String::new();
    for (turn, certainty) in sure.iter().enumerate() {
        for span in lesson.spans(turn) {
            let (start, end) = points.range(span);
            let names = lesson.said()[turn].map(|person| &people[person].0);
            let speaker = names.map_or("Narrator", |names| &names[0]);
            let object = serde_json::json!({
                "start_char": start, "end_char": end, "speaker": speaker, "certainty": certainty, "shown": lesson.shown(turn),
                "aliases": names.map_or(&[][..], |names| &names[1..]),
            });
            let _ = writeln!(text, "{object}");
        }
    }
    fs::create_dir_all(folder).expect("the folder can be made");
    fs::write(folder.join(format!("{}.jsonl", novel.name)), text)
        .expect("predictions can be written");
}

/// The weights file: the passes, then a line for each feature.
pub(crate) fn weights_file(columns: &Columns, passes: &[Kind], weights: &[Vec<f64>]) -> String {
    let mut text = String::from(
        "# Weights of attribution, one a pass, made by `cargo run --release --example train_attribution` (docs/attribution.md).\n",
    );
    let kinds: Vec<&str> = passes.iter().map(|kind| kind.name()).collect();
    let _ = writeln!(text, "passes {}", kinds.join(" "));
    let mut order: Vec<usize> = (0..columns.names.len()).collect();
    order.sort_by_key(|column| &columns.names[*column]);
    for column in order {
        let _ = write!(text, "{}", columns.names[column]);
        for pass in weights {
            let _ = write!(text, " {:.3}", pass.get(column).copied().unwrap_or(0.0));
        }
        text.push('\n');
    }
    text
}
