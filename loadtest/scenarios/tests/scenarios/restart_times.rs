//! kill -9 and start again under load: how long until new output stands on Kafka, part by part, and how much state was replayed.
//!
//! A measurement, so it is not part of the tests: `cargo test --release --workspace --test scenarios restart_times -- --ignored --nocapture`.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crate::support::probe::Probe;
use crate::support::{TestPipeline, say};
use lineside_scenarios::pipeline::{Hosting, Pipeline};
use lineside_topology::processors::PROCESSORS;
use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::message::Message as _;
use rdkafka::{Offset, TopicPartitionList};

const KILLS: usize = 10;
/// Enough for the whole of it, at the rate below.
const ORDERS: usize = 5000;
const RECORD_INTERVAL: Duration = Duration::from_millis(4);
const SETTLE: Duration = Duration::from_millis(700);
const PATIENCE: Duration = Duration::from_mins(1);

/// What is killed, and the topic that shows that it works.
const KILLED: &[(&str, &str)] = &[("deduplicator", "canonical.production.v1"), ("supply-publisher", "supply.order-progress.v1")];
/// Messages of the log that end a part of the start.
const STEPS: &[(&str, &str)] = &[
    ("process", "serving /metrics and /health"),
    ("look-ups", "starting"),
    ("producer", "transactions can begin"),
    ("group", "assigned"),
    ("offsets and state", "reading"),
];
const FIRST_OUTPUT: &str = "first output";
const TOTAL: &str = "total";

#[test]
#[ignore = "a measurement of some minutes"]
fn from_kill_to_the_first_new_output() {
    let mut test = TestPipeline::prepare_alone("restart-times");
    let pipeline = &mut test.pipeline;
    let feeder = pipeline.feeder().unwrap();
    let simulation = crate::support::simulation(1, ORDERS);
    // As an orchestrator that gives names does it: a lost disk then does not lose the name.
    for spec in PROCESSORS {
        pipeline.start_instance(spec.name, Hosting::Alone(spec.name), &[("LINESIDE_INSTANCE_ID", "0")]).unwrap();
    }
    let probe = Probe::new();
    for spec in PROCESSORS {
        probe.await_ready(pipeline, spec.name);
    }
    let (profile, stop) = (if cfg!(debug_assertions) { "dev" } else { "release" }, AtomicBool::new(false));
    std::thread::scope(|scope| {
        let _stopped = StopAtEnd(&stop);
        scope.spawn(|| {
            for record in simulation.records.iter().take_while(|_| !stop.load(Ordering::Acquire)) {
                feeder.send(record.topic, &record.key, &record.value).unwrap();
                std::thread::sleep(RECORD_INTERVAL);
            }
        });
        for (processor, topic) in KILLED {
            let arrivals = arrivals(scope, pipeline.bootstrap(), topic, &stop);
            for keep in [true, false] {
                let state = if keep { "store surviving" } else { "state directory deleted" };
                say(&format!("\n{processor}, {profile} build, kill -9, {state}: milliseconds"));
                let mut parts: BTreeMap<String, Vec<i64>> = BTreeMap::new();
                for number in 1..=KILLS {
                    std::thread::sleep(SETTLE);
                    let run = kill_and_start(pipeline, processor, keep, &arrivals);
                    probe.await_ready(pipeline, processor);
                    let replayed = probe.sum(pipeline, processor, "lineside_restored_records_total").abs();
                    say(&format!("  {number:2}: {}, records replayed {replayed}", run.iter().map(|(part, ms)| format!("{part} {ms}")).collect::<Vec<_>>().join(", ")));
                    for (part, ms) in run {
                        parts.entry(part).or_default().push(ms);
                    }
                }
                for part in STEPS.iter().map(|(part, _)| *part).chain([FIRST_OUTPUT, TOTAL]) {
                    let mut values = parts.remove(part).unwrap_or_default();
                    values.sort_unstable();
                    say(&format!("  {part:18} median {:5}, max {:5}", values[values.len() / 2], values[values.len() - 1]));
                }
            }
        }
    });
    test.stop();
}

/// Ends the other threads, also when this one panics.
struct StopAtEnd<'a>(&'a AtomicBool);

impl Drop for StopAtEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// Milliseconds since 1970 of a record, and of its arrival at a reader of committed records.
type Arrival = (i64, i64);

/// Reads the end of a topic until told to stop.
fn arrivals<'scope>(scope: &'scope std::thread::Scope<'scope, '_>, bootstrap: &str, topic: &str, stop: &'scope AtomicBool) -> Receiver<Arrival> {
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", bootstrap)
        .set("group.id", "restart-times")
        .set("enable.auto.commit", "false")
        .set("isolation.level", "read_committed")
        .set("fetch.wait.max.ms", "10")
        .create()
        .unwrap();
    let metadata = consumer.fetch_metadata(Some(topic), PATIENCE).unwrap();
    let mut list = TopicPartitionList::new();
    for partition in metadata.topics()[0].partitions() {
        list.add_partition_offset(topic, partition.id(), Offset::End).unwrap();
    }
    consumer.assign(&list).unwrap();
    let (sender, receiver) = channel();
    scope.spawn(move || {
        while !stop.load(Ordering::Acquire) {
            if let Some(Ok(message)) = consumer.poll(Duration::from_millis(50)) {
                // Nobody listens any more once the next processor is on.
                let _ = sender.send((message.timestamp().to_millis().unwrap(), now_ms()));
            }
        }
    });
    receiver
}

/// Kills, starts at once, and waits for the first record that was made after the kill. Gives the parts in order.
fn kill_and_start(pipeline: &mut Pipeline, processor: &'static str, keep: bool, arrivals: &Receiver<Arrival>) -> Vec<(String, i64)> {
    let log = pipeline.log_dir().join(format!("{processor}.log"));
    let read = std::fs::metadata(&log).map_or(0, |metadata| usize::try_from(metadata.len()).unwrap());
    pipeline.kill_processor(processor).unwrap();
    let killed = now_ms();
    if !keep {
        std::fs::remove_dir_all(pipeline.state_dir(processor)).unwrap();
    }
    pipeline.start_instance(processor, Hosting::Alone(processor), &[("LINESIDE_INSTANCE_ID", "0")]).unwrap();
    let started = Instant::now();
    let arrived = loop {
        match arrivals.recv_timeout(PATIENCE) {
            // What the dead one sent has an earlier time.
            Ok((time, arrived)) if time > killed => break arrived,
            Ok(_) if started.elapsed() < PATIENCE => {}
            _ => panic!("no new output of {processor} after {PATIENCE:?}"),
        }
    };
    let text = std::fs::read_to_string(&log).unwrap();
    let mut parts = Vec::new();
    let mut before = killed;
    for (part, message) in STEPS {
        let at = text[read..].lines().find_map(|line| logged(line, message)).unwrap_or(before);
        parts.push(((*part).to_owned(), at - before));
        before = at;
    }
    parts.push((FIRST_OUTPUT.to_owned(), arrived - before));
    parts.push((TOTAL.to_owned(), arrived - killed));
    parts
}

/// Milliseconds since 1970 of a line of the log, if it says this.
fn logged(line: &str, message: &str) -> Option<i64> {
    let line: serde_json::Value = serde_json::from_str(line).ok()?;
    (line["fields"]["message"].as_str().or(line["message"].as_str())? == message).then_some(())?;
    Some(line["timestamp"].as_str()?.parse::<jiff::Timestamp>().ok()?.as_millisecond())
}

fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
