//! Bodies of requests to book.

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::super::query::{Condition, What};
use super::filter::{address, line_number};
use super::{CONFIRMATION, DOCUMENT};
use crate::command::{Command, Confirmation, Header, Movement, OrderKey};
use crate::quantity::Quantity;
use crate::refusal::Refusal;
use crate::unit;

/// What a body asks for, at an entity set or as an action of an entity.
pub(super) fn command(entity: &str, action: Option<&str>, body: &[u8]) -> Result<Command, Refusal> {
    let Some(action) = action else {
        return match entity {
            CONFIRMATION => read::<ConfirmationBody>(body)?.command(),
            DOCUMENT => read::<DocumentBody>(body)?.command(),
            _ => Err(Refusal::NotFound),
        };
    };
    let cancel: CancelBody = if body.is_empty() { CancelBody::default() } else { read(body)? };
    let posting_date = cancel.posting_date.as_deref().map(|text| date("PostingDate", text)).transpose()?;
    match (address(entity)?.ok_or(Refusal::NotFound)?, action) {
        ((What::Confirmations, Condition::Number(_, number)), "SAP__self.Cancel") => {
            let key = key(cancel.external_system_confirmation.as_deref())?;
            Ok(Command::CancelConfirmation { number, posting_date, key })
        }
        ((What::Documents, Condition::Document(_, number)), "SAP__self.Cancel") => {
            Ok(Command::CancelDocument { number, item: None, posting_date, key: cancel.header_text.unwrap_or_default() })
        }
        ((What::Lines, Condition::Document(_, number)), "SAP__self.CancelItem") => {
            let item = line_number(entity).ok_or(Refusal::NotFound)?;
            Ok(Command::CancelDocument { number, item: Some(item), posting_date, key: cancel.header_text.unwrap_or_default() })
        }
        _ => Err(Refusal::NotFound),
    }
}

/// A GUID, as the 32 digits that it is made of; none if it is none.
pub(super) fn guid(text: &str) -> Option<String> {
    let groups: Vec<&str> = text.split('-').collect();
    let right = groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]) && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()));
    right.then(|| groups.concat().to_ascii_lowercase())
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::malformed("", error.to_string()))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct ConfirmationBody {
    #[serde(rename = "OrderID")]
    order: String,
    order_operation: String,
    plant: String,
    confirmation_yield_quantity: Box<RawValue>,
    confirmation_scrap_quantity: Option<Box<RawValue>>,
    confirmation_rework_quantity: Option<Box<RawValue>>,
    confirmation_unit: String,
    #[serde(default)]
    is_final_confirmation: bool,
    #[serde(default)]
    open_reservations_is_cleared: bool,
    #[serde(default, rename = "APIConfHasNoGoodsMovements")]
    has_no_goods_movements: bool,
    posting_date: String,
    #[serde(default)]
    confirmation_text: String,
    external_system_confirmation: Option<String>,
    #[serde(default, rename = "to_ProdnOrdConfMatlDocItm")]
    movements: Vec<ItemBody>,
}

