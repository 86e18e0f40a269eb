//! Whether a clip sounds like its text, without a model: what servers send now and then is cut short, stuck, or silence.

use std::{collections::BTreeMap, fmt, sync::Mutex};

use crate::audio::Audio;

/// English read aloud, in characters a second, until a voice's own rate is known.
const USUAL: f64 = 15.0;
/// So many clips tell a voice's rate.
const ENOUGH: usize = 4;
/// How many times slower or faster than expected a clip may be: for a voice that is not known yet, and for one that is.
const STRANGE: f64 = 3.0;
const KNOWN: f64 = 2.2;
/// What a short text may last beyond that, in seconds: breath, edges, a drawn-out word.
const SLACK: f64 = 1.2;
/// Texts shorter than this, in characters, may last as short as they like.
const SHORT: usize = 8;
/// Windows in which loudness is looked at, in seconds.
const WINDOW: f64 = 0.02;
/// What is quieter than this beside the loudest window is silence (-45 dB).
const QUIET: f32 = 0.005_6;
/// The quietest a clip may be, as the level of its loudest window (-50 dBFS).
const FAINT: f32 = 0.003_2;
/// Silence that is odd before or after the words, and between them, in seconds.
const EDGE: f64 = 2.5;
const HOLE: f64 = 1.8;
/// A sound that goes on so long without change is stuck, in seconds.
const STUCK: f64 = 1.5;
/// A clip whose last window is so loud beside the loudest ends in the middle of a sound (-14 dB).
const CUT: f32 = 0.2;
/// The same for its first millisecond: a voice may begin without any silence, but not from one sample to the next.
const LEAP: f32 = 0.5;
/// The largest share of samples at full scale.
const CLIPPED: f64 = 0.003;

/// What is doubtful about a clip; nothing if it sounds as it should.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Doubts(Vec<Doubt>);

#[derive(Clone, Debug, PartialEq)]
struct Doubt {
    what: String,
    weight: f64,
    useless: bool,
}

impl Doubts {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How bad it is.
    pub(super) fn weight(&self) -> f64 {
        self.0.iter().map(|doubt| doubt.weight).sum()
    }

    /// Whether it is no speech at all.
    pub(super) fn useless(&self) -> bool {
        self.0.iter().any(|doubt| doubt.useless)
    }

    /// Adds what a recogniser thinks.
    pub(super) fn hear(&mut self, doubt: Option<String>) {
        if let Some(what) = doubt {
            self.add(what, 3.0, false);
        }
    }

    fn add(&mut self, what: String, weight: f64, useless: bool) {
        self.0.push(Doubt {
            what,
            weight,
            useless,
        });
    }
}

impl fmt::Display for Doubts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<&str> = self.0.iter().map(|doubt| doubt.what.as_str()).collect();
        f.write_str(&texts.join(", "))
    }
}

/// How fast each voice speaks, learnt from clips that were beyond doubt.
#[derive(Debug, Default)]
pub(super) struct Habits(Mutex<BTreeMap<String, (usize, f64)>>);

impl Habits {
    /// Characters a second of `voice`, once enough was heard of it.
    pub(super) fn of(&self, voice: &str) -> Option<f64> {
        let habits = self.0.lock().expect("nothing panics with the lock");
        let (count, mean) = habits.get(voice)?;
        (*count >= ENOUGH).then_some(*mean)
    }

    pub(super) fn learn(&self, voice: &str, text: &str, audio: &Audio) {
        let characters = text.chars().count();
        let seconds = heard(audio);
        if characters < 2 * SHORT || seconds <= 0.0 {
            return;
        }
        let mut habits = self.0.lock().expect("nothing panics with the lock");
        let (count, mean) = habits.entry(voice.to_owned()).or_default();
        *count += 1;
        *mean += (characters as f64 / seconds - *mean) / *count as f64;
    }
}

