//! The YAML of a mapping that is begun.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use lineside_schemas::unit::unit_by_symbol;

use super::choice::{Choice, Fill, Filled};
use super::guess::{is_iso_time, is_local_time, time_form};
use super::shape::{Leaf, Level, Shape};
use super::sniff::Sniffed;
use super::{CHOOSE, Wish};
use crate::document::{DocumentFormat, NodeId};
use crate::mapping::{Target, aggregate_keys};

/// Values that are listed as not used.
const UNUSED_MAX: usize = 200;
/// Characters of a value that a comment shows.
const SHOWN_CHARS: usize = 40;

/// The whole file.
pub(super) fn write(wish: &Wish<'_>, sniffed: &Sniffed, shape: &Shape<'_>, choices: &[Choice<'_>]) -> String {
    // There is one at least; a file without a rule would say so when it is checked.
    let Some(first) = choices.first() else { return String::new() };
    let mut file = File { text: String::new(), choice: first, choices, has_own_forms: false };
    file.head(wish, sniffed, shape);
    file.forms(shape);
    file.zone();
    file.units(shape);
    let plant = wish.source.split('.').next().unwrap_or_default();
    file.line(0, "envelope:", "");
    file.line(1, &format!("plant: {{const: {}}}", scalar(plant)), "guess: from the name of the source");
    file.line(1, "transaction_type: $document_type", "guess");
    file.text.push('\n');
    file.line(0, "events:", "");
    for choice in choices {
        file.choice = choice;
        file.rule(sniffed, shape, !wish.event_types.is_empty());
    }
    file.choice = first;
    file.unused(shape);
    file.text
}

struct File<'c, 'a> {
    text: String,
    /// Of the rule at hand.
    choice: &'c Choice<'a>,
    /// Of all rules; the first gives the contract of the file.
    choices: &'c [Choice<'a>],
    /// Times say their form themselves, because others are in ISO 8601.
    has_own_forms: bool,
}

impl<'c, 'a> File<'c, 'a> {
    fn line(&mut self, depth: usize, content: &str, comment: &str) {
        let hash = if comment.is_empty() { "" } else { "  # " };
        let _ = writeln!(self.text, "{}{content}{hash}{comment}", "  ".repeat(depth));
    }

    fn head(&mut self, wish: &Wish<'_>, sniffed: &Sniffed, shape: &Shape<'_>) {
        self.line(0, &format!("# Begun from {} by `lineside mapping new`. `guess`: inferred from this one document, to be checked.", comment(wish.sample)), "");
        self.line(0, &format!("# `{CHOOSE}`: a person has to say. A path that is named so finds nothing, so what is left open refuses documents."), "");
        self.line(0, &format!("source: {}", scalar(wish.source)), "");
        self.line(0, "version: 1", "");
        let chosen = if wish.contract.is_some() { "" } else { "guess" };
        self.line(0, &format!("contract: {}", self.choice.contract.name()), chosen);
        self.line(0, &format!("format: {}", sniffed.yaml), "guess");
        if let Some(segments) = sniffed.segments {
            self.line(0, &format!("segments: {segments}"), "guess");
        }
        if let Some(namespace) = &sniffed.namespace {
            self.line(0, "namespaces:", "");
            self.line(1, &format!("default: {}", scalar(namespace)), "guess: of the root");
        }
        let fixed = format!("{{const: {}}}", scalar(&shape.document_type));
        let path = shape.type_path.as_ref().map_or(fixed, |path| scalar(path));
        let why = if shape.type_path.is_some() { "guess" } else { "guess: nothing in the document says its type" };
        if !shape.documents.levels.is_empty() {
            self.line(0, "documents:", "guess");
            self.line(1, "each:", "");
            for level in &shape.documents.levels {
                self.line(2, &format!("{}: {}", level.name, scalar(&level.path)), "");
            }
            self.line(1, &format!("type: {path}"), why);
        } else if !matches!(sniffed.format, DocumentFormat::Xml(_)) {
            self.line(0, &format!("document_type: {path}"), why);
        }
        self.text.push('\n');
    }

