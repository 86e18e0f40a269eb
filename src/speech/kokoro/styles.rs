//! The styles that make Kokoro's voices: one table a voice, one row a length of text.

use std::collections::BTreeMap;

use super::{network::STYLE, phonemes::Dialect};
use crate::{Error, Result, error::SpeechError};

/// Rows of a table: the row is the number of phonemes, the last one for all above.
const ROWS: usize = 510;

/// A voice's table, `[510, 256]` little-endian f32 in its file.
struct Table(Vec<f32>);

impl Table {
    fn read(voice: &str, bytes: &[u8]) -> Result<Self> {
        let damaged = |what: String| {
            Error::invalid(
                format!("the style of voice `{voice}` {what}"),
                "install the voice pack again: `fullcast voices install`",
            )
        };
        let wanted = ROWS * STYLE * size_of::<f32>();
        if bytes.len() != wanted {
            let found = bytes.len();
            return Err(damaged(format!("should have {wanted} bytes, has {found}")));
        }
        let (numbers, _) = bytes.as_chunks();
        let numbers: Vec<f32> = numbers.iter().copied().map(f32::from_le_bytes).collect();
        if numbers.iter().all(|number| number.is_finite()) {
            return Ok(Self(numbers));
        }
        Err(damaged("holds a number that is none".to_owned()))
    }

    fn row(&self, phonemes: usize) -> &[f32; STYLE] {
        let (rows, _) = self.0.as_chunks();
        &rows[phonemes.min(ROWS - 1)]
    }
}

/// All voices that are loaded.
pub(super) struct Styles(BTreeMap<String, Table>);

impl Styles {
    /// Reads the tables by voice.
    pub(super) fn read(voices: BTreeMap<String, Vec<u8>>) -> Result<Self> {
        let read = |(voice, bytes): (String, Vec<u8>)| {
            Table::read(&voice, &bytes).map(|table| (voice, table))
        };
        voices
            .into_iter()
            .map(read)
            .collect::<Result<_>>()
            .map(Self)
    }

    /// The voices' names, sorted.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The style of `voice` for a text of so many phonemes.
    pub(super) fn style(&self, voice: &str, phonemes: usize) -> Result<&[f32; STYLE], SpeechError> {
        let table = self.0.get(voice).ok_or_else(|| self.unknown(voice))?;
        Ok(table.row(phonemes))
    }

    /// The dialect of `voice`, which its first letter tells: `a` American, `b` British.
    pub(super) fn dialect(&self, voice: &str) -> Result<Dialect, SpeechError> {
        if !self.0.contains_key(voice) {
            return Err(self.unknown(voice));
        }
        let british = voice.starts_with('b');
        Ok(if british {
            Dialect::British
        } else {
            Dialect::American
        })
    }

    fn unknown(&self, voice: &str) -> SpeechError {
        let mut near: Vec<_> = self
            .names()
            .map(|name| (distance(voice, name), name))
            .collect();
        near.sort_unstable();
        let near: Vec<String> = near
            .iter()
            .take(3)
            .map(|(_, name)| format!("`{name}`"))
            .collect();
        let hint = match near.as_slice() {
            [] => "no voice is loaded".to_owned(),
            near => format!("the nearest are {}", near.join(", ")),
        };
        SpeechError {
            message: format!("there is no voice `{voice}`; {hint}"),
            transient: false,
        }
    }
}

/// How many letters must be put in, taken out or changed to get from one word to the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (column, &wanted) in other.iter().enumerate() {
            let change = diagonal + usize::from(letter != wanted);
            diagonal = row[column + 1];
            row[column + 1] = change.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Vec<u8> {
        (0..ROWS * STYLE)
            .flat_map(|index| ((index / STYLE) as f32).to_le_bytes())
            .collect()
    }

    fn styles(names: &[&str]) -> Styles {
        let voices = names.iter().map(|name| ((*name).to_owned(), table()));
        Styles::read(voices.collect()).unwrap()
    }

    #[test]
    fn the_row_follows_the_number_of_phonemes_and_stops_at_the_last() {
        let styles = styles(&["af_heart"]);
        let first = |phonemes| styles.style("af_heart", phonemes).unwrap()[0] as usize;
        assert_eq!([0, 1, 2, 510, 900].map(first), [0, 1, 2, 509, 509]);
    }

    #[test]
    fn an_unknown_voice_is_answered_with_near_ones() {
        let error = styles(&["af_heart", "bm_george", "bm_lewis", "bm_fable"])
            .style("bm_goerge", 9)
            .unwrap_err();
        assert!(error.message.contains("nearest are `bm_george`"), "{error}");
        assert!(!error.transient);
    }

    #[test]
    fn a_voice_speaks_the_dialect_of_its_first_letter() {
        let styles = styles(&["af_heart", "bm_lewis"]);
        assert_eq!(styles.dialect("af_heart").unwrap(), Dialect::American);
        assert_eq!(styles.dialect("bm_lewis").unwrap(), Dialect::British);
    }

    #[test]
    fn a_table_cut_off_or_full_of_nothing_is_refused() {
        assert!(Table::read("af_heart", &table()[4..]).is_err());
        let broken = f32::NAN.to_le_bytes().repeat(ROWS * STYLE);
        assert!(Table::read("af_heart", &broken).is_err());
    }
}
