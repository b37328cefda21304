//! The state of a task: every store that a processor keeps for one of its input partitions.
//!
//! * [`task`]: [`TaskState`], what the runtime and the testkit hold; the overlay of the open transaction and the local stores behind it.
//! * [`backend`]: where the local stores live, and how much memory they may take.
//! * [`stats`]: their sizes.
//! * `keyed`: values by key: an overlay, a cache of live keys, and a local store (fjall, or a map in memory).
//! * `ids`: accepted event ids: append-only files by source day, and fingerprints in memory.
//! * `directory`, `fault`: a store's folder with its format, and what can be wrong with it.
//!
//! A local store is a copy of its changelog up to a position. What is lost or damaged is wiped and restored; nothing is ever repaired by guessing.

pub mod backend;
mod directory;
mod fault;
mod ids;
mod keyed;
pub mod stats;
pub mod task;

pub use backend::{Backend, Limits};
pub use lineside_api::StoreError;
pub use stats::StoreStats;
pub use task::{Emit, TaskState};
