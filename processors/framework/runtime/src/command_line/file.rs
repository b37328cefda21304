//! The configuration's file.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, Command};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{ABOUT_CONFIGURATION, HostedTable, PROPERTIES, Scope};
use crate::settings::{SECRETS, check_property, nearest};

/// A value as it would stand on the command line, and its line in the file, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Given {
    pub texts: Vec<String>,
    pub line: usize,
}

/// What a file says, checked against the arguments of the command.
#[derive(Debug, Default)]
pub(super) struct FileSettings {
    pub path: PathBuf,
    /// By the id of the argument.
    pub values: BTreeMap<String, Given>,
    /// librdkafka's, by name.
    pub properties: BTreeMap<String, Given>,
    /// Settings of hosted processors that do not concern this command, with their lines.
    pub left: Vec<(String, usize)>,
}

impl FileSettings {
    /// The command with the file's values as defaults.
    pub fn as_defaults(&self, command: Command) -> Command {
        self.values.iter().fold(command, |command, (id, given)| command.mut_arg(id, |arg| arg.default_values(given.texts.clone())))
    }
}

/// Reads what of the file is for the command.
///
/// # Errors
/// One text for each problem, beginning with the file and the line.
pub(super) fn read(path: &Path, command: &Command, scope: &Scope) -> Result<FileSettings, Vec<String>> {
    let text = std::fs::read_to_string(path).map_err(|error| vec![format!("cannot read the configuration {}: {error}", path.display())])?;
    parse(&text, path, command, scope)
}

pub(super) fn parse(text: &str, path: &Path, command: &Command, scope: &Scope) -> Result<FileSettings, Vec<String>> {
    let at = |span: Option<Range<usize>>| span.map_or(1, |span| line_of(text, span.start));
    let table = DeTable::parse(text).map_err(|error| vec![format!("{}:{}: {}", path.display(), at(error.span()), error.message())])?;
    let mut reader = Reader { text, command, scope, settings: FileSettings { path: path.to_owned(), ..FileSettings::default() }, problems: Vec::new() };
    let is_table = |key: &str| Scope::tables().any(|name| name == key);
    for (key, value) in table.get_ref().iter().filter(|(key, _)| !is_table(key.get_ref())) {
        reader.entry(key, value, Place::Top);
    }
    let sections = [(scope.own, Place::Own)].into_iter().chain(scope.hosted.iter().map(|hosted| (hosted.processor, Place::Hosted(hosted))));
    for (name, place) in sections {
        let Some((key, section)) = table.get_ref().iter().find(|(key, _)| key.get_ref() == name) else { continue };
        match section.get_ref() {
            DeValue::Table(section) => section.iter().for_each(|(key, value)| reader.entry(key, value, place)),
            _ => reader.problem(key.span(), format!("{name} is a table with settings for it alone")),
        }
    }
    if reader.problems.is_empty() {
        return Ok(reader.settings);
    }
    reader.problems.sort();
    Err(reader.problems.into_iter().map(|(line, problem)| format!("{}:{line}: {problem}", path.display())).collect())
}

fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count() + 1
}

/// Where in the file an entry stands.
#[derive(Debug, Clone, Copy)]
enum Place<'a> {
    Top,
    /// In the command's own table.
    Own,
    /// In the table of a processor that the command hosts.
    Hosted(&'a HostedTable),
}

impl Place<'_> {
    /// The processor's name, when the key there is not for this command.
    fn left_to(self, key: &str) -> Option<&'static str> {
        match self {
            Place::Hosted(table) if !table.settings.iter().any(|own| own == key) => Some(table.processor),
            _ => None,
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    command: &'a Command,
    scope: &'a Scope,
    settings: FileSettings,
    problems: Vec<(usize, String)>,
}

