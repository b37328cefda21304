//! Records of the family `outbound`. Generated from `avro/`; do not edit.

use serde::{Deserialize, Serialize};

use crate::time::Date;
use crate::time::Timestamp;
use super::Correction;
use super::DocumentReference;
use super::Envelope;
use super::HandlingUnit;
use super::NameValue;
use super::Party;
use super::Place;
use super::Quantity;
use super::ReceiptLine;
use super::ShipmentLine;
use super::TransportMilestone;

/// What a customer is promised.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CustomerCommitmentLine<'a> {
    /// Line (SAP SalesOrderItem, POSNR).
    #[serde(borrow)]
    pub line: &'a str,
    /// Material, as the plant numbers it (SAP Material, X12 LIN BP, EDIFACT PIA IN).
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// Material, as the partner numbers it (X12 LIN VP, EDIFACT PIA SA, SAP MaterialByCustomer).
    #[serde(default, borrow)]
    pub partner_item: Option<&'a str>,
    /// Global Trade Item Number, 8 to 14 digits (X12 LIN UP, UK, EN; EDIFACT LIN 7140 with EN or SRV).
    #[serde(default, borrow)]
    pub gtin: Option<&'a str>,
    /// Description (X12 PID05, EDIFACT IMD 7008, SAP DeliveryDocumentItemText).
    #[serde(default, borrow)]
    pub description: Option<&'a str>,
    /// Quantity that the customer wants (SAP RequestedQuantity).
    #[serde(default, borrow)]
    pub requested_quantity: Option<Quantity<'a>>,
    /// Quantity promised (SAP ConfdOrderQtyByMatlAvailCheck).
    #[serde(default, borrow)]
    pub promised_quantity: Option<Quantity<'a>>,
    /// Date that the customer wants (SAP RequestedDeliveryDate).
    #[serde(default)]
    pub requested_date: Option<Date>,
    /// Date promised (SAP ConfirmedDeliveryDate).
    #[serde(default)]
    pub promised_date: Option<Date>,
    /// Quantity promised until now.
    #[serde(default, borrow)]
    pub previous_quantity: Option<Quantity<'a>>,
    /// Date promised until now.
    #[serde(default)]
    pub previous_date: Option<Date>,
}

/// What a customer is promised changed (SAP sales order schedule lines, X12 855 sent).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CustomerCommitmentUpdated<'a> {
    /// Sales order (SAP SalesOrder, VBELN).
    #[serde(default, borrow)]
    pub sales_order: Option<&'a str>,
    /// Customer (SAP SoldToParty, KUNNR).
    #[serde(default, borrow)]
    pub customer: Option<&'a str>,
    /// Reason as the source codes it.
    #[serde(default, borrow)]
    pub reason_code: Option<&'a str>,
    /// Reason as the source gives it.
    #[serde(default, borrow)]
    pub reason: Option<&'a str>,
    /// Documents (customer's purchase order: SAP PurchaseOrderByCustomer).
    #[serde(default, borrow)]
    pub references: Vec<DocumentReference<'a>>,
    /// Lines.
    #[serde(default, borrow)]
    pub lines: Vec<CustomerCommitmentLine<'a>>,
    /// Set when it corrects an earlier one.
    #[serde(default, borrow)]
    pub correction: Option<Correction<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// In which state goods were taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DeliveryCondition {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `CLEAN`
    Clean,
    /// `SHORT`
    Short,
    /// `OVER`
    Over,
    /// `DAMAGED`
    Damaged,
    /// `REFUSED`
    Refused,
}

