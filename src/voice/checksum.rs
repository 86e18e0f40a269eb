//! SHA-256 of files: the one thing that makes a file trusted.

use std::{fs::File, io, io::Read, path::Path};

use sha2::{Digest, Sha256};

use super::pack::PackFile;

/// Why bytes are not those of a file.
pub(super) fn complaint(file: &PackFile, size: u64, sha256: &str) -> Option<String> {
    if size != file.size {
        return Some(wrong_size(file, size));
    }
    let wrong = || {
        format!(
            "its SHA-256 begins `{:.8}` instead of `{:.8}`",
            sha256, file.sha256
        )
    };
    (sha256 != file.sha256).then(wrong)
}

/// What to say of a file with a wrong length.
pub(super) fn wrong_size(file: &PackFile, size: u64) -> String {
    format!("it has {size} bytes instead of {}", file.size)
}

/// Length in bytes and SHA-256 of a file on disk.
pub(super) fn of_file(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    let mut size = 0;
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok((size, hex(&hasher.finalize()))),
            Ok(read) => {
                hasher.update(&buffer[..read]);
                size += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// SHA-256 of bytes in memory.
pub(super) fn of_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        text.extend(
            [byte >> 4, byte & 15].map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])),
        );
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-4's own example.
    #[test]
    fn the_hash_of_abc_is_the_published_one() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(of_bytes(b"abc"), expected);
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, b"abc").unwrap();
        assert_eq!(of_file(file.path()).unwrap(), (3, expected.to_owned()));
    }
}
