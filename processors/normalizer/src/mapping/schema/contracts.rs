//! The fields that mappings fill, read from the contracts.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use lineside_topology::CANONICAL;
use serde_json::{Map, Value, json};

use super::sections::{refer, section};
use crate::mapping::contract::{ContractTarget, contract};
use crate::mapping::envelope::is_mapped;
use crate::mapping::event::aggregate_keys;
use crate::mapping::target::{RecordTarget, Target, TargetField};

/// Every contract that mappings can fill.
pub(super) struct Contracts(Vec<&'static ContractTarget>);

impl Contracts {
    pub(super) fn all() -> Self {
        Self(CANONICAL.iter().filter_map(|topic| contract(topic.contract.name()).ok()).collect())
    }

    /// Names of contracts.
    pub(super) fn name(&self, description: &str) -> Value {
        json!({"enum": self.0.iter().map(|contract| contract.name()).collect::<Vec<_>>(), "description": description})
    }

    /// Types of all events, each once.
    pub(super) fn event_types(&self) -> BTreeSet<&'static str> {
        self.0.iter().flat_map(|contract| contract.groups()).map(|group| group.symbol.as_str()).collect()
    }

    /// Fields of aggregates that files and rules fill by name.
    pub(super) fn aggregate_fields(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        for contract in &self.0 {
            let keys: Vec<_> = aggregate_keys(contract).collect();
            for field in contract.fields().filter(|field| keys.contains(&field.name.as_str())) {
                fields.entry(field.name.clone()).or_insert_with(|| refer("value", &field.doc));
            }
        }
        fields
    }

    /// The envelope's fields that mappings fill.
    pub(super) fn envelope(&self) -> Value {
        let fields = self.0.iter().flat_map(|contract| &contract.envelope).map(|(field, _)| field).filter(|field| is_mapped(&field.name) == Some(true));
        let properties: Map<String, Value> = fields.map(|field| (field.name.clone(), refer("value", &field.doc))).collect();
        json!({"type": "object", "properties": properties, "additionalProperties": false})
    }

    /// For each type of event, and for master data, which fields there are.
    pub(super) fn fields_by_type(&self) -> Value {
        let mut by_type: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
        for contract in &self.0 {
            for group in contract.groups() {
                by_type.entry(("type", &group.symbol)).or_default().push(definition_name(contract, group.record));
            }
            if contract.is_flat() {
                by_type.entry(("contract", contract.name())).or_default().push(contract.name().to_owned());
            }
        }
        let conditions = by_type.into_iter().map(|((key, name), definitions)| {
            let any: Vec<Value> = definitions.iter().map(|name| json!({"$ref": format!("#/$defs/{name}")})).collect();
            let fields = if let [one] = any.as_slice() { one.clone() } else { json!({ "anyOf": any }) };
            json!({"if": {"properties": {key: {"const": name}}, "required": [key]}, "then": {"properties": {"fields": fields}}})
        });
        Value::Array(conditions.collect())
    }

    /// Definitions of all records that rules fill.
    pub(super) fn definitions(&self) -> BTreeMap<String, Value> {
        let mut definitions = BTreeMap::new();
        for contract in &self.0 {
            if contract.is_flat() {
                definitions.insert(contract.name().to_owned(), fields(contract, contract.fields()));
                contract.fields().for_each(|field| collect(contract, field, &mut definitions));
            }
            for group in contract.groups() {
                add(contract, group.record, &mut definitions);
            }
        }
        definitions
    }
}

fn add(contract: &ContractTarget, record: &RecordTarget, definitions: &mut BTreeMap<String, Value>) {
    let name = definition_name(contract, record);
    if let Entry::Vacant(place) = definitions.entry(name) {
        place.insert(fields(contract, record.fields.iter()));
        record.fields.iter().for_each(|field| collect(contract, field, definitions));
    }
}

fn collect(contract: &ContractTarget, field: &TargetField, definitions: &mut BTreeMap<String, Value>) {
    if let Target::Record(record) | Target::Records(record) = field.target {
        add(contract, record, definitions);
    }
}

fn definition_name(contract: &ContractTarget, record: &RecordTarget) -> String {
    format!("{}.{}", contract.name(), record.name)
}

fn fields<'f>(contract: &ContractTarget, fields: impl Iterator<Item = &'f TargetField>) -> Value {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for field in fields {
        properties.insert(field.name.clone(), property(contract, field));
        if field.required() {
            required.push(&field.name);
        }
    }
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

fn property(contract: &ContractTarget, field: &TargetField) -> Value {
    match field.target {
        Target::Quantity => refer("quantity", &field.doc),
        Target::Record(record) => {
            let fields = json!({"$ref": format!("#/$defs/{}", definition_name(contract, record))});
            let sometimes = section("record", &["when", "fields"], &json!({"when": refer("conditions", "Only where these hold."), "fields": fields}));
            json!({"anyOf": [fields, sometimes], "description": field.doc})
        }
        Target::Records(record) => list(&json!({"fields": refer(&definition_name(contract, record), "Fields of an item.")}), &field.doc),
        Target::Texts => list(&json!({"value": refer("value", "An item.")}), &field.doc),
        Target::Enum(symbols) => refer("value", &format!("{} One of {}.", field.doc, symbols.known().collect::<Vec<_>>().join(", "))),
        _ => refer("value", &field.doc),
    }
}

/// One list, or several whose items follow each other.
fn list(content: &Value, description: &str) -> Value {
    let mut properties = json!({
        "each": {
            "anyOf": [{"$ref": "#/$defs/selection"}, {"type": "object", "minProperties": 1, "additionalProperties": {"$ref": "#/$defs/selection"}}],
            "description": "Every node that it, or the innermost of several by name, selects is an item; without it there is one.",
        },
        "as": refer("text", "Name of the selection."),
        "when": refer("conditions", "Only where these hold."),
    });
    let mut required = Vec::new();
    if let (Value::Object(properties), Value::Object(content)) = (&mut properties, content) {
        for (name, property) in content {
            properties.insert(name.clone(), property.clone());
            required.push(name.as_str());
        }
    }
    let one = section("list", &required, &properties);
    json!({"anyOf": [one.clone(), {"type": "array", "items": one}], "description": description})
}
