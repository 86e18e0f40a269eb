//! Speaking what a plan lacks, on as many threads as the backend likes.

use std::{
    panic::resume_unwind,
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

/// Speaks what the plan lacks and adds it to the plan's clips.
///
/// Every clip is kept as soon as it is spoken. The first failure stops the rest; what was kept stays kept.
pub fn perform(
    plan: &mut Plan,
    backend: &dyn Synthesizer,
    cache: &ClipCache,
    observer: &dyn Observer,
) -> Result<()> {
    let jobs: Vec<&Job> = plan.jobs().collect();
    let session = Session {
        jobs: &jobs,
        backend,
        cache,
        observer,
        next: AtomicUsize::new(0),
        stop: AtomicBool::new(false),
        kept: Mutex::new(Vec::new()),
    };
    let count = backend.parallelism().clamp(1, jobs.len().max(1));
    let outcome = thread::scope(|scope| {
        let workers: Vec<_> = (0..count).map(|_| scope.spawn(|| session.work())).collect();
        let outcomes = workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)));
        // All are joined before the first failure, if any, is told.
        outcomes.fold(Ok(()), Result::and)
    });
    let kept = session.kept.into_inner().expect(NO_PANIC);
    plan.clips
        .extend(kept.into_iter().map(|clip| (clip.id, clip)));
    outcome
}

const NO_PANIC: &str = "no worker panics while it holds the lock";

/// What the workers share.
struct Session<'a> {
    jobs: &'a [&'a Job],
    backend: &'a dyn Synthesizer,
    cache: &'a ClipCache,
    observer: &'a dyn Observer,
    next: AtomicUsize,
    stop: AtomicBool,
    kept: Mutex<Vec<Clip>>,
}

impl Session<'_> {
    /// Takes one job after the other, until there is none or a worker failed.
    fn work(&self) -> Result<()> {
        while !self.stop.load(Ordering::Relaxed) {
            let Some(job) = self.jobs.get(self.next.fetch_add(1, Ordering::Relaxed)) else {
                break;
            };
            let clip = self
                .record(job)
                .inspect_err(|_| self.stop.store(true, Ordering::Relaxed))?;
            self.kept.lock().expect(NO_PANIC).push(clip);
            self.observer.on(&Event::Spoken {
                line: job.line + 1,
                chapter: job.chapter + 1,
                voice: &job.voice,
                seconds: clip.frames.seconds(clip.rate),
                expected: job.seconds(),
            });
        }
        Ok(())
    }

    fn record(&self, job: &Job) -> Result<Clip> {
        let audio = self.speak(job).map_err(|source| Error::Speech {
            voice: job.voice.clone(),
            line: job.line + 1,
            kept: self.kept.lock().expect(NO_PANIC).len(),
            source,
        })?;
        self.cache.keep(job.clip, &audio)
    }

    fn speak(&self, job: &Job) -> Result<Audio, SpeechError> {
        let mut attempt = 1;
        loop {
            match self.backend.speak(&job.utterance()) {
                Err(error) if error.transient && attempt < TRIES => {
                    thread::sleep(Duration::from_millis(250 << attempt));
                    attempt += 1;
                }
                answer => return answer,
            }
        }
    }
}
