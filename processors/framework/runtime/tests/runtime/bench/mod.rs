//! A copying processor with an id store, between two topics of a real Kafka.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use clap::Parser;
use lineside_api::{AcceptedId, Context, Erased, Hosted, Processor, Raw, Record, Refusal, TaskStores as _};
use lineside_cluster::{Kafka, KafkaSettings};
use lineside_local_stack::LocalStack;
use lineside_registry::{RegistryClient, RegistrySettings};
use lineside_runtime::assignment::Rebalances;
use lineside_runtime::health::{Health, Patience, Pulse};
use lineside_runtime::host::{GroupConsumer, Host};
use lineside_runtime::metrics::Metrics;
use lineside_runtime::stream_thread::{Parts, StreamThread};
use lineside_runtime::tables::Tables;
use lineside_runtime::transaction::TransactionalProducer;
use lineside_runtime::work::Work;
use lineside_runtime::{Settings, clients};
use lineside_schemas::contract::{AcceptedIds, DeadLetter};
use lineside_schemas::subject::value_subject;
use lineside_schemas::{Codec, Contract};
use lineside_state::{Backend, TaskState};
use lineside_topology::{Environment, IdStoreHandle, ProcessorSpec, StoreKind, StoreSpec};
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::message::Message as _;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};

const SEEN: IdStoreHandle = IdStoreHandle::new("seen");
const INPUT: &str = "copy.in";
const OUTPUT: &str = "copy.out";
const CHANGELOG: &str = "copier-seen-changelog";
const PARTITIONS: i32 = 3;
const PATIENCE: Duration = Duration::from_secs(90);

static SPEC: ProcessorSpec = ProcessorSpec {
    name: "copier",
    group: "copier",
    reads: &[INPUT],
    writes: &[OUTPUT],
    embeds: &[],
    stores: &[StoreSpec { name: "seen", kind: StoreKind::Ids }],
    tables: &[],
    ticks: false,
    purpose: "Copies each value once",
};

/// What blocks on the value `block` waits for.
static GATE: Mutex<()> = Mutex::new(());

/// Lets nobody who processes the value `block` go on, as long as the guard is held.
pub fn close_gate() -> MutexGuard<'static, ()> {
    GATE.lock().unwrap()
}

/// Copies each value once; breaks on the value `panic`, and on `block` waits at the gate.
struct Copier;

impl Processor for Copier {
    type Input = Raw;

