//! References to master data: the language, what is made of them, and records that wait.

#[path = "../support/mod.rs"]
mod support;

mod interleavings;
mod language;
mod parking;
mod plant;
