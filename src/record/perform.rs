//! Speaks what a plan lacks, all backends at once, each with as many lines as it likes.

use std::{
    collections::BTreeMap,
    panic::resume_unwind,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use super::{
    Job, Plan,
    check::{Doubts, Habits, doubts},
    claim::{Claim, Claims},
    recogniser::Recogniser,
};
use crate::{
    Error, Result,
    audio::Audio,
    clip::{Clip, ClipCache},
    error::SpeechError,
    event::{Event, Observer},
    speech::{Studio, Synthesizer, Troupe},
};

/// How often a line is spoken in all when what came back is doubtful; the best take is kept.
const TAKES: usize = 3;

/// How lines are spoken.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manner<'a> {
    /// Whether the other lines are spoken when one cannot be.
    pub keep_going: bool,
    /// Who listens to every new clip.
    pub recogniser: Option<&'a Recogniser>,
}

/// Speaks what the plan lacks and adds it to the plan's clips.
///
/// Every clip is kept as soon as it is spoken. What another process speaks at the same time is waited for. The first
/// failure stops the rest, or, with [`Manner::keep_going`], is told when all else is spoken; what was kept stays kept.
pub fn perform(
    plan: &mut Plan,
    studio: &Studio,
    troupe: &Troupe,
    cache: &ClipCache,
    manner: Manner<'_>,
    observer: &dyn Observer,
) -> Result<()> {
    let mut jobs: BTreeMap<&str, Vec<&Job>> = BTreeMap::new();
    for job in plan.jobs() {
        jobs.entry(&job.backend).or_default().push(job);
    }
    let stop = AtomicBool::new(false);
    let kept = Mutex::new(Vec::new());
    let mut sessions = Vec::new();
    for (name, jobs) in &jobs {
        sessions.push(Session {
            jobs,
            backend: &**troupe
                .get(*name)
                .expect("every backend of the plan is open"),
            trusted: studio.booth(Some(name))?.trusted,
            cache,
            manner,
            observer,
            claims: Claims::new(cache),
            next: AtomicUsize::new(0),
            stop: &stop,
            kept: &kept,
            habits: Habits::default(),
        });
    }
    let failures = thread::scope(|scope| {
        let workers: Vec<_> = sessions
            .iter()
            .flat_map(|session| (0..session.workers()).map(move |_| session))
            .map(|session| scope.spawn(|| session.work()))
            .collect();
        let outcomes = workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)));
        // All are joined before the first failure, if any, is told.
        outcomes.collect::<Vec<_>>()
    });
    let kept = kept.into_inner().expect(NO_PANIC);
    plan.clips
        .extend(kept.into_iter().map(|clip| (clip.id, clip)));
    let mut failed = Vec::new();
    for failure in failures {
        failed.extend(failure?);
    }
    told(failed)
}

const NO_PANIC: &str = "no worker panics while it holds the lock";

/// A line that could not be spoken.
struct Failed {
    line: usize,
    error: Error,
}

impl Failed {
    /// Whether no other line has a chance either: the disk is full, a key is refused.
    fn is_fatal(&self) -> bool {
        !matches!(&self.error, Error::Speech { source, .. } if !source.fatal)
    }
}

/// The error for all lines that could not be spoken, if there are any. What stops all lines is told before what one of
/// them suffers from.
fn told(mut failed: Vec<Failed>) -> Result<()> {
    failed.sort_by_key(|failed| (!failed.is_fatal(), failed.line));
    if failed.first().is_some_and(Failed::is_fatal) {
        return Err(failed.swap_remove(0).error);
    }
    match failed.len() {
        0 => Ok(()),
        1 => Err(failed.remove(0).error),
        count => {
            let lines: Vec<String> = failed.iter().map(|f| f.line.to_string()).collect();
            let why = match &failed[0].error {
                Error::Speech { source, .. } => source.to_string(),
                other => other.to_string(),
            };
            Err(Error::invalid(
                format!(
                    "{count} lines could not be spoken: {}; the first: {why}",
                    lines.join(", ")
                ),
                "all other lines are kept; run the same command to try these again, or change their voice",
            ))
        }
    }
}

