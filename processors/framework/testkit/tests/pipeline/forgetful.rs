//! A deduplicator that does what none may do: it remembers in its own memory.

use std::collections::BTreeSet;

use lineside_api::{Avro, Context, Erased, Hosted, Processor, Record, Refusal};
use lineside_schemas::contract;
use lineside_schemas::records::NormalizedEvent;
use lineside_topology::processors::DEDUPLICATOR;

#[derive(Debug, Default)]
struct Forgetful {
    seen: BTreeSet<String>,
}

impl Processor for Forgetful {
    type Input = Avro<contract::NormalizedEvent>;

    fn process(&mut self, record: Record<'_, '_, NormalizedEvent<'_>>, cx: &mut Context<'_>) -> Result<(), Refusal> {
        if self.seen.insert(record.value.event_id.to_owned()) {
            cx.forward(record.value.topic, record.raw.key, record.value.payload);
        }
        Ok(())
    }
}

pub fn forgetful_deduplicator() -> Box<dyn Erased> {
    Box::new(Hosted::new(&DEDUPLICATOR, Forgetful::default()))
}
