//! The embedded voice: Kokoro-82M on rten, with its own way from words to phonemes.

mod british;
mod generator;
mod inflection;
mod installed;
mod layers;
mod legible;
mod manner;
mod names;
mod network;
mod npz;
mod onnx;
mod phonemes;
mod pronouncer;
mod protobuf;
mod repair;
mod styles;
mod take;
mod unknown;
mod vocabulary;

use std::{collections::BTreeMap, num::NonZero, thread};

pub(super) use self::installed::{engine, open};
use self::{
    manner::{Manner, WHISPERER},
    network::{Network, RATE, runtime},
    phonemes::{Dialect, Phonemes, REVISION},
    pronouncer::Pronouncer,
    styles::Styles,
};
use super::{Engine, Synthesizer, Utterance};
use crate::{Result, audio::Audio, error::SpeechError, language, voice::Recipe};

/// The most tokens spoken in one run: longer lines grow slow and large, and sound worse (510 is the network's end).
const LIMIT: usize = 250;
/// The shortest and longest rate of speech that still sounds like speech.
const SPEEDS: std::ops::RangeInclusive<f32> = 0.4..=2.5;
/// What is said for a text that holds nothing to say, in seconds of silence.
const NOTHING: f32 = 0.3;

/// Kokoro-82M v1.0 with its English voices.
///
/// Voices are named as their files are; the first letter tells the dialect (`a` American, `b` British), the second
/// the gender (`f`, `m`); a [`Recipe`] blends several. Text may hold `[word](/phonemes/)` to say how a word sounds.
pub struct Kokoro {
    engine: Engine,
    network: Network,
    styles: Styles,
    phonemes: Phonemes,
}

/// A part of an utterance that fits into one run.
struct Piece {
    phonemes: String,
    /// The silence after it if another follows, in seconds.
    pause: f32,
}

impl Kokoro {
    /// Loads the voice from the bytes of its files.
    ///
    /// * `model`: `kokoro-v1.0.int8.onnx` as published; it is repaired here for rten.
    /// * `unknown_words`: `oov_bart_en_us.npz`, the model for words that no dictionary holds.
    /// * `voices`: the style files by the voice's name, 510 rows of 256 little-endian f32 each.
    /// * `weights_version`: what tells these files from others; it becomes part of the engine's version.
    ///
    /// An error if a file is damaged or another one than expected.
    pub fn load(
        model: Vec<u8>,
        unknown_words: &[u8],
        voices: BTreeMap<String, Vec<u8>>,
        weights_version: &str,
    ) -> Result<Self> {
        let repaired = repair::repaired(&model)?;
        drop(model);
        Ok(Self {
            engine: Self::engine_of(weights_version),
            network: Network::load(repaired)?,
            styles: Styles::read(voices)?,
            phonemes: Phonemes::new(Pronouncer::load(unknown_words)?),
        })
    }

    /// The engine that [`Kokoro::load`] gives for these weights.
    fn engine_of(weights_version: &str) -> Engine {
        Engine {
            name: "kokoro".to_owned(),
            version: format!("{weights_version}, {}, front end {REVISION}", runtime()),
        }
    }

    /// The voices' names, sorted.
    pub fn voices(&self) -> impl Iterator<Item = &str> {
        self.styles.names()
    }

    /// The phonemes that `voice` would speak for `text`, in misaki's symbols; an error for an unknown voice.
    pub fn phonemes(&self, text: &str, voice: &str) -> Result<String, SpeechError> {
        let recipe = self.styles.recipe(voice)?;
        Ok(self.phonemes.phonemes(text, Styles::dialect(&recipe)))
    }

    /// Cuts `text` until every piece has at most [`LIMIT`] tokens: at sentences, then clauses, then words.
    fn pieces(&self, text: &str, dialect: Dialect, pieces: &mut Vec<Piece>) {
        let phonemes = self.phonemes.phonemes(text, dialect);
        let count = vocabulary::tokens(&phonemes).len();
        if count <= LIMIT {
            if phonemes.chars().any(vocabulary::is_sound) {
                pieces.push(Piece {
                    phonemes,
                    pause: pause_after(text),
                });
            }
            return;
        }
        let letters = text.chars().count();
        let parts = language::utterances(text, (letters * LIMIT / count).min(letters - 1).max(1));
        if parts.len() > 1 {
            for part in parts {
                self.pieces(&text[part], dialect, pieces);
            }
        } else {
            pieces.extend(chopped(&phonemes));
        }
    }

