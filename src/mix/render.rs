//! From a timeline to samples, in a memory that does not grow with the book.

use std::f32::consts::PI;

use super::{Cue, Timeline, tone};
use crate::{
    Error, Result,
    audio::{Audio, Frames, filter, limiter::Limiter, resample::Resampler},
    clip::ClipId,
};

/// Samples made at a time.
const BLOCK: usize = 4_096;

/// How long a clip takes to come in and to go out, in seconds: too short to hear, long enough not to click.
const FADE: f64 = 0.005;

/// Plays a timeline into `sink`, block after block, exactly [`Timeline::length`] samples in all.
///
/// `load` gives a clip; it is asked for each cue in turn, and one clip is held at a time. The same timeline and
/// clips always give the same samples. A clip that is not what was measured is an error.
pub fn render(
    timeline: &Timeline,
    load: &dyn Fn(ClipId) -> Result<Audio>,
    sink: &mut dyn FnMut(&[f32]) -> Result<()>,
) -> Result<()> {
    let mut stage = Stage::new(timeline, load);
    let mut limiter = Limiter::new(timeline.ceiling.factor() as f32, timeline.rate);
    let mut unheard = limiter.latency().to_usize();
    let end = timeline.length.get() + limiter.latency().get();
    let mut block = [0.0; BLOCK];
    let mut position = 0;
    while position < end {
        let length = BLOCK.min((end - position) as usize);
        let block = &mut block[..length];
        block.fill(0.0);
        stage.play(position, block)?;
        tone::add(position, block);
        limiter.process(block);
        let late = unheard.min(length);
        unheard -= late;
        if late < length {
            sink(&block[late..])?;
        }
        position += length as u64;
    }
    Ok(())
}

/// Where clips sound.
struct Stage<'a> {
    load: &'a dyn Fn(ClipId) -> Result<Audio>,
    waiting: &'a [Cue],
    sounding: Vec<Sounding>,
    resampler: Resampler,
    fade: usize,
}

/// A clip that has begun, ready to be added to the mix.
struct Sounding {
    start: u64,
    samples: Vec<f32>,
}

impl Sounding {
    fn end(&self) -> u64 {
        self.start + self.samples.len() as u64
    }
}

impl<'a> Stage<'a> {
    fn new(timeline: &'a Timeline, load: &'a dyn Fn(ClipId) -> Result<Audio>) -> Self {
        Self {
            load,
            waiting: &timeline.cues,
            sounding: Vec::new(),
            resampler: Resampler::new(timeline.rate),
            fade: Frames::from_seconds(FADE, timeline.rate).to_usize(),
        }
    }

    /// Adds to `block`, which begins at `position`, all that sounds there.
    fn play(&mut self, position: u64, block: &mut [f32]) -> Result<()> {
        let end = position + block.len() as u64;
        self.sounding.retain(|sounding| {
            add(sounding, position, block);
            sounding.end() > end
        });
        while let Some((cue, later)) = self.waiting.split_first()
            && cue.start.get() < end
        {
            self.waiting = later;
            let sounding = self.prepare(cue)?;
            add(&sounding, position, block);
            if sounding.end() > end {
                self.sounding.push(sounding);
            }
        }
        Ok(())
    }

    fn prepare(&mut self, cue: &Cue) -> Result<Sounding> {
        let mut audio = (self.load)(cue.clip)?;
        if audio.rate != cue.rate || audio.frames() < cue.to || cue.from > cue.to {
            return Err(changed(cue));
        }
        filter::high_pass(&mut audio.samples, audio.rate);
        let heard = &audio.samples[cue.from.to_usize()..cue.to.to_usize()];
        let mut samples = self.resampler.run(heard, audio.rate)?.into_owned();
        fade(&mut samples, self.fade);
        let factor = cue.gain.factor() as f32;
        for sample in &mut samples {
            *sample *= factor;
        }
        Ok(Sounding {
            start: cue.start.get(),
            samples,
        })
    }
}

/// Adds the part of a clip that falls into the block.
fn add(sounding: &Sounding, position: u64, block: &mut [f32]) {
    let from = sounding.start.max(position);
    let to = sounding.end().min(position + block.len() as u64);
    if from < to {
        let source = &sounding.samples[(from - sounding.start) as usize..];
        let target = &mut block[(from - position) as usize..(to - position) as usize];
        for (sum, sample) in target.iter_mut().zip(source) {
            *sum += sample;
        }
    }
}

/// Brings a clip in and out along half a cosine.
fn fade(samples: &mut [f32], length: usize) {
    let length = length.min(samples.len() / 2);
    let last = samples.len();
    for step in 0..length {
        let gain = 0.5 - 0.5 * (PI * step as f32 / length as f32).cos();
        samples[step] *= gain;
        samples[last - 1 - step] *= gain;
    }
}

fn changed(cue: &Cue) -> Error {
    Error::invalid(
        format!(
            "clip `{}` of line {} is not the one that was measured",
            cue.clip,
            cue.line + 1
        ),
        "remove it from the cache with `fullcast cache clean` and make the book again",
    )
}
