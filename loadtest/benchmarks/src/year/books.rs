//! Do the year's books close? What was posted, against what the simulated plant did: sums of its own, from the bytes that were sent.

use apache_avro::reader::datum::GenericDatumReader;
use std::collections::{BTreeMap, HashMap, HashSet};

use apache_avro::types::Value;
use lineside_simulators::{Amount, Expected, ExpectedOrder};

use super::Sent;
use crate::error::BenchError;

/// Gaps that are kept in words.
const GAPS_KEPT: usize = 20;

/// A line of an order: kind and whatever tells lines of a kind apart.
type Key = String;

/// Sums of an order's postings, in millionths, and what else has to be right about them.
#[derive(Debug, Default)]
struct Posted {
    sums: BTreeMap<Key, i128>,
    sequence: i64,
}

/// The books of the year.
#[derive(Debug, Default)]
pub struct Books {
    /// Canonical events.
    pub events: u64,
    /// Postings.
    pub postings: u64,
    /// Lines.
    pub lines: u64,
    /// Records for the ERP.
    pub erp_records: u64,
    /// Statuses.
    pub statuses: u64,
    /// The first gaps, in words.
    pub gaps: Vec<String>,
    /// How many there are.
    pub gap_count: u64,
    orders: HashMap<String, Posted>,
    schema: Option<(apache_avro::Schema, apache_avro::Schema)>,
}

impl Books {
    /// Takes in what was sent.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn take(&mut self, postings: &[Sent], confirmations: &[Sent], movements: &[Sent]) -> Result<(), BenchError> {
        let mut expected_items = 0;
        let mut expected_confirmations = 0;
        for (_, key, value) in postings {
            let posting = self.read(value, true)?;
            self.postings += 1;
            expected_confirmations += self.post(&String::from_utf8_lossy(key), &posting)?;
            expected_items += list(&posting, "lines").len();
        }
        self.lines += expected_items as u64;
        let mut items = 0;
        for (_, _, value) in movements {
            items += list(&self.read(value, false)?, "items").len();
        }
        self.erp_records += (confirmations.len() + movements.len()) as u64;
        if items != expected_items || confirmations.len() != expected_confirmations {
            self.gap(format!("{expected_items} lines and {expected_confirmations} confirmations were posted, {items} and {} published", confirmations.len()));
        }
        Ok(())
    }

    /// A posting into the sums of its order; gives the count of its confirmations.
    fn post(&mut self, order: &str, posting: &Value) -> Result<usize, BenchError> {
        let sequence = number(posting, "sequence");
        let posted = self.orders.entry(order.to_owned()).or_default();
        let in_order = sequence == posted.sequence + 1;
        posted.sequence = sequence;
        for line in list(posting, "lines") {
            let movement_type = text(line, "movement_type");
            let quantity = field(line, "quantity");
            let unit = text(quantity, "unit");
            let amount = millionths(quantity, "value")?;
            let lot = format!("{} lot {} at {} {unit}", text(line, "item"), text(line, "lot"), text(line, "storage_location"));
            let key = match &*movement_type {
                "101" | "102" => format!("receipt {lot}"),
                _ if text(line, "reservation_item").is_empty() => format!("component {}/{} {lot}", text(line, "operation"), text(line, "position")),
                _ => format!("component {} {lot}", text(line, "reservation_item")),
            };
            *posted.sums.entry(key).or_default() += if movement_type.ends_with('1') { amount } else { -amount };
        }
        let confirmations = list(posting, "confirmations");
        for line in confirmations {
            for name in ["yield", "scrap", "rework"] {
                *posted.sums.entry(format!("{name} {} {}", text(line, "operation"), text(line, "unit"))).or_default() += millionths(line, name)?;
            }
        }
        let count = confirmations.len();
        if !in_order {
            self.gap(format!("{order}: posting number {sequence} follows on another than the one before"));
        }
        Ok(count)
    }

    /// A day's orders are all told: they have to be posted now, or be open.
    pub fn close_day(&mut self, expected: &Expected) {
        for (key, order) in &expected.orders {
            let name = format!("{}/{}", key.plant, key.order);
            let posted = self.orders.remove(&name).unwrap_or_default();
            self.close(&name, order, &posted);
        }
    }

    fn close(&mut self, name: &str, order: &ExpectedOrder, posted: &Posted) {
        let mut nets: BTreeMap<Key, Amount> = BTreeMap::new();
        let none = |text: &Option<String>| text.clone().unwrap_or_default();
        for (line, amount) in &order.consumption {
            let lot = format!("{} lot {} at {} {}", line.item, none(&line.lot), none(&line.storage_location), line.unit);
            let key = match &line.reservation_item {
                Some(item) => format!("component {item} {lot}"),
                None => format!("component {}/{} {lot}", line.operation, none(&line.position)),
            };
            *nets.entry(key).or_default() += *amount;
        }
        for (receipt, amount) in &order.receipts {
            *nets.entry(format!("receipt {} lot {} at {} {}", receipt.item, none(&receipt.lot), none(&receipt.storage_location), receipt.unit)).or_default() += *amount;
        }
        for ((operation, unit), totals) in &order.operations {
            for (kind, amount) in [("yield", totals.good), ("scrap", totals.scrap), ("rework", totals.rework)] {
                *nets.entry(format!("{kind} {operation} {unit}")).or_default() += amount;
            }
        }
        let keys: HashSet<&Key> = nets.keys().chain(posted.sums.keys()).collect();
        for key in keys {
            let net = nets.get(key).map_or(0, |amount| i128::from(amount.millionths())).max(0);
            let booked = posted.sums.get(key).copied().unwrap_or(0);
            let last_digit = if key.ends_with(" C62") { 1_000_000 } else { 1_000 };
            let closes = if order.completed { (net - booked).abs() * 2 <= last_digit && booked % last_digit == 0 } else { booked == 0 };
            if !closes {
                self.gap(format!("{name}, {key}: {net} millionths accepted, {booked} posted"));
            }
        }
        if order.completed && posted.sequence == 0 {
            self.gap(format!("{name}: complete, but not posted"));
        }
    }

    fn gap(&mut self, gap: String) {
        self.gap_count += 1;
        if self.gaps.len() < GAPS_KEPT {
            self.gaps.push(gap);
        }
    }

    /// Reads a value generically, behind the five bytes of its wire format.
    fn read(&mut self, value: &[u8], posting: bool) -> Result<Value, BenchError> {
        let year = |error: apache_avro::Error| BenchError::Year(error.to_string());
        if self.schema.is_none() {
            let parse = |id: lineside_schemas::ContractId| apache_avro::Schema::parse_str(id.schema_text()).map_err(year);
            self.schema = Some((parse(lineside_schemas::ContractId::OrderPosting)?, parse(lineside_schemas::ContractId::ErpGoodsMovement)?));
        }
        let Some((postings, movements)) = &self.schema else { return Err(BenchError::Year("no schema".to_owned())) };
        let mut bytes = value.get(5..).unwrap_or_default();
        let schema = if posting { postings } else { movements };
        GenericDatumReader::builder(schema).build().and_then(|reader| reader.read_value(&mut bytes)).map_err(year)
    }
}

