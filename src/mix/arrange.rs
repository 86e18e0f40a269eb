//! From the clips' lengths and loudness to a timeline, without touching a sample.

use super::{Cue, Delivery, Mark, Measured, Pacing, Timeline, level, pacing::frames};
use crate::{
    audio::{Frames, Gain},
    clip::ClipId,
    script::Pause,
};

/// Chapters begin on multiples of this: the length of an AAC packet, so that chapters can be encoded apart.
const GRID: u64 = 1_024;

/// What the book's length leaves over beyond whole packets.
///
/// With the encoder's delay of 1,600 samples the last packet is then full, and players that do not know the
/// true length add nothing.
const REST: u64 = 448;

/// One utterance, recorded and measured.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// Its clip.
    pub clip: ClipId,
    /// The clip's rate, in Hz, not zero.
    pub rate: u32,
    /// Where in the clip the speech is, and how loud.
    pub measured: &'a Measured,
    /// Who speaks; clips of one voice are levelled together.
    pub voice: &'a str,
    /// The silence after it.
    pub pause: Pause,
    /// Its manner.
    pub delivery: Delivery,
    /// Index of its chapter.
    pub chapter: usize,
    /// Index of the line it speaks, all or part of it.
    pub line: usize,
}

/// Lays parts one after another at `rate` Hz and decides how loud each is played.
///
/// `chapters` holds each chapter's title; a chapter without parts gets no mark. Where the chapter changes, or
/// the book ends, the silence is the chapter's or the book's, whatever [`Part::pause`] says.
pub fn arrange(
    parts: &[Part<'_>],
    chapters: &[Option<String>],
    pacing: &Pacing,
    rate: u32,
) -> Timeline {
    let mut timeline = Timeline {
        rate,
        ceiling: level::CEILING,
        cues: Vec::with_capacity(parts.len()),
        marks: Vec::new(),
        length: Frames::ZERO,
    };
    let mut at = Frames::ZERO;
    for (index, part) in parts.iter().enumerate() {
        if index == 0 || parts[index - 1].chapter != part.chapter {
            at = up_to(at, 0);
            timeline.marks.push(Mark {
                title: chapters.get(part.chapter).cloned().flatten(),
                start: at,
            });
            at += frames(pacing.head, rate);
        }
        let cue = cue(part, at, rate);
        at = cue.end() + frames(silence(part, parts.get(index + 1), pacing), rate);
        timeline.cues.push(cue);
    }
    if parts.is_empty() {
        at = frames(pacing.head + pacing.tail, rate);
    }
    timeline.length = up_to(at, REST);
    level::set(&mut timeline, parts);
    timeline
}

fn cue(part: &Part<'_>, start: Frames, rate: u32) -> Cue {
    let Measured { from, to, .. } = *part.measured;
    Cue {
        clip: part.clip,
        rate: part.rate,
        from,
        to,
        start,
        length: (to.max(from) - from).at_rate(part.rate.max(1), rate),
        gain: Gain::UNITY,
        line: part.line,
        chapter: part.chapter,
    }
}

/// The silence after a part, in seconds.
fn silence(part: &Part<'_>, next: Option<&Part<'_>>, pacing: &Pacing) -> f64 {
    match next {
        None => pacing.tail,
        Some(next) if next.chapter != part.chapter => pacing.chapter,
        Some(next) => {
            let answered = next.voice != part.voice;
            part.delivery.silence(part.pause, answered, pacing)
        }
    }
}

/// The first position from `at` on that lies `rest` beyond a multiple of [`GRID`].
fn up_to(at: Frames, rest: u64) -> Frames {
    let over = (at.get() + GRID - rest) % GRID;
    Frames::new(at.get() + (GRID - over) % GRID)
}
