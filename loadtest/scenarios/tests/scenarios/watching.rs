//! What an operator sees of a real run: metrics, health and logs say what the topics say.
#![allow(clippy::float_cmp, reason = "counts that come as decimal text are whole")]

mod scrape;

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{TestPipeline, rest};
use apache_avro::types::Value;
use lineside_runtime::metrics::names;
use lineside_scenarios::pipeline::{Hosting, Pipeline};
use lineside_scenarios::topics::{Reader, Schemas, framed_values};
use lineside_topology::ProcessorSpec;
use lineside_topology::processors::{DEDUPLICATOR, ERP_CONNECTOR, ERP_PUBLISHER, NORMALIZER, ORDER_AGGREGATOR, PARKED, PROCESSORS, RECONCILER};
use lineside_topology::topics::{
    CANONICAL_PRODUCTION, ERP_CONFIRMATIONS, NORMALIZED, ORDER_POSTINGS, RAW_PREFIX, RAW_TEMPLATE, changelog_topic, dead_letter_topic, is_framed,
};
use scrape::{Scrape, await_health, await_that, get};

const ORDERS: usize = 60;
const SEED: u64 = 11;
const TOGETHER: &str = "together";
/// Topics to which a record is sent that nobody can decode.
const POISONED: [&str; 4] = [NORMALIZED.name(), CANONICAL_PRODUCTION.name(), ORDER_POSTINGS.name(), ERP_CONFIRMATIONS.name()];

/// Committed records by topic, those in frames each by itself, and dead letters.
#[derive(Debug, Default, Clone, PartialEq)]
struct Stored {
    records: BTreeMap<String, f64>,
    /// Dead letters by processor, class and code.
    letters: BTreeMap<[String; 3], f64>,
    /// Dead letters by processor and the topic that they were read from.
    refused: BTreeMap<[String; 2], f64>,
}

fn stored(pipeline: &Pipeline) -> Stored {
    let (reader, mut schemas) = (Reader::new(pipeline.bootstrap()).unwrap(), Schemas::new(pipeline.registry_url()).unwrap());
    let mut stored = Stored::default();
    for topic in reader.topics().unwrap() {
        let values: Vec<Vec<u8>> = reader.read(&topic).unwrap().into_iter().map(|record| record.value.unwrap_or_default()).collect();
        let mut held = |value: &Vec<u8>| match schemas.decode(value) {
            Ok(frame) if is_framed(&topic) => framed_values(&frame).unwrap().len(),
            // What is no frame is refused as one record.
            _ => 1,
        };
        let count: usize = if is_framed(&topic) { values.iter().map(&mut held).sum() } else { values.len() };
        stored.records.insert(topic.clone(), f64::from(u32::try_from(count).unwrap()));
        for letter in values.iter().filter(|_| topic.starts_with("dead-letter.")) {
            let letter = schemas.decode(letter).unwrap();
            *stored.letters.entry(["processor", "class", "code"].map(|field| text(&letter, field))).or_default() += 1.0;
            *stored.refused.entry(["processor", "topic"].map(|field| text(&letter, field))).or_default() += 1.0;
        }
    }
    stored
}

fn text(record: &Value, field: &str) -> String {
    let Value::Record(fields) = record else { panic!("{record:?}") };
    match &fields.iter().find(|(name, _)| name == field).unwrap().1 {
        Value::String(text) | Value::Enum(_, text) => text.clone(),
        other => panic!("{field}: {other:?}"),
    }
}

impl Stored {
    /// Records of the topics that a processor reads.
    fn input(&self, spec: &ProcessorSpec) -> f64 {
        let reads = |topic: &str| spec.reads.iter().any(|read| *read == topic || (*read == RAW_TEMPLATE && topic.starts_with(RAW_PREFIX)));
        self.records.iter().filter(|(topic, _)| reads(topic)).map(|(_, count)| count).sum()
    }

    fn letters_of(&self, spec: &ProcessorSpec) -> f64 {
        self.letters.iter().filter(|([processor, ..], _)| processor == spec.name).map(|(_, count)| count).sum()
    }

    /// Records of these topics that a processor took.
    fn taken(&self, spec: &ProcessorSpec, topics: &[&str]) -> f64 {
        let read = spec.reads.iter().filter(|topic| topics.contains(topic));
        read.map(|topic| self.records[*topic] - self.refused.get(&[spec.name.to_owned(), (*topic).to_owned()]).copied().unwrap_or_default()).sum()
    }