fn field<'v>(record: &'v Value, name: &str) -> &'v Value {
    static NULL: Value = Value::Null;
    let Value::Record(fields) = record else { return &NULL };
    let found = fields.iter().find(|(field, _)| field == name).map_or(&NULL, |(_, value)| value);
    if let Value::Union(_, inner) = found { inner } else { found }
}

fn text(record: &Value, name: &str) -> String {
    if let Value::String(text) = field(record, name) { text.clone() } else { String::new() }
}

fn number(record: &Value, name: &str) -> i64 {
    match field(record, name) {
        Value::Int(number) => i64::from(*number),
        Value::Long(number) => *number,
        _ => 0,
    }
}

fn list<'v>(record: &'v Value, name: &str) -> &'v [Value] {
    if let Value::Array(items) = field(record, name) { items } else { &[] }
}

/// A decimal of scale 9 in millionths; finer ones are an error, for the plant reports none.
fn millionths(record: &Value, name: &str) -> Result<i128, BenchError> {
    let Value::Decimal(decimal) = field(record, name) else { return Ok(0) };
    let bytes: Vec<u8> = decimal.try_into().map_err(|error: apache_avro::Error| BenchError::Year(error.to_string()))?;
    let negative = bytes.first().is_some_and(|byte| byte & 0x80 != 0);
    let unscaled = bytes.iter().fold(if negative { -1_i128 } else { 0 }, |sum, byte| (sum << 8) | i128::from(*byte));
    if unscaled % 1000 == 0 { Ok(unscaled / 1000) } else { Err(BenchError::Year(format!("{name} has more digits than the plant reports"))) }
}
