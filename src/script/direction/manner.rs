//! Words and phrases that tell how something is said.

use std::{collections::HashMap, sync::OnceLock};

use super::super::{Direction, pattern::Patterns, text::Text};

/// Verbs by direction: past and present forms, then participles, then bare forms.
const VERBS: &[(Direction, &str, &str, &str)] = &[
    (
        Direction::Whispered,
        "whispered whispers murmured murmurs muttered mutters mumbled mumbles hissed hisses breathed breathes",
        "whispering murmuring muttering mumbling hissing",
        "whisper murmur mutter mumble",
    ),
    (
        Direction::Shouted,
        "shouted shouts yelled yells screamed screams shrieked shrieks bellowed bellows roared roars howled howls bawled \
         bawls hollered hollers thundered vociferated screeched screeches boomed",
        "shouting yelling screaming shrieking bellowing roaring howling bawling hollering thundering screeching",
        "shout yell scream shriek bellow roar howl bawl",
    ),
    (
        Direction::Crying,
        "sobbed sobs wept weeps wailed wails whimpered whimpers blubbered blubbers snivelled sniveled",
        "sobbing weeping crying wailing whimpering blubbering snivelling",
        "sob weep cry wail whimper",
    ),
    (
        Direction::Laughing,
        "laughed laughs giggled giggles chuckled chuckles tittered cackled sniggered snickered guffawed",
        "laughing giggling chuckling tittering cackling sniggering snickering guffawing",
        "laugh giggle chuckle",
    ),
    (
        Direction::Thought,
        "thought thinks wondered wonders reflected reflects",
        "thinking wondering",
        "",
    ),
    (
        Direction::Sung,
        "sang sings sung chanted carolled caroled warbled crooned",
        "singing chanting crooning carolling warbling",
        "sing chant",
    ),
    (Direction::Read, "read reads wrote writes", "", ""),
];

/// Phrases by direction, as [`Patterns`] reads them.
const PHRASES: &[(Direction, &str)] = &[
    (
        Direction::Whispered,
        "under|below|beneath his|her|my|its|their breath",
    ),
    (
        Direction::Whispered,
        "in|with a|an|his|her|my|the ~ low|lower|lowered|hushed|whispering ~ voice|tone|tones",
    ),
    (Direction::Whispered, "in ~ low|lowered|hushed voices|tones"),
    (
        Direction::Whispered,
        "in a|an ~ undertone|whisper|murmur|mutter",
    ),
    (Direction::Whispered, "in whispers|undertones"),
    (Direction::Whispered, "above|than a whisper|murmur|breath"),
    (Direction::Whispered, "to|into a ~ whisper|murmur"),
    (
        Direction::Whispered,
        "lowered|lowering|dropped|dropping|sank|sinking his|her|my|the voice",
    ),
    (
        Direction::Shouted,
        "at the top of his|her|my|its|their ~ voice|voices|lungs",
    ),
    (Direction::Shouted, "raised|raising his|her|my the ~ voice"),
    (Direction::Shouted, "raised|raising his|her|my voice"),
    (
        Direction::Shouted,
        "in|with a ~ loud|thunderous|thundering|booming|stentorian ~ voice|tone",
    ),
    (Direction::Shouted, "in a voice of thunder"),
    (
        Direction::Shouted,
        "with|to|into|in|gave a ~ shout|scream|shriek|yell|roar|bellow|howl",
    ),
    (
        Direction::Crying,
        "in|with|through|into|between|amid ~ tears|sobs",
    ),
    (
        Direction::Crying,
        "tears ~ ran|running|rolled|rolling|streamed|streaming|pouring|poured|trickling down",
    ),
    (
        Direction::Crying,
        "tears ~ filled|filling|in|into|from his|her|my ~ eyes",
    ),
    (
        Direction::Crying,
        "eyes ~ full|filled|filling|brimming|swimming|streaming of|with tears",
    ),
    (
        Direction::Crying,
        "with|gave|giving|between a ~ sob|wail|whimper",
    ),
    (
        Direction::Crying,
        "in a tearful|sobbing|weeping ~ voice|tone",
    ),
    (Direction::Crying, "tearfully"),
    (
        Direction::Laughing,
        "with|gave|giving|into a|an|another|his|her ~ laugh|chuckle|giggle|titter|cackle|guffaw|snigger",
    ),
    (
        Direction::Laughing,
        "let out a|an|another ~ laugh|chuckle|giggle|cackle|guffaw",
    ),
    (
        Direction::Laughing,
        "with|into|through|between|in ~ laughter",
    ),
    (Direction::Laughing, "laughingly"),
    (Direction::Read, "reading aloud|out|from"),
];

/// The form in which a verb stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// whispered, whispers
    Finite,
    /// whispering
    Participle,
    /// to whisper
    Bare,
}

/// Which direction `word` shows as a verb, and its form.
pub(super) fn verb(word: &str) -> Option<(Direction, Form)> {
    static VERB: OnceLock<HashMap<&str, (Direction, Form)>> = OnceLock::new();
    let verbs = VERB.get_or_init(|| {
        let mut verbs = HashMap::new();
        for (direction, finite, participles, bare) in VERBS {
            for (words, form) in [
                (finite, Form::Finite),
                (participles, Form::Participle),
                (bare, Form::Bare),
            ] {
                verbs.extend(
                    words
                        .split_whitespace()
                        .map(|word| (word, (*direction, form))),
                );
            }
        }
        verbs
    });
    verbs.get(word).copied()
}

/// The direction of the phrase that begins at token `at` and ends before `end`.
pub(super) fn phrase(text: &Text, at: usize, end: usize) -> Option<Direction> {
    static KNOWN: OnceLock<Patterns<Direction>> = OnceLock::new();
    KNOWN
        .get_or_init(|| Patterns::new(PHRASES))
        .at(text, at, end)
}

/// Words before a cue that take it back: "without shouting", "wanted to laugh", "stopped crying".
const DENIALS: &str = "not never without nor no instead stopped stop ceased cease want wanted wish wished try tried trying \
    could would might may should must about if like unable refused longed resisting suppressing choked forgot cannot \
    stifled suppressed swallowed instead rather neither";

/// Whether the words before token `at`, back to `from` or the last mark, take a cue there back.
pub(super) fn denied(text: &Text, at: usize, from: usize) -> bool {
    let above = matches!(text.low(at), "above" | "than");
    let before = (from.max(at.saturating_sub(4))..at).rev();
    !above
        && before
            .take_while(|word| text.tokens[*word].letter)
            .any(|word| denies(text.low(word)))
}

fn denies(word: &str) -> bool {
    word.ends_with("n't")
        || word.ends_with("n’t")
        || DENIALS.split_whitespace().any(|denial| denial == word)
}
