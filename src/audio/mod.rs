//! Sound as plain samples, and the unit the mixer counts in.

mod decode;
pub(crate) mod draft;
mod edits;
pub mod filter;
mod gain;
pub mod limiter;
pub mod loudness;
pub mod pcm;
pub mod resample;
mod streamed;
pub mod trim;
pub mod wav;

pub use decode::decode;
pub use gain::Gain;

use std::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Serialize};

/// A length or a position, counted in samples of one channel.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Frames(u64);

impl Frames {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// As many frames as given.
    pub const fn new(frames: u64) -> Self {
        Self(frames)
    }

    /// The count itself.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The count as an index or a length in memory.
    pub fn to_usize(self) -> usize {
        usize::try_from(self.0).expect("sound in memory is shorter than the address space")
    }

    /// The same time counted at another rate, to the nearest frame.
    pub fn at_rate(self, from: u32, to: u32) -> Self {
        let (from, to) = (u128::from(from), u128::from(to));
        Self(((u128::from(self.0) * to + from / 2) / from) as u64)
    }

    /// The frames nearest to `seconds` (not negative) at `rate` Hz.
    pub fn from_seconds(seconds: f64, rate: u32) -> Self {
        Self((seconds.max(0.0) * f64::from(rate)).round() as u64)
    }

    /// The time in seconds at `rate` Hz.
    pub fn seconds(self, rate: u32) -> f64 {
        self.0 as f64 / f64::from(rate)
    }
}

impl Add for Frames {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Frames {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Frames {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl std::iter::Sum for Frames {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

/// Mono sound at its own rate, samples within `-1.0..=1.0`.
#[derive(Clone, Debug, PartialEq)]
pub struct Audio {
    /// Samples a second, in Hz.
    pub rate: u32,
    /// The samples, front to back.
    pub samples: Vec<f32>,
}

impl Audio {
    /// How long it is, in frames of its own rate.
    pub fn frames(&self) -> Frames {
        Frames::new(self.samples.len() as u64)
    }

    /// How long it is, in seconds.
    pub fn seconds(&self) -> f64 {
        self.frames().seconds(self.rate)
    }
}
