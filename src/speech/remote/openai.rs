//! Servers with OpenAI's `POST /audio/speech`: OpenAI, Kokoro-FastAPI, vLLM, Orpheus, Chatterbox and many more.

use reqwest::{Client, RequestBuilder};
use serde_json::{Map, Value, json};

use super::{Key, Service, Settings, Utterance};
use crate::script::Direction;

/// The rate of `format = "pcm"`, in Hz.
const BARE: u32 = 24_000;

pub(super) struct OpenAi {
    model: String,
    format: String,
    instructions: Option<String>,
    extra: Map<String, Value>,
    key: Option<String>,
}

impl OpenAi {
    pub(super) fn new(settings: &Settings, key: Option<&Key>) -> Self {
        Self {
            model: settings.model.clone().unwrap_or_default(),
            format: settings.format.clone().unwrap_or_else(|| "wav".into()),
            instructions: settings.instructions.clone(),
            extra: super::fields(&settings.extra),
            key: key.map(|key| key.secret().to_owned()),
        }
    }

    fn instructions(&self, direction: Option<Direction>) -> Option<String> {
        let manner = direction.map(manner);
        let parts: Vec<&str> = (self.instructions.as_deref().into_iter())
            .chain(manner)
            .collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    fn with_key(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.key {
            Some(key) => request.bearer_auth(key),
            None => request,
        }
    }
}

/// A direction as an instruction.
fn manner(direction: Direction) -> &'static str {
    match direction {
        Direction::Whispered => "Whisper.",
        Direction::Shouted => "Shout.",
        Direction::Crying => "Speak in tears.",
        Direction::Laughing => "Speak with laughter.",
        Direction::Thought => "Speak quietly, as if thinking aloud.",
        Direction::Read => "Read it aloud, as from a page.",
        Direction::Sung => "Sing it softly.",
    }
}

impl Service for OpenAi {
    fn speech(&self, client: &Client, url: &str, utterance: &Utterance<'_>) -> RequestBuilder {
        let mut body = Map::new();
        body.insert("model".into(), json!(self.model));
        body.insert("input".into(), json!(utterance.text));
        body.insert("voice".into(), json!(utterance.voice));
        body.insert("response_format".into(), json!(self.format));
        body.insert("speed".into(), json!(utterance.speed));
        if let Some(instructions) = self.instructions(utterance.direction) {
            body.insert("instructions".into(), json!(instructions));
        }
        body.extend(self.extra.clone());
        let request = client.post(format!("{url}/audio/speech"));
        self.with_key(super::with_json(request, &Value::Object(body)))
    }

    fn bare(&self) -> Option<u32> {
        (self.format == "pcm").then_some(BARE)
    }

    fn list(&self, client: &Client, url: &str) -> RequestBuilder {
        self.with_key(client.get(format!("{url}/audio/voices")))
    }

    fn names(&self, answer: &Value) -> Vec<String> {
        super::texts(
            answer.get("voices").unwrap_or(answer),
            &["id", "voice_id", "name"],
        )
    }
}
