//! What a voice is made of: one voice of a pack, or several blended, at a rate of its own.

#![expect(
    clippy::float_cmp,
    reason = "numbers are compared as they were written"
)]

use std::{fmt, str::FromStr};

use crate::Error;

/// How far weights may miss one together and still add up to it.
const TOLERANCE: f32 = 0.005;
/// The rates of speech that still sound like speech.
const SPEEDS: std::ops::RangeInclusive<f32> = 0.5..=2.0;

/// A voice as it is written where voices are chosen.
///
/// `af_heart` is a voice of the pack; `af_heart+bf_emma` blends two in equal parts, `af_heart*0.7+bf_emma*0.3` in
/// others; `bm_lewis/am_onyx` has the timbre of the first with the prosody of the second; `@0.9` at the end speaks more
/// slowly, `@1.1` faster. Two recipes that are written alike sound alike: the text is part of a clip's key.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// Whose timbre it has, with weights that add up to one.
    pub timbre: Vec<(String, f32)>,
    /// Whose prosody, likewise; that of the timbre's voices if nothing else is said.
    pub prosody: Option<Vec<(String, f32)>>,
    /// Rate of speech, 1.0 as the voices speak by nature.
    pub speed: f32,
}

impl Recipe {
    /// All voices of the pack that it needs.
    pub fn voices(&self) -> impl Iterator<Item = &str> {
        self.timbre
            .iter()
            .chain(self.prosody.iter().flatten())
            .map(|(voice, _)| voice.as_str())
    }

    /// The voice that counts most in its timbre; of equals the first.
    pub fn leading(&self) -> &str {
        let mut leading = &self.timbre[0];
        for part in &self.timbre[1..] {
            if part.1 > leading.1 {
                leading = part;
            }
        }
        &leading.0
    }

    /// Whether it is a voice of the pack as that is.
    pub fn is_plain(&self) -> bool {
        self.timbre.len() == 1 && self.prosody.is_none() && self.speed == 1.0
    }
}

impl FromStr for Recipe {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = |what: String| {
            Error::invalid(
                format!("the voice `{text}` {what}"),
                "write a voice as `af_heart`, a blend as `af_heart*0.7+bf_emma*0.3`, \
                 timbre and prosody as `bm_lewis/am_onyx`, a rate as `bm_lewis@0.9`",
            )
        };
        let (voices, speed) = match text.split_once('@') {
            None => (text, 1.0),
            Some((voices, rate)) => {
                let speed = rate.trim().parse::<f32>().ok();
                let speed = speed
                    .filter(|speed| SPEEDS.contains(speed))
                    .ok_or_else(|| {
                        let (slowest, fastest) = (SPEEDS.start(), SPEEDS.end());
                        wrong(format!(
                            "has a rate that is no number from {slowest} to {fastest}"
                        ))
                    })?;
                (voices, speed)
            }
        };
        let mut sides = voices.split('/').map(blend);
        let timbre = sides
            .next()
            .expect("a split has a first part")
            .map_err(wrong)?;
        let prosody = sides.next().transpose().map_err(wrong)?;
        if sides.next().is_some() {
            return Err(wrong("has more than a timbre and a prosody".into()));
        }
        Ok(Self {
            timbre,
            prosody,
            speed,
        })
    }
}

/// `a+b` in equal parts or `a*0.7+b*0.3`; what is wrong with it otherwise.
fn blend(text: &str) -> Result<Vec<(String, f32)>, String> {
    let parts: Vec<(&str, Option<&str>)> = text
        .split('+')
        .map(|part| match part.split_once('*') {
            Some((voice, weight)) => (voice.trim(), Some(weight.trim())),
            None => (part.trim(), None),
        })
        .collect();
    if parts.iter().any(|(voice, _)| voice.is_empty()) {
        return Err("lacks the name of a voice".into());
    }
    let weighed = parts.iter().filter(|(_, weight)| weight.is_some()).count();
    if weighed == 0 {
        let share = 1.0 / parts.len() as f32;
        return Ok(parts
            .into_iter()
            .map(|(voice, _)| (voice.to_owned(), share))
            .collect());
    }
    if weighed < parts.len() {
        return Err("has weights for some of its voices only".into());
    }
    let weigh = |(voice, weight): (&str, Option<&str>)| {
        let weight = weight.and_then(|weight| weight.parse::<f32>().ok());
        weight
            .filter(|weight| (0.0..=1.0).contains(weight))
            .map(|weight| (voice.to_owned(), weight))
            .ok_or_else(|| format!("has a weight for `{voice}` that is no number from 0 to 1"))
    };
    let blend = parts
        .into_iter()
        .map(weigh)
        .collect::<Result<Vec<_>, _>>()?;
    let sum: f32 = blend.iter().map(|(_, weight)| weight).sum();
    if (sum - 1.0).abs() > TOLERANCE {
        return Err(format!("has weights that add up to {sum:.2}, not to 1"));
    }
    Ok(blend)
}

impl fmt::Display for Recipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |parts: &[(String, f32)]| {
            let equal = parts.iter().all(|(_, weight)| *weight == parts[0].1);
            let part = |(voice, weight): &(String, f32)| {
                if equal {
                    voice.clone()
                } else {
                    format!("{voice}*{weight}")
                }
            };
            parts.iter().map(part).collect::<Vec<_>>().join("+")
        };
        f.write_str(&side(&self.timbre))?;
        if let Some(prosody) = &self.prosody {
            write!(f, "/{}", side(prosody))?;
        }
        if self.speed != 1.0 {
            write!(f, "@{}", self.speed)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Recipe {
        text.parse().unwrap()
    }

    #[test]
    fn a_voice_is_a_recipe_of_one() {
        let recipe = read("af_heart");
        assert!(recipe.is_plain());
        assert_eq!(recipe.leading(), "af_heart");
    }

    #[test]
    fn recipes_are_written_as_they_are_read() {
        for text in [
            "af_heart",
            "a+b",
            "a*0.7+b*0.3",
            "a/b",
            "a+b/c@0.9",
            "a@1.25",
        ] {
            assert_eq!(read(text).to_string(), text);
        }
        assert_eq!(read("a*0.5 + b*0.5").to_string(), "a+b");
    }

    #[test]
    fn the_heaviest_voice_leads() {
        assert_eq!(read("a*0.3+b*0.7").leading(), "b");
        assert_eq!(read("a+b").leading(), "a");
        assert_eq!(read("a/b").voices().collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, what) in [
            ("a*0.7+b*0.7", "add up to 1.40"),
            ("a*0.7+b", "some of its voices only"),
            ("a*x+b*0.3", "weight for `a`"),
            ("a+", "lacks the name"),
            ("", "lacks the name"),
            ("a/b/c", "more than a timbre"),
            ("a@fast", "rate"),
            ("a@9", "rate"),
        ] {
            let error = text.parse::<Recipe>().unwrap_err().to_string();
            assert!(error.contains(what), "{text}: {error}");
        }
    }
}
