//! What a process says about its health: whether its stream threads make progress, and what each of them waits for.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use lineside_topology::ProcessorSpec;
use serde_json::{Value, json};

use crate::metrics::Metrics;

/// What a stream thread is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doing {
    /// Checks topics and schemas, and connects.
    Starting,
    /// Cannot start yet: Kafka or the registry is down, or a run ended with an error. The reason, as logged.
    Waiting(String),
    /// Reads the tables of its processors, before it joins their groups.
    ReadingTables,
    /// Replays changelogs for this processor's new partitions.
    Restoring(&'static str),
    /// Finds out, after a doubt, what was committed. The doubt, as logged.
    Recovering(String),
    /// Polls, processes and commits.
    Running,
    /// Was told to stop.
    Stopped,
}

impl Doing {
    const fn word(&self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Waiting(_) => "waiting",
            Self::ReadingTables => "reading-tables",
            Self::Restoring(_) => "restoring",
            Self::Recovering(_) => "recovering",
            Self::Running => "running",
            Self::Stopped => "stopped",
        }
    }

    fn reason(&self) -> Option<&str> {
        match self {
            Self::Waiting(reason) | Self::Recovering(reason) => Some(reason),
            _ => None,
        }
    }
}

/// A hosted processor, as its thread sees it.
#[derive(Debug, Clone)]
struct HostedSays {
    spec: &'static ProcessorSpec,
    joined: bool,
    assigned: usize,
}

#[derive(Debug, Clone)]
struct Says {
    doing: Doing,
    hosted: Vec<HostedSays>,
}

/// What a stream thread says about itself. The thread writes, HTTP reads.
#[derive(Debug)]
pub struct Pulse {
    name: String,
    epoch: Instant,
    last_beat_ms: AtomicU64,
    /// One more than the index of the processor whose code runs; 0 outside.
    inside: AtomicUsize,
    says: Mutex<Says>,
}

impl Default for Pulse {
    fn default() -> Self {
        Self::of(0)
    }
}

impl Pulse {
    /// The pulse of the stream thread of this number.
    #[must_use]
    pub fn of(index: usize) -> Self {
        let name = format!("stream-{index}");
        let says = Says { doing: Doing::Starting, hosted: Vec::new() };
        Self { name, epoch: Instant::now(), last_beat_ms: AtomicU64::new(0), inside: AtomicUsize::new(0), says: Mutex::new(says) }
    }

    /// The thread makes progress at `now`.
    pub fn beat(&self, now: Instant) {
        let elapsed = now.saturating_duration_since(self.epoch);
        // Called for every record: `as_millis` would divide 128 bits.
        self.last_beat_ms.store(elapsed.as_secs() * 1000 + u64::from(elapsed.subsec_millis()), Ordering::Relaxed);
    }

    /// The code of the processor of this index runs from now on.
    pub fn enter(&self, index: usize) {
        self.inside.store(index + 1, Ordering::Relaxed);
    }

    /// It has returned.
    pub fn leave(&self) {
        self.inside.store(0, Ordering::Relaxed);
    }

    /// What the thread is about from now on.
    pub fn say(&self, doing: Doing) {
        self.with(|says| says.doing = doing);
    }

    /// The processors that it hosts from now on, none of which has joined its group yet.
    pub fn host(&self, specs: impl Iterator<Item = &'static ProcessorSpec>) {
        self.with(|says| says.hosted = specs.map(|spec| HostedSays { spec, joined: false, assigned: 0 }).collect());
    }

    /// The processor of this index has joined its group or not, and has so many partitions.
    pub fn assigned(&self, index: usize, joined: bool, partitions: usize) {
        self.with(|says| {
            if let Some(hosted) = says.hosted.get_mut(index) {
                (hosted.joined, hosted.assigned) = (joined, partitions);
            }
        });
    }

    /// Name of the thread.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Time since the thread was last seen to make progress; a restore that moves on is progress of the threads that wait for it.
    #[must_use]
    pub fn age(&self, now: Instant, metrics: &Metrics) -> Duration {
        let mut last = self.epoch + Duration::from_millis(self.last_beat_ms.load(Ordering::Relaxed));
        if let Doing::Restoring(_) | Doing::Recovering(_) = self.says().doing {
            last = last.max(metrics.restore_clock.last());
        }
        now.saturating_duration_since(last)
    }

