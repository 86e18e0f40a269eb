//! What is spoken at once: sentences, short ones joined, long ones cut.

use std::ops::Range;

use super::sentence::{closes, push_trimmed, sentences};

/// A voice sounds poor when it says less than this at once (characters; measured with Kokoro).
const SHORTEST: usize = 20;

/// How far round a break it is looked at, in bytes.
const NEAR: usize = 64;

/// Words before which a clause may begin, so that a cut there sounds natural.
const CONJUNCTIONS: [&str; 14] = [
    "and", "but", "or", "nor", "so", "for", "yet", "because", "while", "which", "who", "when",
    "where", "that",
];

/// The parts of `text` that are spoken at once, as byte ranges in order.
///
/// A part is a sentence; one shorter than 20 characters is joined with its neighbour, one longer than
/// `limit_chars` characters is cut after `;`, `:` or a dash, else after a comma, else before a conjunction, else
/// between words, as near to its middle as can be. Only a word longer than the limit is cut inside. The ranges
/// hold every character of the text but the white space between them.
pub fn utterances(text: &str, limit_chars: usize) -> Vec<Range<usize>> {
    let limit = limit_chars.max(1);
    let mut parts = Vec::new();
    for sentence in sentences(text) {
        cut(text, sentence, limit, &mut parts);
    }
    join_short(text, parts, limit)
}

fn length(text: &str, range: &Range<usize>) -> usize {
    text[range.clone()].chars().count()
}

fn cut(text: &str, range: Range<usize>, limit: usize, parts: &mut Vec<Range<usize>>) {
    if length(text, &range) <= limit {
        parts.push(range);
        return;
    }
    let middle = best_cut(&text[range.clone()], limit) + range.start;
    let mut halves = Vec::new();
    push_trimmed(&mut halves, text, range.start..middle);
    push_trimmed(&mut halves, text, middle..range.end);
    for half in halves {
        cut(text, half, limit, parts);
    }
}

/// Where to cut a sentence that is too long: the strongest break not too near its ends.
fn best_cut(sentence: &str, limit: usize) -> usize {
    let middle = sentence.len() / 2;
    let far = |place: &usize| place.abs_diff(middle);
    let breaks = breaks(sentence);
    (0..=3)
        .find_map(|rank| {
            // The weaker the break, the nearer the middle it has to be to be worth it.
            let reach = if rank == 3 { middle } else { middle * 3 / 4 };
            let places = breaks
                .iter()
                .filter(|(_, found)| *found == rank)
                .map(|(place, _)| *place);
            places.filter(|place| far(place) <= reach).min_by_key(far)
        })
        .unwrap_or_else(|| {
            // One long word: pieces of the limit's length, halved so that even a very long one is cut soon.
            let half = sentence.chars().count() / 2;
            let piece = (half / limit).max(1) * limit;
            let mut places = sentence.char_indices().map(|(place, _)| place);
            places.nth(piece).unwrap_or(sentence.len())
        })
}

/// The places where a sentence may be cut, with their ranks: 0 the strongest, 3 any blank.
fn breaks(sentence: &str) -> Vec<(usize, u8)> {
    let mut breaks = Vec::new();
    for (place, letter) in sentence.char_indices().skip(1) {
        // What stands farther away than any word is long is not looked at: a run of blanks may be endless.
        let near = sentence.floor_char_boundary(place.saturating_sub(NEAR))
            ..sentence.floor_char_boundary(place + NEAR);
        let before = sentence[near.start..place].trim_end_matches(closes);
        let after = &sentence[place..near.end];
        if matches!(letter, '—' | '…') && !after[letter.len_utf8()..].starts_with(closes) {
            breaks.push((place + letter.len_utf8(), 0));
        }
        if !letter.is_whitespace() {
            continue;
        }
        let next = after
            .trim_start()
            .split(|next: char| !next.is_alphabetic())
            .next();
        let rank = match before.chars().last() {
            Some(';' | ':' | '—' | '–' | '…' | '!' | '?') => 0,
            Some(',' | ')') => 1,
            _ if next.is_some_and(|next| CONJUNCTIONS.contains(&next)) => 2,
            _ => 3,
        };
        breaks.push((place, rank));
    }
    breaks.retain(|(place, _)| *place < sentence.len());
    breaks
}

/// Joins parts that are too short with the next one, or the last one if it is shorter, as far as the limit allows.
fn join_short(text: &str, parts: Vec<Range<usize>>, limit: usize) -> Vec<Range<usize>> {
    let mut joined: Vec<Range<usize>> = Vec::new();
    for part in parts {
        let short = |range: &Range<usize>| length(text, range) < SHORTEST;
        match joined.last_mut() {
            Some(last)
                if (short(last) || short(&part))
                    && length(text, &(last.start..part.end)) <= limit =>
            {
                last.end = part.end;
            }
            _ => joined.push(part),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(text: &str, limit: usize) -> Vec<&str> {
        utterances(text, limit)
            .into_iter()
            .map(|range| &text[range])
            .collect()
    }

    #[test]
    fn a_short_sentence_goes_with_its_neighbour() {
        assert_eq!(said("Yes. I will come with you tomorrow.", 200).len(), 1);
        assert_eq!(said("I will come with you tomorrow. No.", 200).len(), 1);
        assert_eq!(
            said(
                "I will come with you tomorrow. You will stay at home then.",
                200
            )
            .len(),
            2
        );
    }

    #[test]
    fn a_long_sentence_is_cut_at_its_strongest_break() {
        let text =
            "He came in from the cold, shaking the snow off; she did not look up, not even once.";
        assert_eq!(
            said(text, 60),
            [
                "He came in from the cold, shaking the snow off;",
                "she did not look up, not even once."
            ]
        );
    }

    #[test]
    fn without_marks_a_clause_begins_at_its_conjunction() {
        let text = "the old man walked along the shore and the gulls cried over the grey water";
        assert_eq!(said(text, 50)[1], "and the gulls cried over the grey water");
    }

    #[test]
    fn a_word_longer_than_the_limit_is_cut_inside() {
        assert!(
            said(&"ä".repeat(95), 10)
                .iter()
                .all(|part| part.chars().count() <= 10)
        );
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_part_is_over_the_limit(
            text in "[A-Za-z .,;:!?…—“”'\\n()é]{0,200}",
            limit in 1..80_usize,
        ) {
            let parts = said(&text, limit);
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(bare(&parts.concat()), bare(&text));
            prop_assert!(parts.iter().all(|part| part.chars().count() <= limit));
        }
    }
}
