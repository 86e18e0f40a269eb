//! Downloads by HTTPS that give up soon, go on where they broke, and ask no host that does not answer again.

use std::{
    collections::BTreeMap,
    error::Error as _,
    fs::{self, File},
    io::{self, Seek, SeekFrom, Write},
    path::Path,
};

use reqwest::{Client, Response, StatusCode, header};
use tokio::{runtime::Runtime, time};

use super::{
    pack::PackFile,
    site::cannot_write,
    sources::{Means, Trouble, host},
};
use crate::web;

/// After so many failures of whatever kind a host is not asked again.
const STRIKES: u32 = 3;
/// How often a connection that broke in the middle is taken up again.
const RESUMES: u32 = 3;

/// All downloads of one installation.
pub(super) struct Web<'a> {
    means: &'a Means,
    /// Made for the first download; the error stands for every later one.
    line: Option<Result<Line, String>>,
    strikes: BTreeMap<String, u32>,
}

/// What a download runs on.
struct Line {
    /// There until the drop.
    runtime: Option<Runtime>,
    client: Client,
}

/// One try to get the rest of a file.
struct Attempt<'a> {
    url: &'a str,
    file: &'a PackFile,
    part: &'a Path,
    means: &'a Means,
    told: &'a dyn Fn(u64),
}

/// How an attempt failed.
enum Miss {
    /// The host does not answer: do not ask it again.
    Host(String),
    /// The connection broke after some bytes: what is here counts.
    Broken(String),
    /// It does not give this file.
    File(String),
    /// It cannot be written.
    Disk(io::Error),
}

impl<'a> Web<'a> {
    /// Connects to nothing yet.
    pub(super) fn new(means: &'a Means) -> Self {
        Self {
            means,
            line: None,
            strikes: BTreeMap::new(),
        }
    }

    /// Whether asking is known to be useless.
    pub(super) fn is_dead(&self, url: &str) -> bool {
        let failed = matches!(self.line, Some(Err(_)));
        failed
            || self
                .strikes
                .get(host(url))
                .is_some_and(|count| *count >= STRIKES)
    }

    /// Counts a failure of a host that did answer.
    pub(super) fn strike(&mut self, url: &str) {
        *self.strikes.entry(host(url).to_owned()).or_default() += 1;
    }

    /// Downloads what `part` lacks, telling of the bytes here so far. `Ok` says whether an earlier download was
    /// continued; the file's hash is still to be verified.
    pub(super) fn fetch(
        &mut self,
        url: &str,
        file: &PackFile,
        part: &Path,
        told: &dyn Fn(u64),
    ) -> Result<bool, Trouble> {
        let disk = |error: io::Error| Trouble::Disk(cannot_write(part, &error));
        let begun = fs::metadata(part).map_or(0, |found| found.len());
        if begun == file.size {
            return Ok(true);
        }
        if begun > file.size {
            fs::remove_file(part).map_err(disk)?;
        }
        let means = self.means;
        let line = match self.line.get_or_insert_with(|| Line::new(means)) {
            Ok(line) => line,
            Err(reason) => return Err(Trouble::Source(reason.clone())),
        };
        let attempt = Attempt {
            url,
            file,
            part,
            means,
            told,
        };
        let outcome = line.block_on(attempt.persist(&line.client));
        match outcome {
            Ok(()) => Ok(begun > 0),
            Err(Miss::Disk(error)) => Err(disk(error)),
            Err(Miss::Host(reason)) => {
                self.strikes.insert(host(url).to_owned(), STRIKES);
                Err(Trouble::Source(reason))
            }
            Err(Miss::Broken(reason) | Miss::File(reason)) => {
                self.strike(url);
                Err(Trouble::Source(reason))
            }
        }
    }
}

