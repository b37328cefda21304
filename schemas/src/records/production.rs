//! Records of the family `production`. Generated from `avro/`; do not edit.

use serde::{Deserialize, Serialize};

use crate::time::Date;
use crate::time::Timestamp;
use super::Envelope;
use super::NameValue;
use super::Quantity;

/// An amount of some activity beside set-up, machine and labour.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ActivityTime<'a> {
    /// Activity as the source names it (SAP standard value key, activity type).
    #[serde(borrow)]
    pub activity: &'a str,
    /// Amount, mostly time.
    #[serde(borrow)]
    pub quantity: Quantity<'a>,
}

/// By-product or co-product received from the order (SAP movement type 531, B2MML MaterialActual with use By-Product Produced).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ByProductReported<'a> {
    /// Co-product or by-product.
    #[serde(default)]
    pub kind: OutputKind,
    /// Material received (SAP Material).
    #[serde(borrow)]
    pub item: &'a str,
    /// Operation that reported it.
    #[serde(default, borrow)]
    pub operation: Option<&'a str>,
    /// Reservation of the order (SAP Reservation).
    #[serde(default, borrow)]
    pub reservation: Option<&'a str>,
    /// Item of the reservation (SAP ReservationItem).
    #[serde(default, borrow)]
    pub reservation_item: Option<&'a str>,
    /// Position in the bill of material.
    #[serde(default, borrow)]
    pub position: Option<&'a str>,
    /// Lot (SAP Batch, B2MML MaterialLotID).
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Sublot, handling unit or container (B2MML MaterialSubLotID).
    #[serde(default, borrow)]
    pub sublot: Option<&'a str>,
    /// Storage location that received it (SAP StorageLocation).
    #[serde(default, borrow)]
    pub storage_location: Option<&'a str>,
    /// Amount received; positive.
    #[serde(borrow)]
    pub quantity: Quantity<'a>,
    /// Movement type (SAP GoodsMovementType).
    #[serde(default, borrow)]
    pub movement_type: Option<&'a str>,
    /// Document that booked it (SAP MaterialDocument).
    #[serde(default, borrow)]
    pub document: Option<&'a str>,
    /// Line of the document (SAP MaterialDocumentItem).
    #[serde(default, borrow)]
    pub document_item: Option<&'a str>,
    /// Date in the books, the plant's calendar (SAP PostingDate).
    #[serde(default)]
    pub posting_date: Option<Date>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// A movement of one component line of an order. The line is identified by its reservation item, or by operation and position; never by the material alone, which can stand twice in an order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ComponentMovement<'a> {
    /// Operation (B2MML SegmentResponse/ID, SAP OrderOperation). Empty where the source names the line by its reservation item alone (SAP MaterialDocumentItem).
    #[serde(borrow)]
    pub operation: &'a str,
    /// Reservation of the order (SAP Reservation).
    #[serde(default, borrow)]
    pub reservation: Option<&'a str>,
    /// Item of the reservation (SAP ReservationItem).
    #[serde(default, borrow)]
    pub reservation_item: Option<&'a str>,
    /// Position of the component in the bill of material (SAP BillOfMaterialItemNumber).
    #[serde(default, borrow)]
    pub position: Option<&'a str>,
    /// Material (B2MML MaterialDefinitionID, SAP Material).
    #[serde(borrow)]
    pub item: &'a str,
    /// Lot (B2MML MaterialLotID, SAP Batch).
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Sublot, handling unit or container (B2MML MaterialSubLotID).
    #[serde(default, borrow)]
    pub sublot: Option<&'a str>,
    /// Storage location that it was taken from or returned to.
    #[serde(default, borrow)]
    pub storage_location: Option<&'a str>,
    /// Amount moved; positive.
    #[serde(borrow)]
    pub quantity: Quantity<'a>,
    /// Movement type (SAP GoodsMovementType, BWART).
    #[serde(default, borrow)]
    pub movement_type: Option<&'a str>,
    /// Document that booked it (SAP MaterialDocument, MBLNR).
    #[serde(default, borrow)]
    pub document: Option<&'a str>,
    /// Line of the document (SAP MaterialDocumentItem, ZEILE).
    #[serde(default, borrow)]
    pub document_item: Option<&'a str>,
    /// Date in the books, the plant's calendar (SAP PostingDate, BUDAT).
    #[serde(default)]
    pub posting_date: Option<Date>,
    /// Nothing more is to be issued for the line (SAP ReservationIsFinallyIssued, KZEAR; B2MML property CompleteFlag).
    #[serde(default)]
    pub is_final_issue: bool,
    /// What else the source says (B2MML MaterialActualProperty).
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// An earlier confirmation of an operation is undone. Names the event, not the quantities: the whole event is undone.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ConfirmationReversed<'a> {
    /// event_id of the confirmation undone, of the same source (SAP MfgOrderConfirmationGroup and CancldMfgOrderConfCount).
    #[serde(borrow)]
    pub reversed_event_id: &'a str,
    /// Operation (SAP OrderOperation).
    #[serde(default, borrow)]
    pub operation: Option<&'a str>,
    /// Reason the source gives.
    #[serde(default, borrow)]
    pub reason: Option<&'a str>,
    /// Date of the reversal in the books, the plant's calendar (SAP PostingDate).
    #[serde(default)]
    pub posting_date: Option<Date>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// An earlier consumption or return is undone. Names the event, not the quantity: the whole event is undone.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ConsumptionReversed<'a> {
    /// event_id of the event undone, of the same source.
    #[serde(borrow)]
    pub reversed_event_id: &'a str,
    /// Reason the source gives.
    #[serde(default, borrow)]
    pub reason: Option<&'a str>,
    /// Date of the reversal in the books, the plant's calendar (SAP PostingDate).
    #[serde(default)]
    pub posting_date: Option<Date>,
}

