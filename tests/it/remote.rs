//! Voices on servers and in programs: what they are asked, and what becomes of every fault.

mod programs;
mod server;

use std::{
    collections::BTreeSet,
    process::Stdio,
    time::{Duration, Instant},
};

use server::{Reply, Server};

use crate::book::Stage;

const STORY: &str = "\"Mind the third rung, Ivo,\" said Berta.\n\n\"I always do,\" said Ivo. He did not. The ladder \
    leaned against the wall.\n\n\"What did I tell you?\" Berta asked.\n\n\"The third rung,\" said Ivo.\n";

/// A stage whose voices are all on servers.
fn stage(urls: &[String], more: &str) -> Stage {
    let servers: Vec<String> = urls.iter().map(|url| format!("\"{url}\"")).collect();
    let settings = format!(
        "[speech]\nbackend = \"farm\"\n\n[backend.farm]\nkind = \"openai\"\nservers = [{}]\nmodel = \"m\"\ntimeout = 2\n\
         patience = 8\n{more}\n\n[backend.farm.voices]\nfemale = [\"anna\", \"dora\"]\nmale = [\"bert\", \"carl\"]\n",
        servers.join(", ")
    );
    Stage::new()
        .story(STORY)
        .file("fullcast.toml", settings.as_bytes())
}

/// A story of so many lines.
fn rungs(count: usize) -> String {
    let rung = |n| format!("Rung number {n} is gone.");
    (0..count).map(rung).collect::<Vec<_>>().join("\n\n")
}

#[test]
fn every_line_goes_out_once_with_all_that_the_settings_say() {
    let server = Server::new(|_, _, _| Reply::Sound);
    let stage = stage(
        &[server.url()],
        "instructions = \"Calm.\"\ndirections = true\n[backend.farm.extra]\nlang_code = \"b\"",
    );
    let whispered = STORY.replace("Berta asked", "Berta whispered");
    let stage = stage.file("story.txt", whispered.as_bytes());
    let made = stage.done("make story.txt --json").event("written");
    assert_eq!(made["spoken"], server.count(), "{made}");
    let asked = server.asked.lock().unwrap();
    let (_, request) = asked
        .iter()
        .find(|(_, r)| r["input"] == "I always do,")
        .unwrap();
    for (field, value) in [
        ("model", "m"),
        ("response_format", "wav"),
        ("instructions", "Calm."),
        ("lang_code", "b"),
    ] {
        assert_eq!(request[field], value, "{request}");
    }
    let whisper = asked
        .iter()
        .find(|(_, r)| r["input"] == "What did I tell you?")
        .unwrap();
    assert_eq!(whisper.1["instructions"], "Calm. Whisper.");
    let voices: BTreeSet<&str> = asked
        .iter()
        .map(|(_, r)| r["voice"].as_str().unwrap())
        .collect();
    assert_eq!(voices, BTreeSet::from(["anna", "bert", "dora"]));
    drop(asked);
    let count = server.count();
    assert_eq!(
        stage.done("make story.txt --json").event("written")["spoken"],
        0
    );
    assert_eq!(server.count(), count);
}

#[test]
fn a_key_is_sent_and_shown_nowhere() {
    let server = Server::new(|n, _, _| match n {
        0 => Reply::Sound,
        _ => Reply::Page(
            401,
            "",
            "{\"error\":{\"message\":\"Bad key sk-very-secret given\"}}",
        ),
    });
    let stage = stage(&[server.url()], "key-env = \"FARM_KEY\"\nparallel = 1");
    let refused = stage.refused(
        "make story.txt",
        &["there is no key in the environment variable `FARM_KEY`"],
    );
    assert_eq!(server.count(), 0, "{}", refused.stderr);
    let output = stage
        .command("make story.txt")
        .env("FARM_KEY", "sk-very-secret")
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        told.contains("refuses the key in the environment variable `FARM_KEY`"),
        "{told}"
    );
    assert!(told.contains("Bad key *** given"), "{told}");
    assert_eq!(server.count(), 2, "it is not asked again");
    let asked = server.asked.lock().unwrap();
    assert!(
        asked[0]
            .0
            .to_lowercase()
            .contains("authorization: bearer sk-very-secret")
    );
    for clip in stage.clips() {
        let bytes = std::fs::read(clip).unwrap();
        assert!(!bytes.windows(14).any(|part| part == b"sk-very-secret"));
    }
}

