//! The life of a document on its way into the ERP, as one pure function.
//!
//! * [`state`]: what is kept of it.
//! * [`event`]: what can happen, and what follows.
//! * [`step`]: from one to the next.
//! * [`line`]: what became of its lines.
//! * [`policy`]: how long and how often.

pub mod event;
pub mod line;
pub mod policy;
pub mod state;
mod step;
#[cfg(test)]
mod step_tests;

pub use event::{Answer, Effect, Event, Verdict};
pub use line::{Fate, FoundLine, Line, Place, Refusal};
pub use policy::{Backoff, Policy, Proof};
pub use state::{Posting, Refused, Remedy, Settler, State};
pub use step::step;
