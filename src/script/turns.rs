//! Turns of a conversation: quotations that must have one speaker, with all that is known of them.

use super::{
    Gender,
    mentions::{self, Kind, Mention, Reference},
    people::PersonId,
    tags::{OUTRIGHT, Shape, Tag, Tagger},
    text::{Text, Word},
};

/// Quotations of one speaker, mostly those of one paragraph.
#[derive(Clone, Debug, Default)]
pub(super) struct Turn {
    /// Indices of its quotations.
    pub(super) quotes: Vec<usize>,
    /// Indices of the paragraphs it runs through.
    pub(super) paragraphs: Vec<usize>,
    /// Paragraphs of narration between the turn before and this one; more where the scene changes.
    pub(super) gap: usize,
    /// What stands beside its quotations, the strongest first.
    pub(super) tags: Vec<Tag>,
    /// People it calls by name.
    pub(super) calls: Vec<PersonId>,
    /// People it speaks of.
    pub(super) speaks_of: Vec<PersonId>,
    /// People whose names it gives as the speaker's own ("I'm Ida").
    pub(super) claims: Vec<PersonId>,
    /// Genders of the people it addresses otherwise ("sir").
    pub(super) addresses: Vec<Gender>,
    /// The words it calls anyone by, names among them: the last word of each.
    pub(super) vocatives: Vec<Word>,
    /// Mentions in the narration of its paragraphs, by index.
    pub(super) own: Vec<usize>,
    /// Its first token and one past its last.
    pub(super) tokens: (usize, usize),
}

impl Turn {
    /// The strongest tag.
    pub(super) fn top(&self) -> Option<Tag> {
        self.tags.first().copied()
    }

    /// The strongest tag, if it says outright who speaks.
    pub(super) fn outright(&self) -> Option<Tag> {
        self.top().filter(|tag| tag.strength >= OUTRIGHT)
    }
}

/// The gap before the first turn.
pub(super) const FAR: usize = 99;
/// How many tokens before and after a turn its own paragraphs are searched.
const NEAR: usize = 400;
/// How much a new scene adds to a gap.
const SCENE_GAP: usize = 4;

/// All turns of `text`, given the tags of each quotation.
pub(super) fn build(text: &Text, mentions: &[Mention], tags: &[Vec<Tag>]) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    let mut at = 0;
    while at < text.quotes.len() {
        let paragraph = text.quotes[at].paragraph;
        let mut end = at;
        while end < text.quotes.len() && text.quotes[end].paragraph == paragraph {
            end += 1;
        }
        let groups = split(text, mentions, tags, at..end);
        for (index, quotes) in groups.into_iter().enumerate() {
            let continues = index == 0 && text.quotes[at].continues;
            match turns.last_mut() {
                Some(last) if continues => {
                    last.quotes.extend(quotes);
                    last.paragraphs.push(paragraph);
                }
                last => {
                    let gap = last.map_or(FAR, |last| {
                        if index > 0 {
                            0
                        } else {
                            gap(text, last, paragraph)
                        }
                    });
                    turns.push(Turn {
                        quotes,
                        paragraphs: vec![paragraph],
                        gap,
                        ..Turn::default()
                    });
                }
            }
        }
        at = end;
    }
    for turn in &mut turns {
        fill(text, mentions, tags, turn);
    }
    for index in 1..turns.len() {
        if turns[index].gap <= 2 && asks_name(text, &turns[index - 1]) {
            give_name(text, mentions, &mut turns[index]);
        }
    }
    turns
}

/// Whether the words of `turn` ask for the listener's name.
fn asks_name(text: &Text, turn: &Turn) -> bool {
    let (start, end) = turn.tokens;
    (start..end.saturating_sub(1)).any(|at| {
        let words = [
            text.low(at),
            text.low(at + 1),
            if at + 2 < end { text.low(at + 2) } else { "" },
        ];
        matches!(
            words,
            ["your", "name", _]
                | ["call" | "calls", "you", _]
                | ["who", "are", "you"]
                | ["you", "called", _]
        )
    })
}

