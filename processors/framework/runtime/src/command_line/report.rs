//! `--print-config`: what is in force, and where each value came from.

use std::ffi::OsStr;

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};
use lineside_topology::{Environment, ProcessorSpec};

use super::file::{FileSettings, Given, arguments};
use crate::memory::Bound;
use crate::settings::{ConnectionSettings, SECRETS, Secret, SecretSource, Settings};

/// Every setting in force with its origin, as a file that `--config` reads again. Secrets and settings without a value are comments.
pub(super) fn report(command: &Command, matches: &ArgMatches, file: &FileSettings, settings: &ConnectionSettings) -> String {
    let mut lines: Vec<(String, String)> = arguments(command).map(|arg| setting(arg, matches, file)).collect();
    lines.extend(SECRETS.iter().map(|source| secret(*source, settings)));
    let elsewhere = |line| format!("{}:{line}, for the processor's own binary", file.path.display());
    lines.extend(file.left.iter().map(|(key, line)| (format!("# {key}: not in force"), elsewhere(*line))));
    if !settings.properties.is_empty() {
        lines.push((String::new(), String::new()));
        lines.push(("[properties]".to_owned(), String::new()));
    }
    for (at, (key, value)) in settings.properties.iter().enumerate() {
        // Of a property given twice the last counts.
        if settings.properties[at + 1..].iter().any(|(later, _)| later == key) {
            continue;
        }
        let of_file = file.properties.get(key).filter(|given| given.texts == [value.as_str()] && !from_flag(matches, key));
        lines.push((format!("{} = {}", quoted(key), quoted(value)), of_file.map_or("flag --property".to_owned(), |given| place(file, given))));
    }
    let width = lines.iter().map(|(text, _)| text.chars().count()).max().unwrap_or_default();
    lines.iter().map(|(text, origin)| if origin.is_empty() { format!("{text}\n") } else { format!("{text:width$}  # {origin}\n") }).collect()
}

/// The most memory that these settings allow a process that hosts these processors, as comments.
#[must_use]
pub fn memory(settings: &Settings, specs: &[&'static ProcessorSpec]) -> String {
    let Ok(environment) = Environment::named(&settings.environment) else { return String::new() };
    let table = Bound::alone(settings, &environment, specs).table();
    let title = format!("\n# Memory at most, with every partition of environment {}:\n", quoted(&settings.environment));
    table.lines().fold(title, |text, line| text + "#   " + line + "\n")
}

fn from_flag(matches: &ArgMatches, key: &str) -> bool {
    matches.get_many::<(String, String)>(super::PROPERTIES).into_iter().flatten().any(|(given, _)| given == key)
}

fn place(file: &FileSettings, given: &Given) -> String {
    format!("{}:{}", file.path.display(), given.line)
}

fn setting(arg: &Arg, matches: &ArgMatches, file: &FileSettings) -> (String, String) {
    let id = arg.get_id().as_str();
    let origin = match (matches.value_source(id), file.values.get(id)) {
        (Some(ValueSource::CommandLine), _) => format!("flag --{}", arg.get_long().unwrap_or(id)),
        (Some(ValueSource::EnvVariable), _) => format!("environment {}", arg.get_env().unwrap_or_default().display()),
        (Some(_), Some(given)) => place(file, given),
        (Some(_), None) => "default".to_owned(),
        (None, _) => return (format!("# {id} ="), "not set".to_owned()),
    };
    let values: Vec<String> = matches.get_raw(id).into_iter().flatten().map(value).collect();
    let text = if let [one] = values.as_slice() { one.clone() } else { format!("[{}]", values.join(", ")) };
    (format!("{id} = {text}"), origin)
}

fn secret(source: SecretSource, settings: &ConnectionSettings) -> (String, String) {
    let security = &settings.security;
    let given: Option<&Secret> = security.secret(source);
    let origin = match (given, security.file_of(source)) {
        (None, _) => return (format!("# {} =", source.name), "not set".to_owned()),
        (Some(_), Some(path)) => format!("file {}", path.display()),
        (Some(_), None) => format!("environment {}", source.env),
    };
    (format!("# {} = ***", source.name), origin)
}

/// A value in TOML: a number or a truth value as such, all else in quotes.
fn value(raw: &OsStr) -> String {
    let text = raw.to_string_lossy();
    let number = text.parse::<i64>().is_ok_and(|number| number.to_string() == text);
    if number || matches!(&*text, "true" | "false") { text.into_owned() } else { quoted(&text) }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
