//! Whose English a story is written in, as far as its spelling and its words tell.

use crate::{script::Script, voice::Accent};

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

/// The English that `script` is written in, if enough of its words tell.
pub(super) fn english(script: &Script) -> Option<Accent> {
    let (mut british, mut american) = (0, 0);
    let words = script.lines.iter().flat_map(|line| {
        line.text
            .split(|letter: char| !letter.is_alphabetic() && letter != '\'' && letter != '’')
    });
    let among = |words: &str, word: &str| words.split_whitespace().any(|known| known == word);
    for word in words.filter(|word| word.len() > 2) {
        let word = word.to_lowercase();
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