    fn says(&self) -> Says {
        // Nothing panics with the lock held.
        self.says.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    fn with(&self, change: impl FnOnce(&mut Says)) {
        change(&mut self.says.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }

    /// Name of the processor whose code runs.
    fn inside(&self) -> Option<&'static str> {
        let index = self.inside.load(Ordering::Relaxed).checked_sub(1)?;
        self.says().hosted.get(index).map(|hosted| hosted.spec.name)
    }
}

/// How long a thread may be silent before it counts as stuck.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// In a processor's code, which does no I/O.
    pub inside: Duration,
    /// Elsewhere: calls of Kafka give up by themselves, the longest sequence of them after a minute.
    pub elsewhere: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { inside: Duration::from_secs(30), elsewhere: Duration::from_secs(90) }
    }
}

/// The health of a process.
#[derive(Debug, Clone)]
pub struct Health {
    /// Its metrics.
    pub metrics: Metrics,
    /// Its stream threads.
    pub pulses: Vec<Arc<Pulse>>,
    /// What counts as stuck.
    pub patience: Patience,
}

impl Health {
    /// Whether every stream thread makes progress, and which does not since when.
    #[must_use]
    pub fn live(&self, now: Instant) -> (bool, Value) {
        let threads: Vec<(bool, Value)> = self.pulses.iter().map(|pulse| self.thread_live(pulse, now)).collect();
        let live = threads.iter().all(|(live, _)| *live);
        (live, json!({ "live": live, "threads": threads.into_iter().map(|(_, thread)| thread).collect::<Vec<_>>() }))
    }

    fn thread_live(&self, pulse: &Pulse, now: Instant) -> (bool, Value) {
        let (age, inside) = (pulse.age(now, &self.metrics), pulse.inside());
        let live = age <= if inside.is_some() { self.patience.inside } else { self.patience.elsewhere };
        let says = pulse.says();
        let mut thread = json!({ "thread": pulse.name, "live": live, "doing": says.doing.word(), "silent_seconds": age.as_secs() });
        if let Some(processor) = inside {
            thread["processor"] = processor.into();
        }
        (live, thread)
    }

    /// Whether the groups have given every stream thread its share of the partitions (none, if there are fewer than members) and their stores are
    /// restored; and for each thread and processor what is still waited for.
    #[must_use]
    pub fn ready(&self) -> (bool, Value) {
        let threads: Vec<(bool, Value)> = self.pulses.iter().map(|pulse| self.thread_ready(pulse)).collect();
        let ready = threads.iter().all(|(ready, _)| *ready);
        (ready, json!({ "ready": ready, "threads": threads.into_iter().map(|(_, thread)| thread).collect::<Vec<_>>() }))
    }

    fn thread_ready(&self, pulse: &Pulse) -> (bool, Value) {
        let says = pulse.says();
        let ready = says.doing == Doing::Running && !says.hosted.is_empty() && says.hosted.iter().all(|hosted| hosted.joined);
        let processors: Vec<Value> = says.hosted.iter().map(|hosted| self.processor_ready(hosted)).collect();
        let mut thread = json!({ "thread": pulse.name, "ready": ready, "doing": says.doing.word(), "processors": processors });
        if let Some(reason) = says.doing.reason() {
            thread["reason"] = reason.into();
        }
        (ready, thread)
    }

    /// What is left to restore counts over all threads of the process.
    fn processor_ready(&self, hosted: &HostedSays) -> Value {
        let left = |store: &str| self.metrics.restore_remaining.with_label_values(&[hosted.spec.name, store]).get();
        let stores = hosted.spec.stores.iter().map(|store| (store.name, left(store.name))).filter(|(_, left)| *left > 0);
        let restoring: Vec<Value> = stores.map(|(store, left)| json!({ "store": store, "remaining_records": left })).collect();
        json!({ "processor": hosted.spec.name, "joined": hosted.joined, "assigned_partitions": hosted.assigned, "restoring": restoring })
    }
}

#[cfg(test)]
mod tests {
    use lineside_topology::processors::{DEDUPLICATOR, NORMALIZER};

