//! ElevenLabs' `POST /v1/text-to-speech/{voice}`.

use reqwest::{Client, RequestBuilder};
use serde_json::{Map, Value, json};

use super::{Key, Service, Settings, Utterance};
use crate::script::Direction;

/// Where the service is unless the settings say it.
pub(super) const HOME: &str = "https://api.elevenlabs.io";

pub(super) struct ElevenLabs {
    model: String,
    format: String,
    extra: Map<String, Value>,
    key: Option<String>,
}

impl ElevenLabs {
    pub(super) fn new(settings: &Settings, key: Option<&Key>) -> Self {
        let model = settings
            .model
            .as_deref()
            .unwrap_or("eleven_multilingual_v2");
        let format = settings.format.as_deref().unwrap_or("mp3_44100_128");
        Self {
            model: model.into(),
            format: format.into(),
            extra: super::fields(&settings.extra),
            key: key.map(|key| key.secret().to_owned()),
        }
    }

    fn with_key(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.key {
            Some(key) => request.header("xi-api-key", key),
            None => request,
        }
    }
}

/// A direction as a tag before the words, as models of the third generation understand it.
fn tag(direction: Direction) -> &'static str {
    match direction {
        Direction::Whispered => "[whispers] ",
        Direction::Shouted => "[shouts] ",
        Direction::Crying => "[crying] ",
        Direction::Laughing => "[laughs] ",
        Direction::Sung => "[sings] ",
        Direction::Thought | Direction::Read => "",
    }
}

impl Service for ElevenLabs {
    fn speech(&self, client: &Client, url: &str, utterance: &Utterance<'_>) -> RequestBuilder {
        let mut body = Map::new();
        let tag = utterance.direction.map_or("", tag);
        body.insert("text".into(), json!(format!("{tag}{}", utterance.text)));
        body.insert("model_id".into(), json!(self.model));
        if let Some(before) = utterance.before {
            body.insert("previous_text".into(), json!(before));
        }
        if let Some(after) = utterance.after {
            body.insert("next_text".into(), json!(after));
        }
        body.extend(self.extra.clone());
        // A voice's name must not lead to another address.
        let voice = super::segment(utterance.voice);
        let place = format!(
            "{url}/v1/text-to-speech/{voice}?output_format={}",
            self.format
        );
        self.with_key(super::with_json(client.post(place), &Value::Object(body)))
    }

    /// `pcm_24000` is 16-bit samples at 24 kHz.
    fn bare(&self) -> Option<u32> {
        self.format.strip_prefix("pcm_")?.parse().ok()
    }

    fn list(&self, client: &Client, url: &str) -> RequestBuilder {
        self.with_key(client.get(format!("{url}/v1/voices")))
    }

    fn names(&self, answer: &Value) -> Vec<String> {
        super::texts(&answer["voices"], &["voice_id"])
    }
}
