//! The language model that may help: what it is asked, what of its answers counts, and what it can never do.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::book::Stage;

/// Three people, some of whose lines nobody could give to one of them for certain.
const STORY: &str = "Ida, Tomas and Berta sat on the wall. Ida had a cold. Tomas had a letter. Berta had nothing.\n\n\
    \"Is it far?\" asked Ida.\n\n\"Not very,\" said Tomas.\n\n\"I like it here,\" said Berta.\n\nNobody moved for a long \
    time. The boats came in, one after the other, and the gulls with them.\n\n\"It was better last year.\"\n\n\"You say \
    that every year.\"\n\nA dog barked.\n\n\"It was true every year.\"\n\n\"Look at the gulls.\"\n\nThe light \
    went.\n\n\"We should go.\"";

/// What the server does with a question.
#[derive(Clone)]
enum Reply {
    /// An answer of a language model with this content.
    Says(String),
    /// A page with this status.
    Page(u16, &'static str),
    /// Nothing, ever.
    Silence,
}

/// A service on this machine that gives one reply to all and remembers the questions.
struct Service {
    port: u16,
    asked: Arc<Mutex<Vec<(String, String)>>>,
}

impl Service {
    fn new(reply: Reply) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
        let heard = asked.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (reply, heard) = (reply.clone(), heard.clone());
                thread::spawn(move || answer(stream, &reply, &heard));
            }
        });
        Self { port, asked }
    }

    /// Heads and bodies of all questions.
    fn asked(&self) -> Vec<(String, String)> {
        self.asked.lock().unwrap().clone()
    }

    /// A folder with the story, and the settings that name this service.
    fn stage(&self, more: &str) -> Stage {
        stage(&format!("http://127.0.0.1:{}/v1", self.port), more)
    }
}

fn stage(url: &str, more: &str) -> Stage {
    Stage::new().story(STORY).settings(&format!(
        "[script.assistant]\nurl = \"{url}\"\nmodel = \"small\"\ntimeout = 2\n{more}"
    ))
}

fn answer(
    mut stream: TcpStream,
    reply: &Reply,
    asked: &Mutex<Vec<(String, String)>>,
) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(bytes) = line.to_lowercase().strip_prefix("content-length:") {
            length = bytes.trim().parse().ok()?;
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    asked
        .lock()
        .unwrap()
        .push((head, String::from_utf8(body).ok()?));
    let (status, page) = match reply {
        Reply::Says(content) => {
            let message =
                json!({"choices": [{"message": {"role": "assistant", "content": content}}]});
            (200, message.to_string())
        }
        Reply::Page(status, page) => (*status, (*page).to_owned()),
        Reply::Silence => {
            thread::sleep(Duration::from_secs(30));
            return None;
        }
    };
    let head = format!(
        "HTTP/1.1 {status} x\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        page.len()
    );
    stream.write_all((head + &page).as_bytes()).ok()
}

/// The quotations of the script, as JSON.
fn quotations(stage: &Stage) -> Vec<Value> {
    let outcome = stage.done("script story.txt --format jsonl");
    let rows = outcome.events().into_iter();
    rows.filter(|row| row["kind"] == "speech").collect()
}

/// The same without an assistant: what we say ourselves.
fn ours() -> Vec<Value> {
    quotations(&Stage::new().story(STORY))
}

fn is_unsure(row: &Value) -> bool {
    row["certainty"].as_f64().unwrap() < 0.6
}

/// An answer that gives the sure lines to those who say them and all others to Ida.
fn all_to_ida() -> String {
    let labels: serde_json::Map<String, Value> = (ours().iter().enumerate())
        .map(|(at, row)| {
            let speaker = if is_unsure(row) {
                json!("Ida")
            } else {
                row["speaker"].clone()
            };
            ((at + 1).to_string(), speaker)
        })
        .collect();
    Value::Object(labels).to_string()
}

