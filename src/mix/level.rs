//! How loud each clip is played: every voice alike over the whole book, then the book as a whole.

use std::collections::BTreeMap;

use super::{Part, Timeline};
use crate::audio::{
    Frames, Gain,
    loudness::{self, BLOCKS, Block},
};

/// The true peak that the mix may have.
///
/// A lossy encoder adds up to about 1 dB to it; what is decoded again must stay below −3 dBFS for ACX.
pub(super) const CEILING: Gain = Gain::hundredths(-450);

/// The gated loudness of a finished book, in LUFS.
const TARGET: f64 = -19.5;

/// The level of the whole file, silence too, that ACX asks for is −23 to −18 dBFS; this keeps clear of its ends.
const LEVELS: std::ops::RangeInclusive<f64> = -22.2..=-18.8;

/// How much of what the limiter takes off a block's highest peak it takes off the whole block, in dB per dB.
///
/// Set by comparing predicted with rendered books of neural voices, at 5 and at 9 dB of gain.
const LOSS: f64 = 0.85;

/// As if every voice had also been heard this long, in seconds, as loud as the book is on average.
///
/// One shouted word says little about how loud a voice is: the less was heard of it, the less it is changed.
const DOUBT: f64 = 1.0;

/// The most that a voice is raised or lowered against the others, in dB.
const MOST: f64 = 15.0;

/// The most that a whole book is raised, in dB: what is quieter still is more noise than speech.
const RAISED: f64 = 30.0;

/// Sets the gain of every cue; `parts` are what the cues were made from, in the same order.
pub(super) fn set(timeline: &mut Timeline, parts: &[Part<'_>]) {
    let voices = balance(parts);
    let master = master(timeline, parts, &voices);
    for (cue, part) in timeline.cues.iter_mut().zip(parts) {
        cue.gain = Gain::decibels(voices[part.voice] + master) + part.delivery.gain();
    }
}

/// The gain in dB that makes each voice as loud as the book, measured over all that it says.
fn balance<'a>(parts: &[Part<'a>]) -> BTreeMap<&'a str, f64> {
    let mut voices: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for part in parts {
        let heard = voices.entry(part.voice).or_default();
        heard.extend(part.measured.loudness.blocks.iter().map(weighted));
    }
    let book = loudness::gated(voices.values().flatten().copied());
    let gain = |heard: Vec<f64>| {
        let seconds = heard.len() as f64 / f64::from(BLOCKS);
        let (book, voice) = (book?, loudness::gated(heard)?);
        let trusted = seconds / (seconds + DOUBT);
        Some(((book - voice) * trusted).clamp(-MOST, MOST))
    };
    voices
        .into_iter()
        .map(|(voice, heard)| (voice, gain(heard).unwrap_or_default()))
        .collect()
}

/// The gain in dB that brings the whole book to its loudness and its level.
///
/// The limiter takes some of it away again, so it is raised until what is left is enough, or nearly so where
/// that would crush the peaks: each round then finds less than the one before.
fn master(timeline: &Timeline, parts: &[Part<'_>], voices: &BTreeMap<&str, f64>) -> f64 {
    let mut gain: f64 = 0.0;
    for _ in 0..12 {
        let Some(found) = loudness::gated(played(timeline, parts, voices, gain, weighted)) else {
            return 0.0;
        };
        gain = (gain + TARGET - found).min(RAISED);
    }
    let powers = played(timeline, parts, voices, gain, |block| {
        f64::from(block.power)
    });
    let level = 10.0 * (powers.iter().sum::<f64>() / powers.len() as f64).log10();
    (gain + level.clamp(*LEVELS.start(), *LEVELS.end()) - level).min(RAISED)
}

/// What `measure` says of every 100 ms of the book, played with the voices' gains and `master`; 0 in silences.
fn played(
    timeline: &Timeline,
    parts: &[Part<'_>],
    voices: &BTreeMap<&str, f64>,
    master: f64,
    measure: fn(&Block) -> f64,
) -> Vec<f64> {
    let place = |at: Frames| at.at_rate(timeline.rate.max(1), BLOCKS).to_usize();
    let mut book = vec![0.0; place(timeline.length) + 1];
    for (cue, part) in timeline.cues.iter().zip(parts) {
        let gain = voices[part.voice] + master + part.delivery.gain().to_decibels();
        let factor = 10f64.powf(gain / 20.0);
        let blocks = &part.measured.loudness.blocks;
        for (sum, block) in book[place(cue.start)..].iter_mut().zip(blocks) {
            *sum += measure(&limited(block.scaled(factor)));
        }
    }
    book
}

/// What the limiter leaves of a block.
///
/// It closes 5 ms before a peak and opens over 60 ms after it; a voice has a peak every 5 to 10 ms, so it stays
/// nearly as far closed as the block's highest peak asks.
fn limited(block: Block) -> Block {
    let over = f64::from(block.peak) / CEILING.factor();
    if over > 1.0 {
        block.scaled(over.powf(-LOSS))
    } else {
        block
    }
}

fn weighted(block: &Block) -> f64 {
    f64::from(block.weighted)
}
