//! Which topic the events and master records of a contract go to, and what their key is made of.

use lineside_schemas::ContractId;

use crate::topics;

/// Where the records of a contract go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CanonicalTopic {
    /// Name of the topic.
    pub topic: &'static str,
    /// The contract.
    pub contract: ContractId,
    /// Names of the record's own fields that make the key, in order: the key is the plant and their values, with `/` between them.
    pub key: &'static [&'static str],
}

/// Every contract that sources can be mapped to: the families of events, then master data.
pub const CANONICAL: &[CanonicalTopic] = &[
    CanonicalTopic { topic: topics::CANONICAL_PRODUCTION.name(), contract: ContractId::ProductionEvent, key: &["order"] },
    CanonicalTopic { topic: topics::CANONICAL_QUALITY.name(), contract: ContractId::QualityEvent, key: &["lot"] },
    CanonicalTopic { topic: topics::CANONICAL_TRACEABILITY.name(), contract: ContractId::TraceabilityEvent, key: &["subject"] },
    CanonicalTopic { topic: topics::CANONICAL_INVENTORY.name(), contract: ContractId::InventoryEvent, key: &["item", "location"] },
    CanonicalTopic { topic: topics::CANONICAL_INBOUND.name(), contract: ContractId::InboundEvent, key: &["document"] },
    CanonicalTopic { topic: topics::CANONICAL_OUTBOUND.name(), contract: ContractId::OutboundEvent, key: &["shipment"] },
    CanonicalTopic { topic: topics::CANONICAL_PLANNING.name(), contract: ContractId::PlanningEvent, key: &["item", "location"] },
    CanonicalTopic { topic: topics::CANONICAL_WORK_CENTER.name(), contract: ContractId::WorkCenterEvent, key: &["work_center"] },
    CanonicalTopic { topic: topics::MASTER_ITEM.name(), contract: ContractId::Item, key: &["item"] },
    CanonicalTopic { topic: topics::MASTER_BILL_OF_MATERIAL.name(), contract: ContractId::BillOfMaterial, key: &["item", "usage", "alternative", "version"] },
    CanonicalTopic { topic: topics::MASTER_ROUTING.name(), contract: ContractId::Routing, key: &["routing", "version"] },
    CanonicalTopic { topic: topics::MASTER_WORK_CENTER.name(), contract: ContractId::WorkCenter, key: &["work_center"] },
    CanonicalTopic { topic: topics::MASTER_UNIT_CONVERSION.name(), contract: ContractId::UnitConversion, key: &["item", "unit"] },
    CanonicalTopic { topic: topics::MASTER_STORAGE_LOCATION.name(), contract: ContractId::StorageLocation, key: &["storage_location"] },
    CanonicalTopic { topic: topics::MASTER_LOT.name(), contract: ContractId::Lot, key: &["item", "lot"] },
    CanonicalTopic { topic: topics::MASTER_SUPPLIER.name(), contract: ContractId::Supplier, key: &["supplier"] },
    CanonicalTopic { topic: topics::MASTER_CUSTOMER.name(), contract: ContractId::Customer, key: &["customer"] },
    CanonicalTopic { topic: topics::MASTER_SHIFT_CALENDAR.name(), contract: ContractId::ShiftCalendar, key: &["calendar"] },
    CanonicalTopic { topic: topics::MASTER_STATUS_CODE_TABLE.name(), contract: ContractId::StatusCodeTable, key: &["table"] },
    CanonicalTopic { topic: topics::MASTER_ORDER_CROSS_REFERENCE.name(), contract: ContractId::OrderCrossReference, key: &["order"] },
];

/// Names of the topics of [`CANONICAL`], in its order: what the normalizer embeds for.
pub const CANONICAL_TOPICS: &[&str] = &{
    let mut names = [""; CANONICAL.len()];
    let mut index = 0;
    while index < names.len() {
        names[index] = CANONICAL[index].topic;
        index += 1;
    }
    names
};

/// What the deduplicator writes: those, and behind them the topic of what it drops.
pub const DEDUPLICATED_TOPICS: &[&str] = &{
    let mut names = [topics::DUPLICATES.name(); CANONICAL.len() + 1];
    let mut index = 0;
    while index < CANONICAL.len() {
        names[index] = CANONICAL[index].topic;
        index += 1;
    }
    names
};

/// The row of the contract; nothing for contracts that no source is mapped to.
#[must_use]
pub fn canonical(contract: ContractId) -> Option<&'static CanonicalTopic> {
    CANONICAL.iter().find(|row| row.contract == contract)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::topics::{Chain, Cleanup, topics};

    fn fields(contract: ContractId) -> Vec<Value> {
        let schema: Value = serde_json::from_str(contract.schema_text()).unwrap();
        schema["fields"].as_array().unwrap().clone()
    }

    #[test]
    fn every_contract_with_an_envelope_has_a_row_and_no_other() {
        let enveloped: BTreeSet<_> = ContractId::ALL.iter().copied().filter(|contract| fields(*contract).iter().any(|field| field["name"] == "envelope")).collect();
        assert_eq!(CANONICAL.iter().map(|row| row.contract).collect::<BTreeSet<_>>(), enveloped);
        assert_eq!(CANONICAL.len(), enveloped.len(), "each once");
        for contract in ContractId::ALL {
            assert_eq!(canonical(*contract).is_some(), enveloped.contains(contract), "{}", contract.name());
        }
    }

    #[test]
    fn keys_are_made_of_texts_that_every_record_has() {
        for row in CANONICAL {
            let fields = fields(row.contract);
            assert!(!row.key.is_empty(), "{}", row.topic);
            for key in row.key {
                assert!(fields.iter().any(|field| field["name"] == *key && field["type"] == "string"), "{} of {}", key, row.contract.name());
            }
        }
    }

    #[test]
    fn keys_are_the_fields_of_events_beside_envelope_and_type() {
        for row in CANONICAL.iter().filter(|row| row.topic.starts_with("canonical.")) {
            let fields = fields(row.contract);
            let ids: Vec<_> = fields.iter().filter(|field| field["type"] == "string").map(|field| field["name"].as_str().unwrap()).collect();
            assert_eq!(ids, row.key, "{}", row.topic);
        }
    }

    #[test]
    fn the_table_of_topics_says_the_same() {
        for row in CANONICAL {
            let topic = topics().into_iter().find(|topic| topic.name == row.topic).unwrap();
            assert_eq!(topic.value, crate::Value::Avro(row.contract), "{}", row.topic);
            let spelled = row.key.iter().fold("plant".to_owned(), |key, field| format!("{key}/{field}"));
            assert_eq!(topic.key, spelled, "{}", row.topic);
            let master = row.topic.starts_with("master.");
            assert_eq!(topic.cleanup, if master { Cleanup::Compact } else { Cleanup::Delete }, "{}", row.topic);
            assert_eq!(topic.chain, if master { Chain::Master } else { Chain::Aggregate }, "{}", row.topic);
        }
    }
}
