//! Everything that a posting becomes.

use lineside_schemas::ids::deterministic_id;
use lineside_schemas::records::{
    ConfirmationLine, ErpConfirmation, ErpGoodsMovement, GoodsMovementItem, OrderPosting, PostingLine, PostingMode, ReversedDocument, ReversedErpConfirmation,
};

use crate::control;
use crate::error::PostingError;
use crate::movement_type::{self, GOODS_MOVEMENT_CODES, MovementType};

/// What a posting becomes. Borrows from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Publication<'p> {
    posting: &'p OrderPosting<'p>,
    has_no_goods_movements: bool,
    /// Confirmations, each with its id.
    confirmations: Vec<(String, &'p ConfirmationLine<'p>)>,
    documents: Vec<Document<'p>>,
}

#[derive(Debug, Clone, PartialEq)]
struct Document<'p> {
    id: String,
    code: &'static str,
    header_text: String,
    reverses: Option<(&'p str, Option<&'p str>)>,
    lines: Vec<(&'p PostingLine<'p>, &'static MovementType)>,
}

impl<'p> Publication<'p> {
    /// Checks the posting and shapes it.
    ///
    /// # Errors
    /// See [`PostingError`].
    pub fn of(posting: &'p OrderPosting<'p>) -> Result<Self, PostingError> {
        // Of the two that book nothing in the confirmation, one books apart, and the other leaves it to somebody else altogether.
        let (has_no_goods_movements, moves) = match posting.mode {
            PostingMode::ExplicitMovements => (true, true),
            PostingMode::ErpBackflush => (false, true),
            PostingMode::ConfirmOnly => (true, false),
            PostingMode::Unknown => return Err(PostingError::UnknownPostingMode),
        };
        let lines = posting.lines.iter().map(checked).collect::<Result<Vec<_>, _>>()?;
        control::check(posting)?;
        Ok(Self {
            posting,
            has_no_goods_movements,
            confirmations: posting.confirmations.iter().map(|line| (confirmation_id(posting, line), line)).collect(),
            documents: if moves { documents(posting, &lines) } else { Vec::new() },
        })
    }

    /// A confirmation per operation and unit, in the posting's order.
    pub fn confirmations(&self) -> impl Iterator<Item = ErpConfirmation<'_>> {
        let posting = self.posting;
        self.confirmations.iter().map(move |(id, line)| ErpConfirmation {
            confirmation_id: id,
            posting_id: posting.posting_id,
            sequence: posting.sequence,
            correlation_id: posting.correlation_id,
            plant: posting.plant,
            order: posting.order,
            operation: line.operation,
            unit: line.unit,
            yield_quantity: line.r#yield,
            scrap_quantity: line.scrap,
            rework_quantity: line.rework,
            is_final_confirmation: line.is_final,
            open_reservations_is_cleared: posting.clear_reservations,
            has_no_goods_movements: self.has_no_goods_movements,
            posting_date: posting.posting_date,
            document_date: posting.document_date,
            setup_time: line.setup_time.clone(),
            machine_time: line.machine_time.clone(),
            labour_time: line.labour_time.clone(),
            activities: line.activities.clone(),
            work_center: line.work_center,
            actual_start: line.actual_start,
            actual_end: line.actual_end,
            personnel: line.personnel,
            shift: line.shift,
            text: line.text,
            reason_code: line.reason_code,
            reverses: line.reverses.as_ref().map(|reversed| ReversedErpConfirmation {
                posting_id: reversed.posting_id,
                confirmation_id: reversed.confirmation_id,
                document: reversed.document,
                year: reversed.year,
                item: reversed.item,
            }),
        })
    }

    /// A material document per goods movement code that has lines, and one per document that is reversed: issues, then receipts, then by-products; what takes back
    /// by reference first.
    pub fn goods_movements(&self) -> impl Iterator<Item = ErpGoodsMovement<'_>> {
        let posting = self.posting;
        self.documents.iter().map(move |document| ErpGoodsMovement {
            document_id: &document.id,
            posting_id: posting.posting_id,
            sequence: posting.sequence,
            correlation_id: posting.correlation_id,
            plant: posting.plant,
            order: posting.order,
            goods_movement_code: document.code,
            posting_date: posting.posting_date,
            document_date: posting.document_date,
            items: (1..).zip(&document.lines).map(|(number, (line, movement_type))| item(number, posting.order, line, movement_type)).collect(),
            header_text: Some(&document.header_text),
            reverses: document.reverses.map(|(document, year)| ReversedDocument { document, year }),
        })
    }
}

