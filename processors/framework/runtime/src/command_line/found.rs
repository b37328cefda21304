//! What the command line, the environment and the file say together.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgMatches, Command};

use super::file::{self, FileSettings};
use super::{CommandLineError, Scope, report};
use crate::settings::ConnectionSettings;

/// The arguments of a command, with the file's values as defaults.
#[derive(Debug)]
pub struct Found {
    /// The command that was asked for, itself.
    command: Command,
    /// Of the whole program.
    matches: ArgMatches,
    path: Vec<&'static str>,
    file: FileSettings,
}

impl Found {
    /// Reads the file that `--config` or its variable names, if any, and then the arguments. `path` leads from the program to the command, by the names of
    /// subcommands; it is empty for a program that has none. The command must have the arguments of [`AboutConfiguration`](super::AboutConfiguration).
    ///
    /// # Errors
    /// [`CommandLineError`].
    ///
    /// # Panics
    /// If there is no command on that path.
    pub fn read(program: Command, path: &[&'static str], scope: &Scope, arguments: &[OsString]) -> Result<Self, CommandLineError> {
        let command = path.iter().fold(&program, |command, name| command.find_subcommand(name).expect("the path is one of the program's commands")).clone();
        let file = match config_file(&program, path, arguments) {
            Some(file) => file::read(&file, &command, scope).map_err(CommandLineError::File)?,
            None => FileSettings::default(),
        };
        let command = file.as_defaults(command);
        let matches = with(program, path, &command).try_get_matches_from(arguments)?;
        Ok(Self { command, matches, path: path.to_vec(), file })
    }

    /// The arguments of a program whose command reads no file.
    ///
    /// # Errors
    /// [`CommandLineError::Usage`].
    pub fn without_file(program: Command, arguments: &[OsString]) -> Result<Self, CommandLineError> {
        let matches = program.clone().try_get_matches_from(arguments)?;
        Ok(Self { command: program, matches, path: Vec::new(), file: FileSettings::default() })
    }

    /// What clap found, of the whole program.
    #[must_use]
    pub const fn matches(&self) -> &ArgMatches {
        &self.matches
    }

    fn of_command(&self) -> &ArgMatches {
        self.path.iter().fold(&self.matches, |matches, name| matches.subcommand_matches(name).unwrap_or(matches))
    }

    /// Puts the file's properties below those of the command line, checks all, and reads the secrets. `variable` gives an environment variable.
    ///
    /// # Errors
    /// [`CommandLineError::Settings`].
    pub fn complete(&self, connection: &mut ConnectionSettings, variable: impl Fn(&str) -> Option<String>) -> Result<(), CommandLineError> {
        // A property on the command line wins over the same one in the file.
        let of_file = self.file.properties.iter().filter(|(key, _)| connection.properties.iter().all(|(given, _)| given != *key));
        connection.properties = of_file.map(|(key, given)| (key.clone(), given.texts.concat())).chain(connection.properties.clone()).collect();
        connection.complete(variable).map_err(CommandLineError::Settings)
    }

    /// Every setting in force with its origin, as a file that `--config` reads again. To be asked for when they are complete.
    #[must_use]
    pub fn report(&self, connection: &ConnectionSettings) -> String {
        report::report(&self.command, self.of_command(), &self.file, connection)
    }
}

/// The program with this command on that path.
fn with(program: Command, path: &[&str], command: &Command) -> Command {
    match path.split_first() {
        None => command.clone(),
        Some((name, rest)) => program.mut_subcommand(name, |next| with(next, rest, command)),
    }
}

/// The file that the flag or the variable names, before anything else is judged.
fn config_file(program: &Command, path: &[&str], arguments: &[OsString]) -> Option<PathBuf> {
    let matches = program.clone().ignore_errors(true).try_get_matches_from(arguments).ok()?;
    let matches = path.iter().try_fold(&matches, |matches, name| matches.subcommand_matches(name))?;
    matches.get_one::<PathBuf>("config").cloned()
}