/// What is doubtful about `audio` as `text` in a voice that speaks `rate` characters a second, if that is known.
pub fn doubts(audio: &Audio, text: &str, rate: Option<f64>) -> Doubts {
    let mut doubts = Doubts::default();
    if audio.samples.iter().any(|sample| !sample.is_finite()) {
        doubts.add("it holds samples that are no numbers".into(), 100.0, true);
        return doubts;
    }
    let levels = levels(audio);
    let loudest = levels.iter().copied().fold(0.0, f32::max);
    if loudest < FAINT {
        doubts.add("it is all but silent".into(), 100.0, true);
        return doubts;
    }
    let voiced: Vec<bool> = levels
        .iter()
        .map(|level| *level > loudest * QUIET)
        .collect();
    let first = voiced.iter().position(|voiced| *voiced).unwrap_or(0);
    let last = voiced.iter().rposition(|voiced| *voiced).unwrap_or(0);
    length((last + 1 - first) as f64 * WINDOW, text, rate, &mut doubts);
    let seconds = |windows: usize| windows as f64 * WINDOW;
    let before = seconds(first);
    let after = seconds(voiced.len() - 1 - last);
    if before > EDGE || after > EDGE {
        let silence = before.max(after);
        doubts.add(format!("{silence:.1} s of silence at an end"), 0.5, false);
    }
    let hole = seconds(longest(&voiced[first..=last], |voiced| !voiced));
    if hole > HOLE {
        doubts.add(format!("a hole of {hole:.1} s"), 1.0 + hole, false);
    }
    let stuck = seconds(steady(&levels[first..=last]));
    if stuck > STUCK {
        doubts.add(format!("one sound for {stuck:.1} s"), 2.0 + stuck, false);
    }
    // The window at the end may be shorter than the others, so the one before counts too.
    let tail = levels[levels.len().saturating_sub(2)..]
        .iter()
        .copied()
        .fold(1.0, f32::min);
    let start = &audio.samples[..audio.samples.len().min(audio.rate as usize / 1000)];
    if level(start) > loudest * LEAP {
        doubts.add("it begins in the middle of a sound".into(), 0.7, false);
    }
    if tail > loudest * CUT {
        doubts.add("it ends in the middle of a sound".into(), 1.0, false);
    }
    let full = audio
        .samples
        .iter()
        .filter(|sample| sample.abs() >= 0.999)
        .count();
    if full as f64 > CLIPPED * audio.samples.len() as f64 {
        doubts.add("it is clipped".into(), 1.0, false);
    }
    doubts
}

fn length(seconds: f64, text: &str, rate: Option<f64>, doubts: &mut Doubts) {
    let characters = text
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == ' ')
        .count();
    let expected = characters as f64 / rate.unwrap_or(USUAL);
    let times = if rate.is_some() { KNOWN } else { STRANGE };
    if seconds > expected * times + SLACK {
        let weight = seconds / expected.max(0.1);
        doubts.add(
            format!("{seconds:.1} s long, expected {expected:.1} s"),
            weight,
            false,
        );
    }
    if characters >= SHORT && seconds * times < expected {
        let weight = 2.0 * expected / seconds.max(0.02);
        doubts.add(
            format!("only {seconds:.1} s long, expected {expected:.1} s"),
            weight,
            false,
        );
    }
}

/// How long a clip sounds, silence at its ends not counted, in seconds.
fn heard(audio: &Audio) -> f64 {
    let levels = levels(audio);
    let loudest = levels.iter().copied().fold(0.0, f32::max);
    let voiced = |level: &f32| *level > loudest * QUIET;
    let first = levels.iter().position(voiced);
    let last = levels.iter().rposition(voiced);
    match (first, last) {
        (Some(first), Some(last)) => (last + 1 - first) as f64 * WINDOW,
        _ => 0.0,
    }
}

/// The root of the mean square of every window; never empty.
fn levels(audio: &Audio) -> Vec<f32> {
    let window = ((f64::from(audio.rate) * WINDOW) as usize).max(1);
    let levels: Vec<f32> = audio.samples.chunks(window).map(level).collect();
    if levels.is_empty() { vec![0.0] } else { levels }
}

