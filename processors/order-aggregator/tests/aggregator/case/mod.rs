//! The file format of a case, and what a run comes to in the same form.

mod event;
mod plan;
mod rendered;
mod world;

pub use event::{OwnedEvent, Step};
use lineside_order_aggregator::master::Master;
use lineside_posting_rules::RuleBook;
pub use rendered::{Outcome, outcome};
use serde::Deserialize;

/// A case: the events of one order, and what has to come of them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it shows, in a sentence.
    pub shows: String,
    /// The rule behind it: a sentence of `docs/posting-rules.md`.
    pub rule: String,
    /// Where the rule comes from, in public.
    pub source: String,
    /// Rules and master data; none of them: the built-in rule, and nothing known.
    #[serde(default)]
    given: world::Given,
    events: Vec<event::Entry>,
    expect: Outcome,
}

impl Case {
    /// What happens, with what the file leaves out filled in.
    pub fn steps(&self) -> Vec<Step> {
        (0..).zip(&self.events).map(|(index, entry)| entry.step(index)).collect()
    }

    /// Rules and master data.
    pub fn world(&self) -> (RuleBook, Master) {
        self.given.world()
    }

    /// What has to come of them.
    pub fn expected(&self) -> Outcome {
        self.expect.clone()
    }
}

/// An event of this YAML, with what it leaves out filled in.
pub fn event(yaml: &str) -> OwnedEvent {
    match serde_yaml_ng::from_str::<event::Entry>(yaml).unwrap().step(0) {
        Step::Event(event) => *event,
        other => panic!("{other:?} is no event"),
    }
}
