//! Voices on servers: lines go out to whichever server is free and well, and no reply is trusted.

mod elevenlabs;
mod key;
mod openai;
mod piper;
mod pool;
mod reply;

use std::{
    collections::BTreeMap,
    path::Path,
    sync::Mutex,
    time::{Duration, Instant},
};

use reqwest::{Client, RequestBuilder};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use self::{
    key::Key,
    pool::{Outcome, Pool, rest},
    reply::Trouble,
};
use super::{Engine, Kind, Settings, Synthesizer, Utterance};
use crate::{
    Error, Result,
    audio::Audio,
    error::SpeechError,
    web::{self, cause, host},
};

/// How many lines one server speaks at once unless the settings say it.
const PARALLEL: usize = 2;
/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(10);

/// What a kind of server is asked, and how its answers are read.
trait Service: Send + Sync {
    /// The request that has the server at `url` speak.
    fn speech(&self, client: &Client, url: &str, utterance: &Utterance<'_>) -> RequestBuilder;

    /// The rate of sound without a header, in Hz, if that is what was asked for.
    fn bare(&self) -> Option<u32> {
        None
    }

    /// Whether it would speak in another voice rather than refuse one that it does not have.
    fn substitutes(&self) -> bool {
        false
    }

    /// The voice as its list has it.
    fn voice<'a>(&self, utterance: &Utterance<'a>) -> &'a str {
        utterance.voice
    }

    /// The request that has the server at `url` list its voices.
    fn list(&self, client: &Client, url: &str) -> RequestBuilder;

    /// The voices in its answer.
    fn names(&self, answer: &Value) -> Vec<String>;
}

/// A backend whose voices are on one or more servers.
pub(super) struct Remote {
    name: String,
    engine: Engine,
    service: Box<dyn Service>,
    key: Option<Key>,
    pool: Pool,
    client: Client,
    /// There until the drop.
    runtime: Option<Runtime>,
    timeout: Duration,
    patience: Duration,
    tries: u32,
    address: String,
    /// The voices of servers that substitute what they do not have, by address.
    known: Mutex<BTreeMap<String, Vec<String>>>,
}

impl Remote {
    /// The backend that the table `[backend.NAME]` describes. Asks nothing yet.
    ///
    /// # Errors
    ///
    /// The key is not where the settings say, or the system has no sockets.
    pub(super) fn new(
        name: &str,
        engine: Engine,
        settings: &Settings,
        folder: &Path,
    ) -> Result<Self> {
        let key = Key::find(name, settings, folder)?;
        let service: Box<dyn Service> = match settings.kind {
            Kind::ElevenLabs => Box::new(elevenlabs::ElevenLabs::new(settings, key.as_ref())),
            Kind::Piper => Box::new(piper::Piper::new(settings)),
            Kind::OpenAi | Kind::Command => Box::new(openai::OpenAi::new(settings, key.as_ref())),
        };
        let mut urls = settings.addresses();
        if urls.is_empty() {
            urls.push(elevenlabs::HOME.into());
        }
        let no_sockets = |reason: String| {
            Error::invalid(
                format!("`[backend.{name}]`: no connections on this system: {reason}"),
                "the embedded voices (`backend = \"kokoro\"`) need none",
            )
        };
        let client = web::client(&urls[0]).connect_timeout(CONNECT.min(settings.timeout()));
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build();
        Ok(Self {
            name: name.to_owned(),
            engine,
            service,
            key,
            client: client.build().map_err(|error| no_sockets(cause(&error)))?,
            runtime: Some(runtime.map_err(|error| no_sockets(error.to_string()))?),
            address: urls[0].clone(),
            known: Mutex::new(BTreeMap::new()),
            pool: Pool::new(urls, settings.parallel.unwrap_or(PARALLEL)),
            timeout: settings.timeout(),
            patience: settings.patience(),
            tries: settings.tries(),
        })
    }

    /// The voices that the first server offers, if it tells.
    pub(super) fn voices(&self) -> Result<Vec<String>> {
        let request = self.service.list(&self.client, &self.address);
        let place = host(&self.address);
        let failed = |why: String| {
            Error::invalid(
                format!("`{place}` does not list its voices: {why}"),
                "its own pages tell what it offers; any name may be used",
            )
        };
        let body = self
            .exchange(request, self.timeout)
            .map_err(|trouble| failed(self.told(&trouble, place)))?;
        let answer =
            serde_json::from_slice(&body).map_err(|_| failed("its answer is no list".into()))?;
        let names = self.service.names(&answer);
        if names.is_empty() {
            return Err(failed("its list is empty".into()));
        }
        Ok(names)
    }

    /// One try at one server.
    fn ask(&self, url: &str, utterance: &Utterance<'_>, time: Duration) -> Result<Audio, Trouble> {
        if self.service.substitutes() {
            self.must_have(url, self.service.voice(utterance), time)?;
        }
        let request = self.service.speech(&self.client, url, utterance);
        let body = self.exchange(request, self.timeout.min(time))?;
        reply::sound(&body, self.service.bare())
    }

