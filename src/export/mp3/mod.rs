//! A book as one MP3 file: constant bit rate, exact length, chapters in its ID3 tag.

mod tags;

use std::{
    fs::File,
    io::{self, BufWriter, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use mp3lame_encoder::{Bitrate, Builder, FlushGap, Mode, MonoPcm, Quality};

use super::{Edition, Encoder, Format};
use crate::{
    Error, Result,
    audio::{
        draft::{self, Draft},
        pcm,
    },
};

/// One mono stream at 192 kbit/s, as distributors ask for.
pub(super) const FORMAT: Format = Format {
    extension: "mp3",
    open,
};

/// Samples given to the encoder at a time: a second or so.
const BLOCK: usize = 1 << 15;
/// What LAME may write for so many samples, by its own manual: 1.25 bytes a sample and 7,200 bytes.
const ROOM: usize = BLOCK + BLOCK / 4 + 7_200;

/// Encodes as samples come and keeps the frames in a file without a name; the first frame tells the exact length and
/// is written last.
struct Mp3<'a> {
    path: PathBuf,
    edition: &'a Edition<'a>,
    lame: mp3lame_encoder::Encoder,
    samples: Vec<i16>,
    frames: Vec<u8>,
    spool: BufWriter<File>,
}

fn open<'a>(path: &Path, edition: &'a Edition<'a>) -> Result<Box<dyn Encoder + 'a>> {
    Ok(Box::new(Mp3 {
        path: path.to_path_buf(),
        edition,
        lame: lame(edition.rate)?,
        samples: Vec::with_capacity(BLOCK),
        frames: Vec::with_capacity(ROOM),
        spool: BufWriter::with_capacity(1 << 18, draft::spool(path)?),
    }))
}

fn lame(rate: u32) -> Result<mp3lame_encoder::Encoder> {
    let built = || {
        let builder = Builder::new().ok_or("it has no memory".to_owned())?;
        let set = builder
            .with_num_channels(1)
            .and_then(|builder| builder.with_sample_rate(rate))
            .and_then(|builder| builder.with_mode(Mode::Mono))
            .and_then(|builder| builder.with_brate(Bitrate::Kbps192))
            .and_then(|builder| builder.with_quality(Quality::NearBest))
            .and_then(|builder| builder.with_to_write_vbr_tag(true))
            .and_then(Builder::build);
        set.map_err(|error| error.to_string())
    };
    built().map_err(|reason| {
        Error::invalid(
            format!("the MP3 encoder does not start: {reason}"),
            "write an `.m4b` file instead",
        )
    })
}

impl Mp3<'_> {
    fn encode(&mut self) -> Result<()> {
        self.frames.clear();
        self.lame
            .encode_to_vec(MonoPcm(&self.samples), &mut self.frames)
            .map_err(|error| failed(&error.to_string()))?;
        self.samples.clear();
        self.keep()
    }

    fn keep(&mut self) -> Result<()> {
        let written = self.spool.write_all(&self.frames);
        written.map_err(Error::write(&self.path))
    }

    /// Takes the last frames out of the encoder and writes the first one, which it left empty.
    fn drain(&mut self) -> Result<()> {
        self.frames.clear();
        self.lame
            .flush_to_vec::<FlushGap>(&mut self.frames)
            .map_err(|error| failed(&error.to_string()))?;
        self.keep()?;
        self.frames.clear();
        self.frames.reserve(self.lame.lame_tag_size());
        self.lame
            .lame_tag_encode_to_vec(&mut self.frames)
            .ok_or_else(|| failed("it does not tell the length"))?;
        let told = self
            .spool
            .seek(SeekFrom::Start(0))
            .and_then(|_| self.spool.write_all(&self.frames));
        told.map_err(Error::write(&self.path))
    }

    /// The finished file into `output`.
    fn mux(&mut self, tag: &[u8], output: &mut File) -> io::Result<()> {
        output.write_all(tag)?;
        self.spool.flush()?;
        let frames = self.spool.get_mut();
        frames.rewind()?;
        io::copy(frames, output).map(drop)
    }
}

fn failed(reason: &str) -> Error {
    Error::invalid(
        format!("the MP3 encoder failed: {reason}"),
        "write an `.m4b` file instead",
    )
}

impl Encoder for Mp3<'_> {
    fn write(&mut self, samples: &[f32]) -> Result<()> {
        for sample in samples {
            self.samples.push(pcm::quantise(*sample));
            if self.samples.len() == BLOCK {
                self.encode()?;
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        if !self.samples.is_empty() {
            self.encode()?;
        }
        self.drain()?;
        let tag = tags::tag(self.edition)?;
        let path = self.path.clone();
        let mut draft = Draft::new(&path)?;
        self.mux(&tag, draft.file()).map_err(Error::write(&path))?;
        draft.publish()
    }
}
