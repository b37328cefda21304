//! Several processors, wired by topics.

use std::collections::BTreeMap;
use std::time::Duration;

use lineside_api::{CallError, Erased, Request, Timestamp};
use lineside_schemas::records::DeadLetter;
use lineside_schemas::{Codec, CodecError, Contract, contract};
use lineside_state::Backend;
use lineside_topology::Topic;

use crate::broker::{Broker, InputRecord};
use crate::calls::Calls;
use crate::dice::Dice;
use crate::faults::{CrashPoint, Faults};
use crate::output::{self, Output};
use crate::worker::{Factory, Outcome, PROCESSOR_VERSION, Worker, WorkerError};

/// Time after which an idle processor that wants ticks is given one.
const TICK_MICROS: i64 = 1_000_000;

/// Records in a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchSize {
    /// As many as this, or what there is.
    Fixed(usize),
    /// One to this many, drawn anew for each.
    UpTo(usize),
}

/// How a topology is run. Everything that is left open is drawn from the seed; the same settings give the same run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Seed of the schedule and the faults.
    pub seed: u64,
    /// Partitions of the topics between processors.
    pub partitions: i32,
    /// Partitions of raw topics.
    pub raw_partitions: i32,
    /// Workers of each processor; they share its partitions.
    pub workers: usize,
    /// Records in a transaction.
    pub batch: BatchSize,
    /// What breaks.
    pub faults: Faults,
    /// Where local stores live.
    pub backend: Backend,
    /// Steps after which the run counts as endless.
    pub steps_max: usize,
    /// Whether a worker reads all that its tables have before each batch. Otherwise it reads some, drawn from the seed; always in order of each partition, and all
    /// there is when it starts.
    pub tables_first: bool,
    /// Version of the processors that dead letters name.
    pub version: &'static str,
}

impl Settings {
    /// Four partitions, one worker each, batches of up to eight, nothing breaks, stores in memory.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self {
            seed,
            partitions: 4,
            raw_partitions: 2,
            workers: 1,
            batch: BatchSize::UpTo(8),
            faults: Faults::NONE,
            backend: Backend::Memory,
            steps_max: 1_000_000,
            tables_first: false,
            version: PROCESSOR_VERSION,
        }
    }

    /// With these faults.
    #[must_use]
    pub const fn with_faults(mut self, faults: Faults) -> Self {
        self.faults = faults;
        self
    }
}

/// What happened in a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Steps of workers.
    pub steps: usize,
    /// Transactions committed.
    pub commits: usize,
    /// Crashes by the point at which they struck.
    pub crashes: BTreeMap<CrashPoint, usize>,
    /// Transactions whose outcome was not told.
    pub doubts: usize,
}

/// What a worker does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Down,
    Idle,
    Processed,
    Sent,
    Committed,
}

/// A topology in memory.
#[derive(Debug)]
pub struct TopologyDriver {
    settings: Settings,
    broker: Broker,
    codec: Codec,
    dice: Dice,
    workers: Vec<(Worker, Phase)>,
    /// When each worker was last given a tick.
    ticked: Vec<Timestamp>,
    calls: Calls,
    report: Report,
}

impl TopologyDriver {
    /// A topology of the processors that `factories` make. They start with the first step.
    #[must_use]
    pub fn new(settings: Settings, factories: &[fn() -> Box<dyn Erased>]) -> Self {
        Self::with(settings, |_| factories.iter().map(|make| Box::new(*make) as Factory).collect())
    }

    /// As [`Self::new`], where `factories` is asked anew for each round of workers, so that it can hand out closures.
    #[must_use]
    pub fn with(settings: Settings, factories: impl Fn(usize) -> Vec<Factory>) -> Self {
        let count = settings.workers.max(1);
        let mut workers = Vec::new();
        let partitions = settings.partitions.max(settings.raw_partitions);
        for index in 0..count {
            for make in factories(index) {
                let own = (0..partitions).filter(|partition| usize::try_from(*partition).unwrap_or_default() % count == index).collect();
                workers.push((Worker::new(make, own, settings.backend.clone()).of_version(settings.version), Phase::Down));
            }
        }
        Self {
            broker: Broker::new(settings.partitions, settings.raw_partitions),
            codec: crate::codec(),
            dice: Dice::new(settings.seed),
            ticked: vec![Timestamp::MIN; workers.len()],
            calls: Calls::default(),
            workers,
            report: Report::default(),
            settings,
        }
    }