    fn process(&mut self, record: Record<'_, '_, &[u8]>, cx: &mut Context<'_>) -> Result<(), Refusal> {
        let text = std::str::from_utf8(record.value).map_err(|error| Refusal::data_quality("not-utf8", error.to_string()))?;
        assert!(text != "panic", "asked to");
        if text == "block" {
            drop(GATE.lock());
        }
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
    pub pulse: Arc<Pulse>,
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

    /// Rebalances of a kind.
    pub fn rebalances(&self, kind: &str) -> u64 {
        self.metrics.rebalances.with_label_values(&["copier", kind]).get()
    }

    /// What /health/ready says.
    pub fn is_ready(&self) -> bool {
        Health { metrics: self.metrics.clone(), pulses: vec![Arc::clone(&self.pulse)], patience: Patience::default() }.ready().0
    }

    /// Dead letters of a code.
    pub fn dead_letters(&self, code: &str) -> u64 {
        self.metrics.dead_letters.with_label_values(&["copier", "APPLICATION", code]).get()
    }
}

/// Settings of a command line.
pub fn settings(arguments: &[&str]) -> Settings {
    Line::parse_from(arguments).settings
}

/// A stream thread, restarted on errors as the supervisor does.
pub fn copier(settings: Settings) -> Running {
    let (stop, metrics, pulse) = (Arc::new(AtomicBool::new(false)), Metrics::new().unwrap(), Arc::new(Pulse::default()));
    let (stopped, shown, felt) = (Arc::clone(&stop), metrics.clone(), Arc::clone(&pulse));
    let thread = std::thread::spawn(move || {
        while !stop.load(Ordering::Acquire) {
            let mut codec = codec(&settings.connection.schema_registry);
            codec.resolve("dead-letter.copier", DeadLetter::ID).unwrap();
            codec.resolve(CHANGELOG, AcceptedIds::ID).unwrap();
            let id = transactional_id(&settings.state_dir);
            let consumer: BaseConsumer<Rebalances> = clients::group_consumer(&settings, "copier", &id).create_with_context(Rebalances::default()).unwrap();
            consumer.subscribe(&[INPUT]).unwrap();
            let make = || Ok(Box::new(Hosted::new(&SPEC, Copier)) as Box<dyn Erased>);
            let work = Work::new(&SPEC, Box::new(make), Work::dead_letter_topic_of(&SPEC)).unwrap();
            let parts = Parts {
                hosts: vec![Host { consumer: GroupConsumer(consumer), inputs: vec![INPUT.to_owned()], work }],
                tables: Tables::none(&metrics),
                producer_config: clients::transactional_producer(&settings, &id),
                codec,
                state_dir: settings.state_dir.clone(),
                settings: settings.clone(),
                metrics: metrics.clone(),
                pulse: Arc::clone(&pulse),
                stop: Arc::clone(&stop),
            };
            if let Err(error) = StreamThread::connect(parts).and_then(StreamThread::run) {
                eprintln!("restarting: {error}");
            }
        }
    });
    Running { metrics: shown, pulse: felt, stop: stopped, thread }
}

fn codec(registry_url: &str) -> Codec {
    Codec::new(Box::new(RegistryClient::new(&RegistrySettings::at(registry_url)).unwrap()))
}

/// An open transaction of somebody else.
pub struct ForeignTransaction {
    _producer: TransactionalProducer,
    config: ClientConfig,
}

impl ForeignTransaction {
    /// Ends it, as the next producer of its id does.
    pub fn end(self) {
        drop(TransactionalProducer::connect(&self.config).unwrap());
    }
}

impl Bench {
    pub fn start() -> Self {
        let stack = crate::stack(None);
        let kafka = Kafka::new(&KafkaSettings::at(stack.bootstrap())).unwrap();
        let mut row = Environment::builtin("local").unwrap().topic_plan().into_iter().find(|topic| topic.name == "normalized").unwrap();
        row.partitions = PARTITIONS.cast_unsigned();
        let rows: Vec<_> = [INPUT, OUTPUT, "dead-letter.copier", CHANGELOG]
            .map(|name| {
                let mut row = row.clone();
                name.clone_into(&mut row.name);
                row
            })
            .into();
        kafka.create_topics(&rows.iter().collect::<Vec<_>>()).unwrap();
        let registry = RegistryClient::new(&RegistrySettings::at(stack.registry_url())).unwrap();
        registry.register(&value_subject("dead-letter.copier"), DeadLetter::SCHEMA).unwrap();
        registry.register(&value_subject(CHANGELOG), AcceptedIds::SCHEMA).unwrap();
        let producer =
            ClientConfig::new().set("bootstrap.servers", stack.bootstrap()).set("enable.idempotence", "true").set("partitioner", "murmur2_random").create().unwrap();
        Self { stack, producer }
    }

    pub fn state_dir(&self) -> tempfile::TempDir {
        let _ = self;
        tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
    }

    fn settings(&self, state: &Path, more: &[&str]) -> Settings {
        settings(&self.arguments(state).iter().map(String::as_str).chain(more.iter().copied()).collect::<Vec<_>>())
    }

    /// The command line of a copier.
    pub fn arguments(&self, state: &Path) -> Vec<String> {
        let (state, url) = (state.display().to_string(), self.stack.registry_url());
        let line = ["copier", "--bootstrap-servers", self.stack.bootstrap(), "--schema-registry", url, "--state-dir", &state, "--commit-interval-ms", "5"];
        line.map(str::to_owned).to_vec()
    }

    /// A stream thread, restarted on errors as the supervisor does.
    pub fn copier(&self, state: &Path) -> Running {
        self.copier_with(state, &[])
    }

    /// As [`Self::copier`], with further arguments.
    pub fn copier_with(&self, state: &Path, more: &[&str]) -> Running {
        copier(self.settings(state, more))
    }

    /// Takes the copier's transactional id over, once.
    pub fn fence(&self, state: &Path) {
        let settings = self.settings(state, &[]);
        drop(TransactionalProducer::connect(&clients::transactional_producer(&settings, &transactional_id(state))).unwrap());
    }

