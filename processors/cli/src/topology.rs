//! The topology: described, judged, compared with a cluster, applied to it.

use std::io::Write;

use lineside_cluster::{ClusterError, Plan, Wanted};
use lineside_topology::{Environment, EnvironmentError, Problem, acls, acls_commands, acls_text, cohosted_acls, describe, mermaid, processors, validate};

use crate::DIFFERS;
use crate::arguments::{AclFormat, EnvironmentArgument, Format, LiveArguments, TopologyCommand};
use crate::connection::connect;

/// How a command went that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done, or nothing to do.
    Done,
    /// The cluster is not as wanted.
    Differs,
}

impl Outcome {
    /// What the process exits with.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Differs => DIFFERS,
        }
    }
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum TopologyError {
    /// The environment cannot be read.
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
    /// It can, but makes no sense.
    #[error("environment {name} does not fit the topology:\n{}", problems.iter().map(|problem| format!("! {problem}")).collect::<Vec<_>>().join("\n"))]
    Invalid {
        /// Name of the environment.
        name: String,
        /// What is wrong.
        problems: Vec<Problem>,
    },
    /// Brokers or registry.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// No processor has this name.
    #[error("there is no processor {name:?}; there are {}", processors::PROCESSORS.iter().map(|processor| processor.name).collect::<Vec<_>>().join(", "))]
    UnknownProcessor {
        /// What was asked for.
        name: String,
    },
    /// Manifests cannot be rendered.
    #[error(transparent)]
    Deploy(#[from] lineside_deploy::DeployError),
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file or folder.
        path: std::path::PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Standard output cannot be written.
    #[error("standard output: {0}")]
    Output(#[from] std::io::Error),
}

/// Does what is asked.
///
/// # Errors
/// [`TopologyError`], in words for an operator.
pub fn run(command: &TopologyCommand) -> Result<Outcome, TopologyError> {
    match command {
        TopologyCommand::Describe { environment, format } => {
            let environment = Environment::named(&environment.environment)?;
            print(&match format {
                Format::Text => describe(&environment),
                Format::Mermaid => mermaid(&environment),
            })
        }
        TopologyCommand::Validate { environment } => {
            let environment = sound(environment)?;
            let plan = environment.topic_plan();
            let partitions: u64 = plan.iter().map(|topic| u64::from(topic.partitions)).sum();
            print(&format!("environment {}: sound, {} topics with {partitions} partitions\n", environment.name, plan.len()))
        }
        TopologyCommand::Acls { environment, format, cohosted } => permissions(environment, *format, cohosted),
        TopologyCommand::K8s(arguments) => crate::kubernetes::render(arguments),
        TopologyCommand::Plan(arguments) => plan(arguments),
        TopologyCommand::Apply(arguments) => apply(arguments),
    }
}

fn permissions(environment: &EnvironmentArgument, format: AclFormat, cohosted: &[String]) -> Result<Outcome, TopologyError> {
    let environment = sound(environment)?;
    let acls = if cohosted.is_empty() {
        acls(&environment)
    } else {
        let hosted = cohosted.iter().map(|name| processors::processor(name).ok_or_else(|| TopologyError::UnknownProcessor { name: name.clone() }));
        cohosted_acls(&environment, &hosted.collect::<Result<Vec<_>, _>>()?)
    };
    print(&match format {
        AclFormat::Text => acls_text(&acls),
        AclFormat::Commands => acls_commands(&acls),
        AclFormat::Json => serde_json::to_string_pretty(&acls).expect("names and enums are always JSON") + "\n",
    })
}

fn plan(arguments: &LiveArguments) -> Result<Outcome, TopologyError> {
    let wanted = Wanted::of(&sound(&arguments.environment)?);
    let plan = connect(arguments)?.plan(&wanted)?;
    if plan.is_empty() {
        return print(&format!("nothing differs: {}\n", sizes(&wanted)));
    }
    let legend = if plan.refusals.is_empty() {
        "`lineside topology apply` makes these changes (+ new, ~ changed)".to_owned()
    } else {
        format!("`lineside topology apply` changes nothing before a person has settled what is marked ! ({})", plan.refusals.len())
    };
    print(&format!("{plan}\ndifferences: {}; {legend}\n", plan.changes.len() + plan.refusals.len()))?;
    Ok(Outcome::Differs)
}

fn apply(arguments: &LiveArguments) -> Result<Outcome, TopologyError> {
    let wanted = Wanted::of(&sound(&arguments.environment)?);
    let done = connect(arguments)?.apply(&wanted)?;
    if done.is_empty() {
        return print(&format!("nothing to do: {}\n", sizes(&wanted)));
    }
    let plan = Plan { changes: done, refusals: Vec::new() };
    print(&format!("{plan}\nchanges made: {}; now as wanted: {}\n", plan.changes.len(), sizes(&wanted)))
}

fn sizes(wanted: &Wanted) -> String {
    format!("{} topics, {} subjects", wanted.topics.len(), wanted.subjects.len())
}

/// The environment, once it is known to fit the table.
pub(crate) fn sound(argument: &EnvironmentArgument) -> Result<Environment, TopologyError> {
    let environment = Environment::named(&argument.environment)?;
    let problems = validate(&environment);
    if problems.is_empty() { Ok(environment) } else { Err(TopologyError::Invalid { name: environment.name, problems }) }
}

/// Prints all of it; a reader that has closed the pipe has seen enough.
pub(crate) fn print(text: &str) -> Result<Outcome, TopologyError> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(Outcome::Done),
    }
}
