//! What tests of voice packs begin with: a manifest, a home, sources, an ear for events.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    sync::Mutex,
    time::Duration,
};

use fullcast::{
    Error,
    event::{Event, Observer},
    voice::{self, InstalledPack, Means, Pack},
};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// The source of a file that lies in two wheels.
pub(super) const MODEL_IN_WHEELS: &str = r#"{ pip = [
    { package = "big-model-1==0.1.0", size = 30000, member = "big_model_1/part.bin" },
    { package = "big-model-2==0.1.0", size = 40000, member = "big_model_2/part.bin" },
] }"#;
/// The source of a voice that lies in an npm package.
pub(super) const VOICE_IN_TARBALL: &str =
    r#"{ npm = [{ package = "choir-js@1.2.1", size = 3000, member = "package/voices/{file}" }] }"#;

/// Remembers all events as JSON.
#[derive(Default)]
pub(super) struct Listener(pub(super) Mutex<Vec<serde_json::Value>>);

impl Observer for Listener {
    fn on(&self, event: &Event<'_>) {
        let event = serde_json::to_value(event).unwrap();
        self.0.lock().unwrap().push(event);
    }
}

impl Listener {
    /// One field of all events of a kind.
    pub(super) fn heard(&self, event: &str, field: &str) -> Vec<String> {
        let events = self.0.lock().unwrap();
        let of_kind = events.iter().filter(|found| found["event"] == event);
        of_kind
            .map(|found| found[field].to_string().trim_matches('"').to_owned())
            .collect()
    }
}

/// A manifest, a home and means to install: what most tests begin with.
pub(super) struct Scene {
    pub(super) home: TempDir,
    pub(super) manifest: String,
    pub(super) means: Means,
    pub(super) from: Option<PathBuf>,
    pub(super) heard: Listener,
}

impl Scene {
    pub(super) fn new() -> Self {
        Self {
            home: TempDir::new().unwrap(),
            manifest: "name = \"choir\"\nabout = \"a test\"\n".to_owned(),
            means: Means {
                stall: Duration::from_secs(6),
                pip: Vec::new(),
                npm: Vec::new(),
                ..Means::default()
            },
            from: None,
            heard: Listener::default(),
        }
    }

    /// Adds a file with its sources as the manifest writes them.
    pub(super) fn file(mut self, name: &str, bytes: &[u8], sources: &[&str]) -> Self {
        let (size, hash, sources) = (bytes.len(), hash(bytes), sources.join(", "));
        let more = [
            "[[files]]".to_owned(),
            format!("name = \"{name}\""),
            format!("size = {size}"),
            format!("sha256 = \"{hash}\""),
            "licence = \"MIT\"".to_owned(),
            format!("sources = [{sources}]\n"),
        ];
        self.manifest += &more.join("\n");
        self
    }

    pub(super) fn from(mut self, folder: &Path) -> Self {
        self.from = Some(folder.to_owned());
        self
    }

    pub(super) fn pack(&self) -> Pack {
        Pack::from_toml(&self.manifest).unwrap()
    }

    pub(super) fn folder(&self) -> PathBuf {
        self.home.path().join("packs/choir")
    }

    pub(super) fn incoming(&self) -> PathBuf {
        self.home.path().join("packs/choir.incoming")
    }

    pub(super) fn try_install(&self) -> Result<InstalledPack, Error> {
        let from = self.from.as_deref();
        voice::install_by(
            &self.means,
            &self.pack(),
            self.home.path(),
            from,
            &self.heard,
        )
    }

    pub(super) fn install(&self) -> InstalledPack {
        let installed = self.try_install().unwrap();
        assert_eq!(installed.missing().len(), 0);
        assert!(installed.is_complete());
        assert!(!self.incoming().exists(), "nothing but the pack must stay");
        installed
    }

    pub(super) fn failure(&self) -> (String, String) {
        match self.try_install() {
            Err(Error::Invalid { message, hint }) => (message, hint),
            other => panic!("expected an error with a hint, got {other:?}"),
        }
    }

    /// What a killed installation left of a file.
    pub(super) fn leave_part(&self, name: &str, bytes: &[u8]) {
        fs::create_dir_all(self.incoming()).unwrap();
        fs::write(self.incoming().join(format!("{name}.part")), bytes).unwrap();
    }
}

pub(super) fn url(url: &str) -> String {
    format!("{{ url = \"{url}\" }}")
}

pub(super) fn hash(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let digits: Vec<_> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}

/// Bytes that do not repeat soon, different for each seed.
pub(super) fn noise(seed: u32, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    };
    (0..length).map(|_| next()).collect()
}

pub(super) fn wheel(path: &Path, members: &[(&str, &[u8])]) {
    let mut archive = zip::ZipWriter::new(File::create(path).unwrap());
    for (name, bytes) in members {
        let options = zip::write::SimpleFileOptions::default();
        archive.start_file(*name, options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap();
}

pub(super) fn tarball(path: &Path, members: &[(&str, &[u8])]) {
    let file = File::create(path).unwrap();
    let gzip = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    let mut archive = tar::Builder::new(gzip);
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, name, *bytes).unwrap();
    }
    archive.into_inner().unwrap().finish().unwrap();
}