    /// A producer outside, with a transaction open that has written to the changelog of a partition.
    pub fn open_transaction(&self, partition: i32) -> BaseProducer {
        let producer: BaseProducer = ClientConfig::new().set("bootstrap.servers", self.stack.bootstrap()).set("transactional.id", "outsider").create().unwrap();
        producer.init_transactions(PATIENCE).unwrap();
        producer.begin_transaction().unwrap();
        producer.send(BaseRecord::<str, str>::to("copier-seen-changelog").partition(partition).payload("never committed")).map_err(|(error, _)| error).unwrap();
        producer.flush(PATIENCE).unwrap();
        producer
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
                self.flush();
            }
            after_each(number);
        }
        self.flush();
        values
    }

    /// As the producer's own `flush`, which looks every tenth of a second only.
    fn flush(&self) {
        let started = Instant::now();
        while self.producer.in_flight_count() > 0 {
            assert!(started.elapsed() < PATIENCE, "not everything was sent");
            self.producer.poll(Duration::from_millis(1));
        }
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

    /// A reader of a topic's committed records from the beginning, which tells when it is at the end of a partition.
    fn reader(&self, topic: &str) -> BaseConsumer {
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
            assignment.add_partition_offset(topic, partition, Offset::Beginning).unwrap();
        }
        reader.assign(&assignment).unwrap();
        reader
    }

    /// How many records the store's changelog has, by another reader than the runtime's. Nobody may write to it meanwhile.
    pub fn changelog_records(&self) -> u64 {
        let mut records = 0;
        self.read_changelog(&mut |_, _| records += 1);
        records
    }

    /// Every id in the store's changelog, by partition. Nobody may write to it meanwhile.
    pub fn changelog_ids(&self) -> BTreeMap<i32, BTreeSet<String>> {
        let codec = codec(self.stack.registry_url());
        let mut ids: BTreeMap<i32, BTreeSet<String>> = BTreeMap::new();
        self.read_changelog(&mut |partition, value| {
            let frame = codec.decode::<AcceptedIds>(value).unwrap();
            ids.entry(partition).or_default().extend(frame.ids.iter().map(|id| id.event_id.to_owned()));
        });
        ids
    }

    fn read_changelog(&self, each: &mut dyn FnMut(i32, &[u8])) {
        let reader = self.reader(CHANGELOG);
        let mut at_end = 0;
        let started = Instant::now();
        while at_end < PARTITIONS {
            assert!(started.elapsed() < PATIENCE, "the changelog was not read to its end");
            match reader.poll(Duration::from_millis(100)) {
                Some(Ok(message)) => each(message.partition(), message.payload().unwrap()),
                Some(Err(KafkaError::PartitionEOF(_))) => at_end += 1,
                Some(Err(error)) => eprintln!("reader: {error}"),
                None => {}
            }
        }
    }

    /// The stores below a state folder hold exactly what their changelog does. Nobody may have them open.
    pub fn assert_stores_equal_changelog(&self, state: &Path) {
        for (partition, ids) in self.changelog_ids() {
            let mut task = TaskState::open(&SPEC, partition, &Backend::Disk(state.join("stores"))).unwrap();
            for id in &ids {
                assert!(task.seen(SEEN.name(), "copy", id).unwrap().is_some(), "the store of partition {partition} lacks {id}");
            }
            assert_eq!(task.stats()[0].entries, ids.len() as u64, "ids in the store of partition {partition}");
        }
    }

    /// Writes to a partition of the changelog in a transaction that stays open, and so keeps readers from what is behind it.
    pub fn open_transaction_in_changelog(&self, partition: i32) -> ForeignTransaction {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", self.stack.bootstrap()).set("transactional.id", "other").set("transaction.timeout.ms", "60000");
        let mut producer = TransactionalProducer::connect(&config).unwrap();
        producer.begin().unwrap();
        producer.send(CHANGELOG, Some(partition), None, Some(b"open")).unwrap();
        ForeignTransaction { _producer: producer, config }
    }

    /// All committed output, read from the beginning until there are `count` values and the topic ends. Gives them by the partition that their number
    /// had on the way in; the copier's key sends them all to one partition, in which each input partition's order must be kept.
    pub fn await_output(&self, count: usize) -> Values {
        let reader = self.reader(OUTPUT);
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

/// Replaces the stores below one state folder by copies of those below another, as they were at some time.
pub fn copy_stores(from: &Path, to: &Path) {
    let to = to.join("stores");
    if to.exists() {
        std::fs::remove_dir_all(&to).unwrap();
    }
    copy_folder(&from.join("stores"), &to);
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Overwrites what the stores below a state folder hold, but not what says that they hold something.
pub fn damage_stores(state: &Path) {
    let mut folders = vec![state.join("stores")];
    let mut damaged = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "ids") {
                let length = std::fs::metadata(&path).unwrap().len();
                std::fs::write(&path, vec![0xA5; usize::try_from(length).unwrap()]).unwrap();
                damaged += 1;
            }
        }
    }
    assert!(damaged > 0, "there is no file of ids");
}