/// A name that opens the answer to "what is your name?" is the speaker's own.
fn give_name(text: &Text, mentions: &[Mention], turn: &mut Turn) {
    let range = text.quote_tokens[turn.quotes[0]].clone();
    let first = mentions::within(mentions, range.start, range.end)
        .iter()
        .find(|mention| mention.kind == Kind::Name);
    let Some(name) = first.filter(|name| {
        let parted = name.end >= range.end || !text.tokens[name.end].letter;
        name.start == range.start && parted
    }) else {
        return;
    };
    turn.calls.retain(|person| *person != name.person);
    turn.speaks_of.retain(|person| *person != name.person);
    if !turn.claims.contains(&name.person) {
        turn.claims.push(name.person);
    }
}

fn gap(text: &Text, last: &Turn, paragraph: usize) -> usize {
    let before = *last.paragraphs.last().expect("a turn has a paragraph");
    let scene = text.paragraphs[before].scene != text.paragraphs[paragraph].scene;
    paragraph - before - 1 + if scene { SCENE_GAP } else { 0 }
}

/// Parts the quotations of a paragraph where outright tags name different speakers.
fn split(
    text: &Text,
    mentions: &[Mention],
    tags: &[Vec<Tag>],
    quotes: std::ops::Range<usize>,
) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut current: Option<&Mention> = None;
    for quote in quotes {
        let leads = quote == 0 || sets_in(text, mentions, &tags[quote], quote);
        let named = parting(&tags[quote], leads).map(|tag| &mentions[tag.mention]);
        let conflict = current
            .zip(named)
            .is_some_and(|(one, other)| differ(one, other));
        if groups.is_empty() || conflict {
            groups.push(Vec::new());
            current = None;
        }
        current = current.or(named);
        groups.last_mut().expect("there is one").push(quote);
    }
    groups
}

/// Whether a new sentence leads into quotation `quote`, or a clause of its own ("and Ida said"), not the one that its
/// forerunner's tag stands in.
fn sets_in(text: &Text, mentions: &[Mention], tags: &[Tag], quote: usize) -> bool {
    let between = text.quote_tokens[quote - 1].end..text.quote_tokens[quote].start;
    let mut words = between.clone().filter(|at| text.tokens[*at].letter);
    words.next();
    if words.any(|at| text.tokens[at].opens) {
        return true;
    }
    tags.iter().any(|tag| {
        let mention = &mentions[tag.mention];
        tag.shape == Shape::Before
            && mention.kind != Kind::Pronoun
            && mention.start > between.start
            && (matches!(text.low(mention.start - 1), "and" | "but" | "while" | ";")
                || matches!(text.low(mention.start - 2), "and" | "but" | "while" | ";")
                    && text.low(mention.start - 1) == "the")
    })
}

/// The tag of a quotation that can part it from others in its paragraph; one before it only where it `leads`.
fn parting(tags: &[Tag], leads: bool) -> Option<&Tag> {
    tags.iter().find(|tag| {
        let after = matches!(
            tag.shape,
            Shape::VerbName | Shape::NameVerb | Shape::ActionName | Shape::OwnedWords
        );
        tag.strength >= 8 && (after || leads && tag.shape == Shape::Before)
    })
}

/// Whether two mentions, both said to speak, cannot be one person.
fn differ(one: &Mention, other: &Mention) -> bool {
    let teller = |mention: &Mention| mention.reference == Reference::Teller;
    match (one.kind, other.kind) {
        (Kind::Name, Kind::Name) => one.person != other.person,
        (Kind::Pronoun, Kind::Pronoun) => one.reference != other.reference,
        (Kind::Noun, Kind::Noun) => one.head != other.head,
        (Kind::Name, Kind::Noun) | (Kind::Noun, Kind::Name) => false,
        (Kind::Pronoun, _) | (_, Kind::Pronoun) => teller(one) != teller(other),
    }
}

