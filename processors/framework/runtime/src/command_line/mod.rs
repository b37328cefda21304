//! Where a process's settings come from: flags, then the environment, then a TOML file, then defaults.
//!
//! The file's values become the defaults of clap's arguments, so that every setting, a processor's own too, is declared once.
//!
//! * [`read`]: a processor's binary.
//! * [`Scope`], [`Found`]: any other command whose settings may come from a file, one of several commands of a program too.

mod file;
mod found;
mod report;
mod scope;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Command, CommandFactory as _, FromArgMatches as _};

use crate::application::Application;
use crate::settings::Settings;

pub use found::Found;
pub use report::memory;
pub use scope::{BOOKS_TABLE, COMMAND_TABLES, DEAD_LETTERS_TABLE, HostedTable, LINEAGE_TABLE, PARKED_TABLE, RULES_TABLE, RUN_TABLE, Scope, TOPOLOGY_TABLE, TRACE_TABLE};

/// What a wrong command line or configuration ends a process with.
pub const WRONG: u8 = 2;

/// What a process was told.
#[derive(Debug)]
pub struct Line<A> {
    /// Settings that every processor has, complete with secrets.
    pub settings: Settings,
    /// The processor's own.
    pub application: A,
}

#[derive(Debug, clap::Parser)]
#[command(version)]
struct CommandLine<A: clap::Args> {
    #[command(flatten)]
    about: AboutConfiguration,
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    application: A,
}

/// Arguments about the settings, which no file can hold.
#[derive(Debug, Clone, clap::Args)]
pub struct AboutConfiguration {
    /// TOML file with settings: the flags' names in `snake_case`, and a table `properties` for librdkafka.
    #[arg(long, env = "LINESIDE_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Print every setting in force with its origin, secrets left out, and exit.
    #[arg(long)]
    pub print_config: bool,
}

/// Ids of [`AboutConfiguration`]'s arguments.
const ABOUT_CONFIGURATION: [&str; 2] = ["config", "print_config"];
/// Id of the argument for librdkafka's properties, a table in the file.
const PROPERTIES: &str = "properties";

/// Why there is nothing to run.
#[derive(Debug, thiserror::Error)]
pub enum CommandLineError {
    /// A flag or a variable is wrong, or help was asked for.
    #[error(transparent)]
    Usage(#[from] clap::Error),
    /// The configuration's file is; one line for each problem, with file and line.
    #[error("{}", .0.join("\n"))]
    File(Vec<String>),
    /// The settings do not go together, or a secret cannot be read.
    #[error("{0}")]
    Settings(String),
}

impl CommandLineError {
    /// Says it, and gives the code to exit with: 0 when help was asked for, else `wrong`.
    #[must_use]
    pub fn tell(&self, wrong: u8) -> ExitCode {
        match self {
            Self::Usage(error) => match error.print() {
                Ok(()) if error.use_stderr() => ExitCode::from(wrong),
                Ok(()) => ExitCode::SUCCESS,
                Err(_) => ExitCode::FAILURE,
            },
            error => {
                eprintln!("error: {error}");
                ExitCode::from(wrong)
            }
        }
    }
}

/// What was asked for.
#[derive(Debug)]
pub enum Asked<T> {
    /// To run.
    Run(Box<T>),
    /// To print this and exit.
    Print(String),
}

/// The command of a processor, with all its arguments.
#[must_use]
pub fn command<A: Application>() -> Command {
    CommandLine::<A>::command().name(A::SPEC.name).about(A::SPEC.purpose)
}

/// Prints the text, and gives the code to exit with.
#[must_use]
pub fn print(text: &str) -> ExitCode {
    // Not `print!`, which panics when the reader has gone.
    let written = std::io::stdout().write_all(text.as_bytes());
    if written.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The settings of this process.
///
/// # Errors
/// The code to exit with, once what was wrong or asked for has been printed.
pub fn parse<A: Application>() -> Result<Line<A>, ExitCode> {
    match read::<A>(std::env::args_os(), |name| std::env::var(name).ok()) {
        Ok(Asked::Run(line)) => Ok(*line),
        Ok(Asked::Print(text)) => Err(print(&text)),
        Err(error) => Err(error.tell(WRONG)),
    }
}

/// Settings from these arguments, the environment, and the file that either names. `variable` gives an environment variable that holds a secret.
///
/// # Errors
/// [`CommandLineError`].
pub fn read<A: Application>(arguments: impl IntoIterator<Item = OsString>, variable: impl Fn(&str) -> Option<String>) -> Result<Asked<Line<A>>, CommandLineError> {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let found = Found::read(command::<A>(), &[], &Scope::of_processor(A::SPEC.name), &arguments)?;
    let CommandLine { about, mut settings, application } = CommandLine::<A>::from_arg_matches(found.matches())?;
    found.complete(&mut settings.connection, variable)?;
    if about.print_config {
        return Ok(Asked::Print(found.report(&settings.connection) + &memory(&settings, &[A::SPEC])));
    }
    Ok(Asked::Run(Box::new(Line { settings, application })))
}

#[cfg(test)]
mod tests;
