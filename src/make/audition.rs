//! A character's most telling lines in the best few voices: one file each, and one with all of them announced.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use super::{Means, Production, folder_of, parts, write};
use crate::{
    Error, Result,
    cast::{self, Cast, Role},
    clip::ClipCache,
    export::{Book, RATE},
    folders::plain_name,
    mix,
    record::{Plan, Recording, Selection, Take},
    script::{self, Kind, Line, Name, Pause, Script},
    story::Span,
};

/// How many lines each candidate speaks.
const LINES: usize = 4;
/// The kind of file.
const EXTENSION: &str = "wav";

/// Everything an audition needs before a voice is loaded.
#[derive(Clone, Debug)]
pub struct Audition {
    /// Whose voice is sought.
    pub name: Name,
    /// The lines, as indices into the script.
    pub lines: Vec<usize>,
    /// The voices, the present one first.
    pub candidates: Vec<Candidate>,
    /// What recording all of it will take.
    pub plan: Plan,
    /// The file with all candidates.
    pub joined: PathBuf,
}

/// One voice that is tried.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The voice, and why it is tried.
    pub role: Role,
    /// Its file.
    pub path: PathBuf,
    /// The announcement's utterances, then the lines'.
    takes: Vec<Take>,
    /// How many of them are the announcement's.
    announced: usize,
}

impl Production {
    /// Plans an audition of the `count` best voices for the character called `name`, to be written into `folder`.
    ///
    /// # Errors
    ///
    /// Nobody is called so, or they have nothing to say.
    pub fn audition(
        &self,
        cast: &Cast,
        name: &str,
        count: usize,
        folder: &Path,
        cache: &ClipCache,
    ) -> Result<Audition> {
        let name = cast::find(&self.script, name)?;
        let lines = script::telling::telling(&self.script, &name, LINES);
        if lines.is_empty() {
            return Err(Error::invalid(
                format!("{name} has no line to speak"),
                "`fullcast script` shows who says what",
            ));
        }
        let roles = cast::candidates(&self.script, &self.voices()?, cast, &name, count.max(1));
        let mut plan = Plan::default();
        let mut candidates = Vec::new();
        let file =
            |end: &str| folder.join(format!("{}{end}.{EXTENSION}", plain_name(name.as_str())));
        for (number, role) in roles.into_iter().enumerate() {
            let tried = cast.with(&name, role.clone());
            let script = self.tried(&lines, &announcement(number + 1, &role.card));
            let plan_of = |cast: &Cast, wanted: BTreeSet<usize>| {
                let recording = Recording {
                    script: &script,
                    cast,
                    studio: &self.studio,
                    cache,
                    delivery: self.config.speech.delivery,
                };
                recording.plan(&Selection::Lines(wanted))
            };
            let mut own = plan_of(cast, BTreeSet::from([0]))?;
            let announced = own.takes.len();
            own.extend(plan_of(&tried, (1..script.lines.len()).collect())?);
            candidates.push(Candidate {
                path: file(&format!("-{}-{}", number + 1, plain_name(&role.card))),
                role,
                takes: own.takes.clone(),
                announced,
            });
            plan.extend(own);
        }
        Ok(Audition {
            joined: file(""),
            name,
            lines,
            candidates,
            plan,
        })
    }

    /// Speaks what the audition lacks, and writes its files; all of them stand in a folder that is made if need be.
    pub fn hold(&self, audition: &Audition, means: &Means<'_>) -> Result<()> {
        let Means {
            cache, observer, ..
        } = *means;
        let folder = folder_of(&audition.joined);
        fs::create_dir_all(folder).map_err(Error::write(folder))?;
        let mut plan = audition.plan.clone();
        let measured = self.record(&mut plan, means)?;
        let save = |title: String, takes: &[Take], output: &Path| -> Result<()> {
            let parts = parts(takes, &plan.clips, &measured);
            let timeline = mix::arrange(&parts, &[None], &self.config.pacing, RATE);
            let book = Book {
                title,
                ..Book::default()
            };
            write(&book, &timeline, cache, output, observer).map(|_| ())
        };
        for candidate in &audition.candidates {
            let title = format!("{} as {}", candidate.role.card, audition.name);
            save(
                title,
                &candidate.takes[candidate.announced..],
                &candidate.path,
            )?;
        }
        let all: Vec<Take> = audition
            .candidates
            .iter()
            .flat_map(|c| c.takes.clone())
            .collect();
        save(
            format!("{}: audition", audition.name),
            &all,
            &audition.joined,
        )
    }

    /// The announcement, then the lines, in one chapter; a pause of a scene at the end.
    fn tried(&self, lines: &[usize], announcement: &str) -> Script {
        let mut tried = vec![Line {
            chapter: 0,
            scene: 0,
            speaker: Name::narrator(),
            kind: Kind::Narration,
            direction: None,
            span: Span { start: 0, end: 0 },
            text: announcement.into(),
            pause: Pause::Paragraph,
            certainty: 1.0,
            why: String::new(),
            rival: None,
        }];
        tried.extend(lines.iter().map(|line| Line {
            chapter: 0,
            pause: Pause::Paragraph,
            ..self.script.lines[*line].clone()
        }));
        let last = tried.last_mut().expect("the announcement is there");
        last.pause = Pause::Scene;
        Script {
            lines: tried,
            ..self.script.clone()
        }
    }
}

/// What is said before a candidate's lines: `Number two. Emma.`
fn announcement(number: usize, card: &str) -> String {
    let letters = |part: &str| {
        part.chars()
            .filter(|c| c.is_alphabetic())
            .collect::<String>()
    };
    let capital = |word: String| {
        let mut letters = word.chars();
        letters.next().map_or(String::new(), |first| {
            first.to_uppercase().chain(letters).collect()
        })
    };
    // `af_heart*0.7+bf_emma*0.3@0.9` is Heart and Emma.
    let voices = card.split('@').next().unwrap_or(card).split(['+', '/']);
    let names: Vec<String> = voices
        .map(|voice| capital(letters(voice.rsplit('_').next().unwrap_or(voice))))
        .collect();
    format!("Number {number}. {}.", names.join(" and "))
}

#[cfg(test)]
mod tests {
    use super::announcement;

    #[test]
    fn a_voice_is_announced_by_its_name() {
        assert_eq!(announcement(1, "bm_george"), "Number 1. George.");
        assert_eq!(
            announcement(2, "af_heart*0.7+bf_emma*0.3@0.9"),
            "Number 2. Heart and Emma."
        );
        assert_eq!(announcement(3, "grandpa"), "Number 3. Grandpa.");
    }
}
