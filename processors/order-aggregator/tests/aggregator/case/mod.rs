//! The file format of a case, and what a run comes to in the same form.

mod event;
mod rendered;

pub use event::OwnedEvent;
pub use rendered::{Outcome, outcome};
use serde::Deserialize;

/// A case: the events of one order, and what has to come of them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it shows, in a sentence.
    pub shows: String,
    events: Vec<event::Event>,
    expect: Outcome,
}

impl Case {
    /// The events, with what the file leaves out filled in.
    pub fn events(&self) -> Vec<OwnedEvent> {
        (0..).zip(&self.events).map(|(index, event)| event.owned(index)).collect()
    }

    /// What has to come of them.
    pub fn expected(&self) -> Outcome {
        self.expect.clone()
    }
}
