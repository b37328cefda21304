//! A partition count that changed under a store: nothing runs on, and the operator is told what to do.
#![allow(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

mod support;

use std::time::{Duration, Instant};

use clap::Parser;
use lineside_cluster::{Kafka, KafkaSettings};
use lineside_runtime::startup::{NotReady, check_topics};
use lineside_runtime::{Settings, StartError};
use lineside_scenarios::pipeline::{Hosting, Pipeline};
use lineside_topology::processors::ORDER_AGGREGATOR;
use lineside_topology::topics::{CANONICAL_PRODUCTION, NORMALIZED};
use lineside_topology::{Environment, ProcessorSpec};
use support::{TestPipeline, rest};

const CHANGELOG: &str = "order-aggregator-orders-changelog";
const PATIENCE: Duration = Duration::from_secs(30);

/// As the order aggregator, with a second input.
static JOINING: ProcessorSpec = ProcessorSpec { reads: &[NORMALIZED.name(), CANONICAL_PRODUCTION.name()], ..ORDER_AGGREGATOR };

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    settings: Settings,
}

#[test]
fn processors_refuse_to_start_once_a_count_has_changed_and_say_what_to_do() {
    let simulation = support::simulation(3, 10);
    let mut test = TestPipeline::start("partition-counts");
    let pipeline = &mut test.pipeline;
    let feeder = pipeline.feeder().unwrap();
    simulation.records.iter().try_for_each(|record| feeder.send(record.topic, &record.key, &record.value)).unwrap();
    feeder.flush().unwrap();
    rest(pipeline);
    pipeline.stop_processors().unwrap();
    let kafka = Kafka::new(&KafkaSettings::at(pipeline.bootstrap())).unwrap();
    let grown = tempfile::NamedTempFile::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    std::fs::write(grown.path(), include_str!("../../../topology/environments/local.toml").replace("aggregate = 4", "aggregate = 8")).unwrap();
    let grown = [("LINESIDE_ENVIRONMENT", grown.path().to_str().unwrap())];

    // The input alone: its reader sees it by its changelog, its writer by the environment.
    kafka.add_partitions(CANONICAL_PRODUCTION.name(), 8).unwrap();
    assert_refused(pipeline, "order-aggregator", &[], &format!("changelog {CHANGELOG} has 4 partitions, the input canonical.production.v1 has 8"));
    assert_refused(pipeline, "deduplicator", &[], "topic canonical.production.v1 has 8 partitions, environment local says 4");
    assert_inputs_must_agree(pipeline);
    // The changelog too.
    kafka.add_partitions(CHANGELOG, 8).unwrap();
    assert_refused(pipeline, "order-aggregator", &[], "topic canonical.production.v1 has 8 partitions, environment local says 4");
    // And the environment as well: then the stores alone still know.
    kafka.add_partitions("order.postings.v1", 8).unwrap();
    assert_refused(pipeline, "order-aggregator", &grown, "were made with 4 partitions, the topics have 8 now");
    test.stop();
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

fn assert_inputs_must_agree(pipeline: &Pipeline) {
    let state = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let settings = Line::parse_from(["test", "--bootstrap-servers", pipeline.bootstrap(), "--state-dir", state.path().to_str().unwrap()]).settings;
    let inputs = [NORMALIZED.name(), CANONICAL_PRODUCTION.name()].map(str::to_owned);
    let refused = check_topics(&settings, &JOINING, &inputs, &Environment::builtin("local").unwrap()).unwrap_err();
    let NotReady::Refused(StartError(error)) = refused else { panic!("{refused}") };
    assert!(error.contains("normalized has 4, canonical.production.v1 has 8"), "{error}");
}
