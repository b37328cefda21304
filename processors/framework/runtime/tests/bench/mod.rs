//! A copying processor with an id store, between two topics of a real Kafka.

#![allow(clippy::unwrap_used, reason = "test support: a panic is the report")]

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use clap::Parser;
use lineside_api::{AcceptedId, Context, Erased, Hosted, Processor, Raw, Record, Refusal};
use lineside_cluster::{Kafka, KafkaSettings};
use lineside_local_stack::{LocalStack, StackOptions};
use lineside_registry::{RegistryClient, RegistrySettings};
use lineside_runtime::assignment::Rebalances;
use lineside_runtime::host::{GroupConsumer, Host, Work};
use lineside_runtime::http::Pulse;
use lineside_runtime::metrics::Metrics;
use lineside_runtime::stream_thread::{Parts, StreamThread};
use lineside_runtime::transaction::TransactionalProducer;
use lineside_runtime::{Settings, clients};
use lineside_schemas::contract::{AcceptedIds, DeadLetter};
use lineside_schemas::subject::value_subject;
use lineside_schemas::{Codec, Contract};
use lineside_topology::{Environment, IdStoreHandle, ProcessorSpec, StoreKind, StoreSpec};
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::message::Message as _;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};

const SEEN: IdStoreHandle = IdStoreHandle::new("seen");
const INPUT: &str = "copy.in";
const OUTPUT: &str = "copy.out";
const PARTITIONS: i32 = 3;
const PATIENCE: Duration = Duration::from_secs(90);

static SPEC: ProcessorSpec = ProcessorSpec {
    name: "copier",
    group: "copier",
    reads: &[INPUT],
    writes: &[OUTPUT],
    embeds: &[],
    stores: &[StoreSpec { name: "seen", kind: StoreKind::Ids }],
    purpose: "Copies each value once",
};

/// Copies each value once; breaks on the value `panic`.
struct Copier;

impl Processor for Copier {
    type Input = Raw;

    fn process(&mut self, record: Record<'_, '_, &[u8]>, cx: &mut Context<'_>) -> Result<(), Refusal> {
        let text = std::str::from_utf8(record.value).map_err(|error| Refusal::data_quality("not-utf8", error.to_string()))?;
        assert!(text != "panic", "asked to");
        if cx.seen(SEEN, "copy", text).is_some() {
            cx.count("duplicates");
            return Ok(());
        }
        cx.accept(SEEN, AcceptedId { source: "copy", event_id: text, bucket: 0, fingerprint: 0 });
        cx.advance(SEEN, record.raw.time, 0);
        cx.forward(OUTPUT, record.raw.key, record.value);
        Ok(())
    }
}

/// Values by partition, in order.
pub type Values = BTreeMap<i32, Vec<String>>;

/// A stack with the two topics.
pub struct Bench {
    stack: LocalStack,
    producer: BaseProducer,
}

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    settings: Settings,
}

/// A running stream thread.
pub struct Running {
    pub metrics: Metrics,
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Running {
    /// Stops it as a signal would.
    pub fn stop(self) {
        self.stop.store(true, Ordering::Release);
        self.thread.join().unwrap();
    }

    /// Changelog records replayed.
    pub fn restored(&self) -> u64 {
        self.metrics.restored_records.with_label_values(&["copier", "seen"]).get()
    }

    /// Dead letters of a code.
    pub fn dead_letters(&self, code: &str) -> u64 {
        self.metrics.dead_letters.with_label_values(&["copier", "APPLICATION", code]).get()
    }
}

impl Bench {
    pub fn start() -> Self {
        let stack = LocalStack::start(&StackOptions::default()).unwrap();
        let kafka = Kafka::new(&KafkaSettings::at(stack.bootstrap())).unwrap();
        let mut row = Environment::builtin("local").unwrap().topic_plan().into_iter().find(|topic| topic.name == "normalized").unwrap();
        row.partitions = PARTITIONS.cast_unsigned();
        let rows: Vec<_> = [INPUT, OUTPUT, "dead-letter.copier", "copier-seen-changelog"]
            .map(|name| {
                let mut row = row.clone();
                name.clone_into(&mut row.name);
                row
            })
            .into();
        kafka.create_topics(&rows.iter().collect::<Vec<_>>()).unwrap();
        let registry = RegistryClient::new(&RegistrySettings::at(&stack.registry_url())).unwrap();
        registry.register(&value_subject("dead-letter.copier"), DeadLetter::SCHEMA).unwrap();
        registry.register(&value_subject("copier-seen-changelog"), AcceptedIds::SCHEMA).unwrap();
        let producer =
            ClientConfig::new().set("bootstrap.servers", stack.bootstrap()).set("enable.idempotence", "true").set("partitioner", "murmur2_random").create().unwrap();
        Self { stack, producer }
    }

    pub fn state_dir(&self) -> tempfile::TempDir {
        let _ = self;
        tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
    }

    fn settings(&self, state: &Path) -> Settings {
        let state = state.display().to_string();
        let url = self.stack.registry_url();
        Line::parse_from(["copier", "--bootstrap-servers", self.stack.bootstrap(), "--schema-registry", &url, "--state-dir", &state, "--commit-interval-ms", "5"])
            .settings
    }

