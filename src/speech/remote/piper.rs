//! Piper's own HTTP server (`python -m piper.http_server`).

use reqwest::{Client, RequestBuilder};
use serde_json::{Map, Value, json};

use super::{Service, Settings, Utterance};

pub(super) struct Piper {
    extra: Map<String, Value>,
}

impl Piper {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            extra: super::fields(&settings.extra),
        }
    }
}

impl Service for Piper {
    /// A voice `NAME#3` is the speaker 3 of a voice with several.
    fn speech(&self, client: &Client, url: &str, utterance: &Utterance<'_>) -> RequestBuilder {
        let (voice, speaker) = match utterance.voice.split_once('#') {
            Some((voice, speaker)) => (voice, speaker.parse::<u32>().ok()),
            None => (utterance.voice, None),
        };
        let mut body = Map::new();
        body.insert("text".into(), json!(utterance.text));
        body.insert("voice".into(), json!(voice));
        if let Some(speaker) = speaker {
            body.insert("speaker_id".into(), json!(speaker));
        }
        if (utterance.speed - 1.0).abs() > f32::EPSILON {
            body.insert("length_scale".into(), json!(1.0 / utterance.speed));
        }
        body.extend(self.extra.clone());
        super::with_json(
            client.post(format!("{url}/synthesize")),
            &Value::Object(body),
        )
    }

    /// It speaks in another voice when it does not have the one that is asked for.
    fn substitutes(&self) -> bool {
        true
    }

    fn voice<'a>(&self, utterance: &Utterance<'a>) -> &'a str {
        let voice = utterance.voice;
        voice.split_once('#').map_or(voice, |(voice, _)| voice)
    }

    fn list(&self, client: &Client, url: &str) -> RequestBuilder {
        client.get(format!("{url}/voices"))
    }

    fn names(&self, answer: &Value) -> Vec<String> {
        match answer {
            Value::Object(voices) => voices.keys().cloned().collect(),
            other => super::texts(other, &["name", "id"]),
        }
    }
}
