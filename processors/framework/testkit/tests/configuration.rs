//! docs/configuration.md and the command lines say the same.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use std::collections::BTreeSet;
use std::path::Path;

use clap::{Arg, Command, CommandFactory as _};
use lineside_cli::arguments::Arguments;
use lineside_deduplicator::DeduplicatorArgs;
use lineside_erp_connector::ErpConnectorArgs;
use lineside_erp_publisher::ErpPublisherArgs;
use lineside_normalizer::NormalizerArgs;
use lineside_order_aggregator::OrderAggregatorArgs;
use lineside_reconciler::ReconcilerArgs;
use lineside_runtime::command_line::command;
use lineside_supply_publisher::SupplyPublisherArgs;
use lineside_topology::processors::PROCESSORS;

const BEGIN: &str = "<!-- settings -->\n";
const END: &str = "<!-- /settings -->\n";
const HEAD: &str = "| key | variable | default | meaning |\n|---|---|---|---|\n";

fn commands() -> [Command; 7] {
    [
        command::<NormalizerArgs>(),
        command::<DeduplicatorArgs>(),
        command::<OrderAggregatorArgs>(),
        command::<ErpPublisherArgs>(),
        command::<SupplyPublisherArgs>(),
        command::<ReconcilerArgs>(),
        command::<ErpConnectorArgs>(),
    ]
}

/// A command of `lineside`.
fn operators(path: &[&str]) -> Command {
    path.iter().fold(Arguments::command(), |command, name| command.find_subcommand(name).unwrap().clone())
}

fn row(arg: &Arg) -> String {
    let code = |text: &str| if text.is_empty() { String::new() } else { format!("`{text}`") };
    let env = arg.get_env().map(|name| name.display().to_string()).unwrap_or_default();
    let default: Vec<_> = arg.get_default_values().iter().map(|value| value.display().to_string()).collect();
    let names: Vec<_> = arg.get_possible_values().iter().map(|value| code(value.get_name())).collect();
    let choice = if names.is_empty() || !arg.get_action().takes_values() { String::new() } else { format!("; one of {}", names.join(", ")) };
    let help = arg.get_help().unwrap().to_string().replace('|', "\\|");
    let default = if arg.get_action().takes_values() { code(&default.join(" ")) } else { String::new() };
    format!("| {} | {} | {default} | {help}{choice} |\n", code(arg.get_id().as_str()), code(&env))
}

fn rows(command: &Command) -> Vec<String> {
    command.get_arguments().filter(|arg| !arg.is_positional()).map(row).collect()
}

/// What `lineside topology plan` takes of the common settings, and its own.
fn topology_table(common: &[String]) -> String {
    let (plan, apply) = (rows(&operators(&["topology", "plan"])), rows(&operators(&["topology", "apply"])));
    assert_eq!(plan, apply);
    let (shared, own): (Vec<String>, Vec<String>) = plan.into_iter().partition(|row| common.contains(row));
    let keys: Vec<&str> = shared.iter().map(|row| row.split(' ').nth(1).unwrap()).collect();
    let (last, first) = keys.split_last().unwrap();
    format!("\n### Of `lineside topology plan` and `apply`\n\n{} and {last}, as above. Besides:\n\n{HEAD}{}", first.join(", "), own.concat())
}

#[test]
fn the_page_lists_every_setting_of_every_processor_and_none_else() {
    let commands = commands();
    let names: BTreeSet<&str> = commands.iter().map(Command::get_name).collect();
    assert_eq!(names, PROCESSORS.iter().map(|spec| spec.name).collect(), "a processor is not listed in this test");
    let common: Vec<String> = rows(&commands[0]).into_iter().filter(|row| commands.iter().all(|command| rows(command).contains(row))).collect();
    let mut tables = format!("### Of every processor\n\n{HEAD}{}", common.concat());
    for command in &commands {
        let own: Vec<String> = rows(command).into_iter().filter(|row| !common.contains(row)).collect();
        if !own.is_empty() {
            tables.extend(["\n### Of the ", command.get_name(), " alone\n\n", HEAD, &own.concat()]);
        }
    }
    tables.push_str(&topology_table(&common));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/configuration.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (shown, after) = rest.split_once(END).unwrap();
    if std::env::var_os("LINESIDE_BLESS").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}\n{tables}\n{END}{after}")).unwrap();
        return;
    }
    assert_eq!(shown.trim(), tables.trim(), "docs/configuration.md differs from the command lines; its last comment says how it is written");
}

#[test]
fn lineside_run_takes_every_setting_of_every_processor_and_none_else() {
    let hosting: BTreeSet<String> = rows(&operators(&["run"])).into_iter().collect();
    assert_eq!(hosting, commands().iter().flat_map(rows).collect());
}

#[test]
fn every_key_of_a_file_is_its_flag_in_snake_case_and_its_variable_carries_the_projects_name() {
    for command in commands().into_iter().chain([operators(&["run"]), operators(&["topology", "plan"])]) {
        for arg in command.get_arguments().filter(|arg| arg.get_id() != "properties" && !arg.is_positional()) {
            assert_eq!(arg.get_long().unwrap().replace('-', "_"), arg.get_id().as_str());
            let variable = arg.get_env().map(|name| name.display().to_string());
            assert!(variable.is_none_or(|name| name.starts_with("LINESIDE_")), "{arg}");
        }
    }
}
