//! Records of the family `inventory`. Generated from `avro/`; do not edit.

use serde::{Deserialize, Serialize};

use crate::time::Date;
use super::Correction;
use super::DocumentReference;
use super::Envelope;
use super::NameValue;
use super::Quantity;

/// The stock as the source counts it at the event's time: a total, not a change (B2MML MaterialSubLot/Quantity, SAP MARD LABST, X12 846).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct BalanceSnapshot<'a> {
    /// Quantity there.
    #[serde(borrow)]
    pub quantity: Quantity<'a>,
    /// Part of it that nothing has been promised of.
    #[serde(default, borrow)]
    pub available_quantity: Option<Quantity<'a>>,
    /// Part of it that is promised.
    #[serde(default, borrow)]
    pub allocated_quantity: Option<Quantity<'a>>,
    /// The snapshot lists all there is of the item in the location; otherwise only this lot or status of it.
    #[serde(default)]
    pub is_complete: bool,
    /// Lot (SAP Batch, B2MML MaterialLot/ID).
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Sublot, handling unit or container (B2MML MaterialSubLot/ID).
    #[serde(default, borrow)]
    pub sublot: Option<&'a str>,
    /// Serial numbers (SAP serial number, X12 SN1).
    #[serde(default, borrow)]
    pub serials: Vec<&'a str>,
    /// Status of the stock, in the contract's words.
    #[serde(default)]
    pub status: StockStatus,
    /// Status as the source codes it (SAP InventoryStockType, INSMK; B2MML Status).
    #[serde(default, borrow)]
    pub status_code: Option<&'a str>,
    /// Special stock (SAP InventorySpecialStockType, SOBKZ: K consignment, E sales order).
    #[serde(default, borrow)]
    pub special_stock: Option<&'a str>,
    /// Owner, where it is not the plant (SAP Supplier or Customer of special stock, EPCIS owning_party).
    #[serde(default, borrow)]
    pub owner: Option<&'a str>,
    /// What else the source says (B2MML MaterialSubLotProperty).
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// Goods left the stock for a customer, a cost centre or a supplier: not for a production order (SAP movement types 601, 201, 122).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct GoodsIssued<'a> {
    /// Quantity that left; positive.
    #[serde(borrow)]
    pub quantity: Quantity<'a>,
    /// Quantity in the unit that it was entered in (SAP QuantityInEntryUnit and EntryUnit).
    #[serde(default, borrow)]
    pub entry_quantity: Option<Quantity<'a>>,
    /// Customer (SAP Customer, KUNNR).
    #[serde(default, borrow)]
    pub customer: Option<&'a str>,
    /// Supplier that it goes back to (SAP Supplier, LIFNR).
    #[serde(default, borrow)]
    pub supplier: Option<&'a str>,
    /// Cost centre (SAP CostCenter, KOSTL).
    #[serde(default, borrow)]
    pub cost_center: Option<&'a str>,
    /// Lot (SAP Batch, B2MML MaterialLot/ID).
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Sublot, handling unit or container (B2MML MaterialSubLot/ID).
    #[serde(default, borrow)]
    pub sublot: Option<&'a str>,
    /// Serial numbers (SAP serial number, X12 SN1).
    #[serde(default, borrow)]
    pub serials: Vec<&'a str>,
    /// Status of the stock, in the contract's words.
    #[serde(default)]
    pub status: StockStatus,
    /// Status as the source codes it (SAP InventoryStockType, INSMK; B2MML Status).
    #[serde(default, borrow)]
    pub status_code: Option<&'a str>,
    /// Special stock (SAP InventorySpecialStockType, SOBKZ: K consignment, E sales order).
    #[serde(default, borrow)]
    pub special_stock: Option<&'a str>,
    /// Owner, where it is not the plant (SAP Supplier or Customer of special stock, EPCIS owning_party).
    #[serde(default, borrow)]
    pub owner: Option<&'a str>,
    /// Movement type (SAP GoodsMovementType, BWART).
    #[serde(default, borrow)]
    pub movement_type: Option<&'a str>,
    /// Document that booked it (SAP MaterialDocument, MBLNR).
    #[serde(default, borrow)]
    pub document: Option<&'a str>,
    /// Line of the document (SAP MaterialDocumentItem, ZEILE).
    #[serde(default, borrow)]
    pub document_item: Option<&'a str>,
    /// Year of the document (SAP MaterialDocumentYear, MJAHR).
    #[serde(default, borrow)]
    pub document_year: Option<&'a str>,
    /// Date in the books, the plant's calendar (SAP PostingDate, BUDAT).
    #[serde(default)]
    pub posting_date: Option<Date>,
    /// Date of the document, the plant's calendar (SAP DocumentDate, BLDAT).
    #[serde(default)]
    pub document_date: Option<Date>,
    /// Reason as the source codes it (SAP GoodsMovementReasonCode, GRUND).
    #[serde(default, borrow)]
    pub reason_code: Option<&'a str>,
    /// Text of the line or header (SAP MaterialDocumentItemText, SGTXT).
    #[serde(default, borrow)]
    pub text: Option<&'a str>,
    /// Documents behind it (SAP PurchaseOrder, SalesOrder, Delivery, ManufacturingOrder, Reservation, ReferenceDocument).
    #[serde(default, borrow)]
    pub references: Vec<DocumentReference<'a>>,
    /// Set when it corrects an earlier one.
    #[serde(default, borrow)]
    pub correction: Option<Correction<'a>>,
    /// What else the source says (SAP account assignment, B2MML properties).
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// The stock was set right: counted, scrapped, or posted without a counterpart (SAP movement types 701, 702, 551, 561; B2MML MaterialSubLot).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct InventoryAdjusted<'a> {
    /// Change of the stock; negative takes away.
    #[serde(borrow)]
    pub quantity: Quantity<'a>,
    /// Quantity that was counted (SAP physical inventory, MENGE).
    #[serde(default, borrow)]
    pub counted_quantity: Option<Quantity<'a>>,
    /// Quantity in the books before (SAP BUCHM).
    #[serde(default, borrow)]
    pub book_quantity: Option<Quantity<'a>>,
    /// Change in the unit that it was entered in (SAP QuantityInEntryUnit and EntryUnit).
    #[serde(default, borrow)]
    pub entry_quantity: Option<Quantity<'a>>,
    /// Lot (SAP Batch, B2MML MaterialLot/ID).
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Sublot, handling unit or container (B2MML MaterialSubLot/ID).
    #[serde(default, borrow)]
    pub sublot: Option<&'a str>,
    /// Serial numbers (SAP serial number, X12 SN1).
    #[serde(default, borrow)]
    pub serials: Vec<&'a str>,
    /// Status of the stock, in the contract's words.
    #[serde(default)]
    pub status: StockStatus,
    /// Status as the source codes it (SAP InventoryStockType, INSMK; B2MML Status).
    #[serde(default, borrow)]
    pub status_code: Option<&'a str>,
    /// Special stock (SAP InventorySpecialStockType, SOBKZ: K consignment, E sales order).
    #[serde(default, borrow)]
    pub special_stock: Option<&'a str>,
    /// Owner, where it is not the plant (SAP Supplier or Customer of special stock, EPCIS owning_party).
    #[serde(default, borrow)]
    pub owner: Option<&'a str>,
    /// Movement type (SAP GoodsMovementType, BWART).
    #[serde(default, borrow)]
    pub movement_type: Option<&'a str>,
    /// Document that booked it (SAP MaterialDocument, MBLNR).
    #[serde(default, borrow)]
    pub document: Option<&'a str>,
    /// Line of the document (SAP MaterialDocumentItem, ZEILE).
    #[serde(default, borrow)]
    pub document_item: Option<&'a str>,
    /// Year of the document (SAP MaterialDocumentYear, MJAHR).
    #[serde(default, borrow)]
    pub document_year: Option<&'a str>,
    /// Date in the books, the plant's calendar (SAP PostingDate, BUDAT).
    #[serde(default)]
    pub posting_date: Option<Date>,
    /// Date of the document, the plant's calendar (SAP DocumentDate, BLDAT).
    #[serde(default)]
    pub document_date: Option<Date>,
    /// Reason as the source codes it (SAP GoodsMovementReasonCode, GRUND).
    #[serde(default, borrow)]
    pub reason_code: Option<&'a str>,
    /// Text of the line or header (SAP MaterialDocumentItemText, SGTXT).
    #[serde(default, borrow)]
    pub text: Option<&'a str>,
    /// Documents behind it (SAP PurchaseOrder, SalesOrder, Delivery, ManufacturingOrder, Reservation, ReferenceDocument).
    #[serde(default, borrow)]
    pub references: Vec<DocumentReference<'a>>,
    /// Set when it corrects an earlier one.
    #[serde(default, borrow)]
    pub correction: Option<Correction<'a>>,
    /// What else the source says (SAP account assignment, B2MML properties).
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// One event of the stock of an item in a location. Topic canonical.inventory.v1, keyed by plant, item and location. Exactly one of the groups is set, the one that type names; a reader that does not know the type sees UNKNOWN and no group.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct InventoryEvent<'a> {
    /// What every canonical event carries.
    #[serde(borrow)]
    pub envelope: Envelope<'a>,
    /// Material (SAP Material, B2MML MaterialDefinitionID). A string: leading zeros count.
    #[serde(borrow)]
    pub item: &'a str,
    /// Storage location (SAP StorageLocation, B2MML StorageLocation). The plant itself where the source names none.
    #[serde(borrow)]
    pub location: &'a str,
    /// Which group is set.
    #[serde(default)]
    pub r#type: InventoryEventType,
    /// Set when type is ADJUSTED.
    #[serde(default, borrow)]
    pub adjusted: Option<Box<InventoryAdjusted<'a>>>,
    /// Set when type is TRANSFERRED.
    #[serde(default, borrow)]
    pub transferred: Option<Box<StockTransferred<'a>>>,
    /// Set when type is WAREHOUSE_RECEIPT.
    #[serde(default, borrow)]
    pub warehouse_receipt: Option<Box<WarehouseReceipt<'a>>>,
    /// Set when type is BALANCE_SNAPSHOT.
    #[serde(default, borrow)]
    pub balance_snapshot: Option<BalanceSnapshot<'a>>,
    /// Set when type is GOODS_ISSUED.
    #[serde(default, borrow)]
    pub goods_issued: Option<Box<GoodsIssued<'a>>>,
}

