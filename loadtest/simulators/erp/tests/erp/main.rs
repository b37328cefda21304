//! The simulated ERP over HTTP, with a plain client.
#![allow(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

mod admin;
mod client;
mod faults;
mod odoo;
mod restart;
mod s4;
