//! The ERP publisher from outside: what a posting becomes, and which postings are refused.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod properties;
mod published;
mod refusals;
mod sample;
mod support;
