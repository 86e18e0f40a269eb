//! Learns the weights of attribution: `train_attribution CORPUS [--folds FILE] [--out FILE] [--predict FOLDER]`.
//!
//! CORPUS holds one folder a novel in the layout of the Project Dialogism Novel Corpus. FILE of `--folds` has a
//! line `novel author` for each novel: with `--predict` every author's novels are attributed by weights learned
//! from the other authors only, and written for `score.py`. `--out` writes the weights learned from all.

mod corpus;
mod logit;
mod random_field;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use corpus::Novel;
use fullcast::{
    script::{
        learn::{self, Feature, Lesson},
    },
    story::CodePoints,
};
use random_field::{Chain, Contender};

/// Passes, unless `--passes` says otherwise.
const PASSES: &[Kind] = &[Kind::Turn, Kind::Turn, Kind::Turn, Kind::Chain];
/// The most steps of learning from nothing, and from weights learned from more novels.
const STEPS: usize = 120;
const STEPS_AGAIN: usize = 40;
/// How much a turn of our own scenes counts against one of the novels.
const OWN: f64 = 3.0;
/// How strongly weights are held near nought.
const RIDGE: f64 = 2.0;

/// The columns of the features seen.
#[derive(Default)]
struct Columns {
    index: HashMap<String, u32>,
    names: Vec<String>,
}

impl Columns {
    fn of(&mut self, name: String) -> u32 {
        let names = &mut self.names;
        *self.index.entry(name).or_insert_with_key(|name| {
            names.push(name.clone());
            names.len() as u32 - 1
        })
    }
}

/// How a pass weighs the speakers.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Each turn by itself.
    Turn,
    /// All turns together.
    Chain,
}

impl Kind {
    /// Its name in the weights file.
    fn name(self) -> &'static str {
        match self {
            Self::Turn => "turn",
            Self::Chain => "chain",
        }
    }
}

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
    let mut folders: Vec<PathBuf> = fs::read_dir(&options.corpus)
        .expect("the corpus can be read")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    folders.sort();
    let mut novels: Vec<Novel> = folders.iter().map(|folder| corpus::read(folder)).collect();
    let whole = novels.len();
    let excerpts: Vec<Novel> = novels.iter().flat_map(corpus::excerpts).collect();
    novels.extend(excerpts);
    let scenes = options.scenes.as_deref().map(corpus::scenes).unwrap_or_default();
    let own = novels.len();
    novels.extend(scenes);
    let novels = novels;
    let author = |novel: &Novel| {
        options
            .folds
            .get(&novel.name)
            .unwrap_or(&novel.name)
            .clone()
    };
    let authors: Vec<String> = novels.iter().map(author).collect();
    let mut lessons: Vec<Lesson> = novels
        .iter()
        .map(|novel| Lesson::open(&novel.story))
        .collect();
    let gold: Vec<Vec<Option<usize>>> = novels
        .iter()
        .zip(&lessons)
        .map(|(novel, lesson)| gold(novel, lesson))
        .collect();
    let owners: Vec<Vec<Option<usize>>> = novels
        .iter()
        .zip(&lessons)
        .zip(&gold)
        .map(|((novel, lesson), gold)| owners(novel, lesson, gold))
        .collect();
    let mut columns = Columns::default();
    let mut weights: Vec<Vec<f64>> = Vec::new();
    let mut by_author: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let mut sure = vec![Vec::new(); novels.len()];
    for (pass, kind) in options.passes.iter().enumerate() {
        let start = Instant::now();
        let chains: Vec<Chain> = lessons
            .iter()
            .zip(gold.iter().zip(&owners))
            .map(|(lesson, (gold, owners))| match kind {
                Kind::Turn => turns(lesson, gold, owners, &mut columns),
                Kind::Chain => chain_of(lesson, gold, owners, &mut columns),
            })
            .collect();
        let fit = |chosen: &[usize], start: &[f64], steps: usize| {
            let weight = |novel: usize| if novel < own { 1.0 } else { OWN };
            let chosen: Vec<(&Chain, f64)> = chosen
                .iter()
                .map(|novel| (&chains[*novel], weight(*novel)))
                .collect();
            let loss = |weights: &[f64], gradient: &mut [f64]| match kind {
                Kind::Turn => logit::loss(&chosen, weights, gradient),
                Kind::Chain => random_field::loss(&chosen, weights, gradient),
            };
            logit::fit(&loss, start, RIDGE, steps)
        };
        if options.predict.is_some() || pass + 1 < options.passes.len() {
            let steps = if pass == 0 { STEPS } else { STEPS_AGAIN };
            by_author = others(
                &authors,
                &by_author,
                columns.names.len(),
                &|chosen, start| fit(chosen, start, steps),
            );
            for (novel, lesson) in lessons.iter_mut().enumerate() {
                let weights = &by_author[&authors[novel]];
                let scores = match kind {
                    Kind::Turn => logit::scores(&chains[novel], weights),
                    Kind::Chain => random_field::scores(&chains[novel], weights),
                };
                sure[novel] = lesson.next_pass(&scores);
            }
            let right = format!(
                "{}; scenes: {}",
                right(0..whole, &lessons, &gold, &owners),
                right(own..novels.len(), &lessons, &gold, &owners)
            );
            println!(
                "pass {}: {} features, {right}, {:.1} s",
                pass + 1,
                columns.names.len(),
                start.elapsed().as_secs_f32()
            );
        }
        if options.out.is_some() {
            let everything: Vec<usize> = (0..novels.len()).collect();
            weights.push(fit(&everything, &vec![0.0; columns.names.len()], STEPS));
        }
    }
    if let Some(folder) = &options.predict {
        for ((novel, lesson), sure) in novels[..whole].iter().zip(&lessons).zip(&sure) {
            write_predictions(folder, novel, lesson, sure);
        }
    }
    if let Some(out) = &options.out {
        fs::write(out, weights_file(&columns, &options.passes, &weights)).expect("the weights can be written");
    }
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
                    .map(|kind| if kind == "chain" { Kind::Chain } else { Kind::Turn })
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

