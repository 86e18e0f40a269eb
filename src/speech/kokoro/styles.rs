//! The styles that make Kokoro's voices: one table a voice, one row a length of text.

use std::collections::BTreeMap;

use super::{network::STYLE, phonemes::Dialect};
use crate::{Error, Result, error::SpeechError, voice::Recipe};

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

    /// Whether `voice` is there.
    pub(super) fn holds(&self, voice: &str) -> bool {
        self.0.contains_key(voice)
    }

    /// The recipe that `voice` is, if all its voices are known.
    pub(super) fn recipe(&self, voice: &str) -> Result<Recipe, SpeechError> {
        let recipe: Recipe = voice.parse().map_err(|error: Error| SpeechError {
            message: error.to_string(),
            transient: false,
            fatal: false,
        })?;
        let unknown = recipe.voices().find(|voice| !self.0.contains_key(*voice));
        match unknown.map(|voice| self.unknown(voice)) {
            Some(error) => Err(error),
            None => Ok(recipe),
        }
    }

    /// The style of `recipe` for a text of so many phonemes: the weighted mean of its voices' rows. The first half of a
    /// style shapes the sound, the second half pitch and time.
    pub(super) fn style(&self, recipe: &Recipe, phonemes: usize) -> [f32; STYLE] {
        let mut style = [0.0; STYLE];
        let prosody = recipe.prosody.as_ref().unwrap_or(&recipe.timbre);
        for (parts, columns) in [(&recipe.timbre, 0..STYLE / 2), (prosody, STYLE / 2..STYLE)] {
            for (voice, weight) in parts {
                let row = self.0[voice].row(phonemes);
                for column in columns.clone() {
                    style[column] += weight * row[column];
                }
            }
        }
        style
    }

    /// The dialect of `recipe`: that of its leading voice, whose first letter tells: `a` American, `b` British.
    pub(super) fn dialect(recipe: &Recipe) -> Dialect {
        let british = recipe.leading().starts_with('b');
        if british {
            Dialect::British
        } else {
            Dialect::American
        }
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
            fatal: false,
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
        let heart = styles.recipe("af_heart").unwrap();
        let first = |phonemes| styles.style(&heart, phonemes)[0] as usize;
        assert_eq!([0, 1, 2, 510, 900].map(first), [0, 1, 2, 509, 509]);
    }

    #[test]
    fn a_blend_is_the_weighted_mean_and_prosody_is_the_second_half() {
        let constant = |value: f32| value.to_le_bytes().repeat(ROWS * STYLE);
        let voices =
            [("a", 1.0), ("b", 3.0)].map(|(name, value)| (name.to_owned(), constant(value)));
        let styles = Styles::read(voices.into()).unwrap();
        let ends = |recipe: &str| {
            let style = styles.style(&styles.recipe(recipe).unwrap(), 9);
            (style[0], style[STYLE - 1])
        };
        assert_eq!(ends("a*0.75+b*0.25"), (1.5, 1.5));
        assert_eq!(ends("a/b"), (1.0, 3.0));
        assert_eq!(ends("a"), (1.0, 1.0));
    }

    #[test]
    fn an_unknown_voice_is_answered_with_near_ones() {
        let error = styles(&["af_heart", "bm_george", "bm_lewis", "bm_fable"])
            .recipe("af_heart+bm_goerge")
            .unwrap_err();
        assert!(error.message.contains("nearest are `bm_george`"), "{error}");
        assert!(!error.transient);
    }

    #[test]
    fn a_voice_speaks_the_dialect_of_its_first_letter() {
        let dialect = |recipe: &str| Styles::dialect(&recipe.parse().unwrap());
        assert_eq!(dialect("af_heart"), Dialect::American);
        assert_eq!(dialect("af_heart*0.4+bm_lewis*0.6"), Dialect::British);
    }

    #[test]
    fn a_table_cut_off_or_full_of_nothing_is_refused() {
        assert!(Table::read("af_heart", &table()[4..]).is_err());
        let broken = f32::NAN.to_le_bytes().repeat(ROWS * STYLE);
        assert!(Table::read("af_heart", &broken).is_err());
    }
}
