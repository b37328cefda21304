//! A processor with two inputs, tables, timers and calls, between topics of a real Kafka.

mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use lineside_api::{Answer, CallError, Context, Erased, Hosted, Processor, Raw, Record, Refusal, Request, TableRecord, Timestamp};
use lineside_cluster::{Kafka, KafkaSettings};
use lineside_local_stack::LocalStack;
use lineside_registry::{RegistryClient, RegistrySettings};
use lineside_runtime::assignment::Rebalances;
use lineside_runtime::calls::{CallFuture, Caller, Calls};
use lineside_runtime::health::Pulse;
use lineside_runtime::host::{GroupConsumer, Host};
use lineside_runtime::metrics::Metrics;
use lineside_runtime::stream_thread::{Parts, StreamThread};
use lineside_runtime::tables::Tables;
use lineside_runtime::thread_error::ThreadError;
use lineside_runtime::work::Work;
use lineside_runtime::{Settings, clients};
use lineside_schemas::contract::{DeadLetter, OrderProgress as OrderProgressContract};
use lineside_schemas::records::{OrderProgress, OrderProgressStatus};
use lineside_schemas::subject::value_subject;
use lineside_schemas::{Codec, Contract, ContractId};
use lineside_topology::{Cleanup, Environment, ProcessorSpec, StoreHandle, StoreKind, StoreSpec};
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::message::Message as _;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};

/// Three partitions.
pub const WIDE: &str = "steward.wide";
/// Two partitions.
pub const NARROW: &str = "steward.narrow";
pub const TABLE: &str = "steward.table";
const OUTPUT: &str = "steward.out";
const KEPT: StoreHandle<OrderProgressContract> = StoreHandle::new("kept");
const CHANGELOG: &str = "steward-kept-changelog";
const PATIENCE: Duration = Duration::from_secs(90);
/// How long an answer is waited for before it is read back.
const ANSWER_MICROS: i64 = 2_000_000;

static SPEC: ProcessorSpec = ProcessorSpec {
    name: "steward",
    group: "steward",
    reads: &[WIDE, NARROW],
    writes: &[OUTPUT],
    embeds: &[],
    stores: &[StoreSpec { name: KEPT.name(), kind: StoreKind::Keyed(ContractId::OrderProgress) }],
    tables: &[TABLE],
    ticks: true,
    purpose: "Is tested with",
};

/// The member that waits at the gate in its tick, and the gate.
pub const GATED: &str = "gated";
pub static GATE: Mutex<()> = Mutex::new(());

/// Does what a record says: `echo` it with the rows of its table, `keep` it for half a second, `call` outside with it.
struct Steward {
    member: String,
    rows: BTreeMap<String, String>,
    ticks: Arc<AtomicU64>,
}

fn kept(text: &str, until: i64) -> OrderProgress<'_> {
    OrderProgress {
        plant: "",
        order: text,
        correlation_id: "",
        caused_by_event_id: "",
        status: OrderProgressStatus::Unknown,
        item: None,
        planned_quantity: None,
        produced_quantity: None,
        scrapped_quantity: None,
        planned_end: None,
        completion_percent: None,
        as_of: Timestamp::from_micros(until),
    }
}

fn ask(id: &str, kind: &[u8], now: i64, cx: &mut Context<'_>) {
    cx.put(KEPT, &format!("intent/{id}"), &kept(id, now + ANSWER_MICROS));
    cx.request(Request { id: id.to_owned(), deadline: Timestamp::from_micros(now + ANSWER_MICROS), body: kind.to_vec() });
}

fn now_micros() -> i64 {
    i64::try_from(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_micros()).unwrap()
}

impl Processor for Steward {
    type Input = Raw;

    fn process(&mut self, record: Record<'_, '_, &[u8]>, cx: &mut Context<'_>) -> Result<(), Refusal> {
        let text = std::str::from_utf8(record.value).unwrap();
        let (verb, id) = text.split_once(' ').unwrap();
        match verb {
            "echo" => {
                let rows: Vec<String> = self.rows.iter().map(|(key, value)| format!("{key}={value}")).collect();
                cx.forward(OUTPUT, None, format!("{id} {} {}", self.member, rows.join(",")).as_bytes());
            }
            "keep" => {
                let due = record.raw.time.micros() + 500_000;
                cx.put(KEPT, &format!("due/{due:020}/{id}"), &kept(id, due));
            }
            "call" => ask(id, b"book", record.raw.time.micros(), cx),
            _ => return Err(Refusal::data_quality("unknown-verb", text)),
        }
        Ok(())
    }

