//! Sound from clip to finished file: decoding, measuring, arranging, rendering, writing.

mod audio;
mod book;
mod film;
mod mix;
mod mp3;
mod studio;
