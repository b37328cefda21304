//! The simulated ERP over HTTP, with a plain client.

mod admin;
mod client;
mod faults;
mod odoo;
mod restart;
mod s4;