    /// What came since.
    fn since(&self, before: &Self) -> Self {
        let less = |before: Option<&f64>, now: f64| now - before.copied().unwrap_or_default();
        Self {
            records: self.records.iter().map(|(topic, count)| (topic.clone(), less(before.records.get(topic), *count))).collect(),
            letters: self.letters.iter().map(|(key, count)| (key.clone(), less(before.letters.get(key), *count))).collect(),
            refused: self.refused.iter().map(|(key, count)| (key.clone(), less(before.refused.get(key), *count))).collect(),
        }
    }
}

/// Every count of a processor that has run through is that of the topics.
fn assert_counts(scrape: &Scrape, spec: &ProcessorSpec, stored: &Stored, foreign: &[&str]) {
    let name = spec.name;
    let own = [("processor", name)];
    let read = stored.input(spec);
    assert_eq!(scrape.sum("lineside_records_read_total", &own), read, "{name}");
    assert!(read > 0.0, "{name} had nothing to do, so nothing is shown");

    let written: BTreeMap<String, f64> = scrape
        .series("lineside_records_written_total")
        .filter(|(labels, _)| labels["processor"] == name)
        .map(|(labels, count)| (labels["topic"].clone(), count))
        .collect();
    let letters = dead_letter_topic(spec);
    let expected = spec.writes.iter().copied().chain([letters.as_str()]).map(|topic| {
        let poison = if foreign.contains(&topic) { 1.0 } else { 0.0 };
        (topic.to_owned(), stored.records[topic] - poison)
    });
    assert_eq!(written, expected.collect(), "{name}");

    let counted: BTreeMap<[String; 3], f64> = scrape
        .series("lineside_dead_letters_total")
        .filter(|(labels, _)| labels["processor"] == name)
        .map(|(labels, count)| (["processor", "class", "code"].map(|label| labels[label].clone()), count))
        .collect();
    let of_it = stored.letters.iter().filter(|([processor, ..], count)| processor == name && **count > 0.0);
    assert_eq!(counted, of_it.map(|(key, count)| (key.clone(), *count)).collect(), "{name}");

    // A raw record tells when it came in, a posting when its last event happened; what the ERP is sent and what it answers tells neither.
    let dated = stored.taken(spec, &[NORMALIZED.name(), CANONICAL_PRODUCTION.name(), ORDER_POSTINGS.name()]);
    let came = if name == NORMALIZER.name { read - stored.letters_of(spec) } else { stored.taken(spec, &[NORMALIZED.name(), CANONICAL_PRODUCTION.name()]) };
    assert_eq!(scrape.sum("lineside_event_latency_seconds_count", &own), dated, "{name}");
    assert_eq!(scrape.sum("lineside_ingest_latency_seconds_count", &own), came, "{name}");
    // Reports are up to five days old when they are sent; nothing is under way for long.
    assert!(scrape.sum("lineside_event_latency_seconds_sum", &own) >= 60.0 * dated, "{name}");
    assert!(scrape.sum("lineside_ingest_latency_seconds_sum", &own) <= 120.0 * came, "{name}");
}

/// What a process at rest shows about itself.
fn assert_gauges(scrape: &Scrape, spec: &ProcessorSpec) {
    let own = [("processor", spec.name)];
    let partitions = scrape.sum("lineside_assigned_partitions", &own);
    assert!(partitions > 0.0 && scrape.sum("lineside_rebalances_total", &[own[0], ("kind", "assigned")]) > 0.0);
    assert!(scrape.sum("lineside_transactions_total", &[("outcome", "committed")]) > 0.0);
    assert_eq!(scrape.sum("lineside_transactions_total", &[("outcome", "committed")]), scrape.sum("lineside_commit_seconds_count", &[]));
    assert_eq!(scrape.sum("lineside_transactions_total", &[("outcome", "aborted")]), scrape.sum("lineside_producer_rebuilds_total", &[]));
    for store in spec.stores {
        let labels = [own[0], ("store", store.name)];
        // Where no master data is missing nothing waits for it.
        let fewest = if store.name == PARKED.name() { 0.0 } else { 1.0 };
        for (name, least) in [("lineside_store_entries", fewest), ("lineside_store_memory_bytes", 1.0), ("lineside_store_disk_bytes", 1000.0)] {
            assert!(scrape.sum(name, &labels) >= least, "{name} of {labels:?}");
        }
        let started = scrape.sum("process_start_time_seconds", &[]);
        let mut made = scrape.series("lineside_store_created_timestamp_seconds").filter(|(labels, _)| labels["store"] == store.name).peekable();
        assert!(made.peek().is_some(), "{labels:?}");
        // The process started with an empty folder. Linux tells its start to the second.
        made.for_each(|(labels, made)| assert!(made >= started - 1.0 && made < started + 600.0, "{labels:?}: {made}, by a process that started at {started}"));
    }
    assert!(scrape.sum("process_resident_memory_bytes", &[]) > 1e6 && scrape.sum("process_threads", &[]) > 1.0);
    assert!(scrape.sum("lineside_thread_pulse_age_seconds", &[("thread", "stream-0")]) < 30.0);
    assert_eq!(scrape.sum("lineside_build_info", &[]), 1.0);
}

