//! Reads sound in any common format: WAV, FLAC, MP3, Ogg Vorbis, AAC and M4A.

use std::{fmt::Display, io::Cursor};

use symphonia::core::{
    audio::GenericAudioBufferRef,
    codecs::audio::{AudioDecoder, AudioDecoderOptions},
    formats::{FormatOptions, FormatReader, TrackType, probe::Hint},
    io::{MediaSourceStream, MediaSourceStreamOptions},
    meta::MetadataOptions,
};

use super::{Audio, edits, streamed};
use crate::{Error, Result};

/// Rates that a recording of speech can have, in Hz; others are taken for damage.
const RATES: std::ops::RangeInclusive<u32> = 4_000..=384_000;

/// Decodes a whole file, mixed down to one channel.
///
/// What the encoder put before and after the sound is taken off where the file tells how much that is. Damaged,
/// cut short and empty input is an error.
pub fn decode(bytes: &[u8]) -> Result<Audio> {
    if bytes.is_empty() {
        return Err(unreadable("it is empty"));
    }
    let bytes = streamed::sized(bytes);
    let mut audio = Tape::open(&bytes)?.play()?;
    if let Some(heard) = edits::heard(&bytes, audio.rate) {
        cut(&mut audio.samples, heard);
    }
    if audio.samples.is_empty() {
        return Err(unreadable("there is no sound in it"));
    }
    Ok(audio)
}

/// A file opened for reading its sound.
struct Tape<'a> {
    reader: Box<dyn FormatReader + 'a>,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    promised: Option<u64>,
}

impl<'a> Tape<'a> {
    fn open(bytes: &'a [u8]) -> Result<Self> {
        let source = MediaSourceStream::new(
            Box::new(Cursor::new(bytes)),
            MediaSourceStreamOptions::default(),
        );
        let reader = symphonia::default::get_probe()
            .probe(
                &Hint::new(),
                source,
                FormatOptions::default(),
                MetadataOptions::default(),
            )
            .map_err(damaged)?;
        let track = reader
            .default_track(TrackType::Audio)
            .ok_or_else(|| unreadable("there is no sound in it"))?;
        let parameters = track
            .codec_params
            .as_ref()
            .and_then(|parameters| parameters.audio())
            .ok_or_else(|| unreadable("it does not say how its sound is coded"))?;
        let decoder = symphonia::default::get_codecs()
            .make_audio_decoder(parameters, &AudioDecoderOptions::default())
            .map_err(damaged)?;
        let (track, promised) = (track.id, track.num_frames);
        Ok(Self {
            reader,
            decoder,
            track,
            promised,
        })
    }

    /// Reads it to the end.
    fn play(&mut self) -> Result<Audio> {
        let (mut samples, mut spare, mut format) = (Vec::new(), Vec::new(), None);
        while let Some(packet) = self.reader.next_packet().map_err(damaged)? {
            if packet.track_id != self.track {
                continue;
            }
            let sound = self.decoder.decode(&packet).map_err(damaged)?;
            let this = (sound.spec().rate(), sound.spec().channels().count());
            if *format.get_or_insert(this) != this {
                return Err(unreadable("its rate or its channels change midway"));
            }
            mix_down(&sound, this.1, &mut spare, &mut samples);
        }
        let (rate, _) = format.ok_or_else(|| unreadable("there is no sound in it"))?;
        if !RATES.contains(&rate) {
            return Err(unreadable(&format!(
                "a rate of {rate} Hz is no recording's"
            )));
        }
        self.complete(samples.len() as u64)?;
        in_range(&mut samples)?;
        Ok(Audio { rate, samples })
    }

    /// Whether all is there that the header promised.
    fn complete(&self, found: u64) -> Result<()> {
        match self.promised {
            Some(promised) if found < promised => Err(unreadable(&format!(
                "only {found} of its {promised} samples are there"
            ))),
            _ => Ok(()),
        }
    }
}

/// Adds the mean of all channels to `mono`.
fn mix_down(
    sound: &GenericAudioBufferRef<'_>,
    channels: usize,
    spare: &mut Vec<f32>,
    mono: &mut Vec<f32>,
) {
    if channels == 0 {
        return;
    }
    sound.copy_to_vec_interleaved(spare);
    let part = 1.0 / channels as f32;
    mono.extend(
        spare
            .chunks_exact(channels)
            .map(|frame| frame.iter().sum::<f32>() * part),
    );
}

/// Holds samples within full scale, beyond which lossy formats now and then decode a little.
fn in_range(samples: &mut [f32]) -> Result<()> {
    if samples.iter().any(|sample| !sample.is_finite()) {
        return Err(unreadable("it holds samples that are no numbers"));
    }
    for sample in samples {
        *sample = sample.clamp(-1.0, 1.0);
    }
    Ok(())
}

/// Leaves only what is to be heard.
fn cut(samples: &mut Vec<f32>, heard: edits::Heard) {
    let skip = usize::try_from(heard.skip).map_or(samples.len(), |skip| skip.min(samples.len()));
    samples.drain(..skip);
    samples.truncate(usize::try_from(heard.keep).unwrap_or(usize::MAX));
}

fn damaged(problem: impl Display) -> Error {
    unreadable(&problem.to_string())
}

fn unreadable(problem: &str) -> Error {
    Error::invalid(
        format!("could not read a sound file: {problem}"),
        "use a WAV, FLAC, MP3, Ogg Vorbis or M4A file that other players can open",
    )
}
