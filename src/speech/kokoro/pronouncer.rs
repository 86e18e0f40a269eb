//! Guesses the American phonemes of a word that no dictionary holds, letter by letter, with a small neural network.
//!
//! The network is a BART with one encoder layer, one decoder layer and one head of attention, 128 wide (Lewis and
//! others 2019, "BART"; weights: `PeterReid/graphemes_to_phonemes_en_us`, trained on misaki's dictionaries,
//! Apache-2.0). Layer norms come after the residuals, positions are learned and start at row 2, the activation is
//! GELU with the error function, decoding is greedy.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    layers::{Attention, Linear, Matrix, Memory, Norm, add, dot, gelu},
    npz::{self, Array},
};
use crate::{Error, Result};

/// Ids below this are marks (padding, begin, end, unknown), not letters.
const MARKS: usize = 4;
/// The id of a letter that the network does not know.
const UNKNOWN: usize = 3;
/// The most letters one word may have, so that the marks at both ends fit in too.
pub(super) const LONGEST: usize = 62;

/// What the archive says about itself.
#[derive(Deserialize)]
struct Description {
    grapheme_chars: String,
    phoneme_chars: String,
    d_model: usize,
    num_heads: usize,
    max_position_embeddings: usize,
    bos_token_id: usize,
    eos_token_id: usize,
    decoder_start_token_id: usize,
    layer_norm_eps: f32,
    position_offset: usize,
}

/// The network with its weights.
pub(super) struct Pronouncer {
    about: Description,
    graphemes: Vec<char>,
    phonemes: Vec<char>,
    letters: Matrix,
    encoder: Side,
    decoder: Side,
    output_bias: Vec<f32>,
}

/// Encoder or decoder: its positions, the norm of what enters, its one layer.
struct Side {
    positions: Matrix,
    entry: Norm,
    itself: Attention,
    other: Option<Attention>,
    wide: Linear,
    narrow: Linear,
    last: Norm,
}

impl Pronouncer {
    /// Reads the weights from an `.npz` archive.
    pub(super) fn load(archive: &[u8]) -> Result<Self> {
        Weights::read(archive)
            .and_then(Self::build)
            .map_err(|reason| {
                Error::invalid(
                    format!("the model for unknown words could not be read: {reason}"),
                    "install the voice pack again: `fullcast voices install`",
                )
            })
    }

    fn build(mut weights: Weights) -> Result<Self, String> {
        let about: Description = weights.describe()?;
        if about.num_heads != 1 || about.max_position_embeddings < LONGEST + 2 {
            return Err("it is another network than the one this program knows".to_owned());
        }
        let graphemes: Vec<char> = about.grapheme_chars.chars().collect();
        let phonemes: Vec<char> = about.phoneme_chars.chars().collect();
        let ids = weights.rows("model.shared.weight");
        if ids < graphemes.len().max(phonemes.len()) {
            return Err("it knows fewer letters than its description lists".to_owned());
        }
        weights.width = about.d_model;
        weights.epsilon = about.layer_norm_eps;
        let rows = about.max_position_embeddings + about.position_offset;
        Ok(Self {
            letters: weights.matrix("model.shared.weight", ids, about.d_model)?,
            output_bias: weights.numbers("final_logits_bias", &[1, ids])?,
            encoder: weights.side("model.encoder", rows, false)?,
            decoder: weights.side("model.decoder", rows, true)?,
            about,
            graphemes,
            phonemes,
        })
    }

    /// The phonemes of `word`, at most [`LONGEST`] letters of it; empty if the network has nothing to say.
    pub(super) fn pronounce(&self, word: &str) -> String {
        let memory = self.encode(word);
        let mut heard = Memory::default();
        let mut phonemes = String::new();
        let mut id = self.about.decoder_start_token_id;
        for position in 0..self.about.max_position_embeddings - 1 {
            id = self.decode(id, position, &mut heard, &memory);
            if id == self.about.eos_token_id {
                break;
            }
            if id >= MARKS {
                phonemes.extend(self.phonemes.get(id));
            }
        }
        phonemes
    }

    fn encode(&self, word: &str) -> Memory {
        let known = |letter| {
            self.graphemes
                .iter()
                .skip(MARKS)
                .position(|&known| known == letter)
        };
        let letters = word.chars().take(LONGEST);
        let ids = letters.map(|letter| known(letter).map_or(UNKNOWN, |index| index + MARKS));
        let ids = [self.about.bos_token_id]
            .into_iter()
            .chain(ids)
            .chain([self.about.eos_token_id]);
        let entered: Vec<Vec<f32>> = ids
            .enumerate()
            .map(|(position, id)| self.enter(&self.encoder, id, position))
            .collect();
        let mut around = Memory::default();
        for row in &entered {
            around.extend(&self.encoder.itself, row);
        }
        let mut memory = Memory::default();
        for row in entered {
            let row = self.encoder.itself.attend(&row, &around);
            let row = self.encoder.feed(&row);
            if let Some(attention) = &self.decoder.other {
                memory.extend(attention, &row);
            }
        }
        memory
    }

