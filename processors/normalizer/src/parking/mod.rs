//! Records that wait for master data.
//!
//! A record that refers to what is not there yet is kept, with its original bytes, in a store of its partition, and tried again when a record of master data arrives
//! that could help. While something of an aggregate waits, every later record of the same raw partition with events of that aggregate waits behind it, so that the
//! aggregate's order is that of the raw partition; others pass. A record makes several events and waits, and goes on, as a whole.
//!
//! Where the key of an event itself needs what is missing, its aggregate is not known, and could be any: then all later records of the raw partition with events for the
//! same topic and plant wait. `docs/master-data.md` has the reasons.
//!
//! * [`bounds`]: how many may wait, and how long. [`queue`]: who waits for what and behind whom, in memory. [`lot`]: the same for all raw topics of a partition, and its
//!   bounds. [`kept`]: a record as the store keeps it.

pub mod bounds;
pub(crate) mod kept;
pub(crate) mod lot;
pub(crate) mod queue;

pub use bounds::ParkingBounds;