/// The gold speaker of each turn: the one of the quotations that cover most of it.
fn gold(novel: &Novel, lesson: &Lesson) -> Vec<Option<usize>> {
    let mut spans: Vec<(usize, usize, usize)> = Vec::new();
    for quotation in &novel.quotations {
        spans.extend(
            quotation
                .spans
                .iter()
                .map(|span| (span.start, span.end, quotation.speaker)),
        );
    }
    spans.sort_unstable();
    let longest = spans
        .iter()
        .map(|(start, end, _)| end - start)
        .max()
        .unwrap_or(0);
    (0..lesson.turns())
        .map(|turn| {
            let mut shares: BTreeMap<usize, usize> = BTreeMap::new();
            for span in lesson.spans(turn) {
                let from = spans.partition_point(|(start, ..)| start + longest < span.start);
                for (start, end, speaker) in spans[from..]
                    .iter()
                    .take_while(|(start, ..)| *start < span.end)
                {
                    *shares.entry(*speaker).or_default() +=
                        (*end).min(span.end).saturating_sub(*start.max(&span.start));
                }
            }
            shares
                .into_iter()
                .filter(|(_, share)| *share > 0)
                .max_by_key(|(_, share)| *share)
                .map(|(speaker, _)| speaker)
        })
        .collect()
}

/// The gold character that each person of the program's own list is.
fn owners(novel: &Novel, lesson: &Lesson, gold: &[Option<usize>]) -> Vec<Option<usize>> {
    let said = |speaker: usize| {
        novel
            .quotations
            .iter()
            .filter(|quotation| quotation.speaker == speaker)
            .count()
    };
    let mut by_name: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (speaker, names) in novel.characters.iter().enumerate() {
        for name in names {
            by_name.entry(plain(name)).or_default().insert(speaker);
        }
    }
    let mut votes: Vec<BTreeMap<usize, usize>> = vec![BTreeMap::new(); lesson.people().len()];
    for (turn, speaker) in gold.iter().enumerate() {
        if let (Some(person), Some(speaker)) = (lesson.anchor(turn), speaker) {
            *votes[person].entry(*speaker).or_default() += 1;
        }
    }
    let people = lesson.people();
    let mut owners: Vec<Option<usize>> = people
        .iter()
        .zip(&votes)
        .map(|((names, _), votes)| {
            let found: Vec<&BTreeSet<usize>> = names
                .iter()
                .filter_map(|name| by_name.get(&plain(name)))
                .collect();
            let everyone: BTreeSet<usize> = found.iter().copied().flatten().copied().collect();
            let weight = |speaker: &usize| {
                (
                    votes.get(speaker).copied().unwrap_or(0),
                    found.iter().filter(|set| set.contains(speaker)).count(),
                    said(*speaker),
                )
            };
            everyone.into_iter().max_by_key(weight)
        })
        .collect();
    for (owner, votes) in owners.iter_mut().zip(&votes) {
        let all: usize = votes.values().sum();
        let top = votes.iter().max_by_key(|(_, count)| **count);
        *owner = owner.or_else(|| {
            top.filter(|(_, count)| **count * 2 > all)
                .map(|(speaker, _)| *speaker)
        });
    }
    if let Some(teller) = lesson.teller() {
        let told = novel.characters.iter().position(|names| {
            names
                .iter()
                .any(|name| matches!(plain(name).as_str(), "narr" | "narrator" | "i"))
        });
        owners[teller] = owners[teller].or(told);
    }
    owners
}

