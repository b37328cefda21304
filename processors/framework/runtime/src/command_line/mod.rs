//! Where a process's settings come from: flags, then the environment, then a TOML file, then defaults.
//!
//! The file's values become the defaults of clap's arguments, so that every setting, a processor's own too, is declared once.

mod file;
mod report;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgMatches, Command, CommandFactory as _, FromArgMatches as _};

use crate::application::Application;
use crate::settings::Settings;
use file::FileSettings;

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
#[derive(Debug, clap::Args)]
struct AboutConfiguration {
    /// TOML file with settings: the flags' names in `snake_case`, and a table `properties` for librdkafka.
    #[arg(long, env = "LINESIDE_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,

    /// Print every setting in force with its origin, secrets left out, and exit.
    #[arg(long)]
    print_config: bool,
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

/// What was asked for.
#[derive(Debug)]
pub enum Asked<A> {
    /// To run.
    Run(Box<Line<A>>),
    /// To print this and exit.
    Print(String),
}

/// The command of a processor, with all its arguments.
#[must_use]
pub fn command<A: Application>() -> Command {
    CommandLine::<A>::command().name(A::SPEC.name).about(A::SPEC.purpose)
}

/// The settings of this process.
///
/// # Errors
/// The code to exit with, once what was wrong or asked for has been printed.
pub fn parse<A: Application>() -> Result<Line<A>, ExitCode> {
    match read::<A>(std::env::args_os(), |name| std::env::var(name).ok()) {
        Ok(Asked::Run(line)) => Ok(*line),
        Ok(Asked::Print(text)) => {
            // Not `print!`, which panics when the reader has gone.
            let written = std::io::stdout().write_all(text.as_bytes());
            Err(if written.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Err(CommandLineError::Usage(error)) => {
            let printed = error.print();
            Err(if printed.is_ok() { ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2)) } else { ExitCode::FAILURE })
        }
        Err(error) => {
            eprintln!("error: {error}");
            Err(ExitCode::from(2))
        }
    }
}

/// Settings from these arguments, the environment, and the file that either names. `variable` gives an environment variable that holds a secret.
///
/// # Errors
/// [`CommandLineError`].
pub fn read<A: Application>(arguments: impl IntoIterator<Item = OsString>, variable: impl Fn(&str) -> Option<String>) -> Result<Asked<A>, CommandLineError> {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let command = command::<A>();
    let file = match config_file(&command, &arguments) {
        Some(path) => file::read(&path, &command, A::SPEC.name).map_err(CommandLineError::File)?,
        None => FileSettings::default(),
    };
    let command = file.as_defaults(command);
    let matches = command.clone().try_get_matches_from(&arguments)?;
    let CommandLine { about, mut settings, application } = CommandLine::<A>::from_arg_matches(&matches)?;
    // A property on the command line wins over the same one in the file.
    let of_file = file.properties.iter().filter(|(key, _)| settings.properties.iter().all(|(given, _)| given != *key));
    settings.properties = of_file.map(|(key, given)| (key.clone(), given.texts.concat())).chain(settings.properties.clone()).collect();
    settings.complete(variable).map_err(CommandLineError::Settings)?;
    if about.print_config {
        return Ok(Asked::Print(report::report(&command, &matches, &file, &settings, A::SPEC)));
    }
    Ok(Asked::Run(Box::new(Line { settings, application })))
}

/// The file that the flag or the variable names, before anything else is judged.
fn config_file(command: &Command, arguments: &[OsString]) -> Option<PathBuf> {
    let matches: ArgMatches = command.clone().ignore_errors(true).try_get_matches_from(arguments).ok()?;
    matches.get_one::<PathBuf>("config").cloned()
}

#[cfg(test)]
mod tests;
