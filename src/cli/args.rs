//! What the user may type. Building these values only validates; nothing is read or written.

use std::{ops::RangeInclusive, path::PathBuf};

use clap::{Parser, Subcommand, ValueEnum};

/// Turns a story into a full-cast audiobook: a voice for every character, chapters that show.
#[derive(Debug, Parser)]
#[command(name = "fullcast", version, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make the audiobook
    Make(Make),
    /// Print who says what, to read and to edit
    Script(Script),
    /// Print the scenes: first words, who speaks, how long
    Scenes(Scenes),
    /// Print who speaks, how many lines, in which voice, and why; or choose voices for good
    Cast(Cast),
    /// Hear a scene, a chapter, some lines or one character as they will be in the book
    Preview(Preview),
    /// List, try or install voices
    Voices(Voices),
    /// Show or empty the store of finished clips
    Cache(Cache),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Make {
    /// The story: a file, a folder that holds one, or an edited script
    pub(crate) story: PathBuf,
    /// Where to write the book [default: beside the story]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// What to write [default: by the output's extension, else m4b]
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,
    /// Give a character a voice; may be repeated
    #[arg(long = "voice", value_name = "NAME=VOICE", value_parser = assignment)]
    pub(crate) voices: Vec<(String, String)>,
    /// Make these chapters only
    #[arg(long, value_name = "N or A-B", value_parser = chapters)]
    pub(crate) chapters: Option<RangeInclusive<usize>>,
    /// Speak all other lines when one cannot be spoken
    #[arg(long)]
    pub(crate) keep_going: bool,
    /// Say what would be spoken, and stop
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print one JSON object for each event
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Script {
    /// The story: a file, a folder that holds one, or an edited script
    pub(crate) story: PathBuf,
    /// Where to write the script [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// How to write it
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: ScriptFormat,
    /// List the lines worth a look, worst first, with reasons
    #[arg(long, conflicts_with = "format")]
    pub(crate) review: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Scenes {
    /// The story: a file, or a folder that holds one
    pub(crate) story: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Cast {
    /// The story: a file, a folder that holds one, or an edited script
    pub(crate) story: PathBuf,
    /// Try a voice for a character; may be repeated
    #[arg(long = "voice", value_name = "NAME=VOICE", value_parser = assignment)]
    pub(crate) voices: Vec<(String, String)>,
    /// Give a character a voice for good, in `fullcast.toml` beside the story; may be repeated
    #[arg(long, value_name = "NAME=VOICE", value_parser = assignment)]
    pub(crate) set: Vec<(String, String)>,
    /// Have a character's most telling lines spoken in the best few voices: a file each, and one with all of them
    #[arg(long, value_name = "NAME", conflicts_with_all = ["set", "keep"])]
    pub(crate) audition: Option<String>,
    /// How many voices are tried in an audition
    #[arg(long, value_name = "N", default_value = "4", requires = "audition")]
    pub(crate) candidates: std::num::NonZero<u8>,
    /// The folder for an audition [default: STORY.audition beside the story]
    #[arg(short, long, value_name = "FOLDER", requires = "audition")]
    pub(crate) output: Option<PathBuf>,
    /// Keep the voices of all who speak now, so that nothing that comes into the story moves them; in the series file
    /// if the story belongs to a series
    #[arg(long)]
    pub(crate) keep: bool,
    /// Make the story part of a series: its characters keep their voices through all books that name this file
    #[arg(long, value_name = "FILE", conflicts_with = "audition")]
    pub(crate) series: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("what").required(true))]
pub(crate) struct Preview {
    /// The story: a file, a folder that holds one, or an edited script
    pub(crate) story: PathBuf,
    /// The scene, as `fullcast scenes` counts
    #[arg(long, group = "what", value_name = "N")]
    pub(crate) scene: Option<usize>,
    /// The chapter
    #[arg(long, group = "what", value_name = "N")]
    pub(crate) chapter: Option<usize>,
    /// The lines, as `fullcast script --format jsonl` counts
    #[arg(long, group = "what", value_name = "N or A-B", value_parser = numbers)]
    pub(crate) lines: Option<RangeInclusive<usize>>,
    /// All that a character says
    #[arg(long, group = "what", value_name = "NAME")]
    pub(crate) character: Option<String>,
    /// Where to write it, `.wav`, `.mp3` or `.m4b` [default: STORY.preview.wav beside the story]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Try a voice for a character; may be repeated
    #[arg(long = "voice", value_name = "NAME=VOICE", value_parser = assignment)]
    pub(crate) voices: Vec<(String, String)>,
    /// Play it when it is written, with a player that the system has
    #[arg(long)]
    pub(crate) play: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Voices {
    #[command(subcommand)]
    pub(crate) command: Option<VoicesCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum VoicesCommand {
    /// Show the voices and whether they are installed, or those of a backend in the `fullcast.toml` of this folder
    List {
        /// The backend, a table `[backend.NAME]`
        #[arg(long, value_name = "NAME")]
        backend: Option<String>,
    },
    /// Speak a sentence into a WAV file
    Try {
        /// The voice, as `voices list` names it
        voice: String,
        /// What to say
        #[arg(
            default_value = "The story was told in every voice but one, and that one had waited all along."
        )]
        text: String,
        /// Where to write it [default: VOICE.wav]
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Make a voice of your own, hear it, and keep it in the `fullcast.toml` of this folder
    Blend {
        /// What to call it
        name: String,
        /// What it is made of: `af_heart*0.7+bf_emma*0.3`, `bm_lewis/am_onyx`, `bm_lewis@0.9`
        recipe: String,
        /// Where to write its sample [default: NAME.wav]
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Bring the voices in, or mend what is damaged
    Install {
        /// The voice pack
        #[arg(default_value = "kokoro")]
        pack: String,
        /// Take the files from this folder before any other source
        #[arg(long, value_name = "FOLDER")]
        from: Option<PathBuf>,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct Cache {
    #[command(subcommand)]
    pub(crate) command: Option<CacheCommand>,
}

#[derive(Clone, Copy, Debug, Default, Subcommand)]
pub(crate) enum CacheCommand {
    /// Show how much there is
    #[default]
    Size,
    /// Remove all finished clips
    Clean,
}

/// The formats a book can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// One file with chapters, AAC
    M4b,
    /// One file with chapters, 192 kbit/s
    Mp3,
    /// One file, 16 bit
    Wav,
}

impl Format {
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::M4b => "m4b",
            Self::Mp3 => "mp3",
            Self::Wav => "wav",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScriptFormat {
    /// A page to read and edit
    Text,
    /// One object a line, for other tools
    Jsonl,
}

fn assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, voice)) if !name.trim().is_empty() && !voice.trim().is_empty() => {
            Ok((name.trim().into(), voice.trim().into()))
        }
        _ => Err("write it as NAME=VOICE, as in `--voice Anna=bf_emma`".into()),
    }
}

/// `3` or `2-4`, counted from 1 by people and from 0 by us.
fn chapters(text: &str) -> Result<RangeInclusive<usize>, String> {
    numbers(text).map(|range| range.start() - 1..=range.end() - 1)
}

/// `3` or `2-4`, counted from 1.
fn numbers(text: &str) -> Result<RangeInclusive<usize>, String> {
    let number = |part: &str| part.trim().parse::<usize>().ok().filter(|n| *n > 0);
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => Ok(first..=last),
        _ => Err("write it as `3` or `2-4`, counted from 1".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory;
        Args::command().debug_assert();
    }

    #[test]
    fn chapters_are_counted_from_one() {
        assert_eq!(chapters("3"), Ok(2..=2));
        assert_eq!(chapters("2-4"), Ok(1..=3));
        assert!(chapters("0").is_err() && chapters("4-2").is_err() && chapters("x").is_err());
    }
}