impl Reader<'_> {
    fn problem(&mut self, span: Range<usize>, problem: String) {
        self.problems.push((line_of(self.text, span.start), problem));
    }

    fn entry(&mut self, key: &Spanned<Cow<'_, str>>, value: &Spanned<DeValue<'_>>, place: Place<'_>) {
        let name: &str = key.get_ref();
        let line = line_of(self.text, key.span().start);
        let left_to = place.left_to(name);
        if let Some(processor) = left_to {
            self.settings.left.push((format!("{processor}.{name}"), line));
        }
        if name == PROPERTIES {
            return self.properties(key, value, left_to.is_some());
        }
        let find = |command| arguments(command).find(|arg| arg.get_id() == name);
        let judge = if let Place::Hosted(table) = place { &table.command } else { self.command };
        let mine = find(judge);
        let of_others = if matches!(place, Place::Top) { self.scope.of_others.as_ref().and_then(find) } else { None };
        let Some(arg) = mine.or(of_others) else {
            return self.problem(key.span(), self.unknown(name, judge));
        };
        match texts(arg, value.get_ref()).and_then(|texts| texts.iter().try_for_each(|text| check(arg, text)).map(|()| texts)) {
            Ok(texts) if mine.is_some() && left_to.is_none() => {
                self.settings.values.insert(name.to_owned(), Given { texts, line });
            }
            Ok(_) => {}
            Err(problem) => self.problem(key.span(), format!("{name}: {problem}")),
        }
    }

    fn properties(&mut self, key: &Spanned<Cow<'_, str>>, value: &Spanned<DeValue<'_>>, left: bool) {
        let DeValue::Table(table) = value.get_ref() else {
            return self.problem(key.span(), format!("{PROPERTIES} is a table of librdkafka's properties"));
        };
        for (key, value) in table {
            let name: &str = key.get_ref();
            let checked = match value.get_ref() {
                // Unquoted, linger.ms = 5 is the key `ms` in a table `linger`.
                DeValue::Table(_) => Err(format!("a property's name has dots, so it is written in quotes: \"{name}...\" = ...")),
                value => scalar(value).and_then(|text| check_property(name, &text).map(|()| text)),
            };
            match checked {
                Ok(text) if !left => {
                    let line = line_of(self.text, key.span().start);
                    self.settings.properties.insert(name.to_owned(), Given { texts: vec![text], line });
                }
                Ok(_) => {}
                Err(problem) => self.problem(key.span(), problem),
            }
        }
    }

    fn unknown(&self, key: &str, judge: &Command) -> String {
        if let Some(secret) = SECRETS.iter().find(|secret| secret.name == key) {
            return format!("{key} is a secret, which this file does not hold: set {} or name a file with {}", secret.env, secret.file);
        }
        if ABOUT_CONFIGURATION.contains(&key) {
            return format!("{key} is for the command line only");
        }
        match nearest(key, arguments(judge).map(|arg| arg.get_id().as_str()).chain(self.scope.keys_of_others())) {
            Some(name) => format!("unknown key {key}; did you mean {name}?"),
            None => format!("unknown key {key}; --help lists the settings"),
        }
    }
}

/// Arguments that a file may set.
pub(super) fn arguments(command: &Command) -> impl Iterator<Item = &Arg> {
    command.get_arguments().filter(|arg| {
        let id = arg.get_id().as_str();
        id != PROPERTIES && !ABOUT_CONFIGURATION.contains(&id) && arg.get_long().is_some() && !matches!(arg.get_action(), ArgAction::Help | ArgAction::Version)
    })
}

fn scalar(value: &DeValue<'_>) -> Result<String, String> {
    match value {
        DeValue::String(text) => Ok(text.clone().into_owned()),
        DeValue::Integer(number) => i128::from_str_radix(number.as_str(), number.radix()).map(|number| number.to_string()).map_err(|error| error.to_string()),
        DeValue::Float(number) => Ok(number.as_str().to_owned()),
        DeValue::Boolean(value) => Ok(value.to_string()),
        DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => Err("must be a text, a number, or true or false".to_owned()),
    }
}

fn texts(arg: &Arg, value: &DeValue<'_>) -> Result<Vec<String>, String> {
    match (value, arg.get_action()) {
        (DeValue::Array(values), ArgAction::Append) => values.iter().map(|value| scalar(value.get_ref())).collect(),
        (value, _) => scalar(value).map(|text| vec![text]),
    }
}

/// Lets clap judge the value as it would on the command line.
fn check(arg: &Arg, text: &str) -> Result<(), String> {
    if !arg.get_action().takes_values() {
        return if matches!(text, "true" | "false") { Ok(()) } else { Err("must be true or false".to_owned()) };
    }
    let long = arg.get_long().unwrap_or_default();
    let command = Command::new("file").no_binary_name(true).arg(arg.clone());
    command.try_get_matches_from([format!("--{long}={text}")]).map(|_| ()).map_err(|error| {
        let message = error.to_string();
        let message = message.split("\n\nFor more").next().unwrap_or_default().trim_start_matches("error: ");
        message.lines().map(str::trim).collect::<Vec<_>>().join(" ")
    })
}
