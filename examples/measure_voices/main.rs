//! Measures voices and blends of them: `measure_voices FOLDER VOICE…`.
//!
//! Every voice (see `voice::Recipe`) speaks the same four sentences into `FOLDER/VOICE.wav`, with `~` for `/`; standard
//! output gets a line `VOICE = { pitch = …, … }` for each. `tools/voice_cards.sh` makes `voices/cards.toml` of it.

use std::path::PathBuf;

use fullcast::{
    audio::{Audio, wav},
    event::Silent,
    folders,
    speech::{Backend, sample},
    voice::{SENTENCES, Sound},
};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(
        arguments
            .next()
            .expect("usage: measure_voices FOLDER VOICE…"),
    );
    let home = folders::data_folder().expect("there is a folder for data");
    let backend = Backend::find("kokoro")
        .and_then(|kokoro| kokoro.open(&home, &Silent))
        .unwrap_or_else(|error| panic!("{error}"));
    for voice in arguments {
        let takes = sample(&*backend, &voice).unwrap_or_else(|error| panic!("{error}"));
        let letters = SENTENCES.iter().map(|text| text.chars().count()).sum();
        let sound = Sound::of(&takes, letters).expect("the voice sounds");
        let joined = Audio {
            rate: takes[0].rate,
            samples: takes.into_iter().flat_map(|take| take.samples).collect(),
        };
        let path = folder.join(format!("{}.wav", voice.replace('/', "~")));
        wav::save(&path, &joined).unwrap_or_else(|error| panic!("{error}"));
        println!(
            "\"{voice}\" = {{ pitch = {:.0}.0, range = {:.1}, brightness = {:.0}.0, rate = {:.1}, level = {:.1} }}",
            sound.pitch, sound.range, sound.brightness, sound.rate, sound.level
        );
    }
}
