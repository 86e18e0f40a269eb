//! Reads `.npz` archives: named arrays of f32 and texts.
//!
//! Source: `NumPy` Enhancement Proposal 1, "A simple file format for `NumPy` arrays".

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
};

use zip::ZipArchive;

/// More than this in one array is no file of ours (bytes).
const LIMIT: u64 = 64 << 20;

/// What one file of the archive holds.
#[derive(Debug, PartialEq)]
pub(super) enum Array {
    /// Numbers, row by row, and the length of each axis.
    Numbers(Vec<f32>, Vec<usize>),
    /// One text.
    Text(String),
}

/// The arrays of an archive by name. The error says in plain words what is wrong.
pub(super) fn read(archive: &[u8]) -> Result<BTreeMap<String, Array>, String> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).map_err(|error| error.to_string())?;
    let mut arrays = BTreeMap::new();
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(|error| error.to_string())?;
        let name = file.name().map_err(|error| error.to_string())?;
        let name = name.trim_end_matches(".npy").to_owned();
        let mut bytes = Vec::new();
        file.take(LIMIT)
            .read_to_end(&mut bytes)
            .map_err(|error| error.to_string())?;
        let array = array(&bytes).ok_or_else(|| format!("the array `{name}` is damaged"))?;
        arrays.insert(name, array);
    }
    Ok(arrays)
}

fn array(bytes: &[u8]) -> Option<Array> {
    let rest = bytes.strip_prefix(b"\x93NUMPY")?;
    let (version, rest) = rest.split_first_chunk::<2>()?;
    let (length, rest) = if version[0] == 1 {
        let (length, rest) = rest.split_first_chunk()?;
        (u32::from(u16::from_le_bytes(*length)), rest)
    } else {
        let (length, rest) = rest.split_first_chunk()?;
        (u32::from_le_bytes(*length), rest)
    };
    let (header, data) = rest.split_at_checked(length as usize)?;
    let header = str::from_utf8(header).ok()?;
    if value(header, "fortran_order")?.starts_with("True") {
        return None;
    }
    let kind = value(header, "descr")?.strip_prefix('\'')?;
    let shape = shape(value(header, "shape")?)?;
    if kind.starts_with("<f4") {
        numbers(data, shape)
    } else if kind.starts_with("<U") {
        text(data)
    } else {
        None
    }
}

/// What follows `'key':` in the header, which is a Python dictionary in text.
fn value<'a>(header: &'a str, key: &str) -> Option<&'a str> {
    let (_, value) = header.split_once(&format!("'{key}':"))?;
    Some(value.trim_start())
}

fn shape(value: &str) -> Option<Vec<usize>> {
    let (inside, _) = value.strip_prefix('(')?.split_once(')')?;
    let lengths = inside
        .split(',')
        .map(str::trim)
        .filter(|length| !length.is_empty());
    lengths.map(|length| length.parse().ok()).collect()
}

fn numbers(data: &[u8], shape: Vec<usize>) -> Option<Array> {
    let (numbers, rest) = data.as_chunks();
    let numbers: Vec<f32> = numbers.iter().copied().map(f32::from_le_bytes).collect();
    let wanted = shape
        .iter()
        .try_fold(1_usize, |product, &length| product.checked_mul(length));
    (rest.is_empty() && wanted == Some(numbers.len())).then_some(Array::Numbers(numbers, shape))
}

/// A text is stored as UTF-32, filled up with zeros.
fn text(data: &[u8]) -> Option<Array> {
    let (letters, _) = data.as_chunks();
    let letters = letters.iter().copied().map(u32::from_le_bytes);
    let text: Option<String> = letters
        .filter(|&letter| letter != 0)
        .map(char::from_u32)
        .collect();
    text.map(Array::Text)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A file as `NumPy` writes it.
    pub(in super::super) fn npy(kind: &str, shape: &str, data: &[u8]) -> Vec<u8> {
        let header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n");
        let length = (header.len() as u16).to_le_bytes();
        [
            b"\x93NUMPY\x01\x00",
            length.as_slice(),
            header.as_bytes(),
            data,
        ]
        .concat()
    }

    #[test]
    fn numbers_come_with_their_shape() {
        let data: Vec<u8> = [1f32, 2.0, 3.0]
            .iter()
            .flat_map(|x| x.to_le_bytes())
            .collect();
        let read = array(&npy("<f4", "(1, 3)", &data)).unwrap();
        assert_eq!(read, Array::Numbers(vec![1.0, 2.0, 3.0], vec![1, 3]));
    }

    #[test]
    fn a_text_is_read_from_utf_32() {
        let data: Vec<u8> = "ɑb\0"
            .chars()
            .flat_map(|x| (x as u32).to_le_bytes())
            .collect();
        assert_eq!(
            array(&npy("<U3", "()", &data)),
            Some(Array::Text("ɑb".to_owned()))
        );
    }

    #[test]
    fn too_few_numbers_for_the_shape_are_damage() {
        assert_eq!(array(&npy("<f4", "(2, 2)", &[0; 12])), None);
        assert_eq!(array(&npy("<f4", "(99999999999, 99999999999)", &[])), None);
        assert_eq!(array(b"\x93NUMPY\x01\x00\xff\xff"), None);
    }

    #[test]
    fn what_is_no_archive_is_an_error() {
        assert!(read(b"not a zip").is_err());
    }
}
