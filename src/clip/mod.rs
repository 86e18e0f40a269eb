//! Recordings, kept under the hash of everything that made them.

use std::{
    fmt, fs,
    io::{ErrorKind, Read, Write},
    path::{Path, PathBuf},
    time::SystemTime,
};

use serde::Serialize;

use crate::{
    Error, Result,
    audio::{Audio, Frames, decode, draft::Draft, wav},
    speech::{Engine, Utterance},
};

/// Raise when the same key would have to give other samples.
const SCHEMA: u32 = 1;
/// A kept clip ends with the BLAKE3 hash of the WAV file before it; players ignore it.
const SEAL: usize = blake3::OUT_LEN;

/// A recorded utterance: its name in the cache, and how long it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clip {
    /// The hash of all that made it.
    pub id: ClipId,
    /// Samples a second, in Hz.
    pub rate: u32,
    /// Its length at that rate.
    pub frames: Frames,
}

/// The hash of a [`ClipKey`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClipId([u8; blake3::OUT_LEN]);

impl ClipId {
    /// The name that a hash gives.
    pub fn new(hash: blake3::Hash) -> Self {
        Self(*hash.as_bytes())
    }
}

impl fmt::Display for ClipId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl Serialize for ClipId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Everything that decides how a clip sounds, and nothing else.
#[derive(Debug, Serialize)]
pub struct ClipKey<'a> {
    schema: u32,
    engine: &'a Engine,
    utterance: Utterance<'a>,
}

impl<'a> ClipKey<'a> {
    /// The key of `utterance` as `engine` would speak it.
    pub fn new(engine: &'a Engine, utterance: Utterance<'a>) -> Self {
        Self {
            schema: SCHEMA,
            engine,
            utterance,
        }
    }

    /// The clip's name: BLAKE3 of the key's JSON.
    pub fn id(&self) -> ClipId {
        let mut hasher = blake3::Hasher::new();
        serde_json::to_writer(&mut hasher, self).expect("a key is plain data");
        ClipId::new(hasher.finalize())
    }
}

/// A folder of clips, shared by all books and safely by several processes.
///
/// A clip is one file that appears whole, by rename. What is found damaged counts as not there.
#[derive(Clone, Debug)]
pub struct ClipCache {
    root: PathBuf,
}

/// How much a cache holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    /// How many clips.
    pub clips: usize,
    /// Their size on disk in bytes.
    pub bytes: u64,
}

