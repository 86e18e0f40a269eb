//! How fast the embedded voice speaks: `cargo bench --bench voice -- [SENTENCES] [WORKERS]`.
//!
//! Prints seconds of work per second of audio for one worker and for as many as asked (default: one a core). The
//! voice pack is taken from where `fullcast` keeps it and brought in if it is not there.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Instant,
};

use fullcast::{
    Result,
    error::SpeechError,
    event::Silent,
    folders, language,
    speech::{Backend, Synthesizer, Utterance},
};

const STORY: &str = include_str!("../stories/request-stop.txt");

fn main() -> Result<()> {
    let mut numbers = std::env::args().filter_map(|argument| argument.parse().ok());
    let count = numbers.next().unwrap_or(24);
    let workers = numbers
        .next()
        .unwrap_or_else(|| thread::available_parallelism().map_or(1, Into::into));
    let start = Instant::now();
    let voice = Backend::find("kokoro")?.open(&folders::data_folder()?, &Silent)?;
    println!(
        "{} loaded in {:.2} s",
        voice.engine().version,
        start.elapsed().as_secs_f64()
    );
    let sentences: Vec<&str> = language::utterances(STORY, 200)
        .into_iter()
        .map(|range| STORY[range].trim())
        .filter(|sentence| sentence.len() > 20)
        .take(count)
        .collect();
    for workers in [1, workers] {
        let (work, audio) = speak(voice.as_ref(), &sentences, workers).map_err(|error| {
            fullcast::Error::invalid(error.to_string(), "look at the sentences of the bench")
        })?;
        println!(
            "{workers} workers, {} sentences, {audio:.1} s of audio: {:.3} s of work per second",
            sentences.len(),
            work / audio
        );
    }
    Ok(())
}

/// Seconds of work and of audio.
fn speak(
    voice: &dyn Synthesizer,
    sentences: &[&str],
    workers: usize,
) -> Result<(f64, f64), SpeechError> {
    let (next, seconds, start) = (AtomicUsize::new(0), Mutex::new(0.0), Instant::now());
    thread::scope(|scope| {
        let work = || -> Result<(), SpeechError> {
            while let Some(text) = sentences.get(next.fetch_add(1, Ordering::Relaxed)) {
                let audio = voice.speak(&Utterance {
                    text,
                    voice: "af_heart",
                    speed: 1.0,
                })?;
                *seconds.lock().expect("no worker panics while it adds") += audio.seconds();
            }
            Ok(())
        };
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().expect("workers do not panic"))
    })?;
    Ok((
        start.elapsed().as_secs_f64(),
        seconds.into_inner().expect("no worker panicked"),
    ))
}
