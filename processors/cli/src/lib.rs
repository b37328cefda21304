//! `lineside`: the operator's command line.
//!
//! * [`arguments`]: what can be asked.
//! * [`hosting`]: several processors in one process.
//! * [`kubernetes`]: manifests rendered and written.
//! * [`topology`]: the topology described, compared with a cluster, applied to it.

pub mod arguments;
mod connection;
pub mod hosting;
pub mod kubernetes;
pub mod topology;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Area, Arguments};

/// A plan found differences. Anything that went wrong, the command line itself included, is 1.
pub const DIFFERS: u8 = 2;
const FAILED: u8 = 1;

/// Does what the command line asks, speaks to standard output and error, and says how it went.
pub fn run(command_line: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(command_line) {
        Ok(arguments) => arguments,
        Err(message) => {
            // A closed pipe is all that can go wrong here, and then nobody reads.
            _ = message.print();
            return if message.use_stderr() { ExitCode::from(FAILED) } else { ExitCode::SUCCESS };
        }
    };
    match arguments.area {
        Area::Topology(command) => topology::run(&command).map_or_else(
            |error| {
                eprintln!("lineside: {error}");
                ExitCode::from(FAILED)
            },
            |outcome| ExitCode::from(outcome.exit_code()),
        ),
        Area::Run(arguments) => hosting::run(*arguments),
    }
}
