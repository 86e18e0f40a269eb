//! How fast the embedded voice speaks: `cargo bench --bench speech -- [WORKERS]`, two workers unless told otherwise.
//!
//! Speaks `benches/sentences.txt` once, one sentence a worker at a time, and prints the seconds of work for each
//! second of audio. `benches/beside_kokoro_onnx.sh` runs it in turn with the Python package kokoro-onnx.

use std::{
    fs,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Instant,
};

use fullcast::{
    Result,
    event::Silent,
    folders, language,
    speech::{Backend, Synthesizer, Utterance},
};

const SENTENCES: &str = include_str!("sentences.txt");

const VOICE: &str = "af_heart";

fn main() -> Result<()> {
    let workers = std::env::args()
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(2);
    let start = Instant::now();
    let voice = Backend::find("kokoro")?.open(&folders::data_folder()?, &Silent)?;
    let load = start.elapsed().as_secs_f64();
    let sentences: Vec<String> = SENTENCES.lines().map(language::spoken).collect();
    // The first sentence loads the dictionaries and is not counted.
    speak(&*voice, &sentences[..1], workers);
    let (start, before) = (Instant::now(), processor());
    let audio = speak(&*voice, &sentences, workers);
    let (wall, work) = (start.elapsed().as_secs_f64(), processor() - before);
    println!(
        "fullcast, {workers} workers: {wall:.2} s for {audio:.2} s of audio, {:.3} a second; \
         processor {:.3} a second; load {load:.2} s; peak {} MiB",
        wall / audio,
        work / audio,
        peak(),
    );
    Ok(())
}

/// Speaks the sentences and returns how long they last, in seconds.
fn speak(voice: &dyn Synthesizer, sentences: &[String], workers: usize) -> f64 {
    let (next, total) = (AtomicUsize::new(0), Mutex::new(0.0));
    let work = || {
        while let Some(text) = sentences.get(next.fetch_add(1, Ordering::Relaxed)) {
            let utterance = Utterance::plain(text, VOICE);
            let audio = voice
                .speak(&utterance)
                .expect("the bench's sentences can be spoken");
            *total.lock().expect("no worker panics") += audio.seconds();
        }
    };
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(work);
        }
    });
    total.into_inner().expect("no worker panics")
}

/// Seconds of processor time used so far, where the system tells (Linux counts in hundredths); else NaN.
fn processor() -> f64 {
    let ticks = || {
        let line = fs::read_to_string("/proc/self/stat").ok()?;
        let fields: Vec<&str> = line.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks = |index: usize| fields.get(index)?.parse::<f64>().ok();
        Some((ticks(11)? + ticks(12)?) / 100.0)
    };
    ticks().unwrap_or(f64::NAN)
}

/// The most memory used so far, in MiB, where the system tells; else 0.
fn peak() -> u64 {
    let kilobytes = || {
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok()
    };
    kilobytes().unwrap_or(0) / 1024
}
