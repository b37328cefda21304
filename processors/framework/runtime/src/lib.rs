//! The runtime: polls, processes, and commits input offsets, outputs and state changes in one Kafka transaction.
//!
//! A [`stream_thread`] is an OS thread that owns one transactional producer and, for each processor it hosts, one consumer.
//! Everything it does is synchronous: Kafka's transaction calls block and have no other form. tokio serves HTTP and signals only.
//!
//! * [`application`]: what a processor's `main.rs` hands over; [`run`] is all that it calls.
//! * [`command_line`], [`settings`], [`clients`], [`identity`]: configuration from flags, environment and a file, librdkafka's settings, and the ids that stay the same over restarts.
//! * [`startup`], [`partition_counts`]: what must hold before the first record: schemas registered, topics there, counts agreeing.
//! * [`stream_thread`], [`thread_error`], [`host`], [`work`], [`tables`], [`calls`], [`batch`], [`pace`], [`assignment`], [`transaction`], [`restore`]: the loop, see `docs/EXACTLY_ONCE.md`.
//! * [`memory`]: the most memory that it takes.
//! * [`metrics`], [`gauges`], [`health`], [`http`], [`logging`], [`refusals`], [`panics`]: how an operator sees it.

pub mod application;
pub mod assignment;
pub mod batch;
pub mod calls;
pub mod clients;
pub mod command_line;
pub mod crash;
mod ends;
pub mod gauges;
pub mod health;
pub mod host;
pub mod http;
pub mod identity;
pub mod logging;
pub mod memory;
pub mod metrics;
pub mod pace;
pub mod panics;
pub mod partition_counts;
pub mod refusals;
pub mod restore;
pub mod settings;
pub mod startup;
pub mod stream_thread;
pub mod supervisor;
pub mod tables;
pub mod thread_error;
pub mod transaction;
pub mod work;

pub use application::{Application, StartError};
pub use calls::{CallFuture, Caller};
pub use settings::Settings;
pub use supervisor::{Hostable, host, run};