    /// Values that something is filled with.
    fn used(&self) -> impl Iterator<Item = &'c Leaf<'a>> + use<'c, 'a> {
        let choices = self.choices;
        choices.iter().flat_map(|choice| choice.used.iter().filter_map(|at| choice.leaves.get(*at)))
    }

    /// How numbers and times are written, where it is not as JSON and ISO 8601 do.
    fn forms(&mut self, shape: &Shape<'_>) {
        let mut forms: Vec<&str> = self.used().filter_map(|leaf| time_form(leaf.text)).collect();
        forms.sort_unstable();
        forms.dedup();
        self.has_own_forms = self.used().any(|leaf| is_iso_time(leaf.text));
        if let Some(numbers) = shape.numbers {
            let grouping = numbers.grouping.map(|grouping| format!(", grouping: {}", quoted(&grouping.to_string()))).unwrap_or_default();
            self.line(0, &format!("numbers: {{decimal: {}{grouping}}}", quoted(&numbers.decimal.to_string())), "guess");
        }
        if !forms.is_empty() && !self.has_own_forms {
            let forms: Vec<String> = forms.into_iter().map(quoted).collect();
            self.line(0, "time:", "");
            self.line(1, &format!("formats: [{}]", forms.join(", ")), "guess");
        }
    }

    /// A time zone, where times come without an offset.
    fn zone(&mut self) {
        let has_local = self.used().any(|leaf| is_local_time(leaf.text));
        if has_local {
            self.line(0, "time_zone:", "");
            self.line(1, &format!("name: {CHOOSE}"), "CHOOSE: the IANA zone of the clocks that wrote the times without an offset, such as Europe/Berlin");
            self.line(1, "on_gap: refuse", "");
            self.line(1, "on_overlap: refuse", "");
            self.text.push('\n');
        }
    }

    fn units(&mut self, shape: &Shape<'_>) {
        let mut units: BTreeMap<&str, Option<&'static str>> = BTreeMap::new();
        for choice in self.choices {
            for at in choice.keys.iter().chain(&choice.fields).flat_map(units_of) {
                let alike = choice.leaves.get(at).map(|leaf| shape.alike(leaf)).unwrap_or_default();
                units.extend(alike.into_iter().map(|unit| (unit, unit_by_symbol(unit).map(|unit| unit.code))));
            }
        }
        if units.is_empty() {
            return;
        }
        self.line(0, "units:", "what the sample has; others are refused until they stand here");
        for (unit, code) in units {
            match code {
                Some(code) => self.line(1, &format!("{}: {code}", scalar(unit)), "guess"),
                None => self.line(1, &format!("{}: {CHOOSE}", scalar(unit)), "CHOOSE: a UN/CEFACT code such as KGM, or {unit: code, factor: number}"),
            }
        }
        self.text.push('\n');
    }

    fn rule(&mut self, sniffed: &Sniffed, shape: &Shape<'_>, wished: bool) {
        let choice = self.choice;
        self.line(1, &format!("- document: {}", scalar(&shape.document_type)), "");
        if self.choices.first().is_some_and(|first| first.contract.name() != choice.contract.name()) {
            self.line(2, &format!("contract: {}", choice.contract.name()), "");
        }
        if let Some(group) = choice.group {
            let all: Vec<&str> = choice.contract.groups().map(|group| group.symbol.as_str()).collect();
            self.line(2, &format!("type: {}", group.symbol), &if wished { String::new() } else { format!("guess: one of {}", all.join(", ")) });
        }
        let own: &[Level] = &choice.scope.levels[shape.documents.levels.len()..];
        if !own.is_empty() {
            self.line(2, "each:", "");
            for level in own {
                self.line(3, &format!("{}: {}", level.name, scalar(&level.path)), &format!("guess: {} in the sample", level.count));
            }
        }
        let named: Vec<&str> = aggregate_keys(choice.contract).collect();
        let (plain, others): (Vec<&Filled>, Vec<&Filled>) = choice.keys.iter().partition(|filled| named.contains(&filled.name));
        for filled in plain {
            self.filled(2, filled);
        }
        if !others.is_empty() {
            self.line(2, "aggregate:", "");
            for filled in others {
                self.filled(3, filled);
            }
        }
        self.line(2, "envelope:", "");
        self.event_id(sniffed, own);
        self.filled(3, &Filled { name: "source_time", target: Target::Timestamp, fill: choice.source_time.clone() });
        if choice.fields.is_empty() {
            self.line(2, "fields: {}", "");
            return;
        }
        self.line(2, "fields:", "");
        for filled in &choice.fields {
            self.filled(3, filled);
        }
    }

