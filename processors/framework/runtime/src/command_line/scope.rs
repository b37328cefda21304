//! Which parts of a file a command reads: one file can serve all processors, however they are hosted, and the operator's commands.

use clap::{Args as _, Command};
use lineside_topology::processors::PROCESSORS;

use super::PROPERTIES;
use crate::application::Application;
use crate::settings::Settings;

/// Table of `lineside run`.
pub const RUN_TABLE: &str = "run";
/// Table of `lineside topology plan` and `apply`.
pub const TOPOLOGY_TABLE: &str = "topology";
/// Table of `lineside dead-letters`.
pub const DEAD_LETTERS_TABLE: &str = "dead-letters";
/// Table of the commands of `lineside rules` that reach the cluster.
pub const RULES_TABLE: &str = "rules";
/// Table of `lineside lineage`.
pub const LINEAGE_TABLE: &str = "lineage";
/// Table of `lineside parked`.
pub const PARKED_TABLE: &str = "parked";
/// Table of `lineside books`.
pub const BOOKS_TABLE: &str = "books";
/// Table of `lineside trace`.
pub const TRACE_TABLE: &str = "trace";
/// Tables named after commands, beside those named after processors.
pub const COMMAND_TABLES: [&str; 8] = [RUN_TABLE, TOPOLOGY_TABLE, DEAD_LETTERS_TABLE, RULES_TABLE, LINEAGE_TABLE, PARKED_TABLE, BOOKS_TABLE, TRACE_TABLE];

/// Which tables count for a command, besides what stands at the top.
#[derive(Debug, Clone)]
pub struct Scope {
    /// Its own, whose keys win over those at the top.
    pub(super) own: &'static str,
    /// Those of the processors it hosts, which win for the processors' own settings.
    pub(super) hosted: Vec<HostedTable>,
    /// What others may read at the top: judged, and left to them.
    pub(super) of_others: Option<Command>,
}

/// The table of a hosted processor. What it says of the process (state folder, user, batches) is for the processor's own binary.
#[derive(Debug, Clone)]
pub struct HostedTable {
    pub(super) processor: &'static str,
    /// The processor's own binary, which judges the table.
    pub(super) command: Command,
    /// Ids of the settings that are the processor's alone.
    pub(super) settings: Vec<String>,
}

impl HostedTable {
    /// Of that processor.
    #[must_use]
    pub fn of<A: Application>() -> Self {
        let own = A::augment_args(Command::new(A::SPEC.name));
        Self { processor: A::SPEC.name, command: super::command::<A>(), settings: own.get_arguments().map(|arg| arg.get_id().as_str().to_owned()).collect() }
    }
}

impl Scope {
    /// Of a processor's own binary.
    #[must_use]
    pub const fn of_processor(name: &'static str) -> Self {
        Self { own: name, hosted: Vec::new(), of_others: None }
    }

    /// Of a process that hosts processors together.
    #[must_use]
    pub const fn of_host(hosted: Vec<HostedTable>) -> Self {
        Self { own: RUN_TABLE, hosted, of_others: None }
    }

    /// Of a command that runs no processor. The file may hold what processors read.
    #[must_use]
    pub fn of_operator(table: &'static str) -> Self {
        Self { own: table, hosted: Vec::new(), of_others: Some(Settings::augment_args(Command::new(table))) }
    }

    /// Names of all tables that a file may hold.
    pub(super) fn tables() -> impl Iterator<Item = &'static str> {
        PROCESSORS.iter().map(|spec| spec.name).chain(COMMAND_TABLES)
    }

    /// Names that a key at the top could have been meant as.
    pub(super) fn keys_of_others(&self) -> Vec<&str> {
        let mut keys: Vec<&str> = self.of_others.iter().flat_map(super::file::arguments).map(|arg| arg.get_id().as_str()).collect();
        Self::tables().for_each(|table| keys.push(table));
        keys.push(PROPERTIES);
        keys
    }
}
