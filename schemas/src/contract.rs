//! The contracts: what may stand on a topic as a value.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use serde_avro_fast::Schema;

use crate::event_times::EventTimes;
use crate::records;

/// A record type that topics carry: its name, its Avro schema and its Rust type.
pub trait Contract: 'static {
    /// Name of the record, as in the schema.
    const NAME: &'static str;
    /// Which contract it is.
    const ID: ContractId;
    /// The schema, as in the file.
    const SCHEMA: &'static str;
    /// The typed record; borrows from the bytes it is read from.
    type Value<'a>: Serialize + Deserialize<'a>;
    /// The parsed schema.
    fn schema() -> &'static Schema;

    /// When the event behind the record happened and was ingested, as far as the record tells.
    fn times(_value: &Self::Value<'_>) -> EventTimes {
        EventTimes::UNKNOWN
    }

    /// The business story that the record belongs to, where it tells.
    fn correlation_id<'v>(_value: &'v Self::Value<'_>) -> Option<&'v str> {
        None
    }
}

macro_rules! contracts {
    ($($(#[$doc:meta])* $name:ident, $family:literal, $file:literal $({ $($told:tt)* })?;)*) => {
        /// Every contract, without its type.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum ContractId {
            $($(#[$doc])* $name,)*
        }

        impl ContractId {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Name of the record.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// Folder of the schema below `avro/`.
            #[must_use]
            pub const fn family(self) -> &'static str {
                match self { $(Self::$name => $family,)* }
            }

            /// The schema, as in the file.
            #[must_use]
            pub const fn schema_text(self) -> &'static str {
                match self { $(Self::$name => $name::SCHEMA,)* }
            }
        }

        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy)]
            pub struct $name;

            impl Contract for $name {
                const NAME: &'static str = stringify!($name);
                const ID: ContractId = ContractId::$name;
                const SCHEMA: &'static str = include_str!(concat!("../avro/", $file));
                type Value<'a> = records::$name<'a>;

                fn schema() -> &'static Schema {
                    static PARSED: OnceLock<Schema> = OnceLock::new();
                    PARSED.get_or_init(|| crate::codec::physical_schema(Self::SCHEMA).expect("the file is part of the build and a test parses it"))
                }

                $($($told)*)?
            }
        )*
    };
}

/// What a contract with an envelope tells.
macro_rules! told_by_envelope {
    () => {
        fn times(value: &Self::Value<'_>) -> EventTimes {
            EventTimes::new(value.envelope.source_time, value.envelope.ingest_time)
        }

        fn correlation_id<'v>(value: &'v Self::Value<'_>) -> Option<&'v str> {
            Some(value.envelope.correlation_id)
        }
    };
}

