//! One question, one answer, over HTTP; nothing else of the script stage touches the network.

use std::{error::Error as _, sync::Once, time::Duration};

use reqwest::{
    Client,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue},
    redirect::Policy,
};
use tokio::runtime::Runtime;

/// The most bytes of an answer that are read.
const LARGEST: usize = 4 << 20;

/// A line to the assistant.
pub(super) struct Wire {
    /// There until the drop.
    runtime: Option<Runtime>,
    client: Client,
    url: String,
    patience: Duration,
}

impl Wire {
    /// Makes ready to ask at `url`, with `key` if there is one; `patience` is for one whole answer.
    pub(super) fn open(url: &str, key: Option<&str>, patience: Duration) -> Result<Self, String> {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| {
            // Another part of the program may have chosen one already, which serves as well.
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(key) = key {
            let value = HeaderValue::from_str(&format!("Bearer {key}"));
            let mut value = value.map_err(|_| "its key holds letters that no key has")?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        let mut client = Client::builder()
            .default_headers(headers)
            .redirect(Policy::none())
            .user_agent(concat!("fullcast/", env!("CARGO_PKG_VERSION")));
        if is_local(url) {
            client = client.no_proxy();
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        Ok(Self {
            runtime: Some(runtime.map_err(|error| format!("no sockets on this system: {error}"))?),
            client: client.build().map_err(|error| cause(&error))?,
            url: completions(url),
            patience,
        })
    }

    /// The body that answers `question`.
    pub(super) fn post(&self, question: &str) -> Result<String, String> {
        let runtime = self.runtime.as_ref().expect("it is taken in the drop only");
        let late = || format!("no answer within {} s", self.patience.as_secs());
        let work = async { tokio::time::timeout(self.patience, self.exchange(question)).await };
        runtime.block_on(work).map_err(|_| late())?
    }

    async fn exchange(&self, question: &str) -> Result<String, String> {
        let request = self.client.post(&self.url).body(question.to_owned());
        let mut response = request.send().await.map_err(|error| cause(&error))?;
        if !response.status().is_success() {
            return Err(format!("it answered `{}`", response.status()));
        }
        let mut body = Vec::new();
        while let Some(bytes) = response.chunk().await.map_err(|error| cause(&error))? {
            body.extend_from_slice(&bytes);
            if body.len() > LARGEST {
                return Err("its answer does not end".into());
            }
        }
        String::from_utf8(body).map_err(|_| "what it sent is no text".into())
    }
}

impl Drop for Wire {
    /// A look-up of a name that was given up may still run for long: do not wait for it.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The address for chats below a service's own, unless it is that already.
fn completions(url: &str) -> String {
    let url = url.trim_end_matches('/');
    if url.ends_with("/chat/completions") {
        url.to_owned()
    } else {
        format!("{url}/chat/completions")
    }
}

/// Whether the service runs on this machine, where no proxy leads.
fn is_local(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or_default();
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|local| {
        host == *local
            || host
                .strip_prefix(local)
                .is_some_and(|rest| rest.starts_with(':'))
    })
}

/// What lies at the bottom of an error, without the address, which may hold a secret.
fn cause(error: &reqwest::Error) -> String {
    let mut deepest = error.source();
    while let Some(deeper) = deepest.and_then(|error| error.source()) {
        deepest = Some(deeper);
    }
    deepest.map_or_else(|| "it cannot be reached".to_owned(), ToString::to_string)
}
