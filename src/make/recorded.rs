//! Clips spoken and measured until all are whole.

use std::{collections::BTreeMap, time::Instant};

use crate::{
    Error, Result,
    clip::{ClipCache, ClipId},
    event::{Event, Observer},
    mix::{self, Measured},
    record::{self, Plan},
    speech::Synthesizer,
};

/// How often clips found damaged after recording are spoken again before the disk is blamed.
const MENDINGS: usize = 3;

/// Speaks, then measures every clip; what the disk has damaged meanwhile is spoken again.
pub(super) fn record_whole(
    plan: &mut Plan,
    backend: &dyn Synthesizer,
    cache: &ClipCache,
    observer: &dyn Observer,
) -> Result<BTreeMap<ClipId, Measured>> {
    for _ in 0..MENDINGS {
        timed(plan, backend, cache, observer)?;
        let measured = measure(plan, cache)?;
        let damaged = plan.clips.len() - measured.len();
        if damaged == 0 {
            return Ok(measured);
        }
        plan.clips.retain(|id, _| measured.contains_key(id));
        let message = format!("{damaged} clips were damaged on disk and are spoken again");
        observer.on(&Event::Note { message: &message });
    }
    Err(Error::invalid(
        "clips are damaged on disk as soon as they are kept",
        "check the disk, or keep clips elsewhere with `FULLCAST_HOME`",
    ))
}

/// Speaks, and keeps how long that took.
fn timed(
    plan: &mut Plan,
    backend: &dyn Synthesizer,
    cache: &ClipCache,
    observer: &dyn Observer,
) -> Result<()> {
    let lacking: Vec<ClipId> = plan.jobs().map(|job| job.clip).collect();
    let started = Instant::now();
    record::perform(plan, backend, cache, observer)?;
    let work = started.elapsed().as_secs_f64();
    let clips = lacking.iter().filter_map(|clip| plan.clips.get(clip));
    let sound = clips.map(|clip| clip.frames.seconds(clip.rate)).sum();
    // The book does not need it: that it could not be written is no reason to stop.
    let _ = record::keep_pace(cache, backend.engine(), work, sound);
    Ok(())
}

/// Where the speech is in every clip and how loud, on all cores; a clip that is damaged is not among them.
fn measure(plan: &Plan, cache: &ClipCache) -> Result<BTreeMap<ClipId, Measured>> {
    let ids: Vec<ClipId> = plan.clips.keys().copied().collect();
    let cores = std::thread::available_parallelism().map_or(1, Into::into);
    let some = |ids: &[ClipId]| -> Result<Vec<(ClipId, Measured)>> {
        let loaded = ids.iter().filter_map(|id| match cache.load(*id) {
            Ok(audio) => Some(Ok((*id, mix::measure(&audio?)))),
            Err(error) => Some(Err(error)),
        });
        loaded.collect()
    };
    std::thread::scope(|scope| {
        let chunks = ids.chunks(ids.len().div_ceil(cores).max(1));
        let workers: Vec<_> = chunks
            .map(|chunk| scope.spawn(move || some(chunk)))
            .collect();
        let mut measured = BTreeMap::new();
        for worker in workers {
            let part = worker
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            measured.extend(part?);
        }
        Ok(measured)
    })
}