/// Product received from the order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FinishedGoodsReported<'a> {
    /// Material received.
    #[serde(borrow)]
    pub item: &'a str,
    /// Operation that reported it.
    #[serde(default, borrow)]
    pub operation: Option<&'a str>,
    /// Lot of the product (SAP Batch).
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Storage location that received it.
    #[serde(default, borrow)]
    pub storage_location: Option<&'a str>,
    /// Amount received; positive.
    #[serde(borrow)]
    pub quantity: Quantity<'a>,
    /// Line of the order that it fulfils (SAP ManufacturingOrderItem).
    #[serde(default, borrow)]
    pub line: Option<&'a str>,
    /// Sublot, handling unit or container (B2MML MaterialSubLotID, SSCC).
    #[serde(default, borrow)]
    pub sublot: Option<&'a str>,
    /// Serial numbers received.
    #[serde(default, borrow)]
    pub serials: Vec<&'a str>,
    /// Stock it went to, as the source codes it (SAP InventoryStockType).
    #[serde(default, borrow)]
    pub stock_status: Option<&'a str>,
    /// Movement type (SAP GoodsMovementType, BWART).
    #[serde(default, borrow)]
    pub movement_type: Option<&'a str>,
    /// Document that booked it (SAP MaterialDocument, MBLNR).
    #[serde(default, borrow)]
    pub document: Option<&'a str>,
    /// Line of the document (SAP MaterialDocumentItem, ZEILE).
    #[serde(default, borrow)]
    pub document_item: Option<&'a str>,
    /// Date in the books, the plant's calendar (SAP PostingDate).
    #[serde(default)]
    pub posting_date: Option<Date>,
    /// Date of manufacture (SAP ManufactureDate, HSDAT).
    #[serde(default)]
    pub production_date: Option<Date>,
    /// Last day of use (SAP ShelfLifeExpirationDate, VFDAT).
    #[serde(default)]
    pub expiry_date: Option<Date>,
    /// Nothing more is expected for the line (SAP IsCompletelyDelivered, ELIKZ).
    #[serde(default)]
    pub is_final_receipt: bool,
    /// What else the source says (B2MML MaterialActualProperty).
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// An earlier report of finished goods or of a by-product is undone (SAP movement types 102, 532). Names the event, not the quantity: the whole event is undone.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FinishedGoodsReversed<'a> {
    /// event_id of the report undone, of the same source (SAP ReversedMaterialDocument and its item).
    #[serde(borrow)]
    pub reversed_event_id: &'a str,
    /// Reason the source gives.
    #[serde(default, borrow)]
    pub reason: Option<&'a str>,
    /// Date of the reversal in the books, the plant's calendar (SAP PostingDate).
    #[serde(default)]
    pub posting_date: Option<Date>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// Quantities reported for an operation, each counting from the last report (a delta, not a total).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OperationConfirmed<'a> {
    /// Operation confirmed.
    #[serde(borrow)]
    pub operation: &'a str,
    /// Work center.
    #[serde(default, borrow)]
    pub work_center: Option<&'a str>,
    /// Good quantity (SAP ConfirmationYieldQuantity).
    #[serde(borrow)]
    pub r#yield: Quantity<'a>,
    /// Scrapped quantity (SAP ConfirmationScrapQuantity).
    #[serde(default, borrow)]
    pub scrap: Option<Quantity<'a>>,
    /// Quantity to be reworked (SAP ConfirmationReworkQuantity).
    #[serde(default, borrow)]
    pub rework: Option<Quantity<'a>>,
    /// The source says that nothing more follows for this operation (SAP IsFinalConfirmation).
    #[serde(default)]
    pub is_final: bool,
    /// Confirmation (SAP MfgOrderConfirmationGroup, RUECK).
    #[serde(default, borrow)]
    pub confirmation: Option<&'a str>,
    /// Count within the confirmation (SAP MfgOrderConfirmation, RMZHL).
    #[serde(default, borrow)]
    pub confirmation_count: Option<&'a str>,
    /// When the reported work began (SAP OpConfirmedExecutionStartDate and Time, ISDD and ISDZ; B2MML ActualStartTime).
    #[serde(default)]
    pub actual_start: Option<Timestamp>,
    /// When the reported work ended (SAP OpConfirmedExecutionEndDate and Time, IEDD and IEDZ; B2MML ActualEndTime).
    #[serde(default)]
    pub actual_end: Option<Timestamp>,
    /// Time to set up (SAP OpConfirmedWorkQuantity1, ISM01).
    #[serde(default, borrow)]
    pub setup_time: Option<Quantity<'a>>,
    /// Machine time (SAP OpConfirmedWorkQuantity2, ISM02).
    #[serde(default, borrow)]
    pub machine_time: Option<Quantity<'a>>,
    /// Labour time (SAP OpConfirmedWorkQuantity3, ISM03; B2MML PersonnelActual/Quantity).
    #[serde(default, borrow)]
    pub labour_time: Option<Quantity<'a>>,
    /// Amounts of further activities (SAP OpConfirmedWorkQuantity4 to 6).
    #[serde(default, borrow)]
    pub activities: Vec<ActivityTime<'a>>,
    /// Why it differs from the plan, as the source codes it (SAP VarianceReasonCode, GRUND).
    #[serde(default, borrow)]
    pub reason_code: Option<&'a str>,
    /// Date in the books, the plant's calendar (SAP PostingDate, BUDAT).
    #[serde(default)]
    pub posting_date: Option<Date>,
    /// Who reported it, as the source identifies people (SAP Personnel, PERNR; B2MML PersonnelActual/PersonID).
    #[serde(default, borrow)]
    pub personnel: Option<&'a str>,
    /// Shift (SAP ShiftDefinition, B2MML property).
    #[serde(default, borrow)]
    pub shift: Option<&'a str>,
    /// Remark (SAP ConfirmationText, LTXA1).
    #[serde(default, borrow)]
    pub text: Option<&'a str>,
    /// What else the source says (B2MML SegmentData, ProductionData).
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// Work on an operation began.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OperationStarted<'a> {
    /// Operation (B2MML SegmentResponse/ID, SAP OrderOperation).
    #[serde(borrow)]
    pub operation: &'a str,
    /// Work center (ISA-95 work center or unit).
    #[serde(default, borrow)]
    pub work_center: Option<&'a str>,
    /// Who started it, as the source identifies people (B2MML PersonnelActual/PersonID).
    #[serde(default, borrow)]
    pub personnel: Option<&'a str>,
    /// What started is setting up, not work.
    #[serde(default)]
    pub is_setup: bool,
}

