//! All integration tests, in one binary.

mod book;
mod layers;
mod make;
