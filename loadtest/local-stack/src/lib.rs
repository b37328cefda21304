//! A real Apache Kafka (one `KRaft` node) and a real schema registry (Apicurio, with Confluent's API) on free ports of
//! 127.0.0.1, without containers.
//!
//! Both run from the Java archives their projects publish. [`LocalStack::start`] fetches those once into
//! `target/local-stack/`, starts both servers, waits until both answer, and ends them when it is dropped. The servers
//! end as well when the process that started them is killed.
//!
//! Unix only: each server runs under a small `sh` watcher.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "in a test, a panic is the report"))]

mod artifacts;
mod class_archive;
mod data_folder;
mod error;
mod jvm;
mod kafka;
mod options;
mod ports;
mod prerequisites;
mod readiness;
mod registry;
mod security;
mod shared_registry;
mod stack;
mod watched_process;

pub use artifacts::{Artifacts, KAFKA_VERSION, REGISTRY_VERSION, fetch};
pub use class_archive::write_class_archives;
pub use error::StackError;
pub use options::{DataFolder, StackOptions};
pub use prerequisites::{Missing, prerequisites};
pub use security::{StackSecurity, User};
pub use shared_registry::SharedRegistry;
pub use stack::LocalStack;
