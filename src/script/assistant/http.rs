//! One question, one answer, over HTTP; nothing else of the script stage touches the network.

use std::time::Duration;

use reqwest::{
    Client,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue},
};
use tokio::runtime::Runtime;

use crate::web::{self, cause};

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
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(key) = key {
            let value = HeaderValue::from_str(&format!("Bearer {key}"));
            let mut value = value.map_err(|_| "its key holds letters that no key has")?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        let client = web::client(url).default_headers(headers);
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