    /// From the document's own ids, and where one document makes several events also from their numbers.
    fn event_id(&mut self, sniffed: &Sniffed, own: &[Level]) {
        let parts = match (&sniffed.format, &self.choice.event_id) {
            // By the standards these identify a document among all of its partner.
            (DocumentFormat::X12(_), _) => Some("{$interchange/ISA/13}-{$group/GS/06}-{$transaction/ST/02}".to_owned()),
            (DocumentFormat::Edifact(_), _) => Some("{$interchange/UNB/05 | $interchange/UNB/05/01}-{$message/UNH/01}".to_owned()),
            (_, Fill::Leaf(at)) => self.choice.leaves.get(*at).map(|leaf| format!("{{{}}}", leaf.path)),
            _ => None,
        };
        let numbers = own.iter().fold(String::new(), |numbers, level| numbers + "#{#" + &level.name + "}");
        match parts {
            Some(parts) if numbers.is_empty() && matches!(self.choice.event_id, Fill::Leaf(_)) && parts.matches('{').count() == 1 => {
                self.filled(3, &Filled { name: "event_id", target: Target::Text, fill: self.choice.event_id.clone() });
            }
            Some(parts) => self.line(
                3,
                &format!("event_id: {{template: {}, as: text}}", quoted(&format!("{parts}{numbers}"))),
                "guess: it has to be the same when the document is sent again",
            ),
            None => self.line(3, &format!("event_id: {CHOOSE}"), "CHOOSE: what identifies the event within its source, the same when it is sent again"),
        }
    }

    fn filled(&mut self, depth: usize, filled: &Filled) {
        let name = filled.name;
        let leaves = &self.choice.leaves;
        match &filled.fill {
            Fill::Leaf(at) => {
                let Some(leaf) = leaves.get(*at) else { return };
                let path = scalar(&leaf.path);
                let own_form = time_form(leaf.text).filter(|_| self.has_own_forms && matches!(filled.target, Target::Timestamp | Target::Date));
                let form = match own_form {
                    Some(form) => format!("{{path: {path}, time: {{formats: [{}]}}}}", quoted(form)),
                    None if Fill::takes_number_as_text(filled.target, leaf) => format!("{{path: {path}, as: text}}"),
                    None => path,
                };
                let note = guessed(leaf);
                self.line(depth, &format!("{name}: {form}"), &note);
            }
            Fill::Quantity(value, unit) => {
                let Some(leaf) = leaves.get(*value) else { return };
                let (path, note) = (scalar(&leaf.path), guessed(leaf));
                match unit.and_then(|unit| leaves.get(unit)) {
                    Some(unit) => {
                        let form = format!("{name}: {{value: {path}, unit: {}}}", scalar(&unit.path));
                        self.line(depth, &form, &format!("{note} {}", comment(unit.text)));
                    }
                    None => self.line(
                        depth,
                        &format!("{name}: {{value: {path}, unit: {CHOOSE}}}"),
                        &format!("{note}; CHOOSE: where its unit stands, or {{const: unit}} with that unit below `units`"),
                    ),
                }
            }
            Fill::Record(fields) => {
                self.line(depth, &format!("{name}:"), "");
                for field in fields {
                    self.filled(depth + 1, field);
                }
            }
            Fill::Open => {
                let (form, what) = match filled.target {
                    Target::Quantity => (format!("{{value: {CHOOSE}, unit: {CHOOSE}}}"), "a quantity".to_owned()),
                    Target::Enum(symbols) => (CHOOSE.to_owned(), format!("one of {}, or a path through a table", symbols.known().collect::<Vec<_>>().join(", "))),
                    target => (CHOOSE.to_owned(), target.describe().to_owned()),
                };
                self.line(depth, &format!("{name}: {form}"), &format!("CHOOSE: the path to {what}"));
            }
        }
    }

