//! Whose English a story is written in and its people speak, as far as spelling, words and the story itself tell.

use crate::{
    language,
    script::{Character, Kind, Line, Script},
    voice::Accent,
};

const BRITISH: &str = "colour colours coloured favour favourite honour neighbour neighbours parlour harbour rumour humour \
    grey towards whilst amongst realise realised recognise recognised apologise mum mummy bloody quid lorry queue tyre \
    pavement kerb jewellery pyjamas moustache cheque centre theatre metre programme travelled travelling jolly chap \
    whisky plough storey sceptical defence licence bloke petrol trousers";
const AMERICAN: &str = "color colors colored favor favorite honor neighbor neighbors parlor harbor rumor humor gray \
    realize realized recognize recognized apologize mom mommy gotten sidewalk truck dime dollars cents nickel \
    flashlight jewelry pajamas mustache check center theater meter program traveled traveling fall guys sheriff \
    whiskey plow skeptical defense license pants gas parking y'all";
/// How many telling words there must be, and how many times as many as of the other kind.
const ENOUGH: usize = 4;
const TIMES: usize = 3;

/// Ways of speaking: `in a Scottish accent`, `her Texan drawl`.
const MANNERS: &str = "accent brogue burr drawl lilt twang accents tones vowels";
/// Whose they are: of the two Englishes that voices speak, the nearer one.
const FROM_BRITAIN: &str = "english british london cockney scottish scots scotch irish welsh yorkshire oxford cambridge \
    cornish glasgow edinburgh dublin lancashire geordie";
const FROM_AMERICA: &str = "american yankee texan texas southern boston bostonian brooklyn york chicago western \
    midwestern californian kentucky virginia georgia carolina";
/// People by where they are from.
const BRITONS: &str = "englishman englishwoman briton londoner cockney scotsman scotchman scotswoman irishman irishwoman \
    welshman yorkshireman";
const AMERICANS: &str = "american yankee texan bostonian";

/// The English that `script` is written in, if enough of its words tell.
pub(super) fn english(script: &Script) -> Option<Accent> {
    told(script.lines.iter())
}

/// The English that `character` speaks where it is told: by what the story says of the way they speak or where they are
/// from, else by their own words.
pub(super) fn english_of(script: &Script, character: &Character) -> Option<Accent> {
    let own = |line: &&Line| line.kind == Kind::Speech && line.speaker == character.name;
    let said = || told(script.lines.iter().filter(own));
    described(script, character).or_else(said)
}

fn among(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|known| known == word)
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !letter.is_alphabetic() && letter != '\'' && letter != '’')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// The English of these lines, if enough of their words tell.
fn told<'l>(lines: impl Iterator<Item = &'l Line>) -> Option<Accent> {
    let (mut british, mut american) = (0, 0);
    for word in lines.flat_map(|line| words(&line.text)) {
        british += usize::from(among(BRITISH, &word));
        american += usize::from(among(AMERICAN, &word));
    }
    if british >= ENOUGH && british >= TIMES * american {
        Some(Accent::British)
    } else if american >= ENOUGH && american >= TIMES * british {
        Some(Accent::American)
    } else {
        None
    }
}

/// What the narration says of the character: in a sentence that names nobody else, a way of speaking with its country
/// before it (`a broad Scottish accent`) or what they are (`was an American`).
fn described(script: &Script, character: &Character) -> Option<Accent> {
    let called = |person: &Character, sentence: &str| {
        let names = person.aliases.iter().map(String::as_str);
        std::iter::once(person.name.as_str())
            .chain(names)
            .any(|name| holds(sentence, name))
    };
    let narration = script.lines.iter().filter(|l| l.kind == Kind::Narration);
    for line in narration.filter(|line| called(character, &line.text)) {
        for range in language::sentences(&line.text) {
            let sentence = &line.text[range];
            let others = script
                .characters
                .iter()
                .filter(|c| c.name != character.name);
            if called(character, sentence) && !others.clone().any(|c| called(c, sentence)) {
                let words: Vec<String> = words(sentence).collect();
                if let Some(accent) = hint(&words) {
                    return Some(accent);
                }
            }
        }
    }
    None
}

/// Whether `name` stands in `text` as whole words.
fn holds(text: &str, name: &str) -> bool {
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(name).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + name.len()..]);
        !letter(before.chars().next_back()) && !letter(after.chars().next())
    })
}

fn hint(words: &[String]) -> Option<Accent> {
    for (at, word) in words.iter().enumerate() {
        let before = at
            .checked_sub(1)
            .map_or("", |before| words[before].as_str());
        if among(MANNERS, word) {
            if among(FROM_BRITAIN, before) {
                return Some(Accent::British);
            }
            if among(FROM_AMERICA, before) {
                return Some(Accent::American);
            }
        }
        let is = at.checked_sub(2).map_or("", |verb| words[verb].as_str());
        if matches!(is, "was" | "is" | "being") && matches!(before, "a" | "an") {
            // `an American lady` is no less American than `an American`.
            if among(BRITONS, word) || matches!(word.as_str(), "english" | "british") {
                return Some(Accent::British);
            }
            if among(AMERICANS, word) {
                return Some(Accent::American);
            }
        }
    }
    None
}
