//! Every topic reads with clients that share nothing with ours: confluent-kafka's `AvroDeserializer`, and kcat.

mod decimals;
mod kcat;
mod python;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use crate::support::{TestPipeline, say};
use lineside_registry::{RegistryClient, RegistrySettings};
use lineside_scenarios::books::facts::Position;
use lineside_scenarios::pipeline::Pipeline;
use lineside_scenarios::topics::{Reader, Schemas, framed_values};
use lineside_schemas::codec::{encode_datum, split};
use lineside_schemas::contract::{
    AcceptedIds, DeadLetter, ErpConfirmation, ErpGoodsMovement, NormalizedEvent, OrderLedger, OrderPosting, OrderProgress, ProductionEvent, RecordFrame,
};
use lineside_schemas::{Codec, Contract, ContractId, contract};
use lineside_topology::topics::{CANONICAL_PRODUCTION, ORDER_POSTINGS, Value as Kind, is_framed, topics};

/// What a client says of a record: its decimals and the count of its leaves; none where it cannot read it.
type Reading = Option<(Vec<bigdecimal::BigDecimal>, usize)>;
type Readings = BTreeMap<Position, Reading>;

const ORDERS: usize = 30;
/// Not Avro: makes every processor behind these topics write a dead letter, so that no topic is empty.
const GARBAGE: &[u8] = b"no Avro";

#[test]
fn every_topic_reads_the_same_with_foreign_clients() {
    let mut test = TestPipeline::start("foreign");
    let pipeline = &mut test.pipeline;
    fill(pipeline);

    let topics: Vec<(String, Kind)> = topics().into_iter().filter(|row| row.value != Kind::Raw).map(|row| (row.name, row.value)).collect();
    fill_what_is_empty(pipeline, &topics);
    let records = read_all(pipeline, &topics);
    let ours = our_readings(pipeline, &records);
    for (topic, _) in &topics {
        let readable = ours.iter().filter(|(position, reading)| position.topic == *topic && reading.is_some()).count();
        assert!(readable > 0, "topic {topic} holds nothing to compare");
    }
    assert_eq!(ours.values().filter(|reading| reading.is_none()).count(), 2, "all but the garbage is readable");
    typed_records_hold_every_byte(pipeline, &topics, &records);

    let names: Vec<&str> = topics.iter().map(|(topic, _)| topic.as_str()).collect();
    assert_same(&ours, &python::read(pipeline.bootstrap(), pipeline.registry_url(), &names, is_framed), "confluent-kafka");
    match kcat::version() {
        Some(version) => {
            let bytes = names.iter().flat_map(|topic| kcat::read(pipeline.bootstrap(), topic)).collect();
            assert_eq!(bytes, records, "kcat reads other bytes");
            assert_same(&ours, &our_readings(pipeline, &bytes), "kcat");
            say(&format!("{} records of {} topics read with confluent-kafka and kcat {version}", records.len(), topics.len()));
        }
        None => say("kcat: NOT RUN, it is not installed (Debian/Ubuntu: sudo apt-get install kcat; macOS: brew install kcat)"),
    }
    test.stop();
}

fn fill(pipeline: &mut Pipeline) {
    let feeder = pipeline.feeder().unwrap();
    for record in &crate::support::simulation(1, ORDERS).records {
        feeder.send(record.topic, &record.key, &record.value).unwrap();
    }
    for topic in [CANONICAL_PRODUCTION.name(), ORDER_POSTINGS.name()] {
        feeder.send(topic, "garbage", GARBAGE).unwrap();
    }
    feeder.flush().unwrap();
    pipeline.await_quiet(Duration::from_mins(1), &mut |_| Ok(())).unwrap_or_else(|error| panic!("{error}"));
}