/// The root of the mean square.
fn level(samples: &[f32]) -> f32 {
    (samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len().max(1) as f32).sqrt()
}

/// The longest run of windows that `holds`.
fn longest(windows: &[bool], holds: impl Fn(bool) -> bool) -> usize {
    let (mut run, mut longest) = (0, 0);
    for window in windows {
        run = if holds(*window) { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// The longest run of windows whose level stays within a tenth of the one before: no voice holds still so long.
fn steady(levels: &[f32]) -> usize {
    let (mut run, mut longest) = (0, 0);
    for two in levels.windows(2) {
        let same = two[0] > 0.0 && (two[1] / two[0] - 1.0).abs() < 0.1;
        run = if same { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    const RATE: u32 = 24_000;
    const TEXT: &str = "The ladder leaned against the wall, and nobody looked.";

    /// Syllables at 5 Hz for so many seconds, with silence round them.
    fn speech(seconds: f64) -> Vec<f32> {
        let sample = |n: usize| {
            let t = n as f64 / f64::from(RATE);
            let swell = 0.5 - 0.5 * (TAU * 5.0 * t).cos();
            (0.3 * swell * (TAU * 140.0 * t).sin()) as f32
        };
        let mut samples = vec![0.0; 2_400];
        samples.extend((0..(seconds * f64::from(RATE)) as usize).map(sample));
        samples.resize(samples.len() + 2_400, 0.0);
        samples
    }

    fn found(samples: Vec<f32>) -> String {
        let audio = Audio {
            rate: RATE,
            samples,
        };
        doubts(&audio, TEXT, None).to_string()
    }

    #[test]
    fn what_sounds_like_its_text_is_beyond_doubt() {
        for seconds in [2.0, 3.6, 6.0] {
            assert_eq!(found(speech(seconds)), "");
        }
    }

    #[test]
    fn every_fault_is_found() {
        let still = |seconds: f64| vec![0.0; (seconds * f64::from(RATE)) as usize];
        let tone = |seconds: f64| -> Vec<f32> {
            let count = (seconds * f64::from(RATE)) as usize;
            (0..count)
                .map(|n| (0.2 * (n as f64 * 0.05).sin()) as f32)
                .collect()
        };
        let leap = speech(3.6)[2_400 + 2_410..].to_vec();
        let cut = speech(3.6)[..2_400 + 60_000].to_vec();
        for (samples, told) in [
            (still(3.0), "all but silent"),
            (speech(0.6), "only 0."),
            (speech(20.0), "20.0 s long"),
            ([still(4.0), speech(3.6)].concat(), "silence at an end"),
            (
                [speech(1.8), still(2.5), speech(1.8)].concat(),
                "a hole of 2.",
            ),
            (
                [speech(2.0), tone(2.0), still(0.1)].concat(),
                "one sound for 2.0 s",
            ),
            (leap, "begins in the middle"),
            (cut, "ends in the middle"),
            (vec![f32::NAN; 9], "no numbers"),
            (
                speech(3.6)
                    .iter()
                    .map(|s| (s * 9.0).clamp(-1.0, 1.0))
                    .collect(),
                "clipped",
            ),
        ] {
            let told_of = found(samples);
            assert!(told_of.contains(told), "no `{told}` in `{told_of}`");
        }
    }

    #[test]
    fn a_voice_is_held_to_its_own_rate() {
        let habits = Habits::default();
        let slow = Audio {
            rate: RATE,
            samples: speech(8.0),
        };
        assert!(habits.of("a").is_none());
        for _ in 0..ENOUGH {
            habits.learn("a", TEXT, &slow);
        }
        let rate = habits.of("a");
        assert!(
            rate.is_some_and(|rate| (6.0..7.5).contains(&rate)),
            "{rate:?}"
        );
        let quick = Audio {
            rate: RATE,
            samples: speech(2.5),
        };
        assert!(doubts(&quick, TEXT, None).is_empty());
        assert!(!doubts(&quick, TEXT, rate).is_empty());
    }
}