    /// Sets the clock that the broker stamps records with.
    pub fn set_now(&mut self, now: Timestamp) {
        self.broker.set_now(now);
    }

    /// Lets time pass: processors that want ticks are given one, at steps drawn from the seed, if it is a second or more.
    pub fn advance(&mut self, by: Duration) {
        let micros = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        self.broker.set_now(Timestamp::from_micros(self.broker.now().micros().saturating_add(micros)));
    }

    /// Makes this the other side of a processor's calls. A call reaches it after a while drawn from the seed, unless its deadline passes first, and once at most;
    /// its answer comes back after another while, or never. A worker that dies loses its calls, whether they have reached the other side or not.
    pub fn answer_calls(&mut self, processor: &'static str, other_side: impl FnMut(&Request, Timestamp) -> Result<Vec<u8>, CallError> + 'static) {
        self.calls.answer_with(processor, Box::new(other_side));
    }

    /// Appends a record to a topic, at the clock's time. Gives its partition and offset.
    pub fn produce(&mut self, record: &InputRecord<'_>) -> (i32, i64) {
        self.broker.produce(record)
    }

    /// One step of one worker or call, drawn from the seed. Gives false if there was nothing to do.
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub fn step(&mut self) -> Result<bool, WorkerError> {
        let ready: Vec<usize> = (0..self.workers.len()).filter(|index| self.has_work(*index)).collect();
        let choice = self.dice.below(ready.len() + self.calls.len());
        let Some(index) = ready.get(choice).copied() else { return Ok(self.step_call(choice - ready.len())) };
        self.report.steps += 1;
        let next = self.proceed(index)?;
        self.workers[index].1 = next;
        Ok(true)
    }

    /// Steps until every input is read and committed, and every worker rests.
    ///
    /// # Errors
    /// [`WorkerError::NotQuiet`] if that takes more steps than the settings allow; else see [`WorkerError`].
    pub fn run_until_quiet(&mut self) -> Result<(), WorkerError> {
        for _ in 0..self.settings.steps_max {
            if !self.step()? {
                return Ok(());
            }
        }
        Err(WorkerError::NotQuiet(self.settings.steps_max))
    }

    /// What happened so far.
    #[must_use]
    pub const fn report(&self) -> &Report {
        &self.report
    }

    /// The committed records of a topic, decoded.
    ///
    /// # Errors
    /// The first record that cannot be decoded.
    pub fn outputs<C: Contract>(&self, topic: Topic<C>) -> Result<Vec<Output<'_, C::Value<'_>>>, CodecError> {
        output::read::<C>(&self.broker, &self.codec, topic.name())
    }

