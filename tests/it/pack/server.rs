//! A web server on this machine with the faults of real ones.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

/// How the server answers for a path.
#[derive(Clone, Copy)]
pub(super) enum Manner {
    /// As a server should, ranges and all.
    Well,
    /// Always from the start.
    WithoutRanges,
    /// Hangs up after so many bytes of each answer that is not a continued one.
    Cut(usize),
    /// Sends so many bytes, then nothing.
    Stall(usize),
    /// Well, but after a while.
    Late(Duration),
    /// `404`.
    Missing,
}

/// What the server has, by path.
type Pages = Mutex<BTreeMap<String, (Vec<u8>, Manner)>>;

/// A web server on this machine that remembers what it was asked.
pub(super) struct Server {
    pub(super) port: u16,
    pages: Arc<Pages>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(super) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            pages: Arc::default(),
            asked: Arc::default(),
        };
        let (pages, asked) = (server.pages.clone(), server.asked.clone());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (pages, asked) = (pages.clone(), asked.clone());
                // A client that hangs up early is part of the tests.
                thread::spawn(move || answer(stream, &pages, &asked));
            }
        });
        server
    }

    pub(super) fn serve(&self, path: &str, bytes: &[u8], manner: Manner) -> String {
        let mut pages = self.pages.lock().unwrap();
        pages.insert(path.to_owned(), (bytes.to_vec(), manner));
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Each request as `path` or `path from N`.
    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// Answers requests on a connection until it is closed; `None` ends it.
fn answer(mut stream: TcpStream, pages: &Pages, asked: &Mutex<Vec<String>>) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    loop {
        let mut words = String::new();
        reader.read_line(&mut words).ok().filter(|read| *read > 0)?;
        let path = words.split(' ').nth(1)?.to_owned();
        let mut from = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            let line = line.trim().to_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(range) = line.strip_prefix("range: bytes=") {
                from = range.trim_end_matches('-').parse().ok()?;
            }
        }
        let note = if from > 0 {
            format!("{path} from {from}")
        } else {
            path.clone()
        };
        asked.lock().unwrap().push(note);
        let (bytes, manner) = pages.lock().unwrap().get(&path)?.clone();
        reply(&mut stream, &bytes, manner, from)?;
    }
}

fn reply(stream: &mut TcpStream, bytes: &[u8], manner: Manner, from: usize) -> Option<()> {
    if let Manner::Missing = manner {
        let head = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
        return stream.write_all(head.as_bytes()).ok();
    }
    if let Manner::Late(delay) = manner {
        thread::sleep(delay);
    }
    let from = if let Manner::WithoutRanges = manner {
        0
    } else {
        from
    };
    let body = bytes.get(from..).unwrap_or_default();
    let status = match from {
        0 => "200 OK".to_owned(),
        _ if body.is_empty() => "416 Range Not Satisfiable".to_owned(),
        _ => {
            let (last, all) = (bytes.len() - 1, bytes.len());
            format!("206 Partial Content\r\nContent-Range: bytes {from}-{last}/{all}")
        }
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    match manner {
        Manner::Cut(length) if from == 0 => {
            stream.write_all(&body[..length]).ok()?;
            None
        }
        Manner::Stall(length) => {
            stream.write_all(&body[..length]).ok()?;
            thread::sleep(Duration::from_secs(20));
            None
        }
        _ => stream.write_all(body).ok(),
    }
}
