//! Speech that a dash opens instead of a quotation mark, with the tag inside it.

use super::lexicon;

/// The dashes that can open a speech.
const DASHES: &[&str] = &["—", "–", "―", "--", "- "];

/// Whether a paragraph opens with a dash and something to say.
pub(super) fn opens(text: &str) -> bool {
    after_dash(text).is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '¿' | '¡' | '…' | '\''))
    })
}

fn after_dash(text: &str) -> Option<&str> {
    let dash = DASHES.iter().find(|dash| text.starts_with(**dash))?;
    Some(text[dash.len()..].trim_start())
}

/// The spans of the words said in a paragraph; such a speech never stays open.
pub(super) fn find(text: &str) -> (Vec<(usize, usize)>, bool) {
    let Some(rest) = after_dash(text).filter(|_| opens(text)) else {
        return (Vec::new(), false);
    };
    let mut found = Vec::new();
    let mut start = text.len() - rest.len();
    while start < text.len() {
        let (end, next) = match tag(text, start) {
            Some((end, next)) => (end, next),
            None => (text.len(), text.len()),
        };
        if text[start..end].chars().any(char::is_alphanumeric) {
            found.push((start, end));
        }
        start = next;
    }
    (found, false)
}

/// The first tag from `start` on: where speech ends before it and where speech begins after it.
fn tag(text: &str, start: usize) -> Option<(usize, usize)> {
    let mut from = start;
    while let Some(found) = text[from..].find([',', '!', '?', '—', '–', '.']) {
        let at = from + found;
        let mark = text[at..].chars().next()?;
        let after = at + mark.len_utf8();
        let dashed =
            matches!(mark, '—' | '–') || text[after..].trim_start().starts_with(['—', '–']);
        let tag_text = text[after..].trim_start_matches([' ', '—', '–']);
        let stop = text[after..].len() - tag_text.len() + after;
        if (tag_text.len() < text[after..].len() || dashed)
            && let Some(length) = tag_length(tag_text, mark == '.')
        {
            let end = if matches!(mark, '—' | '–') {
                at
            } else {
                after
            };
            let next = stop + length;
            let skip = text[next..].len()
                - text[next..]
                    .trim_start_matches([' ', '.', ',', '—', '–'])
                    .len();
            return Some((end, next + skip));
        }
        from = after;
    }
    None
}

/// How long the tag is that `text` opens with, if it does: a verb of speech beside a name or pronoun.
fn tag_length(text: &str, after_stop: bool) -> Option<usize> {
    let words: Vec<&str> = text.split_whitespace().take(4).collect();
    let word = |i: usize| {
        words.get(i).map_or("", |word: &&str| {
            word.trim_matches(|c: char| !c.is_alphanumeric())
        })
    };
    let speech = |i: usize| lexicon::entry(&word(i).to_lowercase()).speech;
    let someone = |i: usize| {
        let entry = lexicon::entry(&word(i).to_lowercase());
        entry.pronoun.is_some()
            || entry.determiner
            || (word(i).starts_with(char::is_uppercase) && !entry.stop)
    };
    let inverted = speech(0) && someone(1) && !word(0).starts_with(char::is_uppercase);
    let straight = !after_stop && someone(0) && (speech(1) || (speech(2) && !word(1).is_empty()));
    if !inverted && !straight {
        return None;
    }
    let end = text.find(['.', '—', '–']).unwrap_or(text.len());
    Some(resumes(&text[..end]).unwrap_or(end))
}

/// Words that open what is said after a tag between commas ("Ida, said Tomas, I am late").
const RESUMES: &str = "i i'm i've i'll i'd you you're you've you'll we we're we've we'll it's that's there's don't what \
    why how where please isn't aren't can't won't let's";

/// Where speech goes on inside a tag, after a comma.
fn resumes(tag: &str) -> Option<usize> {
    let commas = tag.match_indices(',').map(|(at, _)| at);
    commas.skip_while(|at| *at == 0).find(|at| {
        let word = tag[at + 1..].split_whitespace().next().unwrap_or_default();
        let word = word
            .trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase()
            .replace('’', "'");
        RESUMES.split_whitespace().any(|other| other == word)
    })
}

#[cfg(test)]
mod tests {
    use super::find;

    fn said(text: &str) -> Vec<&str> {
        find(text)
            .0
            .into_iter()
            .map(|(start, end)| text[start..end].trim())
            .collect()
    }

    #[test]
    fn a_dash_opens_a_speech_and_its_tag_is_cut_out() {
        assert_eq!(
            said("—Come in, said Ida. The door is open."),
            ["Come in,", "The door is open."]
        );
        assert_eq!(
            said("— Come in — said Ida — and sit."),
            ["Come in", "and sit."]
        );
        assert_eq!(
            said("— Ida, began Tomas, very gently, I think you are late."),
            ["Ida,", "I think you are late."]
        );
        assert_eq!(
            said("— Come in, said Ida, taking off her hat. Sit."),
            ["Come in,", "Sit."]
        );
        assert_eq!(said("— Not today."), ["Not today."]);
        assert!(said("The dog barked.").is_empty());
    }
}
