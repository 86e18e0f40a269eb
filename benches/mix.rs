//! How fast a book is mixed and encoded, and in how much memory: `cargo bench --bench mix -- [MINUTES]`.

use std::{collections::HashMap, f32::consts::TAU, fs, time::Instant};

use fullcast::{
    Error, Result,
    audio::Audio,
    clip::{ClipId, ClipKey},
    export::{self, Book},
    mix::{self, Delivery, Measured, Pacing, Part, Timeline},
    script::Pause,
    speech::{Engine, Utterance},
};

/// Clips that every book is made of, again and again.
const CLIPS: usize = 24;

/// How many of them make a chapter.
const LINES: usize = 200;

/// Length of the short book, in minutes.
const SHORT: u32 = 5;

fn main() -> Result<()> {
    let minutes = std::env::args().find_map(|argument| argument.parse().ok());
    let studio = Studio::new();
    let seconds = studio.seconds();
    studio.report("measure", seconds, || {
        for clip in studio.clips.values() {
            mix::measure(clip);
        }
        Ok(())
    })?;
    for minutes in [SHORT, minutes.unwrap_or(60)] {
        let timeline = studio.book(minutes);
        let seconds = timeline.length.seconds(timeline.rate);
        println!("{minutes} minutes, {} clips", timeline.cues.len());
        studio.report("mix", seconds, || {
            mix::render(&timeline, &|clip| studio.load(clip), &mut |_| Ok(()))
        })?;
        for format in export::FORMATS {
            let name = format!("mix and write {}", format.extension);
            studio.report(&name, seconds, || studio.write(&timeline, format.extension))?;
        }
    }
    Ok(())
}

/// Clips by name, and what was measured of them.
struct Studio {
    clips: HashMap<ClipId, Audio>,
    takes: Vec<(ClipId, Measured)>,
}

impl Studio {
    fn new() -> Self {
        let engine = Engine {
            name: "bench".into(),
            version: "1".into(),
        };
        let (mut clips, mut takes) = (HashMap::new(), Vec::new());
        for number in 0..CLIPS {
            let name = number.to_string();
            let utterance = Utterance::plain(&name, "");
            let clip = ClipKey::new(&engine, utterance).id();
            let audio = babble(2.0 + number as f32 * 0.2, 90.0 + number as f32 * 6.0);
            takes.push((clip, mix::measure(&audio)));
            clips.insert(clip, audio);
        }
        Self { clips, takes }
    }

    fn seconds(&self) -> f64 {
        self.clips.values().map(Audio::seconds).sum()
    }

    fn load(&self, clip: ClipId) -> Result<Audio> {
        let audio = self.clips.get(&clip).cloned();
        audio.ok_or_else(|| Error::invalid("no such clip", ""))
    }

    /// A book of at least so many minutes, six voices taking turns.
    fn book(&self, minutes: u32) -> Timeline {
        let voices = ["ann", "ben", "cat", "dan", "eve", "fay"];
        let each = self.seconds() / CLIPS as f64;
        let count = (f64::from(minutes) * 60.0 / each).ceil() as usize;
        let parts: Vec<Part<'_>> = (0..count)
            .map(|line| (line, &self.takes[line * 7 % CLIPS]))
            .map(|(line, (clip, measured))| Part {
                clip: *clip,
                rate: self.clips[clip].rate,
                measured,
                voice: voices[line % voices.len()],
                pause: Pause::Paragraph,
                delivery: Delivery::default(),
                chapter: line / LINES,
                line,
            })
            .collect();
        mix::arrange(&parts, &[], &Pacing::default(), export::RATE)
    }

    fn write(&self, timeline: &Timeline, extension: &str) -> Result<()> {
        let book = Book {
            title: "Bench".into(),
            ..Book::default()
        };
        let folder = tempfile::tempdir().expect("a folder for temporary files");
        let path = folder.path().join("book").with_extension(extension);
        export::write(&book, timeline, &|clip| self.load(clip), &path, &mut |_| ()).map(drop)
    }

    /// Does some work on so many seconds of sound and tells how long it took.
    fn report(&self, what: &str, seconds: f64, work: impl FnOnce() -> Result<()>) -> Result<()> {
        let (clock, worked) = (Instant::now(), processor_time());
        work()?;
        let wall = seconds / clock.elapsed().as_secs_f64();
        let core = match (worked, processor_time()) {
            (Some(before), Some(after)) => format!("{:.0}", seconds / (after - before)),
            _ => "unknown".into(),
        };
        let clips: usize = self.clips.values().map(|clip| clip.samples.len() * 4).sum();
        let peak = peak_memory().map_or("unknown".into(), |kib| {
            format!(
                "{:.1} MiB",
                kib as f64 / 1_024.0 - clips as f64 / 1_048_576.0
            )
        });
        println!(
            "  {what:<18} {core:>5} x real time a core, {wall:5.0} x by the clock, peak {peak} beside the clips"
        );
        Ok(())
    }
}

/// The seconds that processors have worked for this process so far, where the system tells.
fn processor_time() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/schedstat").ok()?;
    let nanoseconds: f64 = status.split_whitespace().next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}

/// The most memory this process has held so far, in KiB, where the system tells.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Something like speech at 24 kHz: a buzz that opens and closes, a hiss, silence at both ends.
fn babble(seconds: f32, pitch: f32) -> Audio {
    let rate = 24_000;
    let mut noise = 0x2545_f491u32;
    let samples = (0..((seconds + 0.5) * rate as f32) as usize)
        .map(|index| index as f32 / rate as f32 - 0.2)
        .map(|t| {
            if !(0.0..seconds).contains(&t) {
                return 0.0;
            }
            noise ^= noise << 13;
            noise ^= noise >> 17;
            noise ^= noise << 5;
            let hiss = noise as f32 / u32::MAX as f32 - 0.5;
            let open = (TAU * 2.0 * t).sin().abs();
            let buzz: f32 = (1..=14)
                .map(|k| k as f32)
                .map(|k| (TAU * pitch * k * t + k * k).cos() / (1.0 + 0.25 * k))
                .sum();
            0.3 * (open * buzz * 0.2 + (1.0 - open) * 0.05 * hiss)
        })
        .collect();
    Audio { rate, samples }
}
