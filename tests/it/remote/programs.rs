//! Programs as voices. Python stands in for a program of the user's own: the project needs it anyway.

use std::fs;

use crate::book::Stage;

/// Speaks a hum as long as the text into the file it is given, one run a line; refuses `fail` in the voice.
const ONCE: &str = r#"
import math, struct, sys, wave
voice, output, text = sys.argv[1:4]
if text == "-":
    text = sys.stdin.read()
if "fail" in voice:
    sys.exit("no such voice: " + voice)
rate = 16000
count = len(text) * rate // 15
sound = [0.2 * (1 - math.cos(n * 0.0016)) * math.sin(n * 0.06) for n in range(count)]
with wave.open(sys.stdout.buffer if output == "-" else output, "wb") as out:
    out.setnchannels(1); out.setsampwidth(2); out.setframerate(rate)
    out.writeframes(b"".join(struct.pack("<h", int(32767 * s)) for s in sound) + bytes(3200))
"#;

/// The same, kept alive; it ends after three lines, and counts its starts in a file.
const STAYS: &str = r#"
import json, subprocess, sys
open("starts", "a").write("x")
for number, line in enumerate(sys.stdin):
    if number == 3:
        sys.exit()
    asked = json.loads(line)
    assert set(asked) == {"id", "text", "voice", "speed", "direction", "before", "after", "output"}, asked
    said = subprocess.run([sys.executable, "once.py", asked["voice"], asked["output"], asked["text"]], stderr=subprocess.PIPE)
    answer = {"id": asked["id"]}
    if said.returncode:
        answer["error"] = said.stderr.decode()
    print(json.dumps(answer), flush=True)
"#;

fn stage(command: &str, more: &str) -> Stage {
    let settings = format!(
        "[speech]\nbackend = \"own\"\n\n[backend.own]\nkind = \"command\"\ncommand = {command}\ntries = 2\n{more}\n\n\
         [backend.own.voices]\nfemale = [\"anna\", \"dora\"]\nmale = [\"bert\", \"carl\"]\n"
    );
    Stage::new()
        .story(super::STORY)
        .file("once.py", ONCE.as_bytes())
        .file("stays.py", STAYS.as_bytes())
        .file("fullcast.toml", settings.as_bytes())
}

#[test]
fn a_program_is_run_for_every_line() {
    for command in [
        r#"["python3", "once.py", "{voice}", "{output}", "{text}"]"#,
        r#"["python3", "once.py", "{voice}", "{output}", "-"]"#,
        r#"["python3", "once.py", "{voice}", "-", "-"]"#,
    ] {
        let stage = stage(command, "");
        let made = stage.done("make story.txt --json").event("written");
        assert_eq!(
            made["doubtful"].as_array().map(Vec::len),
            Some(0),
            "{command}: {made}"
        );
        assert_eq!(made["voices"], 3, "{command}: {made}");
    }
}

#[test]
fn a_program_that_stays_is_asked_line_by_line_and_started_again_when_it_ends() {
    let stage = stage(r#"["python3", "stays.py"]"#, "stays = true\nparallel = 1");
    let made = stage.done("make story.txt --json").event("written");
    let spoken = made["spoken"].as_u64().unwrap();
    let starts = fs::read(stage.path("starts")).unwrap().len() as u64;
    assert_eq!(starts, spoken.div_ceil(3));
}

#[test]
fn what_a_program_complains_of_is_told() {
    for (command, more) in [
        (
            r#"["python3", "once.py", "fail-{voice}", "{output}", "{text}"]"#,
            "",
        ),
        (r#"["python3", "stays.py"]"#, "stays = true"),
    ] {
        let stage = stage(command, more);
        let settings = String::from_utf8(stage.bytes("fullcast.toml")).unwrap();
        let settings = settings.replace("\"anna\"", "\"fail-anna\"");
        let stage = stage.file("fullcast.toml", settings.as_bytes());
        stage.refused("make story.txt", &["no such voice: fail-", "tried 2 times"]);
    }
}

#[test]
fn a_program_that_is_not_there_or_never_ends_is_told() {
    stage(r#"["no-such-program", "{text}"]"#, "").refused(
        "make story.txt",
        &["`no-such-program`: it cannot be started"],
    );
    let sleeper = r#"["python3", "-c", "import time; time.sleep(60)"]"#;
    stage(sleeper, "timeout = 0.3").refused("make story.txt", &["it took longer than 0.3 s"]);
    stage(r#"["python3", "-c", "print('hello')"]"#, "").refused("make story.txt", &["sound file"]);
}
