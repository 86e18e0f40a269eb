//! Mono 16-bit WAV, written.

use std::{
    io::{self, BufWriter, Cursor, Seek, Write},
    path::Path,
};

use super::{Audio, Frames, draft::Draft, pcm};
use crate::{Error, Result};

/// The longest sound a WAV file can hold, whose sizes are counted in 32 bits; 13.5 hours at 44.1 kHz.
pub const LONGEST: Frames = Frames::new((u32::MAX as u64 - 64) / 2);

/// Length in bytes of what stands before the samples in the files written here.
pub const HEADER: usize = 44;

/// Bytes of one sample.
pub const BYTES_PER_FRAME: u64 = 2;

/// The rate in Hz and the length that a header written here tells; `None` for any other.
pub fn read_header(header: &[u8; HEADER]) -> Option<(u32, Frames)> {
    let number = |at: usize| {
        let bytes = header[at..at + 4].try_into().expect("four bytes");
        u32::from_le_bytes(bytes)
    };
    let ours =
        header.starts_with(b"RIFF") && &header[8..16] == b"WAVEfmt " && &header[36..40] == b"data";
    let mono_16_bit = header[20..24] == [1, 0, 1, 0] && header[34..36] == [16, 0];
    let length = u64::from(number(40)) / BYTES_PER_FRAME;
    (ours && mono_16_bit).then(|| (number(24), Frames::new(length)))
}

/// A mono 16-bit WAV file in the making.
pub struct Writer<W: Write + Seek>(hound::WavWriter<W>);

impl<W: Write + Seek> Writer<W> {
    /// Begins a file for sound at `rate` Hz.
    pub fn new(output: W, rate: u32) -> io::Result<Self> {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: rate,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        hound::WavWriter::new(output, spec)
            .map(Self)
            .map_err(system)
    }

    /// Adds samples. More than [`LONGEST`] of them in all is an error.
    pub fn write(&mut self, samples: &[f32]) -> io::Result<()> {
        let written = u64::from(self.0.len());
        if written + samples.len() as u64 > LONGEST.get() {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let mut block = self.0.get_i16_writer(samples.len() as u32);
        for sample in samples {
            block.write_sample(pcm::quantise(*sample));
        }
        block.flush().map_err(system)
    }

    /// Completes the header.
    pub fn finish(self) -> io::Result<()> {
        self.0.finalize().map_err(system)
    }
}

/// Writes a sound to `path`, whole or not at all.
pub fn save(path: &Path, audio: &Audio) -> Result<()> {
    let mut draft = Draft::new(path)?;
    encode(audio, BufWriter::new(draft.file())).map_err(Error::write(path))?;
    draft.publish()
}

/// The bytes of a WAV file with this sound in it.
pub fn bytes(audio: &Audio) -> io::Result<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    encode(audio, &mut bytes)?;
    Ok(bytes.into_inner())
}

fn encode(audio: &Audio, output: impl Write + Seek) -> io::Result<()> {
    let mut writer = Writer::new(output, audio.rate)?;
    writer.write(&audio.samples)?;
    writer.finish()
}

fn system(error: hound::Error) -> io::Error {
    match error {
        hound::Error::IoError(error) => error,
        other => io::Error::other(other),
    }
}