    /// A stream thread, restarted on errors as the supervisor does.
    pub fn copier(&self, state: &Path) -> Running {
        let (settings, stop, metrics) = (self.settings(state), Arc::new(AtomicBool::new(false)), Metrics::new().unwrap());
        let (stopped, shown) = (Arc::clone(&stop), metrics.clone());
        let thread = std::thread::spawn(move || {
            while !stop.load(Ordering::Acquire) {
                let registry = RegistryClient::new(&RegistrySettings::at(&settings.connection.schema_registry)).unwrap();
                let mut codec = Codec::new(Box::new(registry));
                codec.resolve("dead-letter.copier", DeadLetter::SCHEMA).unwrap();
                codec.resolve("copier-seen-changelog", AcceptedIds::SCHEMA).unwrap();
                let id = transactional_id(&settings.state_dir);
                let consumer: BaseConsumer<Rebalances> = clients::group_consumer(&settings, "copier", &id).create_with_context(Rebalances::default()).unwrap();
                consumer.subscribe(&[INPUT]).unwrap();
                let make = || Ok(Box::new(Hosted::new(&SPEC, Copier)) as Box<dyn Erased>);
                let work = Work::new(&SPEC, Box::new(make), Work::dead_letter_topic_of(&SPEC)).unwrap();
                let parts = Parts {
                    hosts: vec![Host { consumer: GroupConsumer(consumer), work }],
                    producer_config: clients::transactional_producer(&settings, &id),
                    codec,
                    state_dir: settings.state_dir.clone(),
                    settings: settings.clone(),
                    metrics: metrics.clone(),
                    pulse: Arc::new(Pulse::default()),
                    stop: Arc::clone(&stop),
                };
                if let Err(error) = StreamThread::connect(parts).and_then(StreamThread::run) {
                    eprintln!("restarting: {error}");
                }
            }
        });
        Running { metrics: shown, stop: stopped, thread }
    }

    /// Takes the copier's transactional id over, once.
    pub fn fence(&self, state: &Path) {
        let settings = self.settings(state);
        drop(TransactionalProducer::connect(&clients::transactional_producer(&settings, &transactional_id(state))).unwrap());
    }

    pub fn restart_kafka(&mut self) {
        self.stack.restart_kafka().unwrap();
    }

    pub fn send(&self, value: &str, partition: i32) {
        let record = BaseRecord::to(INPUT).partition(partition).key("k").payload(value);
        self.producer.send(record).map_err(|(error, _)| error).unwrap();
    }

    /// Sends numbered values round the partitions; gives what each partition got.
    pub fn feed(&self, numbers: Range<usize>, mut after_each: impl FnMut(usize)) -> Values {
        let mut values = Values::new();
        for number in numbers {
            let partition = i32::try_from(number % 3).unwrap();
            let value = format!("v{number:06}");
            self.send(&value, partition);
            values.entry(partition).or_default().push(value);
            if number % 50 == 49 {
                self.producer.flush(PATIENCE).unwrap();
            }
            after_each(number);
        }
        self.producer.flush(PATIENCE).unwrap();
        values
    }

    /// Waits until the processor has counted so many.
    pub fn await_events(&self, running: &Running, event: &str, count: usize) {
        let _ = self;
        let started = Instant::now();
        while running.metrics.processor_events.with_label_values(&["copier", event]).get() < count as u64 {
            assert!(started.elapsed() < PATIENCE, "{event} never reached {count}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// All committed output, read from the beginning until there are `count` values and the topic ends. Gives them by the partition that their number
    /// had on the way in; the copier's key sends them all to one partition, in which each input partition's order must be kept.
    pub fn await_output(&self, count: usize) -> Values {
        let reader: BaseConsumer = ClientConfig::new()
            .set("bootstrap.servers", self.stack.bootstrap())
            .set("group.id", "reader")
            .set("isolation.level", "read_committed")
            .set("enable.partition.eof", "true")
            .set("enable.auto.commit", "false")
            .create()
            .unwrap();
        let mut assignment = TopicPartitionList::new();
        for partition in 0..PARTITIONS {
            assignment.add_partition_offset(OUTPUT, partition, Offset::Beginning).unwrap();
        }
        reader.assign(&assignment).unwrap();
        let (mut values, mut read, mut at_end) = (Values::new(), 0, 0);
        let started = Instant::now();
        // Once all are there, a full round of partition ends shows that no more follow.
        while read < count || at_end < PARTITIONS {
            assert!(started.elapsed() < PATIENCE, "{read} of {count} values arrived");
            match reader.poll(Duration::from_millis(100)) {
                Some(Ok(message)) => {
                    let value = String::from_utf8(message.payload().unwrap().to_vec()).unwrap();
                    let number: i32 = value[1..].parse().unwrap();
                    values.entry(number % 3).or_default().push(value);
                    read += 1;
                }
                Some(Err(KafkaError::PartitionEOF(_))) | None => at_end += i32::from(read >= count),
                Some(Err(error)) => eprintln!("reader: {error}"),
            }
        }
        values
    }
}

fn transactional_id(state: &Path) -> String {
    format!("copier-{}", state.file_name().unwrap().to_string_lossy())
}
