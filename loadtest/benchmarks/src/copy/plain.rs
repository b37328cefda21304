//! The floor: consume, copy, produce and commit with librdkafka alone. Same settings as the runtime's clients, but for the linger, nothing around them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use lineside_runtime::{Settings, clients};
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::Message as _;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::clients::Silent;
use crate::error::BenchError;
use crate::window::Progress;

const CALL_TIMEOUT: Duration = Duration::from_secs(30);
const POLL_TIMEOUT: Duration = Duration::from_millis(50);

/// A running copy loop.
#[derive(Debug)]
pub struct PlainCopy {
    records: Arc<AtomicU64>,
    transactions: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Result<(), BenchError>>,
}

/// What is copied, and how.
#[derive(Debug, Clone)]
pub struct Route {
    /// Topic read.
    pub from: &'static str,
    /// Topic written.
    pub to: &'static str,
    /// Partitions of the topic read.
    pub partitions: u16,
    /// Records of a transaction.
    pub batch: u32,
    /// How long a record may wait for others, ms.
    pub linger_ms: u32,
}

impl PlainCopy {
    /// Starts it in a group of its own, from the beginning of its topic.
    ///
    /// # Errors
    /// [`BenchError::Kafka`].
    pub fn start(settings: &Settings, group: &str, route: Route) -> Result<Self, BenchError> {
        let consumer: BaseConsumer = clients::group_consumer(settings, group, group).set("auto.offset.reset", "earliest").create()?;
        let producer: BaseProducer<Silent> =
            clients::transactional_producer(settings, group).set("linger.ms", route.linger_ms.to_string()).create_with_context(Silent)?;
        consumer.subscribe(&[route.from])?;
        let (records, transactions, stop) = (Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default(), Arc::<AtomicBool>::default());
        let (counted, committed, stopped) = (Arc::clone(&records), Arc::clone(&transactions), Arc::clone(&stop));
        let thread = std::thread::Builder::new().name("plain".to_owned());
        let count = move |open: u32| {
            counted.fetch_add(open.into(), Ordering::Release);
            committed.fetch_add(1, Ordering::Release);
        };
        let thread = thread.spawn(move || run(&consumer, &producer, &route, &count, &stopped)).map_err(BenchError::io("start a thread"))?;
        Ok(Self { records, transactions, stop, thread })
    }

    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let (records, transactions) = (self.records.load(Ordering::Acquire), self.transactions.load(Ordering::Acquire));
        Progress { records, transactions, ended: self.thread.is_finished() }
    }

    /// Stops it.
    ///
    /// # Errors
    /// What it ended with.
    pub fn stop(self) -> Result<(), BenchError> {
        self.stop.store(true, Ordering::Release);
        self.thread.join().map_err(|_| BenchError::Failed("the copy loop panicked".to_owned()))?
    }
}

fn run(consumer: &BaseConsumer, producer: &BaseProducer<Silent>, route: &Route, committed: &dyn Fn(u32), stop: &AtomicBool) -> Result<(), BenchError> {
    producer.init_transactions(CALL_TIMEOUT)?;
    let mut next: Vec<Option<i64>> = vec![None; route.partitions.into()];
    let mut open = 0_u32;
    while !stop.load(Ordering::Acquire) {
        match consumer.poll(POLL_TIMEOUT) {
            Some(message) => {
                let message = message?;
                if open == 0 {
                    producer.begin_transaction()?;
                }
                send(producer, route.to, message.key(), message.payload())?;
                let partition = usize::try_from(message.partition()).unwrap_or(usize::MAX);
                *next.get_mut(partition).ok_or_else(|| BenchError::Failed(format!("no partition {partition}")))? = Some(message.offset() + 1);
                open += 1;
                if open < route.batch {
                    continue;
                }
            }
            // Nothing more for now: what is left goes as a batch of its own.
            None if open > 0 => {}
            None => continue,
        }
        commit(consumer, producer, route.from, &mut next)?;
        committed(open);
        open = 0;
    }
    Ok(())
}

fn send(producer: &BaseProducer<Silent>, topic: &str, key: Option<&[u8]>, value: Option<&[u8]>) -> Result<(), KafkaError> {
    loop {
        let mut record: BaseRecord<'_, [u8], [u8]> = BaseRecord::to(topic);
        record.key = key;
        record.payload = value;
        match producer.send(record) {
            Ok(()) => return Ok(()),
            Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), _)) => {
                producer.poll(Duration::from_millis(1));
            }
            Err((error, _)) => return Err(error),
        }
    }
}

fn commit(consumer: &BaseConsumer, producer: &BaseProducer<Silent>, topic: &str, next: &mut [Option<i64>]) -> Result<(), BenchError> {
    let mut offsets = TopicPartitionList::new();
    for (partition, next) in next.iter_mut().enumerate() {
        if let (Some(offset), Ok(partition)) = (next.take(), i32::try_from(partition)) {
            offsets.add_partition_offset(topic, partition, Offset::Offset(offset))?;
        }
    }
    let group = consumer.group_metadata().ok_or_else(|| BenchError::Failed("no group metadata".to_owned()))?;
    producer.send_offsets_to_transaction(&offsets, &group, CALL_TIMEOUT)?;
    flush(producer)?;
    Ok(producer.commit_transaction(CALL_TIMEOUT)?)
}

/// The binding's own flush polls in steps of 100 ms that never end early.
#[expect(unsafe_code, reason = "the binding offers no other way to flush without waiting 100 ms; the client outlives the call")]
fn flush(producer: &BaseProducer<Silent>) -> Result<(), KafkaError> {
    let timeout_ms = i32::try_from(CALL_TIMEOUT.as_millis()).unwrap_or(i32::MAX);
    // SAFETY: the pointer is that of a live client, borrowed for the call; rd_kafka_flush may be called from any thread.
    let code = unsafe { rdkafka::bindings::rd_kafka_flush(producer.client().native_ptr(), timeout_ms) };
    if code == rdkafka::types::RDKafkaRespErr::RD_KAFKA_RESP_ERR_NO_ERROR { Ok(()) } else { Err(KafkaError::Flush(code.into())) }
}
