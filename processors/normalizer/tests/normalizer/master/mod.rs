//! References to master data: the language, what is made of them, and records that wait.

mod interleavings;
mod language;
mod parking;
mod plant;
