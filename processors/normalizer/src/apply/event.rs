//! One canonical event from what a rule selected.

use lineside_schemas::Timestamp;
use lineside_schemas::production::{ProductionFact, ProductionFactRecord};
use lineside_schemas::records::{Envelope, ProductionEventType, RawPosition};
use serde::Deserialize;

use super::evaluate::Found;
use super::group::GroupReader;
use super::select::Selected;
use super::{MappedEvent, Reading};
use crate::convert::{number, time};
use crate::mapping::{EventPlan, Expression};
use crate::refusals::{Checked, Code, Fault, Known};

impl<'a> Reading<'a> {
    /// Makes an event. What is known of it is noted in `known` as soon as it is, for refusals to name it.
    pub(super) fn event(&self, plan: &'a EventPlan, selected: Selected, known: &mut Known<'a>) -> Checked<MappedEvent<'a>> {
        let mapped = &plan.envelope;
        // First what identifies the event.
        let plant = self.plant(&mapped.plant, selected)?;
        known.plant = Some(plant);
        let event_id = self.text_of(&mapped.event_id, "event_id", selected)?;
        known.event_id = Some(event_id);
        let order = self.text_of(&plan.order, "order", selected)?;
        let key = bumpalo::format!(in self.arena, "{}/{}", plant, order).into_bump_str();
        let correlation_id = self.optional_text(mapped.correlation_id.as_ref(), selected)?.unwrap_or(key);
        known.correlation_id = Some(correlation_id);

        let source_time = self.needed(&mapped.source_time, "source_time", selected)?;
        let instant = self.instant(&source_time)?;
        let envelope = Envelope {
            event_id,
            source: &self.plan.source,
            plant,
            region: self.optional_text(mapped.region.as_ref(), selected)?,
            transaction_type: self.text_of(&mapped.transaction_type, "transaction_type", selected)?,
            source_time: Timestamp::from_micros(instant.micros),
            source_time_nanos: instant.nanos,
            source_utc_offset_minutes: instant.offset_minutes,
            ingest_time: self.record.time,
            source_sequence: match &mapped.source_sequence {
                Some(expression) => self.evaluate(expression, selected)?.map(|found| self.whole(&found, i64::MIN, i64::MAX)).transpose()?,
                None => None,
            },
            correlation_id,
            causation_id: self.optional_text(mapped.causation_id.as_ref(), selected)?,
            raw: RawPosition { topic: self.record.topic, partition: self.record.partition, offset: self.record.offset },
            mapping_version: &self.plan.mapping_version,
            source_time_adjusted: None,
        };
        let fact = self.fact(plan, selected)?;
        Ok(MappedEvent { key, event: ProductionFactRecord { envelope, order, fact }.into() })
    }

    fn fact(&self, plan: &'a EventPlan, selected: Selected) -> Checked<ProductionFact<'a>> {
        let group = || GroupReader::new(self, plan, selected);
        let fact = match plan.kind {
            ProductionEventType::OrderReleased => Deserialize::deserialize(group()).map(ProductionFact::OrderReleased),
            ProductionEventType::OperationStarted => Deserialize::deserialize(group()).map(ProductionFact::OperationStarted),
            ProductionEventType::OperationConfirmed => Deserialize::deserialize(group()).map(ProductionFact::OperationConfirmed),
            ProductionEventType::MaterialConsumed => Deserialize::deserialize(group()).map(ProductionFact::MaterialConsumed),
            ProductionEventType::MaterialReturned => Deserialize::deserialize(group()).map(ProductionFact::MaterialReturned),
            ProductionEventType::ConsumptionReversed => Deserialize::deserialize(group()).map(ProductionFact::ConsumptionReversed),
            ProductionEventType::FinishedGoodsReported => Deserialize::deserialize(group()).map(ProductionFact::FinishedGoodsReported),
            ProductionEventType::OrderCompleted => Deserialize::deserialize(group()).map(ProductionFact::OrderCompleted),
            ProductionEventType::OrderCreated => Deserialize::deserialize(group()).map(ProductionFact::OrderCreated),
            ProductionEventType::OrderRescheduled => Deserialize::deserialize(group()).map(ProductionFact::OrderRescheduled),
            ProductionEventType::OrderDispatched => Deserialize::deserialize(group()).map(ProductionFact::OrderDispatched),
            ProductionEventType::OrderHeld => Deserialize::deserialize(group()).map(ProductionFact::OrderHeld),
            ProductionEventType::OrderResumed => Deserialize::deserialize(group()).map(ProductionFact::OrderResumed),
            ProductionEventType::OrderClosed => Deserialize::deserialize(group()).map(ProductionFact::OrderClosed),
            ProductionEventType::OrderCancelled => Deserialize::deserialize(group()).map(ProductionFact::OrderCancelled),
            ProductionEventType::ConfirmationReversed => Deserialize::deserialize(group()).map(ProductionFact::ConfirmationReversed),
            ProductionEventType::ByProductReported => Deserialize::deserialize(group()).map(ProductionFact::ByProductReported),
            ProductionEventType::ScrapReported => Deserialize::deserialize(group()).map(ProductionFact::ScrapReported),
            ProductionEventType::ReworkReported => Deserialize::deserialize(group()).map(ProductionFact::ReworkReported),
            ProductionEventType::FinishedGoodsReversed => Deserialize::deserialize(group()).map(ProductionFact::FinishedGoodsReversed),
            ProductionEventType::Unknown => return Err(Fault::new(Code::ContractMismatch, "a rule without an event type")),
        };
        fact.map_err(|error| error.0)
    }

    fn plant(&self, expression: &'a Expression, selected: Selected) -> Checked<&'a str> {
        // A plant that the table does not have is a matter of its own: somebody sends to the wrong place.
        let unknown = |fault: Fault| if fault.code == Code::UnknownCode { fault.under(Code::UnknownPlant) } else { fault };
        self.text_of(expression, "plant", selected).map_err(unknown)
    }

    /// Value of an expression that has to have one.
    pub(super) fn needed(&self, expression: &'a Expression, name: &str, selected: Selected) -> Checked<Found<'a>> {
        self.evaluate(expression, selected)?.ok_or_else(|| self.missing(expression, name, selected))
    }

    fn text_of(&self, expression: &'a Expression, name: &str, selected: Selected) -> Checked<&'a str> {
        self.checked_text(&self.needed(expression, name, selected)?, false)
    }

    fn optional_text(&self, expression: Option<&'a Expression>, selected: Selected) -> Checked<Option<&'a str>> {
        let Some(expression) = expression else { return Ok(None) };
        self.evaluate(expression, selected)?.map(|found| self.checked_text(&found, false)).transpose()
    }

    pub(super) fn instant(&self, found: &Found<'a>) -> Checked<time::Instant> {
        let text = self.checked_text(found, false)?;
        time::instant(text, self.plan.zone.as_ref()).map_err(|fault| self.at(fault, found))
    }

    pub(super) fn whole(&self, found: &Found<'a>, min: i64, max: i64) -> Checked<i64> {
        let text = self.checked_text(found, found.kind == crate::document::Kind::Number)?;
        number::whole(text, min, max).map_err(|fault| self.at(fault, found))
    }
}
