//! What of a story is wanted for a preview.

use std::{collections::BTreeSet, ops::RangeInclusive};

use super::Production;
use crate::{
    Error, Result, cast,
    record::Selection,
    script::scenes::{Scene, scenes},
};

impl Production {
    /// The lines of scene `number`, counted from 1 as `fullcast scenes` does.
    pub fn scene(&self, number: usize) -> Result<Selection> {
        let scenes = scenes(&self.script);
        let index = within(number, scenes.len(), "scene")?;
        let Scene { lines, .. } = &scenes[index];
        Ok(Selection::Lines(lines.clone().collect()))
    }

    /// The lines of chapter `number`, counted from 1.
    pub fn chapter(&self, number: usize) -> Result<Selection> {
        let index = within(number, self.script.chapters.len(), "chapter")?;
        Ok(Selection::Chapters(index..=index))
    }

    /// The lines `range`, counted from 1 as `fullcast script --format jsonl` does.
    pub fn lines(&self, range: &RangeInclusive<usize>) -> Result<Selection> {
        let count = self.script.lines.len();
        let first = within(*range.start(), count, "line")?;
        let last = within(*range.end(), count, "line")?;
        Ok(Selection::Lines((first..=last).collect()))
    }

    /// Everything that the character called `name` says; an alias finds its character.
    pub fn said_by(&self, name: &str) -> Result<Selection> {
        let speaker = cast::find(&self.script, name)?;
        let lines = self.script.lines.iter().enumerate();
        let own: BTreeSet<usize> = lines
            .filter(|(_, line)| line.speaker == speaker)
            .map(|(index, _)| index)
            .collect();
        Ok(Selection::Lines(own))
    }
}

/// `number` counted from 0, if there are so many.
fn within(number: usize, count: usize, what: &str) -> Result<usize> {
    if (1..=count).contains(&number) {
        return Ok(number - 1);
    }
    let some = if count == 1 { "" } else { "s" };
    Err(Error::invalid(
        format!("there is no {what} {number}"),
        format!("the story has {count} {what}{some}, counted from 1"),
    ))
}