/// Which group is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum InventoryEventType {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `ADJUSTED`
    Adjusted,
    /// `TRANSFERRED`
    Transferred,
    /// `WAREHOUSE_RECEIPT`
    WarehouseReceipt,
    /// `BALANCE_SNAPSHOT`
    BalanceSnapshot,
    /// `GOODS_ISSUED`
    GoodsIssued,
}

impl InventoryEventType {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "ADJUSTED",
        "TRANSFERRED",
        "WAREHOUSE_RECEIPT",
        "BALANCE_SNAPSHOT",
        "GOODS_ISSUED",
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
            "ADJUSTED" => Self::Adjusted,
            "TRANSFERRED" => Self::Transferred,
            "WAREHOUSE_RECEIPT" => Self::WarehouseReceipt,
            "BALANCE_SNAPSHOT" => Self::BalanceSnapshot,
            "GOODS_ISSUED" => Self::GoodsIssued,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(InventoryEventType);

/// What stock may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum StockStatus {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `UNRESTRICTED`
    Unrestricted,
    /// `QUALITY_INSPECTION`
    QualityInspection,
    /// `BLOCKED`
    Blocked,
    /// `RESTRICTED`
    Restricted,
    /// `IN_TRANSFER`
    InTransfer,
    /// `RETURNS`
    Returns,
    /// `RESERVED`
    Reserved,
}

