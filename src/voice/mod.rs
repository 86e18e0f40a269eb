//! Voices: who can speak, and the packs that hold them: what is in a pack, bringing it in, reading it.

mod archive;
mod checksum;
mod client;
mod download;
mod given;
mod install;
mod installed;
mod pack;
mod packages;
mod site;
mod sources;

pub use self::{
    install::{install, install_by},
    installed::{InstalledPack, open},
    pack::{Accent, Pack, PackFile, Part, Source, VoiceCard},
    sources::Means,
};
