//! The keys of a mapping file, by the section that they stand in. A definition's `$comment` names its section as the compiler's messages do.

use serde_json::{Map, Value, json};

use super::contracts::Contracts;
use crate::document::Format;
use crate::master::MasterEntity;
use lineside_schemas::records::OrderAliasKind;

/// A section of known keys.
pub(super) fn section(name: &str, required: &[&str], properties: &Value) -> Value {
    json!({"$comment": format!("section: {name}"), "type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

/// What is said of another definition.
pub(super) fn refer(to: &str, description: &str) -> Value {
    json!({"$ref": format!("#/$defs/{to}"), "description": description})
}

fn one_of(values: &[&str], description: &str) -> Value {
    json!({"enum": values, "description": description})
}

fn map_of(of: &str, description: &str) -> Value {
    json!({"type": "object", "additionalProperties": {"$ref": format!("#/$defs/{of}")}, "description": description})
}

fn list_of(of: &str, description: &str) -> Value {
    json!({"type": "array", "items": {"$ref": format!("#/$defs/{of}")}, "description": description})
}

/// `true` or `false`, also as a text: in mappings every scalar is one.
fn flag(description: &str) -> Value {
    json!({"enum": [true, false, "true", "false"], "description": description})
}

/// The file itself.
pub(super) fn file(contracts: &Contracts) -> Value {
    let mut properties = json!({
        "source": {"type": "string", "pattern": "^[a-z0-9-]+\\.[a-z0-9-]+$", "description": "Name of the source, <plant>.<name>; its raw topic is raw.<plant>.<name>."},
        "version": {"type": "integer", "minimum": 1, "description": "Raised with every change, so that each event tells which mapping read it."},
        "contract": contracts.name("What rules make that name no contract of their own."),
        "format": refer("format", "Format of the documents."),
        "segments": refer("segments", "X12 and EDIFACT: which segments stand below which."),
        "trim": flag("White space around values is none of theirs; false by default."),
        "namespaces": {
            "type": "object",
            "additionalProperties": refer("texts", "URI, or several that mean the same."),
            "description": "XML: prefixes of the mapping's own; `default` is the one of names without a prefix.",
        },
        "prefixes": refer("prefixes", "JSON: what prefixes of names stand for."),
        "document_type": refer("document_type", "Where a document names its type. In XML that is the root element's name."),
        "documents": refer("documents", "Where a record holds several documents."),
        "time_zone": refer("time_zone", "For times that come without an offset."),
        "numbers": refer("number", "How numbers are written, where it is not as JSON does."),
        "time": refer("time", "How dates and times are written, where it is not as ISO 8601 does."),
        "fractions": one_of(&["refuse", "cut"], "What becomes of a time that is finer than its field can hold; refused by default."),
        "units": map_of("unit", "The source's unit to a UN/CEFACT common code."),
        "tables": map_of("table", "Code tables by name."),
        "partner": refer("value", "Who sent a document; dead letters name them."),
        "envelope": refer("envelope", "What rules take unless they say otherwise."),
        "aggregate": refer("aggregate", "Fields of the aggregate whose names have another meaning here."),
        "events": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/rule"}, "description": "The rules, applied in this order."},
    });
    add(&mut properties, contracts.aggregate_fields());
    section("the mapping", &["source", "version", "format", "events"], &properties)
}

/// A rule.
pub(super) fn rule(contracts: &Contracts) -> Value {
    let mut properties = json!({
        "document": refer("texts", "Type, or types, of the documents that it reads."),
        "each": map_of("selection", "Selections by name, outermost first; the rule runs for every node of the innermost."),
        "when": refer("conditions", "Conditions, all of which have to hold."),
        "contract": contracts.name("What it makes, where it is not the file's contract."),
        "type": {"enum": contracts.event_types(), "description": "Event that it makes."},
        "refuse": refer("text", "Instead of `type`: what it finds refuses the document, for this reason."),
        "ignore": refer("text", "Instead of `type`: what it finds deliberately makes no event, for this reason."),
        "envelope": refer("envelope", "Instead of the file's."),
        "aggregate": refer("aggregate", "Fields of the aggregate whose names have another meaning here."),
        "fields": {"type": "object", "description": "Fields of the event."},
    });
    add(&mut properties, contracts.aggregate_fields());
    let mut rule = section("a rule", &["document"], &properties);
    rule["allOf"] = contracts.fields_by_type();
    rule
}

/// Everything that others refer to.
pub(super) fn definitions() -> Map<String, Value> {
    let Value::Object(mut all) = json!({
        "text": {"type": ["string", "number", "boolean"], "description": "A text; every scalar of a mapping is one."},
        "texts": {"anyOf": [{"$ref": "#/$defs/text"}, {"type": "array", "items": {"$ref": "#/$defs/text"}}]},
        "path": {"type": ["string", "number"], "description": "A path into the document, as docs/mapping.md has them: order/number, /site, $segment/ID, components/*, @unit, a | b."},
        "aggregate": map_of("value", "Fields by name."),
        "value": {"anyOf": [{"$ref": "#/$defs/path"}, {"$ref": "#/$defs/composed"}], "description": "What gives a value."},
        "selection": {"anyOf": [{"$ref": "#/$defs/path"}, {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/path"}}, {"$ref": "#/$defs/selected"}]},
        "conditions": {
            "type": "object",
            "properties": {"cel": refer("text", "An expression in CEL that gives true or false."), "with": map_of("path", "Texts that the expression computes with.")},
            "additionalProperties": {"anyOf": [{"$ref": "#/$defs/texts"}, {"$ref": "#/$defs/condition"}]},
        },
        "format": {"anyOf": [{"enum": Format::ALL.iter().map(|format| format.as_str()).collect::<Vec<_>>()}, {"$ref": "#/$defs/format_options"}]},
        "document_type": {"anyOf": [{"$ref": "#/$defs/path"}, {"$ref": "#/$defs/composed_type"}]},
        "unit": {"anyOf": [{"$ref": "#/$defs/text"}, {"$ref": "#/$defs/unit_options"}]},
        "unknown": {"anyOf": [{"const": "refuse"}, {"$ref": "#/$defs/unknown_default"}]},
    }) else {
        return Map::new();
    };
    all.extend(values());
    all.extend(parts());
    all
}

/// What a text is made of, where it is not just a path.
fn composed() -> Value {
    json!({
        "const": refer("text", "A fixed text."),
        "path": refer("path", "The value at the path."),
        "template": refer("text", "A text put together: {path} has to be there, {path?} may be absent."),
        "first_of": list_of("value", "The first that gives something."),
        "cel": refer("text", "An expression in CEL."),
        "with": map_of("path", "Texts that the expression computes with; name? may be absent."),
        "digest": refer("path", "A text that is the same for the same content: a digest of all that stands at the path."),
        "without": refer("texts", "Paths, from there, of what is no part of the digest."),
        "as": one_of(&["text"], "Take a number or truth value as the text that it is written as."),
        "number": refer("number", "How this number is written."),
        "time": refer("time", "How this time is written."),
        "table": refer("text", "Code table that the value goes through."),
        "master": one_of(&MasterEntity::ALL.map(MasterEntity::name)[..MasterEntity::ALL.len() - 1], "Master data that the value is looked up in, as it is at the event's time."),
        "scheme": {"anyOf": [{"$ref": "#/$defs/text"}, {"$ref": "#/$defs/composed"}], "description": "Scheme of the identifier, fixed or from the document; the source's name unless said. For a status code the table."},
        "kind": one_of(&OrderAliasKind::SYMBOLS[1..], "Which of an order's numbers it is."),
        "gives": one_of(&["order", "operation"], "What of an order's number is taken."),
        "missing": one_of(&["park", "refuse", "keep"], "What becomes of the record where nothing answers: it waits, is refused, or the identifier is taken as it is."),
        "default": refer("text", "What stands there where there is nothing."),
        "required": flag("Where there is nothing the document is refused, though the contract lets the field be absent."),
    })
}

/// Forms of values.
fn values() -> Vec<(String, Value)> {
    named(&[
        ("composed", section("a value", &[], &composed())),
        (
            "quantity",
            section(
                "quantity",
                &["value", "unit"],
                &json!({
                    "value": refer("value", "The amount."),
                    "when": refer("conditions", "Where these do not hold there is no quantity."),
                    "required": flag("Where there is none the document is refused, though the contract lets the field be absent."),
                    "unit": refer("value", "Its unit, one of `units`, or with `master: unit` one of the item's."),
                    "master": {"const": "unit", "description": "Units that `units` does not have are the item's, by its unit conversions."},
                    "item": refer("value", "Item whose unit it is, the canonical one."),
                    "missing": one_of(&["park", "refuse"], "What becomes of the record where the item has no such unit: it waits, or is refused."),
                    "inexact": one_of(&["refuse", "keep"], "What becomes of an amount that is no exact number of base units: it is refused, or stays in the other unit."),
                }),
            ),
        ),
        (
            "selected",
            section(
                "a selection",
                &["path"],
                &json!({"path": {"anyOf": [{"$ref": "#/$defs/path"}, {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/path"}}], "description": "Nodes that it selects; of a list, every path counts."}, "required": flag("Finding none refuses the document.")}),
            ),
        ),
        (
            "condition",
            section(
                "a condition",
                &[],
                &json!({"none_of": refer("texts", "It is none of these, or absent."), "present": flag("It is there, or is not."), "filled": flag("It is a text that is not empty, or is not.")}),
            ),
        ),
        (
            "number",
            section(
                "`number`",
                &[],
                &json!({
                    "decimal": refer("text", "Character before the fraction; . by default."),
                    "grouping": refer("text", "Character between groups of three digits."),
                    "trailing_sign": flag("A sign may stand behind the number."),
                }),
            ),
        ),
        (
            "time",
            section(
                "`time`",
                &["formats"],
                &json!({
                    "formats": refer("texts", "Forms of the text, such as %d.%m.%Y %H:%M."),
                    "pivot": refer("text", "First year that two digits can mean."),
                    "at": refer("text", "Time of day of a date that has none."),
                }),
            ),
        ),
    ])
}

/// Parts of the file.
fn parts() -> Vec<(String, Value)> {
    let resolve = |what: &str| one_of(&["refuse", "earlier", "later"], what);
    named(&[
        (
            "format_options",
            section(
                "`format`",
                &["type"],
                &json!({
                    "type": {"enum": Format::ALL.iter().map(|format| format.as_str()).collect::<Vec<_>>(), "description": "Name of the format."},
                    "delimiter": refer("text", "CSV: what separates fields; , by default."),
                    "quote": refer("text", "CSV: what encloses fields, or none; \" by default."),
                    "escape": refer("text", "CSV: what makes a quote within quotes a character."),
                    "comment": refer("text", "CSV: lines that start with it are no rows."),
                    "columns": list_of("text", "CSV: names of the columns."),
                    "header": flag("CSV: the first row names the columns; so it is unless `columns` does."),
                    "skip_lines": {"type": "integer", "minimum": 0, "description": "CSV: lines at the start that are no rows."},
                    "duplicate_members": one_of(&["refuse", "last"], "JSON: of members of one name the last counts, or a rule that reads one refuses the record; so it is by default."),
                    "encoding": refer("text", "Character encoding of the bytes, such as windows-1252; of XML instead of what a document declares."),
                }),
            ),
        ),
        (
            "segments",
            section(
                "`segments`",
                &[],
                &json!({"hierarchy": refer("hierarchy", "Levels that name those above them."), "loops": list_of("loop", "Segments that belong to one before them.")}),
            ),
        ),
        (
            "hierarchy",
            section(
                "`hierarchy`",
                &["start", "id", "parent"],
                &json!({
                    "start": refer("text", "Segment that starts a level, such as HL."),
                    "id": refer("text", "Element with the level's id."),
                    "parent": refer("text", "Element with the id of the level above."),
                    "until": refer("texts", "Segments that belong to no level any more."),
                }),
            ),
        ),
        (
            "loop",
            section(
                "a loop",
                &["start"],
                &json!({"start": refer("text", "Segment that starts it."), "members": refer("texts", "Segments that belong to it."), "loops": list_of("loop", "Loops in it.")}),
            ),
        ),
        (
            "documents",
            section(
                "`documents`",
                &["each", "type"],
                &json!({"each": map_of("selection", "Selections that lead to a document."), "type": refer("document_type", "Its type, from the innermost.")}),
            ),
        ),
        (
            "prefixes",
            section(
                "`prefixes`",
                &[],
                &json!({"paths": refer("texts", "Paths to texts that are named by prefixes."), "known": map_of("text", "URIs of prefixes that documents need not bind.")}),
            ),
        ),
        ("composed_type", section("`document_type`", &[], &composed())),
        (
            "time_zone",
            section(
                "`time_zone`",
                &["name", "on_gap", "on_overlap"],
                &json!({
                    "name": refer("text", "IANA name, such as Europe/Berlin."),
                    "on_gap": resolve("For local times that the clocks skip."),
                    "on_overlap": resolve("For local times that the clocks show twice."),
                }),
            ),
        ),
        (
            "unit_options",
            section("a unit", &["unit"], &json!({"unit": refer("text", "UN/CEFACT common code."), "factor": refer("text", "What an amount is multiplied by.")})),
        ),
        (
            "table",
            section(
                "table",
                &["codes"],
                &json!({"codes": map_of("text", "What each code means."), "unknown": refer("unknown", "What other codes mean; refused by default.")}),
            ),
        ),
        ("unknown_default", section("`unknown`", &["default"], &json!({"default": refer("text", "What they mean.")}))),
    ])
}

fn named(definitions: &[(&str, Value)]) -> Vec<(String, Value)> {
    definitions.iter().map(|(name, definition)| ((*name).to_owned(), definition.clone())).collect()
}

fn add(properties: &mut Value, more: Map<String, Value>) {
    if let Value::Object(known) = properties {
        for (name, property) in more {
            known.entry(name).or_insert(property);
        }
    }
}