/// Scrapes a process whose consumers have reported that they are at the end.
fn scrape_at_rest(pipeline: &Pipeline, label: &str) -> Scrape {
    await_that(&format!("the lag of {label}"), || {
        let scrape = Scrape::of(pipeline, label);
        let reported = scrape.series("lineside_consumer_lag_records").count() > 0;
        let lag = scrape.sum("lineside_consumer_lag_records", &[]);
        if reported && lag == 0.0 { Ok(scrape) } else { Err(format!("{lag}")) }
    })
}

fn await_ready(pipeline: &Pipeline, label: &str) {
    assert_eq!(await_health(pipeline, label, "/health/ready", |body| body["ready"] == true), 200);
}

#[test]
fn metrics_say_what_the_topics_say_and_none_is_missing_or_undocumented() {
    let simulation = crate::support::simulation(SEED, ORDERS);
    let mut test = TestPipeline::start("watching");
    let pipeline = &mut test.pipeline;
    let feeder = pipeline.feeder().unwrap();
    let (first, second) = simulation.records.split_at(simulation.records.len() / 2);
    for record in first {
        feeder.send(record.topic, &record.key, &record.value).unwrap();
    }
    for topic in POISONED {
        feeder.send(topic, "poison", b"\x00no such schema").unwrap();
    }
    feeder.flush().unwrap();
    rest(pipeline);

    // Each by its own binary.
    let separate = stored(pipeline);
    let mut scrapes = Vec::new();
    for spec in PROCESSORS {
        await_ready(pipeline, spec.name);
        let scrape = scrape_at_rest(pipeline, spec.name);
        assert_counts(&scrape, spec, &separate, &POISONED);
        assert_gauges(&scrape, spec);
        assert!(separate.letters_of(spec) > 0.0, "{} refused nothing, so nothing is shown", spec.name);
        scrapes.push(scrape);
    }
    let duplicates = scrapes[1].sum("lineside_processor_events_total", &[("processor", DEDUPLICATOR.name), ("event", "duplicates")]);
    assert!(duplicates > 0.0, "a simulation without repeats");
    logs_name_the_refused_records(pipeline, &separate);

    // A store that has to be restored.
    pipeline.stop_instance(ORDER_AGGREGATOR.name).unwrap();
    pipeline.start_instance("emptied", Hosting::Alone(ORDER_AGGREGATOR.name), &[]).unwrap();
    await_ready(pipeline, "emptied");
    let scrape = Scrape::of(pipeline, "emptied");
    let store = ORDER_AGGREGATOR.stores[0].name;
    let labels = [("processor", ORDER_AGGREGATOR.name), ("store", store)];
    assert_eq!(scrape.sum("lineside_restored_records_total", &labels), separate.records[&changelog_topic(&ORDER_AGGREGATOR, store)]);
    assert_eq!(scrape.sum("lineside_restore_remaining_records", &labels), 0.0);
    scrapes.push(scrape);

    // All in one process: the labels tell whose each count is.
    pipeline.stop_processors().unwrap();
    pipeline.start_instance(TOGETHER, Hosting::Together, &[]).unwrap();
    await_ready(pipeline, TOGETHER);
    for record in second {
        feeder.send(record.topic, &record.key, &record.value).unwrap();
    }
    feeder.flush().unwrap();
    rest(pipeline);
    let together = stored(pipeline).since(&separate);
    let scrape = scrape_at_rest(pipeline, TOGETHER);
    for spec in PROCESSORS {
        assert_counts(&scrape, spec, &together, &[]);
        assert_gauges(&scrape, spec);
    }
    let writers: BTreeSet<_> = scrape.series("lineside_records_written_total").map(|(labels, _)| labels["processor"].as_str()).collect();
    assert_eq!(writers, PROCESSORS.iter().map(|spec| spec.name).collect());
    scrapes.push(scrape);

    let documented: BTreeMap<&str, &str> = names::ALL.iter().map(|metric| (metric.name, metric.kind.word())).collect();
    let shown: BTreeMap<&str, &str> = scrapes.iter().flat_map(|scrape| scrape.kinds.iter().map(|(name, kind)| (name.as_str(), kind.as_str()))).collect();
    assert_eq!(shown, documented, "docs/metrics.md has a row for each constant, by a test of the runtime");
    let mut wrong: Vec<String> = Vec::new();
    for (spec, scrape) in PROCESSORS.iter().zip(&scrapes) {
        let (shown, expected) = (scrape.names(), expected_names(spec, scrape));
        wrong.extend(expected.difference(&shown).map(|name| format!("{} does not show {name}", spec.name)));
        wrong.extend(shown.difference(&expected).map(|name| format!("{} shows {name}", spec.name)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    test.stop();
}

/// What each processor by itself has to show: everything but what it has no reason for.
fn expected_names<'a>(spec: &ProcessorSpec, scrape: &Scrape) -> BTreeSet<&'a str> {
    let counts_events = scrape.series("lineside_processor_events_total").count() > 0;
    let absent = |name: &str| match name {
        "lineside_processor_events_total" => !counts_events,
        "lineside_event_latency_seconds" => [NORMALIZER.name, ERP_CONNECTOR.name].contains(&spec.name),
        "lineside_ingest_latency_seconds" => [ERP_PUBLISHER.name, ERP_CONNECTOR.name].contains(&spec.name),
        // Nothing waits for master data, which the normalizer would show too.
        "lineside_processor_gauge" => spec.name != RECONCILER.name,
        _ if name.starts_with("lineside_table_") => spec.tables.is_empty(),
        _ if name.starts_with("lineside_erp_") || name.starts_with("lineside_calls_") => spec.name != ERP_CONNECTOR.name,
        _ => spec.stores.is_empty() && (name.starts_with("lineside_store_") || name.starts_with("lineside_restore")),
    };
    names::ALL.iter().map(|metric| metric.name).filter(|name| !absent(name)).collect()
}

/// Every line is JSON; of each code that a processor refused with there is a line, with the record's position; and nothing is said per record at info.
fn logs_name_the_refused_records(pipeline: &Pipeline, stored: &Stored) {
    for spec in PROCESSORS {
        let path = pipeline.log_dir().join(format!("{}.log", spec.name));
        let lines: Vec<serde_json::Value> =
            std::fs::read_to_string(&path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect();
        let refused: Vec<_> = lines.iter().filter(|line| line["message"] == "record refused").collect();
        let mut codes = BTreeSet::new();
        for line in &refused {
            assert_eq!((&line["level"], &line["processor"]), (&"WARN".into(), &spec.name.into()), "{line}");
            assert!(line["topic"].is_string() && line["partition"].is_i64() && line["offset"].is_i64() && line["unlogged"].is_u64(), "{line}");
            assert!(line["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{line}");
            let code = line["code"].as_str().unwrap();
            if code == "id-conflict" {
                assert!(line["correlation_id"].as_str().is_some_and(|story| !story.is_empty()), "{line}");
            }
            codes.insert([spec.name.to_owned(), line["class"].as_str().unwrap().to_owned(), code.to_owned()]);
        }
        assert_eq!(codes, stored.letters.keys().filter(|[processor, ..]| processor == spec.name).cloned().collect(), "{}", spec.name);
        assert!(lines.iter().filter(|line| line["level"] == "INFO").all(|line| line.get("offset").is_none()), "a line per record at info");
        assert!(lines.len() < 100, "{} lines for {} records", lines.len(), stored.input(spec));
    }
}

#[test]
fn a_process_that_waits_says_for_whom() {
    let mut test = TestPipeline::prepare("waits-for-whom");
    let pipeline = &mut test.pipeline;
    let absent = "127.0.0.1:1";
    let url = format!("http://{absent}");
    for (label, variable, address, whom) in [
        ("no-kafka", "LINESIDE_BOOTSTRAP_SERVERS", absent, "Kafka at 127.0.0.1:1"),
        ("no-registry", "LINESIDE_SCHEMA_REGISTRY", url.as_str(), "schema registry http://127.0.0.1:1"),
    ] {
        pipeline.start_instance(label, Hosting::Alone(DEDUPLICATOR.name), &[(variable, address)]).unwrap();
        let waits = |body: &serde_json::Value| {
            let thread = &body["threads"][0];
            thread["doing"] == "waiting" && thread["reason"].as_str().is_some_and(|reason| reason.contains(whom))
        };
        assert_eq!(await_health(pipeline, label, "/health/ready", waits), 503);
        assert_eq!(get(pipeline, label, "/health/live").0, 200, "waiting is no reason to be killed");
        pipeline.stop_instance(label).unwrap();
    }
    test.stop();
}
