//! A book as M4B: AAC-LC in MP4, with chapters in both forms that players know, tags, cover and exact length.

mod aac;
mod boxes;
mod movie;
mod tags;
mod track;

use std::{
    fs::File,
    io::{self, BufWriter, Seek, Write},
    path::{Path, PathBuf},
};

use self::{
    aac::{Aac, PACKET},
    movie::Movie,
};
use super::{Edition, Encoder, Format};
use crate::{
    Error, Result,
    audio::{
        draft::{self, Draft},
        pcm,
    },
};

/// One mono stream at 64 kbit/s, which is transparent for speech.
pub(super) const FORMAT: Format = Format {
    extension: "m4b",
    open,
};

/// Chapters that the Nero list can count.
pub(super) const LISTED: usize = 255;

/// Bits a second.
const BITRATE: u32 = 64_000;

/// Encodes as samples come and keeps the packets in a file without a name; what players must read first can be
/// written only when all packets are known.
struct M4b<'a> {
    path: PathBuf,
    edition: &'a Edition<'a>,
    aac: Aac,
    samples: Vec<i16>,
    packet: Vec<u8>,
    sizes: Vec<u16>,
    spool: BufWriter<File>,
}

fn open<'a>(path: &Path, edition: &'a Edition<'a>) -> Result<Box<dyn Encoder + 'a>> {
    let aac = Aac::new(edition.rate, BITRATE)?;
    let through = edition.length.get() + u64::from(aac.delay());
    Ok(Box::new(M4b {
        path: path.to_path_buf(),
        aac,
        edition,
        samples: Vec::with_capacity(PACKET),
        packet: Vec::new(),
        sizes: Vec::with_capacity((through / PACKET as u64) as usize + 1),
        spool: BufWriter::with_capacity(1 << 18, draft::spool(path)?),
    }))
}

impl M4b<'_> {
    fn encode(&mut self) -> Result<()> {
        let mut samples = [0; PACKET];
        for (place, sample) in samples.iter_mut().zip(self.samples.drain(..)) {
            *place = sample;
        }
        self.packet.clear();
        let size = self.aac.encode(&mut samples, &mut self.packet)?;
        self.sizes
            .push(u16::try_from(size).expect("a packet has at most 768 bytes"));
        self.spool
            .write_all(&self.packet)
            .map_err(Error::write(&self.path))
    }

    /// Pushes silence after the book until its last sample has come out of the encoder.
    fn drain(&mut self) -> Result<()> {
        let through = self.edition.length.get() + u64::from(self.aac.delay());
        while (self.sizes.len() as u64) < through.div_ceil(PACKET as u64) {
            self.encode()?;
        }
        Ok(())
    }

    /// The finished file into `output`.
    fn mux(&mut self, output: &mut File) -> io::Result<()> {
        let movie = Movie {
            edition: self.edition,
            delay: u64::from(self.aac.delay()),
            config: self.aac.config(),
            bitrate: BITRATE,
            sizes: &self.sizes,
        };
        movie.write_front(output)?;
        self.spool.flush()?;
        let packets = self.spool.get_mut();
        packets.rewind()?;
        io::copy(packets, output).map(drop)
    }
}

impl Encoder for M4b<'_> {
    fn write(&mut self, samples: &[f32]) -> Result<()> {
        for sample in samples {
            self.samples.push(pcm::quantise(*sample));
            if self.samples.len() == PACKET {
                self.encode()?;
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        self.drain()?;
        let path = self.path.clone();
        let mut draft = Draft::new(&path)?;
        self.mux(draft.file()).map_err(Error::write(&path))?;
        draft.publish()
    }
}
