//! A true-peak meter and a look-ahead limiter, both indifferent to how the sound is cut into blocks.

use std::collections::VecDeque;

use super::Frames;

/// Interpolating filters of ITU-R BS.1770-4, annex 2, table 1: four phases of twelve taps.
#[rustfmt::skip]
const PHASES: [[f32; 12]; 4] = [
    [0.001_708_984_4, 0.010_986_328, -0.019_653_32, 0.033_203_125, -0.059_448_242, 0.137_329_1,
     0.972_167_97, -0.102_294_92, 0.047_607_422, -0.026_611_328, 0.014_892_578, -0.008_300_781],
    [-0.029_174_805, 0.029_296_875, -0.051_757_813, 0.089_111_33, -0.166_503_9, 0.465_087_9,
     0.779_785_16, -0.200_317_38, 0.101_562_5, -0.058_227_54, 0.033_081_055, -0.018_920_898],
    [-0.018_920_898, 0.033_081_055, -0.058_227_54, 0.101_562_5, -0.200_317_38, 0.779_785_16,
     0.465_087_9, -0.166_503_9, 0.089_111_33, -0.051_757_813, 0.029_296_875, -0.029_174_805],
    [-0.008_300_781, 0.014_892_578, -0.026_611_328, 0.047_607_422, -0.102_294_92, 0.972_167_97,
     0.137_329_1, -0.059_448_242, 0.033_203_125, -0.019_653_32, 0.010_986_328, 0.001_708_984_4],
];

/// Taps of one phase.
const TAPS: usize = PHASES[0].len();

/// How far the meter's answer lies behind its input, in samples.
const CENTRE: usize = TAPS / 2;

/// No phase can raise the highest sample by more than this.
const MOST: f32 = 2.1;

/// Finds peaks between samples as a stream goes by.
#[derive(Clone, Debug)]
pub(crate) struct TruePeak {
    history: Vec<f32>,
    sum: Vec<f32>,
}

impl TruePeak {
    /// A meter that has heard silence so far.
    pub(crate) fn new() -> Self {
        Self {
            history: vec![0.0; TAPS - 1],
            sum: Vec::new(),
        }
    }

    /// Fills `peaks` with the peak around each sample, the input's delayed by [`CENTRE`].
    ///
    /// Where nothing in the block can pass `matters` the samples' own size is enough and the filters are saved.
    pub(crate) fn measure(&mut self, samples: &[f32], matters: f32, peaks: &mut Vec<f32>) {
        let length = samples.len();
        self.history.extend_from_slice(samples);
        peaks.clear();
        let here = TAPS - 1 - CENTRE;
        peaks.extend(self.history[here..here + length].iter().map(|v| v.abs()));
        let highest = self
            .history
            .iter()
            .fold(0.0f32, |high, v| high.max(v.abs()));
        if highest * MOST > matters {
            self.interpolate(length, peaks);
        }
        self.history.drain(..length);
    }

    fn interpolate(&mut self, length: usize, peaks: &mut [f32]) {
        for phase in &PHASES {
            self.sum.clear();
            self.sum.resize(length, 0.0);
            for (tap, weight) in phase.iter().enumerate() {
                let back = TAPS - 1 - tap;
                for (sum, sample) in self.sum.iter_mut().zip(&self.history[back..]) {
                    *sum += weight * sample;
                }
            }
            for (peak, sum) in peaks.iter_mut().zip(&self.sum) {
                *peak = peak.max(sum.abs());
            }
        }
    }
}

/// How long before a peak the limiter begins to close, in seconds.
const LOOK_AHEAD: f64 = 0.005;

/// How fast it opens again: the time in seconds in which it makes up all but 37 % of what it took.
pub(crate) const RELEASE: f64 = 0.06;

