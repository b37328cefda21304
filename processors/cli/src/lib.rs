//! `lineside`: the operator's command line.
//!
//! * [`arguments`]: what can be asked.
//! * [`books`]: whether the books of orders close. [`trace`]: an order's story. [`records`]: how both find what they tell.
//! * [`dead_letters`]: what processors refused.
//! * [`explain`]: what becomes of documents, without a cluster.
//! * [`hosting`]: several processors in one process.
//! * [`kubernetes`]: manifests rendered and written.
//! * [`lineage`]: where the values of published events come from.
//! * [`mapping`]: mapping files.
//! * [`rules`]: posting rules, from file to topic.
//! * [`trial`]: documents through the whole topology in memory.
//! * [`parked`]: records that wait for master data.
//! * [`topology`]: the topology described, compared with a cluster, applied to it.

pub mod arguments;
pub mod books;
mod connection;
pub mod dead_letters;
pub mod explain;
pub mod hosting;
pub mod kubernetes;
pub mod lineage;
pub mod mapping;
pub mod parked;
pub mod records;
pub mod rules;
pub mod topology;
pub mod trace;
pub mod trial;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{ArgMatches, Command, CommandFactory as _, FromArgMatches as _};
use lineside_runtime::command_line::{
    self, AboutConfiguration, BOOKS_TABLE, CommandLineError, DEAD_LETTERS_TABLE, Found, LINEAGE_TABLE, PARKED_TABLE, RULES_TABLE, Scope, TOPOLOGY_TABLE, TRACE_TABLE,
};
use lineside_runtime::settings::ConnectionSettings;
use lineside_schemas::Timestamp;

use crate::arguments::{Area, Arguments};

/// A plan found differences, or books have a gap. Anything that went wrong, the command line itself included, is 1, and so is a document that was refused; but for `lineside run`, which ends as the processors' own
/// binaries do.
pub const DIFFERS: u8 = 2;
const FAILED: u8 = 1;

/// Does what the command line asks, speaks to standard output and error, and says how it went.
pub fn run(command_line: impl IntoIterator<Item = OsString>) -> ExitCode {
    let command_line: Vec<OsString> = command_line.into_iter().collect();
    let asked = Asked::of(&command_line);
    let wrong = if asked == Asked::Run { command_line::WRONG } else { FAILED };
    match settled(asked, &command_line) {
        Ok((_, Some(report))) => command_line::print(&report),
        Ok((area, None)) => act(area),
        Err(error) => error.tell(wrong),
    }
}

fn act(area: Area) -> ExitCode {
    match area {
        Area::Topology(command) => topology::run(&command).map_or_else(
            |error| {
                eprintln!("lineside: {error}");
                ExitCode::from(FAILED)
            },
            |outcome| ExitCode::from(outcome.exit_code()),
        ),
        Area::DeadLetters(arguments) => ended(dead_letters::run(&arguments, now())),
        Area::Parked(arguments) => ended(parked::run(&arguments)),
        Area::Books(arguments) => match books::run(&arguments, now()) {
            Ok(false) => ExitCode::SUCCESS,
            Ok(true) => ExitCode::from(DIFFERS),
            Err(error) => ended(Err(error)),
        },
        Area::Trace(arguments) => ended(trace::run(&arguments, now())),
        Area::Explain(arguments) => match explain::run(&arguments, now()) {
            Ok(0) => ExitCode::SUCCESS,
            Ok(_) => ExitCode::from(FAILED),
            Err(error) => ended(Err(error)),
        },
        Area::Try(arguments) => match trial::run(&arguments, now()) {
            Ok(0) => ExitCode::SUCCESS,
            Ok(_) => ExitCode::from(FAILED),
            Err(error) => ended(Err(error)),
        },
        Area::Lineage(arguments) => ended(lineage::run(&arguments)),
        Area::Mapping(command) => match mapping::run(&command) {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::from(FAILED),
            Err(error) => ended(Err(error)),
        },
        Area::Rules(command) => match rules::run(&command, now()) {
            Ok(rules::Outcome::Done) => ExitCode::SUCCESS,
            Ok(rules::Outcome::Differs) => ExitCode::from(DIFFERS),
            Ok(rules::Outcome::Wrong) => ExitCode::from(FAILED),
            Err(error) => ended(Err(error)),
        },
        Area::Run(arguments) => hosting::run(*arguments),
    }
}

/// Says what went wrong, if something did.
fn ended<E: std::fmt::Display>(outcome: Result<(), E>) -> ExitCode {
    outcome.map_or_else(
        |error| {
            eprintln!("lineside: {error}");
            ExitCode::from(FAILED)
        },
        |()| ExitCode::SUCCESS,
    )
}

/// The wall clock.
fn now() -> Timestamp {
    Timestamp::from_micros(jiff::Timestamp::now().as_microsecond())
}

