//! Lays recorded clips in time and turns the plan into sound.

mod arrange;
mod delivery;
mod level;
mod measure;
mod pacing;
mod render;
mod tone;

pub use arrange::{Part, arrange};
pub use delivery::Delivery;
pub use measure::{Measured, measure};
pub use pacing::Pacing;
pub use render::render;

use serde::Serialize;

use crate::{
    audio::{Frames, Gain},
    clip::ClipId,
};

/// A whole book as a plan in whole samples: all that is written of it comes from here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Timeline {
    /// Samples a second, in Hz. Every position and length is counted at this rate where nothing else is said.
    pub rate: u32,
    /// The level that no peak of the mix may pass, relative to full scale.
    pub ceiling: Gain,
    /// What sounds, in order; no two at once.
    pub cues: Vec<Cue>,
    /// Where chapters begin, in order, the first at 0; none if there are no cues.
    pub marks: Vec<Mark>,
    /// How long the book is.
    pub length: Frames,
}

/// One clip at its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cue {
    /// Which clip.
    pub clip: ClipId,
    /// The clip's own rate, in Hz.
    pub rate: u32,
    /// Where in the clip its sound begins, counted at its own rate.
    pub from: Frames,
    /// Where in the clip its sound ends, counted at its own rate.
    pub to: Frames,
    /// Where in the book it begins.
    pub start: Frames,
    /// How long it is in the book.
    pub length: Frames,
    /// How much louder it is played.
    pub gain: Gain,
    /// The line it speaks, as [`Part::line`] gave it.
    pub line: usize,
    /// The chapter it belongs to, as [`Part::chapter`] gave it.
    pub chapter: usize,
}

impl Cue {
    /// Where in the book it ends.
    pub fn end(&self) -> Frames {
        self.start + self.length
    }
}

/// The beginning of a chapter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// The chapter's title, if it has one.
    pub title: Option<String>,
    /// Where it begins; its first words come [`Pacing::head`] later.
    pub start: Frames,
}