/// Holds the true peak of a stream at a ceiling, without distortion as far as 5 ms of warning allow.
///
/// The gain needed for each sample is held down over the look-ahead, released slowly, and smoothed by a running
/// mean as long as the look-ahead: the mean reaches the needed gain exactly when the peak comes out. While
/// nothing is above the ceiling the samples pass unchanged.
#[derive(Clone, Debug)]
pub struct Limiter {
    ceiling: f32,
    look: usize,
    release: f32,
    meter: TruePeak,
    peaks: Vec<f32>,
    delay: VecDeque<f32>,
    needed: VecDeque<(u64, f32)>,
    clock: u64,
    envelope: f32,
    recent: VecDeque<f32>,
    sum: f64,
    closed: usize,
    lowest: f32,
}

impl Limiter {
    /// A limiter for sound at `rate` Hz with its ceiling at `ceiling`, 1.0 being full scale.
    pub fn new(ceiling: f32, rate: u32) -> Self {
        let look = Frames::from_seconds(LOOK_AHEAD, rate).to_usize().max(1);
        Self {
            ceiling,
            look,
            release: (1.0 - (-1.0 / (RELEASE * f64::from(rate))).exp()) as f32,
            meter: TruePeak::new(),
            peaks: Vec::new(),
            delay: vec![0.0; look + CENTRE].into(),
            needed: VecDeque::new(),
            clock: 0,
            envelope: 1.0,
            recent: vec![1.0; look].into(),
            sum: look as f64,
            closed: 0,
            lowest: 1.0,
        }
    }

    /// How much later than it went in a sample comes out.
    pub fn latency(&self) -> Frames {
        Frames::new((self.look + CENTRE) as u64)
    }

    /// The lowest gain it ever had to use, 1.0 if it never worked.
    pub fn lowest(&self) -> f32 {
        self.lowest
    }

    /// Limits a block in place; what comes out is [`Limiter::latency`] behind what goes in.
    pub fn process(&mut self, samples: &mut [f32]) {
        let mut peaks = std::mem::take(&mut self.peaks);
        self.meter.measure(samples, self.ceiling, &mut peaks);
        let idle = self.is_open() && peaks.iter().all(|peak| *peak <= self.ceiling);
        for (sample, peak) in samples.iter_mut().zip(&peaks) {
            let gain = if idle { 1.0 } else { self.gain(*peak) };
            self.delay.push_back(*sample);
            let late = self
                .delay
                .pop_front()
                .expect("as much goes in as comes out");
            *sample = late * gain;
        }
        if idle {
            self.clock += samples.len() as u64;
        }
        self.peaks = peaks;
    }

    fn is_open(&self) -> bool {
        self.needed.is_empty() && self.closed == 0 && self.envelope >= 1.0
    }

    /// The gain for the sample that comes out as the one with this peak goes in.
    fn gain(&mut self, peak: f32) -> f32 {
        let held = self.hold((self.ceiling / peak).min(1.0));
        self.envelope = if held < self.envelope {
            held
        } else {
            self.envelope + (held - self.envelope) * self.release
        };
        if self.envelope > 0.999_999 {
            self.envelope = 1.0;
        }
        let gain = self.smooth(self.envelope);
        self.lowest = self.lowest.min(gain);
        self.clock += 1;
        gain
    }

    /// The lowest gain needed within the look-ahead; 1.0 is never kept, so that the queue empties.
    fn hold(&mut self, gain: f32) -> f32 {
        let (clock, reach) = (self.clock, self.look as u64);
        while self.needed.back().is_some_and(|(_, other)| *other >= gain) {
            self.needed.pop_back();
        }
        if gain < 1.0 {
            self.needed.push_back((clock, gain));
        }
        while self
            .needed
            .front()
            .is_some_and(|(at, _)| at + reach < clock)
        {
            self.needed.pop_front();
        }
        self.needed.front().map_or(1.0, |(_, gain)| *gain)
    }

    /// The mean of the last gains; counted afresh whenever all are 1.0, so that rounding never piles up.
    fn smooth(&mut self, gain: f32) -> f32 {
        self.recent.push_back(gain);
        let old = self
            .recent
            .pop_front()
            .expect("as much goes in as comes out");
        self.closed += usize::from(gain < 1.0);
        self.closed -= usize::from(old < 1.0);
        self.sum += f64::from(gain) - f64::from(old);
        if self.closed == 0 {
            self.sum = self.look as f64;
        }
        (self.sum / self.look as f64) as f32
    }
}
