//! Ways to break the chain.

use lineside_schemas::ids::{SetFingerprint, deterministic_id};
use lineside_schemas::records::OutcomeStatus;
use lineside_schemas::{Decimal, contract};
use lineside_testkit::dice::Dice;
use lineside_topology::topics::{CANONICAL_PRODUCTION, ERP_CONFIRMATIONS, ERP_GOODS_MOVEMENTS, ERP_POSTING_OUTCOMES, ORDER_POSTINGS};

use super::chain::{Chain, Item, encoded};

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An event is lost on its way to the aggregator.
    DropEvent,
    /// A posting covers an event twice, and posts it twice.
    DoubleEvent,
    /// An event stands on the topic twice.
    DoubleOnTopic,
    /// The aggregator reads another quantity than stands there.
    ChangeEvent,
    /// A posting says another quantity, and its control totals with it.
    ChangePosting,
    /// A posting is lost.
    DropPosting,
    /// A posting stands on the topic twice.
    DoublePosting,
    /// A posting that nobody made.
    ForgePosting,
    /// A confirmation is lost.
    DropConfirmation,
    /// A goods movement is lost.
    DropMovement,
    /// A goods movement says another quantity.
    ChangeMovement,
    /// A goods movement stands on the topic twice.
    DoubleMovement,
    /// The ERP says that it booked what it had refused for good.
    ContradictOutcome,
    /// The ERP refuses.
    Reject,
}

/// All of them.
pub const KINDS: &[Kind] = &[
    Kind::DropEvent,
    Kind::DoubleEvent,
    Kind::DoubleOnTopic,
    Kind::ChangeEvent,
    Kind::ChangePosting,
    Kind::DropPosting,
    Kind::DoublePosting,
    Kind::ForgePosting,
    Kind::DropConfirmation,
    Kind::DropMovement,
    Kind::ChangeMovement,
    Kind::DoubleMovement,
    Kind::ContradictOutcome,
    Kind::Reject,
];

/// What was broken.
#[derive(Debug, Clone)]
pub struct Broken {
    /// Key of the order.
    pub order: String,
    /// Class that it has to be named by.
    pub class: &'static str,
    /// What was done to what.
    #[expect(dead_code, reason = "shown when a test fails")]
    pub what: String,
}

/// Whether a reversal names that event.
fn is_reversed(chain: &Chain, id: &str) -> bool {
    let codec = lineside_testkit::codec();
    chain.events.iter().any(|other| {
        let event = codec.decode::<contract::ProductionEvent>(&other.value).unwrap();
        event.consumption_reversed.as_ref().is_some_and(|reversal| reversal.reversed_event_id == id)
    })
}

/// What comes after the completion, and changes nothing bookable, no posting has to cover.
fn before_completion(chain: &Chain, item: &Item) -> bool {
    let codec = lineside_testkit::codec();
    let completes = |other: &&Item| other.key == item.key && codec.decode::<contract::ProductionEvent>(&other.value).unwrap().order_completed.is_some();
    let at = chain.events.iter().position(|other| completes(&other));
    chain.events.iter().position(|other| other == item) < at
}

/// A way to break it, and where.
#[derive(Debug)]
pub struct Breakage {
    kind: Kind,
    roll: usize,
}

impl Breakage {
    pub fn new(kind: Kind, dice: &mut Dice) -> Self {
        Self { kind, roll: dice.below(1 << 20) }
    }

    fn pick(&self, given: &[Item], suits: impl Fn(&Item) -> bool) -> Option<usize> {
        let fit: Vec<usize> = (0..given.len()).filter(|index| suits(&given[*index])).collect();
        (!fit.is_empty()).then(|| fit[self.roll % fit.len()])
    }

