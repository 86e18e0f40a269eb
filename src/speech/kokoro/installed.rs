//! The embedded voice out of its installed pack.

use std::{collections::BTreeMap, path::Path};

use super::Kokoro;
use crate::{
    Result,
    event::Observer,
    speech::Engine,
    voice::{self, Pack},
};

const MODEL: &str = "kokoro-v1.0.int8.onnx";
const UNKNOWN_WORDS: &str = "oov_bart_en_us.npz";

/// The engine that [`open`] gives, known without loading it.
pub(in crate::speech) fn engine() -> Engine {
    Kokoro::engine_of(&weights())
}

/// Loads the voice pack in `home`, after bringing in what of it is missing.
pub(in crate::speech) fn open(home: &Path, observer: &dyn Observer) -> Result<Kokoro> {
    let pack = Pack::kokoro();
    let complete = voice::open(pack, home)?.filter(voice::InstalledPack::is_complete);
    let installed = match complete {
        Some(installed) => installed,
        None => voice::install(pack, home, None, observer)?,
    };
    let styles = |voice: &String| {
        let bytes = installed.read(&format!("voices/{voice}.bin"))?;
        Ok((voice.clone(), bytes))
    };
    let voices: BTreeMap<_, _> = pack.voices().iter().map(styles).collect::<Result<_>>()?;
    Kokoro::load(
        installed.read(MODEL)?,
        &installed.read(UNKNOWN_WORDS)?,
        voices,
        &weights(),
    )
}

/// A short name for the pack's files: a hash of their hashes.
fn weights() -> String {
    let mut hasher = blake3::Hasher::new();
    for file in Pack::kokoro().files() {
        hasher.update(file.sha256.as_bytes());
    }
    format!("kokoro-v1.0 {}", &hasher.finalize().to_hex()[..16])
}
