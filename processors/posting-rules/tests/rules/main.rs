//! Rule files, what is wrong with them, how they come back, who may publish and approve.
#![allow(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

mod differences;
mod errors;
mod files;
mod governing;
mod round_trip;
mod schema;
