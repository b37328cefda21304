//! The topology on a live cluster: what differs, and how to make it so. Nothing is ever deleted.
//!
//! * [`wanted`]: what an environment asks for.
//! * [`actual`]: what the brokers and the registry have.
//! * [`difference`]: the one decision, a pure function of both.
//! * [`kafka`]: the brokers; [`cluster`]: brokers and registry together, read and changed.

pub mod actual;
pub mod cluster;
pub mod difference;
pub mod error;
pub mod kafka;
mod reasons;
pub mod wanted;

pub use actual::{Actual, ActualSubject, ActualTopic, Setting};
pub use cluster::Cluster;
pub use difference::{Change, Plan, Refusal, plan};
pub use error::ClusterError;
pub use kafka::{Kafka, KafkaSettings};
pub use wanted::{Wanted, WantedSubject};
