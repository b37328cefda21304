//! A person's word on a document, written to the topic that the connector reads.

use std::time::Duration;

use lineside_registry::RegistryClient;
use lineside_schemas::records::{PostingSettlement, SettledBy, SettlementVerdict};
use lineside_schemas::{Codec, ContractId, Timestamp, contract};
use lineside_topology::topics::ERP_POSTING_SETTLEMENTS;
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer as _, ThreadedProducer};

use super::PostingsError;
use super::arguments::SettleArguments;
use super::ledger::Ledger;

const FLUSH: Duration = Duration::from_secs(30);

/// Writes it, once it is sure that there is such a document.
pub(super) fn settle(arguments: &SettleArguments, now: Timestamp) -> Result<(), PostingsError> {
    let ledger = Ledger::read(&arguments.reach)?;
    let document = ledger.one(&arguments.document)?;
    if document.is_settled() {
        return Err(PostingsError::Document(format!("document {} is settled already; `lineside postings show` says how", document.id)));
    }
    let (verdict, place) = match &arguments.posted {
        Some(place) => (SettlementVerdict::Posted, Some(place)),
        None if arguments.not_posted => (SettlementVerdict::NotPosted, None),
        None => (SettlementVerdict::Rejected, None),
    };
    let (number, year) = match place.map(|place| place.rsplit_once('/').unwrap_or((place, ""))) {
        Some((number, year)) => (Some(number), Some(year).filter(|year| !year.is_empty())),
        None => (None, None),
    };
    let said = PostingSettlement {
        document_id: &document.id,
        plant: &document.plant,
        order: &document.order,
        verdict,
        document: number,
        year,
        settled_by: SettledBy { who: &arguments.by, why: &arguments.reason },
        time: now,
    };
    write(arguments, &said)?;
    println!("recorded: the connector takes it up, unless a call for the document is under way; `lineside postings show {}` tells", document.id);
    Ok(())
}

fn write(arguments: &SettleArguments, said: &PostingSettlement<'_>) -> Result<(), PostingsError> {
    let topic = ERP_POSTING_SETTLEMENTS.name();
    let mut codec = Codec::new(Box::new(RegistryClient::new(&arguments.reach.connection.registry())?));
    codec.resolve(topic, ContractId::PostingSettlement)?;
    let mut value = Vec::new();
    codec.encode::<contract::PostingSettlement>(topic, said, &mut value)?;
    let wrong = |source| PostingsError::Write { topic, source };
    let mut config = arguments.reach.connection.kafka();
    // Keys go to the partition that every other writer of ours puts them to.
    config.set("client.id", "lineside-postings").set("enable.idempotence", "true").set("partitioner", "murmur2_random").set("message.timeout.ms", "20000");
    arguments.reach.connection.apply_properties(&mut config);
    let producer: ThreadedProducer<DefaultProducerContext> = config.create().map_err(wrong)?;
    let key = format!("{}/{}", said.plant, said.order);
    producer.send(BaseRecord::to(topic).key(&key).payload(&value)).map_err(|(source, _)| wrong(source))?;
    producer.flush(FLUSH).map_err(wrong)
}
