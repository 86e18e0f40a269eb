//! A program that stays alive: one JSON object a line in, one a line out.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use super::{Failure, last_words};
use crate::{script::Direction, speech::Utterance};

/// The longest line that a program may answer, in bytes.
const LONGEST: u64 = 1 << 20;

/// What it is asked.
#[derive(Serialize)]
struct Question<'q> {
    id: u64,
    text: &'q str,
    voice: &'q str,
    speed: f32,
    direction: Option<Direction>,
    before: Option<&'q str>,
    after: Option<&'q str>,
    output: &'q Path,
}

/// What it answers, after it has written its sound to `output`.
#[derive(Deserialize)]
struct Answer {
    id: u64,
    #[serde(default)]
    error: Option<String>,
}

/// One running program.
pub(super) struct Resident {
    child: Child,
    stdin: ChildStdin,
    answers: Receiver<String>,
    scratch: TempDir,
    asked: u64,
}

impl Resident {
    /// Starts `command` in `folder`. Its standard error goes where ours goes.
    pub(super) fn start(command: &[String], folder: &Path) -> Result<Self, Failure> {
        let absent =
            |error: std::io::Error| Failure::Absent(format!("it cannot be started: {error}"));
        let scratch = tempfile::tempdir().map_err(absent)?;
        let mut child = Command::new(&command[0])
            .args(&command[1..])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(absent)?;
        let stdin = child.stdin.take().expect("it is piped");
        let stdout = child.stdout.take().expect("it is piped");
        let (send, answers) = channel();
        thread::spawn(move || {
            let mut lines = BufReader::new(stdout);
            loop {
                let mut line = String::new();
                match (&mut lines).take(LONGEST).read_line(&mut line) {
                    Ok(count) if count > 0 && send.send(line).is_ok() => {}
                    _ => break,
                }
            }
        });
        Ok(Self {
            child,
            stdin,
            answers,
            scratch,
            asked: 0,
        })
    }

    /// Has it speak one utterance. After a failure it is of no more use.
    pub(super) fn ask(
        &mut self,
        utterance: &Utterance<'_>,
        time: Duration,
    ) -> Result<Vec<u8>, Failure> {
        self.asked += 1;
        let output = self.scratch.path().join(format!("{}.wav", self.asked));
        let question = Question {
            id: self.asked,
            text: utterance.text,
            voice: utterance.voice,
            speed: utterance.speed,
            direction: utterance.direction,
            before: utterance.before,
            after: utterance.after,
            output: &output,
        };
        let mut line = serde_json::to_string(&question).expect("a question is plain data");
        line.push('\n');
        let gone = |error: std::io::Error| Failure::Passing(format!("it does not listen: {error}"));
        self.stdin.write_all(line.as_bytes()).map_err(gone)?;
        self.stdin.flush().map_err(gone)?;
        let answer = self.answer(time)?;
        if let Some(error) = answer.error {
            return Err(Failure::Passing(last_words(error.as_bytes())));
        }
        let sound = fs::read(&output);
        let _ = fs::remove_file(&output);
        sound.map_err(|_| Failure::Passing("it answered without writing `output`".into()))
    }

    fn answer(&mut self, time: Duration) -> Result<Answer, Failure> {
        let line = self.answers.recv_timeout(time).map_err(|error| {
            Failure::Passing(match error {
                RecvTimeoutError::Timeout => {
                    format!("no answer within {:.1} s", time.as_secs_f64())
                }
                RecvTimeoutError::Disconnected => "it ended before it answered".into(),
            })
        })?;
        let answer: Answer = serde_json::from_str(&line).map_err(|_| {
            let said = last_words(line.as_bytes());
            Failure::Passing(format!(
                "its answer is no JSON object with an `id`: `{said}`"
            ))
        })?;
        if answer.id == self.asked {
            Ok(answer)
        } else {
            Err(Failure::Passing(format!(
                "it answered {} when asked {}",
                answer.id, self.asked
            )))
        }
    }
}

impl Drop for Resident {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
