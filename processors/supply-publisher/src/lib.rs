//! Publishes how far each order is against its plan, after every event that changes it.
//!
//! * [`progress`]: the progress of one order and what events do to it; pure, in exact decimals.
//! * [`contract`](mod@contract): between that and the record that the store and the topic carry.
//! * [`processor`]: the rule at work on production events.
//! * [`args`]: the settings.

pub mod args;
pub mod contract;
pub mod processor;
pub mod progress;

pub use args::SupplyPublisherArgs;
pub use processor::SupplyPublisher;
pub use progress::{Amount, Change, Progress, ProgressError, Status};