    /// The values of [`Self::outputs`].
    ///
    /// # Errors
    /// The first record that cannot be decoded.
    pub fn values<C: Contract>(&self, topic: Topic<C>) -> Result<Vec<C::Value<'_>>, CodecError> {
        output::values::<C>(&self.broker, &self.codec, topic.name())
    }

    /// The committed dead letters of all processors.
    ///
    /// # Errors
    /// The first record that cannot be decoded.
    pub fn dead_letters(&self) -> Result<Vec<DeadLetter<'_>>, CodecError> {
        let mut letters = Vec::new();
        for topic in self.broker.topics().filter(|topic| topic.starts_with("dead-letter.")) {
            letters.extend(output::values::<contract::DeadLetter>(&self.broker, &self.codec, topic)?);
        }
        Ok(letters)
    }

    /// A counter of a processor, of committed transactions, over all its workers.
    #[must_use]
    pub fn counter(&self, processor: &str, name: &str) -> u64 {
        self.workers.iter().filter(|(worker, _)| worker.spec().name == processor).filter_map(|(worker, _)| worker.counts().get(name)).sum()
    }

    /// The broker, to read what no other call gives.
    #[must_use]
    pub const fn broker(&self) -> &Broker {
        &self.broker
    }

    fn has_work(&self, index: usize) -> bool {
        let (worker, phase) = &self.workers[index];
        *phase != Phase::Idle
            || worker.has_answers()
            || !worker.readable(&self.broker).is_empty()
            || worker.unread_tables(&self.broker) > 0
            || (worker.spec().ticks && self.broker.now().micros() >= self.ticked[index].micros().saturating_add(TICK_MICROS))
    }

    /// Gives false if there is no such call.
    fn step_call(&mut self, call: usize) -> bool {
        let Some(index) = self.calls.worker_of(call) else { return false };
        self.report.steps += 1;
        let lost = self.dice.one_in(self.settings.faults.lose_answer_one_in);
        let processor = self.workers[index].0.spec().name;
        if let Some((index, partition, answer)) = self.calls.step(call, processor, self.broker.now(), lost) {
            self.workers[index].0.receive(partition, answer);
        }
        true
    }

    fn proceed(&mut self, index: usize) -> Result<Phase, WorkerError> {
        let faults = self.settings.faults;
        let dies = self.dice.one_in(faults.crash_one_in);
        let Self { broker, dice, workers, report, settings, ticked, calls, .. } = self;
        let (worker, phase) = &mut workers[index];
        match phase {
            Phase::Down => {
                // A death in mid-restore strikes somewhere in the first few records, if there are that many.
                let die_after = dies.then(|| dice.below(6));
                if worker.start(broker, die_after)? {
                    return Ok(Phase::Idle);
                }
                *report.crashes.entry(CrashPoint::AmidRestore).or_default() += 1;
                return Ok(Phase::Down);
            }
            Phase::Idle => {
                let count = match settings.batch {
                    BatchSize::Fixed(count) => count.max(1),
                    BatchSize::UpTo(limit) => dice.within(1..=limit.max(1)),
                };
                read_tables(worker, broker, dice, settings.tables_first);
                for _ in 0..count {
                    if worker.has_answers() && dice.one_in(2) {
                        worker.process_answer()?;
                        continue;
                    }
                    let inputs = worker.readable(broker);
                    match dice.pick(&inputs) {
                        Some(input) => worker.process(broker, input)?,
                        None if worker.has_answers() => worker.process_answer()?,
                        None => break,
                    }
                }
                if worker.has_batch() || worker.spec().ticks {
                    worker.tick(broker.now())?;
                    ticked[index] = broker.now();
                }
                if !worker.has_batch() {
                    return Ok(Phase::Idle);
                }
                return Ok(self.die_if(dies, index, CrashPoint::BeforeSend).unwrap_or(Phase::Processed));
            }
            Phase::Processed => {
                if dies && dice.one_in(2) {
                    worker.send(broker, Some(dice.below(4)))?;
                    return Ok(self.die(index, CrashPoint::AmidSend));
                }
                worker.send(broker, None)?;
                return Ok(self.die_if(dies, index, CrashPoint::BeforeCommit).unwrap_or(Phase::Sent));
            }
            Phase::Sent => {
                if dice.one_in(faults.doubt_one_in) {
                    report.doubts += 1;
                    let committed = dice.one_in(2);
                    worker.recover(broker, Outcome::Doubt { committed })?;
                    // What its last tick left may have come to nothing.
                    ticked[index] = Timestamp::MIN;
                    return Ok(Phase::Idle);
                }
                worker.commit(broker);
                report.commits += 1;
            }
            Phase::Committed => {
                worker.apply()?;
                calls.make(index, worker.take_requests());
                return Ok(self.die_if(dies, index, CrashPoint::AfterApply).unwrap_or(Phase::Idle));
            }
        }
        Ok(self.die_if(dies, index, CrashPoint::BeforeApply).unwrap_or(Phase::Committed))
    }

    fn die_if(&mut self, dies: bool, index: usize, point: CrashPoint) -> Option<Phase> {
        dies.then(|| self.die(index, point))
    }

    fn die(&mut self, index: usize, point: CrashPoint) -> Phase {
        *self.report.crashes.entry(point).or_default() += 1;
        let state_lost = self.dice.one_in(self.settings.faults.lose_state_one_in);
        let Self { broker, dice, workers, calls, ticked, .. } = self;
        let worker = &mut workers[index].0;
        // Those that the last commit asked for may have been made before this.
        calls.make(index, worker.take_requests());
        calls.lose(index, worker.spec().name, broker.now(), dice);
        worker.crash(state_lost);
        ticked[index] = Timestamp::MIN;
        Phase::Down
    }
}

/// Reads all that the tables of a worker have, or some of it.
fn read_tables(worker: &mut Worker, broker: &Broker, dice: &mut Dice, all: bool) {
    let mut unread = worker.unread_tables(broker);
    while unread > 0 && (all || !dice.one_in(4)) {
        worker.read_table(broker, dice.below(unread));
        unread = worker.unread_tables(broker);
    }
}
