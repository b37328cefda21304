//! Nets the operation-level events of an order into order-level postings. What is posted when: `docs/posting-rules.md`.
//!
//! * [`ledger`]: the books of one order: events in, what is due out. The core; everything else serves it.
//! * [`component`], [`receipt`], [`operation`]: the lines of the books. [`amount`]: what of a line is booked, and what is left.
//! * [`correction`]: which event was undone by which.
//! * [`coverage`]: the events that no posting accounts for yet.
//! * [`posting`]: what is due, as the contract has it. [`rule`]: who books, by which rule.
//! * [`state`]: the ledger as its store keeps it. [`size`]: how large it may become.
//! * [`processor`], [`args`]: what the runtime sees.

pub mod amount;
pub mod args;
pub mod component;
pub mod correction;
pub mod coverage;
pub mod error;
pub mod ledger;
pub mod operation;
pub mod posting;
pub mod processor;
pub mod receipt;
pub mod rule;
pub mod size;
pub mod state;

pub use args::OrderAggregatorArgs;
pub use error::LedgerError;
pub use ledger::{Change, Ledger};
pub use posting::Posting;
pub use processor::OrderAggregator;