/// What the workers of one backend share.
struct Session<'a> {
    jobs: &'a [&'a Job],
    backend: &'a dyn Synthesizer,
    trusted: bool,
    cache: &'a ClipCache,
    manner: Manner<'a>,
    observer: &'a dyn Observer,
    claims: Claims<'a>,
    next: AtomicUsize,
    stop: &'a AtomicBool,
    kept: &'a Mutex<Vec<Clip>>,
    habits: Habits,
}

impl Session<'_> {
    fn workers(&self) -> usize {
        self.backend.parallelism().clamp(1, self.jobs.len().max(1))
    }

    /// Takes one job after the other, until there is none or a worker failed; then those that other processes had.
    fn work(&self) -> Result<Vec<Failed>> {
        let (mut failed, mut elsewhere) = (Vec::new(), Vec::new());
        while let Some(job) = self.jobs.get(self.next.fetch_add(1, Ordering::Relaxed)) {
            match self.claims.claim(job.clip)? {
                Some(claim) => failed.extend(self.record(job, claim)),
                None => elsewhere.push(*job),
            }
            if self.stop.load(Ordering::Relaxed) {
                return Ok(failed);
            }
        }
        for job in elsewhere {
            if self.stop.load(Ordering::Relaxed) {
                break;
            }
            let claim = self.claims.wait(job.clip)?;
            failed.extend(self.record(job, claim));
        }
        Ok(failed)
    }

    /// Speaks one job and keeps the clip, unless another process did meanwhile; gives the failure if it cannot be.
    fn record(&self, job: &Job, claim: Claim) -> Option<Failed> {
        let found = self.cache.find(job.clip);
        let clip = match found.map_or_else(|| self.spoken(job), Ok) {
            Ok(clip) => clip,
            Err(error) => {
                let line = job.line + 1;
                let failed = Failed { line, error };
                if failed.is_fatal() || !self.manner.keep_going {
                    self.stop.store(true, Ordering::Relaxed);
                }
                return Some(failed);
            }
        };
        drop(claim);
        self.kept.lock().expect(NO_PANIC).push(clip);
        self.observer.on(&Event::Spoken {
            line: job.line + 1,
            chapter: job.chapter + 1,
            voice: &job.voice,
            seconds: clip.frames.seconds(clip.rate),
            expected: job.seconds(),
        });
        None
    }

    fn spoken(&self, job: &Job) -> Result<Clip> {
        let (audio, doubts) = self.best_take(job).map_err(|source| Error::Speech {
            voice: job.voice.clone(),
            line: job.line + 1,
            kept: self.kept.lock().expect(NO_PANIC).len(),
            source,
        })?;
        self.cache.note(job.clip, &doubts.to_string())?;
        self.cache.keep(job.clip, &audio)
    }

    /// The first take that is beyond doubt, or of several the one with the fewest doubts.
    fn best_take(&self, job: &Job) -> Result<(Audio, Doubts), SpeechError> {
        let mut best: Option<(Audio, Doubts)> = None;
        for _ in 0..TAKES {
            let audio = self.backend.speak(&job.utterance())?;
            let mut found = Doubts::default();
            if !self.trusted {
                found = doubts(&audio, &job.text, self.habits.of(&job.voice));
            }
            if let Some(recogniser) = self.manner.recogniser.filter(|_| !found.useless()) {
                found.hear(recogniser.doubt(&audio, &job.text)?);
            }
            if found.is_empty() {
                self.habits.learn(&job.voice, &job.text, &audio);
                return Ok((audio, found));
            }
            let better = best
                .as_ref()
                .is_none_or(|(_, other)| found.weight() < other.weight());
            if better {
                best = Some((audio, found));
            }
            if self.trusted {
                // It says the same again.
                break;
            }
        }
        let (audio, doubts) = best.expect("there was at least one take");
        if doubts.useless() {
            return Err(SpeechError::passing(format!(
                "{doubts}, in each of {TAKES} takes"
            )));
        }
        Ok((audio, doubts))
    }
}
