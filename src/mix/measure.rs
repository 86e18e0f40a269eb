//! What the mixer must know of a clip before it can plan: measured once, good for every mix.

use serde::{Deserialize, Serialize};

use crate::audio::{Audio, Frames, filter, loudness::Loudness, trim};

/// Where a clip's speech is and how loud.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Where the speech begins, in frames of the clip.
    pub from: Frames,
    /// Where it ends.
    pub to: Frames,
    /// The loudness from there to there.
    pub loudness: Loudness,
}

/// Measures a clip as [`render`](super::render()) will play it.
pub fn measure(audio: &Audio) -> Measured {
    let mut samples = audio.samples.clone();
    filter::high_pass(&mut samples, audio.rate);
    let speech = trim::speech(&samples, audio.rate);
    let heard = &samples[speech.start.to_usize()..speech.end.to_usize()];
    Measured {
        from: speech.start,
        to: speech.end,
        loudness: Loudness::of(heard, audio.rate),
    }
}