/// Makes the book although the first answers are `fault`; gives what was told.
fn mended(fault: &Reply) -> String {
    let fault = fault.clone();
    let server = Server::new(move |n, _, _| if n < 2 { fault.clone() } else { Reply::Sound });
    let stage = stage(&[server.url()], "");
    let made = stage.done("make story.txt --format wav");
    assert!(server.count() > 7, "{}", made.stdout);
    made.stderr
}

#[test]
fn faults_that_pass_are_waited_out() {
    for fault in [
        Reply::HangUp,
        Reply::Reset(1_000),
        Reply::Drip,
        Reply::Endless,
        Reply::Page(500, "", "oops"),
        Reply::Page(503, "Retry-After: 1\r\n", ""),
        Reply::Page(429, "", "slow down"),
        Reply::Page(429, "Retry-After: 1\r\n", ""),
        Reply::Page(200, "", "<html><body>It works!</body></html>"),
        Reply::Page(200, "", ""),
        Reply::Page(200, "", "{\"error\":\"model is loading\"}"),
        Reply::Truncated(30),
        Reply::Truncated(9_000),
        Reply::Half,
        Reply::Silence,
    ] {
        let told = mended(&fault);
        assert!(!told.contains("may not sound"), "{told}");
    }
}

#[test]
fn two_channels_and_another_rate_are_no_fault() {
    let server = Server::new(|_, _, _| Reply::Stereo);
    let stereo = stage(&[server.url()], "").done("make story.txt --format wav --json");
    let server = Server::new(|_, _, _| Reply::Sound);
    let mono = stage(&[server.url()], "").done("make story.txt --format wav --json");
    let seconds =
        |outcome: &crate::book::Outcome| outcome.event("written")["seconds"].as_f64().unwrap();
    assert!((seconds(&stereo) - seconds(&mono)).abs() < 0.5);
}

#[test]
fn a_wait_that_is_asked_for_is_kept() {
    let server = Server::new(|n, _, _| match n {
        0 => Reply::Page(429, "Retry-After: 2\r\n", ""),
        _ => Reply::Sound,
    });
    let stage = stage(&[server.url()], "parallel = 1");
    let began = Instant::now();
    stage.done("make story.txt --format wav");
    assert!(began.elapsed() > Duration::from_secs(2));
}

#[test]
fn faults_that_stay_are_told_and_what_was_spoken_is_kept() {
    for (fault, told) in [
        (Reply::HangUp, "tried 2 times"),
        (
            Reply::Page(500, "", "<h1>Internal  Error</h1>"),
            "Internal Error",
        ),
        (
            Reply::Page(200, "", "<html>sign in</html>"),
            "it sent text for sound: `<html>sign in</html>`",
        ),
        (
            Reply::Page(400, "", "{\"detail\":\"voice 'carl' not found\"}"),
            "voice 'carl' not found",
        ),
        (Reply::Truncated(30), "sound file"),
        (Reply::Silence, "it is all but silent, in each of 3 takes"),
    ] {
        let fault = fault.clone();
        let server = Server::new(move |_, text, _| {
            if text.contains("third rung,") {
                fault.clone()
            } else {
                Reply::Sound
            }
        });
        let stage = stage(&[server.url()], "tries = 2\nparallel = 1");
        stage.refused("make story.txt --keep-going", &[told, "kept"]);
        assert!(!stage.files().contains(&"story.m4b".to_owned()));
        let clips = stage.clips().len();
        let good = Server::new(|_, _, _| Reply::Sound);
        let settings = String::from_utf8(stage.bytes("fullcast.toml")).unwrap();
        let settings = settings.replace(&server.url(), &good.url());
        let stage = stage.file("fullcast.toml", settings.as_bytes());
        let made = stage.done("make story.txt --json").event("written");
        assert_eq!(
            made["cached"], clips,
            "the server's place is no part of a clip"
        );
        assert_eq!(good.count(), made["spoken"].as_u64().unwrap() as usize);
        assert!(good.count() <= 2);
    }
}

