//! What a person sees while the work goes on: a bar on a terminal, plain lines elsewhere.

use std::{
    io::IsTerminal,
    sync::Mutex,
    time::{Duration, Instant},
};

use fullcast::event::{Event, Observer};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Without a terminal, a line is printed at most this often.
const QUIET: Duration = Duration::from_secs(10);

/// Says what happens on stderr.
pub(crate) struct Terminal {
    live: bool,
    state: Mutex<State>,
}

struct State {
    bar: Option<ProgressBar>,
    stage: Stage,
    /// When the stage began, for time left and × real time.
    began: Instant,
    /// When a plain line was last printed.
    printed: Option<Instant>,
    done: usize,
    total: usize,
    /// Audio spoken so far and expected in all, in seconds.
    spoken: f64,
    expected_done: f64,
    expected: f64,
    chapters: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Idle,
    Download,
    Record,
    Mix,
}

impl Terminal {
    pub(crate) fn new() -> Self {
        Self {
            live: std::io::stderr().is_terminal(),
            state: Mutex::new(State {
                bar: None,
                stage: Stage::Idle,
                began: Instant::now(),
                printed: None,
                done: 0,
                total: 0,
                spoken: 0.0,
                expected_done: 0.0,
                expected: 0.0,
                chapters: 0,
            }),
        }
    }

    /// Ends the bar, so that what is printed next starts on a line of its own.
    pub(crate) fn finish(&self) {
        self.state.lock().expect("no observer panics").finish();
    }
}

impl Observer for Terminal {
    fn on(&self, event: &Event<'_>) {
        let mut state = self.state.lock().expect("no observer panics");
        match event {
            Event::Note { message } => state.say(&format!("note: {message}")),
            Event::InstallStarted {
                pack,
                files,
                bytes: size,
            } => {
                state.say(&format!(
                    "installing the voice pack `{pack}`: {files} files, {}, once for this machine",
                    bytes(*size)
                ));
            }
            Event::InstallWaiting { pack } => {
                state.say(&format!(
                    "another fullcast is installing the voice pack `{pack}`; waiting for it"
                ));
            }
            Event::Download { file, done, total } => {
                state.enter(Stage::Download, *total as usize, self.live);
                state.show(*done as usize, || {
                    format!("{file}  {} of {}", bytes(*done), bytes(*total))
                });
            }
            Event::SourceFailed {
                file,
                source,
                reason,
                next,
            } => {
                let next = next
                    .as_ref()
                    .map_or(String::new(), |next| format!("; trying {next}"));
                state.say(&format!(
                    "note: {file} could not be had from {source}: {reason}{next}"
                ));
            }
            Event::Installed {
                pack,
                bytes: size,
                folder,
            } => {
                state.finish();
                state.say(&format!(
                    "installed `{pack}`, {} in {}",
                    bytes(*size),
                    folder.display()
                ));
            }
            Event::Planned {
                chapters,
                to_speak,
                seconds,
                cached,
                ..
            } => {
                (state.chapters, state.expected) = (*chapters, *seconds);
                if *cached > 0 && *to_speak > 0 {
                    state.say(&format!(
                        "{cached} clips are there from before; {to_speak} are still to be spoken"
                    ));
                }
                if *to_speak > 0 {
                    state.enter(Stage::Record, *to_speak, self.live);
                }
            }
            Event::Spoken {
                chapter,
                seconds,
                expected,
                ..
            } => {
                state.spoken += seconds;
                state.expected_done += expected;
                let done = state.done + 1;
                let words = state.recording(*chapter, done);
                state.show(done, || words);
            }
            Event::Mixing { done, total } => {
                state.enter(Stage::Mix, total.ceil() as usize, self.live);
                state.show(*done as usize, || {
                    format!("mixing  {} of {}", clock(*done), clock(*total))
                });
            }
            _ => {}
        }
    }
}

impl State {
    fn enter(&mut self, stage: Stage, total: usize, live: bool) {
        if self.stage == stage && self.total == total {
            return;
        }
        self.finish();
        (self.stage, self.total, self.done) = (stage, total, 0);
        (self.began, self.printed) = (Instant::now(), None);
        if live {
            let style =
                ProgressStyle::with_template("{bar:24} {msg}").expect("the template is valid");
            let target = ProgressDrawTarget::stderr_with_hz(10);
            self.bar =
                Some(ProgressBar::with_draw_target(Some(total as u64), target).with_style(style));
        }
    }

    fn show(&mut self, done: usize, words: impl FnOnce() -> String) {
        self.done = done;
        if let Some(bar) = &self.bar {
            bar.set_position(done as u64);
            bar.set_message(words());
        } else if self.printed.is_none_or(|last| last.elapsed() > QUIET) {
            self.printed = Some(Instant::now());
            eprintln!("{}", words());
        }
    }

    fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| eprintln!("{text}")),
            None => eprintln!("{text}"),
        }
    }

    fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
        self.stage = Stage::Idle;
    }

    /// "chapter 2 of 4  45 of 120 clips  3:20 left  3.4 × real time"
    fn recording(&self, chapter: usize, done: usize) -> String {
        let worked = self.began.elapsed().as_secs_f64();
        let left =
            worked / self.expected_done.max(0.1) * (self.expected - self.expected_done).max(0.0);
        format!(
            "chapter {chapter} of {}  {done} of {} clips  {} left  {:.1} × real time",
            self.chapters,
            self.total,
            clock(left),
            self.spoken / worked.max(0.001),
        )
    }
}

/// Something worth knowing, on stderr.
pub(crate) fn note(text: impl AsRef<str>) {
    eprintln!("note: {}", text.as_ref());
}

/// Something that may be wrong, on stderr.
pub(crate) fn warn(text: &str) {
    eprintln!("warning: {text}");
}

/// `92.4 MB`
pub(crate) fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format!("{count} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", count as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", count as f64 / 1e6),
        _ => format!("{:.2} GB", count as f64 / 1e9),
    }
}

/// `4:07` or `1:02:03`, to the nearest second.
pub(crate) fn clock(seconds: f64) -> String {
    let seconds = seconds.round() as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// `1 clip`, `2 clips`
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_sizes_read_as_people_write_them() {
        assert_eq!(clock(247.2), "4:07");
        assert_eq!(clock(3723.0), "1:02:03");
        assert_eq!(bytes(92_361_271), "92.4 MB");
    }
}
