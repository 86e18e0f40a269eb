//! What all parts that talk HTTP share: how a client is made, and what is said when it fails.

use std::{error::Error as _, sync::Once};

use reqwest::{ClientBuilder, redirect::Policy};

/// A client that follows no redirects, goes through the system's proxy unless `url` is on this machine, and says what
/// program it belongs to.
pub(crate) fn client(url: &str) -> ClientBuilder {
    provide();
    let client = reqwest::Client::builder()
        .redirect(Policy::none())
        .user_agent(concat!("fullcast/", env!("CARGO_PKG_VERSION")));
    if is_local(url) {
        client.no_proxy()
    } else {
        client
    }
}

/// Chooses who does the arithmetic of TLS; must have been called before a client is built.
pub(crate) fn provide() {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        // Another part of the program may have chosen one already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

/// Whether `url` leads to this machine, where no proxy leads.
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
pub(crate) fn cause(error: &reqwest::Error) -> String {
    let mut deepest = error.source();
    while let Some(deeper) = deepest.and_then(|error| error.source()) {
        deepest = Some(deeper);
    }
    deepest.map_or_else(|| "it cannot be reached".to_owned(), ToString::to_string)
}

/// The host of an address, without what may be secret in it.
pub(crate) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let place = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    place.rsplit('@').next().unwrap_or(place)
}
