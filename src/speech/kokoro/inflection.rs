//! The endings of English words: what stood in their place, and how they sound.

/// An ending, what may have stood in its place, and how it sounds.
pub(super) struct Ending {
    pub(super) written: &'static str,
    pub(super) stems: &'static [Stem],
    pub(super) kind: Sound,
}

/// How a stem is found from what is left when the ending is cut off.
#[derive(Clone, Copy)]
pub(super) enum Stem {
    /// As it is left.
    Bare,
    /// With these letters put back.
    Plus(&'static str),
    /// Without the second of two equal consonants.
    Single,
}

impl Stem {
    /// The stem, if there is one.
    pub(super) fn of(self, cut: &str) -> Option<String> {
        match self {
            Self::Bare => Some(cut.to_owned()),
            Self::Plus(letters) => Some(format!("{cut}{letters}")),
            Self::Single => {
                let shorter = cut.strip_suffix(|last: char| last.is_ascii_alphabetic())?;
                let doubled = shorter.chars().last() == cut.chars().last();
                (doubled && !shorter.ends_with(['a', 'e', 'i', 'o', 'u']))
                    .then(|| shorter.to_owned())
            }
        }
    }
}

/// What an ending adds to the sound.
#[derive(Clone, Copy)]
pub(super) enum Sound {
    S,
    Ed,
    Ing,
    Er,
    Plain(&'static str),
}

const fn ending(written: &'static str, stems: &'static [Stem], kind: Sound) -> Ending {
    Ending {
        written,
        stems,
        kind,
    }
}

/// The endings, longer before shorter where one ends in the other.
pub(super) const ENDINGS: &[Ending] = &[
    ending("ied", &[Stem::Plus("y")], Sound::Ed),
    ending(
        "ed",
        &[Stem::Single, Stem::Bare, Stem::Plus("e")],
        Sound::Ed,
    ),
    ending("ies", &[Stem::Plus("y")], Sound::S),
    ending("es", &[Stem::Bare, Stem::Plus("e")], Sound::S),
    ending("s", &[Stem::Bare], Sound::S),
    ending(
        "ing",
        &[Stem::Single, Stem::Bare, Stem::Plus("e"), Stem::Plus("ie")],
        Sound::Ing,
    ),
    ending("iness", &[Stem::Plus("y")], Sound::Plain("nəs")),
    ending("ness", &[Stem::Bare], Sound::Plain("nəs")),
    ending("lessly", &[Stem::Bare], Sound::Plain("ləsli")),
    ending("less", &[Stem::Bare], Sound::Plain("ləs")),
    ending("fully", &[Stem::Bare], Sound::Plain("fəli")),
    ending("ful", &[Stem::Bare], Sound::Plain("fᵊl")),
    ending("ily", &[Stem::Plus("y")], Sound::Plain("li")),
    ending("ly", &[Stem::Bare], Sound::Plain("li")),
    ending("iest", &[Stem::Plus("y")], Sound::Plain("ɪst")),
    ending(
        "est",
        &[Stem::Single, Stem::Bare, Stem::Plus("e")],
        Sound::Plain("ɪst"),
    ),
    ending("ier", &[Stem::Plus("y")], Sound::Er),
    ending(
        "er",
        &[Stem::Single, Stem::Bare, Stem::Plus("e")],
        Sound::Er,
    ),
    ending("ish", &[Stem::Single, Stem::Bare], Sound::Plain("ɪʃ")),
    ending("like", &[Stem::Bare], Sound::Plain("lˌIk")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doubled_consonant_is_made_single() {
        assert_eq!(Stem::Single.of("runn").as_deref(), Some("run"));
        assert_eq!(Stem::Single.of("deni"), None);
        assert_eq!(Stem::Single.of("see"), None);
    }
}
