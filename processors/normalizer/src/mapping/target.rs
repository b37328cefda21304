//! What a mapping can fill: types of fields, read from the contract's Avro schema.

use std::collections::HashMap;

use apache_avro::Schema;
use apache_avro::schema::{Name, RecordField, RecordSchema, UnionSchema};
use lineside_schemas::binary::{bytes, length, long};

/// Type of a field. Cheap to copy: what it names is read once for each contract and stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Text,
    Int,
    Long,
    Boolean,
    /// Avro `timestamp-micros`.
    Timestamp,
    /// Avro `date`: days since 1970-01-01.
    Date,
    /// A plain `decimal(38, 9)`.
    Decimal,
    /// The record `Quantity`: an exact decimal and a unit.
    Quantity,
    /// One of the symbols.
    Enum(&'static EnumTarget),
    /// A record of its own.
    Record(&'static RecordTarget),
    /// An array of texts.
    Texts,
    /// An array of records.
    Records(&'static RecordTarget),
    /// A type that no mapping can fill.
    Unsupported,
}

/// An enum of the contract.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct EnumTarget {
    pub(crate) symbols: Vec<String>,
    /// What readers take symbols for that they do not know. No mapping may write it.
    pub(crate) default: Option<String>,
}

impl EnumTarget {
    /// Symbols that a mapping may write.
    pub(crate) fn known(&self) -> impl Iterator<Item = &str> {
        self.symbols.iter().filter(|symbol| Some(*symbol) != self.default.as_ref()).map(String::as_str)
    }

    /// Index of a symbol that a mapping may write.
    pub(crate) fn index(&self, symbol: &str) -> Option<usize> {
        self.symbols.iter().position(|known| known == symbol).filter(|_| self.default.as_deref() != Some(symbol))
    }
}

/// A record of the contract.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RecordTarget {
    pub(crate) name: String,
    /// In the order of the schema.
    pub(crate) fields: Vec<TargetField>,
}

/// A field of the contract.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TargetField {
    pub(crate) name: String,
    pub(crate) target: Target,
    /// What stands before the value: the branch of the union, if it is one.
    pub(crate) present: Vec<u8>,
    /// What is written where there is no value; `None` where there has to be one.
    pub(crate) absent: Option<Absent>,
    pub(crate) doc: String,
}

/// The null branch or the default of a field.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Absent {
    pub(crate) bytes: Vec<u8>,
    /// The default in words, where it says something: neither null nor an empty list.
    pub(crate) value: Option<String>,
}

impl Target {
    pub(crate) const fn describe(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Int | Self::Long => "a whole number",
            Self::Boolean => "true or false",
            Self::Timestamp => "a time",
            Self::Date => "a date",
            Self::Decimal => "a number",
            Self::Quantity => "a quantity",
            Self::Enum(_) => "one of a few symbols",
            Self::Record(_) => "a record",
            Self::Texts => "a list of texts",
            Self::Records(_) => "a list of records",
            Self::Unsupported => "of a type that mappings cannot fill",
        }
    }
}

impl TargetField {
    /// Neither nullable nor with a default.
    pub(crate) const fn required(&self) -> bool {
        self.absent.is_none()
    }
}

/// Definitions of a schema's named types.
pub(super) struct Named(HashMap<Name, Schema>);

impl Named {
    pub(super) fn of(schema: &Schema) -> Self {
        let mut named = HashMap::new();
        collect(schema, &mut named);
        Self(named)
    }

    pub(super) fn resolve<'s>(&'s self, schema: &'s Schema) -> &'s Schema {
        match schema {
            Schema::Ref { name } => self.0.get(name).unwrap_or(schema),
            schema => schema,
        }
    }

    pub(super) fn record(&self, record: &RecordSchema) -> RecordTarget {
        RecordTarget { name: record.name.name().to_owned(), fields: record.fields.iter().map(|field| self.field(field)).collect() }
    }

