//! A program that is run for every line.

use std::{
    fs,
    io::{Read, Write},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::{Failure, last_words};
use crate::speech::Utterance;

/// The most bytes of sound that are read from a program.
const LARGEST: u64 = 64 << 20;
/// How often is looked whether it has ended.
const STEP: Duration = Duration::from_millis(2);

/// Runs `command` in `folder` with the utterance in place of `{text}`, `{voice}`, `{speed}` and `{direction}`; gives the
/// file it wrote to `{output}`, or what it wrote to its standard output if there is no such place. Without `{text}`, the
/// text comes on its standard input.
pub(super) fn run(
    command: &[String],
    folder: &Path,
    utterance: &Utterance<'_>,
    time: Duration,
) -> Result<Vec<u8>, Failure> {
    let passing = |what: &str| {
        let what = what.to_owned();
        move |error: std::io::Error| Failure::Passing(format!("{what}: {error}"))
    };
    let scratch = tempfile::tempdir().map_err(passing("no folder for its sound"))?;
    let output = scratch.path().join("take.wav");
    let holds = |mark: &str| command.iter().any(|argument| argument.contains(mark));
    let arguments = command[1..]
        .iter()
        .map(|argument| filled(argument, utterance, &output));
    let mut child = Command::new(&command[0])
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::Absent(format!("it cannot be started: {error}")))?;
    let words = if holds("{text}") { "" } else { utterance.text };
    let (status, sound, said) = finish(&mut child, words, time)?;
    if !status.success() {
        return Err(Failure::Passing(format!(
            "it ended with {status}: {}",
            last_words(&said)
        )));
    }
    if holds("{output}") {
        fs::read(&output).map_err(|_| {
            Failure::Passing(format!("it wrote no `{{output}}`: {}", last_words(&said)))
        })
    } else {
        Ok(sound)
    }
}

/// An argument with what stands in braces put in. A text that begins with a dash must not look like an option.
fn filled(argument: &str, utterance: &Utterance<'_>, output: &Path) -> String {
    let direction = utterance.direction.map_or("", |direction| direction.name());
    // The text comes last: what it says in braces is its own.
    let filled = argument
        .replace("{voice}", utterance.voice)
        .replace("{speed}", &utterance.speed.to_string())
        .replace("{direction}", direction)
        .replace("{output}", &output.to_string_lossy())
        .replace("{text}", utterance.text);
    if argument.starts_with("{text}") && filled.starts_with('-') {
        format!(" {filled}")
    } else {
        filled
    }
}

/// Gives the program its words and waits for its end; one that takes too long is killed.
fn finish(
    child: &mut Child,
    words: &str,
    time: Duration,
) -> Result<(ExitStatus, Vec<u8>, Vec<u8>), Failure> {
    let mut stdin = child.stdin.take().expect("it is piped");
    let stdout = child.stdout.take().expect("it is piped");
    let stderr = child.stderr.take().expect("it is piped");
    let read = |source: Box<dyn Read + Send>| {
        move || {
            let mut bytes = Vec::new();
            // What cannot be read is missed when the sound is looked at.
            let _ = source.take(LARGEST).read_to_end(&mut bytes);
            bytes
        }
    };
    thread::scope(|scope| {
        let sound = scope.spawn(read(Box::new(stdout)));
        let said = scope.spawn(read(Box::new(stderr)));
        scope.spawn(move || {
            // A program that does not read its input may still speak.
            let _ = stdin.write_all(words.as_bytes());
        });
        let deadline = Instant::now() + time;
        let status = loop {
            match child.try_wait() {
                Ok(Some(status)) => break Ok(status),
                Ok(None) if Instant::now() < deadline => thread::sleep(STEP),
                Ok(None) => break Err(format!("it took longer than {:.1} s", time.as_secs_f64())),
                Err(error) => break Err(error.to_string()),
            }
        };
        let status = status.map_err(|why| {
            let _ = child.kill();
            let _ = child.wait();
            Failure::Passing(why)
        });
        let read = "reading does not panic";
        let (sound, said) = (sound.join().expect(read), said.join().expect(read));
        status.map(|status| (status, sound, said))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_braces_is_filled_in_and_a_dash_is_no_option() {
        let utterance = Utterance::plain("-5 {voice} degrees", "en-gb");
        let output = Path::new("take.wav");
        assert_eq!(filled("{text}", &utterance, output), " -5 {voice} degrees");
        assert_eq!(
            filled("--voice={voice}", &utterance, output),
            "--voice=en-gb"
        );
        assert_eq!(filled("{output}", &utterance, output), "take.wav");
        assert_eq!(
            filled("say:{text}", &utterance, output),
            "say:-5 {voice} degrees"
        );
    }
}
