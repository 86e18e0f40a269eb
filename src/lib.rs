//! Turns a story into a chaptered full-cast audiobook.
//!
//! A book is made in six steps, one module each. Every step is a function from value to value, and every
//! value can be printed, kept and edited between steps.
//!
//! | step | function | gives |
//! | --- | --- | --- |
//! | read the source | [`story::read`] | a [`Story`](story::Story): chapters of paragraphs, each with its span |
//! | adapt it for voices | [`script::adapt`] | a [`Script`](script::Script): lines, each with one speaker |
//! | choose who speaks | [`cast::assign`] | a [`Cast`](cast::Cast): a voice for every speaker |
//! | record every line | [`record::Recording::plan`], [`record::perform`] | clips in the [`ClipCache`](clip::ClipCache) |
//! | lay the clips in time | [`mix::arrange`] | a [`Timeline`](mix::Timeline) in whole samples |
//! | write the file | [`export::write`] | a chaptered audio file |
//!
//! [`make::Production`] runs all six. Only recording is slow, so only recording is cached.
//!
//! Imports point one way: a module uses only those listed above it below.

pub mod audio;
pub mod cast;
pub mod clip;
pub mod config;
pub mod error;
pub mod event;
pub mod export;
pub mod folders;
pub mod language;
pub mod make;
pub mod mix;
pub mod record;
pub mod script;
pub mod speech;
pub mod story;
pub mod voice;
mod web;

pub use error::{Error, Result};
