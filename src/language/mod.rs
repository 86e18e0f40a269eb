//! What the text stages share about English: sentences, what is spoken at once, and the spoken form of writing.

mod abbreviation;
mod capitals;
mod clock;
mod ending;
mod figures;
mod money;
mod number;
mod roman;
mod sentence;
mod spoken;
mod tidy;
mod utterance;
mod word;

pub use ending::{Ending, ending};
pub use number::digits;
pub use sentence::sentences;
pub use spoken::spoken;
pub use utterance::utterances;
