//! All integration tests, in one binary.

mod licences;
mod pack;