    fn table(&mut self, record: TableRecord<'_>, _codec: &Codec) {
        assert!(record.value != Some(b"break"), "asked to");
        match record.value {
            Some(value) => drop(self.rows.insert(record.key.to_owned(), String::from_utf8(value.to_vec()).unwrap())),
            None => drop(self.rows.remove(record.key)),
        }
    }

    fn answer(&mut self, answer: Answer, cx: &mut Context<'_>) {
        let key = format!("intent/{}", answer.id);
        if cx.get(KEPT, &key).is_none() {
            cx.count("unexpected");
        } else if let Ok(body) = answer.body {
            cx.delete(KEPT, &key);
            cx.forward(OUTPUT, None, format!("{} {} {}", answer.id, self.member, String::from_utf8(body).unwrap()).as_bytes());
        }
    }

    fn tick(&mut self, now: Timestamp, cx: &mut Context<'_>) {
        self.ticks.fetch_add(1, Ordering::Relaxed);
        let now = if self.member == GATED {
            drop(GATE.lock());
            Timestamp::from_micros(now_micros())
        } else {
            now
        };
        while let Some((key, kept)) = cx.first_from(KEPT, "due/").filter(|(key, kept)| key.starts_with("due/") && kept.as_of <= now) {
            let line = format!("{} {} kept", kept.order, self.member);
            cx.delete(KEPT, &key);
            cx.forward(OUTPUT, None, line.as_bytes());
        }
        let mut from = "intent/".to_owned();
        while let Some((key, intent)) = cx.first_from(KEPT, &from).filter(|(key, _)| key.starts_with("intent/")) {
            if intent.as_of < now {
                let id = intent.order.to_owned();
                cx.count("read_backs");
                ask(&id, b"read-back", now.micros(), cx);
            }
            from = format!("{key}\0");
        }
    }
}

/// What is outside: books a call once it has one of the places, and answers when it is let to.
pub struct Outside {
    /// Ids booked, each as often as it was.
    pub booked: Mutex<BTreeMap<String, u32>>,
    /// No answer leaves while it is silent.
    pub silent: AtomicBool,
    /// Where bookings are kept for other processes to see: a file named for each.
    folder: Option<std::path::PathBuf>,
}

impl Outside {
    pub fn new(folder: Option<&Path>) -> Arc<Self> {
        Arc::new(Self { booked: Mutex::default(), silent: AtomicBool::new(false), folder: folder.map(Path::to_owned) })
    }

    fn book(&self, request: &Request) {
        match &self.folder {
            None => {
                let mut booked = self.booked.lock().unwrap();
                if request.body == b"book" || !booked.contains_key(&request.id) {
                    *booked.entry(request.id.clone()).or_default() += 1;
                }
            }
            Some(folder) => {
                let known = std::fs::read_dir(folder).unwrap().any(|entry| entry.unwrap().file_name().to_string_lossy().starts_with(&format!("{}-", request.id)));
                if request.body == b"book" || !known {
                    std::fs::write(folder.join(format!("{}-{}", request.id, uuid::Uuid::new_v4())), b"").unwrap();
                }
            }
        }
    }
}

impl Caller for Outside {
    fn call(self: Arc<Self>, request: Request) -> CallFuture {
        Box::pin(async move {
            if request.deadline.micros() < now_micros() {
                return Err(CallError::NotBegun("late".to_owned()));
            }
            self.book(&request);
            while self.silent.load(Ordering::Acquire) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            Ok(request.body)
        })
    }
}

/// A stack with the topics.
pub struct Farm {
    stack: LocalStack,
    producer: BaseProducer,
}

/// A running stream thread.
pub struct Running {
    pub metrics: Metrics,
    /// Calls of tick.
    pub ticks: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
    _async_runtime: tokio::runtime::Runtime,
}

impl Running {
    pub fn stop(self) {
        self.stop.store(true, Ordering::Release);
        self.thread.join().unwrap();
    }