/// The assistant changed nothing, and a note says why.
#[track_caller]
fn stands(stage: &Stage, words: &str) {
    assert_eq!(quotations(stage), ours());
    let note = stage.done("script story.txt").stderr;
    assert!(
        note.contains("could not help") && note.contains(words),
        "no `{words}` in {note}"
    );
}

#[test]
fn a_good_answer_decides_the_unsure_lines_and_no_others() {
    let service = Service::new(Reply::Says(all_to_ida()));
    let before = ours();
    assert!(
        before
            .iter()
            .any(|row| is_unsure(row) && row["speaker"] != "Ida")
    );
    let stage = service.stage("");
    for (one, other) in before.iter().zip(quotations(&stage)) {
        if is_unsure(one) {
            assert_eq!(other["speaker"], "Ida");
            assert!(
                other["why"]
                    .as_str()
                    .unwrap()
                    .contains("the assistant `small`"),
                "{other}"
            );
        } else {
            assert_eq!(*one, other);
        }
        assert_eq!(one["text"], other["text"]);
    }
    let cast = stage.done("cast story.txt").stdout;
    assert!(cast.contains("Ida"), "{cast}");
}

#[test]
fn a_second_run_asks_nothing() {
    let service = Service::new(Reply::Says(all_to_ida()));
    let stage = service.stage("");
    let first = quotations(&stage);
    assert_eq!(service.asked().len(), 1);
    assert_eq!(quotations(&stage), first);
    assert_eq!(service.asked().len(), 1);
}

#[test]
fn another_model_is_asked_anew() {
    let service = Service::new(Reply::Says(all_to_ida()));
    let stage = service.stage("");
    quotations(&stage);
    let url = format!("http://127.0.0.1:{}/v1", service.port);
    let stage = stage.settings(&format!(
        "[script.assistant]\nurl = \"{url}\"\nmodel = \"large\"\n"
    ));
    quotations(&stage);
    assert_eq!(service.asked().len(), 2);
}

#[test]
fn the_question_numbers_the_quotations_and_lists_the_speakers() {
    let service = Service::new(Reply::Says(all_to_ida()));
    quotations(&service.stage(""));
    let (head, body) = service.asked().remove(0);
    assert!(head.starts_with("POST /v1/chat/completions "), "{head}");
    assert!(!head.to_lowercase().contains("authorization"), "{head}");
    let question: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(question["model"], "small");
    let text = question["messages"][1]["content"].as_str().unwrap();
    for words in [
        "- Ida\n",
        "- Tomas\n",
        "- Berta\n",
        "[1] “Is it far?”\n",
        "[8] “We should go.”\n",
        "A dog barked.\n",
    ] {
        assert!(text.contains(words), "no {words:?} in {text}");
    }
}

#[test]
fn without_the_table_nobody_is_asked() {
    let service = Service::new(Reply::Says(all_to_ida()));
    quotations(&Stage::new().story(STORY));
    assert!(service.asked().is_empty());
}

#[test]
fn a_story_without_unsure_lines_is_not_sent() {
    let service = Service::new(Reply::Says("{}".into()));
    let stage = service
        .stage("")
        .story("\"Tea?\" asked Ida.\n\n\"Yes,\" said Tomas.");
    quotations(&stage);
    assert!(service.asked().is_empty());
}

#[test]
fn names_that_were_not_offered_and_numbers_that_were_not_asked_do_not_count() {
    let service = Service::new(Reply::Says(
        r#"{"4": "Nobody Known", "5": 7, "6": null, "99": "Ida", "x": "Ida", "0": "Ida"}"#.into(),
    ));
    stands(&service.stage(""), "names nobody who was offered");
}

#[test]
fn a_list_inside_other_words_counts() {
    let labels = all_to_ida();
    let service = Service::new(Reply::Says(format!(
        "Here you are:\n```json\n{labels}\n```"
    )));
    let rows = quotations(&service.stage(""));
    assert!(
        rows.iter()
            .skip(3)
            .any(|row| row["why"].as_str().unwrap().contains("assistant"))
    );
}

