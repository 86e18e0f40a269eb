//! A book as one WAV file, for those who want to go on working on it.

use std::{
    fs::File,
    io::{self, BufWriter, Seek},
    path::{Path, PathBuf},
};

use super::{Edition, Encoder, Format};
use crate::{
    Error, Result,
    audio::{
        draft::{self, Draft},
        wav,
    },
};

/// Mono, 16 bits.
pub(super) const FORMAT: Format = Format {
    extension: "wav",
    open,
};

struct Wav {
    path: PathBuf,
    spool: File,
    writer: wav::Writer<BufWriter<File>>,
}

fn open<'a>(path: &Path, edition: &'a Edition<'a>) -> Result<Box<dyn Encoder + 'a>> {
    if edition.length > wav::LONGEST {
        let hours = edition.length.seconds(edition.rate) / 3_600.0;
        return Err(Error::invalid(
            format!("a WAV file cannot hold {hours:.1} hours"),
            "write an `.m4b` file, which can",
        ));
    }
    let spool = draft::spool(path)?;
    let begin = || {
        let output = BufWriter::with_capacity(1 << 18, spool.try_clone()?);
        wav::Writer::new(output, edition.rate)
    };
    let writer = begin().map_err(Error::write(path))?;
    Ok(Box::new(Wav {
        path: path.to_path_buf(),
        spool,
        writer,
    }))
}

impl Encoder for Wav {
    fn write(&mut self, samples: &[f32]) -> Result<()> {
        self.writer.write(samples).map_err(Error::write(&self.path))
    }

    fn finish(self: Box<Self>) -> Result<()> {
        let Self {
            path,
            mut spool,
            writer,
        } = *self;
        let mut draft = Draft::new(&path)?;
        writer
            .finish()
            .and_then(|()| spool.rewind())
            .and_then(|()| io::copy(&mut spool, draft.file()))
            .map_err(Error::write(&path))?;
        draft.publish()
    }
}