/// Commands of `lineside rules` that reach the cluster.
const RULES_COMMANDS: &[&str] = &["diff", "apply", "approve", "reject", "simulate", "list", "show"];

/// Which command is asked for, as far as the way to its settings goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Run,
    Live(&'static str),
    /// The command after `dead-letters`, if one is named.
    DeadLetters(Option<&'static str>),
    Books,
    Trace,
    /// The command after `rules`, if it is one that reaches the cluster.
    Rules(&'static str),
    Lineage,
    Parked,
    /// One that needs neither brokers nor registry.
    Other,
}

impl Asked {
    /// What the arguments seem to ask for, before they are judged.
    fn of(command_line: &[OsString]) -> Self {
        let Ok(matches) = Arguments::command().ignore_errors(true).try_get_matches_from(command_line) else { return Self::Other };
        let within = |matches: &ArgMatches| matches.subcommand_name().map(str::to_owned);
        match matches.subcommand() {
            Some(("run", _)) => Self::Run,
            Some(("topology", matches)) => match within(matches).as_deref() {
                Some("plan") => Self::Live("plan"),
                Some("apply") => Self::Live("apply"),
                _ => Self::Other,
            },
            Some(("lineage", _)) => Self::Lineage,
            Some(("dead-letters", matches)) => Self::DeadLetters(match within(matches).as_deref() {
                Some("list") => Some("list"),
                Some("show") => Some("show"),
                Some("export") => Some("export"),
                _ => None,
            }),
            Some(("books", _)) => Self::Books,
            Some(("trace", _)) => Self::Trace,
            Some(("rules", matches)) => {
                let named = within(matches);
                RULES_COMMANDS.iter().find(|command| named.as_deref() == Some(**command)).map_or(Self::Other, |command| Self::Rules(command))
            }
            Some(("parked", _)) => Self::Parked,
            _ => Self::Other,
        }
    }

    /// What it reads of a configuration's file.
    fn find(self, program: Command, command_line: &[OsString]) -> Result<Found, CommandLineError> {
        match self {
            Self::Run => Found::read(program, &["run"], &hosting::scope(), command_line),
            Self::Live(command) => Found::read(program, &["topology", command], &Scope::of_operator(TOPOLOGY_TABLE), command_line),
            Self::DeadLetters(command) => {
                let path: Vec<&'static str> = ["dead-letters"].into_iter().chain(command).collect();
                Found::read(program, &path, &Scope::of_operator(DEAD_LETTERS_TABLE), command_line)
            }
            Self::Books => Found::read(program, &["books"], &Scope::of_operator(BOOKS_TABLE), command_line),
            Self::Trace => Found::read(program, &["trace"], &Scope::of_operator(TRACE_TABLE), command_line),
            Self::Rules(command) => Found::read(program, &["rules", command], &Scope::of_operator(RULES_TABLE), command_line),
            Self::Lineage => Found::read(program, &["lineage"], &Scope::of_operator(LINEAGE_TABLE), command_line),
            Self::Parked => Found::read(program, &["parked"], &Scope::of_operator(PARKED_TABLE), command_line),
            Self::Other => Found::without_file(program, command_line),
        }
    }
}

/// What to do, its settings complete; and the report of them, if that is what was asked for.
fn settled(asked: Asked, command_line: &[OsString]) -> Result<(Area, Option<String>), CommandLineError> {
    let found = asked.find(Arguments::command(), command_line)?;
    let mut area = Arguments::from_arg_matches(found.matches())?.area;
    let told: Option<(&AboutConfiguration, &mut ConnectionSettings)> = match &mut area {
        Area::Run(arguments) => Some((&arguments.about, &mut arguments.settings.connection)),
        Area::DeadLetters(arguments) => {
            let reach = arguments.reach();
            Some((&reach.about, &mut reach.connection))
        }
        Area::Books(arguments) => Some((&arguments.reach.about, &mut arguments.reach.connection)),
        Area::Trace(arguments) => Some((&arguments.reach.about, &mut arguments.reach.connection)),
        Area::Rules(command) => command.reach().map(|reach| (&reach.about, &mut reach.connection)),
        Area::Lineage(arguments) => Some((&arguments.reach.about, &mut arguments.reach.connection)),
        Area::Parked(arguments) => Some((&arguments.reach.about, &mut arguments.reach.connection)),
        Area::Explain(_) | Area::Mapping(_) | Area::Try(_) => None,
        Area::Topology(command) => command.live().map(|arguments| (&arguments.about, &mut arguments.connection)),
    };
    let Some((about, connection)) = told else { return Ok((area, None)) };
    found.complete(connection, |name| std::env::var(name).ok())?;
    if !about.print_config {
        return Ok((area, None));
    }
    let mut report = found.report(connection);
    if let Area::Run(arguments) = &area {
        report += &command_line::memory(&arguments.settings, &arguments.hosted());
    }
    Ok((area, Some(report)))
}
