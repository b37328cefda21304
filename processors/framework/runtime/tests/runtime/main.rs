//! The framework on a real Kafka.
#![allow(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

mod bench;
mod crash_points;
mod exactly_once;
mod health;
mod metric_names;
mod security;
mod steward;
