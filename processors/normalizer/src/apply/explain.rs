//! A record's events with the origin of every field.

use bumpalo::Bump;
use lineside_api::{RawRecord, Refusal};
use lineside_schemas::{ContractId, Timestamp};

use super::Aids;
use super::master::Consulted;
use super::recorder::{FieldOrigin, Ignored, Recorder};
use crate::limits::Limits;
use crate::mapping::Plan;
use crate::master::{MasterData, NoMasterData};

/// An event, and where each of its fields comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedEvent {
    /// Contract of the datum.
    pub contract: ContractId,
    /// Canonical topic that it goes to.
    pub topic: &'static str,
    /// Key of its aggregate.
    pub key: String,
    /// Its id within the source.
    pub event_id: String,
    /// Plant where it happened.
    pub plant: String,
    /// Business story that it belongs to.
    pub correlation_id: String,
    /// When it happened.
    pub source_time: Timestamp,
    /// Symbol of its type; for master data the name of the contract.
    pub type_name: String,
    /// Avro binary of the whole record.
    pub datum: Vec<u8>,
    /// Line of the mapping at which the rule stands that made it, from 1.
    pub rule_line: usize,
    /// Every field that has a value, in the order of the contract. Of the key's fields and the envelope's, too.
    pub fields: Vec<FieldOrigin>,
}

impl Plan {
    /// What [`Self::apply`] gives, with the origin of every field. It is the same evaluation, with somebody who takes notes.
    ///
    /// # Errors
    /// As [`Self::apply`].
    pub fn explain(&self, record: &RawRecord<'_>, limits: &Limits) -> Result<Vec<ExplainedEvent>, Box<Refusal>> {
        self.explain_with(record, limits, &NoMasterData)
    }

    /// What [`Self::apply_with`] gives, with the origin of every field; of an incomplete record the events that could be made.
    ///
    /// # Errors
    /// As [`Self::apply_with`].
    pub fn explain_with(&self, record: &RawRecord<'_>, limits: &Limits, master: &dyn MasterData) -> Result<Vec<ExplainedEvent>, Box<Refusal>> {
        let consulted = Consulted::new(master);
        let (arena, recorder, mut datum) = (Bump::new(), Recorder::default(), Vec::new());
        let mut events = Vec::new();
        let aids = Aids { recorder: Some(&recorder), master: Some(&consulted) };
        self.read(record, limits, &arena, aids, &mut datum, &mut |event| {
            events.push(ExplainedEvent {
                contract: event.contract,
                topic: event.topic,
                key: event.key.to_owned(),
                event_id: event.event_id.to_owned(),
                plant: event.plant.to_owned(),
                correlation_id: event.correlation_id.to_owned(),
                source_time: event.source_time,
                type_name: event.type_name.to_owned(),
                datum: event.datum.to_owned(),
                rule_line: recorder.rule(),
                fields: recorder.take(),
            });
        })?;
        Ok(events)
    }

    /// What its rules ignore in the record, in the order of the document; of a refused record, what they ignored before they refused it.
    #[must_use]
    pub fn ignored(&self, record: &RawRecord<'_>, limits: &Limits) -> Vec<Ignored> {
        // Whatever is missing: no rule that ignores something refers to it.
        let consulted = Consulted::new(&NoMasterData);
        let (arena, recorder, mut datum) = (Bump::new(), Recorder::default(), Vec::new());
        let aids = Aids { recorder: Some(&recorder), master: Some(&consulted) };
        let _ = self.read(record, limits, &arena, aids, &mut datum, &mut |_| {});
        recorder.into_ignored()
    }
}
