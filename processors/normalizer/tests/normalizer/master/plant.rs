//! A plant whose documents refer to everything, and its master data.

use std::sync::Arc;

use lineside_api::{Erased, Hosted, RawRecord, Timestamp};
use lineside_normalizer::{Limits, MappingSet, MasterEntity, MasterIndex, Normalizer, ParkingBounds, Plan};
use lineside_schemas::contract;
use lineside_schemas::records::{
    Alias, Envelope, Item, OrderAlias, OrderAliasKind, OrderCrossReference, Quantity, RawPosition, StatusCode, StatusCodeTable, Supplier, UnitConversion, UnitRatio,
};
use lineside_schemas::{Codec, Contract};
use lineside_topology::processors::NORMALIZER;

/// Consumption of an item; the order and everything else may be looked up.
pub const MAPPING: &str = r#"
source: plant-x.mes
version: 1
contract: ProductionEvent
format: json
document_type: kind
units: {KG: KGM}
tables: {qualifiers: {codes: {"1": DUNS, "9": GLN}}}
envelope:
  event_id: id
  plant: {const: plant-x}
  transaction_type: $document_type
  source_time: at
order: order
events:
  - document: CONSUMED
    type: MATERIAL_CONSUMED
    each: {line: lines/*}
    order: /order
    envelope: {event_id: {template: "{/id}/{#line}"}, source_time: /at}
    fields:
      operation: {const: "0010"}
      item: &item {path: item, master: item}
      quantity: {value: amount, unit: unit, master: unit, item: *item}
  - document: BY_SEQUENCE
    type: ORDER_COMPLETED
    order: {path: sequence, master: order, kind: PLANT_SEQUENCE}
    fields: {}
  - document: COMPLETED
    type: ORDER_COMPLETED
    fields: {reason: reason}
  - document: KEPT
    type: MATERIAL_CONSUMED
    fields:
      operation: {const: "0010"}
      item: &kept {path: item, master: item, missing: keep}
      quantity: {value: amount, unit: unit, master: unit, item: *kept, inexact: keep}
  - document: REFUSED
    type: MATERIAL_CONSUMED
    fields:
      operation: {const: "0010"}
      item: {path: item, master: item, missing: refuse}
      quantity: {value: amount, unit: unit}
  - document: NOTICE
    contract: InboundEvent
    type: ADVANCE_SHIP_NOTICE
    aggregate: {document: id}
    fields:
      supplier: {path: supplier, master: supplier, scheme: {path: qualifier, table: qualifiers}}
  - document: EXECUTION
    type: OPERATION_STARTED
    order: {path: execution, master: order, kind: OPERATION_EXECUTION}
    fields:
      operation: {path: execution, master: order, kind: OPERATION_EXECUTION, gives: operation}
      work_center: {path: resource, master: work-center, missing: keep}
  - document: DOWNTIME
    contract: WorkCenterEvent
    type: DOWNTIME
    work_center: resource
    fields:
      kind: {path: code, master: status-code, scheme: plant-x.mes/downtime}
      start: at
"#;

pub fn plan() -> Plan {
    Plan::compile("plant-x", MAPPING).unwrap_or_else(|errors| panic!("{errors}"))
}

/// The mapping as a folder of packs.
pub fn mappings() -> Arc<MappingSet> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("plant-x.mes")).expect("a folder");
    std::fs::write(folder.path().join("plant-x.mes/mapping.yaml"), MAPPING).expect("a file");
    Arc::new(MappingSet::from_folder(folder.path()).unwrap_or_else(|error| panic!("{error}")))
}

pub fn normalizer(mappings: &Arc<MappingSet>, bounds: ParkingBounds) -> Box<dyn Erased> {
    Box::new(Hosted::new(&NORMALIZER, Normalizer::new(Arc::clone(mappings), Limits::default()).with_parking(bounds)))
}

pub const TOPIC: &str = "raw.plant-x.mes";

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + second * 1000)
}

pub fn record(value: &[u8]) -> RawRecord<'_> {
    RawRecord { topic: TOPIC, partition: 0, offset: 7, index: None, time: at(1000), key: None, value: Some(value), headers: &[] }
}

/// A document: kind, id, second of its source time, and the rest of it.
pub fn document(kind: &str, id: &str, second: i64, rest: &str) -> String {
    let time = at(second);
    format!(r#"{{"kind": "{kind}", "id": "{id}", "at": "{time}", {rest}}}"#)
}

/// Consumption of `amount` of each of these items by an order.
pub fn consumed(id: &str, second: i64, order: &str, items: &[(&str, &str, &str)]) -> String {
    let lines: Vec<_> = items.iter().map(|(item, amount, unit)| format!(r#"{{"item": "{item}", "amount": "{amount}", "unit": "{unit}"}}"#)).collect();
    document("CONSUMED", id, second, &format!(r#""order": "{order}", "lines": [{}]"#, lines.join(", ")))
}

fn envelope(id: &str, second: i64) -> Envelope<'_> {
    Envelope {
        event_id: id,
        source: "plant-x.master",
        plant: "plant-x",
        source_time: at(second),
        raw: RawPosition { topic: "raw.plant-x.master", partition: 0, offset: second },
        ..Envelope::default()
    }
}

/// A record of master data: topic, key and wire format.
pub type Master = (&'static str, String, Vec<u8>);

fn master<C: Contract>(codec: &Codec, entity: MasterEntity, key: &str, value: &C::Value<'_>) -> Master {
    let mut wire = Vec::new();
    codec.encode::<C>(entity.topic(), value, &mut wire).expect("a record");
    (entity.topic(), format!("plant-x/{key}"), wire)
}

/// An item that has these numbers from `from` on.
pub fn item(codec: &Codec, item: &str, second: i64, numbers: &[&str], from: Option<i64>) -> Master {
    let aliases = numbers.iter().map(|id| Alias { scheme: "plant-x.mes", id, valid_from: from.map(at), valid_to: None }).collect();
    master::<contract::Item>(codec, MasterEntity::Item, item, &Item { envelope: envelope(item, second), item, aliases, ..Item::default() })
}

/// So many base units of an item are `quantity` of its unit.
pub fn unit(codec: &Codec, item: &str, unit: &str, quantity: &str, base: &str) -> Master {
    let amount = |value: &str, unit| Quantity { value: value.parse().expect("a number"), unit };
    let ratios = vec![UnitRatio { quantity: amount(quantity, "XBX"), base_quantity: amount(base, "KGM"), valid_from: None, valid_to: None }];
    let record = UnitConversion { envelope: envelope(unit, 1), item, unit, ratios, ..UnitConversion::default() };
    master::<contract::UnitConversion>(codec, MasterEntity::Unit, &format!("{item}/{unit}"), &record)
}

pub fn order(codec: &Codec, order: &str, numbers: &[(OrderAliasKind, &str, Option<&str>)]) -> Master {
    let aliases =
        numbers.iter().map(|(kind, id, operation)| OrderAlias { kind: *kind, scheme: "plant-x.mes", id, operation: *operation, valid_from: None, valid_to: None });
    let record = OrderCrossReference { envelope: envelope(order, 1), order, aliases: aliases.collect(), ..OrderCrossReference::default() };
    master::<contract::OrderCrossReference>(codec, MasterEntity::Order, order, &record)
}

pub fn supplier(codec: &Codec, supplier: &str, scheme: &str, id: &str) -> Master {
    let aliases = vec![Alias { scheme, id, valid_from: None, valid_to: None }];
    let record = Supplier { envelope: envelope(supplier, 1), supplier, aliases, ..Supplier::default() };
    master::<contract::Supplier>(codec, MasterEntity::Supplier, supplier, &record)
}

pub fn code(codec: &Codec, code: &str, meaning: &str) -> Master {
    let rows = vec![StatusCode { code, meaning, ..StatusCode::default() }];
    let record = StatusCodeTable { envelope: envelope(code, 1), table: "plant-x.mes/downtime", codes: rows, ..StatusCodeTable::default() };
    master::<contract::StatusCodeTable>(codec, MasterEntity::StatusCode, "plant-x.mes/downtime", &record)
}

/// An index of these records.
pub fn index(codec: &Codec, records: &[Master]) -> MasterIndex {
    let mut index = MasterIndex::new(MasterEntity::ALL);
    for (topic, key, wire) in records {
        index.apply(topic, key, Some(wire), codec, &mut |_| {}).expect("a record of master data");
    }
    index
}
