//! Who talks with whom, and how much.

use std::collections::BTreeMap;

use crate::script::{Name, Script, scenes::scenes};

/// How many lines beside each other make two people half as close as can be.
const CLOSE: f32 = 4.0;

/// How much every two speakers are heard in the same scenes.
pub(super) struct Meetings(BTreeMap<(Name, Name), usize>);

impl Meetings {
    /// Counts for every two speakers of a scene the lines of the one who has fewer there.
    pub(super) fn of(script: &Script) -> Self {
        let mut lines = BTreeMap::new();
        for scene in scenes(script) {
            for (at, (one, many)) in scene.speakers.iter().enumerate() {
                for (other, few) in &scene.speakers[at + 1..] {
                    *lines.entry(pair(one, other)).or_default() += (*many).min(*few);
                }
            }
        }
        Self(lines)
    }

    /// How much two people are heard together: 0 if they never meet, near 1 if they talk all the time.
    pub(super) fn weight(&self, one: &Name, other: &Name) -> f32 {
        let lines = self.0.get(&pair(one, other)).copied().unwrap_or(0) as f32;
        lines / (lines + CLOSE)
    }
}

fn pair(one: &Name, other: &Name) -> (Name, Name) {
    let (first, second) = if one < other {
        (one, other)
    } else {
        (other, one)
    };
    (first.clone(), second.clone())
}
