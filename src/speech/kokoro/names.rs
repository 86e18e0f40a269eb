//! Names and calls whose sound their spelling hides, in American phonemes.

/// The phonemes of a name or a call that no rule would read rightly; capitals do not matter.
pub(super) fn phonemes(word: &str) -> Option<&'static str> {
    let known = TABLE
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(word));
    known.map(|(_, phonemes)| *phonemes)
}

/// The sound of the consonants that begin a word, if they are all there is.
pub(super) fn onset(letters: &str) -> Option<&'static str> {
    let known = ONSETS.iter().find(|(known, _)| *known == letters);
    known.map(|(_, sound)| *sound)
}

#[rustfmt::skip]
const ONSETS: &[(&str, &str)] = &[
    ("b", "b"), ("bl", "bl"), ("br", "bɹ"), ("c", "k"), ("ch", "ʧ"), ("cl", "kl"), ("cr", "kɹ"), ("d", "d"),
    ("dr", "dɹ"), ("f", "f"), ("fl", "fl"), ("fr", "fɹ"), ("g", "ɡ"), ("gl", "ɡl"), ("gr", "ɡɹ"), ("j", "ʤ"),
    ("k", "k"), ("kn", "n"), ("l", "l"), ("m", "m"), ("n", "n"), ("p", "p"), ("ph", "f"), ("pl", "pl"),
    ("pr", "pɹ"), ("q", "k"), ("r", "ɹ"), ("s", "s"), ("sc", "sk"), ("sh", "ʃ"), ("sk", "sk"), ("sl", "sl"),
    ("sm", "sm"), ("sn", "sn"), ("sp", "sp"), ("st", "st"), ("str", "stɹ"), ("sw", "sw"), ("t", "t"), ("th", "ð"),
    ("thr", "θɹ"), ("tr", "tɹ"), ("tw", "tw"), ("v", "v"), ("w", "w"), ("wh", "w"), ("wr", "ɹ"), ("y", "j"),
    ("z", "z"),
];

/// Names first, then what people call out.
#[rustfmt::skip]
const TABLE: &[(&str, &str)] = &[
    ("Aoife", "ˈifə"), ("Caoimhe", "kˈivə"), ("Ciara", "kˈɪɹə"), ("Cillian", "kˈɪliən"),
    ("Dearbhla", "dˈɜɹvlə"), ("Eilidh", "ˈAli"), ("Eimear", "ˈimɜɹ"), ("Eoin", "ˈOɪn"),
    ("Fionnuala", "fɪnˈulə"), ("Grainne", "ɡɹˈɔnjə"), ("Hamish", "hˈAmɪʃ"),
    ("Llewellyn", "luˈɛlɪn"), ("Maeve", "mˈAv"), ("Niamh", "nˈiv"), ("Oisin", "ʌʃˈin"),
    ("Padraig", "pˈɔɹɪk"), ("Rhiannon", "ɹiˈænən"), ("Roisin", "ɹOʃˈin"),
    ("Ruairi", "ɹˈʊɹi"), ("Saoirse", "sˈɜɹʃə"), ("Siobhan", "ʃɪvˈɔn"), ("Sorcha", "sˈɔɹəkə"),
    ("Tadhg", "tˈIɡ"), ("Xanthe", "zˈænθi"), ("Xiao", "ʃˈW"), ("Ysolde", "ɪzˈOldə"),
    ("Amelie", "ˈɑməli"), ("Benoit", "bɛnwˈɑ"), ("Ebenezer", "ˌɛbənˈizəɹ"), ("fiance", "fiˌɑnsˈA"),
    ("fiancee", "fiˌɑnsˈA"), ("Francois", "fɹɑnswˈɑ"), ("Giuseppe", "ʤəsˈɛpi"),
    ("Hermione", "hɜɹmˈIəni"), ("Jorge", "hˈɔɹhA"), ("Juan", "hwˈɑn"), ("Nguyen", "nwˈɛn"),
    ("Guillaume", "ɡijˈOm"), ("Etienne", "ˌAtiˈɛn"), ("Persephone", "pəɹsˈɛfəni"),
    ("Beauchamp", "bˈiʧəm"), ("Cholmondeley", "ʧˈʌmli"), ("Featherstonhaugh", "fˈænʃˌɔ"),
    ("Marjoribanks", "mˈɑɹʧbæŋks"), ("Mainwaring", "mˈænəɹɪŋ"), ("Wriothesley", "ɹˈIəθsli"),
    ("Menzies", "mˈɪŋɪs"), ("Dalziel", "diˈɛl"), ("Culzean", "kəlˈAn"),

    ("aargh", "ˈɑɹɡ"), ("argh", "ˈɑɹɡ"), ("bah", "bˈɑ"), ("brr", "bˈɜɹ"), ("eek", "ˈik"),
    ("erm", "ˈɜɹm"), ("gah", "ɡˈɑ"), ("grr", "ɡˈɜɹ"), ("hmm", "həm"), ("hm", "həm"),
    ("mhm", "əmhˈʌm"), ("mm", "əm"), ("mmm", "əm"), ("nah", "nˈɑ"), ("oof", "ˈuf"),
    ("pff", "pəf"), ("pfft", "pəft"), ("pft", "pəft"), ("phew", "fjˈu"), ("psst", "pəst"),
    ("pst", "pəst"), ("sh", "ʃʃ"), ("shh", "ʃʃ"), ("shhh", "ʃʃ"), ("tsk", "tɪsk"),
    ("tut", "tˈʌt"), ("ugh", "ˈʌɡ"), ("uh", "ˈʌ"), ("um", "ˈʌm"), ("ummm", "ˈʌm"),
    ("whoa", "wˈO"), ("yikes", "jˈIks"), ("zzz", "zz"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speech::kokoro::vocabulary;

    #[test]
    fn every_name_is_written_in_symbols_that_kokoro_knows_and_stands_once() {
        for (index, (name, phonemes)) in TABLE.iter().enumerate() {
            assert!(
                phonemes
                    .chars()
                    .all(|symbol| vocabulary::token(symbol).is_some()),
                "{name}"
            );
            let again = TABLE[index + 1..]
                .iter()
                .any(|(other, _)| other.eq_ignore_ascii_case(name));
            assert!(!again, "{name}");
        }
    }

    #[test]
    fn a_name_is_found_in_any_case() {
        assert_eq!(phonemes("SIOBHAN"), phonemes("Siobhan"));
        assert_eq!(phonemes("Jezeil"), None);
    }
}
