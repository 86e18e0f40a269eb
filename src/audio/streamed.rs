//! WAV files that were sent while they were made, and so do not know their own length.

use std::borrow::Cow;

/// From here on the size of the samples is no size but a way to say that it is not known.
const UNKNOWN: u32 = 0x7fff_0000;

/// The file with the true size of its samples in place of an unknown one; every other file as it is.
pub(super) fn sized(file: &[u8]) -> Cow<'_, [u8]> {
    let Some(data) = unsized_samples(file) else {
        return Cow::Borrowed(file);
    };
    let mut file = file.to_vec();
    let (whole, samples) = (file.len() as u32 - 8, (file.len() - data - 4) as u32);
    file[4..8].copy_from_slice(&whole.to_le_bytes());
    file[data..data + 4].copy_from_slice(&samples.to_le_bytes());
    Cow::Owned(file)
}

/// Where the size of the samples stands, if the file is a WAV file and the size is not known.
fn unsized_samples(file: &[u8]) -> Option<usize> {
    if file.get(..4)? != b"RIFF" || file.get(8..12)? != b"WAVE" || file.len() >= UNKNOWN as usize {
        return None;
    }
    let mut at = 12;
    loop {
        let size = u32::from_le_bytes(file.get(at + 4..at + 8)?.try_into().ok()?);
        if file.get(at..at + 4)? == b"data" {
            return (size >= UNKNOWN).then_some(at + 4);
        }
        at += 8 + (size as usize).next_multiple_of(2);
    }
}
