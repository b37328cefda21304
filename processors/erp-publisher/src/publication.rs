//! Everything that a posting becomes.

use lineside_schemas::ids::deterministic_id;
use lineside_schemas::records::{ConfirmationLine, ErpConfirmation, ErpGoodsMovement, GoodsMovementItem, OrderPosting, PostingLine, PostingMode};

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
            ..ErpConfirmation::default()
        })
    }

    /// A material document per goods movement code that has lines: issues, then receipts.
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
            items: (1..).zip(&document.lines).map(|(number, (line, movement_type))| item(number, line, movement_type)).collect(),
            ..ErpGoodsMovement::default()
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

fn documents<'p>(posting: &OrderPosting<'_>, lines: &[(&'p PostingLine<'p>, &'static MovementType)]) -> Vec<Document<'p>> {
    let document = |code: &&'static str| {
        let lines: Vec<_> = lines.iter().filter(|(_, movement_type)| movement_type.goods_movement_code == *code).copied().collect();
        let id = deterministic_id(&[posting.posting_id.as_bytes(), code.as_bytes()]);
        (!lines.is_empty()).then_some(Document { id, code, lines })
    };
    GOODS_MOVEMENT_CODES.iter().filter_map(document).collect()
}

fn confirmation_id(posting: &OrderPosting<'_>, line: &ConfirmationLine<'_>) -> String {
    deterministic_id(&[posting.posting_id.as_bytes(), line.operation.as_bytes(), line.unit.as_bytes()])
}

fn item<'p>(number: i32, line: &'p PostingLine<'p>, movement_type: &MovementType) -> GoodsMovementItem<'p> {
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
        ..GoodsMovementItem::default()
    }
}
