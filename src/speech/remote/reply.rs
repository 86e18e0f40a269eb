//! What a server sends back: read up to a limit, looked at rather than believed, and decoded.

use std::time::Duration;

use reqwest::{RequestBuilder, Response, StatusCode, header::RETRY_AFTER};
use serde_json::Value;

use crate::{
    audio::{Audio, decode},
    web::cause,
};

/// The most bytes of a reply that are read: ten minutes of sound in studio quality.
const LARGEST: usize = 64 << 20;
/// The longest rest that a server can ask for.
const LONGEST: Duration = Duration::from_mins(10);
/// How many characters of what a server says are passed on.
const SAID: usize = 200;

/// Why there is no sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It has no time now; for so long, if it says that.
    Wait(Option<Duration>),
    /// It failed, which another try may mend.
    Failed(String),
    /// It will not do this, however often it is asked.
    Wrong(String),
    /// It wants another key.
    Barred(String),
}

/// Sends the request and reads the whole body of a good answer.
pub(super) async fn fetch(request: RequestBuilder) -> Result<Vec<u8>, Trouble> {
    let failed = |error: reqwest::Error| Trouble::Failed(cause(&error));
    let mut response = request.send().await.map_err(failed)?;
    let status = response.status();
    if !status.is_success() {
        return Err(refused(response, status).await);
    }
    if response
        .content_length()
        .is_some_and(|length| length > LARGEST as u64)
    {
        return Err(endless());
    }
    let mut body = Vec::new();
    while let Some(bytes) = response.chunk().await.map_err(failed)? {
        body.extend_from_slice(&bytes);
        if body.len() > LARGEST {
            return Err(endless());
        }
    }
    Ok(body)
}

fn endless() -> Trouble {
    Trouble::Failed(format!("its reply is larger than {} MiB", LARGEST >> 20))
}

async fn refused(mut response: Response, status: StatusCode) -> Trouble {
    let wait = response.headers().get(RETRY_AFTER).and_then(|value| {
        let seconds: f64 = value.to_str().ok()?.trim().parse().ok()?;
        (seconds >= 0.0).then(|| Duration::from_secs_f64(seconds.min(LONGEST.as_secs_f64())))
    });
    let mut body = Vec::new();
    while let Ok(Some(bytes)) = response.chunk().await {
        body.extend_from_slice(&bytes);
        if body.len() > 1 << 16 {
            break;
        }
    }
    let said = match said(&body) {
        text if text.is_empty() => format!("it answered `{status}`"),
        text => format!("it answered `{status}`: {text}"),
    };
    match status {
        StatusCode::TOO_MANY_REQUESTS => Trouble::Wait(wait),
        StatusCode::SERVICE_UNAVAILABLE if wait.is_some() => Trouble::Wait(wait),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::PAYMENT_REQUIRED => {
            Trouble::Barred(said)
        }
        StatusCode::REQUEST_TIMEOUT => Trouble::Failed(said),
        status if status.is_client_error() => Trouble::Wrong(said),
        _ => Trouble::Failed(said),
    }
}

/// The message in an answer: the text of a JSON error, else the beginning of whatever text it is.
fn said(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let json: Option<Value> = serde_json::from_str(&text).ok();
    let message = json.as_ref().and_then(message);
    let text = message.unwrap_or(text.into_owned());
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(SAID) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words,
    }
}

/// The first text found below the names that services put their complaints under.
fn message(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => items.iter().find_map(message),
        Value::Object(fields) => ["error", "detail", "message", "msg"]
            .iter()
            .find_map(|name| fields.get(*name).and_then(message)),
        _ => None,
    }
}

/// The sound in a body. `bare` is the rate of 16-bit samples without a header, if those were asked for.
pub(super) fn sound(body: &[u8], bare: Option<u32>) -> Result<Audio, Trouble> {
    if body.is_empty() {
        return Err(Trouble::Failed("its reply is empty".into()));
    }
    if !is_container(body) {
        if is_text(body) {
            let words = said(body);
            return Err(Trouble::Failed(format!(
                "it sent text for sound: `{words}`"
            )));
        }
        if let Some(rate) = bare {
            return Ok(samples(body, rate));
        }
    }
    decode(body).map_err(|error| Trouble::Failed(error.to_string()))
}

/// Whether the bytes begin as a sound file does.
fn is_container(body: &[u8]) -> bool {
    let begins = [&b"RIFF"[..], b"RF64", b"OggS", b"fLaC", b"ID3", b"FORM"];
    begins.iter().any(|mark| body.starts_with(mark)) || body.get(4..8) == Some(b"ftyp")
}

/// Whether the bytes are words: sound of any length has zeros or bytes that no text has.
fn is_text(body: &[u8]) -> bool {
    let head = &body[..body.len().min(512)];
    let whole = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    whole && !head.iter().any(|byte| *byte < 9 || (14..32).contains(byte))
}

/// Little-endian samples of 16 bits; a last odd byte is dropped.
fn samples(body: &[u8], rate: u32) -> Audio {
    let (pairs, _) = body.as_chunks::<2>();
    let samples = pairs
        .iter()
        .map(|pair| f32::from(i16::from_le_bytes(*pair)) / 32_768.0);
    Audio {
        rate,
        samples: samples.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_sound_is_told() {
        for (body, told) in [
            (&b""[..], "empty"),
            (b"<!doctype html><html><body>It works!</body>", "It works!"),
            (
                br#"{"error":{"message":"model not loaded"}}"#,
                "model not loaded",
            ),
            (b"RIFF\x24\0\0\0WAVEfmt ", "sound file"),
            (b"\xff\xfb\x90\x00\x00", "sound file"),
        ] {
            let trouble = sound(body, None).expect_err("no sound");
            assert!(
                matches!(&trouble, Trouble::Failed(why) if why.contains(told)),
                "{trouble:?}"
            );
        }
    }

    #[test]
    fn samples_without_a_header_are_taken_only_where_they_were_asked_for() {
        let body: Vec<u8> = (0..400i16).flat_map(|n| (n * 80).to_le_bytes()).collect();
        assert!(sound(&body, None).is_err());
        let audio = sound(&body, Some(24_000)).expect("sound");
        assert_eq!((audio.rate, audio.samples.len()), (24_000, 400));
        let text = sound(b"{\"detail\":\"voice not found\"}", Some(24_000));
        assert!(matches!(text, Err(Trouble::Failed(why)) if why.contains("voice not found")));
    }

    #[test]
    fn complaints_are_found_below_their_usual_names() {
        assert_eq!(
            said(br#"{"detail":[{"loc":[],"msg":"field required"}]}"#),
            "field required"
        );
        assert_eq!(said(b"a\n  b"), "a b");
        assert_eq!(said(&[b'x'; 500]).chars().count(), SAID + 1);
    }
}