impl DeliveryCondition {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "CLEAN",
        "SHORT",
        "OVER",
        "DAMAGED",
        "REFUSED",
    ];

    /// The Avro symbol.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        Self::SYMBOLS[self as usize]
    }

    /// The variant of a symbol; `Unknown` for one that this version does not know.
    #[must_use]
    pub fn from_symbol(symbol: &str) -> Self {
        match symbol {
            "CLEAN" => Self::Clean,
            "SHORT" => Self::Short,
            "OVER" => Self::Over,
            "DAMAGED" => Self::Damaged,
            "REFUSED" => Self::Refused,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(DeliveryCondition);

/// One event of what goes to customers. Topic canonical.outbound.v1, keyed by plant and shipment. Exactly one of the groups is set, the one that type names; a reader that does not know the type sees UNKNOWN and no group.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OutboundEvent<'a> {
    /// What every canonical event carries.
    #[serde(borrow)]
    pub envelope: Envelope<'a>,
    /// Shipment or delivery (SAP DeliveryDocument, X12 BSN02 or B1002, EDIFACT BGM 1004 or CNI 1490). A string: leading zeros count.
    #[serde(borrow)]
    pub shipment: &'a str,
    /// Which group is set.
    #[serde(default)]
    pub r#type: OutboundEventType,
    /// Set when type is PLANNED.
    #[serde(default, borrow)]
    pub planned: Option<Box<ShipmentPlanned<'a>>>,
    /// Set when type is PACKED.
    #[serde(default, borrow)]
    pub packed: Option<Box<ShipmentPacked<'a>>>,
    /// Set when type is DEPARTED.
    #[serde(default, borrow)]
    pub departed: Option<Box<ShipmentDeparted<'a>>>,
    /// Set when type is MILESTONE.
    #[serde(default, borrow)]
    pub milestone: Option<Box<TransportMilestone<'a>>>,
    /// Set when type is DELIVERED.
    #[serde(default, borrow)]
    pub delivered: Option<Box<ShipmentDelivered<'a>>>,
    /// Set when type is PROOF_OF_DELIVERY.
    #[serde(default, borrow)]
    pub proof_of_delivery: Option<Box<ProofOfDelivery<'a>>>,
    /// Set when type is CUSTOMER_COMMITMENT_UPDATED.
    #[serde(default, borrow)]
    pub customer_commitment_updated: Option<CustomerCommitmentUpdated<'a>>,
}

/// Which group is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum OutboundEventType {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `PLANNED`
    Planned,
    /// `PACKED`
    Packed,
    /// `DEPARTED`
    Departed,
    /// `MILESTONE`
    Milestone,
    /// `DELIVERED`
    Delivered,
    /// `PROOF_OF_DELIVERY`
    ProofOfDelivery,
    /// `CUSTOMER_COMMITMENT_UPDATED`
    CustomerCommitmentUpdated,
}

