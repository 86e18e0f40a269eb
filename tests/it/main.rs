//! All integration tests, in one binary.

mod book;
mod cast;
mod layers;
mod make;
mod pack;
