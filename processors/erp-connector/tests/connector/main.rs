//! The connector as a whole.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at what it did not expect")]

mod booking;
mod dialects;
mod erp;
mod model;
mod properties;
mod settings;
