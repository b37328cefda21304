//! Nets the operation-level events of an order into order-level postings. What is posted when: `docs/posting-rules.md`.
//!
//! * [`ledger`]: the books of one order: events in, sums. [`entry`]: what an event adds to them.
//! * [`goods`], [`operation`], [`line`]: the lines of the books. [`sum`], [`exact`]: their amounts, in every unit, never rounded before a posting.
//! * [`remembered`]: which event was undone by which. [`life`]: where the order stands. [`plan`]: what it was to become.
//! * [`coverage`]: the events that no posting accounts for yet.
//! * [`due`]: what is due of the books, and what a rule holds. [`tolerance`], [`scrap`]: of what it depends. [`when`]: when it is posted.
//! * [`posting`]: what is due, as the contract has it. [`published`]: postings that may be reversed by reference.
//! * [`desk`]: all of it put together. The core; pure. [`master`]: what it knows of items, units and shifts. [`status`]: what operators see.
//! * [`state`], [`size`], [`keys`], [`shelf`]: the books as their stores keep them.
//! * [`processor`], [`wake`], [`input`], [`args`]: what the runtime sees.

pub mod args;
pub mod coverage;
pub mod desk;
pub mod due;
pub mod entry;
pub mod error;
pub mod exact;
pub mod goods;
pub mod input;
pub mod keys;
pub mod ledger;
pub mod life;
pub mod line;
pub mod master;
pub mod operation;
pub mod plan;
pub mod posting;
pub mod processor;
pub mod published;
pub mod remembered;
pub mod scrap;
pub mod shelf;
pub mod size;
pub mod state;
pub mod status;
pub mod sum;
pub mod tolerance;
pub mod wake;
pub mod when;

pub use args::OrderAggregatorArgs;
pub use desk::{Desk, DeskError};
pub use error::LedgerError;
pub use ledger::{Change, Ledger};
pub use processor::OrderAggregator;