    fn take(&self, piece: &Piece, recipe: &Recipe, speed: f32) -> Result<Vec<f32>, SpeechError> {
        let tokens = vocabulary::tokens(&piece.phonemes);
        let style = self.styles.style(recipe, tokens.len());
        let samples = self.network.run(&tokens, &style, speed)?;
        let sounds = piece
            .phonemes
            .chars()
            .filter(|&symbol| vocabulary::is_sound(symbol))
            .count();
        take::judged(&samples, sounds, speed).map_err(|reason| SpeechError {
            message: format!(
                "voice `{recipe}` came out wrong for `{}`: {reason}",
                piece.phonemes
            ),
            transient: false,
            fatal: false,
        })
    }
}

impl Synthesizer for Kokoro {
    fn engine(&self) -> &Engine {
        &self.engine
    }

    /// One utterance a core.
    fn parallelism(&self) -> usize {
        thread::available_parallelism().map_or(1, NonZero::get)
    }

    /// Speaks all of the text, however long; a text with nothing to say gives a short silence.
    fn speak(&self, utterance: &Utterance<'_>) -> Result<Audio, SpeechError> {
        let recipe = self.styles.recipe(utterance.voice)?;
        let dialect = Styles::dialect(&recipe);
        let manner = Manner::of(utterance.direction);
        let recipe = manner.applied(recipe, self.styles.holds(WHISPERER));
        let speed = utterance.speed * recipe.speed;
        if !SPEEDS.contains(&speed) {
            let (slowest, fastest) = (SPEEDS.start(), SPEEDS.end());
            return Err(SpeechError {
                message: format!("speed should be from {slowest} to {fastest}, is {speed}"),
                transient: false,
                fatal: false,
            });
        }
        let mut pieces = Vec::new();
        self.pieces(utterance.text, dialect, &mut pieces);
        let mut samples = Vec::new();
        let mut pause = NOTHING;
        for piece in &pieces {
            if !samples.is_empty() {
                samples.resize(samples.len() + silence(pause / speed), 0.0);
            }
            samples.extend(self.take(piece, &recipe, speed)?);
            pause = piece.pause;
        }
        if samples.is_empty() {
            samples.resize(silence(NOTHING), 0.0);
        }
        Ok(Audio {
            rate: RATE,
            samples,
        })
    }
}

/// So many seconds in samples.
fn silence(seconds: f32) -> usize {
    (seconds * RATE as f32) as usize
}

/// The silence that sounds natural after a part of an utterance, in seconds: by the mark that ends it.
fn pause_after(text: &str) -> f32 {
    let text = text.trim_end_matches(|last: char| last.is_whitespace() || "\"'”’)]".contains(last));
    match text.chars().last() {
        Some('.' | '!' | '?' | '…') => 0.30,
        Some(',' | ';' | ':' | '—' | '–') => 0.15,
        _ => 0.02,
    }
}

/// Phonemes that no cut in the text makes short enough, cut at blanks or, without any, anywhere.
fn chopped(phonemes: &str) -> Vec<Piece> {
    let symbols: Vec<char> = phonemes.chars().collect();
    let mut rest = symbols.as_slice();
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let most = &rest[..rest.len().min(LIMIT)];
        let blank = most
            .iter()
            .rposition(|&symbol| symbol == ' ')
            .filter(|&blank| blank > 0);
        let end = if most.len() == rest.len() {
            most.len()
        } else {
            blank.unwrap_or(most.len())
        };
        let (piece, after) = rest.split_at(end);
        if piece.iter().any(|&symbol| vocabulary::is_sound(symbol)) {
            pieces.push(Piece {
                phonemes: piece.iter().collect(),
                pause: 0.02,
            });
        }
        rest = after;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phonemes_without_blanks_are_chopped_and_none_is_lost() {
        for phonemes in ["a".repeat(1000), "ab ".repeat(300)] {
            let pieces = chopped(&phonemes);
            assert!(
                pieces
                    .iter()
                    .all(|piece| piece.phonemes.chars().count() <= LIMIT)
            );
            let joined: String = pieces.iter().map(|piece| piece.phonemes.as_str()).collect();
            assert_eq!(joined.replace(' ', ""), phonemes.replace(' ', ""));
        }
    }

    #[test]
    fn the_pause_follows_the_mark() {
        assert!(pause_after("He left.” ") > pause_after("He left, "));
        assert!(pause_after("He left, ") > pause_after("He left"));
    }

    #[test]
    fn a_pack_that_is_not_the_voice_is_refused() {
        let error = Kokoro::load(b"junk".to_vec(), b"junk", BTreeMap::new(), "1")
            .err()
            .unwrap();
        assert!(error.to_string().contains("voice model"), "{error}");
    }
}
