//! What counts of the assistant's answer: numbers that were asked, with names that were offered.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{super::Name, Labels, batch::Batch};

/// How many sure lines make a test.
const TEST: usize = 3;

#[derive(Deserialize)]
struct Completion {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    message: Message,
}

#[derive(Deserialize)]
struct Message {
    content: Option<String>,
}

/// The names in an answer's body. Numbers that were not asked and names that were not offered are left out.
///
/// # Errors
/// In plain words: no answer of that kind, no name that counts, or names that stand against what we are sure of.
pub(super) fn labels(body: &str, batch: &Batch) -> Result<Labels, String> {
    let completion: Completion = serde_json::from_str(body)
        .map_err(|_| "what it sent is no answer of a language model".to_owned())?;
    let content = (completion.choices.into_iter().next())
        .and_then(|choice| choice.message.content)
        .ok_or("its answer is empty")?;
    let object = object(&content).ok_or("its answer holds no list of names")?;
    let labels: Labels = object
        .iter()
        .filter_map(|(number, name)| {
            let number = number.trim().parse::<usize>().ok()?;
            let asked = (1..=batch.lines.len()).contains(&number);
            Some((number, offered(batch, name.as_str()?)?)).filter(|_| asked)
        })
        .collect();
    if labels.is_empty() {
        return Err("its answer names nobody who was offered".into());
    }
    if contradicts(batch, &labels) {
        return Err("its answer stands against what the story says outright".into());
    }
    Ok(labels)
}

/// The JSON object in a text that may stand round it.
fn object(content: &str) -> Option<Map<String, Value>> {
    let (start, end) = (content.find('{')?, content.rfind('}')?);
    serde_json::from_str(content.get(start..=end)?).ok()
}

/// The canonical name of one who was offered, by that name or another.
pub(super) fn offered(batch: &Batch, name: &str) -> Option<Name> {
    let wanted = name.trim().to_lowercase();
    let is = |known: &str| known.to_lowercase() == wanted;
    let by_name = batch.speakers.iter().find(|(name, _)| is(name.as_str()));
    let by_alias = || {
        let mut found =
            (batch.speakers.iter()).filter(|(_, aliases)| aliases.iter().any(|alias| is(alias)));
        // A name that two share tells nothing.
        found.next().filter(|_| found.next().is_none())
    };
    by_name.or_else(by_alias).map(|(name, _)| name.clone())
}

/// Whether most of the lines that we are sure of are given to others: then it has not understood.
fn contradicts(batch: &Batch, labels: &Labels) -> bool {
    let tested: Vec<bool> = (batch.sure.iter())
        .filter_map(|(number, name)| Some(labels.get(number)? == name))
        .collect();
    let right = tested.iter().filter(|right| **right).count();
    tested.len() >= TEST && right * 2 < tested.len()
}