/// The order will not be carried out (SAP OrderIsDeleted, DLFL; B2MML RequestState Cancelled).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OrderCancelled<'a> {
    /// Reason as the source codes it.
    #[serde(default, borrow)]
    pub reason_code: Option<&'a str>,
    /// Reason as the source gives it.
    #[serde(default, borrow)]
    pub reason: Option<&'a str>,
    /// Order that takes its place, where there is one.
    #[serde(default, borrow)]
    pub replaced_by: Option<&'a str>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// The order is closed in the books: nothing more may be posted to it (SAP OrderIsClosed, CLSD).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OrderClosed<'a> {
    /// Reason the source gives, where it is not the normal end.
    #[serde(default, borrow)]
    pub reason: Option<&'a str>,
    /// Date of closing in the books, the plant's calendar.
    #[serde(default)]
    pub posting_date: Option<Date>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// The order is technically complete: no further work is planned on it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OrderCompleted<'a> {
    /// Reason the source gives, where it is not the normal end.
    #[serde(default, borrow)]
    pub reason: Option<&'a str>,
    /// When work on the order began (SAP MfgOrderActualStartDate and Time, B2MML StartTime).
    #[serde(default)]
    pub actual_start: Option<Timestamp>,
    /// When work on the order ended (SAP MfgOrderActualEndDate, B2MML EndTime).
    #[serde(default)]
    pub actual_end: Option<Timestamp>,
    /// Good quantity of the whole order, as its source counts it (SAP MfgOrderConfirmedYieldQty).
    #[serde(default, borrow)]
    pub completed_quantity: Option<Quantity<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// The order exists; it may not be worked on yet.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OrderCreated<'a> {
    /// Material to be produced (SAP Material, B2MML MaterialDefinitionID with use Produced).
    #[serde(borrow)]
    pub item: &'a str,
    /// Planned yield (SAP TotalQuantity in ProductionUnit).
    #[serde(borrow)]
    pub planned_quantity: Quantity<'a>,
    /// Type of order (SAP ManufacturingOrderType).
    #[serde(default, borrow)]
    pub order_type: Option<&'a str>,
    /// Planned start (SAP MfgOrderPlannedStartDate and Time, B2MML StartTime).
    #[serde(default)]
    pub planned_start: Option<Timestamp>,
    /// Planned end (SAP MfgOrderPlannedEndDate and Time, B2MML EndTime).
    #[serde(default)]
    pub planned_end: Option<Timestamp>,
    /// Description (B2MML Description, SAP OrderLongText).
    #[serde(default, borrow)]
    pub description: Option<&'a str>,
    /// Production version (SAP ProductionVersion, VERID).
    #[serde(default, borrow)]
    pub production_version: Option<&'a str>,
    /// Bill of material it was made from (SAP BillOfMaterial, STLNR).
    #[serde(default, borrow)]
    pub bill_of_material: Option<&'a str>,
    /// Routing it was made from (SAP PLNNR and PLNAL, B2MML ProductProductionRuleID).
    #[serde(default, borrow)]
    pub routing: Option<&'a str>,
    /// Storage location that is to receive the product (SAP StorageLocation, LGORT).
    #[serde(default, borrow)]
    pub storage_location: Option<&'a str>,
    /// Lot to be produced (SAP Batch).
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Priority as the source writes it (SAP APRIO, B2MML Priority).
    #[serde(default, borrow)]
    pub priority: Option<&'a str>,
    /// Planner or controller (SAP MRPController, DISPO).
    #[serde(default, borrow)]
    pub planner: Option<&'a str>,
    /// Planned order it came from (SAP PlannedOrder, PLNUM).
    #[serde(default, borrow)]
    pub planned_order: Option<&'a str>,
    /// Sales order it is made for (SAP SalesOrder, KDAUF).
    #[serde(default, borrow)]
    pub sales_order: Option<&'a str>,
    /// Item of the sales order (SAP SalesOrderItem, KDPOS).
    #[serde(default, borrow)]
    pub sales_order_item: Option<&'a str>,
    /// Start by detailed scheduling (SAP MfgOrderScheduledStartDate and Time, GSTRS).
    #[serde(default)]
    pub scheduled_start: Option<Timestamp>,
    /// End by detailed scheduling (SAP MfgOrderScheduledEndDate and Time, GLTRS).
    #[serde(default)]
    pub scheduled_end: Option<Timestamp>,
    /// Scrap that the plan allows for (SAP MfgOrderPlannedScrapQty).
    #[serde(default, borrow)]
    pub planned_scrap: Option<Quantity<'a>>,
    /// Statuses as the source codes them (SAP StatusShortName: CRTD, REL, SETC).
    #[serde(default, borrow)]
    pub statuses: Vec<&'a str>,
    /// Every product planned, where the source lists them.
    #[serde(default, borrow)]
    pub outputs: Vec<PlannedOutput<'a>>,
    /// Operations planned, in the source's order.
    #[serde(default, borrow)]
    pub operations: Vec<PlannedOperation<'a>>,
    /// Component lines planned, in the source's order.
    #[serde(default, borrow)]
    pub components: Vec<PlannedComponent<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// The order, or some of its operations, went to a work center's queue (ISA-95 dispatching, B2MML JobList).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OrderDispatched<'a> {
    /// Work center (B2MML EquipmentID, SAP WorkCenter).
    #[serde(default, borrow)]
    pub work_center: Option<&'a str>,
    /// Operations dispatched; all of them when empty.
    #[serde(default, borrow)]
    pub operations: Vec<&'a str>,
    /// Place in the queue, from 1 (B2MML Priority or sequence).
    #[serde(default)]
    pub queue_position: Option<i32>,
    /// When the work center is to start.
    #[serde(default)]
    pub planned_start: Option<Timestamp>,
    /// When the work center is to be done.
    #[serde(default)]
    pub planned_end: Option<Timestamp>,
    /// Who dispatched it.
    #[serde(default, borrow)]
    pub dispatcher: Option<&'a str>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// Work on the order must stop until it is resumed (SAP status LKD, B2MML RequestState Held).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OrderHeld<'a> {
    /// Operations held; the whole order when empty.
    #[serde(default, borrow)]
    pub operations: Vec<&'a str>,
    /// Reason as the source codes it.
    #[serde(default, borrow)]
    pub reason_code: Option<&'a str>,
    /// Reason as the source gives it.
    #[serde(default, borrow)]
    pub reason: Option<&'a str>,
    /// When it is expected to go on.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// The order may be worked on.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OrderReleased<'a> {
    /// Material to be produced.
    #[serde(borrow)]
    pub item: &'a str,
    /// Planned yield.
    #[serde(borrow)]
    pub planned_quantity: Quantity<'a>,
    /// Type of order (SAP ManufacturingOrderType).
    #[serde(default, borrow)]
    pub order_type: Option<&'a str>,
    /// Planned start.
    #[serde(default)]
    pub planned_start: Option<Timestamp>,
    /// Planned end.
    #[serde(default)]
    pub planned_end: Option<Timestamp>,
    /// Description (B2MML Description, SAP OrderLongText).
    #[serde(default, borrow)]
    pub description: Option<&'a str>,
    /// Production version (SAP ProductionVersion, VERID).
    #[serde(default, borrow)]
    pub production_version: Option<&'a str>,
    /// Bill of material it was made from (SAP BillOfMaterial, STLNR).
    #[serde(default, borrow)]
    pub bill_of_material: Option<&'a str>,
    /// Routing it was made from (SAP PLNNR and PLNAL, B2MML ProductProductionRuleID).
    #[serde(default, borrow)]
    pub routing: Option<&'a str>,
    /// Storage location that is to receive the product (SAP StorageLocation, LGORT).
    #[serde(default, borrow)]
    pub storage_location: Option<&'a str>,
    /// Lot to be produced (SAP Batch).
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Priority as the source writes it (SAP APRIO, B2MML Priority).
    #[serde(default, borrow)]
    pub priority: Option<&'a str>,
    /// Planner or controller (SAP MRPController, DISPO).
    #[serde(default, borrow)]
    pub planner: Option<&'a str>,
    /// Planned order it came from (SAP PlannedOrder, PLNUM).
    #[serde(default, borrow)]
    pub planned_order: Option<&'a str>,
    /// Sales order it is made for (SAP SalesOrder, KDAUF).
    #[serde(default, borrow)]
    pub sales_order: Option<&'a str>,
    /// Item of the sales order (SAP SalesOrderItem, KDPOS).
    #[serde(default, borrow)]
    pub sales_order_item: Option<&'a str>,
    /// Start by detailed scheduling (SAP MfgOrderScheduledStartDate and Time, GSTRS).
    #[serde(default)]
    pub scheduled_start: Option<Timestamp>,
    /// End by detailed scheduling (SAP MfgOrderScheduledEndDate and Time, GLTRS).
    #[serde(default)]
    pub scheduled_end: Option<Timestamp>,
    /// Scrap that the plan allows for (SAP MfgOrderPlannedScrapQty).
    #[serde(default, borrow)]
    pub planned_scrap: Option<Quantity<'a>>,
    /// Statuses as the source codes them (SAP StatusShortName: CRTD, REL, SETC).
    #[serde(default, borrow)]
    pub statuses: Vec<&'a str>,
    /// Every product planned, where the source lists them.
    #[serde(default, borrow)]
    pub outputs: Vec<PlannedOutput<'a>>,
    /// Operations planned, in the source's order.
    #[serde(default, borrow)]
    pub operations: Vec<PlannedOperation<'a>>,
    /// Component lines planned, in the source's order.
    #[serde(default, borrow)]
    pub components: Vec<PlannedComponent<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// The plan of the order changed. What is absent is as it was.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OrderRescheduled<'a> {
    /// Planned start from now on.
    #[serde(default)]
    pub planned_start: Option<Timestamp>,
    /// Planned end from now on.
    #[serde(default)]
    pub planned_end: Option<Timestamp>,
    /// Planned yield from now on.
    #[serde(default, borrow)]
    pub planned_quantity: Option<Quantity<'a>>,
    /// Planned start until now, where the source says.
    #[serde(default)]
    pub previous_start: Option<Timestamp>,
    /// Planned end until now, where the source says.
    #[serde(default)]
    pub previous_end: Option<Timestamp>,
    /// Priority from now on (SAP APRIO, B2MML Priority).
    #[serde(default, borrow)]
    pub priority: Option<&'a str>,
    /// Reason as the source codes it.
    #[serde(default, borrow)]
    pub reason_code: Option<&'a str>,
    /// Reason as the source gives it.
    #[serde(default, borrow)]
    pub reason: Option<&'a str>,
    /// Operations whose plan changed.
    #[serde(default, borrow)]
    pub operations: Vec<PlannedOperation<'a>>,
    /// Component lines whose plan changed.
    #[serde(default, borrow)]
    pub components: Vec<PlannedComponent<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// A hold of the order ended.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OrderResumed<'a> {
    /// Operations resumed; the whole order when empty.
    #[serde(default, borrow)]
    pub operations: Vec<&'a str>,
    /// event_id of the hold that ended, of the same source, where it names it.
    #[serde(default, borrow)]
    pub hold_event_id: Option<&'a str>,
    /// Reason as the source gives it.
    #[serde(default, borrow)]
    pub reason: Option<&'a str>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// What an output is to its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum OutputKind {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `MAIN_PRODUCT`
    MainProduct,
    /// `CO_PRODUCT`
    CoProduct,
    /// `BY_PRODUCT`
    ByProduct,
}

impl OutputKind {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "MAIN_PRODUCT",
        "CO_PRODUCT",
        "BY_PRODUCT",
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
            "MAIN_PRODUCT" => Self::MainProduct,
            "CO_PRODUCT" => Self::CoProduct,
            "BY_PRODUCT" => Self::ByProduct,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(OutputKind);

/// A component line that an order plans. Its identity is the reservation item, or operation and position; never the material alone, which can stand twice in an order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PlannedComponent<'a> {
    /// Reservation of the order (SAP Reservation, RSNUM).
    #[serde(default, borrow)]
    pub reservation: Option<&'a str>,
    /// Item of the reservation (SAP ReservationItem, RSPOS).
    #[serde(default, borrow)]
    pub reservation_item: Option<&'a str>,
    /// Position in the bill of material (SAP BillOfMaterialItemNumber, POSNR; B2MML requirement's property).
    #[serde(default, borrow)]
    pub position: Option<&'a str>,
    /// Operation that needs it (SAP ManufacturingOrderOperation, B2MML: the SegmentRequirement).
    #[serde(default, borrow)]
    pub operation: Option<&'a str>,
    /// Material (SAP Material, MATNR; B2MML MaterialDefinitionID).
    #[serde(borrow)]
    pub item: &'a str,
    /// Description (SAP BOMItemDescription, B2MML Description).
    #[serde(default, borrow)]
    pub description: Option<&'a str>,
    /// Quantity required (SAP RequiredQuantity in BaseUnit, BDMNG; B2MML Quantity). Absent for lines without one, such as text items.
    #[serde(default, borrow)]
    pub required_quantity: Option<Quantity<'a>>,
    /// Quantity withdrawn so far (SAP WithdrawnQuantity, ENMNG).
    #[serde(default, borrow)]
    pub withdrawn_quantity: Option<Quantity<'a>>,
    /// Plant that it is taken from, where it is another (SAP Plant).
    #[serde(default, borrow)]
    pub plant: Option<&'a str>,
    /// Storage location that it is taken from (SAP StorageLocation, LGORT; B2MML Location/EquipmentID).
    #[serde(default, borrow)]
    pub storage_location: Option<&'a str>,
    /// Lot to take (SAP Batch, CHARG; B2MML MaterialLotID).
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Sublot, handling unit or container to take (B2MML MaterialSubLotID).
    #[serde(default, borrow)]
    pub sublot: Option<&'a str>,
    /// When it is needed (SAP MatlCompRequirementDate and Time, BDTER).
    #[serde(default)]
    pub required_at: Option<Timestamp>,
    /// Movement type to book it with (SAP GoodsMovementType, BWART).
    #[serde(default, borrow)]
    pub movement_type: Option<&'a str>,
    /// Category of the line (SAP BOMItemCategory, POSTP).
    #[serde(default, borrow)]
    pub item_category: Option<&'a str>,
    /// Booked by the ERP at confirmation (SAP MatlCompIsMarkedForBackflush, RGEKZ).
    #[serde(default)]
    pub is_backflushed: bool,
    /// Bulk material: supplied without booking (SAP IsBulkMaterialComponent, SCHGT).
    #[serde(default)]
    pub is_bulk: bool,
    /// Nothing more is to be issued (SAP ReservationIsFinallyIssued, KZEAR).
    #[serde(default)]
    pub is_finally_issued: bool,
    /// What else the source says of the line (B2MML MaterialRequirementProperty).
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// An operation that an order plans.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PlannedOperation<'a> {
    /// Operation (B2MML SegmentRequirement/ID, OperationsRequest segment; SAP ManufacturingOrderOperation, LOIPRO AFVOL VORNR).
    #[serde(borrow)]
    pub operation: &'a str,
    /// Sequence of operations that it belongs to (SAP ManufacturingOrderSequence, LOIPRO AFFLL PLNFL).
    #[serde(default, borrow)]
    pub sequence: Option<&'a str>,
    /// Suboperation (SAP ManufacturingOrderSubOperation).
    #[serde(default, borrow)]
    pub sub_operation: Option<&'a str>,
    /// Operation that it is a part of (B2MML: the enclosing SegmentRequirement).
    #[serde(default, borrow)]
    pub parent: Option<&'a str>,
    /// Description (SAP MfgOrderOperationText, LTXA1; B2MML Description).
    #[serde(default, borrow)]
    pub description: Option<&'a str>,
    /// Work center (SAP WorkCenter, ARBPL; B2MML EquipmentRequirement/EquipmentID).
    #[serde(default, borrow)]
    pub work_center: Option<&'a str>,
    /// Control key: what may be done with it (SAP OperationControlProfile, STEUS).
    #[serde(default, borrow)]
    pub control_profile: Option<&'a str>,
    /// Number that confirmations of it refer to (SAP OpConfirmation, RUECK).
    #[serde(default, borrow)]
    pub confirmation: Option<&'a str>,
    /// Planned start (SAP OpErlstSchedldExecStrtDte and Tme, FSAVD and FSAVZ; B2MML EarliestStartTime).
    #[serde(default)]
    pub planned_start: Option<Timestamp>,
    /// Planned end (SAP OpErlstSchedldExecEndDte and Tme, FSEDD and FSEDZ; B2MML LatestEndTime).
    #[serde(default)]
    pub planned_end: Option<Timestamp>,
    /// Planned quantity (SAP OpPlannedTotalQuantity in OperationUnit, MGVRG).
    #[serde(default, borrow)]
    pub planned_quantity: Option<Quantity<'a>>,
    /// Planned time to set up (SAP standard value VGW01).
    #[serde(default, borrow)]
    pub setup_time: Option<Quantity<'a>>,
    /// Planned machine time (SAP standard value VGW02).
    #[serde(default, borrow)]
    pub machine_time: Option<Quantity<'a>>,
    /// Planned labour time (SAP standard value VGW03).
    #[serde(default, borrow)]
    pub labour_time: Option<Quantity<'a>>,
    /// What else the source says of the operation (B2MML ProductionParameter, SegmentParameter).
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// A product that an order plans.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PlannedOutput<'a> {
    /// Main product, co-product or by-product.
    #[serde(default)]
    pub kind: OutputKind,
    /// Line within the order (SAP ManufacturingOrderItem, LOIPRO AFPOL POSNR).
    #[serde(default, borrow)]
    pub line: Option<&'a str>,
    /// Material (SAP Material, B2MML MaterialDefinitionID with use Produced).
    #[serde(borrow)]
    pub item: &'a str,
    /// Planned quantity (SAP MfgOrderItemPlannedTotalQty, PSMNG).
    #[serde(default, borrow)]
    pub quantity: Option<Quantity<'a>>,
    /// Planned scrap (SAP MfgOrderItemPlannedScrapQty).
    #[serde(default, borrow)]
    pub scrap_quantity: Option<Quantity<'a>>,
    /// Storage location that is to receive it (SAP StorageLocation).
    #[serde(default, borrow)]
    pub storage_location: Option<&'a str>,
    /// Lot to be produced (SAP Batch, B2MML MaterialLotID).
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// What else the source says of the product.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// One event in the life of a production order. Topic canonical.production.v1, keyed by plant and order. Exactly one of the groups is set, the one that type names; a reader that does not know the type sees UNKNOWN and no group.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ProductionEvent<'a> {
    /// What every canonical event carries.
    #[serde(borrow)]
    pub envelope: Envelope<'a>,
    /// Production order, as its plant writes it (SAP ManufacturingOrder, B2MML ProductionResponse/ID). A string: leading zeros count.
    #[serde(borrow)]
    pub order: &'a str,
    /// Which group is set.
    #[serde(default)]
    pub r#type: ProductionEventType,
    /// Set when type is ORDER_RELEASED.
    #[serde(default, borrow)]
    pub order_released: Option<Box<OrderReleased<'a>>>,
    /// Set when type is OPERATION_STARTED.
    #[serde(default, borrow)]
    pub operation_started: Option<OperationStarted<'a>>,
    /// Set when type is OPERATION_CONFIRMED.
    #[serde(default, borrow)]
    pub operation_confirmed: Option<Box<OperationConfirmed<'a>>>,
    /// Set when type is MATERIAL_CONSUMED: issued to the order.
    #[serde(default, borrow)]
    pub material_consumed: Option<ComponentMovement<'a>>,
    /// Set when type is MATERIAL_RETURNED: taken back from the order.
    #[serde(default, borrow)]
    pub material_returned: Option<ComponentMovement<'a>>,
    /// Set when type is CONSUMPTION_REVERSED.
    #[serde(default, borrow)]
    pub consumption_reversed: Option<ConsumptionReversed<'a>>,
    /// Set when type is FINISHED_GOODS_REPORTED.
    #[serde(default, borrow)]
    pub finished_goods_reported: Option<Box<FinishedGoodsReported<'a>>>,
    /// Set when type is ORDER_COMPLETED.
    #[serde(default, borrow)]
    pub order_completed: Option<OrderCompleted<'a>>,
    /// Set when type is ORDER_CREATED.
    #[serde(default, borrow)]
    pub order_created: Option<Box<OrderCreated<'a>>>,
    /// Set when type is ORDER_RESCHEDULED.
    #[serde(default, borrow)]
    pub order_rescheduled: Option<OrderRescheduled<'a>>,
    /// Set when type is ORDER_DISPATCHED.
    #[serde(default, borrow)]
    pub order_dispatched: Option<OrderDispatched<'a>>,
    /// Set when type is ORDER_HELD.
    #[serde(default, borrow)]
    pub order_held: Option<OrderHeld<'a>>,
    /// Set when type is ORDER_RESUMED.
    #[serde(default, borrow)]
    pub order_resumed: Option<OrderResumed<'a>>,
    /// Set when type is ORDER_CLOSED.
    #[serde(default, borrow)]
    pub order_closed: Option<OrderClosed<'a>>,
    /// Set when type is ORDER_CANCELLED.
    #[serde(default, borrow)]
    pub order_cancelled: Option<OrderCancelled<'a>>,
    /// Set when type is CONFIRMATION_REVERSED.
    #[serde(default, borrow)]
    pub confirmation_reversed: Option<ConfirmationReversed<'a>>,
    /// Set when type is BY_PRODUCT_REPORTED.
    #[serde(default, borrow)]
    pub by_product_reported: Option<ByProductReported<'a>>,
    /// Set when type is SCRAP_REPORTED.
    #[serde(default, borrow)]
    pub scrap_reported: Option<ScrapReported<'a>>,
    /// Set when type is REWORK_REPORTED.
    #[serde(default, borrow)]
    pub rework_reported: Option<ReworkReported<'a>>,
    /// Set when type is FINISHED_GOODS_REVERSED.
    #[serde(default, borrow)]
    pub finished_goods_reversed: Option<FinishedGoodsReversed<'a>>,
}

/// Which group is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ProductionEventType {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `ORDER_RELEASED`
    OrderReleased,
    /// `OPERATION_STARTED`
    OperationStarted,
    /// `OPERATION_CONFIRMED`
    OperationConfirmed,
    /// `MATERIAL_CONSUMED`
    MaterialConsumed,
    /// `MATERIAL_RETURNED`
    MaterialReturned,
    /// `CONSUMPTION_REVERSED`
    ConsumptionReversed,
    /// `FINISHED_GOODS_REPORTED`
    FinishedGoodsReported,
    /// `ORDER_COMPLETED`
    OrderCompleted,
    /// `ORDER_CREATED`
    OrderCreated,
    /// `ORDER_RESCHEDULED`
    OrderRescheduled,
    /// `ORDER_DISPATCHED`
    OrderDispatched,
    /// `ORDER_HELD`
    OrderHeld,
    /// `ORDER_RESUMED`
    OrderResumed,
    /// `ORDER_CLOSED`
    OrderClosed,
    /// `ORDER_CANCELLED`
    OrderCancelled,
    /// `CONFIRMATION_REVERSED`
    ConfirmationReversed,
    /// `BY_PRODUCT_REPORTED`
    ByProductReported,
    /// `SCRAP_REPORTED`
    ScrapReported,
    /// `REWORK_REPORTED`
    ReworkReported,
    /// `FINISHED_GOODS_REVERSED`
    FinishedGoodsReversed,
}

