//! What a mapping can fill: the fields of the contract, read from its Avro schema.

use std::collections::HashMap;
use std::sync::LazyLock;

use apache_avro::Schema;
use apache_avro::schema::{Name, RecordField, RecordSchema, UnionSchema};
use lineside_schemas::contract::{Contract, ProductionEvent};
use lineside_schemas::records::ProductionEventType;

/// Type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Text,
    Int,
    Long,
    Boolean,
    /// Avro `timestamp-micros`.
    Timestamp,
    /// The record `Quantity`: an exact decimal and a unit.
    Quantity,
    /// A type that no mapping can fill yet.
    Unsupported,
}

impl Target {
    pub(crate) const fn describe(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Int | Self::Long => "a whole number",
            Self::Boolean => "true or false",
            Self::Timestamp => "a time",
            Self::Quantity => "a quantity",
            Self::Unsupported => "of a type that mappings cannot fill",
        }
    }
}

/// A field of the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TargetField {
    pub(crate) name: String,
    pub(crate) target: Target,
    /// Neither nullable nor with a default.
    pub(crate) required: bool,
    pub(crate) doc: String,
}

/// A group of the contract: what one type of event carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TargetGroup {
    pub(crate) kind: ProductionEventType,
    /// Name of the group's record in the schema.
    pub(crate) record: String,
    pub(crate) fields: Vec<TargetField>,
}

/// The contract, as far as mappings fill it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ContractFields {
    pub(crate) envelope: Vec<TargetField>,
    pub(crate) groups: Vec<TargetGroup>,
}

/// Fields of the production contract.
pub(crate) fn production() -> &'static ContractFields {
    static FIELDS: LazyLock<ContractFields> = LazyLock::new(|| from_schema(ProductionEvent::SCHEMA).expect("the schema is part of the build and a test reads it"));
    &FIELDS
}

/// `None` where the schema is not built as an event contract is: an envelope, a type, and a nullable group per symbol.
fn from_schema(text: &str) -> Option<ContractFields> {
    let schema = Schema::parse_str(text).ok()?;
    let mut named = HashMap::new();
    collect_names(&schema, &mut named);
    let Schema::Record(event) = &schema else { return None };
    let field = |name: &str| event.fields.iter().find(|field| field.name == name);
    let Schema::Record(envelope) = resolved(&field("envelope")?.schema, &named) else { return None };
    let Schema::Enum(types) = resolved(&field("type")?.schema, &named) else { return None };
    let mut groups = Vec::new();
    for symbol in types.symbols.iter().filter(|symbol| Some(*symbol) != types.default.as_ref()) {
        let (schema, _) = without_null(&field(&symbol.to_lowercase())?.schema);
        let Schema::Record(group) = resolved(schema, &named) else { return None };
        let kind = ProductionEventType::from_symbol(symbol);
        groups.push(TargetGroup { kind, record: group.name.name().to_owned(), fields: fields(group, &named) });
    }
    Some(ContractFields { envelope: fields(envelope, &named), groups })
}

fn fields(record: &RecordSchema, named: &HashMap<Name, Schema>) -> Vec<TargetField> {
    record.fields.iter().map(|field| target_field(field, named)).collect()
}

fn target_field(field: &RecordField, named: &HashMap<Name, Schema>) -> TargetField {
    let (schema, nullable) = without_null(&field.schema);
    let target = match resolved(schema, named) {
        Schema::String => Target::Text,
        Schema::Int => Target::Int,
        Schema::Long => Target::Long,
        Schema::Boolean => Target::Boolean,
        Schema::TimestampMicros => Target::Timestamp,
        Schema::Record(record) if record.name.name() == "Quantity" => Target::Quantity,
        _ => Target::Unsupported,
    };
    TargetField { name: field.name.clone(), target, required: !nullable && field.default.is_none(), doc: field.doc.clone().unwrap_or_default() }
}

fn resolved<'s>(schema: &'s Schema, named: &'s HashMap<Name, Schema>) -> &'s Schema {
    match schema {
        Schema::Ref { name } => named.get(name).unwrap_or(schema),
        schema => schema,
    }
}

/// The branch beside `null`, and whether there was a `null`.
fn without_null(schema: &Schema) -> (&Schema, bool) {
    let branches = if let Schema::Union(union) = schema { UnionSchema::variants(union) } else { &[] };
    match branches {
        [Schema::Null, branch] | [branch, Schema::Null] => (branch, true),
        _ => (schema, false),
    }
}

fn collect_names(schema: &Schema, named: &mut HashMap<Name, Schema>) {
    match schema {
        Schema::Record(record) => {
            named.insert(record.name.clone(), schema.clone());
            record.fields.iter().for_each(|field| collect_names(&field.schema, named));
        }
        Schema::Enum(symbols) => {
            named.insert(symbols.name.clone(), schema.clone());
        }
        Schema::Union(union) => union.variants().iter().for_each(|branch| collect_names(branch, named)),
        Schema::Array(array) => collect_names(&array.items, named),
        _ => {}
    }
}

/// Fields whose quantity the contract wants positive, as `record.field`.
const POSITIVE: &[&str] = &["ComponentMovement.quantity", "FinishedGoodsReported.quantity"];

/// Whether zero and negative quantities are refused in a field.
pub(crate) fn is_positive(record: &str, field: &str) -> bool {
    POSITIVE.iter().any(|known| known.split_once('.') == Some((record, field)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_symbol_but_unknown_is_a_group() {
        let kinds: Vec<_> = production().groups.iter().map(|group| group.kind.symbol()).collect();
        assert_eq!(kinds, ProductionEventType::SYMBOLS[1..]);
    }

    #[test]
    fn fields_have_the_types_of_the_schema() {
        let group = production().groups.iter().find(|group| group.kind == ProductionEventType::OrderReleased).unwrap();
        let fields: Vec<_> = group.fields.iter().map(|field| (field.name.as_str(), field.target, field.required)).collect();
        assert_eq!(
            fields,
            [
                ("item", Target::Text, true),
                ("planned_quantity", Target::Quantity, true),
                ("order_type", Target::Text, false),
                ("planned_start", Target::Timestamp, false),
                ("planned_end", Target::Timestamp, false),
            ]
        );
        // Movements of both kinds share a record that the schema names only once.
        let movements = production().groups.iter().filter(|group| group.record == "ComponentMovement");
        assert!(movements.clone().all(|group| group.fields.len() == 9) && movements.count() == 2);
    }

    #[test]
    fn every_field_can_be_filled() {
        let fields = production().groups.iter().flat_map(|group| &group.fields);
        assert_eq!(fields.filter(|field| field.target == Target::Unsupported).count(), 0);
    }

    #[test]
    fn positive_quantities_are_those_that_the_contract_calls_positive() {
        for group in &production().groups {
            for field in &group.fields {
                assert_eq!(field.doc.contains("; positive."), is_positive(&group.record, &field.name), "{}.{}", group.record, field.name);
            }
        }
    }
}