impl OutboundEventType {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "PLANNED",
        "PACKED",
        "DEPARTED",
        "MILESTONE",
        "DELIVERED",
        "PROOF_OF_DELIVERY",
        "CUSTOMER_COMMITMENT_UPDATED",
    ];

    /// The Avro symbol.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        Self::SYMBOLS[self as usize]
    }

    /// The variant of a symbol; `Unknown` for one that this version does not know.
    #[must_use]
    pub fn from_symbol(symbol: &str) -> Self {
        match symbol {
            "PLANNED" => Self::Planned,
            "PACKED" => Self::Packed,
            "DEPARTED" => Self::Departed,
            "MILESTONE" => Self::Milestone,
            "DELIVERED" => Self::Delivered,
            "PROOF_OF_DELIVERY" => Self::ProofOfDelivery,
            "CUSTOMER_COMMITMENT_UPDATED" => Self::CustomerCommitmentUpdated,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(OutboundEventType);

/// The customer confirmed what it received (SAP proof of delivery, EDIFACT RECADV, X12 861).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ProofOfDelivery<'a> {
    /// Delivery (SAP DeliveryDocument, VBELN).
    #[serde(default, borrow)]
    pub delivery: Option<&'a str>,
    /// Customer (SAP SoldToParty, KUNNR).
    #[serde(default, borrow)]
    pub customer: Option<&'a str>,
    /// Where it goes (SAP ShipToParty).
    #[serde(default, borrow)]
    pub ship_to: Option<&'a str>,
    /// Parties (X12 N1, EDIFACT NAD).
    #[serde(default, borrow)]
    pub parties: Vec<Party<'a>>,
    /// Documents (SAP ReferenceSDDocument, X12 REF, EDIFACT RFF).
    #[serde(default, borrow)]
    pub references: Vec<DocumentReference<'a>>,
    /// Number of the proof (SAP ProofOfDeliveryStatus, EDIFACT BGM 1004).
    #[serde(default, borrow)]
    pub proof: Option<&'a str>,
    /// Who signed.
    #[serde(default, borrow)]
    pub signed_by: Option<&'a str>,
    /// When it was signed (SAP ConfirmationTime).
    #[serde(default)]
    pub signed_at: Option<Timestamp>,
    /// Where the signed document is, as a URI.
    #[serde(default, borrow)]
    pub evidence: Option<&'a str>,
    /// State of the whole.
    #[serde(default)]
    pub condition: DeliveryCondition,
    /// State as the source codes it (X12 BRA05).
    #[serde(default, borrow)]
    pub condition_code: Option<&'a str>,
    /// What was received, line by line.
    #[serde(default, borrow)]
    pub lines: Vec<ReceiptLine<'a>>,
    /// Set when it corrects an earlier one.
    #[serde(default, borrow)]
    pub correction: Option<Correction<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// A shipment arrived at its customer (X12 214 with D1, EDIFACT IFTSTA, EPCIS arriving).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ShipmentDelivered<'a> {
    /// Delivery (SAP DeliveryDocument, VBELN).
    #[serde(default, borrow)]
    pub delivery: Option<&'a str>,
    /// Customer (SAP SoldToParty, KUNNR).
    #[serde(default, borrow)]
    pub customer: Option<&'a str>,
    /// Where it goes (SAP ShipToParty).
    #[serde(default, borrow)]
    pub ship_to: Option<&'a str>,
    /// Parties (X12 N1, EDIFACT NAD).
    #[serde(default, borrow)]
    pub parties: Vec<Party<'a>>,
    /// Documents (SAP ReferenceSDDocument, X12 REF, EDIFACT RFF).
    #[serde(default, borrow)]
    pub references: Vec<DocumentReference<'a>>,
    /// Carrier (X12 B1003, SCAC).
    #[serde(default, borrow)]
    pub carrier: Option<&'a str>,
    /// When it arrived, where it is not the event's time (X12 AT705 and AT706).
    #[serde(default)]
    pub delivered_at: Option<Timestamp>,
    /// Where it arrived (X12 MS1).
    #[serde(default, borrow)]
    pub place: Option<Place<'a>>,
    /// Who took it.
    #[serde(default, borrow)]
    pub received_by: Option<&'a str>,
    /// Count of packages delivered.
    #[serde(default)]
    pub package_count: Option<i32>,
    /// Lines, where the source lists them.
    #[serde(default, borrow)]
    pub lines: Vec<ShipmentLine<'a>>,
    /// Set when it corrects an earlier one.
    #[serde(default, borrow)]
    pub correction: Option<Correction<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// A shipment left the plant (SAP goods issue, ActualGoodsMovementDate; X12 856 sent, EPCIS departing).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ShipmentDeparted<'a> {
    /// Delivery (SAP DeliveryDocument, VBELN).
    #[serde(default, borrow)]
    pub delivery: Option<&'a str>,
    /// Customer (SAP SoldToParty, KUNNR).
    #[serde(default, borrow)]
    pub customer: Option<&'a str>,
    /// Where it goes (SAP ShipToParty).
    #[serde(default, borrow)]
    pub ship_to: Option<&'a str>,
    /// Parties (X12 N1, EDIFACT NAD).
    #[serde(default, borrow)]
    pub parties: Vec<Party<'a>>,
    /// Documents (SAP ReferenceSDDocument, X12 REF, EDIFACT RFF).
    #[serde(default, borrow)]
    pub references: Vec<DocumentReference<'a>>,
    /// Carrier (X12 TD503, SCAC; EDIFACT TDT C040 3127).
    #[serde(default, borrow)]
    pub carrier: Option<&'a str>,
    /// Mode of transport (X12 TD504, EDIFACT TDT 8067).
    #[serde(default, borrow)]
    pub transport_mode: Option<&'a str>,
    /// Trailer, container or vehicle (X12 TD303, EDIFACT EQD C237 8260).
    #[serde(default, borrow)]
    pub equipment: Option<&'a str>,
    /// Number that the carrier tracks it by (X12 REF CN, EDIFACT RFF CN).
    #[serde(default, borrow)]
    pub tracking_number: Option<&'a str>,
    /// Seals (X12 TD309, EDIFACT SEL 9308).
    #[serde(default, borrow)]
    pub seals: Vec<&'a str>,
    /// When it left, where it is not the event's time (SAP ActualGoodsMovementDate and Time).
    #[serde(default)]
    pub departed_at: Option<Timestamp>,
    /// When it is expected to arrive (SAP DeliveryDate).
    #[serde(default)]
    pub expected_arrival: Option<Timestamp>,
    /// Where it left.
    #[serde(default, borrow)]
    pub place: Option<Place<'a>>,
    /// Handling units.
    #[serde(default, borrow)]
    pub handling_units: Vec<HandlingUnit<'a>>,
    /// Lines.
    #[serde(default, borrow)]
    pub lines: Vec<ShipmentLine<'a>>,
    /// Set when it corrects an earlier one.
    #[serde(default, borrow)]
    pub correction: Option<Correction<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// A shipment is packed (SAP PackingStatus C).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ShipmentPacked<'a> {
    /// Delivery (SAP DeliveryDocument, VBELN).
    #[serde(default, borrow)]
    pub delivery: Option<&'a str>,
    /// Customer (SAP SoldToParty, KUNNR).
    #[serde(default, borrow)]
    pub customer: Option<&'a str>,
    /// Where it goes (SAP ShipToParty).
    #[serde(default, borrow)]
    pub ship_to: Option<&'a str>,
    /// Parties (X12 N1, EDIFACT NAD).
    #[serde(default, borrow)]
    pub parties: Vec<Party<'a>>,
    /// Documents (SAP ReferenceSDDocument, X12 REF, EDIFACT RFF).
    #[serde(default, borrow)]
    pub references: Vec<DocumentReference<'a>>,
    /// Count of packages (SAP TotalNumberOfPackage).
    #[serde(default)]
    pub package_count: Option<i32>,
    /// Weight with packaging (SAP HeaderGrossWeight).
    #[serde(default, borrow)]
    pub gross_weight: Option<Quantity<'a>>,
    /// Weight of the goods (SAP HeaderNetWeight).
    #[serde(default, borrow)]
    pub net_weight: Option<Quantity<'a>>,
    /// Volume (SAP HeaderVolume).
    #[serde(default, borrow)]
    pub volume: Option<Quantity<'a>>,
    /// Handling units.
    #[serde(default, borrow)]
    pub handling_units: Vec<HandlingUnit<'a>>,
    /// Lines.
    #[serde(default, borrow)]
    pub lines: Vec<ShipmentLine<'a>>,
    /// Set when it corrects an earlier one.
    #[serde(default, borrow)]
    pub correction: Option<Correction<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// A shipment is planned (SAP outbound delivery created, X12 204).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ShipmentPlanned<'a> {
    /// Delivery (SAP DeliveryDocument, VBELN).
    #[serde(default, borrow)]
    pub delivery: Option<&'a str>,
    /// Customer (SAP SoldToParty, KUNNR).
    #[serde(default, borrow)]
    pub customer: Option<&'a str>,
    /// Where it goes (SAP ShipToParty).
    #[serde(default, borrow)]
    pub ship_to: Option<&'a str>,
    /// Parties (X12 N1, EDIFACT NAD).
    #[serde(default, borrow)]
    pub parties: Vec<Party<'a>>,
    /// Documents (SAP ReferenceSDDocument, X12 REF, EDIFACT RFF).
    #[serde(default, borrow)]
    pub references: Vec<DocumentReference<'a>>,
    /// When it is to leave (SAP PlannedGoodsIssueDate, LoadingDate).
    #[serde(default)]
    pub planned_departure: Option<Timestamp>,
    /// When it is to arrive (SAP DeliveryDate and DeliveryTime).
    #[serde(default)]
    pub planned_arrival: Option<Timestamp>,
    /// Route (SAP ProposedDeliveryRoute).
    #[serde(default, borrow)]
    pub route: Option<&'a str>,
    /// Carrier (X12 TD503, SCAC; EDIFACT TDT C040 3127).
    #[serde(default, borrow)]
    pub carrier: Option<&'a str>,
    /// Mode of transport (X12 TD504, EDIFACT TDT 8067).
    #[serde(default, borrow)]
    pub transport_mode: Option<&'a str>,
    /// Trailer, container or vehicle (X12 TD303, EDIFACT EQD C237 8260).
    #[serde(default, borrow)]
    pub equipment: Option<&'a str>,
    /// Number that the carrier tracks it by (X12 REF CN, EDIFACT RFF CN).
    #[serde(default, borrow)]
    pub tracking_number: Option<&'a str>,
    /// Seals (X12 TD309, EDIFACT SEL 9308).
    #[serde(default, borrow)]
    pub seals: Vec<&'a str>,
    /// Lines.
    #[serde(default, borrow)]
    pub lines: Vec<ShipmentLine<'a>>,
    /// Set when it corrects an earlier one.
    #[serde(default, borrow)]
    pub correction: Option<Correction<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}
