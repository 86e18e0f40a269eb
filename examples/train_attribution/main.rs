//! Learns the weights of attribution.
//!
//! `train_attribution CORPUS [--folds FILE] [--scenes FOLDER] [--out FILE] [--predict FOLDER] [--passes KIND,…]`
//!
//! CORPUS holds one folder a novel in the layout of the Project Dialogism Novel Corpus. FILE of `--folds` has a
//! line `novel author` for each novel that shares its author with another: with `--predict` every author's novels are
//! attributed by weights learned from the other authors only, and written for `score.py`. FOLDER of `--scenes` holds
//! our own scenes. `--out` writes the weights learned from all.

mod columns;
mod corpus;
mod gold;
mod logit;
mod random_field;
mod school;
mod write;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use columns::Columns;
use corpus::Novel;
use school::{ByAuthor, Kind, School};

/// Passes, unless `--passes` says otherwise.
const PASSES: &[Kind] = &[Kind::Turn, Kind::Turn, Kind::Turn, Kind::Chain];
/// The most steps of learning from nothing, and from the weights of the pass before.
const STEPS: usize = 120;
const STEPS_AGAIN: usize = 40;

struct Options {
    corpus: PathBuf,
    folds: BTreeMap<String, String>,
    out: Option<PathBuf>,
    predict: Option<PathBuf>,
    scenes: Option<PathBuf>,
    passes: Vec<Kind>,
}

fn main() {
    let options = options();
    let mut novels = corpus(&options.corpus);
    let whole = novels.len();
    let excerpts: Vec<Novel> = novels.iter().flat_map(corpus::excerpts).collect();
    novels.extend(excerpts);
    let own = novels.len();
    novels.extend(
        options
            .scenes
            .as_deref()
            .map(corpus::scenes)
            .unwrap_or_default(),
    );
    let mut school = School::open(&novels, &options.folds, own);
    let mut columns = Columns::default();
    let mut weights: Vec<Vec<f64>> = Vec::new();
    let mut by_author = ByAuthor::new();
    for (pass, kind) in options.passes.iter().copied().enumerate() {
        let start = Instant::now();
        let chains = school.chains(kind, &mut columns);
        let size = columns.names.len();
        if options.out.is_some() {
            let everything: Vec<usize> = (0..novels.len()).collect();
            weights.push(school.fit(kind, &chains, &everything, &vec![0.0; size], STEPS));
        }
        let steps = if pass == 0 { STEPS } else { STEPS_AGAIN };
        by_author = school.by_author(kind, &chains, &by_author, (size, steps));
        school.advance(kind, &chains, &by_author);
        println!(
            "pass {}: {size} features, novels: {}; scenes: {}; {:.1} s",
            pass + 1,
            school.right(0..whole),
            school.right(own..novels.len()),
            start.elapsed().as_secs_f32()
        );
    }
    if let Some(folder) = &options.predict {
        for story in 0..whole {
            let (lesson, sure) = (&school.lessons[story], &school.sure[story]);
            write::write_predictions(folder, &school.novels[story], lesson, sure);
        }
    }
    if let Some(out) = &options.out {
        fs::write(
            out,
            write::weights_file(&columns, &options.passes, &weights),
        )
        .expect("the weights can be written");
    }
}

/// All novels of the corpus, by name.
fn corpus(folder: &Path) -> Vec<Novel> {
    let mut folders: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the corpus can be read")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    folders.sort();
    folders.iter().map(|folder| corpus::read(folder)).collect()
}

fn options() -> Options {
    let mut options = Options {
        corpus: PathBuf::new(),
        folds: BTreeMap::new(),
        out: None,
        predict: None,
        scenes: None,
        passes: PASSES.to_vec(),
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || PathBuf::from(arguments.next().expect("the option has a value"));
        match argument.as_str() {
            "--out" => options.out = Some(value()),
            "--passes" => {
                options.passes = value()
                    .to_string_lossy()
                    .split(',')
                    .map(|kind| {
                        if kind == "chain" {
                            Kind::Chain
                        } else {
                            Kind::Turn
                        }
                    })
                    .collect();
            }
            "--scenes" => options.scenes = Some(value()),
            "--predict" => options.predict = Some(value()),
            "--folds" => {
                let text = fs::read_to_string(value()).expect("the folds can be read");
                let pairs = text.lines().filter_map(|line| line.split_once(' '));
                options.folds = pairs
                    .map(|(novel, author)| (novel.to_owned(), author.to_owned()))
                    .collect();
            }
            _ => options.corpus = PathBuf::from(argument),
        }
    }
    options
}