impl ConfirmationBody {
    fn command(self) -> Result<Command, Refusal> {
        let unit_code = unit_code("ConfirmationUnit", &self.confirmation_unit)?;
        let order = limited("OrderID", self.order, 12)?;
        let movements = self.movements.into_iter().map(|item| item.movement(Some(&order))).collect::<Result<Vec<_>, _>>()?;
        let confirmation = Confirmation {
            order: OrderKey { plant: limited("Plant", self.plant, 40)?, order },
            operation: limited("OrderOperation", self.order_operation, 40)?,
            r#yield: quantity("ConfirmationYieldQuantity", Some(&self.confirmation_yield_quantity))?,
            scrap: quantity("ConfirmationScrapQuantity", self.confirmation_scrap_quantity.as_deref())?,
            rework: quantity("ConfirmationReworkQuantity", self.confirmation_rework_quantity.as_deref())?,
            unit: self.confirmation_unit,
            unit_code,
            is_final: self.is_final_confirmation,
            clears_reservations: self.open_reservations_is_cleared,
            has_no_goods_movements: self.has_no_goods_movements,
            posting_date: date("PostingDate", &self.posting_date)?,
            text: longest("ConfirmationText", self.confirmation_text, 40)?,
            key: key(self.external_system_confirmation.as_deref())?,
        };
        Ok(Command::Confirm(Box::new(confirmation), movements))
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct DocumentBody {
    goods_movement_code: String,
    posting_date: String,
    document_date: Option<String>,
    #[serde(default)]
    reference_document: String,
    #[serde(default)]
    material_document_header_text: String,
    #[serde(rename = "to_MaterialDocumentItem")]
    items: Vec<ItemBody>,
}

impl DocumentBody {
    fn command(self) -> Result<Command, Refusal> {
        let posting_date = date("PostingDate", &self.posting_date)?;
        let header = Header {
            goods_movement_code: limited("GoodsMovementCode", self.goods_movement_code, 2)?,
            posting_date,
            document_date: self.document_date.as_deref().map_or(Ok(posting_date), |text| date("DocumentDate", text))?,
            reference: longest("ReferenceDocument", self.reference_document, 16)?,
            key: longest("MaterialDocumentHeaderText", self.material_document_header_text, 25)?,
        };
        let movements = self.items.into_iter().map(|item| item.movement(None)).collect::<Result<Vec<_>, _>>()?;
        Ok(Command::Move(Box::new(header), movements))
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct ItemBody {
    material: String,
    plant: String,
    #[serde(default)]
    storage_location: String,
    #[serde(default)]
    batch: String,
    goods_movement_type: String,
    #[serde(default)]
    goods_movement_ref_doc_type: String,
    #[serde(default)]
    manufacturing_order: String,
    #[serde(default)]
    reservation: String,
    #[serde(default)]
    reservation_item: String,
    entry_unit: String,
    quantity_in_entry_unit: Box<RawValue>,
    #[serde(default)]
    material_document_item_text: String,
}

impl ItemBody {
    fn movement(self, order: Option<&str>) -> Result<Movement, Refusal> {
        let unit_code = unit_code("EntryUnit", &self.entry_unit)?;
        Ok(Movement {
            text: longest("MaterialDocumentItemText", self.material_document_item_text, 50)?,
            movement_type: limited("GoodsMovementType", self.goods_movement_type, 3)?,
            reference_type: longest("GoodsMovementRefDocType", self.goods_movement_ref_doc_type, 1)?,
            order: order.map_or_else(|| longest("ManufacturingOrder", self.manufacturing_order, 12), |order| Ok(order.to_owned()))?,
            material: limited("Material", self.material, 40)?,
            plant: limited("Plant", self.plant, 40)?,
            storage_location: longest("StorageLocation", self.storage_location, 40)?,
            batch: longest("Batch", self.batch, 40)?,
            reservation: longest("Reservation", self.reservation, 10)?,
            reservation_item: longest("ReservationItem", self.reservation_item, 4)?,
            quantity: quantity("QuantityInEntryUnit", Some(&self.quantity_in_entry_unit))?,
            unit: self.entry_unit,
            unit_code,
        })
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct CancelBody {
    #[serde(rename = "PostingDate")]
    posting_date: Option<String>,
    #[serde(rename = "ExternalSystemConfirmation")]
    external_system_confirmation: Option<String>,
    #[serde(rename = "MaterialDocumentHeaderText")]
    header_text: Option<String>,
    #[serde(rename = "ConfirmationText")]
    _text: Option<String>,
}

fn key(text: Option<&str>) -> Result<String, Refusal> {
    let Some(text) = text else { return Ok(String::new()) };
    guid(text).ok_or_else(|| Refusal::malformed("ExternalSystemConfirmation", format!("{text:?} is no GUID")))
}

fn quantity(field: &str, json: Option<&RawValue>) -> Result<Quantity, Refusal> {
    let Some(json) = json else { return Ok(Quantity::default()) };
    Quantity::of_json(json).ok_or_else(|| Refusal::malformed(field, format!("{json} is no quantity")))
}

fn date(field: &str, text: &str) -> Result<Date, Refusal> {
    let plain = text.len() == 10;
    text.parse().ok().filter(|_| plain).ok_or_else(|| Refusal::malformed(field, format!("{text:?} is no date")))
}

fn unit_code(field: &str, unit: &str) -> Result<String, Refusal> {
    unit::of_s4(unit).map(str::to_owned).ok_or_else(|| Refusal::malformed(field, format!("unit {unit:?} does not exist")))
}

/// Not empty, and not longer than that.
fn limited(field: &str, text: String, length: usize) -> Result<String, Refusal> {
    if text.is_empty() { Err(Refusal::malformed(field, "a value is needed")) } else { longest(field, text, length) }
}

/// Not longer than that.
fn longest(field: &str, text: String, length: usize) -> Result<String, Refusal> {
    if text.chars().count() <= length { Ok(text) } else { Err(Refusal::malformed(field, format!("longer than {length} characters"))) }
}