contracts! {
    /// An event in the life of a production order.
    ProductionEvent, "production", "production/ProductionEvent.avsc" { told_by_envelope!(); };
    /// What an order has to book in the ERP.
    OrderPosting, "posting", "posting/OrderPosting.avsc" {
        fn times(value: &Self::Value<'_>) -> EventTimes {
            // Of the last event that it covers; when that was ingested, a posting does not tell.
            EventTimes::happened(value.covers.last_source_time)
        }

        fn correlation_id<'v>(value: &'v Self::Value<'_>) -> Option<&'v str> {
            Some(value.correlation_id)
        }
    };
    /// Confirmation of an operation in an ERP's shape.
    ErpConfirmation, "erp", "erp/ErpConfirmation.avsc";
    /// Material document in an ERP's shape.
    ErpGoodsMovement, "erp", "erp/ErpGoodsMovement.avsc";
    /// How far an order is against its plan.
    OrderProgress, "supply", "supply/OrderProgress.avsc";
    /// A record that could not be processed.
    DeadLetter, "operations", "operations/DeadLetter.avsc";
    /// Internal hop from normalizer to deduplicator.
    NormalizedEvent, "internal", "internal/NormalizedEvent.avsc" {
        fn times(value: &Self::Value<'_>) -> EventTimes {
            EventTimes::new(value.source_time, value.ingest_time)
        }

        fn correlation_id<'v>(value: &'v Self::Value<'_>) -> Option<&'v str> {
            Some(value.correlation_id)
        }
    };
    /// Several records of one partition, where a topic carries frames.
    RecordFrame, "internal", "internal/RecordFrame.avsc";
    /// Changelog of the deduplicator.
    AcceptedIds, "internal", "internal/AcceptedIds.avsc";
    /// State of the order aggregator.
    OrderLedger, "internal", "internal/OrderLedger.avsc";
    /// An event of a lot's quality.
    QualityEvent, "quality", "quality/QualityEvent.avsc" { told_by_envelope!(); };
    /// An event in the history of a lot, a handling unit or a thing with a serial number.
    TraceabilityEvent, "traceability", "traceability/TraceabilityEvent.avsc" { told_by_envelope!(); };
    /// An event of the stock of an item in a location.
    InventoryEvent, "inventory", "inventory/InventoryEvent.avsc" { told_by_envelope!(); };
    /// An event of what suppliers send.
    InboundEvent, "inbound", "inbound/InboundEvent.avsc" { told_by_envelope!(); };
    /// An event of what goes to customers.
    OutboundEvent, "outbound", "outbound/OutboundEvent.avsc" { told_by_envelope!(); };
    /// An event of the plan for an item in a location.
    PlanningEvent, "planning", "planning/PlanningEvent.avsc" { told_by_envelope!(); };
    /// An event of a work center.
    WorkCenterEvent, "work_center", "work_center/WorkCenterEvent.avsc" { told_by_envelope!(); };
    /// A material.
    Item, "master", "master/Item.avsc" { told_by_envelope!(); };
    /// What an item is made from.
    BillOfMaterial, "master", "master/BillOfMaterial.avsc" { told_by_envelope!(); };
    /// How an item is made.
    Routing, "master", "master/Routing.avsc" { told_by_envelope!(); };
    /// A place that does work.
    WorkCenter, "master", "master/WorkCenter.avsc" { told_by_envelope!(); };
    /// What a unit means for an item.
    UnitConversion, "master", "master/UnitConversion.avsc" { told_by_envelope!(); };
    /// A place that keeps stock.
    StorageLocation, "master", "master/StorageLocation.avsc" { told_by_envelope!(); };
    /// A lot of an item.
    Lot, "master", "master/Lot.avsc" { told_by_envelope!(); };
    /// A partner that goods or carriage come from.
    Supplier, "master", "master/Supplier.avsc" { told_by_envelope!(); };
    /// A partner that goods go to.
    Customer, "master", "master/Customer.avsc" { told_by_envelope!(); };
    /// When a plant or work center works.
    ShiftCalendar, "master", "master/ShiftCalendar.avsc" { told_by_envelope!(); };
    /// The codes of a source and what they mean.
    StatusCodeTable, "master", "master/StatusCodeTable.avsc" { told_by_envelope!(); };
    /// All the numbers that are one order.
    OrderCrossReference, "master", "master/OrderCrossReference.avsc" { told_by_envelope!(); };
    /// What the ERP made of a document.
    PostingOutcome, "erp", "erp/PostingOutcome.avsc" {
        fn correlation_id<'v>(value: &'v Self::Value<'_>) -> Option<&'v str> {
            Some(value.correlation_id)
        }
    };
    /// How an order's books stand.
    OrderStatus, "posting", "posting/OrderStatus.avsc" {
        fn times(value: &Self::Value<'_>) -> EventTimes {
            EventTimes::happened(value.as_of)
        }

        fn correlation_id<'v>(value: &'v Self::Value<'_>) -> Option<&'v str> {
            Some(value.correlation_id)
        }
    };
    /// The plan of an order, as the order aggregator keeps it.
    OrderPlan, "internal", "internal/OrderPlan.avsc";
    /// An event that a reversal may still name.
    RememberedEvent, "internal", "internal/RememberedEvent.avsc";
    /// A posting that may still be reversed by reference.
    PublishedPosting, "internal", "internal/PublishedPosting.avsc";
    /// When an order is looked at again, and how far clocks are.
    TimerEntry, "internal", "internal/TimerEntry.avsc";
    /// A version of a posting rule set.
    PostingRuleSet, "rules", "rules/PostingRuleSet.avsc";
    /// A raw record that waits for master data.
    ParkedRecord, "internal", "internal/ParkedRecord.avsc";
    /// The books of an order.
    Books, "books", "books/Books.avsc" {
        fn correlation_id<'v>(value: &'v Self::Value<'_>) -> Option<&'v str> {
            Some(value.correlation_id)
        }
    };
    /// Sums of the books, by item and lot.
    BooksTotal, "books", "books/BooksTotal.avsc";
    /// An event that came again.
    DroppedDuplicate, "operations", "operations/DroppedDuplicate.avsc";
    /// State of the reconciler for an order.
    OrderAccount, "internal", "internal/OrderAccount.avsc";
    /// What the reconciler keeps beside it.
    AccountEntry, "internal", "internal/AccountEntry.avsc";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contracts_with_an_envelope_tell_its_times_and_correlation() {
        let source = include_str!("contract.rs");
        for id in ContractId::ALL {
            let enveloped = id.schema_text().contains(r#""name": "envelope""#);
            let row = source.lines().find(|line| line.trim_start().starts_with(&format!("{}, \"", id.name()))).unwrap();
            assert_eq!(enveloped, row.ends_with("{ told_by_envelope!(); };"), "{}", id.name());
        }
    }
}
