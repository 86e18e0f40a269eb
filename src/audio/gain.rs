//! A level or a gain in whole hundredths of a decibel, so that it can be compared, printed and repeated exactly.

use std::{
    fmt,
    ops::{Add, Sub},
};

use serde::{Deserialize, Serialize};

/// A gain, or a level relative to full scale, in hundredths of a decibel.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Gain(i32);

impl Gain {
    /// Leaves the samples as they are.
    pub const UNITY: Self = Self(0);

    /// As many hundredths of a decibel as given.
    pub const fn hundredths(hundredths: i32) -> Self {
        Self(hundredths)
    }

    /// The gain nearest to `decibels`; not a number counts as none.
    pub fn decibels(decibels: f64) -> Self {
        Self((decibels * 100.0).round() as i32)
    }

    /// The gain in decibels.
    pub fn to_decibels(self) -> f64 {
        f64::from(self.0) / 100.0
    }

    /// The factor to multiply samples with.
    pub fn factor(self) -> f64 {
        10f64.powf(self.to_decibels() / 20.0)
    }
}

impl Add for Gain {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Gain {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl fmt::Display for Gain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:+.2} dB", self.to_decibels())
    }
}
