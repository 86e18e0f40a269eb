//! What the whole exchange round a turn tells of its speaker: two who take turns speak at even or at odd distances.

use super::{
    book::Book,
    features::{Known, Signs},
    people::PersonId,
};

/// How many turns on each side are looked at.
const REACH: usize = 8;

/// How many tokens before the first turn its paragraph is searched.
const BEFORE: usize = 400;

/// One turn of the exchange, seen from another.
struct Other {
    turn: usize,
    distance: usize,
}

/// The turns round turn `index` that nothing but speech parts from it.
fn unbroken(book: &Book, index: usize) -> Vec<Other> {
    let back = (1..=REACH.min(index))
        .take_while(|distance| book.turns[index + 1 - distance].gap == 0)
        .map(|distance| Other {
            turn: index - distance,
            distance,
        });
    let ahead = (1..=REACH)
        .take_while(|distance| {
            book.turns
                .get(index + distance)
                .is_some_and(|turn| turn.gap == 0)
        })
        .map(|distance| Other {
            turn: index + distance,
            distance,
        });
    back.chain(ahead).collect()
}

/// Adds what the exchange tells of `person` as the speaker of turn `index`.
pub(super) fn add(book: &Book, index: usize, person: PersonId, known: Known, signs: &mut Signs) {
    let others = unbroken(book, index);
    let profile = &book.profiles[person];
    let mut called = [0_usize; 2];
    let mut gender = [(0.0_f32, 0_usize); 2];
    let mut share = [(0.0_f32, 0.0_f32); 2];
    for other in &others {
        let odd = other.distance % 2;
        let turn = &book.turns[other.turn];
        if other.distance > 1 {
            called[odd] += usize::from(turn.calls.contains(&person));
        }
        let of_tag = book.tag_genders[other.turn];
        if other.distance > 1 && of_tag.is_some() {
            gender[odd].0 += profile.agrees(of_tag);
            gender[odd].1 += 1;
        }
        for address in turn.addresses.iter().filter(|_| other.distance > 1) {
            gender[1 - odd].0 += 0.5 * profile.agrees(Some(*address));
        }
        if let Some(shares) = known.shares.get(other.turn) {
            let mine = shares.iter().find(|(known, _)| *known == person);
            let weight = 1.0 / (1.0 + other.distance as f32);
            share[odd].0 += weight * mine.map_or(0.0, |(_, share)| *share);
            share[odd].1 += weight;
        }
    }
    for (odd, names) in [
        ["even-called", "even-gender", "even-share"],
        ["odd-called", "odd-gender", "odd-share"],
    ]
    .into_iter()
    .enumerate()
    {
        signs.add(names[0], 0, called[odd].min(3) as f32 / 2.0);
        signs.add(names[1], 0, gender[odd].0.clamp(-2.0, 2.0));
        if share[odd].1 > 0.0 {
            signs.add(names[2], 0, share[odd].0 / share[odd].1);
        }
    }
    presence(book, index, person, signs);
}

/// Whether the people of the talk speak of `person`, and whether narration shows the person among them.
fn presence(book: &Book, index: usize, person: PersonId, signs: &mut Signs) {
    let near = |turn: usize, next: usize| book.turns[next.max(turn)].gap <= 3;
    let mut first = index;
    while first > 0 && index - first < REACH && near(first, first - 1) {
        first -= 1;
    }
    let mut last = index;
    while last + 1 < book.turns.len() && last - index < REACH && near(last, last + 1) {
        last += 1;
    }
    let spoken = book.turns[first..=last]
        .iter()
        .filter(|turn| turn.speaks_of.contains(&person))
        .count();
    let called = book.turns[first..=last]
        .iter()
        .filter(|turn| turn.calls.contains(&person))
        .count();
    let paragraph = book.text.paragraphs[book.turns[first].paragraphs[0]]
        .tokens
        .start;
    let from = paragraph.max(book.turns[first].tokens.0.saturating_sub(BEFORE));
    let named = &book.named_at[person];
    let inside = named.partition_point(|at| *at < from)
        ..named.partition_point(|at| *at < book.turns[last].tokens.1 + 20);
    let narrated = named[inside]
        .iter()
        .filter(|at| book.text.outside(**at))
        .count();
    signs.add("talk-spoken-of", 0, spoken.min(4) as f32 / 4.0);
    signs.add("talk-called", 0, called.min(3) as f32 / 3.0);
    signs.add("talk-narrated", 0, (narrated as f32).ln_1p() / 2.0);
    if narrated == 0 && book.teller != Some(person) {
        signs.add("talk-absent", usize::from(spoken > 0), 1.0);
    }
}
