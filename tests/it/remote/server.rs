//! A server of voices on this machine: OpenAI's interface, hums for sound, and the faults of real ones.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use fullcast::{
    audio::{Audio, wav},
    speech::{Synthesizer, Tone, Utterance},
};
use serde_json::Value;

/// What the server does with a request to speak.
#[derive(Clone)]
pub(super) enum Reply {
    /// Speaks.
    Sound,
    /// Speaks after a while.
    Late(Duration),
    /// Speaks the first half only, in a file that is whole.
    Half,
    /// Speaks in two channels at 48 kHz.
    Stereo,
    /// Sends silence as long as the speech.
    Silence,
    /// Sends only so many bytes of the file, though it says that this is all.
    Truncated(usize),
    /// Hangs up after so many bytes of the answer.
    Reset(usize),
    /// Sends a byte now and then.
    Drip,
    /// Says that three gigabytes follow, and sends for as long as anyone listens.
    Endless,
    /// A page with this status and these headers.
    Page(u16, &'static str, &'static str),
    /// Hangs up at once.
    HangUp,
}

/// Tells what to do with the request number `n`, from 0, for these words in this voice.
type Script = dyn Fn(usize, &str, &str) -> Reply + Send + Sync;

/// A server that remembers what it was asked.
pub(super) struct Server {
    pub(super) port: u16,
    pub(super) asked: Arc<Mutex<Vec<(String, Value)>>>,
    pub(super) most: Arc<AtomicUsize>,
}

impl Server {
    pub(super) fn new(script: impl Fn(usize, &str, &str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            asked: Arc::default(),
            most: Arc::default(),
        };
        let script: Arc<Script> = Arc::new(script);
        let (asked, most) = (server.asked.clone(), server.most.clone());
        let now = Arc::new(AtomicUsize::new(0));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (script, asked, most, now) =
                    (script.clone(), asked.clone(), most.clone(), now.clone());
                thread::spawn(move || answer(stream, &*script, &asked, &now, &most));
            }
        });
        server
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.port)
    }

    /// How many requests to speak it got.
    pub(super) fn count(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

/// Answers requests on a connection until it is closed; `None` ends it.
fn answer(
    mut stream: TcpStream,
    script: &Script,
    asked: &Mutex<Vec<(String, Value)>>,
    now: &AtomicUsize,
    most: &AtomicUsize,
) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    loop {
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
            if line.trim().is_empty() {
                break;
            }
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
            head.push_str(&line);
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        if head.starts_with("GET") {
            // The first is how Piper tells it.
            let voices = if head.starts_with("GET /voices ") {
                r#"{"anna":{},"bert":{}}"#
            } else {
                r#"{"voices":["anna","bert"]}"#
            };
            page(&mut stream, 200, "", voices.as_bytes())?;
            continue;
        }
        let request: Value = serde_json::from_slice(&body).ok()?;
        let words = request.get("input").or(request.get("text"))?;
        let text = words.as_str()?.to_owned();
        let voice = request["voice"].as_str().unwrap_or_default().to_owned();
        let number = {
            let mut asked = asked.lock().unwrap();
            asked.push((head, request));
            asked.len() - 1
        };
        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        let done = speak(&mut stream, &script(number, &text, &voice), &text, &voice);
        now.fetch_sub(1, Ordering::SeqCst);
        done?;
    }
}

fn speak(stream: &mut TcpStream, reply: &Reply, text: &str, voice: &str) -> Option<()> {
    let audio = Tone::new().speak(&Utterance::plain(text, voice)).ok()?;
    let file = |audio: &Audio| wav::bytes(audio).ok();
    match reply {
        Reply::Sound => page(stream, 200, "", &file(&audio)?),
        Reply::Late(delay) => {
            thread::sleep(*delay);
            page(stream, 200, "", &file(&audio)?)
        }
        Reply::Half => {
            let samples = audio.samples[..audio.samples.len() / 4].to_vec();
            page(stream, 200, "", &file(&Audio { samples, ..audio })?)
        }
        Reply::Silence => {
            let samples = vec![0.0; audio.samples.len()];
            page(stream, 200, "", &file(&Audio { samples, ..audio })?)
        }
        Reply::Stereo => page(stream, 200, "", &stereo(&audio)),
        Reply::Truncated(length) => page(stream, 200, "", &file(&audio)?[..*length]),
        Reply::Reset(length) => {
            let file = file(&audio)?;
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", file.len());
            stream.write_all(head.as_bytes()).ok()?;
            stream.write_all(&file[..*length]).ok()?;
            None
        }
        Reply::Drip => {
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
                .ok()?;
            for byte in file(&audio)?.iter().take(200) {
                stream.write_all(&[*byte]).ok()?;
                stream.flush().ok()?;
                thread::sleep(Duration::from_millis(50));
            }
            None
        }
        Reply::Endless => {
            // In chunks, so that no length is told before.
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                .ok()?;
            let chunk = vec![0x55; 1 << 16];
            for _ in 0..3 << 14 {
                write!(stream, "{:x}\r\n", chunk.len()).ok()?;
                stream.write_all(&chunk).ok()?;
                stream.write_all(b"\r\n").ok()?;
            }
            None
        }
        Reply::Page(status, headers, body) => page(stream, *status, headers, body.as_bytes()),
        Reply::HangUp => None,
    }
}

fn page(stream: &mut TcpStream, status: u16, headers: &str, body: &[u8]) -> Option<()> {
    let length = body.len();
    // The header lies about the kind of sound, as those of real servers do.
    let head = format!(
        "HTTP/1.1 {status} Status\r\nContent-Type: audio/mpeg\r\n{headers}Content-Length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(body).ok()?;
    stream.flush().ok()
}

/// The sound twice as fast in samples and in both channels of a WAV file.
fn stereo(audio: &Audio) -> Vec<u8> {
    let mut data = Vec::new();
    for sample in &audio.samples {
        let value = ((sample * 32_767.0) as i16).to_le_bytes();
        for _ in 0..4 {
            data.extend_from_slice(&value);
        }
    }
    let mut file = Vec::new();
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(36 + data.len() as u32).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0\x02\0");
    file.extend_from_slice(&48_000u32.to_le_bytes());
    file.extend_from_slice(&(48_000u32 * 4).to_le_bytes());
    file.extend_from_slice(b"\x04\0\x10\0data");
    file.extend_from_slice(&(data.len() as u32).to_le_bytes());
    file.extend(data);
    file
}
