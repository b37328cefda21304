//! A partition count that changed under a store: nothing runs on, and the operator is told what to do.

use std::time::{Duration, Instant};

use crate::support::{TestPipeline, rest};
use lineside_cluster::{Kafka, KafkaSettings};
use lineside_scenarios::pipeline::{Hosting, Pipeline};
use lineside_topology::processors::ORDER_AGGREGATOR;
use lineside_topology::topics::{CANONICAL_PRODUCTION, ERP_POSTING_OUTCOMES, ORDER_POSTINGS, ORDER_STATUS, changelog_topic};

const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn processors_refuse_to_start_once_a_count_has_changed_and_say_what_to_do() {
    let simulation = crate::support::simulation(3, 10);
    let mut test = TestPipeline::start("partition-counts");
    let pipeline = &mut test.pipeline;
    let feeder = pipeline.feeder().unwrap();
    simulation.records.iter().try_for_each(|record| feeder.send(record.topic, &record.key, &record.value)).unwrap();
    feeder.flush().unwrap();
    rest(pipeline);
    pipeline.stop_processors().unwrap();
    let kafka = Kafka::new(&KafkaSettings::at(pipeline.bootstrap())).unwrap();
    let grown = tempfile::NamedTempFile::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    std::fs::write(grown.path(), include_str!("../../../../topology/environments/local.toml").replace("aggregate = 4", "aggregate = 8")).unwrap();
    let grown = [("LINESIDE_ENVIRONMENT", grown.path().to_str().unwrap())];

    // One input of two: its writer sees it by the environment, who joins them by the other one.
    grow(&kafka, CANONICAL_PRODUCTION.name());
    assert_refused(pipeline, "deduplicator", &[], "topic canonical.production.v1 has 8 partitions, environment local says 4");
    assert_refused(pipeline, "order-aggregator", &[], "its inputs must have the same partition count: canonical.production.v1 has 8, erp.posting-outcomes.v1 has 4");
    // Both: its changelogs still know.
    grow(&kafka, ERP_POSTING_OUTCOMES.name());
    assert_refused(pipeline, "order-aggregator", &[], "-changelog has 4 partitions, the input canonical.production.v1 has 8");
    // The changelogs too.
    for store in ORDER_AGGREGATOR.stores {
        grow(&kafka, &changelog_topic(&ORDER_AGGREGATOR, store.name));
    }
    assert_refused(pipeline, "order-aggregator", &[], "topic canonical.production.v1 has 8 partitions, environment local says 4");
    // And the environment as well: then the stores alone still know.
    for topic in [ORDER_POSTINGS.name(), ORDER_STATUS.name()] {
        grow(&kafka, topic);
    }
    assert_refused(pipeline, "order-aggregator", &grown, "were made with 4 partitions, the topics have 8 now");
    test.stop();
}

/// Gives a topic 8 partitions, and waits until the broker says so.
fn grow(kafka: &Kafka, topic: &str) {
    kafka.add_partitions(topic, 8).unwrap();
    let started = Instant::now();
    while kafka.topics(&[topic]).unwrap()[topic].partitions != 8 {
        assert!(started.elapsed() < PATIENCE, "{topic} has not grown");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// It ends by itself with 1, and its last words are these.
fn assert_refused(pipeline: &mut Pipeline, processor: &'static str, settings: &[(&str, &str)], words: &str) {
    pipeline.start_instance(processor, Hosting::Alone(processor), settings).unwrap();
    let started = Instant::now();
    while pipeline.check().is_ok() {
        assert!(started.elapsed() < PATIENCE, "{processor} runs");
        std::thread::sleep(Duration::from_millis(20));
    }
    let ended = pipeline.kill_processor(processor).unwrap_err().to_string();
    let last = ended.lines().last().unwrap();
    assert!(ended.contains("exit status: 1") && last.contains(words) && last.contains("replay the raw topics"), "{words:?} is not in {ended}");
}
