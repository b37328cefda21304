//! The supply publisher at work.

use lineside_api::{Avro, Context, Processor, Record, Refusal};
use lineside_schemas::contract;
use lineside_schemas::production::ProductionFactRecord;
use lineside_schemas::records::{Envelope, ProductionEvent};
use lineside_topology::processors::PROGRESS;
use lineside_topology::topics::SUPPLY_ORDER_PROGRESS;

use crate::contract::{Identity, from_record, to_record};
use crate::progress::{Change, Progress, ProgressError};

/// Counter: progress records published.
pub const PUBLISHED: &str = "published";
/// Counter: events that change nothing worth publishing.
pub const UNCHANGED: &str = "unchanged";

/// Code: the groups of a production event do not agree with its type.
pub const EVENT_GROUPS_DISAGREE: &str = "event-groups-disagree";
/// Code: a quantity is reported in another unit than the reports before it.
pub const UNIT_MISMATCH: &str = "unit-mismatch";
/// Code: a sum of quantities has too many digits.
pub const QUANTITY_OVERFLOW: &str = "quantity-overflow";

/// Publishes the progress of orders. All state is in the store [`PROGRESS`].
#[derive(Debug, Clone, Default)]
pub struct SupplyPublisher;

impl Processor for SupplyPublisher {
    type Input = Avro<contract::ProductionEvent>;

    fn process(&mut self, record: Record<'_, '_, ProductionEvent<'_>>, cx: &mut Context<'_>) -> Result<(), Refusal> {
        let envelope = record.value.envelope.clone();
        let event =
            ProductionFactRecord::try_from(record.value).map_err(|error| of(&envelope, Refusal::application(EVENT_GROUPS_DISAGREE, error.to_string()).at("type")))?;
        let key = format!("{}/{}", envelope.plant, event.order);
        let (mut progress, stored) = match cx.get(PROGRESS, &key) {
            Some(stored) => (from_record(&stored), Some((stored.correlation_id.to_owned(), stored.caused_by_event_id.to_owned()))),
            None => (Progress::default(), None),
        };
        let change = progress.apply(&event.fact, envelope.source_time).map_err(|error| of(&envelope, refusal(&error)))?;
        let mut identity = Identity { plant: envelope.plant, order: event.order, correlation_id: envelope.correlation_id, caused_by_event_id: envelope.event_id };
        if let (Change::AsOf, Some((correlation_id, caused_by_event_id))) = (change, &stored) {
            identity.correlation_id = correlation_id;
            identity.caused_by_event_id = caused_by_event_id;
        }
        if change != Change::None {
            cx.put(PROGRESS, &key, &to_record(identity, &progress));
        }
        if change == Change::Progress {
            cx.send(SUPPLY_ORDER_PROGRESS, &key, &to_record(identity, &progress));
            cx.count(PUBLISHED);
        } else {
            cx.count(UNCHANGED);
        }
        Ok(())
    }
}

fn of(envelope: &Envelope<'_>, refusal: Refusal) -> Refusal {
    refusal.of_event(envelope.event_id, envelope.plant, envelope.correlation_id, &envelope.raw)
}

fn refusal(error: &ProgressError) -> Refusal {
    let (code, what) = match error {
        ProgressError::Unit { what, .. } => (UNIT_MISMATCH, *what),
        ProgressError::TooLarge { what } => (QUANTITY_OVERFLOW, *what),
    };
    Refusal::data_quality(code, error.to_string()).at(what.field())
}
