//! The connector against a simulated ERP that misbehaves: what is posted, how it is disturbed, and whether each posting was booked exactly once.
//!
//! * [`documents`]: postings for the ERP, made from a seed.
//! * [`check`]: whether the ERP's ledger holds each exactly once, and every outcome is right. Pure.
//! * [`client`]: the simulator's own account. [`settings`]: how both are set up. [`run`]: a whole run.

pub mod check;
pub mod client;
pub mod documents;
pub mod run;
pub mod settings;
