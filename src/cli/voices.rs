//! `fullcast voices`: what there is to choose from, a sentence in a voice, and bringing the voices in.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use fullcast::{
    Error, Result,
    audio::{Audio, wav},
    config, export,
    folders::{self, plain_name},
    language,
    script::Gender,
    speech::{self, Backend, Studio, Utterance},
    voice::{self, Accent, Catalogue, Pack, SENTENCES, Sound, VoiceCard},
};

use super::{
    args::{Voices, VoicesCommand},
    print,
    terminal::{Terminal, clock},
};

pub(super) fn voices(args: Voices) -> Result<()> {
    let usual = VoicesCommand::List { backend: None };
    match args.command.unwrap_or(usual) {
        VoicesCommand::List { backend: None } => list(),
        VoicesCommand::List {
            backend: Some(name),
        } => offered(&name),
        VoicesCommand::Try {
            voice,
            text,
            output,
        } => try_voice(&voice, &text, output),
        VoicesCommand::Blend {
            name,
            recipe,
            output,
        } => blend(&name, &recipe, output),
        VoicesCommand::Install { pack, from } => install(&pack, from.as_deref()),
    }
}

fn list() -> Result<()> {
    let pack = Pack::kokoro();
    let missing = match voice::open(pack, &folders::data_folder()?)? {
        Some(installed) => installed.missing().len(),
        None => pack.files().len(),
    };
    let mut out = String::new();
    for card in Catalogue::kokoro().cards() {
        let _ = writeln!(
            out,
            "{:<24}  {:<6}  {:<8}  {}",
            card.id,
            gender(card.gender),
            accent(card.accent),
            card.about
        );
    }
    let state = match missing {
        0 => format!(
            "{} voices of the pack `{}`, installed\n",
            pack.voices().len(),
            pack.name
        ),
        n if n == pack.files().len() => format!(
            "the pack `{}` is not installed; `fullcast voices install` or the first `make` brings it in\n",
            pack.name
        ),
        n => format!(
            "the pack `{}` is incomplete: {n} files are missing or damaged; `fullcast voices install` mends it\n",
            pack.name
        ),
    };
    print(&(out + &state))
}

/// The voices that a backend of the settings in this folder offers.
fn offered(name: &str) -> Result<()> {
    let here = Path::new("");
    let config = config::load(here)?;
    let studio = Studio::new(&config.speech.backend, &config.backend, here)?;
    print(&(studio.offered(name)?.join("\n") + "\n"))
}

fn try_voice(voice: &str, text: &str, output: Option<PathBuf>) -> Result<()> {
    let here = config::load(Path::new("."))?;
    let own = Catalogue::kokoro().with(&here.voices, Path::new(config::FILE))?;
    let path = output.unwrap_or_else(|| format!("{}.wav", plain_name(voice)).into());
    let voice = &own.card(voice)?.voice;
    let spoken = language::spoken(text);
    if !spoken.chars().any(char::is_alphanumeric) {
        return Err(Error::invalid(
            "the text holds no word to speak",
            "give a sentence after the voice's name",
        ));
    }
    export::ready(&path)?;
    let terminal = Terminal::new();
    let backend = Backend::find("kokoro")?.open(&folders::data_folder()?, &terminal);
    terminal.finish();
    let utterance = Utterance::plain(&spoken, voice);
    let audio = backend?.speak(&utterance).map_err(|source| Error::Speech {
        voice: voice.into(),
        line: 1,
        kept: 0,
        source,
    })?;
    wav::save(&path, &audio)?;
    print(&format!(
        "{}  {} long\n",
        path.display(),
        clock(audio.seconds())
    ))
}

/// Speaks and measures a voice that `recipe` makes, and keeps it as `name`.
fn blend(name: &str, recipe: &str, output: Option<PathBuf>) -> Result<()> {
    let all = Catalogue::kokoro();
    if plain_name(name) != name || all.cards().iter().any(|card| card.id == name) {
        return Err(Error::invalid(
            format!("`{name}` is no name for a voice of your own"),
            "take letters, digits, `-` and `_`, and no name that `fullcast voices list` shows",
        ));
    }
    let card = all.card(recipe)?;
    let path = output.unwrap_or_else(|| format!("{name}.wav").into());
    export::ready(&path)?;
    let terminal = Terminal::new();
    let backend = Backend::find("kokoro")?.open(&folders::data_folder()?, &terminal);
    terminal.finish();
    let takes = speech::sample(&*backend?, &card.voice)?;
    let letters = SENTENCES.iter().map(|text| text.chars().count()).sum();
    let sound = Sound::of(&takes, letters).ok_or_else(|| {
        Error::invalid(
            format!("`{recipe}` makes no sound"),
            "try other weights or another rate",
        )
    })?;
    let like = |other: &&VoiceCard| other.gender == card.gender;
    let others: Vec<Sound> = all.choice().iter().filter(like).map(|c| c.sound).collect();
    let about = sound.words(&others);
    let joined = Audio {
        rate: takes[0].rate,
        samples: takes.into_iter().flat_map(|take| take.samples).collect(),
    };
    wav::save(&path, &joined)?;
    config::set_voice(Path::new(config::FILE), name, &card.voice, &about)?;
    let mut near: Vec<(f32, &str)> = (all.choice().iter())
        .map(|other| (all.likeness(&card.voice, &other.voice), other.id.as_str()))
        .collect();
    near.sort_by(|one, other| other.0.total_cmp(&one.0));
    let near: Vec<String> = near[..3.min(near.len())]
        .iter()
        .map(|(likeness, id)| format!("{id} ({likeness:.2})"))
        .collect();
    print(&format!(
        "{}  {} long\n  {about}; {:.0} Hz, {:.1} letters a second\n  likest to {}\n  `{name}` in {} from now on\n",
        path.display(),
        clock(joined.seconds()),
        sound.pitch,
        sound.rate,
        near.join(", "),
        config::FILE,
    ))
}

fn gender(gender: Gender) -> &'static str {
    match gender {
        Gender::Male => "male",
        Gender::Female => "female",
        Gender::Unknown => "unknown",
    }
}

fn accent(accent: Accent) -> &'static str {
    match accent {
        Accent::American => "American",
        Accent::British => "British",
    }
}

fn install(name: &str, from: Option<&Path>) -> Result<()> {
    let pack = Pack::kokoro();
    if name != pack.name {
        return Err(Error::invalid(
            format!("there is no voice pack `{name}`"),
            format!("the pack is called `{}`", pack.name),
        ));
    }
    let terminal = Terminal::new();
    let installed = voice::install(pack, &folders::data_folder()?, from, &terminal);
    terminal.finish();
    print(&format!(
        "the pack `{name}` is installed in {}\n",
        installed?.folder().display()
    ))
}