    /// True once it ended by itself, as a process does that cannot go on.
    pub fn has_ended(&self) -> bool {
        self.thread.is_finished()
    }

    pub fn assigned(&self) -> i64 {
        self.metrics.assigned_partitions.with_label_values(&["steward"]).get()
    }

    pub fn committed(&self) -> u64 {
        self.metrics.transactions.with_label_values(&["committed"]).get()
    }

    pub fn counted(&self, event: &str) -> u64 {
        self.metrics.processor_events.with_label_values(&["steward", event]).get()
    }
}

/// A stream thread, restarted on errors as the supervisor does. `instance` is who it is to its group, `member` who it is to everybody else.
pub fn steward(settings: Settings, member: &str, instance: &str, outside: &Arc<Outside>) -> Running {
    let (stop, metrics, ticks) = (Arc::new(AtomicBool::new(false)), Metrics::new().unwrap(), Arc::new(AtomicU64::new(0)));
    let async_runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (stopped, shown, counted) = (Arc::clone(&stop), metrics.clone(), Arc::clone(&ticks));
    let (member, instance) = (member.to_owned(), format!("steward-{instance}"));
    let (handle, outside) = (async_runtime.handle().clone(), Arc::clone(outside));
    let thread = std::thread::spawn(move || {
        while !stop.load(Ordering::Acquire) {
            let pulse = Arc::new(Pulse::default());
            let mut codec = Codec::new(Box::new(RegistryClient::new(&RegistrySettings::at(&settings.connection.schema_registry)).unwrap()));
            codec.resolve("dead-letter.steward", DeadLetter::ID).unwrap();
            codec.resolve(CHANGELOG, OrderProgressContract::ID).unwrap();
            let tables = Tables::none(&metrics).read(&settings, &Tables::topics_of(&[&SPEC]), "steward", &codec, &pulse, &stop);
            let tables = match tables {
                Ok(tables) => tables,
                Err(error) => {
                    eprintln!("tables: {error}");
                    continue;
                }
            };
            let id = format!("steward-{member}");
            let consumer: BaseConsumer<Rebalances> = clients::group_consumer(&settings, "steward", &instance).create_with_context(Rebalances::default()).unwrap();
            consumer.subscribe(&[&SPEC.task_topic().unwrap()]).unwrap();
            let (name, ticks) = (member.clone(), Arc::clone(&ticks));
            let make = move || {
                let steward = Steward { member: name.clone(), rows: BTreeMap::new(), ticks: Arc::clone(&ticks) };
                Ok(Box::new(Hosted::new(&SPEC, steward)) as Box<dyn Erased>)
            };
            let caller: Arc<dyn Caller> = Arc::<Outside>::clone(&outside);
            let work = Work::new(&SPEC, Box::new(make), Work::dead_letter_topic_of(&SPEC)).unwrap();
            let work = work.with_calls(Calls::new("steward", caller, handle.clone(), &metrics));
            let parts = Parts {
                hosts: vec![Host { consumer: GroupConsumer(consumer), inputs: vec![WIDE.to_owned(), NARROW.to_owned()], work }],
                producer_config: clients::transactional_producer(&settings, &id),
                codec,
                tables,
                state_dir: settings.state_dir.clone(),
                settings: settings.clone(),
                metrics: metrics.clone(),
                pulse,
                stop: Arc::clone(&stop),
            };
            match StreamThread::connect(parts).and_then(StreamThread::run) {
                Ok(()) => {}
                Err(ThreadError::Start(error)) => return eprintln!("ended: {error}"),
                Err(error) => eprintln!("restarting: {error}"),
            }
        }
    });
    Running { metrics: shown, ticks: counted, stop: stopped, thread, _async_runtime: async_runtime }
}