    pub(super) fn field(&self, field: &RecordField) -> TargetField {
        let (schema, branches) = without_null(&field.schema);
        let mut present = Vec::new();
        let mut absent = field.default.as_ref().and_then(|default| self.default(&field.schema, default));
        if let Some((null, some)) = branches {
            length(some, &mut present);
            let mut bytes = Vec::new();
            length(null, &mut bytes);
            absent = absent.or(Some(Absent { bytes, value: None }));
        }
        TargetField { name: field.name.clone(), target: self.target(schema), present, absent, doc: field.doc.clone().unwrap_or_default() }
    }

    fn target(&self, schema: &Schema) -> Target {
        match self.resolve(schema) {
            Schema::String => Target::Text,
            Schema::Int => Target::Int,
            Schema::Long => Target::Long,
            Schema::Boolean => Target::Boolean,
            Schema::TimestampMicros => Target::Timestamp,
            Schema::Date => Target::Date,
            Schema::Decimal(_) => Target::Decimal,
            Schema::Enum(definition) => {
                // Leaked here and below: a contract is read once, and plans point into it for as long as the program runs.
                Target::Enum(Box::leak(Box::new(EnumTarget { symbols: definition.symbols.clone(), default: definition.default.clone() })))
            }
            Schema::Record(record) if record.name.name() == "Quantity" => Target::Quantity,
            Schema::Record(record) => Target::Record(Box::leak(Box::new(self.record(record)))),
            Schema::Array(array) => match self.target(&array.items) {
                Target::Text => Target::Texts,
                Target::Record(record) => Target::Records(record),
                _ => Target::Unsupported,
            },
            _ => Target::Unsupported,
        }
    }

    /// A default as data. `None` for defaults that no contract has: the field is then required.
    fn default(&self, schema: &Schema, default: &serde_json::Value) -> Option<Absent> {
        let mut out = Vec::new();
        let mut value = Some(default.as_str().map_or_else(|| default.to_string(), str::to_owned));
        match self.resolve(schema) {
            Schema::Union(union) => {
                let null = union.variants().iter().position(|branch| *branch == Schema::Null).filter(|_| default.is_null())?;
                length(null, &mut out);
                value = None;
            }
            Schema::Boolean => out.push(default.as_bool()?.into()),
            Schema::Int | Schema::Long => long(default.as_i64()?, &mut out),
            Schema::String => bytes(default.as_str()?.as_bytes(), &mut out),
            Schema::Enum(definition) => length(definition.symbols.iter().position(|symbol| Some(symbol.as_str()) == default.as_str())?, &mut out),
            Schema::Array(_) if default.as_array()?.is_empty() => {
                out.push(0);
                value = None;
            }
            _ => return None,
        }
        Some(Absent { bytes: out, value })
    }
}

/// The branch beside `null`, and the indices of null and of that branch where there is a null.
pub(super) fn without_null(schema: &Schema) -> (&Schema, Option<(usize, usize)>) {
    let branches = if let Schema::Union(union) = schema { UnionSchema::variants(union) } else { &[] };
    match branches {
        [Schema::Null, branch] => (branch, Some((0, 1))),
        [branch, Schema::Null] => (branch, Some((1, 0))),
        _ => (schema, None),
    }
}

fn collect(schema: &Schema, named: &mut HashMap<Name, Schema>) {
    match schema {
        Schema::Record(record) => {
            named.insert(record.name.clone(), schema.clone());
            record.fields.iter().for_each(|field| collect(&field.schema, named));
        }
        Schema::Enum(symbols) => {
            named.insert(symbols.name.clone(), schema.clone());
        }
        Schema::Union(union) => union.variants().iter().for_each(|branch| collect(branch, named)),
        Schema::Array(array) => collect(&array.items, named),
        _ => {}
    }
}

/// Fields whose quantity the contract wants positive, as `record.field`.
const POSITIVE: &[&str] = &[
    "ByProductReported.quantity",
    "ComponentMovement.quantity",
    "FinishedGoodsReported.quantity",
    "GoodsIssued.quantity",
    "ReworkReported.quantity",
    "ScrapReported.quantity",
    "StockTransferred.quantity",
    "WarehouseReceipt.quantity",
];

/// Whether zero and negative quantities are refused in a field.
pub(crate) fn is_positive(record: &str, field: &str) -> bool {
    POSITIVE.iter().any(|known| known.split_once('.') == Some((record, field)))
}
