//! How fast this machine speaks: measured at every longer recording, so that a dry run can tell how long one takes.

use std::{collections::BTreeMap, fs, io::Write as _};

use crate::{Result, audio::draft::Draft, clip::ClipCache, speech::Engine};

/// The file beside the clips.
const FILE: &str = "pace.json";
/// Recordings shorter than this, in seconds of sound, tell little.
const ENOUGH: f64 = 10.0;

/// Seconds of work for a second of sound by `engine` on this machine, as last measured; `None` before the first recording.
pub fn pace(cache: &ClipCache, engine: &Engine) -> Option<f64> {
    let pace = all(cache).remove(&engine.name)?;
    (pace.is_finite() && pace > 0.0).then_some(pace)
}

/// Keeps what a recording of `sound` seconds took in seconds of `work`. A short one is forgotten.
pub fn keep_pace(cache: &ClipCache, engine: &Engine, work: f64, sound: f64) -> Result<()> {
    if sound < ENOUGH {
        return Ok(());
    }
    let mut paces = all(cache);
    paces.insert(engine.name.clone(), work / sound);
    let path = cache.folder().join(FILE);
    let mut draft = Draft::new(&path)?;
    let text = serde_json::to_vec(&paces).expect("numbers by name are plain data");
    draft
        .file()
        .write_all(&text)
        .map_err(crate::Error::write(&path))?;
    draft.publish()
}

/// All that was measured, by the engine's name; a file that is damaged counts as none.
fn all(cache: &ClipCache) -> BTreeMap<String, f64> {
    let bytes = fs::read(cache.folder().join(FILE)).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_long_recording_tells_and_each_engine_has_its_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = ClipCache::open(folder.path()).expect("a cache");
        let engine = |name: &str| Engine {
            name: name.into(),
            version: "1".into(),
        };
        let (slow, fast) = (engine("slow"), engine("fast"));
        assert_eq!(pace(&cache, &slow), None);
        keep_pace(&cache, &slow, 30.0, 60.0).expect("kept");
        keep_pace(&cache, &slow, 9.0, 3.0).expect("too short to tell");
        keep_pace(&cache, &fast, 6.0, 60.0).expect("kept");
        assert_eq!(pace(&cache, &slow), Some(0.5));
        assert_eq!(pace(&cache, &fast), Some(0.1));
        fs::write(folder.path().join(FILE), "junk").expect("written");
        assert_eq!(pace(&cache, &slow), None);
    }
}
