//! An ERP to test connectors against. It books what it is asked, each time it is asked, and misbehaves as real ones do: by a seed, or by a script.
//!
//! * [`engine`]: what a request books. The core; pure. What the ERP holds is [`state`], made of the [`entry`]s of its ledger alone.
//! * [`faults`]: how it misbehaves, a pure function of seed, key and attempt.
//! * [`journal`]: the ledger's file. [`erp`]: all of that together, shared by the connections.
//! * [`http`]: two dialects, the admin interface, a page; connections that break at will.
//! * [`command`], [`refusal`], [`movement`], [`quantity`], [`unit`]: the words of it.
//!
//! `docs/erp-simulator.md` says how to use it.

pub mod args;
pub mod command;
pub mod engine;
pub mod entry;
pub mod erp;
pub mod faults;
pub mod http;
pub mod journal;
pub mod movement;
pub mod quantity;
pub mod refusal;
pub mod state;
pub mod unit;
