//! Processors without Kafka: one of them, or the whole topology, in memory, with a manual clock and faults drawn from a seed.
//!
//! * [`codec()`](codec::codec): a codec that knows every topic of the table.
//! * [`driver`]: [`TestDriver`], one processor: records in; outputs, dead letters, counters and state out; commit, abort, crash.
//! * [`topology_driver`]: [`TopologyDriver`], several processors wired by topics, with crashes at every step of the protocol. A seed gives the schedule; the same
//!   seed gives the same run again.
//! * [`broker`], [`log`]: topics as Kafka keeps them: partitions, transactions, offsets of groups, reading only what is committed.
//! * [`calls`]: the world outside, as a script that answers calls late, or never.
//! * [`worker`], [`faults`]: the loop of a stream thread, step by step, as `docs/EXACTLY_ONCE.md` has it, and where it can break.
//! * [`dice`]: the source of every choice. [`output`]: reading a topic's records.
//!
//! The command line runs documents through the topology with it too. Nothing here knows Kafka's client or an asynchronous runtime.

pub mod broker;
pub mod calls;
pub mod codec;
pub mod dice;
pub mod driver;
pub mod faults;
pub mod log;
pub mod output;
mod tables;
pub mod topology_driver;
pub mod worker;

pub use broker::{Broker, InputRecord};
pub use codec::codec;
pub use driver::TestDriver;
pub use faults::{CrashPoint, Faults};
pub use output::Output;
pub use topology_driver::{BatchSize, Report, Settings, TopologyDriver};
pub use worker::WorkerError;
