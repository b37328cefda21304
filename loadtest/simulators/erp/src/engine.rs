//! Decides what a request books. Pure: what the ERP holds, the request and the time come in, entries or a refusal come out.

mod cancel;
pub(crate) mod check;
#[cfg(test)]
mod tests;

use jiff::Timestamp;

use crate::command::{Command, Confirmation, ConfirmationNumber, DocumentNumber, Header, ItemNumber, Movement};
use crate::entry::{Change, Confirmed, Document, Fate, Line};
use crate::refusal::Refusal;
use crate::state::State;

/// How the ERP is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setup {
    /// Orders, materials and stocks that nobody made known are there all the same.
    pub open_world: bool,
}

/// What goes wrong inside the booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Treatment {
    /// Bits that say which movements are parked; the first one if none of them has a bit.
    pub parks: Option<u64>,
    /// Only so many lines of a document are booked.
    pub lines: Option<usize>,
}

/// What a request books.
///
/// # Errors
/// [`Refusal`]: it books nothing.
pub fn decide(state: &State, setup: Setup, command: &Command, treatment: Treatment, request_id: Option<&str>, now: Timestamp) -> Result<Vec<Change>, Refusal> {
    let request_id = request_id.map(str::to_owned);
    let mut numbers = Numbers::of(state);
    match command {
        Command::Confirm(confirmation, movements) => {
            check::confirmation(state, setup, confirmation, now)?;
            let number = next_confirmation(state, confirmation);
            let mut movements = movements.clone();
            if !confirmation.has_no_goods_movements && movements.is_empty() {
                movements = backflush(state, confirmation);
            }
            let mut changes = vec![Change::Confirmed(Box::new(Confirmed { number, confirmation: (**confirmation).clone(), reverses: None, request_id }))];
            if !movements.is_empty() {
                // A confirmation does not fail for its movements: those that cannot be booked wait for a clerk.
                let reason = |movement: &Movement| check::movement(state, setup, movement, "", now).err().map(|refusal| refusal.to_string());
                let reasons: Vec<Option<String>> = movements.iter().map(reason).collect();
                let header = header_of(confirmation);
                changes.push(document(&mut numbers, header, Some(number), None, movements, &reasons, treatment.parks));
            }
            Ok(changes)
        }
        Command::Move(header, movements) => {
            check::document(state, setup, header, movements, now)?;
            let lines = treatment.lines.unwrap_or(movements.len()).clamp(1, movements.len());
            let reasons = vec![None; lines];
            Ok(vec![document(&mut numbers, (**header).clone(), None, request_id, movements[..lines].to_vec(), &reasons, treatment.parks)])
        }
        Command::CancelConfirmation { number, posting_date, key } => cancel::confirmation(state, &mut numbers, *number, *posting_date, key, now),
        Command::CancelDocument { number, item, posting_date, key } => cancel::document(state, &mut numbers, *number, *item, *posting_date, key, now),
    }
}

/// Books a parked movement, as a clerk does who settled what was in its way.
#[must_use]
pub fn book_parked(state: &State, parked: u64) -> Option<Change> {
    let (document, line) = state.parked().get(&parked)?;
    let record = &state.documents()[*document];
    let year = record.header.posting_date.year();
    debug_assert!(record.lines[*line].number().is_none(), "what is parked is not booked");
    Some(Change::ParkedBooked { parked, number: ItemNumber { document: DocumentNumber { year, number: state.next_document() }, item: 1 } })
}

/// Numbers given out while one request is decided.
struct Numbers {
    document: u64,
    parked: u64,
}

impl Numbers {
    fn of(state: &State) -> Self {
        Self { document: state.next_document(), parked: state.last_parked }
    }
}

fn document(
    numbers: &mut Numbers,
    header: Header,
    confirmation: Option<ConfirmationNumber>,
    request_id: Option<String>,
    movements: Vec<Movement>,
    reasons: &[Option<String>],
    parks: Option<u64>,
) -> Change {
    let count = movements.len();
    let picked = |index: usize| {
        parks.is_some_and(|bits| {
            let bit = |index: usize| bits >> (index % 64) & 1 == 1;
            bit(index) || (index == 0 && !(0..count).any(bit))
        })
    };
    let number = DocumentNumber { year: header.posting_date.year(), number: numbers.document };
    let (mut item, mut lines) = (0, Vec::with_capacity(count));
    for (index, movement) in movements.into_iter().enumerate() {
        let reason = reasons.get(index).cloned().flatten().or_else(|| picked(index).then(|| "Processing of goods movements was put off: error in backflush".to_owned()));
        let fate = if let Some(reason) = reason {
            numbers.parked += 1;
            Fate::Parked { parked: numbers.parked, reason }
        } else {
            item += 1;
            Fate::Booked { number: ItemNumber { document: number, item } }
        };
        lines.push(Line { movement, fate, reverses: None });
    }
    if item > 0 {
        numbers.document += 1;
    }
    Change::Document(Box::new(Document { number: (item > 0).then_some(number), header, confirmation, request_id, lines }))
}

/// The group is the operation's; an operation without one gets the next.
fn next_confirmation(state: &State, confirmation: &Confirmation) -> ConfirmationNumber {
    let operation = (confirmation.order.clone(), confirmation.operation.clone());
    let next_group = || state.groups.len() as u64 + 1;
    let (group, count) = state.groups.get(&operation).copied().unwrap_or_else(|| (next_group(), 0));
    ConfirmationNumber { group, count: count + 1 }
}

fn header_of(confirmation: &Confirmation) -> Header {
    Header {
        goods_movement_code: String::new(),
        posting_date: confirmation.posting_date,
        document_date: confirmation.posting_date,
        reference: String::new(),
        key: String::new(),
    }
}

/// Issues of the flagged components, in the share of the order that is confirmed.
fn backflush(state: &State, confirmation: &Confirmation) -> Vec<Movement> {
    let Some(plan) = state.orders().get(&confirmation.order).and_then(|order| order.plan.as_ref()) else { return Vec::new() };
    let flagged = plan.components.iter().filter(|component| component.backflush);
    let movement = |component: &crate::entry::Component| Movement {
        text: String::new(),
        movement_type: "261".to_owned(),
        reference_type: String::new(),
        order: confirmation.order.order.clone(),
        material: component.material.clone(),
        plant: confirmation.order.plant.clone(),
        storage_location: component.storage_location.clone(),
        batch: String::new(),
        reservation: component.reservation.clone(),
        reservation_item: component.item.clone(),
        quantity: component.quantity.share(&confirmation.r#yield, &plan.quantity),
        unit: component.unit.clone(),
        unit_code: component.unit.clone(),
    };
    flagged.map(movement).filter(|movement| movement.quantity.is_positive()).collect()
}
