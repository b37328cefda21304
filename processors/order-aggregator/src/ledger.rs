//! The books of one order. Pure: events in, what is due out.

use lineside_schemas::Decimal;
use lineside_schemas::production::{ProductionFact, ProductionFactRecord};
use lineside_schemas::records::{ComponentMovement, Envelope, FinishedGoodsReported, Quantity};

use crate::amount::Amount;
use crate::component::{Component, ComponentKey};
use crate::correction::{Corrections, Target};
use crate::coverage::Coverage;
use crate::error::LedgerError;
use crate::operation::{self, Operation};
use crate::posting::Posting;
use crate::receipt::{Receipt, ReceiptKey};
use crate::rule::Rule;

/// What an event did to the books.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// An amount changed.
    Booked,
    /// A reversal took an amount back.
    Reversed,
    /// A reversal waits for its event.
    Awaiting,
    /// A movement whose reversal came first: together they are nothing.
    Cancelled,
    /// The order is complete.
    Completed,
    /// Only counted among the covered events.
    Noted,
    /// Of a type that changes amounts which the books do not keep: not covered by any posting.
    NotBooked,
    /// Of a type that this version does not know: not even counted.
    Skipped,
}

/// The books of one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    /// Plant.
    pub plant: String,
    /// Production order.
    pub order: String,
    /// Correlation of the order's story, from its first event.
    pub correlation_id: String,
    /// The order is complete: postings are due.
    pub completed: bool,
    /// Sequence of the last posting; 0 before the first.
    pub sequence: i32,
    /// Consumption, sorted by key.
    pub components: Vec<Component>,
    /// Product received, sorted by key.
    pub receipts: Vec<Receipt>,
    /// Confirmed quantities, sorted by operation and unit.
    pub operations: Vec<Operation>,
    /// What was undone, and what still can be.
    pub corrections: Corrections,
    /// Events that no posting covers yet.
    pub open: Coverage,
}

impl Ledger {
    /// Empty books, for the order that an event is about.
    #[must_use]
    pub fn new(event: &ProductionFactRecord<'_>) -> Self {
        Self {
            plant: event.envelope.plant.to_owned(),
            order: event.order.to_owned(),
            correlation_id: event.envelope.correlation_id.to_owned(),
            completed: false,
            sequence: 0,
            components: Vec::new(),
            receipts: Vec::new(),
            operations: Vec::new(),
            corrections: Corrections::default(),
            open: Coverage::default(),
        }
    }

