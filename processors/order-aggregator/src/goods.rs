//! Lines of goods: what an order took in and gave out, per line of its plan, item, lot and storage location.

use lineside_schemas::Date;
use lineside_schemas::records::{ByProductReported, ComponentMovement, FinishedGoodsReported, OutputKind, ScrapReported, TrackingRule};

use crate::error::LedgerError;
use crate::line::{GoodsKey, Kind, LineId, keep_smallest, named};
use crate::sum::{Part, UnitAmount};

/// Postings that a line remembers: of these, one can be reversed by reference to its document.
pub const POSTINGS_REMEMBERED: usize = 8;

/// A line of goods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goods {
    /// Number within the ledger.
    pub row: i32,
    /// Identity.
    pub key: GoodsKey,
    /// Operation; of a reserved line the smallest that an event named, so that the order of arrival does not show. Empty if none did.
    pub operation: String,
    /// Position, chosen likewise.
    pub position: Option<String>,
    /// Sums by unit reported.
    pub parts: Vec<Part>,
    /// Sum of the posting lines, by unit posted.
    pub posted: Vec<UnitAmount>,
    /// Of scrap: what was confirmed.
    pub confirmed: Vec<UnitAmount>,
    /// What else is said of the line.
    pub said: GoodsSaid,
    /// That nothing more is expected was posted.
    pub posted_final: bool,
    /// Serial numbers not posted yet, sorted.
    pub serials: Vec<String>,
    /// Posted ones that are to be taken back, sorted.
    pub serials_back: Vec<String>,
    /// Sequences of the latest postings that booked it, the latest last.
    pub postings: Vec<i32>,
}

/// What is said of a line besides amounts. Of several, the smallest is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GoodsSaid {
    /// Line of the order that a receipt fulfils.
    pub order_item: Option<String>,
    /// Date of manufacture.
    pub manufacture_date: Option<Date>,
    /// Last day of use.
    pub expiry_date: Option<Date>,
    /// Stock it goes to, as the source codes it.
    pub stock_type: Option<String>,
    /// Nothing more is expected for the line.
    pub is_final: bool,
}

/// What an event says of a line.
#[derive(Debug)]
pub struct GoodsReport {
    /// Identity.
    pub key: GoodsKey,
    /// Operation; empty if none was named.
    pub operation: String,
    /// Position.
    pub position: Option<String>,
    /// What else.
    pub said: GoodsSaid,
    /// Serial numbers.
    pub serials: Vec<String>,
    /// It names the ERP's document that booked it.
    pub is_booked: bool,
}

impl GoodsReport {
    /// Of a consumption or return.
    ///
    /// # Errors
    /// [`LedgerError::ComponentLineUnidentified`].
    pub fn of_component(movement: &ComponentMovement<'_>, lots: TrackingRule) -> Result<Self, LedgerError> {
        let line = LineId::of(movement.operation, movement.reservation, movement.reservation_item, movement.position)
            .ok_or_else(|| LedgerError::ComponentLineUnidentified { item: movement.item.to_owned(), operation: movement.operation.to_owned() })?;
        Ok(Self {
            key: key(Kind::Component, Some(line), movement.item, lot(movement.lot, lots), movement.storage_location),
            operation: movement.operation.to_owned(),
            position: named(movement.position),
            said: GoodsSaid { is_final: movement.is_final_issue, ..GoodsSaid::default() },
            serials: Vec::new(),
            is_booked: is_named(movement.document),
        })
    }

    /// Of product received.
    #[must_use]
    pub fn of_receipt(report: &FinishedGoodsReported<'_>, lots: TrackingRule) -> Self {
        Self {
            key: key(Kind::Receipt, None, report.item, lot(report.lot, lots), report.storage_location),
            operation: report.operation.unwrap_or_default().to_owned(),
            position: None,
            said: GoodsSaid {
                order_item: named(report.line),
                manufacture_date: report.production_date,
                expiry_date: report.expiry_date,
                stock_type: named(report.stock_status),
                is_final: report.is_final_receipt,
            },
            serials: report.serials.iter().map(|serial| (*serial).to_owned()).collect(),
            is_booked: is_named(report.document),
        }
    }

    /// Of a by-product; a co-product is product received.
    #[must_use]
    pub fn of_by_product(report: &ByProductReported<'_>, lots: TrackingRule) -> Self {
        let operation = report.operation.unwrap_or_default();
        let (kind, line) = match report.kind {
            OutputKind::CoProduct | OutputKind::MainProduct => (Kind::Receipt, None),
            OutputKind::ByProduct | OutputKind::Unknown => (Kind::ByProduct, LineId::of(operation, report.reservation, report.reservation_item, report.position)),
        };
        Self {
            key: key(kind, line, report.item, lot(report.lot, lots), report.storage_location),
            operation: operation.to_owned(),
            position: named(report.position),
            said: GoodsSaid::default(),
            serials: Vec::new(),
            is_booked: is_named(report.document),
        }
    }

