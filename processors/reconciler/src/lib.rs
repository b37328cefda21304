//! Keeps the books of every order from the topics alone, and names every gap. What the classes mean: `docs/books.md`.
//!
//! It shares no arithmetic with the processors whose work it judges: sums, rounding and the rules of what an event does to a line are written down here once more.
//!
//! * [`processor`], [`input`], [`args`]: what the runtime sees; [`look`]: what happens at the end of a batch.
//! * [`account`]: the state of one order: lines, coverage, what waits. [`shelf`]: what is kept beside the accounts, each under a key of its own.
//! * [`fact`]: what an event does to the lines. [`coverage`]: which events a posting covers. [`posting`]: a posting and what it asks of the ERP; [`erp`]: what the
//!   ERP topics and the ERP itself say about it.
//! * [`fold`]: the lines as postings count them. [`rounding`]: what of a net may be posted; [`rules`]: the rules that it takes from their topic.
//! * [`judge`]: every difference, by class ([`difference`]). [`books`]: the record that is published; [`totals`]: its sums;
//!   [`levels`]: what the metrics show of them.

pub mod account;
pub mod args;
pub mod books;
pub mod coverage;
pub mod difference;
pub mod erp;
pub mod fact;
pub mod fingerprint;
pub mod fold;
pub mod input;
pub mod judge;
pub mod levels;
pub mod look;
pub mod posting;
pub mod processor;
pub mod rounding;
pub mod rules;
pub mod shelf;
pub mod totals;

pub use args::ReconcilerArgs;
pub use processor::Reconciler;