impl Line {
    fn new(means: &Means) -> Result<Self, String> {
        web::provide();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let client = Client::builder()
            .user_agent(concat!("fullcast/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(means.connect)
            .build();
        Ok(Self {
            runtime: Some(runtime.map_err(|error| format!("no sockets on this system: {error}"))?),
            client: client.map_err(|error| format!("no HTTPS on this system: {}", root(&error)))?,
        })
    }

    fn block_on<F: Future>(&self, work: F) -> F::Output {
        let runtime = self.runtime.as_ref();
        runtime
            .expect("it is taken in the drop only")
            .block_on(work)
    }
}

impl Drop for Line {
    /// A look-up of a name that was given up may still run for half a minute: do not wait for it.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Attempt<'_> {
    /// Tries until the file is whole, as long as each try brings bytes.
    async fn persist(&self, client: &Client) -> Result<(), Miss> {
        let mut tries = 0;
        loop {
            match self.once(client).await {
                Err(Miss::Broken(_)) if tries < RESUMES => tries += 1,
                outcome => return outcome,
            }
        }
    }

    async fn once(&self, client: &Client) -> Result<(), Miss> {
        let mut done = fs::metadata(self.part).map_or(0, |found| found.len());
        let mut response = self.ask(client, done).await?;
        if done > 0 && !continues(&response, done) {
            // The server begins anew, or does not like the range.
            done = 0;
            if response.status() != StatusCode::OK {
                response = self.ask(client, done).await?;
            }
        }
        self.accept(&response, done)?;
        let mut file = self.open(done).map_err(Miss::Disk)?;
        (self.told)(done);
        self.receive(response, &mut file, done).await
    }

    /// The part, cut to the bytes that count, ready to grow.
    fn open(&self, done: u64) -> io::Result<File> {
        let mut file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.part)?;
        file.set_len(done)?;
        file.seek(SeekFrom::End(0))?;
        Ok(file)
    }

    async fn ask(&self, client: &Client, from: u64) -> Result<Response, Miss> {
        let mut request = client
            .get(self.url)
            .header(header::ACCEPT_ENCODING, "identity");
        if from > 0 {
            request = request.header(header::RANGE, format!("bytes={from}-"));
        }
        match time::timeout(self.means.stall, request.send()).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) if error.is_timeout() => {
                let limit = self.means.connect.as_secs_f32();
                Err(Miss::Host(format!("no connection within {limit} s")))
            }
            Ok(Err(error)) => Err(Miss::Host(format!("no connection: {}", root(&error)))),
            Err(_) => Err(Miss::Host(self.silence())),
        }
    }

    /// Refuses at once what cannot become the file.
    fn accept(&self, response: &Response, done: u64) -> Result<(), Miss> {
        if !response.status().is_success() {
            return Err(Miss::File(format!(
                "the server answered `{}`",
                response.status()
            )));
        }
        match response.content_length() {
            Some(length) if done + length != self.file.size => Err(Miss::File(format!(
                "the server has {} bytes instead of {}",
                done + length,
                self.file.size
            ))),
            _ => Ok(()),
        }
    }

    async fn receive(
        &self,
        mut response: Response,
        file: &mut File,
        from: u64,
    ) -> Result<(), Miss> {
        let mut done = from;
        loop {
            let chunk = match time::timeout(self.means.stall, response.chunk()).await {
                Err(_) => return Err(Miss::Host(self.silence())),
                Ok(Ok(Some(chunk))) => chunk,
                Ok(Ok(None)) if done == self.file.size => return Ok(()),
                Ok(_) if done > from => return Err(Miss::Broken(self.broke(done))),
                Ok(_) => return Err(Miss::File(self.broke(done))),
            };
            done += chunk.len() as u64;
            if done > self.file.size {
                file.set_len(0).map_err(Miss::Disk)?;
                return Err(Miss::File(
                    "the server sends more than the file has".to_owned(),
                ));
            }
            file.write_all(&chunk).map_err(Miss::Disk)?;
            (self.told)(done);
        }
    }

    fn silence(&self) -> String {
        format!("nothing came for {} s", self.means.stall.as_secs_f32())
    }

    fn broke(&self, done: u64) -> String {
        format!(
            "the connection broke after {done} of {} bytes",
            self.file.size
        )
    }
}

/// Whether an answer goes on from the byte that was asked for.
fn continues(response: &Response, from: u64) -> bool {
    let range = response.headers().get(header::CONTENT_RANGE);
    let range = range.and_then(|range| range.to_str().ok());
    response.status() == StatusCode::PARTIAL_CONTENT
        && range.is_some_and(|range| range.starts_with(&format!("bytes {from}-")))
}

/// What lies at the bottom of an error; the layers above only repeat the URL.
fn root(error: &reqwest::Error) -> String {
    let mut deepest = error.source();
    while let Some(deeper) = deepest.and_then(|error| error.source()) {
        deepest = Some(deeper);
    }
    deepest.map_or_else(|| error.to_string(), ToString::to_string)
}