    /// Books an event. A refused event leaves the books as they were.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn apply(&mut self, event: &ProductionFactRecord<'_>) -> Result<Change, LedgerError> {
        let envelope = &event.envelope;
        if !matches!(event.fact, ProductionFact::OrderCompleted(_) | ProductionFact::Unknown) {
            self.refuse_when_full()?;
        }
        let change = match &event.fact {
            // The plan and the state of the order move no amounts.
            ProductionFact::OrderCreated(_)
            | ProductionFact::OrderReleased(_)
            | ProductionFact::OrderRescheduled(_)
            | ProductionFact::OrderDispatched(_)
            | ProductionFact::OrderHeld(_)
            | ProductionFact::OrderResumed(_)
            | ProductionFact::OrderClosed(_)
            | ProductionFact::OrderCancelled(_)
            | ProductionFact::OperationStarted(_) => Change::Noted,
            ProductionFact::OperationConfirmed(confirmation) => {
                self.operations = operation::confirmed(&self.operations, confirmation)?;
                Change::Booked
            }
            ProductionFact::MaterialConsumed(movement) => self.move_component(envelope, movement, movement.quantity.value)?,
            ProductionFact::MaterialReturned(movement) => self.move_component(envelope, movement, movement.quantity.value.negated())?,
            ProductionFact::ConsumptionReversed(reversal) => self.reverse(envelope, reversal.reversed_event_id)?,
            ProductionFact::FinishedGoodsReported(report) => self.receive(report)?,
            ProductionFact::OrderCompleted(_) if self.completed => Change::Noted,
            ProductionFact::OrderCompleted(_) => {
                self.completed = true;
                Change::Completed
            }
            // No posting rule says yet how these are booked. To cover them would be to say that a posting accounts for them.
            ProductionFact::ConfirmationReversed(_)
            | ProductionFact::ByProductReported(_)
            | ProductionFact::ScrapReported(_)
            | ProductionFact::ReworkReported(_)
            | ProductionFact::FinishedGoodsReversed(_) => return Ok(Change::NotBooked),
            ProductionFact::Unknown => return Ok(Change::Skipped),
        };
        self.open.cover(envelope);
        Ok(change)
    }

    /// What has to be posted now, because of the event with this envelope: on completion everything, afterwards what changed since.
    ///
    /// # Errors
    /// [`LedgerError::QuantityOverflow`] if a control total does not fit.
    pub fn due_posting<'a>(&'a self, cause: &Envelope<'a>, rule: Rule) -> Result<Option<Posting<'a>>, LedgerError> {
        if !self.completed {
            return Ok(None);
        }
        let posting = Posting::of(self, cause, rule)?;
        Ok(Some(posting).filter(|posting| self.sequence == 0 || !posting.is_empty()))
    }

    /// What was due is posted.
    pub fn settle(&mut self) {
        for component in &mut self.components {
            component.amount = component.amount.settled(&component.key.unit);
        }
        for receipt in &mut self.receipts {
            receipt.amount = receipt.amount.settled(&receipt.key.unit);
        }
        self.operations.iter_mut().for_each(Operation::settle);
        self.sequence = self.next_sequence();
        self.open = Coverage::default();
    }

    /// Sequence of the next posting, from 1.
    #[must_use]
    pub fn next_sequence(&self) -> i32 {
        // Two thousand million postings of one order do not happen; should they, the posting ids still differ by what they cover.
        self.sequence.saturating_add(1)
    }

    fn move_component(&mut self, envelope: &Envelope<'_>, movement: &ComponentMovement<'_>, effect: Decimal) -> Result<Change, LedgerError> {
        refuse_negative(&movement.quantity)?;
        let key = ComponentKey::of(movement)?;
        let found = self.components.binary_search_by(|component| component.key.cmp(&key));
        let cancelled = self.corrections.is_awaited(envelope.source, envelope.event_id);
        let effect = if cancelled { Decimal::ZERO } else { effect };
        let before = found.map_or_else(|_| Amount::default(), |index| self.components[index].amount);
        let amount = before.plus(effect)?;

        // Nothing fails from here on.
        let index = found.unwrap_or_else(|index| {
            self.components.insert(index, Component::new(key, movement));
            self.corrections.component_inserted(index);
            index
        });
        self.components[index].describe(movement);
        self.components[index].amount = amount;
        if cancelled {
            self.corrections.cancel(envelope.source, envelope.event_id);
            return Ok(Change::Cancelled);
        }
        self.corrections.remember(envelope.source, envelope.event_id, index, effect);
        Ok(Change::Booked)
    }

    fn reverse(&mut self, envelope: &Envelope<'_>, reversed: &str) -> Result<Change, LedgerError> {
        let change = match self.corrections.target(envelope.source, reversed)? {
            Target::Booked(movement) => {
                let component = &mut self.components[movement.component];
                component.amount = component.amount.plus(movement.effect.negated())?;
                Change::Reversed
            }
            Target::Unknown => Change::Awaiting,
        };
        self.corrections.reverse(envelope.source, reversed, envelope.event_id);
        Ok(change)
    }

    fn receive(&mut self, report: &FinishedGoodsReported<'_>) -> Result<Change, LedgerError> {
        refuse_negative(&report.quantity)?;
        let key = ReceiptKey::of(report);
        let found = self.receipts.binary_search_by(|receipt| receipt.key.cmp(&key));
        let before = found.map_or_else(|_| Amount::default(), |index| self.receipts[index].amount);
        let amount = before.plus(report.quantity.value)?;
        let index = found.unwrap_or_else(|index| {
            self.receipts.insert(index, Receipt::new(key));
            index
        });
        self.receipts[index].describe(report);
        self.receipts[index].amount = amount;
        Ok(Change::Booked)
    }
}

fn refuse_negative(quantity: &Quantity<'_>) -> Result<(), LedgerError> {
    if quantity.value.is_negative() { Err(LedgerError::QuantityNegative(quantity.value)) } else { Ok(()) }
}
