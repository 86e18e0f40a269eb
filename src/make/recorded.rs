//! Clips spoken and measured until all are whole.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Instant,
};

use super::{Means, Production, folder_of};

use crate::{
    Error, Result,
    clip::{ClipCache, ClipId},
    event::{Event, Observer},
    folders,
    mix::{self, Measured},
    record::{self, Manner, Plan, Recogniser},
    speech::Troupe,
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
        let recogniser = Recogniser::new(&self.config.check, folder_of(&self.path))?;
        cache.touch(plan.clips.keys().copied());
        for round in 0..MENDINGS {
            self.open(plan, &mut troupe, observer)?;
            if round == 0 {
                observer.on(&self.planned(plan, cache));
            }
            timed(plan, self, &troupe, recogniser.as_ref(), means)?;
            let measured = measure(plan, cache)?;
            let damaged = plan.clips.len() - measured.len();
            if damaged == 0 {
                self.bound(plan, cache, observer)?;
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

    /// Holds the cache to its size; the clips of this book stay, whatever the size.
    fn bound(&self, plan: &Plan, cache: &ClipCache, observer: &dyn Observer) -> Result<()> {
        let most = (self.config.cache.limit * 1e9) as u64;
        let gone = cache.bound(most, &|clip| plan.clips.contains_key(&clip))?;
        if gone.clips > 0 {
            let message = format!(
                "{} clips that were not used for longest are gone: the cache holds {} GB (`[cache] limit`)",
                gone.clips, self.config.cache.limit
            );
            observer.on(&Event::Note { message: &message });
        }
        Ok(())
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
fn timed(
    plan: &mut Plan,
    production: &Production,
    troupe: &Troupe,
    recogniser: Option<&Recogniser>,
    means: &Means<'_>,
) -> Result<()> {
    let studio = &production.studio;
    let lacking: BTreeMap<ClipId, String> = plan
        .jobs()
        .map(|job| (job.clip, job.backend.clone()))
        .collect();
    let started = Instant::now();
    let Means {
        cache,
        keep_going,
        observer,
    } = *means;
    let manner = Manner {
        keep_going,
        recogniser,
    };
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
