//! `local-stack`: a real Kafka and schema registry on this machine, from the command line.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use lineside_local_stack::{DataFolder, KAFKA_VERSION, LocalStack, REGISTRY_VERSION, StackOptions, fetch, prerequisites, write_class_archives};
use tokio::signal::unix::{SignalKind, signal};

/// A real Kafka and schema registry on free ports of 127.0.0.1, without containers.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Name what this machine lacks for a stack, with the commands that install it.
    Check,
    /// Fetch the servers, without starting them.
    Fetch {
        /// Also write Java's class archives (half a minute, once): every later start takes half the time.
        #[arg(long)]
        class_archives: bool,
    },
    /// Start a stack, print its addresses, and end it on Ctrl-C or SIGTERM.
    Up(Up),
}

#[derive(Debug, Args)]
struct Up {
    /// Keep topics, records and schemas in this folder; without it they are temporary.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Print the addresses as shell assignments only, and nothing else on stdout.
    #[arg(long)]
    print_env: bool,
    /// Let Kafka's Java compile fully, for load runs.
    #[arg(long)]
    load: bool,
    /// Kafka's Java heap, MiB.
    #[arg(long, value_name = "MIB", default_value_t = StackOptions::default().kafka_heap_mib)]
    kafka_heap: u32,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Without the backtrace that returning the error would print: the message names what to do.
            eprintln!("local-stack: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Check => check(),
        Command::Fetch { class_archives } => {
            fetch()?;
            if class_archives {
                write_class_archives()?;
            }
            Ok(())
        }
        Command::Up(arguments) => up(arguments),
    }
}

fn check() -> anyhow::Result<()> {
    let missing = prerequisites();
    for missing in &missing {
        println!("{missing}");
    }
    anyhow::ensure!(missing.is_empty(), "{} of the programs a local stack needs are missing", missing.len());
    Ok(())
}

fn up(arguments: Up) -> anyhow::Result<()> {
    let options = StackOptions {
        data: arguments.data.map_or(DataFolder::Temporary { keep: false }, DataFolder::Named),
        kafka_heap_mib: arguments.kafka_heap,
        load: arguments.load,
        ..StackOptions::default()
    };
    eprintln!("starting Apache Kafka {KAFKA_VERSION} and Apicurio Registry {REGISTRY_VERSION}");
    let mut stack = LocalStack::start(&options)?;
    // Not `println!`, which panics when the reader of the addresses has closed the pipe.
    std::io::stdout().write_all(addresses(&stack, arguments.print_env).as_bytes())?;
    let ended = run_until_signal(&mut stack);
    stack.stop()?;
    ended
}

fn addresses(stack: &LocalStack, as_assignments: bool) -> String {
    let (bootstrap, registry) = (stack.bootstrap(), stack.registry_url());
    if as_assignments {
        format!("export LINESIDE_BOOTSTRAP_SERVERS={bootstrap}\nexport LINESIDE_SCHEMA_REGISTRY={registry}\n")
    } else {
        format!("Kafka     {bootstrap}\nRegistry  {registry}\nLogs      {}\nCtrl-C ends both.\n", stack.log_dir().display())
    }
}

/// Returns on SIGINT or SIGTERM, or with an error when a server ends by itself.
fn run_until_signal(stack: &mut LocalStack) -> anyhow::Result<()> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut every_second = tokio::time::interval(Duration::from_secs(1));
        loop {
            tokio::select! {
                _ = interrupt.recv() => return Ok(()),
                _ = terminate.recv() => return Ok(()),
                _ = every_second.tick() => stack.check()?,
            }
        }
    })
}