#[test]
fn nobody_there_is_told() {
    for (url, told) in [
        ("http://127.0.0.1:9/v1", "127.0.0.1:9"),
        ("http://no-such-host.invalid/v1", "no-such-host.invalid"),
    ] {
        stage(&[url.into()], "tries = 2")
            .refused("make story.txt", &[told, "run the same command"]);
    }
    // What speaks no TLS has no certificate either.
    let server = Server::new(|_, _, _| Reply::Sound);
    let url = server.url().replace("http:", "https:");
    stage(&[url], "tries = 1").refused("make story.txt", &["127.0.0.1"]);
}

#[test]
fn a_server_that_dies_half_way_is_left_and_the_other_goes_on() {
    let dying = Server::new(|n, _, _| if n < 2 { Reply::Sound } else { Reply::HangUp });
    let other = Server::new(|_, _, _| Reply::Late(Duration::from_millis(100)));
    let stage = stage(&[dying.url(), other.url()], "parallel = 1");
    let made = stage.done("make story.txt --json").event("written");
    let spoken = made["spoken"].as_u64().unwrap() as usize;
    assert!(other.count() >= spoken - 2, "{} of {spoken}", other.count());
    assert!(dying.count() < 6, "{}", dying.count());
}

#[test]
fn no_server_gets_more_lines_at_once_than_it_bears() {
    let servers: Vec<Server> = (0..3)
        .map(|_| Server::new(|_, _, _| Reply::Late(Duration::from_millis(30))))
        .collect();
    let urls: Vec<String> = servers.iter().map(Server::url).collect();
    let many = rungs(60);
    let stage = stage(&urls, "parallel = 2").file("story.txt", many.as_bytes());
    stage.done("make story.txt --format wav");
    for server in &servers {
        let most = server.most.load(std::sync::atomic::Ordering::SeqCst);
        assert!((1..=2).contains(&most), "{most}");
        assert!(server.count() > 10, "{}", server.count());
    }
}

#[test]
fn what_stays_doubtful_is_made_and_told_every_time() {
    let server = Server::new(|_, text, _| {
        if text.starts_with("What did I") {
            Reply::Half
        } else {
            Reply::Sound
        }
    });
    let stage = stage(&[server.url()], "");
    for _ in 0..2 {
        let told = stage.done("make story.txt --format wav").stderr;
        assert!(
            told.contains("may not sound as it should: only 0.3 s long"),
            "{told}"
        );
    }
    let tries = server
        .asked
        .lock()
        .unwrap()
        .iter()
        .filter(|(_, r)| r["input"] == "What did I tell you?")
        .count();
    assert_eq!(tries, 3);
}

#[test]
fn two_makes_at_once_share_the_work() {
    let server = Server::new(|_, _, _| Reply::Late(Duration::from_millis(150)));
    let stage = stage(&[server.url()], "parallel = 2");
    let start = |output: &str| {
        let mut command = stage.command(&format!("make story.txt -o {output}"));
        command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    let (mut one, mut other) = (start("one.wav"), start("two.wav"));
    assert!(one.wait().unwrap().success() && other.wait().unwrap().success());
    assert!(stage.bytes("one.wav") == stage.bytes("two.wav"));
    assert_eq!(
        server.count(),
        stage.clips().len(),
        "every clip was spoken once"
    );
}

#[test]
fn a_run_that_is_killed_at_any_instant_loses_only_what_was_in_flight() {
    let server = Server::new(|_, _, _| Reply::Late(Duration::from_millis(20)));
    let many = rungs(80);
    let stage = stage(&[server.url()], "parallel = 4").file("story.txt", many.as_bytes());
    for round in 0..12 {
        let mut command = stage.command("make story.txt --format wav");
        let mut run = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(40 + 17 * round));
        run.kill().unwrap();
        run.wait().unwrap();
    }
    stage.done("make story.txt --format wav");
    let clips = stage
        .clips()
        .iter()
        .filter(|path| path.extension().is_some_and(|e| e == "wav"))
        .count();
    assert_eq!(clips, 80);
    assert!(
        server.count() <= 80 + 12 * 4,
        "{} for 80 clips",
        server.count()
    );
}

