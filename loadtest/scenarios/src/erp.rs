//! The connector against a simulated ERP that misbehaves: what is posted, how it is disturbed, and whether each posting was booked exactly once.
//!
//! * [`documents`]: postings for the ERP, made from a seed. [`outcomes`]: what the connector said of them.
//! * [`check`]: whether the ERP's ledger holds each exactly once, and every outcome is right. Pure.
//! * [`client`]: the simulator's own account. [`run`]: a whole run.

pub mod check;
pub mod client;
pub mod documents;
pub mod outcomes;
pub mod run;
