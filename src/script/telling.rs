//! The lines that tell most of how a voice suits a character.

use super::{Kind, Name, Script};
use crate::language::{Ending, ending};

/// The length that tells most, in characters: a long sentence or two short ones.
const LENGTH: f32 = 110.0;
/// What it costs a line that another like it was chosen already.
const AGAIN: f32 = 0.35;

/// At most `count` lines of `name`, as indices into the script, in its order: long enough to hear the voice and short
/// enough to compare, surely theirs, and different from each other: asked, cried out, whispered, calm, early and late.
pub fn telling(script: &Script, name: &Name, count: usize) -> Vec<usize> {
    let lines = script.lines.iter().enumerate();
    let mut left: Vec<(usize, f32, Kinds)> = lines
        .filter(|(_, line)| line.speaker == *name)
        .filter(|(_, line)| matches!(line.kind, Kind::Speech | Kind::Narration))
        .filter(|(_, line)| line.text.chars().any(char::is_alphanumeric))
        .map(|(index, line)| {
            let length = line.text.chars().count() as f32;
            let fit = (length / LENGTH).min(LENGTH / length);
            let directed = if line.direction.is_some() { 0.3 } else { 0.0 };
            (index, fit + directed + line.certainty, kinds(line))
        })
        .collect();
    let mut chosen: Vec<(usize, Kinds)> = Vec::new();
    while chosen.len() < count && !left.is_empty() {
        let worth = |(_, worth, kinds): &(usize, f32, Kinds)| {
            let again = chosen.iter().map(|(_, other)| kinds.alike(other));
            worth - AGAIN * again.sum::<f32>()
        };
        let mut best = 0;
        for at in 1..left.len() {
            if worth(&left[at]) > worth(&left[best]) {
                best = at;
            }
        }
        let (index, _, kinds) = left.swap_remove(best);
        left.sort_by_key(|(index, ..)| *index);
        chosen.push((index, kinds));
    }
    let mut lines: Vec<usize> = chosen.into_iter().map(|(index, _)| index).collect();
    lines.sort_unstable();
    lines
}

/// What a line is like.
struct Kinds {
    mark: Option<char>,
    ending: Ending,
    direction: Option<super::Direction>,
    scene: usize,
}

impl Kinds {
    /// How much two lines are alike.
    fn alike(&self, other: &Self) -> f32 {
        let same = |same: bool| if same { 1.0 } else { 0.0 };
        same(self.mark == other.mark && self.ending == other.ending)
            + same(self.direction == other.direction)
            + 0.5 * same(self.scene == other.scene)
    }
}

fn kinds(line: &super::Line) -> Kinds {
    let mark = line
        .text
        .chars()
        .rev()
        .find(|c| matches!(c, '?' | '!' | '.'));
    Kinds {
        mark,
        ending: ending(&line.text),
        direction: line.direction,
        scene: line.scene,
    }
}