fn plain(name: &str) -> String {
    let low = name
        .to_lowercase()
        .replace(['.', '_'], " ")
        .replace('’', "'");
    let words: Vec<&str> = low.split_whitespace().collect();
    words.strip_prefix(&["the"]).unwrap_or(&words).join(" ")
}

fn coded(signs: &[(Feature, f32)], columns: &mut Columns) -> Vec<(u32, f32)> {
    let code = |(feature, value): &(Feature, f32)| (columns.of(learn::feature_name(*feature)), *value);
    signs.iter().map(code).collect()
}

/// The turns of a story with everyone who may have said them, each turn by itself.
fn turns(
    lesson: &Lesson,
    gold: &[Option<usize>],
    owners: &[Option<usize>],
    columns: &mut Columns,
) -> Chain {
    let mut turn = |turn: usize| {
        let contender = |(person, signs): (usize, Vec<(Feature, f32)>)| Contender {
            person,
            own: coded(&signs, columns),
            tied: Vec::new(),
            right: gold[turn].is_some() && owners[person] == gold[turn],
        };
        lesson.cases(turn).into_iter().map(contender).collect()
    };
    (0..lesson.turns()).map(&mut turn).collect()
}

/// For each author, what `learn` makes of all other novels, from `starts` that have not seen the author either; two
/// authors at a time.
fn others(
    authors: &[String],
    starts: &BTreeMap<String, Vec<f64>>,
    size: usize,
    learn: &(dyn Fn(&[usize], &[f64]) -> Vec<f64> + Sync),
) -> BTreeMap<String, Vec<f64>> {
    let distinct: Vec<&String> = authors
        .iter()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let learn = |author: &String| {
        let others: Vec<usize> = (0..authors.len())
            .filter(|novel| authors[*novel] != *author)
            .collect();
        let mut start = starts.get(author).cloned().unwrap_or_default();
        start.resize(size, 0.0);
        (author.clone(), learn(&others, &start))
    };
    let mut found = BTreeMap::new();
    for pair in distinct.chunks(2) {
        std::thread::scope(|scope| {
            let handles: Vec<_> = pair
                .iter()
                .map(|author| scope.spawn(|| learn(author)))
                .collect();
            found.extend(
                handles
                    .into_iter()
                    .map(|handle| handle.join().expect("learning does not fail")),
            );
        });
    }
    found
}

/// The chain of a story, with the gold speakers where they are among the contenders.
fn chain_of(
    lesson: &Lesson,
    gold: &[Option<usize>],
    owners: &[Option<usize>],
    columns: &mut Columns,
) -> Chain {
    let mut turn = |turn: usize| {
        let cases = lesson.cases(turn);
        let contender = |(person, ties): (usize, Vec<Feature>)| {
            let signs = cases.iter().find(|(other, _)| *other == person);
            let own = signs.map_or(&[][..], |(_, signs)| &signs[..]);
            Contender {
                person,
                own: coded(own, columns),
                tied: ties
                    .into_iter()
                    .map(|tie| {
                        std::array::from_fn(|relation| {
                            columns.of(learn::feature_name(learn::in_relation(tie, relation)))
                        })
                    })
                    .collect(),
                right: gold[turn].is_some() && owners[person] == gold[turn],
            }
        };
        lesson.links(turn).into_iter().map(contender).collect()
    };
    (0..lesson.turns()).map(&mut turn).collect()
}

/// How many quotations have the right speaker, by type, in the order of the corpus.
fn right(
    stories: std::ops::Range<usize>,
    lessons: &[Lesson],
    gold: &[Vec<Option<usize>>],
    owners: &[Vec<Option<usize>>],
) -> String {
    let (mut all, mut hits, mut possible) = (0, 0, 0);
    for index in stories {
        for (turn, speaker) in gold[index].iter().enumerate() {
            let Some(speaker) = speaker else { continue };
            all += 1;
            hits += usize::from(
                lessons[index].said()[turn]
                    .is_some_and(|person| owners[index][person] == Some(*speaker)),
            );
            possible += usize::from(
                lessons[index]
                    .cases(turn)
                    .iter()
                    .any(|(person, _)| owners[index][*person] == Some(*speaker)),
            );
        }
    }
    format!(
        "{:.2} % of {all} turns right, {:.2} % possible",
        100.0 * hits as f64 / all as f64,
        100.0 * possible as f64 / all as f64
    )
}

fn write_predictions(folder: &Path, novel: &Novel, lesson: &Lesson, sure: &[f32]) {
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

fn weights_file(columns: &Columns, passes: &[Kind], weights: &[Vec<f64>]) -> String {
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
