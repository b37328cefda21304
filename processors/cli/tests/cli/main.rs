//! The operator's command line, as an operator runs it.
#![allow(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

mod add_a_source;
mod command_line;
mod configuration;
mod dead_letters;
mod dependencies;
mod error_pages;
mod explain;
mod live;
mod support;
