//! Sound at another rate.

use std::{borrow::Cow, collections::BTreeMap};

use audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler as _, WindowFunction};

use super::Frames;
use crate::{Error, Result};

/// About as many input samples are worked on at a time; decides how sharp the filter is.
const BLOCK: u32 = 512;

/// Brings sound to one rate; keeps what it prepared for each rate it has met.
pub struct Resampler {
    to: u32,
    prepared: BTreeMap<u32, Fft<f32>>,
}

impl Resampler {
    /// A resampler to `to` Hz.
    pub fn new(to: u32) -> Self {
        Self {
            to,
            prepared: BTreeMap::new(),
        }
    }

    /// The samples at the new rate, exactly [`Frames::at_rate`] of them and in step with the old ones.
    ///
    /// Nothing is copied when the rate is the wanted one already. A rate of zero is an error.
    pub fn run<'a>(&mut self, samples: &'a [f32], from: u32) -> Result<Cow<'a, [f32]>> {
        if from == self.to || samples.is_empty() {
            return Ok(Cow::Borrowed(samples));
        }
        let filter = self.prepare(from)?;
        let mut output = vec![0.0; filter.process_all_needed_output_len(samples.len())];
        filter.reset();
        convert(filter, samples, &mut output).map_err(|problem| failed(from, self.to, &problem))?;
        let frames = Frames::new(samples.len() as u64).at_rate(from, self.to);
        output.resize(frames.to_usize(), 0.0);
        Ok(Cow::Owned(output))
    }

    fn prepare(&mut self, from: u32) -> Result<&mut Fft<f32>> {
        use std::collections::btree_map::Entry;
        match self.prepared.entry(from) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(new) => {
                let filter =
                    filter(from, self.to).map_err(|problem| failed(from, self.to, &problem))?;
                Ok(new.insert(filter))
            }
        }
    }
}

/// A filter whose blocks are even at both rates: its delay is half a block, and so a whole number of samples.
fn filter(from: u32, to: u32) -> Result<Fft<f32>, String> {
    let smallest = 2 * (from / divisor(from, to).max(1)) as usize;
    let block = (BLOCK as usize).next_multiple_of(smallest.max(1));
    let window = WindowFunction::BlackmanHarris2;
    Fft::new_custom(
        from as usize,
        to as usize,
        block,
        1,
        1,
        window,
        FixedSync::Both,
    )
    .map_err(|problem| problem.to_string())
}

/// The greatest common divisor.
fn divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { divisor(b, a % b) }
}

/// Runs the filter over all samples; the result stands at the front of `output`, its delay cut off.
fn convert(filter: &mut Fft<f32>, samples: &[f32], output: &mut [f32]) -> Result<(), String> {
    let room = output.len();
    let source = InterleavedSlice::new(samples, 1, samples.len()).map_err(|e| e.to_string())?;
    let mut target = InterleavedSlice::new_mut(output, 1, room).map_err(|e| e.to_string())?;
    filter
        .process_all_into_buffer(&source, &mut target, samples.len(), None)
        .map(drop)
        .map_err(|e| e.to_string())
}

fn failed(from: u32, to: u32, problem: &str) -> Error {
    Error::invalid(
        format!("could not bring sound from {from} Hz to {to} Hz: {problem}"),
        "record the clip again, at 24000 or 44100 Hz if the backend lets you choose",
    )
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;

    fn tone(hertz: f64, rate: u32, frames: usize) -> Vec<f32> {
        (0..frames)
            .map(|i| (2.0 * PI * hertz * i as f64 / f64::from(rate)).sin() as f32 * 0.5)
            .collect()
    }

    #[test]
    fn a_tone_keeps_its_pitch_its_level_and_its_place() {
        for from in [8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000] {
            let source = tone(440.0, from, from as usize);
            let mut resampler = Resampler::new(44_100);
            let result = resampler.run(&source, from).unwrap();
            let wanted = tone(440.0, 44_100, 44_100);
            assert_eq!(result.len(), wanted.len());
            let worst = result[2_000..42_000]
                .iter()
                .zip(&wanted[2_000..])
                .map(|(a, b)| (a - b).abs())
                .fold(0.0, f32::max);
            assert!(worst < 0.001, "{from} Hz is off by {worst}");
        }
    }

    #[test]
    fn lengths_are_exact_whatever_they_are() {
        let mut resampler = Resampler::new(44_100);
        for from in [8_000u32, 11_025, 23_999, 24_000, 96_000] {
            for frames in [0usize, 1, 2, 79, 80, 81, 1_000, 24_001] {
                let source = vec![0.1; frames];
                let result = resampler.run(&source, from).unwrap();
                let wanted = Frames::new(frames as u64).at_rate(from, 44_100);
                assert_eq!(result.len(), wanted.to_usize(), "{frames} at {from} Hz");
            }
        }
    }

    #[test]
    fn a_clip_sounds_the_same_whatever_came_before_it() {
        let clip = tone(200.0, 24_000, 5_000);
        let mut fresh = Resampler::new(44_100);
        let mut used = Resampler::new(44_100);
        used.run(&tone(900.0, 24_000, 7_777), 24_000).unwrap();
        assert_eq!(
            fresh.run(&clip, 24_000).unwrap(),
            used.run(&clip, 24_000).unwrap()
        );
    }

    #[test]
    fn a_rate_of_zero_is_an_error() {
        assert!(Resampler::new(44_100).run(&[0.0; 9], 0).is_err());
    }
}