impl ProductionEventType {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "ORDER_RELEASED",
        "OPERATION_STARTED",
        "OPERATION_CONFIRMED",
        "MATERIAL_CONSUMED",
        "MATERIAL_RETURNED",
        "CONSUMPTION_REVERSED",
        "FINISHED_GOODS_REPORTED",
        "ORDER_COMPLETED",
        "ORDER_CREATED",
        "ORDER_RESCHEDULED",
        "ORDER_DISPATCHED",
        "ORDER_HELD",
        "ORDER_RESUMED",
        "ORDER_CLOSED",
        "ORDER_CANCELLED",
        "CONFIRMATION_REVERSED",
        "BY_PRODUCT_REPORTED",
        "SCRAP_REPORTED",
        "REWORK_REPORTED",
        "FINISHED_GOODS_REVERSED",
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
            "ORDER_RELEASED" => Self::OrderReleased,
            "OPERATION_STARTED" => Self::OperationStarted,
            "OPERATION_CONFIRMED" => Self::OperationConfirmed,
            "MATERIAL_CONSUMED" => Self::MaterialConsumed,
            "MATERIAL_RETURNED" => Self::MaterialReturned,
            "CONSUMPTION_REVERSED" => Self::ConsumptionReversed,
            "FINISHED_GOODS_REPORTED" => Self::FinishedGoodsReported,
            "ORDER_COMPLETED" => Self::OrderCompleted,
            "ORDER_CREATED" => Self::OrderCreated,
            "ORDER_RESCHEDULED" => Self::OrderRescheduled,
            "ORDER_DISPATCHED" => Self::OrderDispatched,
            "ORDER_HELD" => Self::OrderHeld,
            "ORDER_RESUMED" => Self::OrderResumed,
            "ORDER_CLOSED" => Self::OrderClosed,
            "ORDER_CANCELLED" => Self::OrderCancelled,
            "CONFIRMATION_REVERSED" => Self::ConfirmationReversed,
            "BY_PRODUCT_REPORTED" => Self::ByProductReported,
            "SCRAP_REPORTED" => Self::ScrapReported,
            "REWORK_REPORTED" => Self::ReworkReported,
            "FINISHED_GOODS_REVERSED" => Self::FinishedGoodsReversed,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(ProductionEventType);

/// Product has to be worked on again.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ReworkReported<'a> {
    /// Operation that found it (SAP OrderOperation).
    #[serde(default, borrow)]
    pub operation: Option<&'a str>,
    /// Operation that is to rework it.
    #[serde(default, borrow)]
    pub rework_operation: Option<&'a str>,
    /// Order that is to rework it, where it is another.
    #[serde(default, borrow)]
    pub rework_order: Option<&'a str>,
    /// Material; the order's product when absent.
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// Lot (SAP Batch).
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Sublot, handling unit or container.
    #[serde(default, borrow)]
    pub sublot: Option<&'a str>,
    /// Work center.
    #[serde(default, borrow)]
    pub work_center: Option<&'a str>,
    /// Amount to be reworked (SAP ConfirmationReworkQuantity); positive.
    #[serde(borrow)]
    pub quantity: Quantity<'a>,
    /// Reason as the source codes it (SAP VarianceReasonCode).
    #[serde(default, borrow)]
    pub reason_code: Option<&'a str>,
    /// Reason as the source gives it.
    #[serde(default, borrow)]
    pub reason: Option<&'a str>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// Product or material was scrapped. Not part of the scrap of a confirmation: each is reported once.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ScrapReported<'a> {
    /// Operation (SAP OrderOperation, B2MML SegmentResponse/ID).
    #[serde(default, borrow)]
    pub operation: Option<&'a str>,
    /// Material scrapped; the order's product when absent.
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// Lot (SAP Batch).
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Sublot, handling unit or container.
    #[serde(default, borrow)]
    pub sublot: Option<&'a str>,
    /// Work center.
    #[serde(default, borrow)]
    pub work_center: Option<&'a str>,
    /// Storage location.
    #[serde(default, borrow)]
    pub storage_location: Option<&'a str>,
    /// Amount scrapped (SAP ConfirmationScrapQuantity); positive.
    #[serde(borrow)]
    pub quantity: Quantity<'a>,
    /// Reason as the source codes it (SAP VarianceReasonCode, GoodsMovementReasonCode).
    #[serde(default, borrow)]
    pub reason_code: Option<&'a str>,
    /// Reason as the source gives it.
    #[serde(default, borrow)]
    pub reason: Option<&'a str>,
    /// Movement type (SAP GoodsMovementType 551).
    #[serde(default, borrow)]
    pub movement_type: Option<&'a str>,
    /// Date in the books, the plant's calendar (SAP PostingDate).
    #[serde(default)]
    pub posting_date: Option<Date>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}
