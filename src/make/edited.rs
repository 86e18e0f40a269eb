//! The edited script of a story: where it lies, what it says, and where a new one is kept.

use std::{
    ffi::OsStr,
    fs,
    io::Write as _,
    path::{Component, Path, PathBuf},
};

use crate::{
    Error, Result,
    audio::draft::Draft,
    script::{
        Script,
        page::{self, Complaint, Page},
    },
    story::Story,
};

/// A script's file and its page.
pub(super) struct Edited {
    pub(super) path: PathBuf,
    page: Page,
}

/// Whether `path` is named as a script.
pub(super) fn is_script(path: &Path) -> bool {
    path.extension()
        .is_some_and(|end| end.eq_ignore_ascii_case(page::EXTENSION))
        && !path.is_dir()
}

/// The script at `path`, and the story that it names.
pub(super) fn open(path: &Path) -> Result<(Edited, PathBuf)> {
    let edited = read(path)?;
    let Some(story) = edited.story() else {
        return Err(Error::invalid(
            format!("{}:1:1: the script names no story", path.display()),
            "write `Story: FILE` above the cast list, the file's name relative to the script",
        ));
    };
    if !story.is_file() {
        return Err(Error::invalid(
            format!(
                "{}: the story `{}` is not there",
                path.display(),
                story.display()
            ),
            "write the story's file after `Story:`, relative to the script",
        ));
    }
    Ok((edited, story))
}

/// The script beside `story`, if there is one that belongs to it; a note if there is one that does not.
pub(super) fn beside(story: &Path) -> Result<(Option<Edited>, Option<String>)> {
    let path = story.with_extension(page::EXTENSION);
    if path == story || !path.is_file() {
        return Ok((None, None));
    }
    let edited = read(&path)?;
    let other = edited.story().filter(|named| !same(named, story));
    Ok(match other {
        Some(other) => {
            let (path, other) = (path.display(), other.display());
            (
                None,
                Some(format!(
                    "`{path}` is the script of `{other}` and is left alone"
                )),
            )
        }
        None => (Some(edited), None),
    })
}

fn same(one: &Path, other: &Path) -> bool {
    matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}

fn read(path: &Path) -> Result<Edited> {
    let bytes = fs::read(path).map_err(Error::read(path))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let row = error.as_bytes()[..valid]
            .split(|byte| *byte == b'\n')
            .count();
        Error::invalid(
            format!("{}:{row}: this is not text in UTF-8", path.display()),
            "save the script as UTF-8",
        )
    })?;
    let page = page::parse(&text).map_err(|complaints| refused(path, &complaints))?;
    let path = path.to_path_buf();
    Ok(Edited { path, page })
}

impl Edited {
    /// The story it names, from where the program stands.
    fn story(&self) -> Option<PathBuf> {
        let file = &self.page.source()?.file;
        Some(super::source::folder_of(&self.path).join(file)).filter(|_| !file.is_empty())
    }

    /// The script of `story` with all that the page says, and what the reader ought to know of it.
    pub(super) fn apply(&self, story: &Story, automatic: &Script) -> Result<(Script, Vec<String>)> {
        let edited =
            page::apply(&self.page, story, automatic).map_err(|c| refused(&self.path, &c))?;
        let path = self.path.display();
        let mut notes = vec![format!("the edited script `{path}` says who speaks")];
        if !edited.notes.is_empty() {
            notes.push(format!(
                "the story was changed since `{path}` was written; `fullcast script {path} -o {path}` writes it anew"
            ));
        }
        notes.extend(edited.notes);
        Ok((edited.script, notes))
    }
}

/// All complaints in one error, each with its place.
fn refused(path: &Path, complaints: &[Complaint]) -> Error {
    let place = |one: &Complaint| {
        format!(
            "{}:{}:{}: {}",
            path.display(),
            one.row,
            one.column,
            one.message
        )
    };
    let places: Vec<String> = complaints.iter().map(place).collect();
    let count = match complaints.len() {
        1 => "this place".to_owned(),
        several => format!("these {several} places"),
    };
    Error::invalid(
        places.join("\n"),
        format!("mend {count}, or move the script away to start again from the story"),
    )
}

/// Writes `text` to `path`, whole or not at all, and never over `story`.
///
/// # Errors
/// `path` is the story itself, or cannot be written.
pub fn keep(text: &str, story: &Path, path: &Path) -> Result<()> {
    if same(story, path) {
        return Err(Error::invalid(
            format!("`{}` is the story itself", path.display()),
            "choose another name with `-o`, such as one that ends in `.script`",
        ));
    }
    let mut draft = Draft::new(path)?;
    let file = draft.file();
    file.write_all(text.as_bytes())
        .map_err(Error::write(path))?;
    draft.publish()
}

/// The name of `story` as seen from the folder of `path`, with `/` between its parts.
pub fn relative(story: &Path, path: &Path) -> String {
    let folder = super::source::folder_of(path);
    let (Ok(story), Ok(folder)) = (fs::canonicalize(story), fs::canonicalize(folder)) else {
        return story.display().to_string();
    };
    let (to, from) = (parts(&story), parts(&folder));
    let shared = to
        .iter()
        .zip(&from)
        .take_while(|(one, other)| one == other)
        .count();
    let up = from[shared..].iter().map(|_| "..".to_owned());
    let down = to[shared..]
        .iter()
        .map(|part| part.to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

fn parts(path: &Path) -> Vec<&OsStr> {
    path.components().map(Component::as_os_str).collect()
}
