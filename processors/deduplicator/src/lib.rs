//! Passes each event on once, by its identity (source, event id), and shows what it cannot pass on.
//!
//! * [`decision`]: the rule, as a pure function of the clock, the event and what was accepted before, with the proof that it accepts nothing twice.
//! * [`processor`]: the rule at work on the topic `normalized`; payloads are passed on without being decoded.
//! * [`args`]: the settings.

pub mod args;
pub mod decision;
pub mod processor;

pub use args::DeduplicatorArgs;
pub use decision::{Decision, Event, Window, WindowError, decide};
pub use processor::{ACCEPTED_EVENTS, DUPLICATES, Deduplicator};