/// A line with its movement type, if the ERP can take it.
fn checked<'p>(line: &'p PostingLine<'p>) -> Result<(&'p PostingLine<'p>, &'static MovementType), PostingError> {
    let movement_type =
        movement_type::by_code(line.movement_type).ok_or_else(|| PostingError::UnknownMovementType { line: line.line, movement_type: line.movement_type.to_owned() })?;
    if !line.quantity.value.is_positive() {
        return Err(PostingError::QuantityNotPositive { line: line.line, quantity: line.quantity.value });
    }
    Ok((line, movement_type))
}

fn documents<'p>(posting: &'p OrderPosting<'_>, lines: &[(&'p PostingLine<'p>, &'static MovementType)]) -> Vec<Document<'p>> {
    let mut documents = Vec::<Document<'p>>::new();
    for code in GOODS_MOVEMENT_CODES {
        let of_code = || lines.iter().filter(|(_, movement_type)| movement_type.goods_movement_code == *code);
        let by_reference = of_code().filter_map(|line| Some((line, reversed(line.0)?)));
        for (line, reverses) in by_reference {
            match documents.iter_mut().find(|document| document.code == *code && document.reverses == Some(reverses)) {
                Some(document) => document.lines.push(*line),
                None => documents.push(document(posting, code, Some(reverses), vec![*line])),
            }
        }
        let others: Vec<_> = of_code().filter(|(line, _)| reversed(line).is_none()).copied().collect();
        if !others.is_empty() {
            documents.push(document(posting, code, None, others));
        }
    }
    documents
}

/// The ERP's document that a line reverses, where it is known.
fn reversed<'p>(line: &'p PostingLine<'p>) -> Option<(&'p str, Option<&'p str>)> {
    line.reverses.as_ref().and_then(|reversed| Some((reversed.document?, reversed.year)))
}

fn document<'p>(
    posting: &'p OrderPosting<'_>,
    code: &'static str,
    reverses: Option<(&'p str, Option<&'p str>)>,
    lines: Vec<(&'p PostingLine<'p>, &'static MovementType)>,
) -> Document<'p> {
    let mut parts = vec![posting.posting_id.as_bytes(), code.as_bytes()];
    if let Some((document, year)) = reverses {
        parts.extend([document.as_bytes(), year.unwrap_or_default().as_bytes()]);
    }
    let header_text = format!("Order {}, posting {}", posting.order, posting.sequence);
    Document { id: deterministic_id(&parts), code, header_text, reverses, lines }
}

fn confirmation_id(posting: &OrderPosting<'_>, line: &ConfirmationLine<'_>) -> String {
    deterministic_id(&[posting.posting_id.as_bytes(), line.operation.as_bytes(), line.unit.as_bytes()])
}

fn item<'p>(number: i32, order: &'p str, line: &'p PostingLine<'p>, movement_type: &MovementType) -> GoodsMovementItem<'p> {
    GoodsMovementItem {
        item: number,
        posting_line: line.line,
        movement_type: line.movement_type,
        reference_type: movement_type.reference_type,
        material: line.item,
        plant: line.plant,
        storage_location: line.storage_location,
        batch: line.lot,
        reservation: line.reservation,
        reservation_item: line.reservation_item,
        quantity_in_entry_unit: line.quantity.value,
        entry_unit: line.quantity.unit,
        order: movement_type.is_of_order.then_some(order),
        order_item: line.order_item,
        serials: line.serials.clone(),
        is_final_issue: line.is_final_issue,
        is_completely_delivered: line.is_completely_delivered,
        manufacture_date: line.manufacture_date,
        expiry_date: line.expiry_date,
        stock_type: line.stock_type,
        reason_code: line.reason_code,
        reversed_posting_id: line.reverses.as_ref().map(|reversed| reversed.posting_id),
        reversed_posting_line: line.reverses.as_ref().map_or(0, |reversed| reversed.line),
        reversed_document_item: line.reverses.as_ref().filter(|reversed| reversed.document.is_some()).and_then(|reversed| reversed.item),
    }
}
