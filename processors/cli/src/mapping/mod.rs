//! `lineside mapping`: mapping files checked, begun, described.
//!
//! * [`arguments`]: what can be asked. [`check`]: which files, and what is wrong with them.

pub mod arguments;
pub mod check;

use std::io::Write as _;

use self::arguments::MappingCommand;
use self::check::CheckError;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum MappingCommandError {
    /// The files are not to be had.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// Standard output cannot be written.
    #[error("standard output: {0}")]
    Output(std::io::Error),
}

/// Does what is asked; false if something is wrong with a mapping.
///
/// # Errors
/// [`MappingCommandError`], in words for an integration engineer.
pub fn run(command: &MappingCommand) -> Result<bool, MappingCommandError> {
    match command {
        MappingCommand::Check { paths } => {
            let checked = check::check(paths)?;
            print(&checked.said)?;
            checked.wrong.iter().for_each(|wrong| eprintln!("{wrong}"));
            Ok(checked.wrong.is_empty())
        }
    }
}

/// Prints all of it; a reader that has closed the pipe has seen enough.
fn print(text: &str) -> Result<(), MappingCommandError> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(MappingCommandError::Output(error)),
        _ => Ok(()),
    }
}
