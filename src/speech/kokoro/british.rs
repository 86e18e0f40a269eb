//! Turns American phonemes into British ones, for words that only the American model can pronounce.
//!
//! The symbols are misaki's, whose British set has `Q` for the American `O`, `a` for `æ`, and length marks. The
//! rules are those of Wells, "Accents of English" (1982), as far as sounds and spelling allow: `ɹ` is spoken only
//! before a vowel, `ɑ` is `ɒ` where the spelling has an `o` or `wa`, flapped `ɾ` is `t`.

/// The vowels of misaki's two sets.
const VOWELS: &str = "AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻᵊ";

/// `phonemes` of `word` as a British speaker says them.
pub(super) fn british(word: &str, phonemes: &str) -> String {
    let symbols: Vec<char> = phonemes.chars().collect();
    let rounded = word.to_lowercase().contains(['o', 'w']);
    let mut out = String::new();
    let mut index = 0;
    while let Some(&symbol) = symbols.get(index) {
        let next = symbols.get(index + 1).copied();
        let following = symbols.get(index + 2).copied();
        if next == Some('ɹ')
            && !vowel_follows(&symbols, index + 2)
            && let Some(sound) = before_silent_r(symbol)
        {
            out.push_str(sound);
            index += 2;
            continue;
        }
        match symbol {
            'ɑ' if next == Some('ɹ') => out.push('ɒ'),
            'ɑ' if rounded => out.push('ɒ'),
            'ɔ' if next == Some('ɹ') && following.is_some() => out.push_str("ɔː"),
            'ɜ' if next == Some('ɹ') => out.push_str("ɜː"),
            _ => out.push_str(&plain(symbol, index, &symbols)),
        }
        index += 1;
    }
    out
}

/// Whether a vowel stands at `index`, marks of stress left aside.
fn vowel_follows(symbols: &[char], index: usize) -> bool {
    let mut rest = symbols.iter().skip(index);
    let next = rest.find(|symbol| !matches!(symbol, 'ˈ' | 'ˌ'));
    next.is_some_and(|&symbol| VOWELS.contains(symbol))
}

/// The vowel that stands for an American vowel with an `ɹ` that Britons leave out.
fn before_silent_r(vowel: char) -> Option<&'static str> {
    Some(match vowel {
        'ɑ' => "ɑː",
        'ɔ' | 'ʊ' => "ɔː",
        'ɜ' => "ɜː",
        'ɛ' => "ɛː",
        'ɪ' | 'i' => "ɪə",
        'ə' => "ə",
        _ => return None,
    })
}

/// A sound that no `ɹ` and no spelling changes.
fn plain(symbol: char, index: usize, symbols: &[char]) -> String {
    let last = symbols[index + 1..]
        .iter()
        .all(|symbol| !VOWELS.contains(*symbol));
    let stressed = index > 0 && matches!(symbols[index - 1], 'ˈ' | 'ˌ');
    match symbol {
        'O' => "Q".to_owned(),
        'æ' => "a".to_owned(),
        'ɑ' => "ɑː".to_owned(),
        'ɔ' => "ɔː".to_owned(),
        'ᵻ' => "ɪ".to_owned(),
        'T' | 'ɾ' | 'ʔ' => "t".to_owned(),
        'i' if stressed || (!last && !next_is_vowel(index, symbols)) => "iː".to_owned(),
        'u' if !next_is_vowel(index, symbols) => "uː".to_owned(),
        'ɜ' => "ɜː".to_owned(),
        _ => symbol.to_string(),
    }
}

fn next_is_vowel(index: usize, symbols: &[char]) -> bool {
    symbols
        .get(index + 1)
        .is_some_and(|next| VOWELS.contains(*next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_r_is_silent_but_before_a_vowel() {
        assert_eq!(british("marker", "mˈɑɹkəɹ"), "mˈɑːkə");
        assert_eq!(british("carry", "kˈæɹi"), "kˈaɹi");
    }

    #[test]
    fn the_spelling_tells_lot_from_palm() {
        assert_eq!(british("bottle", "bˈɑTᵊl"), "bˈɒtᵊl");
        assert_eq!(british("Hamatra", "hæmˈɑtɹə"), "hamˈɑːtɹə");
    }

    #[test]
    fn every_british_sound_is_one_of_the_british_set() {
        let american = "AIOWYbdfhijklmnpstuvwzæðŋɑɔəɛɜɡɪɹɾʃʊʌʒʔʤʧˈˌθᵊᵻ";
        let set = "AIQWYabdfhijklmnpstuvwzðŋɑɒɔəɛɜɡɪɹʃʊʌʒʤʧˈˌːθᵊ";
        for one in american.chars() {
            for other in american.chars() {
                let mapped = british("word", &format!("{one}{other}"));
                assert!(
                    mapped.chars().all(|symbol| set.contains(symbol)),
                    "{one}{other}: {mapped}"
                );
            }
        }
    }
}