#[test]
fn nonsense_changes_nothing() {
    let service = Service::new(Reply::Says("I would rather talk about the gulls.".into()));
    stands(&service.stage(""), "holds no list of names");
}

#[test]
fn rewritten_text_changes_nothing() {
    let rewritten = r#"{"4": "It was far better last year, said Ida.", "5": "You always say so."}"#;
    let service = Service::new(Reply::Says(rewritten.into()));
    stands(&service.stage(""), "names nobody who was offered");
}

#[test]
fn an_answer_against_what_the_story_says_outright_does_not_count() {
    let wrong = r#"{"1": "Berta", "2": "Berta", "3": "Ida", "4": "Ida", "5": "Ida"}"#;
    let service = Service::new(Reply::Says(wrong.into()));
    stands(
        &service.stage(""),
        "stands against what the story says outright",
    );
}

#[test]
fn an_error_page_with_status_200_changes_nothing() {
    let service = Service::new(Reply::Page(200, "<html>Sign in, please</html>"));
    stands(&service.stage(""), "no answer of a language model");
    let service = Service::new(Reply::Page(
        200,
        r#"{"error": {"message": "no such model"}}"#,
    ));
    stands(&service.stage(""), "no answer of a language model");
}

#[test]
fn a_status_of_failure_changes_nothing() {
    let service = Service::new(Reply::Page(500, "{}"));
    stands(&service.stage(""), "it answered `500");
}

#[test]
fn one_who_does_not_answer_in_time_changes_nothing() {
    let service = Service::new(Reply::Silence);
    let start = Instant::now();
    let stage = service.stage("");
    assert_eq!(quotations(&stage), ours());
    assert!(start.elapsed() < Duration::from_secs(15));
    assert!(
        stage
            .done("script story.txt")
            .stderr
            .contains("no answer within 2 s")
    );
}

#[test]
fn a_refused_connection_changes_nothing() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    stands(
        &stage(&format!("http://127.0.0.1:{port}/v1"), ""),
        "our own choice of speakers stands",
    );
}

#[test]
fn the_key_comes_from_the_environment_and_is_told_to_nobody_else() {
    let service = Service::new(Reply::Page(401, "no"));
    let stage = service.stage("key_env = \"SMALL_KEY\"\n");
    stands(&stage, "the environment variable `SMALL_KEY` holds no key");
    assert!(service.asked().is_empty());
    let mut command = stage.command("script story.txt --format jsonl");
    let outcome = command.env("SMALL_KEY", "s3cret-key").output().unwrap();
    assert!(outcome.status.success());
    let (head, body) = service.asked().remove(0);
    assert!(
        head.to_lowercase()
            .contains("authorization: bearer s3cret-key"),
        "{head}"
    );
    let told = [outcome.stdout, outcome.stderr, body.into_bytes()].concat();
    assert!(!String::from_utf8_lossy(&told).contains("s3cret-key"));
}

#[test]
fn a_damaged_kept_answer_is_asked_for_again() {
    let service = Service::new(Reply::Says(all_to_ida()));
    let stage = service.stage("");
    let first = quotations(&stage);
    let folder = stage.path("home/cache/assistant");
    for entry in fs::read_dir(folder).unwrap() {
        fs::write(entry.unwrap().path(), "{\"question\": \"").unwrap();
    }
    assert_eq!(quotations(&stage), first);
    assert_eq!(service.asked().len(), 2);
}

#[test]
fn settings_that_cannot_be_are_refused() {
    let table = |text: &str| {
        Stage::new()
            .story(STORY)
            .settings(&format!("[script.assistant]\n{text}"))
    };
    table("url = \"http://x\"\n").refused(
        "script story.txt",
        &["fullcast.toml:", "missing field `model`"],
    );
    table("url = \"x\"\nmodel = \"m\"\n")
        .refused("script story.txt", &["fullcast.toml:2", "http://"]);
    table("url = \"http://x\"\nmodel = \"m\"\ntemprature = 1\n")
        .refused("script story.txt", &["unknown field `temprature`"]);
}
