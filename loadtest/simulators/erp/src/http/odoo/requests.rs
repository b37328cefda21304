//! Bodies of requests to book.

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::super::query::What;
use crate::command::{Command, Confirmation, Header, Movement, OrderKey};
use crate::movement;
use crate::quantity::Quantity;
use crate::refusal::Refusal;
use crate::state::State;
use crate::unit;

/// Characters of a text at most.
const MAX_TEXT: usize = 64;

/// What a body asks for.
pub(super) fn command(what: What, body: &[u8]) -> Result<Command, Refusal> {
    match what {
        What::Confirmations => read::<Report>(body)?.command(),
        What::Documents | What::Lines => read::<Transfer>(body)?.command(),
    }
}

/// What takes that one back.
pub(super) fn cancel(state: &State, what: What, index: usize, body: &[u8]) -> Result<Command, Refusal> {
    let cancel: Cancel = if body.is_empty() { Cancel::default() } else { read(body)? };
    let posting_date = cancel.date.as_deref().map(|text| date("date", text)).transpose()?;
    let key = text("external_ref", cancel.external_ref.unwrap_or_default())?;
    if what == What::Confirmations {
        let number = state.confirmations().get(index).ok_or(Refusal::NotFound)?.number;
        return Ok(Command::CancelConfirmation { number, posting_date, key });
    }
    let number = state.documents().get(index).and_then(|record| record.number).ok_or(Refusal::NotFound)?;
    Ok(Command::CancelDocument { number, item: None, posting_date, key })
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::malformed("", error.to_string()))
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cancel {
    date: Option<String>,
    external_ref: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Report {
    external_ref: String,
    company: String,
    production: String,
    work_order: String,
    qty_produced: Box<RawValue>,
    qty_scrapped: Option<Box<RawValue>>,
    qty_reworked: Option<Box<RawValue>>,
    uom: String,
    #[serde(default)]
    close: bool,
    date: String,
    #[serde(default)]
    note: String,
}

impl Report {
    fn command(self) -> Result<Command, Refusal> {
        let confirmation = Confirmation {
            order: OrderKey { plant: needed("company", self.company)?, order: needed("production", self.production)? },
            operation: needed("work_order", self.work_order)?,
            r#yield: quantity("qty_produced", Some(&self.qty_produced))?,
            scrap: quantity("qty_scrapped", self.qty_scrapped.as_deref())?,
            rework: quantity("qty_reworked", self.qty_reworked.as_deref())?,
            unit_code: unit_code(&self.uom)?,
            unit: self.uom,
            is_final: self.close,
            clears_reservations: false,
            // Movements are transfers of their own here.
            has_no_goods_movements: true,
            posting_date: date("date", &self.date)?,
            text: text("note", self.note)?,
            key: needed("external_ref", self.external_ref)?,
        };
        Ok(Command::Confirm(Box::new(confirmation), Vec::new()))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Transfer {
    external_ref: String,
    company: String,
    production: String,
    kind: String,
    date: String,
    effective_date: Option<String>,
    moves: Vec<MoveBody>,
}

impl Transfer {
    fn command(self) -> Result<Command, Refusal> {
        let goods_movement_code = match self.kind.as_str() {
            "receipt" => "02",
            "issue" => "03",
            "byproduct" => "05",
            other => return Err(Refusal::malformed("kind", format!("{other:?} is none of issue, receipt, byproduct"))),
        };
        let posting_date = date("date", &self.date)?;
        let header = Header {
            goods_movement_code: goods_movement_code.to_owned(),
            posting_date,
            document_date: self.effective_date.as_deref().map_or(Ok(posting_date), |text| date("effective_date", text))?,
            reference: String::new(),
            key: needed("external_ref", self.external_ref)?,
        };
        let (company, production) = (needed("company", self.company)?, needed("production", self.production)?);
        let movements = self.moves.into_iter().map(|line| line.movement(&company, &production)).collect::<Result<Vec<_>, _>>()?;
        Ok(Command::Move(Box::new(header), movements))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MoveBody {
    line_ref: String,
    move_type: String,
    product: String,
    location: Option<String>,
    lot: Option<String>,
    demand_ref: Option<String>,
    qty: Box<RawValue>,
    uom: String,
}

impl MoveBody {
    fn movement(self, company: &str, production: &str) -> Result<Movement, Refusal> {
        let row = movement::by_plain_name(&self.move_type).ok_or_else(|| Refusal::malformed("move_type", format!("{:?} is no move type", self.move_type)))?;
        let demand = text("demand_ref", self.demand_ref.unwrap_or_default())?;
        let (reservation, item) = demand.split_once('/').unwrap_or((&demand, ""));
        Ok(Movement {
            text: needed("line_ref", self.line_ref)?,
            movement_type: row.code.to_owned(),
            reference_type: if row.refers_to_order { "F".to_owned() } else { String::new() },
            order: production.to_owned(),
            material: needed("product", self.product)?,
            plant: company.to_owned(),
            storage_location: text("location", self.location.unwrap_or_default())?,
            batch: text("lot", self.lot.unwrap_or_default())?,
            reservation: reservation.to_owned(),
            reservation_item: item.to_owned(),
            quantity: quantity("qty", Some(&self.qty))?,
            unit_code: unit_code(&self.uom)?,
            unit: self.uom,
        })
    }
}

fn quantity(field: &str, json: Option<&RawValue>) -> Result<Quantity, Refusal> {
    let Some(json) = json else { return Ok(Quantity::default()) };
    Quantity::of_json(json).ok_or_else(|| Refusal::malformed(field, format!("{json} is no quantity")))
}

fn date(field: &str, text: &str) -> Result<Date, Refusal> {
    let plain = text.len() == 10;
    text.parse().ok().filter(|_| plain).ok_or_else(|| Refusal::malformed(field, format!("{text:?} is no date")))
}

fn unit_code(unit: &str) -> Result<String, Refusal> {
    unit::of_odoo(unit).map(str::to_owned).ok_or_else(|| Refusal::malformed("uom", format!("unit {unit:?} does not exist")))
}

fn needed(field: &str, value: String) -> Result<String, Refusal> {
    if value.is_empty() { Err(Refusal::malformed(field, "a value is needed")) } else { text(field, value) }
}

fn text(field: &str, value: String) -> Result<String, Refusal> {
    if value.chars().count() <= MAX_TEXT { Ok(value) } else { Err(Refusal::malformed(field, format!("longer than {MAX_TEXT} characters"))) }
}
