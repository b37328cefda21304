//! Examples, schemas and codecs for the tests.

use std::path::{Path, PathBuf};

use lineside_schemas::codec::{decode_datum, encode_datum};
use lineside_schemas::{Codec, CodecError, Contract, ContractId, SchemaSource, SchemaSourceError, contract};
use serde_json::Value;

/// Decodes into the typed record of the contract and encodes that again.
pub fn reencode(contract: ContractId, datum: &[u8]) -> Result<Vec<u8>, CodecError> {
    fn typed<C: Contract>(datum: &[u8]) -> Result<Vec<u8>, CodecError> {
        let mut out = Vec::new();
        encode_datum::<C>(&decode_datum::<C>(datum)?, &mut out)?;
        Ok(out)
    }
    // A match, so that a new contract has to be added here.
    match contract {
        ContractId::ProductionEvent => typed::<contract::ProductionEvent>(datum),
        ContractId::OrderPosting => typed::<contract::OrderPosting>(datum),
        ContractId::ErpConfirmation => typed::<contract::ErpConfirmation>(datum),
        ContractId::ErpGoodsMovement => typed::<contract::ErpGoodsMovement>(datum),
        ContractId::OrderProgress => typed::<contract::OrderProgress>(datum),
        ContractId::DeadLetter => typed::<contract::DeadLetter>(datum),
        ContractId::NormalizedEvent => typed::<contract::NormalizedEvent>(datum),
        ContractId::RecordFrame => typed::<contract::RecordFrame>(datum),
        ContractId::AcceptedIds => typed::<contract::AcceptedIds>(datum),
        ContractId::OrderLedger => typed::<contract::OrderLedger>(datum),
        ContractId::QualityEvent => typed::<contract::QualityEvent>(datum),
        ContractId::TraceabilityEvent => typed::<contract::TraceabilityEvent>(datum),
        ContractId::InventoryEvent => typed::<contract::InventoryEvent>(datum),
        ContractId::InboundEvent => typed::<contract::InboundEvent>(datum),
        ContractId::OutboundEvent => typed::<contract::OutboundEvent>(datum),
        ContractId::PlanningEvent => typed::<contract::PlanningEvent>(datum),
        ContractId::WorkCenterEvent => typed::<contract::WorkCenterEvent>(datum),
        ContractId::Item => typed::<contract::Item>(datum),
        ContractId::BillOfMaterial => typed::<contract::BillOfMaterial>(datum),
        ContractId::Routing => typed::<contract::Routing>(datum),
        ContractId::WorkCenter => typed::<contract::WorkCenter>(datum),
        ContractId::UnitConversion => typed::<contract::UnitConversion>(datum),
        ContractId::StorageLocation => typed::<contract::StorageLocation>(datum),
        ContractId::Lot => typed::<contract::Lot>(datum),
        ContractId::Supplier => typed::<contract::Supplier>(datum),
        ContractId::Customer => typed::<contract::Customer>(datum),
        ContractId::ShiftCalendar => typed::<contract::ShiftCalendar>(datum),
        ContractId::StatusCodeTable => typed::<contract::StatusCodeTable>(datum),
        ContractId::OrderCrossReference => typed::<contract::OrderCrossReference>(datum),
        ContractId::PostingOutcome => typed::<contract::PostingOutcome>(datum),
        ContractId::OrderStatus => typed::<contract::OrderStatus>(datum),
        ContractId::OrderPlan => typed::<contract::OrderPlan>(datum),
        ContractId::RememberedEvent => typed::<contract::RememberedEvent>(datum),
        ContractId::PublishedPosting => typed::<contract::PublishedPosting>(datum),
        ContractId::TimerEntry => typed::<contract::TimerEntry>(datum),
        ContractId::PostingRuleSet => typed::<contract::PostingRuleSet>(datum),
        ContractId::ParkedRecord => typed::<contract::ParkedRecord>(datum),
        ContractId::Books => typed::<contract::Books>(datum),
        ContractId::BooksTotal => typed::<contract::BooksTotal>(datum),
        ContractId::DroppedDuplicate => typed::<contract::DroppedDuplicate>(datum),
        ContractId::OrderAccount => typed::<contract::OrderAccount>(datum),
        ContractId::AccountEntry => typed::<contract::AccountEntry>(datum),
    }
}

/// Folder of this crate.
pub fn crate_root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of examples.
pub struct Example {
    pub name: String,
    pub text: String,
    pub json: Value,
}

/// The examples of a contract; `kind` is `valid` or `invalid`. Sorted by name.
pub fn examples(contract: ContractId, kind: &str) -> Vec<Example> {
    let folder = crate_root().join("avro").join(contract.family()).join("examples").join(contract.name()).join(kind);
    let mut examples: Vec<Example> = files(&folder)
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            let json = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            Example { name: path.file_stem().unwrap().to_string_lossy().into_owned(), text, json }
        })
        .collect();
    examples.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(examples.len() >= 2, "{contract:?} needs two {kind} examples at least, in {}", folder.display());
    examples
}

/// One valid example.
pub fn example(contract: ContractId, name: &str) -> Value {
    examples(contract, "valid").into_iter().find(|example| example.name == name).unwrap_or_else(|| panic!("no example {name}")).json
}

/// The files of a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect()
}

/// A registry in memory: the id of a schema is its index.
pub struct Table(pub Vec<String>);

impl SchemaSource for Table {
    fn id_of(&self, subject: &str, schema: &str) -> Result<u32, SchemaSourceError> {
        let index = self.0.iter().position(|known| known == schema);
        index.map(|index| u32::try_from(index).unwrap()).ok_or_else(|| SchemaSourceError::NotFound(subject.to_owned()))
    }

    fn schema_of(&self, id: u32) -> Result<String, SchemaSourceError> {
        self.0.get(id as usize).cloned().ok_or_else(|| SchemaSourceError::NotFound(format!("schema {id}")))
    }
}

/// A codec whose registry holds one schema, with the id 0.
pub fn codec_of_writer(schema: &str) -> Codec {
    Codec::new(Box::new(Table(vec![schema.to_owned()])))
}

/// A record in wire format, written with the schema 0.
pub fn wire(datum: &[u8]) -> Vec<u8> {
    [&[0, 0, 0, 0, 0], datum].concat()
}
