//! Guesses the American phonemes of a word that no dictionary holds, letter by letter, with a small neural network.
//!
//! The network is a BART with one encoder layer, one decoder layer and one head of attention, 128 wide (Lewis and
//! others 2019, "BART"; weights: `PeterReid/graphemes_to_phonemes_en_us`, trained on misaki's dictionaries,
//! Apache-2.0). Layer norms come after the residuals, positions are learned and start at row 2, the activation is
//! GELU with the error function, decoding is greedy.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::npz::{self, Array};
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

/// One attention with the norm that follows it.
struct Attention {
    query: Linear,
    key: Linear,
    value: Linear,
    out: Linear,
    norm: Norm,
}

/// The keys and values that an attention looks at, one row a letter.
#[derive(Default)]
struct Memory {
    keys: Vec<Vec<f32>>,
    values: Vec<Vec<f32>>,
}

/// Rows of equal length, one after the other.
struct Matrix {
    numbers: Vec<f32>,
    width: usize,
}

/// `y = W x + b`.
struct Linear {
    weight: Matrix,
    bias: Vec<f32>,
}

/// Layer normalisation.
struct Norm {
    weight: Vec<f32>,
    bias: Vec<f32>,
    epsilon: f32,
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

impl Attention {
    fn attend(&self, row: &[f32], memory: &Memory) -> Vec<f32> {
        let query = self.query.apply(row);
        let scale = (query.len() as f32).sqrt().recip();
        let scores: Vec<f32> = memory
            .keys
            .iter()
            .map(|key| dot(&query, key) * scale)
            .collect();
        let highest = scores.iter().copied().fold(f32::MIN, f32::max);
        let shares: Vec<f32> = scores.iter().map(|score| (score - highest).exp()).collect();
        let whole: f32 = shares.iter().sum();
        let mut seen = vec![0.0; query.len()];
        for (share, value) in shares.iter().zip(&memory.values) {
            for (sum, number) in seen.iter_mut().zip(value) {
                *sum += share / whole * number;
            }
        }
        self.norm.apply(add(row, &self.out.apply(&seen)))
    }
}

impl Memory {
    fn extend(&mut self, attention: &Attention, row: &[f32]) {
        self.keys.push(attention.key.apply(row));
        self.values.push(attention.value.apply(row));
    }
}

impl Matrix {
    fn row(&self, index: usize) -> &[f32] {
        &self.numbers[index * self.width..][..self.width]
    }

    fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.numbers.chunks_exact(self.width)
    }
}

impl Linear {
    fn apply(&self, row: &[f32]) -> Vec<f32> {
        let products = self.weight.rows().map(|weights| dot(weights, row));
        products
            .zip(&self.bias)
            .map(|(product, bias)| product + bias)
            .collect()
    }
}

impl Norm {
    fn apply(&self, mut row: Vec<f32>) -> Vec<f32> {
        let count = row.len() as f32;
        let mean = row.iter().sum::<f32>() / count;
        let variance = row
            .iter()
            .map(|number| (number - mean).powi(2))
            .sum::<f32>()
            / count;
        let scale = (variance + self.epsilon).sqrt().recip();
        for ((number, weight), bias) in row.iter_mut().zip(&self.weight).zip(&self.bias) {
            *number = (*number - mean) * scale * weight + bias;
        }
        row
    }
}

fn dot(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

fn add(one: &[f32], other: &[f32]) -> Vec<f32> {
    one.iter()
        .zip(other)
        .map(|(one, other)| one + other)
        .collect()
}

/// GELU in its exact form.
fn gelu(number: f32) -> f32 {
    0.5 * number * (1.0 + erf(number * std::f32::consts::FRAC_1_SQRT_2))
}

/// The error function to 1.5e-7 (Abramowitz and Stegun, "Handbook of Mathematical Functions", 7.1.26).
fn erf(number: f32) -> f32 {
    let size = number.abs();
    let t = (1.0 + 0.327_591_1 * size).recip();
    let terms = [
        1.061_405_4,
        -1.453_152,
        1.421_413_7,
        -0.284_496_74,
        0.254_829_6,
    ];
    let polynomial = terms.iter().fold(0.0, |sum, term| sum * t + term) * t;
    (1.0 - polynomial * (-size * size).exp()).copysign(number)
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
    fn the_error_function_is_near_its_tabled_values() {
        for (number, wanted) in [
            (0.0, 0.0),
            (0.5, 0.520_499_9),
            (1.0, 0.842_700_8),
            (-2.0, -0.995_322_3),
        ] {
            assert!((erf(number) - wanted).abs() < 1e-6, "{number}");
        }
    }

    #[test]
    fn a_norm_leaves_mean_zero_and_variance_one() {
        let norm = Norm {
            weight: vec![1.0; 4],
            bias: vec![0.0; 4],
            epsilon: 0.0,
        };
        let row = norm.apply(vec![1.0, 2.0, 3.0, 6.0]);
        assert!(row.iter().sum::<f32>().abs() < 1e-6);
        assert!((row.iter().map(|x| x * x).sum::<f32>() - 4.0).abs() < 1e-5);
    }

    #[test]
    fn attention_to_one_row_returns_that_row_whatever_the_query() {
        let one = |rows: [[f32; 2]; 2]| Linear {
            weight: Matrix {
                numbers: rows.concat(),
                width: 2,
            },
            bias: vec![0.0; 2],
        };
        let unit = [[1.0, 0.0], [0.0, 1.0]];
        let attention = Attention {
            query: one(unit),
            key: one(unit),
            value: one(unit),
            out: one(unit),
            norm: Norm {
                weight: vec![1.0; 2],
                bias: vec![0.0; 2],
                epsilon: 1e-5,
            },
        };
        let mut memory = Memory::default();
        memory.extend(&attention, &[3.0, -1.0]);
        let alone = attention.attend(&[0.0, 0.0], &memory);
        memory.extend(&attention, &[3.0, -1.0]);
        assert_eq!(alone, attention.attend(&[0.0, 0.0], &memory));
    }

    #[test]
    fn a_file_that_is_no_archive_is_refused() {
        let error = Pronouncer::load(b"nothing").err().unwrap();
        assert!(error.to_string().contains("unknown words"));
    }
}
