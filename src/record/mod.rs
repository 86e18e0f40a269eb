//! Recording a script: first a plan, then the speaking of what the cache lacks.

mod check;
mod claim;
mod pace;
mod perform;
mod plan;
mod recogniser;

pub use check::{Doubts, doubts};
pub use pace::{keep_pace, pace};
pub use perform::{Manner, perform};
pub use plan::{Job, Plan, Recording, Selection, Take, estimate};
pub use recogniser::{CheckSettings, Recogniser};