/// Writes the examples of the contract to each topic that the simulated plants leave empty.
fn fill_what_is_empty(pipeline: &Pipeline, topics: &[(String, Kind)]) {
    let mut codec = Codec::new(Box::new(RegistryClient::new(&RegistrySettings::at(pipeline.registry_url())).unwrap()));
    let (reader, feeder) = (Reader::new(pipeline.bootstrap()).unwrap(), pipeline.feeder().unwrap());
    for (topic, kind) in topics {
        let Kind::Avro(contract) = kind else { continue };
        if !reader.read(topic).unwrap().is_empty() {
            continue;
        }
        codec.resolve(topic, *contract).unwrap();
        let header = codec.wire_header(topic, *contract).unwrap();
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../schemas/golden/{}.hex", contract.name()));
        for line in std::fs::read_to_string(&golden).unwrap_or_else(|error| panic!("{}: {error}", golden.display())).lines() {
            let (name, hex) = line.split_once(' ').unwrap();
            let bytes: Vec<u8> = (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
            feeder.send(topic, name, &[&header[..], split(&bytes).unwrap().1].concat()).unwrap();
        }
    }
    feeder.flush().unwrap();
}

/// Values of all records that have one.
fn read_all(pipeline: &Pipeline, topics: &[(String, Kind)]) -> BTreeMap<Position, Vec<u8>> {
    let reader = Reader::new(pipeline.bootstrap()).unwrap();
    let records = topics.iter().flat_map(|(topic, _)| reader.read(topic).unwrap());
    records.filter_map(|record| record.value.map(|value| (record.position, value))).collect()
}

fn our_readings(pipeline: &Pipeline, records: &BTreeMap<Position, Vec<u8>>) -> Readings {
    let mut schemas = Schemas::new(pipeline.registry_url()).unwrap();
    let mut reading = |position: &Position, bytes: &[u8]| {
        let value = schemas.decode(bytes).ok()?;
        if !is_framed(&position.topic) {
            return Some(decimals::of(&value));
        }
        // What is in a frame counts as if it stood there itself, in the place of its bytes.
        let (mut all, mut leaves) = decimals::of(&value);
        for inner in framed_values(&value).unwrap() {
            let (decimals, count) = decimals::of(&schemas.decode(&inner).unwrap());
            all.extend(decimals);
            leaves += count - 1;
        }
        Some((all, leaves))
    };
    records.iter().map(|(position, bytes)| (position.clone(), reading(position, bytes))).collect()
}

/// Our typed records say all that stands on the topics: written again, they give the same bytes.
fn typed_records_hold_every_byte(pipeline: &Pipeline, topics: &[(String, Kind)], records: &BTreeMap<Position, Vec<u8>>) {
    let registry = RegistryClient::new(&RegistrySettings::at(pipeline.registry_url())).unwrap();
    let codec = Codec::new(Box::new(registry));
    for (position, bytes) in records.iter().filter(|(_, bytes)| *bytes != GARBAGE) {
        let (_, kind) = topics.iter().find(|(topic, _)| *topic == position.topic).unwrap();
        let again = match kind {
            Kind::Avro(contract) => rewritten_as(*contract, &codec, bytes),
            Kind::Frames(contract) => {
                for record in codec.decode::<RecordFrame>(bytes).unwrap().records {
                    assert_eq!(rewritten_as(*contract, &codec, record.value), split(record.value).unwrap().1, "{position}");
                }
                rewritten::<RecordFrame>(&codec, bytes)
            }
            Kind::Raw => unreachable!("raw topics were left out"),
        };
        assert_eq!(again, split(bytes).unwrap().1, "{position}");
    }
}

fn rewritten_as(contract: ContractId, codec: &Codec, bytes: &[u8]) -> Vec<u8> {
    match contract {
        ContractId::ProductionEvent => rewritten::<ProductionEvent>(codec, bytes),
        ContractId::OrderPosting => rewritten::<OrderPosting>(codec, bytes),
        ContractId::ErpConfirmation => rewritten::<ErpConfirmation>(codec, bytes),
        ContractId::ErpGoodsMovement => rewritten::<ErpGoodsMovement>(codec, bytes),
        ContractId::OrderProgress => rewritten::<OrderProgress>(codec, bytes),
        ContractId::DeadLetter => rewritten::<DeadLetter>(codec, bytes),
        ContractId::NormalizedEvent => rewritten::<NormalizedEvent>(codec, bytes),
        ContractId::RecordFrame => rewritten::<RecordFrame>(codec, bytes),
        ContractId::AcceptedIds => rewritten::<AcceptedIds>(codec, bytes),
        ContractId::OrderLedger => rewritten::<OrderLedger>(codec, bytes),
        ContractId::QualityEvent => rewritten::<contract::QualityEvent>(codec, bytes),
        ContractId::TraceabilityEvent => rewritten::<contract::TraceabilityEvent>(codec, bytes),
        ContractId::InventoryEvent => rewritten::<contract::InventoryEvent>(codec, bytes),
        ContractId::InboundEvent => rewritten::<contract::InboundEvent>(codec, bytes),
        ContractId::OutboundEvent => rewritten::<contract::OutboundEvent>(codec, bytes),
        ContractId::PlanningEvent => rewritten::<contract::PlanningEvent>(codec, bytes),
        ContractId::WorkCenterEvent => rewritten::<contract::WorkCenterEvent>(codec, bytes),
        ContractId::Item => rewritten::<contract::Item>(codec, bytes),
        ContractId::BillOfMaterial => rewritten::<contract::BillOfMaterial>(codec, bytes),
        ContractId::Routing => rewritten::<contract::Routing>(codec, bytes),
        ContractId::WorkCenter => rewritten::<contract::WorkCenter>(codec, bytes),
        ContractId::UnitConversion => rewritten::<contract::UnitConversion>(codec, bytes),
        ContractId::StorageLocation => rewritten::<contract::StorageLocation>(codec, bytes),
        ContractId::Lot => rewritten::<contract::Lot>(codec, bytes),
        ContractId::Supplier => rewritten::<contract::Supplier>(codec, bytes),
        ContractId::Customer => rewritten::<contract::Customer>(codec, bytes),
        ContractId::ShiftCalendar => rewritten::<contract::ShiftCalendar>(codec, bytes),
        ContractId::StatusCodeTable => rewritten::<contract::StatusCodeTable>(codec, bytes),
        ContractId::OrderCrossReference => rewritten::<contract::OrderCrossReference>(codec, bytes),
        ContractId::ErpLedgerEntry => rewritten::<contract::ErpLedgerEntry>(codec, bytes),
        ContractId::PostingSettlement => rewritten::<contract::PostingSettlement>(codec, bytes),
        ContractId::PostingOutcome => rewritten::<contract::PostingOutcome>(codec, bytes),
        ContractId::PostingRuleSet => rewritten::<contract::PostingRuleSet>(codec, bytes),
        ContractId::OrderStatus => rewritten::<contract::OrderStatus>(codec, bytes),
        ContractId::OrderPlan => rewritten::<contract::OrderPlan>(codec, bytes),
        ContractId::RememberedEvent => rewritten::<contract::RememberedEvent>(codec, bytes),
        ContractId::PublishedPosting => rewritten::<contract::PublishedPosting>(codec, bytes),
        ContractId::TimerEntry => rewritten::<contract::TimerEntry>(codec, bytes),
        ContractId::ParkedRecord => rewritten::<contract::ParkedRecord>(codec, bytes),
        ContractId::Books => rewritten::<contract::Books>(codec, bytes),
        ContractId::BooksTotal => rewritten::<contract::BooksTotal>(codec, bytes),
        ContractId::DroppedDuplicate => rewritten::<contract::DroppedDuplicate>(codec, bytes),
        ContractId::OrderAccount => rewritten::<contract::OrderAccount>(codec, bytes),
        ContractId::AccountEntry => rewritten::<contract::AccountEntry>(codec, bytes),
    }
}

fn rewritten<C: Contract>(codec: &Codec, bytes: &[u8]) -> Vec<u8> {
    let value = codec.decode::<C>(bytes).unwrap();
    let mut out = Vec::new();
    encode_datum::<C>(&value, &mut out).unwrap();
    out
}

fn assert_same(ours: &Readings, theirs: &Readings, client: &str) {
    for (position, reading) in ours {
        assert_eq!(Some(reading), theirs.get(position), "{position}, read by us and by {client}");
    }
    assert_eq!(ours.len(), theirs.len(), "{client} reads more records than there are");
}
