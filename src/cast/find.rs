//! Who is meant by a name that people typed.

use crate::{
    Error, Result,
    error::nearest,
    script::{Name, Script},
};

/// The speaker called `name`: the narrator, a character by the canonical name, or else by an alias; case is ignored.
///
/// # Errors
///
/// Nobody is called so; the hint names the nearest.
pub fn find(script: &Script, name: &str) -> Result<Name> {
    speaker(script, name).ok_or_else(|| {
        let message = format!("nobody called `{name}` speaks in this story");
        Error::invalid(message, known_characters(script, name))
    })
}

pub(super) fn known_characters(script: &Script, meant: &str) -> String {
    let others = || script.characters.iter().filter(|c| !c.name.is_narrator());
    let names = || std::iter::once("Narrator").chain(others().map(|c| c.name.as_str()));
    let aliases = others().flat_map(|c| c.aliases.iter().map(String::as_str));
    match nearest(meant, names().chain(aliases)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "those who speak are {}",
            names().collect::<Vec<_>>().join(", ")
        ),
    }
}

/// The same, or nobody.
pub(super) fn speaker(script: &Script, name: &str) -> Option<Name> {
    let same = |other: &str| other.to_lowercase() == name.to_lowercase();
    let narrator = Name::narrator();
    if same(narrator.as_str()) {
        return Some(narrator);
    }
    let characters = || script.characters.iter();
    (characters().find(|c| same(c.name.as_str())))
        .or_else(|| characters().find(|c| c.aliases.iter().any(|alias| same(alias))))
        .map(|character| character.name.clone())
}