#[test]
fn remote_and_embedded_voices_speak_in_one_book() {
    let server = Server::new(|_, _, _| Reply::Sound);
    let settings = format!(
        "[backend.farm]\nkind = \"openai\"\nurl = \"{}\"\nmodel = \"m\"\nprice = 100.0\n\n[voices.far]\nbackend = \"farm\"\n\
         voice = \"anna\"\n\n[cast]\nIvo = \"far\"\n",
        server.url()
    );
    let stage = Stage::new().story(STORY).settings(&settings);
    let dry = stage.done("make story.txt --dry-run").stdout;
    assert!(
        dry.contains("`farm`: 27 characters, 0.00 at 100 a million"),
        "{dry}"
    );
    stage.done("make story.txt");
    let asked = server.asked.lock().unwrap();
    let mut words: Vec<&str> = asked
        .iter()
        .map(|(_, r)| r["input"].as_str().unwrap())
        .collect();
    words.sort_unstable();
    assert_eq!(words, ["I always do,", "The third rung,"]);
    let listed = stage.done("voices list --backend farm").stdout;
    assert_eq!(listed, "anna\nbert\n");
}

#[test]
fn faults_of_the_settings_are_told_before_anything_is_asked() {
    let table = "[backend.farm]\nkind = \"openai\"\n";
    for (settings, told) in [
        (
            format!("{table}model = \"m\""),
            "`[backend.farm]`: it names no server",
        ),
        (
            format!("{table}url = \"localhost:1\"\nmodel = \"m\""),
            "`localhost:1` is no address",
        ),
        (format!("{table}url = \"http://x\""), "it names no model"),
        (
            format!("{table}url = \"http://x\"\nmodel = \"m\"\nstays = true"),
            "`stays` means nothing to the kind `openai`",
        ),
        (
            format!("{table}url = \"http://x\"\nmodel = \"m\"\nparallel = 0"),
            "counted from 1",
        ),
        (
            format!("{table}url = \"http://x\"\nmodle = \"m\""),
            "did you mean `model`?",
        ),
        (
            "[backend.kokoro]\nkind = \"piper\"\nurl = \"http://x\"".into(),
            "the name belongs to the embedded backend",
        ),
        (
            "[backend.p]\nkind = \"command\"".into(),
            "it names no program",
        ),
        (
            "[voices.far]\nbackend = \"frm\"\nvoice = \"x\"".into(),
            "there is no speech backend `frm`",
        ),
    ] {
        Stage::new()
            .story(STORY)
            .settings(&settings)
            .refused("make story.txt", &[told]);
    }
}