    /// Of scrap that was reported apart from confirmations.
    #[must_use]
    pub fn of_scrap(report: &ScrapReported<'_>, lots: TrackingRule) -> Self {
        let operation = report.operation.unwrap_or_default();
        let key = key(Kind::Scrap, Some(LineId::Operation(operation.to_owned())), report.item.unwrap_or_default(), lot(report.lot, lots), report.storage_location);
        Self {
            key: GoodsKey { reason_code: named(report.reason_code), is_stock: report.movement_type == Some("551"), ..key },
            operation: operation.to_owned(),
            position: None,
            said: GoodsSaid::default(),
            serials: Vec::new(),
            is_booked: false,
        }
    }
}

fn key(kind: Kind, line: Option<LineId>, item: &str, lot: Option<String>, storage_location: Option<&str>) -> GoodsKey {
    GoodsKey { kind, line, item: item.to_owned(), lot, storage_location: named(storage_location), reason_code: None, is_stock: false }
}

/// The lot as the rule has it: where lots are ignored, lines that differ only in it are one.
fn lot(lot: Option<&str>, lots: TrackingRule) -> Option<String> {
    if lots == TrackingRule::Ignore { None } else { named(lot) }
}

fn is_named(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.is_empty())
}

impl Goods {
    /// A line without amounts.
    #[must_use]
    pub fn new(row: i32, report: &GoodsReport) -> Self {
        Self {
            row,
            key: report.key.clone(),
            operation: report.operation.clone(),
            position: report.position.clone(),
            parts: Vec::new(),
            posted: Vec::new(),
            confirmed: Vec::new(),
            said: GoodsSaid::default(),
            posted_final: false,
            serials: Vec::new(),
            serials_back: Vec::new(),
            postings: Vec::new(),
        }
    }

    /// Takes in what a further report says about the line.
    pub fn describe(&mut self, report: &GoodsReport) {
        // A source that names the line by its reservation item alone has no operation to tell.
        if !report.operation.is_empty() && (self.operation.is_empty() || report.operation < self.operation) {
            self.operation.clone_from(&report.operation);
        }
        keep_smallest(&mut self.position, report.position.clone());
        let (kept, said) = (&mut self.said, &report.said);
        keep_smallest(&mut kept.order_item, said.order_item.clone());
        keep_smallest(&mut kept.manufacture_date, said.manufacture_date);
        keep_smallest(&mut kept.expiry_date, said.expiry_date);
        keep_smallest(&mut kept.stock_type, said.stock_type.clone());
        kept.is_final |= said.is_final;
    }

    /// Serial numbers that came, or were taken back again: one that is not posted yet is just forgotten.
    pub fn move_serials(&mut self, serials: &[String], forward: bool) {
        let (into, out_of) = if forward { (&mut self.serials, &mut self.serials_back) } else { (&mut self.serials_back, &mut self.serials) };
        for serial in serials {
            match out_of.binary_search(serial) {
                Ok(index) => drop(out_of.remove(index)),
                Err(_) => {
                    if let Err(index) = into.binary_search(serial) {
                        into.insert(index, serial.clone());
                    }
                }
            }
        }
    }

    /// Remembers that a posting booked it.
    pub fn posted_in(&mut self, sequence: i32) {
        remember(&mut self.postings, sequence);
    }
}

/// Remembers a posting among the latest.
pub fn remember(postings: &mut Vec<i32>, sequence: i32) {
    if postings.last() != Some(&sequence) {
        postings.push(sequence);
    }
    if postings.len() > POSTINGS_REMEMBERED {
        postings.remove(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reported(operation: &str, position: Option<&str>) -> GoodsReport {
        let movement = ComponentMovement { operation, reservation_item: Some("0001"), position, item: "RM-1", ..ComponentMovement::default() };
        GoodsReport::of_component(&movement, TrackingRule::Keep).unwrap()
    }

    #[test]
    fn a_movement_without_an_operation_does_not_hide_the_one_that_others_name() {
        for (first, second, expected) in [("", "0020", "0020"), ("0020", "", "0020"), ("0020", "0010", "0010"), ("", "", "")] {
            let mut line = Goods::new(0, &reported(first, None));
            line.describe(&reported(second, Some("b")));
            assert_eq!((line.operation.as_str(), line.position.as_deref()), (expected, Some("b")), "{first:?}, then {second:?}");
        }
    }

    #[test]
    fn a_serial_number_taken_back_before_it_was_posted_is_forgotten() {
        let mut line = Goods::new(0, &reported("", None));
        line.move_serials(&["2".to_owned(), "1".to_owned()], true);
        line.move_serials(&["1".to_owned(), "3".to_owned()], false);
        assert_eq!((line.serials, line.serials_back), (vec!["2".to_owned()], vec!["3".to_owned()]));
    }

    #[test]
    fn where_lots_are_ignored_they_make_no_lines() {
        let movement = ComponentMovement { position: Some("1"), lot: Some("A"), ..ComponentMovement::default() };
        let of = |lots| GoodsReport::of_component(&movement, lots).unwrap().key.lot;
        assert_eq!((of(TrackingRule::Keep), of(TrackingRule::Ignore)), (Some("A".to_owned()), None));
    }
}
