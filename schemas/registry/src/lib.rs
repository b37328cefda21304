//! The schema registry: Confluent's API, as Confluent's own registry and Apicurio's (`/apis/ccompat/v7`) speak it.
//!
//! * [`client`]: the calls. Blocking: for plain threads, not for async ones.
//! * [`compatibility`]: whether two schemas read each other's records, judged here, and why not.
//! * [`error`]: what can go wrong.

mod answer;
pub mod client;
pub mod compatibility;
pub mod error;
mod source;

pub use client::{Credentials, FULL_TRANSITIVE, RegistryClient, RegistrySettings};
pub use error::RegistryError;
