//! Recorded clips and the keys they are kept under.

use std::fmt;

use crate::audio::Frames;

/// Names a clip by the hash of everything that decided how it sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClipId(blake3::Hash);

impl ClipId {
    /// The clip with this hash.
    pub fn new(hash: blake3::Hash) -> Self {
        Self(hash)
    }
}

impl fmt::Display for ClipId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A clip as the mixer sees it, before any of its samples is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clip {
    /// Its name.
    pub id: ClipId,
    /// Samples a second, in Hz.
    pub rate: u32,
    /// Its length.
    pub frames: Frames,
}