    fn unused(&mut self, shape: &Shape<'_>) {
        let used: HashSet<NodeId> = self.used().map(|leaf| leaf.node).collect();
        let unused = |leaf: &&Leaf<'_>| !used.contains(&leaf.node) && !leaf.text.is_empty();
        let shown = |indent: &str, leaf: &Leaf<'_>| format!("#   {indent}{}  = {}", comment(&leaf.path), comment(leaf.text));
        let lines: Vec<String> = self.choice.leaves.iter().filter(unused).map(|leaf| shown("", leaf)).collect();
        let rule = if self.choices.len() > 1 { "the first rule" } else { "this rule" };
        self.listed(&format!("Not used, as paths in {rule} with their values in the sample"), &lines);
        let mut lines = Vec::new();
        for (level, leaves) in shape.unselected(&self.choice.scope) {
            let unused: Vec<&Leaf<'_>> = leaves.iter().filter(unused).collect();
            if !unused.is_empty() {
                lines.push(format!("#   {}  {} in the sample", comment(&level.path), level.count));
                lines.extend(unused.into_iter().map(|leaf| shown("  ", leaf)));
            }
        }
        self.listed("What may stand several times, for `each` of a rule or of a list, with the values of the first", &lines);
    }

    fn listed(&mut self, title: &str, lines: &[String]) {
        if lines.is_empty() {
            return;
        }
        let _ = writeln!(self.text, "\n# {title}:");
        for line in lines.iter().take(UNUSED_MAX) {
            let _ = writeln!(self.text, "{line}");
        }
        if lines.len() > UNUSED_MAX {
            let _ = writeln!(self.text, "#   and {} more", lines.len() - UNUSED_MAX);
        }
    }
}

fn units_of(filled: &Filled) -> Vec<usize> {
    match &filled.fill {
        Fill::Quantity(_, unit) => unit.iter().copied().collect(),
        Fill::Record(fields) => fields.iter().flat_map(units_of).collect(),
        Fill::Leaf(_) | Fill::Open => Vec::new(),
    }
}

fn guessed(leaf: &Leaf<'_>) -> String {
    format!("guess: {}", comment(leaf.text))
}

/// One line, short.
fn comment(text: &str) -> String {
    let line: String = text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    match line.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line,
    }
}

/// A YAML scalar that reads as just this text, also within braces.
fn scalar(text: &str) -> String {
    let plain = text.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '/' || first == '$')
        && text.chars().all(|character| character.is_ascii_alphanumeric() || "_-./$@*".contains(character))
        && !text.ends_with('.');
    if plain { text.to_owned() } else { quoted(text) }
}

/// Double-quoted YAML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            character if character.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(character));
            }
            character => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_are_quoted_where_yaml_would_take_them_for_something_else() {
        for (text, written) in [
            ("order/number", "order/number"),
            ("$row/a", "$row/a"),
            ("@unit", "\"@unit\""),
            ("*", "\"*\""),
            ("a: b", "\"a: b\""),
            ("a\"\\\n", "\"a\\\"\\\\\\u000a\""),
            ("", "\"\""),
        ] {
            assert_eq!(scalar(text), written);
        }
        assert_eq!(comment(&"x\n".repeat(40)).len(), 43);
    }
}
