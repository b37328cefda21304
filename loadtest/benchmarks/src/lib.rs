//! What the runtime costs and how long a record takes, measured on a Kafka of its own.
//!
//! * [`copy`]: CPU per record of a trivial copying processor, against a plain librdkafka loop.
//! * [`hop`]: how long one record at a time takes through copying processors.
//! * [`frames`]: the same events over one hop with frames and without.
//! * [`cohost`]: the real processors as separate processes against all in one, at a fixed rate.
//! * [`mapping`]: the pure mapping of a record, step by step; without Kafka.
//!
//! Each but the last runs both sides in turns on one stack and reports medians, so that only what stands side by side is compared.
//!
//! * [`stack`]: Kafka, its topics and a registry; [`hosting`]: a stream thread in this process; [`clients`]: producers and readers around it.
//! * [`cpu`]: CPU time of this process, of others, of the machine; [`figures`]: medians, percentiles, histograms; [`window`]: the part of a run that is measured; [`report`]: tables and JSON.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "in a test, a panic is the report"))]

pub mod clients;
pub mod cohost;
pub mod copy;
pub mod cpu;
mod error;
pub mod figures;
pub mod frames;
pub mod hop;
pub mod hosting;
pub mod mapping;
pub mod report;
pub mod stack;
pub mod window;
pub mod year;

pub use error::BenchError;
