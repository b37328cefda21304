//! The whole of it on a real Kafka. One executable, so that tests wait side by side: most of their time nothing computes.
#![allow(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

mod books;
mod demo;
mod deployments;
mod erp_faults;
mod finding;
mod foreign_client;
mod kill_each_processor;
mod partition_counts;
mod permissions;
mod restart_times;
mod settling;
mod support;
mod waiting;
mod watching;
