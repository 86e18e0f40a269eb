//! Speaking what a plan lacks, on as many threads as the backend likes.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use super::plan::{Job, Plan};
use crate::{
    Error, Result,
    audio::Audio,
    clip::{Clip, ClipCache},
    error::SpeechError,
    event::{Event, Observer},
    speech::Synthesizer,
};

/// How often an utterance is asked for in all, when trying again may help.
const TRIES: u32 = 3;

/// Speaks what the plan lacks and moves it from the plan's jobs to its clips.
///
/// Every clip is kept as soon as it is spoken. The first failure stops the rest; what was kept stays kept.
pub fn perform(
    plan: &mut Plan,
    backend: &dyn Synthesizer,
    cache: &ClipCache,
    observer: &dyn Observer,
) -> Result<()> {
    let jobs = std::mem::take(&mut plan.jobs);
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let done: Mutex<Vec<Clip>> = Mutex::new(Vec::new());
    let work = || -> Result<()> {
        while !stop.load(Ordering::Relaxed) {
            let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) else {
                break;
            };
            let kept = || done.lock().expect(NO_PANIC).len();
            let clip = record(job, backend, cache, kept).inspect_err(|_| stop.store(true, Ordering::Relaxed))?;
            done.lock().expect(NO_PANIC).push(clip);
            observer.on(&Event::Spoken {
                line: job.line + 1,
                chapter: job.chapter + 1,
                voice: &job.voice,
                seconds: clip.frames.seconds(clip.rate),
                expected: job.seconds(),
            });
        }
        Ok(())
    };
    let outcome = thread::scope(|scope| {
        let count = backend.parallelism().clamp(1, jobs.len().max(1));
        let workers: Vec<_> = (0..count).map(|_| scope.spawn(work)).collect();
        let joined = workers.into_iter().map(|w| w.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        joined.fold(Ok(()), Result::and)
    });
    let spoken = done.into_inner().expect(NO_PANIC);
    plan.clips.extend(spoken.iter().map(|clip| (clip.id, *clip)));
    plan.jobs = jobs.into_iter().filter(|job| !plan.clips.contains_key(&job.clip)).collect();
    outcome
}

const NO_PANIC: &str = "no worker panics while it holds the lock";

fn record(
    job: &Job,
    backend: &dyn Synthesizer,
    cache: &ClipCache,
    kept: impl Fn() -> usize,
) -> Result<Clip> {
    let audio = speak(job, backend).map_err(|source| Error::Speech {
        voice: job.voice.clone(),
        line: job.line + 1,
        kept: kept(),
        source,
    })?;
    cache.keep(job.clip, &audio)
}

fn speak(job: &Job, backend: &dyn Synthesizer) -> Result<Audio, SpeechError> {
    let mut attempt = 1;
    loop {
        match backend.speak(&job.utterance()) {
            Err(error) if error.transient && attempt < TRIES => {
                thread::sleep(Duration::from_millis(250 << attempt));
                attempt += 1;
            }
            answer => return answer,
        }
    }
}