#[test]
fn each_kind_of_server_is_asked_in_its_own_way() {
    let server = Server::new(|_, _, _| Reply::Sound);
    let root = server.url().trim_end_matches("/v1").to_owned();
    let settings = format!(
        "[speech]\nbackend = \"labs\"\n\n[backend.labs]\nkind = \"elevenlabs\"\nurl = \"{root}\"\nkey-file = \"key\"\n\
         context = true\nmodel = \"v3\"\nextra = {{ seed = 7 }}\n[backend.labs.voices]\nfemale = [\"a/b\", \"dora\"]\n\
         male = [\"bert\"]\n"
    );
    let stage = Stage::new()
        .story(STORY)
        .file("fullcast.toml", settings.as_bytes())
        .file("key", b"xyz-secret\n");
    stage.done("make story.txt");
    let asked = server.asked.lock().unwrap().clone();
    let find = |text: &str| asked.iter().find(|(_, r)| r["text"] == text).unwrap();
    let (head, request) = find("said Berta.");
    assert!(
        head.starts_with("POST /v1/text-to-speech/a%2Fb?output_format=mp3_44100_128 "),
        "{head}"
    );
    assert!(
        head.to_lowercase().contains("xi-api-key: xyz-secret"),
        "{head}"
    );
    assert_eq!(
        (&request["model_id"], &request["seed"]),
        (&"v3".into(), &7.into())
    );
    assert_eq!(request["previous_text"], "Mind the third rung, Ivo,");
    assert_eq!(request["next_text"], "I always do,");
    assert_eq!(
        find("Mind the third rung, Ivo,").1.get("previous_text"),
        None
    );
    // What stands beside a line is the book's, whatever part of it is made.
    let count = server.count();
    stage.done("preview story.txt --lines 2-3");
    assert_eq!(server.count(), count);

    let settings = format!(
        "[speech]\nbackend = \"pipes\"\n[backend.pipes]\nkind = \"piper\"\nurl = \"{root}\"\n\
         [backend.pipes.voices]\nfemale = [\"anna\", \"bert#2\"]\nmale = [\"bert\"]\n"
    );
    let stage = Stage::new()
        .story(STORY)
        .file("fullcast.toml", settings.as_bytes());
    stage.done("make story.txt");
    let asked = server.asked.lock().unwrap().clone();
    let (head, request) = asked.iter().find(|(_, r)| r["speaker_id"] == 2).unwrap();
    assert!(head.starts_with("POST /synthesize "), "{head}");
    assert_eq!(request["voice"], "bert");
    let settings = settings.replace("\"anna\"", "\"nobody\"");
    let stage = stage.file("fullcast.toml", settings.as_bytes());
    stage.refused(
        "make story.txt",
        &["it has no voice `nobody`, only anna, bert"],
    );
}

#[test]
fn a_recogniser_listens_to_new_clips() {
    let settings = |command: &str| {
        format!("[check]\ncommand = [\"python3\", \"-c\", \"{command}\", \"{{input}}\"]\n")
    };
    let deaf = settings("print('Something else entirely was said here, I think')");
    let stage = Stage::new().story(STORY).settings(&deaf);
    let told = stage.done("make story.txt --format wav").stderr;
    assert!(
        told.contains("line 1 may not sound as it should: the recogniser hears `Something else"),
        "{told}"
    );
    let stage = Stage::new()
        .story(STORY)
        .settings(&settings("import sys; sys.exit('no model')"));
    stage.refused(
        "make story.txt",
        &["the recogniser `python3`: it ended with", "no model"],
    );
    let stage = stage.settings("[check]\ncommand = [\"python3\"]\n");
    stage.refused("make story.txt", &["no `{input}`"]);
}

#[test]
fn the_cache_is_held_to_its_size_and_never_at_the_cost_of_the_book() {
    let stage = Stage::new()
        .story(STORY)
        .settings("[cache]\nlimit = 0.000001\n");
    stage.done("make story.txt --format wav");
    let first = stage.clips();
    assert!(first.len() > 5, "the book's own clips stay");
    let stage = stage.file("other.txt", rungs(9).as_bytes());
    let told = stage.done("make other.txt --format wav").stderr;
    assert!(told.contains("not used for longest are gone"), "{told}");
    assert_eq!(stage.clips().len(), 9);
    assert!(first.iter().all(|clip| !clip.exists()));
}

#[test]
fn a_cache_that_cannot_be_written_is_told_before_anything_is_asked() {
    let server = Server::new(|_, _, _| Reply::Sound);
    let stage = stage(&[server.url()], "");
    std::fs::create_dir_all(stage.path("home")).unwrap();
    let stage = stage.file("home/cache", b"a file");
    stage.refused("make story.txt", &["could not write", "cache"]);
    assert_eq!(server.count(), 0);
}