fn fill(text: &Text, mentions: &[Mention], tags: &[Vec<Tag>], turn: &mut Turn) {
    for quote in &turn.quotes {
        turn.tags.extend(&tags[*quote]);
    }
    turn.tags.sort_by_key(|tag| std::cmp::Reverse(tag.strength));
    let (first, last) = (
        turn.quotes[0],
        *turn.quotes.last().expect("a turn has a quotation"),
    );
    turn.tokens = (text.quote_tokens[first].start, text.quote_tokens[last].end);
    for quote in turn.quotes.clone() {
        let range = text.quote_tokens[quote].clone();
        for spoken in mentions::within(mentions, range.start, range.end)
            .iter()
            .filter(|mention| mention.kind == Kind::Name)
        {
            let heard = if claims(text, spoken, &range) {
                &mut turn.claims
            } else if is_call(text, spoken, &range) {
                turn.vocatives.push(text.tokens[spoken.end - 1].word);
                &mut turn.calls
            } else {
                &mut turn.speaks_of
            };
            if !heard.contains(&spoken.person) {
                heard.push(spoken.person);
            }
        }
        for at in range.clone() {
            if !is_address(text, at, &range) {
                continue;
            }
            if text.entry(at).vocative {
                turn.vocatives.push(text.tokens[at].word);
            }
            let gender = text.entry(at).address;
            turn.addresses
                .extend(gender.filter(|gender| !turn.addresses.contains(gender)));
        }
    }
    turn.vocatives.sort_unstable();
    turn.vocatives.dedup();
    for paragraph in &turn.paragraphs {
        let range = text.paragraphs[*paragraph].tokens.clone();
        let start = range.start.max(turn.tokens.0.saturating_sub(NEAR));
        let end = range.end.min(turn.tokens.1 + NEAR);
        let first = mentions.partition_point(|mention| mention.start < start);
        let found = mentions::within(mentions, start, end);
        turn.own.extend(
            (first..first + found.len()).filter(|index| text.outside(mentions[*index].start)),
        );
    }
}

/// Whether the speaker gives `mention` as the own name.
fn claims(text: &Text, mention: &Mention, range: &std::ops::Range<usize>) -> bool {
    let before = |back: usize| {
        mention
            .start
            .checked_sub(back)
            .filter(|at| *at >= range.start)
            .map_or("", |at| text.low(at))
    };
    let ends = mention.end >= range.end
        || !text.tokens[mention.end].letter && !matches!(text.low(mention.end), "'s" | "’s" | "-");
    let introduced = matches!(before(1), "i'm" | "i’m")
        || (before(1) == "am" && before(2) == "i")
        || (matches!(before(1), "is" | "'s" | "’s") && before(2) == "name" && before(3) == "my")
        || (before(1) == "me" && before(2) == "call");
    let stressed = before(1) == "," && matches!(before(2), "i" | "me");
    ends && (introduced || stressed)
}

/// Words before a name that is called out.
const BEFORE_CALL: &str = "dear oh o ah yes no well sir hello hullo good poor old darling my morning evening now come you \
    hi hey thanks please sorry night afternoon mr mrs miss matter wrong it you me us here there then again too right today \
    tonight";

/// Whether `mention`, inside the quotation `range`, calls someone.
fn is_call(text: &Text, mention: &Mention, range: &std::ops::Range<usize>) -> bool {
    let opens = mention.start <= range.start;
    let closes = mention.end >= range.end;
    let before = if opens {
        ""
    } else {
        text.low(mention.start - 1)
    };
    let after = if closes { "" } else { text.low(mention.end) };
    let parted_before = matches!(
        before,
        "" | "," | "!" | "." | "?" | "—" | "--" | ";" | "…" | "–"
    ) || BEFORE_CALL.split_whitespace().any(|word| word == before);
    parted_before
        && matches!(
            after,
            "" | "," | "!" | "." | "?" | "—" | "--" | ";" | ":" | "…" | "–"
        )
}

/// Whether token `at`, inside the quotation `range`, stands where an address such as "sir" stands.
fn is_address(text: &Text, at: usize, range: &std::ops::Range<usize>) -> bool {
    let before = if at == range.start {
        ","
    } else {
        text.low(at - 1)
    };
    let after = if at + 1 >= range.end {
        ","
    } else {
        text.low(at + 1)
    };
    let parted = matches!(before, "," | "!" | "." | "?" | "—" | ";")
        || matches!(
            before,
            "my" | "dear" | "yes" | "no" | "oh" | "well" | "young" | "old"
        );
    parted && matches!(after, "," | "." | "!" | "?" | "—" | ";" | ":" | "…")
}

/// All tags of all quotations.
pub(super) fn read_tags(text: &Text, mentions: &[Mention]) -> Vec<Vec<Tag>> {
    let tagger = Tagger { text, mentions };
    (0..text.quotes.len())
        .map(|quote| tagger.tags(quote))
        .collect()
}

/// Whether the strongest tag is by the teller of the story ("I said").
pub(super) fn is_teller(mentions: &[Mention], tag: Tag) -> bool {
    mentions[tag.mention].reference == Reference::Teller
}