impl ClipCache {
    /// The cache in the folder `root`, made if it is not there.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self> {
        let root = root.into();
        fs::create_dir_all(&root).map_err(Error::write(&root))?;
        Ok(Self { root })
    }

    /// The folder it is in.
    pub fn folder(&self) -> &Path {
        &self.root
    }

    /// The clip called `id`, if it is here and its length is as its header says. Reads no samples.
    pub fn find(&self, id: ClipId) -> Option<Clip> {
        let mut file = fs::File::open(self.path(id)).ok()?;
        let mut header = [0; wav::HEADER];
        file.read_exact(&mut header).ok()?;
        let (rate, frames) = wav::read_header(&header)?;
        let whole = (wav::HEADER + SEAL) as u64 + frames.get() * wav::BYTES_PER_FRAME;
        (file.metadata().ok()?.len() == whole).then_some(Clip { id, rate, frames })
    }

    /// The samples of the clip called `id`; `None` if it is not here or damaged, which removes it.
    pub fn load(&self, id: ClipId) -> Result<Option<Audio>> {
        let path = self.path(id);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(Error::Read { path, source }),
        };
        let audio = unseal(&bytes).and_then(|sound| decode(sound).ok());
        if audio.is_none() {
            fs::remove_file(&path).map_err(Error::write(&path))?;
        }
        Ok(audio)
    }

    /// Keeps `audio` under `id`. Readers see all of it or nothing; so does a reader after a power cut.
    pub fn keep(&self, id: ClipId, audio: &Audio) -> Result<Clip> {
        let path = self.path(id);
        let folder = path.parent().expect("a clip stands in a folder");
        fs::create_dir_all(folder).map_err(Error::write(folder))?;
        let mut sealed = wav::bytes(audio).map_err(Error::write(&path))?;
        sealed.extend_from_slice(blake3::hash(&sealed).as_bytes());
        let mut draft = Draft::new(&path)?;
        draft
            .file()
            .write_all(&sealed)
            .map_err(Error::write(&path))?;
        draft.publish()?;
        Ok(Clip {
            id,
            rate: audio.rate,
            frames: audio.frames(),
        })
    }

    /// Where a process lays claim to speaking the clip called `id`.
    pub(crate) fn claim_path(&self, id: ClipId) -> PathBuf {
        self.path(id).with_extension("claim")
    }

    /// Keeps what is doubtful about the clip called `id`; nothing, if it is beyond doubt.
    pub fn note(&self, id: ClipId, doubts: &str) -> Result<()> {
        let path = self.path(id).with_extension("doubt");
        if doubts.is_empty() {
            return match fs::remove_file(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    Err(Error::write(&path)(error))
                }
                _ => Ok(()),
            };
        }
        let folder = path.parent().expect("a note stands in a folder");
        fs::create_dir_all(folder).map_err(Error::write(folder))?;
        let mut draft = Draft::new(&path)?;
        draft
            .file()
            .write_all(doubts.as_bytes())
            .map_err(Error::write(&path))?;
        draft.publish()
    }

    /// What is doubtful about the clip called `id`, if anything is.
    pub fn doubts(&self, id: ClipId) -> Option<String> {
        fs::read_to_string(self.path(id).with_extension("doubt")).ok()
    }

    /// Marks clips as used now.
    pub fn touch(&self, ids: impl Iterator<Item = ClipId>) {
        let now = SystemTime::now();
        for id in ids {
            // Only what goes first when room is needed depends on it.
            let _ = fs::File::open(self.path(id)).and_then(|file| file.set_modified(now));
        }
    }

    /// Removes clips, those that were not used for longest first, until there are at most `most` bytes; those that
    /// `keep` wants stay. Says what went.
    pub fn bound(&self, most: u64, keep: &dyn Fn(ClipId) -> bool) -> Result<Holdings> {
        let mut files = Vec::new();
        self.each(|path, bytes| {
            let used = path.metadata().and_then(|data| data.modified());
            files.push((
                used.unwrap_or(SystemTime::UNIX_EPOCH),
                path.to_path_buf(),
                bytes,
            ));
            Ok(())
        })?;
        let mut held: u64 = files.iter().map(|(.., bytes)| bytes).sum();
        let mut gone = Holdings::default();
        files.sort();
        for (_, path, bytes) in files {
            if held <= most {
                break;
            }
            if !id_of(&path).is_some_and(keep) {
                fs::remove_file(&path).map_err(Error::write(&path))?;
                held -= bytes;
                gone.bytes += bytes;
                gone.clips += usize::from(path.extension().is_some_and(|e| e == "wav"));
            }
        }
        Ok(gone)
    }

    /// How much there is.
    pub fn holdings(&self) -> Result<Holdings> {
        let mut holdings = Holdings::default();
        self.each(|path, bytes| {
            holdings.clips += usize::from(path.extension().is_some_and(|e| e == "wav"));
            holdings.bytes += bytes;
            Ok(())
        })?;
        Ok(holdings)
    }

    /// Removes every clip, and what unfinished writes left behind. Says how much there was.
    pub fn clean(&self) -> Result<Holdings> {
        let holdings = self.holdings()?;
        self.each(|path, _| fs::remove_file(path).map_err(Error::write(path)))?;
        Ok(holdings)
    }

    fn each(&self, mut visit: impl FnMut(&Path, u64) -> Result<()>) -> Result<()> {
        let list = |folder: &Path| -> Result<Vec<fs::DirEntry>> {
            let entries = fs::read_dir(folder).map_err(Error::read(folder))?;
            entries
                .collect::<Result<_, _>>()
                .map_err(Error::read(folder))
        };
        for folder in list(&self.root)?
            .iter()
            .map(fs::DirEntry::path)
            .filter(|p| p.is_dir())
        {
            for entry in list(&folder)? {
                let path = entry.path();
                let bytes = entry.metadata().map_err(Error::read(&path))?.len();
                visit(&path, bytes)?;
            }
        }
        Ok(())
    }

    /// Clips are spread over 256 folders, since some systems slow down with many files in one.
    fn path(&self, id: ClipId) -> PathBuf {
        let name = id.to_string();
        self.root.join(&name[..2]).join(format!("{name}.wav"))
    }
}

/// The clip that a file of the cache belongs to.
fn id_of(path: &Path) -> Option<ClipId> {
    let hash = blake3::Hash::from_hex(path.file_stem()?.to_str()?).ok()?;
    Some(ClipId::new(hash))
}

/// The WAV file in a kept clip, if its seal is right.
fn unseal(bytes: &[u8]) -> Option<&[u8]> {
    let (sound, seal) = bytes.split_at_checked(bytes.len().checked_sub(SEAL)?)?;
    (blake3::hash(sound).as_bytes() == seal).then_some(sound)
}
