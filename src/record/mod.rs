//! Recording a script: first a plan, then the speaking of what the cache lacks.

mod check;
mod claim;
mod pace;
mod perform;
mod plan;

pub use check::{Doubts, doubts};
pub use pace::{keep_pace, pace};
pub use perform::{Manner, perform};
pub use plan::{Job, Plan, Recording, Selection, Take, estimate};