    /// Whether the server at `url` has this very voice; it is asked once.
    fn must_have(&self, url: &str, voice: &str, time: Duration) -> Result<(), Trouble> {
        let mut known = self.known.lock().expect("nothing panics with the lock");
        if !known.contains_key(url) {
            let request = self.service.list(&self.client, url);
            let body = self.exchange(request, self.timeout.min(time))?;
            let answer = serde_json::from_slice(&body)
                .map_err(|_| Trouble::Failed("its list of voices is none".into()))?;
            known.insert(url.to_owned(), self.service.names(&answer));
        }
        let voices = &known[url];
        if voices.iter().any(|known| known == voice) {
            return Ok(());
        }
        Err(Trouble::Wrong(format!(
            "it has no voice `{voice}`, only {}",
            voices.join(", ")
        )))
    }

    fn exchange(&self, request: RequestBuilder, time: Duration) -> Result<Vec<u8>, Trouble> {
        let runtime = self.runtime.as_ref().expect("it is taken in the drop only");
        runtime.block_on(async {
            match tokio::time::timeout(time, reply::fetch(request)).await {
                Ok(answer) => answer,
                Err(_) => Err(Trouble::Failed(format!(
                    "no whole answer within {:.1} s",
                    time.as_secs_f64()
                ))),
            }
        })
    }

    /// What went wrong at `place`, for people, without the key.
    fn told(&self, trouble: &Trouble, place: &str) -> String {
        let said = match trouble {
            Trouble::Wait(_) => format!("`{place}` has no time for more"),
            Trouble::Failed(why) | Trouble::Wrong(why) => format!("`{place}`: {why}"),
            Trouble::Barred(why) => match &self.key {
                Some(key) => format!("`{place}` refuses the key {}: {why}", key.place),
                None => format!(
                    "`{place}` wants a key: {why}; name it with `key-env` or `key-file` in `[backend.{}]`",
                    self.name
                ),
            },
        };
        match &self.key {
            Some(key) => key.hidden(&said),
            None => said,
        }
    }
}

impl Synthesizer for Remote {
    fn engine(&self) -> &Engine {
        &self.engine
    }

    /// As many as all servers take at once.
    fn parallelism(&self) -> usize {
        self.pool.seats()
    }

    /// Tries until a server gives sound, the line was tried often enough, or the patience is at its end.
    fn speak(&self, utterance: &Utterance<'_>) -> Result<Audio, SpeechError> {
        let deadline = Instant::now() + self.patience;
        let (mut tries, mut waits, mut avoid) = (0, 0, None);
        let mut told = String::from("no server was free in time");
        while let Some(seat) = self.pool.enter(avoid.as_deref(), deadline) {
            let time = deadline.saturating_duration_since(Instant::now());
            let trouble = match self.ask(&seat.url, utterance, time) {
                Ok(audio) => {
                    self.pool.leave(&seat, Outcome::Answered);
                    return Ok(audio);
                }
                Err(trouble) => trouble,
            };
            told = self.told(&trouble, host(&seat.url));
            match trouble {
                Trouble::Wait(wanted) => {
                    let wanted = wanted.unwrap_or_else(|| rest(waits, &seat.url));
                    self.pool.leave(&seat, Outcome::Rest(wanted));
                    waits += 1;
                }
                Trouble::Failed(_) => {
                    self.pool.leave(&seat, Outcome::Failed);
                    avoid = Some(seat.url);
                    tries += 1;
                    if tries >= self.tries {
                        break;
                    }
                }
                Trouble::Wrong(_) => {
                    self.pool.leave(&seat, Outcome::Answered);
                    return Err(SpeechError::lasting(told));
                }
                Trouble::Barred(_) => {
                    self.pool.leave(&seat, Outcome::Answered);
                    return Err(SpeechError::fatal(told));
                }
            }
        }
        let effort = match tries {
            0 => String::new(),
            1 => "; tried once".into(),
            n => format!("; tried {n} times"),
        };
        Err(SpeechError::passing(format!("{told}{effort}")))
    }
}

impl Drop for Remote {
    /// A look-up of a name that was given up may still run for long: do not wait for it.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// A TOML table as the fields of a JSON object.
fn fields(table: &toml::Table) -> serde_json::Map<String, Value> {
    match serde_json::to_value(table) {
        Ok(Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    }
}

/// The request with a JSON body.
fn with_json(request: RequestBuilder, body: &Value) -> RequestBuilder {
    request
        .header(reqwest::header::CONTENT_TYPE, "application/json")
        .body(body.to_string())
}

/// The texts in a list, or the first of `names` that its objects have.
fn texts(list: &Value, names: &[&str]) -> Vec<String> {
    let text = |item: &Value| match item {
        Value::String(text) => Some(text.clone()),
        other => names
            .iter()
            .find_map(|name| other.get(name)?.as_str().map(str::to_owned)),
    };
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(text)
        .collect()
}

/// `text` as one part of an address's path.
fn segment(text: &str) -> String {
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes()
        .map(|byte| {
            if kept(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
