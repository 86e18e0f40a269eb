//! Recording a script: first a plan, then the speaking of what the cache lacks.

mod pace;
mod perform;
mod plan;

pub use pace::{keep_pace, pace};
pub use perform::perform;
pub use plan::{Job, Plan, Recording, Selection, Take, estimate};
