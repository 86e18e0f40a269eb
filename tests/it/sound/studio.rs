//! Clips made of nothing, and books made of them.

use std::{cell::RefCell, collections::HashMap, f32::consts::TAU};

use fullcast::{
    Error, Result,
    audio::Audio,
    clip::{ClipId, ClipKey},
    mix::{self, Delivery, Measured, Pacing, Part, Timeline},
    script::Pause,
    speech::{Engine, Utterance},
};

/// Something like speech: a buzz at `pitch` Hz that opens and closes four times a second, with a hiss between,
/// and silence round it.
pub(super) fn babble(seconds: f32, pitch: f32, level: f32, rate: u32) -> Audio {
    let (lead, tail) = (0.15, 0.3);
    let total = ((seconds + lead + tail) * rate as f32) as usize;
    let mut noise = 0x2545_f491u32;
    let samples = (0..total)
        .map(|index| {
            let t = index as f32 / rate as f32 - lead;
            if !(0.0..seconds).contains(&t) {
                return 0.0;
            }
            noise ^= noise << 13;
            noise ^= noise >> 17;
            noise ^= noise << 5;
            let hiss = noise as f32 / u32::MAX as f32 - 0.5;
            let open = (TAU * 2.0 * t).sin().abs();
            let drawl = 0.55 + 0.45 * (TAU * 0.7 * t + pitch).sin();
            let buzz: f32 = (1..=14)
                .map(|k| k as f32)
                .map(|k| (TAU * pitch * k * t + k * k).cos() / (1.0 + 0.25 * k))
                .sum();
            level * drawl * (open * buzz * 0.2 + (1.0 - open) * 0.05 * hiss)
        })
        .collect();
    Audio { rate, samples }
}

/// The name a test gives a clip.
pub(super) fn clip_id(name: &str) -> ClipId {
    let engine = Engine {
        name: "test".into(),
        version: "1".into(),
    };
    let utterance = Utterance::plain(name, "");
    ClipKey::new(&engine, utterance).id()
}

/// A recording session: collects parts, then arranges them.
#[derive(Default)]
pub(super) struct Studio {
    clips: HashMap<ClipId, Audio>,
    takes: Vec<Take>,
    loads: RefCell<usize>,
}

struct Take {
    clip: ClipId,
    rate: u32,
    measured: Measured,
    voice: String,
    pause: Pause,
    delivery: Delivery,
    chapter: usize,
}

impl Studio {
    /// A book of `chapters` chapters with three voices of very different loudness, a few lines each.
    pub(super) fn of_chapters(chapters: usize) -> Self {
        let mut studio = Self::default();
        for chapter in 0..chapters {
            studio.say(
                "narrator",
                chapter,
                Pause::Heading,
                babble(0.8, 110.0, 0.30, 24_000),
            );
            for turn in 0..3 {
                let length = 1.5 + turn as f32 * 0.4;
                studio.say(
                    "narrator",
                    chapter,
                    Pause::Turn,
                    babble(length, 110.0, 0.30, 24_000),
                );
                studio.say(
                    "alice",
                    chapter,
                    Pause::Turn,
                    babble(length, 210.0, 0.1, 24_000),
                );
                studio.say(
                    "bruno",
                    chapter,
                    Pause::Paragraph,
                    babble(length, 90.0, 0.60, 22_050),
                );
            }
        }
        studio
    }

    /// Records one more part.
    pub(super) fn say(&mut self, voice: &str, chapter: usize, pause: Pause, audio: Audio) {
        let clip = clip_id(&format!("{voice} {}", self.takes.len()));
        self.takes.push(Take {
            clip,
            rate: audio.rate,
            measured: mix::measure(&audio),
            voice: voice.to_owned(),
            pause,
            delivery: Delivery::default(),
            chapter,
        });
        self.clips.insert(clip, audio);
    }

    /// Has a part said in another manner.
    pub(super) fn direct(&mut self, take: usize, delivery: Delivery) {
        self.takes[take].delivery = delivery;
    }

    /// Puts other sound where a clip was.
    pub(super) fn swap(&mut self, take: usize, audio: Audio) {
        self.clips.insert(self.takes[take].clip, audio);
    }

    /// All parts, as the mixer wants them.
    pub(super) fn parts(&self) -> Vec<Part<'_>> {
        self.takes
            .iter()
            .enumerate()
            .map(|(line, take)| Part {
                clip: take.clip,
                rate: take.rate,
                measured: &take.measured,
                voice: &take.voice,
                pause: take.pause,
                delivery: take.delivery,
                chapter: take.chapter,
                line,
            })
            .collect()
    }

    /// The timeline at 44.1 kHz with ordinary pacing.
    pub(super) fn arrange(&self, titles: &[Option<String>]) -> Timeline {
        mix::arrange(&self.parts(), titles, &Pacing::default(), 44_100)
    }

    /// A clip, for the renderer.
    pub(super) fn load(&self, clip: ClipId) -> Result<Audio> {
        *self.loads.borrow_mut() += 1;
        let audio = self.clips.get(&clip).cloned();
        audio.ok_or_else(|| Error::invalid("the clip is gone", "record it again"))
    }

    /// How many clips were asked for.
    pub(super) fn loads(&self) -> usize {
        *self.loads.borrow()
    }

    /// All samples of a timeline.
    pub(super) fn render(&self, timeline: &Timeline) -> Vec<f32> {
        let mut samples = Vec::new();
        mix::render(timeline, &|clip| self.load(clip), &mut |block| {
            samples.extend_from_slice(block);
            Ok(())
        })
        .unwrap();
        samples
    }
}

/// Titles for chapters that all have one.
pub(super) fn titles<T: AsRef<str>>(titles: impl IntoIterator<Item = T>) -> Vec<Option<String>> {
    titles
        .into_iter()
        .map(|title| Some(title.as_ref().to_owned()))
        .collect()
}
