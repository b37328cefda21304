//! A page for each contract, and the index.

use std::fmt::Write as _;
use std::path::Path;

use lineside_schemas::ContractId;
use serde_json::Value;

use crate::flow;
use crate::schema::{named_types, otherwise, type_in_words};

const NOTE: &str = "<!-- Written by a test from the schema and the table of topics: topology/tests/contract_pages. Change those. -->";

/// The list of all contracts.
pub fn index() -> String {
    let mut page = format!(
        "{NOTE}\n\n# Contracts\n\nEvery record that stands on a topic, with the meaning of each field. How a contract may change, and how other tools read it, stands in \
         [schemas/README.md](../../schemas/README.md); which fields a mapping fills, in [mapping.md](../mapping.md); \
         which units a quantity may have, in [units.md](units.md).\n"
    );
    let sections = [
        ("Events", "Each event once, in the order of its key.", Some("canonical.")),
        ("Master data", "The last record of each key holds. Each topic has one system of record per plant.", Some("master.")),
        ("What the processors make", "Postings, ERP records, summaries, dead letters, and what they keep for themselves.", None),
    ];
    for (title, about, prefix) in sections {
        let _ = writeln!(page, "\n## {title}\n\n{about}\n\n| contract | topic | key | what it is |\n|---|---|---|---|");
        for &contract in ContractId::ALL {
            let topics = flow::topics_of(contract);
            let Some(first) = topics.first().filter(|topic| prefix == family_of(&topic.name)) else { continue };
            let name = if topics.len() > 1 && first.name.starts_with("dead-letter.") { "dead-letter.&lt;processor&gt;" } else { &first.name };
            let schema = schema_of(contract);
            let _ = writeln!(page, "| [{0}]({0}.md) | {name} | {1} | {2} |", contract.name(), first.key, first_sentence(text(&schema["doc"])));
        }
    }
    page
}

/// The prefix that sets events and master data apart from the rest.
fn family_of(topic: &str) -> Option<&'static str> {
    ["canonical.", "master."].into_iter().find(|prefix| topic.starts_with(prefix))
}

/// The page of a contract; `root` is the repository's.
pub fn of(contract: ContractId, root: &Path) -> String {
    let schema = schema_of(contract);
    let mut page = format!("{NOTE}\n\n# {}\n\n{}\n\n| | |\n|---|---|\n", contract.name(), escaped(text(&schema["doc"])));
    for topic in flow::topics_of(contract) {
        let _ = writeln!(page, "| topic | `{}`, keyed by {} |", topic.name, topic.key);
        let _ = writeln!(page, "| keeps | {} |", flow::kept(&topic));
        for (verb, names) in [("made by", flow::made_by(&topic.name)), ("written by", flow::written_by(&topic.name)), ("read by", flow::read_by(&topic.name))] {
            if !names.is_empty() {
                let _ = writeln!(page, "| {verb} | {} |", names.join(", "));
            }
        }
    }
    let file = format!("{}/{}.avsc", contract.family(), contract.name());
    let _ = writeln!(page, "| schema | [{file}](../../schemas/avro/{file}) |");
    let mut types = named_types(&schema).into_iter();
    if let Some(record) = types.next() {
        let _ = writeln!(page, "\n## Fields\n\nWhat is not required is null, empty, false or 0 where a source says nothing.\n");
        fields(record, &mut page);
    }
    for named in types {
        let _ = writeln!(page, "\n## {}\n\n{}\n", text(&named["name"]), escaped(text(&named["doc"])));
        if named["type"] == "enum" {
            let symbols: Vec<String> = named["symbols"].as_array().into_iter().flatten().map(|symbol| format!("`{}`", text(symbol))).collect();
            let _ = writeln!(page, "{}", symbols.join(", "));
        } else {
            fields(named, &mut page);
        }
    }
    let (name, example) = example(contract, root);
    let folder = format!("schemas/avro/{}/examples/{}", contract.family(), contract.name());
    let _ = writeln!(
        page,
        "\n## Example\n\n`{name}`, without the fields that have their default. More, and values that are refused, stand in [{folder}](../../{folder}).\n\n```json\n{example}\n```"
    );
    page
}

fn fields(record: &Value, page: &mut String) {
    let _ = writeln!(page, "| field | type | otherwise | meaning |\n|---|---|---|---|");
    for field in record["fields"].as_array().into_iter().flatten() {
        let _ = writeln!(page, "| `{}` | {} | {} | {} |", text(&field["name"]), type_in_words(&field["type"]), otherwise(field), escaped(text(&field["doc"])));
    }
}

/// The fullest of the valid examples: its name and its text, without what has its default.
fn example(contract: ContractId, root: &Path) -> (String, String) {
    let folder = root.join("schemas/avro").join(contract.family()).join("examples").join(contract.name()).join("valid");
    let mut shown: Vec<(String, String)> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let mut value: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            shorten(&mut value);
            (path.file_stem().unwrap().to_string_lossy().into_owned(), serde_json::to_string_pretty(&value).unwrap())
        })
        .collect();
    shown.sort_by_key(|(name, text)| (text.len(), name.clone()));
    shown.pop().unwrap()
}

fn shorten(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, value| !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty()));
            fields.values_mut().for_each(shorten);
        }
        Value::Array(items) => items.iter_mut().for_each(shorten),
        _ => {}
    }
}

fn schema_of(contract: ContractId) -> Value {
    serde_json::from_str(contract.schema_text()).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn first_sentence(doc: &str) -> String {
    escaped(doc.split_once(". ").map_or(doc, |(first, _)| first).trim_end_matches('.'))
}

/// Pipes would end a cell, and angle brackets begin a tag.
fn escaped(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;").replace('>', "&gt;")
}
