//! Which capitalised words can be (part of) a name, judged by how the story itself writes them.

use super::text::Text;

/// How often each word stands with a small or a capital first letter.
pub(super) struct Capitals {
    pub(super) lower: Vec<u32>,
    pub(super) upper: Vec<u32>,
    /// Capitals where grammar asks for none.
    sure: Vec<u32>,
    /// Those right after a verb of speech in narration: "said Hall".
    tagged: Vec<u32>,
    /// Those after a title: "Mr. Hall".
    titled: Vec<u32>,
}

impl Capitals {
    /// Counts all words of `text`.
    pub(super) fn count(text: &Text) -> Self {
        let size = text.vocabulary();
        let mut counts = Self {
            lower: vec![0; size],
            upper: vec![0; size],
            sure: vec![0; size],
            tagged: vec![0; size],
            titled: vec![0; size],
        };
        for (at, token) in text
            .tokens
            .iter()
            .enumerate()
            .filter(|(_, token)| token.letter)
        {
            let tagged = token.upper
                && !token.opens
                && at > 0
                && text.outside(at)
                && text.entry(at - 1).says;
            counts.tagged[token.word as usize] += u32::from(tagged);
            counts.titled[token.word as usize] += u32::from(token.upper && follows_title(text, at));
            let word = token.word as usize;
            if token.upper {
                counts.upper[word] += 1;
                counts.sure[word] += u32::from(!token.opens && !token.shouted);
            } else {
                counts.lower[word] += 1;
            }
        }
        counts
    }
}

/// Whether token `at` is a capitalised word that can be (part of) a name.
pub(super) fn is_name(text: &Text, capitals: &Capitals, at: usize) -> bool {
    let token = text.tokens[at];
    if !token.upper || !token.letter {
        return false;
    }
    let word = text.low(at);
    let entry = text.entry(at);
    if word == "i" || is_contraction(word) {
        return false;
    }
    if is_tagged(text, capitals, at) {
        return true;
    }
    if entry.stop && !(follows_title(text, at) && super::lexicon::name_after_title(word)) {
        return false;
    }
    let (lower, upper) = (
        capitals.lower[token.word as usize],
        capitals.upper[token.word as usize],
    );
    if lower >= 2 && f64::from(lower) > f64::from(upper) * 0.6 {
        return false;
    }
    !(token.opens && capitals.sure[token.word as usize] == 0 && !called_or_tagged(text, at))
}

/// Whether `word` is two words drawn together, such as "I'm" or "that'll".
fn is_contraction(word: &str) -> bool {
    let end = word.rsplit(['\'', '’']).next().unwrap_or(word);
    end.len() + 1 < word.len() && matches!(end, "m" | "ll" | "ve" | "d" | "re" | "t")
}

/// How often a common word must follow "said" or a title with a capital to be someone's name.
const TAGGED: u32 = 2;

/// Whether token `at` is a common word that the story uses as a name ("said Hall", "said Five") and uses so here.
fn is_tagged(text: &Text, capitals: &Capitals, at: usize) -> bool {
    let (token, entry) = (text.tokens[at], text.entry(at));
    let other = entry.title.is_some() || entry.determiner || entry.pronoun.is_some();
    let here = !token.opens || text.entry(at + 1).speech || text.entry(at + 1).acts;
    let (tagged, titled) = (
        capitals.tagged[token.word as usize],
        capitals.titled[token.word as usize],
    );
    let enough = tagged + titled >= TAGGED || entry.given.is_some();
    tagged > 0 && enough && here && !other
}

/// Whether a word that stands only at openings of sentences is used as a name there: a given name, or beside a
/// verb of speech, or called.
fn called_or_tagged(text: &Text, at: usize) -> bool {
    let token = text.tokens[at];
    let entry = text.entry(at);
    if entry.title.is_some() || entry.determiner || entry.pronoun.is_some() {
        return false;
    }
    let inside = token.quote != super::text::OUTSIDE;
    let follows = |word: &str| {
        text.tokens
            .get(at + 1)
            .is_some_and(|next| next.quote == token.quote)
            && text.low(at + 1) == word
    };
    let tagged = !inside
        && (text.entry(at + 1).speech
            || (at > 0
                && text.entry(at - 1).speech
                && text.tokens[at - 1].paragraph == token.paragraph));
    entry.given.is_some() || tagged || (inside && follows(","))
}

fn follows_title(text: &Text, at: usize) -> bool {
    at > 0
        && (text.entry(at - 1).title.is_some()
            || (text.low(at - 1) == "." && at > 1 && text.entry(at - 2).title.is_some()))
}
