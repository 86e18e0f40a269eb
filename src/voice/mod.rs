//! Voices: who can speak, and the packs that hold them: what is in a pack, bringing it in, reading it.

mod archive;
mod catalogue;
mod checksum;
mod client;
mod download;
mod given;
mod install;
mod installed;
mod measure;
mod pack;
mod packages;
mod recipe;
mod site;
mod sources;

pub use self::{
    catalogue::{ALIKE, Accent, Catalogue, OwnVoice, VoiceCard},
    install::{install, install_by},
    installed::{InstalledPack, open},
    measure::{SENTENCES, Sound},
    pack::{Pack, PackFile, Part, Source},
    recipe::Recipe,
    sources::Means,
};
