//! Simulated plants: what they send, and what has to come of it.
//!
//! [`Simulation::new`] writes the whole input of a run from a seed: the documents of `plant-a` (JSON of a manufacturing
//! execution system) and `plant-b` (B2MML V0401 XML), interleaved as they would arrive, with what real plants add to the
//! truth: repeats, contradictions, records that come late or out of order, returns, reversals, and records that are broken.
//! Beside them it keeps [`Expected`]: the books that a right pipeline must end with, computed from the story and never from
//! the documents.
//!
//! [`plant_d`] is a small one whose records need master data, which it sends apart.
//!
//! Nothing here reads a clock or a file: the same seed, size and start give the same bytes.

mod amount;
mod broken;
mod disturbance;
mod expected;
mod order;
mod plant;
mod plant_a;
mod plant_b;
pub mod plant_d;
mod random;
mod report;
mod simulation;
mod story;

pub use amount::{Amount, BaseUnit};
pub use broken::Defect;
pub use expected::{Counts, Expected, ExpectedOrder, LineKey, OperationTotals, OrderKey, ReceiptKey};
pub use plant::Plant;
pub use random::Random;
pub use simulation::{RawDocument, Running, Simulation};