    /// Breaks the chain, if it has anything that can be broken so.
    #[allow(clippy::too_many_lines, reason = "a list: an arm for each way to break it")]
    pub fn apply(&self, chain: &mut Chain) -> Option<Broken> {
        let codec = lineside_testkit::codec();
        let broken = |item: &Item, class, what: String| Some(Broken { order: item.key.clone(), class, what });
        // What an event moves, if it is a movement of which the books have a line that is not held.
        let consumed = |item: &Item| {
            let event = codec.decode::<contract::ProductionEvent>(&item.value).unwrap();
            event.material_consumed.as_ref().map(|movement| (event.envelope.event_id.to_owned(), movement.quantity.value))
        };
        match self.kind {
            Kind::DropEvent => {
                let at = self.pick(&chain.events, |item| consumed(item).is_some() && before_completion(chain, item))?;
                let item = chain.events[at].clone();
                let (id, _) = consumed(&item)?;
                // Without its event a reversal waits for ever; that is another story.
                if is_reversed(chain, &id) {
                    return None;
                }
                chain.to_aggregator.remove(at);
                chain.aggregate();
                broken(&item, "event-not-posted", id)
            }
            Kind::DoubleEvent => {
                let at = self.pick(&chain.postings, |item| {
                    let posting = codec.decode::<contract::OrderPosting>(&item.value).unwrap();
                    posting.sequence == 1 && posting.lines.iter().any(|line| line.movement_type == "261")
                })?;
                let item = chain.postings[at].clone();
                let mut posting = codec.decode::<contract::OrderPosting>(&item.value).unwrap();
                let line = posting.lines.iter_mut().find(|line| line.movement_type == "261")?;
                let event = chain.events.iter().filter(|other| other.key == item.key && before_completion(chain, other)).find_map(|other| {
                    let event = codec.decode::<contract::ProductionEvent>(&other.value).unwrap();
                    let movement = event.material_consumed.as_ref()?;
                    let same = movement.reservation_item == line.reservation_item && movement.item == line.item && movement.lot == line.lot;
                    // Whole thousandths, so that twice as much is posted as twice as much.
                    let whole = movement.quantity.value == movement.quantity.value.round_to(3);
                    (same && whole && !is_reversed(chain, event.envelope.event_id))
                        .then(|| (event.envelope.source.to_owned(), event.envelope.event_id.to_owned(), movement.quantity.value))
                })?;
                let (source, id, more) = event;
                line.quantity.value = line.quantity.value.checked_add(more).unwrap();
                let (movement_type, unit) = (line.movement_type, line.quantity.unit);
                let total = posting.control_totals.iter_mut().find(|total| total.movement_type == movement_type && total.unit == unit)?;
                total.quantity = total.quantity.checked_add(more).unwrap();
                let number = |hex: &str| u128::from_str_radix(hex, 16).unwrap();
                let again = number(&SetFingerprint::default().with(&source, &id).to_hex());
                let fingerprint = format!("{:032x}", number(posting.covers.fingerprint).wrapping_add(again));
                posting.covers.event_count += 1;
                posting.covers.fingerprint = &fingerprint;
                let own = deterministic_id(&[posting.plant.as_bytes(), posting.order.as_bytes(), b"1", fingerprint.as_bytes()]);
                posting.posting_id = &own;
                chain.postings[at].value = encoded(ORDER_POSTINGS, &posting);
                chain.publish();
                broken(&item, "event-doubled", id)
            }
            Kind::DoubleOnTopic => {
                let at = self.pick(&chain.events, |item| consumed(item).is_some())?;
                let item = chain.events[at].clone();
                chain.events.insert(at + 1, item.clone());
                broken(&item, "event-doubled", format!("{:?}", consumed(&item)))
            }
            Kind::ChangeEvent => {
                let at = self.pick(&chain.events, |item| consumed(item).is_some())?;
                let item = chain.events[at].clone();
                let mut event = codec.decode::<contract::ProductionEvent>(&item.value).unwrap();
                let id = event.envelope.event_id.to_owned();
                if is_reversed(chain, &id) {
                    return None;
                }
                let movement = event.material_consumed.as_mut()?;
                movement.quantity.value = movement.quantity.value.checked_add(Decimal::from_int(1000)).unwrap();
                chain.to_aggregator[at].value = encoded(CANONICAL_PRODUCTION, &event);
                chain.aggregate();
                broken(&item, "quantity-differs", id)
            }
            Kind::ChangePosting => {
                let at = self.pick(&chain.postings, |item| !codec.decode::<contract::OrderPosting>(&item.value).unwrap().lines.is_empty())?;
                let item = chain.postings[at].clone();
                let mut posting = codec.decode::<contract::OrderPosting>(&item.value).unwrap();
                let seven = Decimal::from_int(7);
                let line = &mut posting.lines[0];
                line.quantity.value = line.quantity.value.checked_add(seven).unwrap();
                let (movement_type, unit) = (line.movement_type, line.quantity.unit);
                let total = posting.control_totals.iter_mut().find(|total| total.movement_type == movement_type && total.unit == unit)?;
                total.quantity = total.quantity.checked_add(seven).unwrap();
                chain.postings[at].value = encoded(ORDER_POSTINGS, &posting);
                chain.publish();
                broken(&item, "quantity-differs", posting.posting_id.to_owned())
            }
            Kind::DropPosting | Kind::DoublePosting => {
                let at = self.pick(&chain.postings, |_| true)?;
                let item = chain.postings[at].clone();
                if self.kind == Kind::DropPosting {
                    chain.postings.remove(at);
                    chain.publish();
                    return broken(&item, "event-not-posted", "a posting".to_owned());
                }
                chain.postings.insert(at + 1, item.clone());
                // The publisher shapes it again, and the ERP knows it by its key.
                chain.publish();
                let mut seen = std::collections::BTreeSet::new();
                chain.outcomes.retain(|outcome| seen.insert(outcome.value.clone()));
                broken(&item, "posted-twice", "a posting".to_owned())
            }
            Kind::ForgePosting => {
                let at = self.pick(&chain.postings, |item| !codec.decode::<contract::OrderPosting>(&item.value).unwrap().lines.is_empty())?;
                let item = chain.postings[at].clone();
                let mut posting = codec.decode::<contract::OrderPosting>(&item.value).unwrap();
                // As well forged as can be: it names events that never were, and an id that follows from them.
                let fingerprint = "00000000000000000000000000c0ffee".to_owned();
                posting.covers.fingerprint = &fingerprint;
                posting.covers.event_count = 1;
                posting.sequence += 1;
                posting.caused_by_event_id = "NO-SUCH-EVENT";
                let sequence = posting.sequence.to_string();
                let id = deterministic_id(&[posting.plant.as_bytes(), posting.order.as_bytes(), sequence.as_bytes(), fingerprint.as_bytes()]);
                posting.posting_id = &id;
                let value = encoded(ORDER_POSTINGS, &posting);
                chain.postings.insert(at + 1, Item { value, ..item.clone() });
                chain.publish();
                broken(&item, "posted-without-event", "a forged posting".to_owned())
            }
            Kind::DropConfirmation => {
                let at = self.pick(&chain.confirmations, |_| true)?;
                let item = chain.confirmations.remove(at);
                chain.answer();
                broken(&item, "erp-missing", "a confirmation".to_owned())
            }
            Kind::DropMovement => {
                let at = self.pick(&chain.movements, |_| true)?;
                let item = chain.movements.remove(at);
                chain.answer();
                broken(&item, "erp-missing", "a goods movement".to_owned())
            }
            Kind::ChangeMovement => {
                let at = self.pick(&chain.movements, |_| true)?;
                let item = chain.movements[at].clone();
                let mut record = codec.decode::<contract::ErpGoodsMovement>(&item.value).unwrap();
                record.items[0].quantity_in_entry_unit = record.items[0].quantity_in_entry_unit.checked_add(Decimal::ONE).unwrap();
                chain.movements[at].value = encoded(ERP_GOODS_MOVEMENTS, &record);
                broken(&item, "erp-differs", record.document_id.to_owned())
            }
            Kind::DoubleMovement => {
                let at = self.pick(&chain.movements, |_| true)?;
                let item = chain.movements[at].clone();
                chain.movements.insert(at + 1, item.clone());
                broken(&item, "erp-doubled", "a goods movement".to_owned())
            }
            Kind::ContradictOutcome => {
                let at = self.pick(&chain.outcomes, |_| true)?;
                let item = chain.outcomes[at].clone();
                let mut record = codec.decode::<contract::PostingOutcome>(&item.value).unwrap();
                record.outcome_id = "ffffffffffffffffffffffffffffffff";
                record.lines[0].document = Some("9999999999");
                chain.outcomes.insert(at + 1, Item { value: encoded(ERP_POSTING_OUTCOMES, &record), ..item.clone() });
                broken(&item, "outcome-contradicts", record.document_id.to_owned())
            }
            Kind::Reject => {
                let at = self.pick(&chain.outcomes, |_| true)?;
                let item = chain.outcomes[at].clone();
                let mut record = codec.decode::<contract::PostingOutcome>(&item.value).unwrap();
                record.lines[0].status = OutcomeStatus::Rejected;
                record.lines[0].document = None;
                record.lines[0].error_text = Some("posting period is not open");
                chain.outcomes[at].value = encoded(ERP_POSTING_OUTCOMES, &record);
                let _ = ERP_CONFIRMATIONS;
                broken(&item, "erp-rejected", record.document_id.to_owned())
            }
        }
    }
}
