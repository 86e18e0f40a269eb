//! All integration tests, in one binary.
#![allow(clippy::unwrap_used)]

mod age;
mod assistant;
mod book;
mod books;
mod cast;
mod direction;
mod layers;
mod licences;
mod make;
mod pack;
mod page;
mod preview;
mod remote;
mod scenes;
mod script;
mod sound;
mod story;
mod strange;
mod voice;
