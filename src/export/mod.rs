//! Writes a book as one chaptered file.

mod m4b;
mod mp3;
mod wav;

use std::path::{Path, PathBuf};

use crate::{
    Error, Result,
    audio::{Audio, Frames, draft},
    clip::ClipId,
    mix::{self, Timeline},
};

/// The rate that every format can be written at, in Hz.
pub const RATE: u32 = 44_100;

/// The kinds of file a book can become, the first being the one to choose where nothing is said.
pub const FORMATS: &[Format] = &[m4b::FORMAT, mp3::FORMAT, wav::FORMAT];

/// A kind of file.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// Its name, which is also the end of its files' names.
    pub extension: &'static str,
    /// Begins a file.
    open: for<'a> fn(&Path, &'a Edition<'a>) -> Result<Box<dyn Encoder + 'a>>,
}

impl Format {
    /// The format that the end of a file's name asks for, in small or capital letters.
    pub fn of(path: &Path) -> Result<&'static Self> {
        let extension = path.extension().and_then(|extension| extension.to_str());
        FORMATS
            .iter()
            .find(|format| extension.is_some_and(|e| e.eq_ignore_ascii_case(format.extension)))
            .ok_or_else(|| unknown(path))
    }
}

/// Takes a book's samples and makes a file of them.
///
/// # For implementers
///
/// Nothing may stand at the file's place before [`Encoder::finish`], nor anything else beside it if the program
/// is killed before. Equal samples must give equal bytes.
trait Encoder {
    /// Takes the next samples, at the book's rate.
    fn write(&mut self, samples: &[f32]) -> Result<()>;

    /// Completes the file and gives it its name.
    fn finish(self: Box<Self>) -> Result<()>;
}

/// What a library shows of a finished book.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// The title.
    pub title: String,
    /// Who wrote it.
    pub author: Option<String>,
    /// Who reads it, in one line.
    pub narrator: Option<String>,
    /// The year it came out.
    pub year: Option<u16>,
    /// Its picture.
    pub cover: Option<Cover>,
}

/// A picture that players can show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    image: Image,
    bytes: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Image {
    Jpeg,
    Png,
}

impl Cover {
    /// The largest picture that players are known to bear, in bytes.
    const LARGEST: usize = 10 << 20;

    /// Takes the bytes of a JPEG or PNG file, known by how they begin.
    pub fn new(bytes: Vec<u8>) -> Result<Self> {
        let image = match bytes.as_slice() {
            [0xff, 0xd8, 0xff, ..] => Image::Jpeg,
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Image::Png,
            _ => {
                return Err(Error::invalid(
                    "the cover is neither a JPEG nor a PNG picture",
                    "save the picture as JPEG, square and about 1400 pixels wide",
                ));
            }
        };
        if bytes.len() > Self::LARGEST {
            return Err(Error::invalid(
                format!("the cover has {} MiB, more than 10", bytes.len() >> 20),
                "save the picture as JPEG, square and about 1400 pixels wide",
            ));
        }
        Ok(Self { image, bytes })
    }
}

/// A book on its way into a file.
struct Edition<'a> {
    book: &'a Book,
    chapters: Vec<Chapter>,
    rate: u32,
    length: Frames,
}

/// A chapter as players list it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Chapter {
    title: String,
    start: Frames,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Where.
    pub path: PathBuf,
    /// The file's size.
    pub bytes: u64,
    /// How long the book is, in frames at `rate`.
    pub length: Frames,
    /// Samples a second, in Hz.
    pub rate: u32,
    /// Chapters in the file's list.
    pub chapters: usize,
    /// What the listener ought to know about the file.
    pub notes: Vec<String>,
}

/// Renders a timeline into the file `path`, in the format its name asks for.
///
/// `load` gives a clip, as for [`mix::render`]; `progress` hears after each step how much of the book is done.
/// The file appears whole or not at all, and its bytes depend on the book, the timeline and the clips alone.
pub fn write(
    book: &Book,
    timeline: &Timeline,
    load: &dyn Fn(ClipId) -> Result<Audio>,
    path: &Path,
    progress: &mut dyn FnMut(Frames),
) -> Result<Written> {
    let format = Format::of(path)?;
    let edition = Edition {
        book,
        chapters: chapters(book, timeline),
        rate: timeline.rate,
        length: timeline.length,
    };
    let listed = edition.chapters.len();
    let mut encoder = (format.open)(path, &edition)?;
    let mut done = Frames::ZERO;
    mix::render(timeline, load, &mut |samples| {
        encoder.write(samples)?;
        done += Frames::new(samples.len() as u64);
        progress(done);
        Ok(())
    })?;
    encoder.finish()?;
    Ok(Written {
        path: path.to_path_buf(),
        bytes: path.metadata().map_err(Error::write(path))?.len(),
        length: timeline.length,
        rate: timeline.rate,
        chapters: listed,
        notes: notes(format, listed),
    })
}

/// Finds out before the long work whether [`write()`] could write `path`: its format is known, its folder can be
/// written, and no folder has its name. Leaves nothing behind.
pub fn ready(path: &Path) -> Result<()> {
    Format::of(path)?;
    if path.is_dir() {
        return Err(Error::invalid(
            format!("`{}` is a folder", path.display()),
            "give the name of a file, such as `-o book.m4b`",
        ));
    }
    draft::spool(path).map(drop)
}

/// The chapters with titles to show: a book without chapters is one that has the book's title.
fn chapters(book: &Book, timeline: &Timeline) -> Vec<Chapter> {
    let alone = timeline.marks.len() < 2;
    let mut chapters: Vec<Chapter> = timeline
        .marks
        .iter()
        .enumerate()
        .map(|(index, mark)| Chapter {
            title: match mark.title.as_deref().map(str::trim) {
                Some(title) if !title.is_empty() => title.to_owned(),
                _ if alone => book.title.clone(),
                _ => format!("Chapter {}", index + 1),
            },
            start: mark.start,
        })
        .collect();
    if chapters.is_empty() {
        chapters.push(Chapter {
            title: book.title.clone(),
            start: Frames::ZERO,
        });
    }
    chapters
}

fn notes(format: &Format, chapters: usize) -> Vec<String> {
    let mut notes = Vec::new();
    if format.extension == m4b::FORMAT.extension && chapters > m4b::LISTED {
        notes.push(format!(
            "{chapters} chapters: the list for older players holds {} and is left out",
            m4b::LISTED
        ));
    }
    notes
}

fn unknown(path: &Path) -> Error {
    let known: Vec<String> = FORMATS
        .iter()
        .map(|format| format!("`.{}`", format.extension))
        .collect();
    let (last, others) = known.split_last().expect("there are formats");
    Error::invalid(
        format!("`{}` does not end in a format's name", path.display()),
        format!("end the file's name in {} or {last}", others.join(", ")),
    )
}
