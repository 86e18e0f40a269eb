//! `--json`: every event as one JSON object on a line of stdout.

use fullcast::event::{Event, Observer};

/// Prints events for programs.
pub(crate) struct JsonLines;

impl Observer for JsonLines {
    fn on(&self, event: &Event<'_>) {
        let line = serde_json::to_string(event).expect("an event is plain data");
        // A closed pipe must not stop a book in the making.
        let _ = super::print(&(line + "\n"));
    }
}