    /// The likeliest id after `id`, given all that was `heard` before it and the encoded word.
    fn decode(&self, id: usize, position: usize, heard: &mut Memory, word: &Memory) -> usize {
        let row = self.enter(&self.decoder, id, position);
        heard.extend(&self.decoder.itself, &row);
        let mut row = self.decoder.itself.attend(&row, heard);
        if let Some(attention) = &self.decoder.other {
            row = attention.attend(&row, word);
        }
        let row = self.decoder.feed(&row);
        let scores = self.letters.rows().zip(&self.output_bias);
        let scores = scores.map(|(letter, bias)| dot(letter, &row) + bias);
        let best = scores
            .enumerate()
            .max_by(|(_, one), (_, other)| one.total_cmp(other));
        best.map_or(self.about.eos_token_id, |(id, _)| id)
    }

    fn enter(&self, side: &Side, id: usize, position: usize) -> Vec<f32> {
        let place = side.positions.row(position + self.about.position_offset);
        side.entry.apply(add(self.letters.row(id), place))
    }
}

impl Side {
    fn feed(&self, row: &[f32]) -> Vec<f32> {
        let wide: Vec<f32> = self.wide.apply(row).into_iter().map(gelu).collect();
        self.last.apply(add(row, &self.narrow.apply(&wide)))
    }
}

/// The archive's arrays, taken out by name and checked for shape.
struct Weights {
    arrays: BTreeMap<String, Array>,
    width: usize,
    epsilon: f32,
}

impl Weights {
    fn read(archive: &[u8]) -> Result<Self, String> {
        npz::read(archive).map(|arrays| Self {
            arrays,
            width: 0,
            epsilon: 0.0,
        })
    }

    fn describe(&self) -> Result<Description, String> {
        match self.arrays.get("meta_json") {
            Some(Array::Text(text)) => {
                serde_json::from_str(text).map_err(|error| error.to_string())
            }
            _ => Err("its description `meta_json` is missing".to_owned()),
        }
    }

    /// The length of an array's first axis, 0 if it is missing.
    fn rows(&self, name: &str) -> usize {
        match self.arrays.get(name) {
            Some(Array::Numbers(_, shape)) => shape.first().copied().unwrap_or(0),
            _ => 0,
        }
    }

    fn numbers(&mut self, name: &str, wanted: &[usize]) -> Result<Vec<f32>, String> {
        match self.arrays.remove(name) {
            Some(Array::Numbers(numbers, shape)) if shape == wanted => Ok(numbers),
            _ => Err(format!("the array `{name}` is missing or not {wanted:?}")),
        }
    }

    fn matrix(&mut self, name: &str, rows: usize, width: usize) -> Result<Matrix, String> {
        let numbers = self.numbers(name, &[rows, width])?;
        Ok(Matrix { numbers, width })
    }

    fn linear(&mut self, name: &str, rows: usize, width: usize) -> Result<Linear, String> {
        Ok(Linear {
            weight: self.matrix(&format!("{name}.weight"), rows, width)?,
            bias: self.numbers(&format!("{name}.bias"), &[rows])?,
        })
    }

    fn norm(&mut self, name: &str) -> Result<Norm, String> {
        Ok(Norm {
            weight: self.numbers(&format!("{name}.weight"), &[self.width])?,
            bias: self.numbers(&format!("{name}.bias"), &[self.width])?,
            epsilon: self.epsilon,
        })
    }

    fn attention(&mut self, name: &str) -> Result<Attention, String> {
        let width = self.width;
        Ok(Attention {
            query: self.linear(&format!("{name}.q_proj"), width, width)?,
            key: self.linear(&format!("{name}.k_proj"), width, width)?,
            value: self.linear(&format!("{name}.v_proj"), width, width)?,
            out: self.linear(&format!("{name}.out_proj"), width, width)?,
            norm: self.norm(&format!("{name}_layer_norm"))?,
        })
    }

    fn side(&mut self, name: &str, positions: usize, crossed: bool) -> Result<Side, String> {
        let (width, layer) = (self.width, format!("{name}.layers.0"));
        let inner = 8 * width;
        Ok(Side {
            positions: self.matrix(&format!("{name}.embed_positions.weight"), positions, width)?,
            entry: self.norm(&format!("{name}.layernorm_embedding"))?,
            itself: self.attention(&format!("{layer}.self_attn"))?,
            other: crossed
                .then(|| self.attention(&format!("{layer}.encoder_attn")))
                .transpose()?,
            wide: self.linear(&format!("{layer}.fc1"), inner, width)?,
            narrow: self.linear(&format!("{layer}.fc2"), width, inner)?,
            last: self.norm(&format!("{layer}.final_layer_norm"))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_no_archive_is_refused() {
        let error = Pronouncer::load(b"nothing").err().unwrap();
        assert!(error.to_string().contains("unknown words"));
    }
}
