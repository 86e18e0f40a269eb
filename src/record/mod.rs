//! Recording a script: first a plan, then the speaking of what the cache lacks.

mod perform;
mod plan;

pub use perform::perform;
pub use plan::{Job, Plan, Recording, Selection, Take, estimate};
