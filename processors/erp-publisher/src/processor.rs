//! The processor: sends what a posting becomes.

use lineside_api::{Avro, Context, Processor, Record, Refusal};
use lineside_schemas::contract;
use lineside_schemas::records::OrderPosting;
use lineside_topology::topics::{ERP_CONFIRMATIONS, ERP_GOODS_MOVEMENTS};

use crate::error::PostingError;
use crate::publication::Publication;

/// Shapes postings as confirmations and goods movements. Keeps no state.
#[derive(Debug, Clone, Copy, Default)]
pub struct ErpPublisher;

impl Processor for ErpPublisher {
    type Input = Avro<contract::OrderPosting>;

    fn process(&mut self, record: Record<'_, '_, OrderPosting<'_>>, cx: &mut Context<'_>) -> Result<(), Refusal> {
        let posting = &record.value;
        let publication = Publication::of(posting).map_err(|error| refusal(error, posting))?;
        let key = format!("{}/{}", posting.plant, posting.order);
        for confirmation in publication.confirmations() {
            cx.send(ERP_CONFIRMATIONS, &key, &confirmation);
        }
        for document in publication.goods_movements() {
            cx.send(ERP_GOODS_MOVEMENTS, &key, &document);
        }
        Ok(())
    }
}

/// The refusal, with what finds the posting's story: it has no raw record of its own.
fn refusal(error: PostingError, posting: &OrderPosting<'_>) -> Refusal {
    Refusal {
        plant: Some(posting.plant.to_owned()),
        event_id: Some(posting.caused_by_event_id.to_owned()),
        correlation_id: Some(posting.correlation_id.to_owned()),
        ..Refusal::from(error)
    }
}