impl Farm {
    pub fn start() -> Self {
        let stack = crate::stack(None);
        let kafka = Kafka::new(&KafkaSettings::at(stack.bootstrap())).unwrap();
        let plan = Environment::builtin("local").unwrap().topic_plan();
        let like = |model: &str, name: &str, partitions: u32| {
            let mut row = plan.iter().find(|topic| topic.name == model).unwrap().clone();
            (row.name, row.partitions) = (name.to_owned(), partitions);
            row
        };
        let rows = [
            like("normalized", WIDE, 3),
            like("normalized", NARROW, 2),
            like("normalized", OUTPUT, 1),
            like("normalized", "dead-letter.steward", 1),
            like("master.item.v1", TABLE, 2),
            like("order-aggregator-orders-changelog", CHANGELOG, 3),
        ];
        assert!(rows[4].cleanup == Cleanup::Compact && rows[5].cleanup == Cleanup::Compact);
        kafka.create_topics(&rows.iter().collect::<Vec<_>>()).unwrap();
        let registry = RegistryClient::new(&RegistrySettings::at(stack.registry_url())).unwrap();
        registry.register(&value_subject("dead-letter.steward"), DeadLetter::SCHEMA).unwrap();
        registry.register(&value_subject(CHANGELOG), OrderProgressContract::SCHEMA).unwrap();
        let producer = ClientConfig::new().set("bootstrap.servers", stack.bootstrap()).set("enable.idempotence", "true").create().unwrap();
        Self { stack, producer }
    }

    /// The command line of a steward.
    pub fn arguments(&self, state: &Path) -> Vec<String> {
        let (state, url) = (state.display().to_string(), self.stack.registry_url());
        let line = ["steward", "--bootstrap-servers", self.stack.bootstrap(), "--schema-registry", url, "--state-dir", &state, "--tick-interval-ms", "100"];
        // Members that leave for good are waited for as long as this.
        line.into_iter().chain(["--session-timeout-ms", "6000"]).map(str::to_owned).collect()
    }

    pub fn steward(&self, state: &Path, member: &str, outside: &Arc<Outside>) -> Running {
        self.steward_as(member, state, member, outside)
    }

    /// A member that takes the place of another in the group.
    pub fn steward_as(&self, instance: &str, state: &Path, member: &str, outside: &Arc<Outside>) -> Running {
        let arguments = self.arguments(state);
        steward(crate::bench::settings(&arguments.iter().map(String::as_str).collect::<Vec<_>>()), member, instance, outside)
    }

    pub fn send(&self, topic: &str, partition: i32, value: &str) {
        self.producer.send(BaseRecord::<str, str>::to(topic).partition(partition).payload(value)).map_err(|(error, _)| error).unwrap();
        self.producer.flush(PATIENCE).unwrap();
    }

    /// Writes a row of the table, or deletes it.
    pub fn put(&self, partition: i32, key: &str, value: Option<&str>) {
        let mut record = BaseRecord::<str, str>::to(TABLE).partition(partition).key(key);
        record.payload = value;
        self.producer.send(record).map_err(|(error, _)| error).unwrap();
        self.producer.flush(PATIENCE).unwrap();
    }

    /// All committed lines of the output: id, member, rest. Waits until these ids are there.
    pub fn await_output(&self, ids: &[&str]) -> Vec<(String, String, String)> {
        let reader: BaseConsumer = ClientConfig::new()
            .set("bootstrap.servers", self.stack.bootstrap())
            .set("group.id", "reader")
            .set("isolation.level", "read_committed")
            .set("enable.auto.commit", "false")
            .create()
            .unwrap();
        let mut assignment = TopicPartitionList::new();
        assignment.add_partition_offset(OUTPUT, 0, Offset::Beginning).unwrap();
        reader.assign(&assignment).unwrap();
        let mut left: BTreeSet<&str> = ids.iter().copied().collect();
        let mut lines = Vec::new();
        let started = Instant::now();
        while !left.is_empty() {
            assert!(started.elapsed() < PATIENCE, "{left:?} never came: {lines:?}");
            let Some(message) = reader.poll(Duration::from_millis(100)) else { continue };
            let text = String::from_utf8(message.unwrap().payload().unwrap().to_vec()).unwrap();
            let mut parts = text.splitn(3, ' ').map(str::to_owned);
            let line = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
            left.remove(line.0.as_str());
            lines.push(line);
        }
        lines
    }
}

/// Waits for something that has to come.
pub fn await_that(what: &str, mut done: impl FnMut() -> bool) {
    let started = Instant::now();
    while !done() {
        assert!(started.elapsed() < PATIENCE, "{what}: not within {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
}
