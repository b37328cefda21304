//! `lineside mapping`: mapping files checked, begun, described.
//!
//! * [`arguments`]: what can be asked. [`check`]: which files, and what is wrong with them. [`examples`]: what their examples become.

pub mod arguments;
pub mod check;
pub mod examples;

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use lineside_normalizer::draft::{self, DraftError, Wish};
use lineside_normalizer::json_schema;

use self::arguments::{MappingCommand, NewArguments};
use self::check::CheckError;
use self::examples::TestError;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum MappingCommandError {
    /// The files are not to be had.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// The examples cannot be tried.
    #[error(transparent)]
    Test(#[from] TestError),
    /// The sample cannot be read.
    #[error("{}: {error}", path.display())]
    Sample {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// No mapping can be begun from the sample.
    #[error(transparent)]
    Draft(#[from] DraftError),
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
        MappingCommand::Test { paths, bless } => {
            let tested = examples::test(paths, *bless)?;
            print(&tested.said)?;
            Ok(tested.is_sound)
        }
        MappingCommand::Schema => print(&format!("{:#}\n", json_schema())).map(|()| true),
        MappingCommand::New(arguments) => begin(arguments).map(|()| true),
    }
}

fn begin(arguments: &NewArguments) -> Result<(), MappingCommandError> {
    let NewArguments { source, contract, event_types, sample } = arguments;
    let bytes = read(sample).map_err(|error| MappingCommandError::Sample { path: sample.clone(), error })?;
    let name = sample.file_name().map_or_else(|| "standard input".to_owned(), |name| name.to_string_lossy().into_owned());
    let event_types: Vec<&str> = event_types.iter().map(String::as_str).collect();
    let wish = Wish { source, sample: &name, contract: contract.as_deref(), event_types: &event_types };
    print(&draft::draft(&wish, &bytes)?)
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    if path.as_os_str() != "-" {
        return std::fs::read(path);
    }
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Prints all of it; a reader that has closed the pipe has seen enough.
fn print(text: &str) -> Result<(), MappingCommandError> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(MappingCommandError::Output(error)),
        _ => Ok(()),
    }
}
