//! Clips spoken and measured until all are whole.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Instant,
};

use super::{Means, Production};

use crate::{
    Error, Result,
    clip::{ClipCache, ClipId},
    event::{Event, Observer},
    folders,
    mix::{self, Measured},
    record::{self, Plan},
    speech::{Studio, Troupe},
};

/// How often clips found damaged after recording are spoken again before the disk is blamed.
const MENDINGS: usize = 3;

impl Production {
    /// Opens the backends that the plan needs, speaks, then measures every clip; what the disk has damaged meanwhile is
    /// spoken again.
    pub(super) fn record(
        &self,
        plan: &mut Plan,
        means: &Means<'_>,
    ) -> Result<BTreeMap<ClipId, Measured>> {
        let (cache, observer) = (means.cache, means.observer);
        let mut troupe = Troupe::new();
        for round in 0..MENDINGS {
            self.open(plan, &mut troupe, observer)?;
            if round == 0 {
                observer.on(&self.planned(plan, cache));
            }
            timed(plan, &self.studio, &troupe, means)?;
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

    /// Opens those backends that the plan still needs; embedded voices that are not there are brought in first.
    fn open(&self, plan: &Plan, troupe: &mut Troupe, observer: &dyn Observer) -> Result<()> {
        let needed: BTreeSet<String> = (plan.jobs().map(|job| &job.backend))
            .filter(|backend| !troupe.contains_key(*backend))
            .cloned()
            .collect();
        if !needed.is_empty() {
            troupe.extend(
                self.studio
                    .open(&needed, &folders::data_folder()?, observer)?,
            );
        }
        Ok(())
    }
}

/// Speaks, and keeps how long that took if one backend did it all.
fn timed(plan: &mut Plan, studio: &Studio, troupe: &Troupe, means: &Means<'_>) -> Result<()> {
    let lacking: BTreeMap<ClipId, String> = plan
        .jobs()
        .map(|job| (job.clip, job.backend.clone()))
        .collect();
    let started = Instant::now();
    let Means {
        cache,
        manner,
        observer,
    } = *means;
    record::perform(plan, studio, troupe, cache, manner, observer)?;
    let work = started.elapsed().as_secs_f64();
    let clips = lacking.keys().filter_map(|clip| plan.clips.get(clip));
    let sound = clips.map(|clip| clip.frames.seconds(clip.rate)).sum();
    let backends: BTreeSet<&String> = lacking.values().collect();
    if let Some(backend) = backends.first().filter(|_| backends.len() == 1) {
        // The book does not need it: that it could not be written is no reason to stop.
        let engine = &studio.booth(Some(backend))?.engine;
        let _ = record::keep_pace(cache, engine, work, sound);
    }
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