impl StockStatus {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "UNRESTRICTED",
        "QUALITY_INSPECTION",
        "BLOCKED",
        "RESTRICTED",
        "IN_TRANSFER",
        "RETURNS",
        "RESERVED",
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
            "UNRESTRICTED" => Self::Unrestricted,
            "QUALITY_INSPECTION" => Self::QualityInspection,
            "BLOCKED" => Self::Blocked,
            "RESTRICTED" => Self::Restricted,
            "IN_TRANSFER" => Self::InTransfer,
            "RETURNS" => Self::Returns,
            "RESERVED" => Self::Reserved,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(StockStatus);

/// Stock went from this item and location to another location, item, lot or status (SAP movement types 301 to 325, 344).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct StockTransferred<'a> {
    /// Quantity transferred; positive.
    #[serde(borrow)]
    pub quantity: Quantity<'a>,
    /// Quantity in the unit that it was entered in (SAP QuantityInEntryUnit and EntryUnit).
    #[serde(default, borrow)]
    pub entry_quantity: Option<Quantity<'a>>,
    /// Plant that receives, where it is another (SAP IssuingOrReceivingPlant, UMWRK).
    #[serde(default, borrow)]
    pub to_plant: Option<&'a str>,
    /// Storage location that receives (SAP IssuingOrReceivingStorageLoc, UMLGO).
    #[serde(default, borrow)]
    pub to_location: Option<&'a str>,
    /// Material from now on, where it is another (SAP IssgOrRcvgMaterial, UMMAT).
    #[serde(default, borrow)]
    pub to_item: Option<&'a str>,
    /// Lot from now on, where it is another (SAP IssgOrRcvgBatch, UMCHA).
    #[serde(default, borrow)]
    pub to_lot: Option<&'a str>,
    /// Status of the stock from now on.
    #[serde(default)]
    pub to_status: StockStatus,
    /// That status as the source codes it (SAP IssuingOrReceivingStockType).
    #[serde(default, borrow)]
    pub to_status_code: Option<&'a str>,
    /// It has left and not yet arrived (SAP two-step transfer 303, 313).
    #[serde(default)]
    pub is_in_transit: bool,
    /// Lot (SAP Batch, B2MML MaterialLot/ID).
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Sublot, handling unit or container (B2MML MaterialSubLot/ID).
    #[serde(default, borrow)]
    pub sublot: Option<&'a str>,
    /// Serial numbers (SAP serial number, X12 SN1).
    #[serde(default, borrow)]
    pub serials: Vec<&'a str>,
    /// Status of the stock, in the contract's words.
    #[serde(default)]
    pub status: StockStatus,
    /// Status as the source codes it (SAP InventoryStockType, INSMK; B2MML Status).
    #[serde(default, borrow)]
    pub status_code: Option<&'a str>,
    /// Special stock (SAP InventorySpecialStockType, SOBKZ: K consignment, E sales order).
    #[serde(default, borrow)]
    pub special_stock: Option<&'a str>,
    /// Owner, where it is not the plant (SAP Supplier or Customer of special stock, EPCIS owning_party).
    #[serde(default, borrow)]
    pub owner: Option<&'a str>,
    /// Movement type (SAP GoodsMovementType, BWART).
    #[serde(default, borrow)]
    pub movement_type: Option<&'a str>,
    /// Document that booked it (SAP MaterialDocument, MBLNR).
    #[serde(default, borrow)]
    pub document: Option<&'a str>,
    /// Line of the document (SAP MaterialDocumentItem, ZEILE).
    #[serde(default, borrow)]
    pub document_item: Option<&'a str>,
    /// Year of the document (SAP MaterialDocumentYear, MJAHR).
    #[serde(default, borrow)]
    pub document_year: Option<&'a str>,
    /// Date in the books, the plant's calendar (SAP PostingDate, BUDAT).
    #[serde(default)]
    pub posting_date: Option<Date>,
    /// Date of the document, the plant's calendar (SAP DocumentDate, BLDAT).
    #[serde(default)]
    pub document_date: Option<Date>,
    /// Reason as the source codes it (SAP GoodsMovementReasonCode, GRUND).
    #[serde(default, borrow)]
    pub reason_code: Option<&'a str>,
    /// Text of the line or header (SAP MaterialDocumentItemText, SGTXT).
    #[serde(default, borrow)]
    pub text: Option<&'a str>,
    /// Documents behind it (SAP PurchaseOrder, SalesOrder, Delivery, ManufacturingOrder, Reservation, ReferenceDocument).
    #[serde(default, borrow)]
    pub references: Vec<DocumentReference<'a>>,
    /// Set when it corrects an earlier one.
    #[serde(default, borrow)]
    pub correction: Option<Correction<'a>>,
    /// What else the source says (SAP account assignment, B2MML properties).
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// Goods came into stock from outside the plant's orders (SAP movement type 101 to a purchase order or delivery, 501).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct WarehouseReceipt<'a> {
    /// Quantity that became stock; positive.
    #[serde(borrow)]
    pub quantity: Quantity<'a>,
    /// Quantity that came and is not stock: in question, or refused. Not part of quantity.
    #[serde(default, borrow)]
    pub quantity_in_question: Option<Quantity<'a>>,
    /// Quantity in the unit that it was entered in (SAP QuantityInEntryUnit and EntryUnit).
    #[serde(default, borrow)]
    pub entry_quantity: Option<Quantity<'a>>,
    /// Supplier (SAP Supplier, LIFNR).
    #[serde(default, borrow)]
    pub supplier: Option<&'a str>,
    /// Lot as the supplier names it (SAP BatchBySupplier, LICHA).
    #[serde(default, borrow)]
    pub supplier_lot: Option<&'a str>,
    /// Date of manufacture (SAP ManufactureDate, HSDAT).
    #[serde(default)]
    pub production_date: Option<Date>,
    /// Last day of use (SAP ShelfLifeExpirationDate, VFDAT).
    #[serde(default)]
    pub expiry_date: Option<Date>,
    /// Nothing more is expected for the order's line (SAP IsCompletelyDelivered, ELIKZ).
    #[serde(default)]
    pub is_final_receipt: bool,
    /// Lot (SAP Batch, B2MML MaterialLot/ID).
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Sublot, handling unit or container (B2MML MaterialSubLot/ID).
    #[serde(default, borrow)]
    pub sublot: Option<&'a str>,
    /// Serial numbers (SAP serial number, X12 SN1).
    #[serde(default, borrow)]
    pub serials: Vec<&'a str>,
    /// Status of the stock, in the contract's words.
    #[serde(default)]
    pub status: StockStatus,
    /// Status as the source codes it (SAP InventoryStockType, INSMK; B2MML Status).
    #[serde(default, borrow)]
    pub status_code: Option<&'a str>,
    /// Special stock (SAP InventorySpecialStockType, SOBKZ: K consignment, E sales order).
    #[serde(default, borrow)]
    pub special_stock: Option<&'a str>,
    /// Owner, where it is not the plant (SAP Supplier or Customer of special stock, EPCIS owning_party).
    #[serde(default, borrow)]
    pub owner: Option<&'a str>,
    /// Movement type (SAP GoodsMovementType, BWART).
    #[serde(default, borrow)]
    pub movement_type: Option<&'a str>,
    /// Document that booked it (SAP MaterialDocument, MBLNR).
    #[serde(default, borrow)]
    pub document: Option<&'a str>,
    /// Line of the document (SAP MaterialDocumentItem, ZEILE).
    #[serde(default, borrow)]
    pub document_item: Option<&'a str>,
    /// Year of the document (SAP MaterialDocumentYear, MJAHR).
    #[serde(default, borrow)]
    pub document_year: Option<&'a str>,
    /// Date in the books, the plant's calendar (SAP PostingDate, BUDAT).
    #[serde(default)]
    pub posting_date: Option<Date>,
    /// Date of the document, the plant's calendar (SAP DocumentDate, BLDAT).
    #[serde(default)]
    pub document_date: Option<Date>,
    /// Reason as the source codes it (SAP GoodsMovementReasonCode, GRUND).
    #[serde(default, borrow)]
    pub reason_code: Option<&'a str>,
    /// Text of the line or header (SAP MaterialDocumentItemText, SGTXT).
    #[serde(default, borrow)]
    pub text: Option<&'a str>,
    /// Documents behind it (SAP PurchaseOrder, SalesOrder, Delivery, ManufacturingOrder, Reservation, ReferenceDocument).
    #[serde(default, borrow)]
    pub references: Vec<DocumentReference<'a>>,
    /// Set when it corrects an earlier one.
    #[serde(default, borrow)]
    pub correction: Option<Correction<'a>>,
    /// What else the source says (SAP account assignment, B2MML properties).
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}