    use super::*;
    use crate::metrics::RestoreProgress;

    fn health() -> (Health, Arc<Pulse>) {
        let pulse = Arc::new(Pulse::of(0));
        pulse.host([&NORMALIZER, &DEDUPLICATOR].into_iter());
        (Health { metrics: Metrics::new().unwrap(), pulses: vec![Arc::clone(&pulse), Arc::new(Pulse::of(1))], patience: Patience::default() }, pulse)
    }

    #[test]
    fn a_thread_that_does_not_return_from_a_processor_is_named_with_it() {
        let (health, pulse) = health();
        let start = pulse.epoch;
        health.pulses[1].beat(start + Duration::from_secs(1_000));
        pulse.beat(start + Duration::from_secs(1_000));
        pulse.say(Doing::Running);
        pulse.enter(1);
        assert!(health.live(start + Duration::from_secs(1_030)).0);
        let (live, body) = health.live(start + Duration::from_secs(1_031));
        assert!(!live);
        assert_eq!(
            body,
            json!({ "live": false, "threads": [
                { "thread": pulse.name(), "live": false, "doing": "running", "silent_seconds": 31, "processor": "deduplicator" },
                { "thread": health.pulses[1].name(), "live": true, "doing": "starting", "silent_seconds": 31 },
            ] })
        );
        pulse.leave();
        assert!(health.live(start + Duration::from_secs(1_031)).0, "calls of Kafka may take longer");
        assert!(!health.live(start + Duration::from_secs(1_091)).0, "but not for ever");
    }

    #[test]
    fn a_restore_that_moves_on_is_life() {
        let (mut health, pulse) = health();
        health.pulses.truncate(1);
        pulse.say(Doing::Restoring("deduplicator"));
        let restored = {
            std::thread::sleep(Duration::from_millis(5));
            RestoreProgress::new(&health.metrics, "deduplicator", "accepted", 0, 10).replayed(1, 0);
            health.metrics.restore_clock.last()
        };
        assert!(restored > pulse.epoch);
        assert!(health.live(restored + Duration::from_secs(90)).0);
        assert!(!health.live(restored + Duration::from_secs(91)).0);
        pulse.say(Doing::Running);
        assert_eq!(pulse.age(restored, &health.metrics), restored - pulse.epoch, "somebody else's restore is no progress of this thread");
    }

    #[test]
    fn readiness_says_what_each_thread_waits_for() {
        let (health, pulse) = health();
        let store = DEDUPLICATOR.stores[0].name;
        let (ready, body) = health.ready();
        assert!(!ready);
        assert_eq!(body["threads"][1], json!({ "thread": health.pulses[1].name(), "ready": false, "doing": "starting", "processors": [] }));

        pulse.say(Doing::Waiting("Kafka at nowhere: timed out".to_owned()));
        let thread = &health.ready().1["threads"][0];
        assert_eq!((&thread["doing"], &thread["reason"]), (&json!("waiting"), &json!("Kafka at nowhere: timed out")));

        pulse.assigned(0, true, 0);
        pulse.say(Doing::Restoring("deduplicator"));
        let progress = RestoreProgress::new(&health.metrics, "deduplicator", store, 10, 52);
        assert_eq!(
            health.ready().1["threads"][0],
            json!({ "thread": pulse.name(), "ready": false, "doing": "restoring", "processors": [
                { "processor": "normalizer", "joined": true, "assigned_partitions": 0, "restoring": [] },
                { "processor": "deduplicator", "joined": false, "assigned_partitions": 0, "restoring": [{ "store": store, "remaining_records": 42 }] },
            ] })
        );
        drop(progress);

        pulse.say(Doing::Running);
        assert_eq!(health.ready().1["threads"][0]["ready"], false, "one of its groups has not answered");
        pulse.assigned(1, true, 3);
        assert_eq!(health.ready().1["threads"][0]["ready"], true);
        assert!(!health.ready().0, "the other thread is not");
        health.pulses[1].host([&NORMALIZER].into_iter());
        health.pulses[1].assigned(0, true, 1);
        health.pulses[1].say(Doing::Running);
        assert!(health.ready().0);
        pulse.say(Doing::Recovering("fenced".to_owned()));
        assert!(!health.ready().0);
    }
}
