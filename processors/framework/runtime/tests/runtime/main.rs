//! The framework on a real Kafka.
#![allow(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

mod bench;
mod crash_points;
mod exactly_once;
mod health;
mod metric_names;
mod security;
mod steward;

use std::sync::LazyLock;

use lineside_local_stack::{LocalStack, SharedRegistry, StackOptions, StackSecurity};

/// One for all tests. It ends with the process.
static REGISTRY: LazyLock<SharedRegistry> = LazyLock::new(|| SharedRegistry::start().unwrap());

/// A Kafka of its own for a test, and the registry.
fn stack(security: Option<StackSecurity>) -> LocalStack {
    LocalStack::start(&StackOptions { registry: Some(REGISTRY.url().to_owned()), security, ..StackOptions::default() }).unwrap()
}
