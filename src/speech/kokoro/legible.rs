//! Writes any text in the few characters that the phoneme stage reads, so that nothing in a story can confuse it.
//!
//! What comes out holds ASCII letters and digits, `' - . , ; : ! ? ( ) “ ” " — … $ £ €`, single spaces, and marks
//! `[word](/phonemes/)`. Every letter of every script leaves something to say: accents are dropped, Greek and
//! Cyrillic are transliterated, of other scripts the name is said.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::vocabulary;

/// Words longer than this are cut: the phoneme stage takes time that grows faster than their length.
const LONGEST_WORD: usize = 40;

/// `text` in the characters the phoneme stage reads.
pub(super) fn legible(text: &str) -> String {
    let mut page = Page::default();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first == '['
            && let Some((mark, after)) = Mark::read(rest)
        {
            rest = after;
            page.mark(&mark, &mut rest);
            continue;
        }
        rest = &rest[first.len_utf8()..];
        page.put(first, rest.chars().next());
    }
    page.finish()
}

/// A mark that gives a word its phonemes. Misaki heeds it only on a word that it does not know, so the word is
/// made one; its capital and its ending stay, which tell what part of speech it is.
pub(super) fn given(word: &str, phonemes: &str) -> String {
    let capital = word.starts_with(|first: char| first.is_ascii_uppercase());
    let head = if capital { "Qzx" } else { "qzx" };
    format!("[{head}{}](/{phonemes}/)", word.to_ascii_lowercase())
}

/// A word with the phonemes it must have: `[word](/phonemes/)`.
struct Mark<'a> {
    word: &'a str,
    phonemes: &'a str,
}

impl<'a> Mark<'a> {
    /// Reads a mark at the beginning of `text`; also returns what follows it.
    fn read(text: &'a str) -> Option<(Self, &'a str)> {
        let (word, rest) = text.strip_prefix('[')?.split_once("](/")?;
        let (phonemes, rest) = rest.split_once("/)")?;
        let known = phonemes
            .chars()
            .all(|symbol| vocabulary::token(symbol).is_some());
        let sounds = phonemes.chars().any(vocabulary::is_sound);
        let plain = !word.contains(['[', ']', '\n']) && word.contains(char::is_alphanumeric);
        (known && sounds && plain).then_some((Self { word, phonemes }, rest))
    }
}

/// The text as it grows.
#[derive(Default)]
struct Page {
    text: String,
    /// Letters since the last blank.
    length: usize,
    /// The script whose name was said last, so that a run of its letters says it once.
    script: Option<&'static str>,
}

impl Page {
    fn put(&mut self, letter: char, next: Option<char>) {
        if let Some(script) = foreign(letter) {
            if self.script != Some(script) {
                self.word(script);
            }
            self.script = Some(script);
            return;
        }
        if !letter.is_whitespace() {
            self.script = None;
        }
        let (digit, word) = match next {
            Some(next) => (next.is_ascii_digit(), next.is_alphanumeric()),
            None => (false, false),
        };
        match letter {
            '$' | '£' | '€' if digit => self.push(letter),
            '-' | '‐' | '‑' | '–' | '−' if word && self.after_word() => self.push('-'),
            '-' | '–' | '—' | '―' | '−' => self.punctuation('—'),
            '\'' | '’' | '‘' | 'ʼ' | 'ʻ' | '`' | '´' | '′' => self.push('\''),
            '…' => self.punctuation('…'),
            '.' if self.text.trim_end().ends_with(['.', '…']) => self.ellipsis(),
            ',' | ';' | ':' | '!' | '?' | '.' | '(' | ')' | '“' | '”' | '"' => {
                self.push(letter);
            }
            '[' | '{' => self.push('('),
            ']' | '}' => self.push(')'),
            '«' | '„' => self.push('“'),
            '»' => self.push('”'),
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {}
            _ => match symbol(letter) {
                Some(name) => self.word(name),
                None => self.letters(letter),
            },
        }
    }

    /// A letter or digit, decomposed and without accents; a blank for anything else.
    fn letters(&mut self, letter: char) {
        let mut wrote = false;
        for part in letter.nfkd().filter(|&part| !is_combining_mark(part)) {
            let plain = transliterated(part);
            if part.is_ascii_alphanumeric() {
                self.push(part);
            } else if !plain.is_empty() {
                plain.chars().for_each(|part| self.push(part));
            } else {
                continue;
            }
            wrote = true;
        }
        if !wrote && !is_combining_mark(letter) {
            self.blank();
        }
    }

    fn push(&mut self, letter: char) {
        if self.length == LONGEST_WORD {
            self.blank();
        }
        self.text.push(letter);
        self.length += 1;
    }

    fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with(' ') {
            self.text.push(' ');
        }
        self.length = 0;
    }

    /// A mark that is a word of its own, so that no rule for words can swallow it.
    fn punctuation(&mut self, mark: char) {
        if !self.text.trim_end().ends_with(mark) {
            self.blank();
            self.push(mark);
            self.blank();
        }
    }

    /// A second full stop in a row.
    fn ellipsis(&mut self) {
        let length = self.text.trim_end_matches([' ', '.']).len();
        self.text.truncate(length);
        self.punctuation('…');
    }

    fn word(&mut self, word: &str) {
        self.blank();
        self.text.push_str(word);
        self.blank();
    }

    fn after_word(&self) -> bool {
        self.text
            .ends_with(|last: char| last.is_ascii_alphanumeric())
    }

    /// A marked word; takes a possessive ending from `rest` into it, because phonemes given for one part of a word
    /// are not heeded.
    fn mark(&mut self, mark: &Mark<'_>, rest: &mut &str) {
        let mut phonemes = mark.phonemes.to_owned();
        for ending in ["'s", "’s"] {
            if let Some(after) = rest.strip_prefix(ending)
                && !after.starts_with(char::is_alphanumeric)
            {
                *rest = after;
                phonemes.push_str(match mark.phonemes.chars().last() {
                    Some('s' | 'z' | 'ʃ' | 'ʒ' | 'ʧ' | 'ʤ') => "ɪz",
                    Some('p' | 't' | 'k' | 'f' | 'θ') => "s",
                    _ => "z",
                });
            }
        }
        let word: String = mark
            .word
            .chars()
            .filter(char::is_ascii_alphabetic)
            .take(LONGEST_WORD)
            .collect();
        let word = if word.is_empty() { "name" } else { &word };
        if self.after_word() {
            self.blank();
        }
        self.text.push_str(&given(word, &phonemes));
        if rest.starts_with(|next: char| next.is_alphanumeric() || next == '-' || next == '\'') {
            self.blank();
        }
        self.length = 0;
    }

    fn finish(mut self) -> String {
        self.text.truncate(self.text.trim_end().len());
        self.text
    }
}

/// How a sign is read that is no letter.
fn symbol(sign: char) -> Option<&'static str> {
    Some(match sign {
        '&' => "and",
        '+' => "plus",
        '@' => "at",
        '%' => "percent",
        '=' => "equals",
        '×' => "times",
        '÷' => "divided by",
        '°' => "degrees",
        '§' => "section",
        '©' => "copyright",
        '$' => "dollar",
        '£' => "pound",
        '€' => "euro",
        '¢' => "cent",
        _ => return None,
    })
}

/// What is said for a run of letters that cannot be read.
fn foreign(letter: char) -> Option<&'static str> {
    Some(match letter {
        '\u{590}'..='\u{5ff}' => "Hebrew letters",
        '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' => "Arabic letters",
        '\u{900}'..='\u{dff}' => "Indian letters",
        '\u{e00}'..='\u{e7f}' => "Thai letters",
        '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7ff}' => "Korean letters",
        '\u{3040}'..='\u{30ff}' => "Japanese letters",
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' => {
            "Chinese letters"
        }
        _ if !letter.is_alphabetic() => return None,
        _ if letter
            .nfkd()
            .any(|part| part.is_ascii_alphabetic() || !transliterated(part).is_empty()) =>
        {
            return None;
        }
        _ => "foreign letters",
    })
}

/// Latin letters for one that is not ASCII; empty if there are none.
fn transliterated(letter: char) -> &'static str {
    let small = letter.to_lowercase().next().unwrap_or(letter);
    let found = TRANSLITERATED
        .iter()
        .find(|(letters, _)| letters.contains(small));
    found.map_or("", |(_, latin)| latin)
}

/// Letters of other Latin alphabets, Greek and Cyrillic ones, and what stands for them.
#[rustfmt::skip]
const TRANSLITERATED: &[(&str, &str)] = &[
    ("æ", "ae"), ("œ", "oe"), ("ß", "ss"), ("ŋ", "ng"), ("αа", "a"), ("б", "b"), ("δдđ", "d"), ("εеэ", "e"),
    ("φф", "f"), ("γгґ", "g"), ("ıηιиі", "i"), ("κк", "k"), ("łλл", "l"), ("μм", "m"), ("νн", "n"),
    ("øοωо", "o"), ("πп", "p"), ("ρр", "r"), ("σςс", "s"), ("τт", "t"), ("υ", "u"), ("βв", "v"), ("ξ", "x"),
    ("йы", "y"), ("ζз", "z"), ("χч", "ch"), ("х", "kh"), ("у", "oo"), ("ψ", "ps"), ("ш", "sh"), ("щ", "shch"),
    ("þðθ", "th"), ("ц", "ts"), ("я", "ya"), ("є", "ye"), ("ї", "yi"), ("ё", "yo"), ("ю", "yu"), ("ж", "zh"),
    ("⁄", " "),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn accents_are_dropped_and_letters_stay() {
        assert_eq!(
            legible("Brontë, café, Ægir, Łódź"),
            "Bronte, cafe, aegir, lodz"
        );
    }

    #[test]
    fn greek_and_cyrillic_are_transliterated() {
        assert_eq!(legible("Иван λόγος"), "ivan logos");
    }

    #[test]
    fn a_script_that_cannot_be_read_is_named_once() {
        assert_eq!(legible("It said 北京 大学."), "It said Chinese letters .");
    }

    #[test]
    fn dashes_between_words_are_pauses_and_hyphens_stay() {
        assert_eq!(
            legible("well-known—or not - no"),
            "well-known — or not — no"
        );
    }

    #[test]
    fn given_phonemes_are_kept_and_take_the_possessive() {
        assert_eq!(legible("[Zoe](/zˈOi/)'s hat"), "[Qzxzoe](/zˈOiz/) hat");
    }

    #[test]
    fn brackets_that_are_no_mark_become_parentheses() {
        assert_eq!(legible("[x](+2) [y](/❓/)"), "(x)( plus 2) (y)( )");
    }

    #[test]
    fn a_word_without_end_is_cut() {
        let cut = legible(&"a".repeat(10_000));
        assert!(cut.split(' ').all(|word| word.len() <= LONGEST_WORD));
        assert_eq!(cut.replace(' ', "").len(), 10_000);
    }

    proptest! {
        #[test]
        fn any_text_becomes_characters_that_are_read(text in any::<String>()) {
            let plain = " '-.,;:!?()“”\"—…$£€[]/";
            let text = legible(&text);
            prop_assert!(text.chars().all(|letter| {
                letter.is_ascii_alphanumeric() || plain.contains(letter) || vocabulary::token(letter).is_some()
            }), "{}", text);
        }
    }
}
