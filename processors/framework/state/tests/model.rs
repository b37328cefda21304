//! Random histories of a task against a simple model: records kept and undone, commits, aborts, crashes between Kafka's commit and ours,
//! interrupted restores, lost disks, torn and flipped files.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod support;

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use lineside_api::{AcceptedId, TaskStores};
use lineside_schemas::{Codec, Timestamp};
use lineside_state::{Backend, Limits, TaskState};
use proptest::prelude::*;
use support::{ACCEPTED, Changelogs, ORDERS, SPEC, codec};

/// Small enough that everything overflows: the cache of live keys, and the batches of a restore.
const LIMITS: Limits = Limits { live_keys_bytes: 1000, block_cache_bytes: 1 << 20, memtable_bytes: 1 << 20, restore_batch_records: 3, restore_batch_bytes: 1 << 20 };
const KEYS: u8 = 6;
const IDS: u8 = 12;

#[derive(Debug, Clone)]
enum Write {
    Put {
        key: u8,
        length: u16,
        fill: u8,
    },
    Delete {
        key: u8,
    },
    Accept {
        id: u8,
        bucket: i32,
        content: i64,
    },
    /// Time goes on by a microsecond, and the window by some days.
    Advance {
        days: i32,
    },
}

#[derive(Debug, Clone)]
enum Damage {
    Cut { file: usize, at: f64 },
    Flip { file: usize, at: f64, bit: u8 },
}

#[derive(Debug, Clone)]
enum Step {
    Record {
        writes: Vec<Write>,
        kept: bool,
    },
    Commit,
    Abort,
    /// The process ends; what the transaction wrote is committed in Kafka or is not. A restore may be interrupted after some records.
    Crash {
        committed_in_kafka: bool,
        interrupted_after: Option<usize>,
        damage: Option<Damage>,
    },
    LoseDisk,
    Wipe,
}

fn write() -> impl Strategy<Value = Write> {
    prop_oneof![
        4 => (0..KEYS, 0..300_u16, any::<u8>()).prop_map(|(key, length, fill)| Write::Put { key, length, fill }),
        1 => (0..KEYS).prop_map(|key| Write::Delete { key }),
        4 => (0..IDS, 0..8_i32, any::<i64>()).prop_map(|(id, bucket, content)| Write::Accept { id, bucket, content }),
        2 => (0..2_i32).prop_map(|days| Write::Advance { days }),
    ]
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        (0..1000_usize, 0.0..1.0).prop_map(|(file, at)| Damage::Cut { file, at }),
        (0..1000_usize, 0.0..1.0, 0..8_u8).prop_map(|(file, at, bit)| Damage::Flip { file, at, bit }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (prop::collection::vec(write(), 0..5), prop::bool::weighted(0.8)).prop_map(|(writes, kept)| Step::Record { writes, kept }),
        4 => Just(Step::Commit),
        1 => Just(Step::Abort),
        2 => (any::<bool>(), prop::option::of(0..6_usize), prop::option::of(damage()))
            .prop_map(|(committed_in_kafka, interrupted_after, damage)| Step::Crash { committed_in_kafka, interrupted_after, damage }),
        1 => Just(Step::LoseDisk),
        1 => Just(Step::Wipe),
    ]
}

/// What a task holds, as simply as it can be said.
#[derive(Debug, Clone, PartialEq)]
struct Model {
    orders: BTreeMap<u8, Vec<u8>>,
    ids: HashMap<u8, (i32, i64)>,
    time: i64,
    oldest: i32,
}

impl Model {
    fn new() -> Self {
        Self { orders: BTreeMap::new(), ids: HashMap::new(), time: i64::MIN, oldest: i32::MIN }
    }

    fn seen(&self, id: u8) -> Option<i64> {
        self.ids.get(&id).filter(|(bucket, _)| *bucket >= self.oldest).map(|(_, content)| *content)
    }

    fn accept(&mut self, id: u8, bucket: i32, content: i64) {
        if self.seen(id).is_none() {
            self.ids.insert(id, (bucket, content));
        }
    }

    fn write(&mut self, write: &Write) {
        match *write {
            Write::Put { key, length, fill } => drop(self.orders.insert(key, vec![fill; usize::from(length)])),
            Write::Delete { key } => drop(self.orders.remove(&key)),
            Write::Accept { id, bucket, content } => self.accept(id, bucket, content),
            Write::Advance { days } => {
                self.time = self.time.max(0) + 1;
                self.oldest = self.oldest.max(0) + days;
            }
        }
    }
}

/// The task under test beside its model.
struct Bench {
    root: Option<tempfile::TempDir>,
    codec: Codec,
    changelogs: Changelogs,
    state: Option<TaskState>,
    committed: Model,
    open: Model,
    /// What the store of ids may be found with, by position. (Its window is in no changelog, so a store that was rebuilt has another one.)
    ids_at: HashMap<i64, Model>,
    scans: u8,
}

fn key(key: u8) -> Vec<u8> {
    format!("berlin/{key}").into_bytes()
}

fn event_id(id: u8) -> String {
    // Some longer than what a look-up reads at first.
    format!("event-{id}-{}", "x".repeat(usize::from(id % 3) * 200))
}

impl Bench {
    fn new(on_disk: bool) -> Self {
        let root = on_disk.then(|| tempfile::tempdir().unwrap());
        let mut bench =
            Self { root, codec: codec(), changelogs: Changelogs::default(), state: None, committed: Model::new(), open: Model::new(), ids_at: HashMap::new(), scans: 0 };
        bench.reopen(None);
        bench
    }

    fn state(&mut self) -> &mut TaskState {
        self.state.as_mut().unwrap()
    }

    fn open_state(&self) -> TaskState {
        let backend = self.root.as_ref().map_or(Backend::Memory, |root| Backend::Disk(root.path().to_owned()));
        TaskState::open_with(&SPEC, 7, &backend, LIMITS).unwrap()
    }

    fn record(&mut self, writes: &[Write], kept: bool) {
        let before = self.open.clone();
        for write in writes {
            self.open.write(write);
            let (time, oldest) = (Timestamp::from_micros(self.open.time), self.open.oldest);
            let state = self.state();
            match write {
                Write::Put { key: number, length, fill } => state.put(ORDERS, &key(*number), Some(&vec![*fill; usize::from(*length)])).unwrap(),
                Write::Delete { key: number } => state.put(ORDERS, &key(*number), None).unwrap(),
                Write::Accept { id, bucket, content } => {
                    state.accept(ACCEPTED, AcceptedId { source: "mes", event_id: &event_id(*id), bucket: *bucket, fingerprint: *content }).unwrap();
                }
                Write::Advance { .. } => state.advance(ACCEPTED, time, oldest).unwrap(),
            }
        }
        self.compare();
        if kept {
            self.state().keep_record();
        } else {
            self.state().undo_record();
            self.open = before;
        }
    }

    /// Commits in Kafka; gives what the stores are to be told.
    fn commit_in_kafka(&mut self) -> HashMap<String, (i64, usize)> {
        let state = self.state.as_ref().unwrap();
        let written = self.changelogs.commit(state, &self.codec);
        assert_eq!(state.is_dirty(), !written.is_empty());
        // A store that has nothing to say keeps its transaction open; only the window can be part of that, and it moves with the clock.
        self.committed = self.open.clone();
        written
    }

    fn commit(&mut self) {
        let mut written = self.commit_in_kafka();
        self.state()
            .committed(&mut |store, records| {
                let (position, count) = written.remove(store).unwrap();
                assert_eq!(records, count, "records of {store}");
                position
            })
            .unwrap();
        assert!(written.is_empty(), "not asked for the position of {written:?}");
        assert_eq!(self.state().overlay_bytes(), 0);
        self.remember();
    }

    fn remember(&mut self) {
        if let Some(position) = self.state().position(ACCEPTED) {
            self.ids_at.insert(position, self.committed.clone());
        }
    }

    fn abort(&mut self) {
        self.state().aborted();
        self.open = self.committed.clone();
    }

    fn crash(&mut self, committed_in_kafka: bool, interrupted_after: Option<usize>, damage: Option<&Damage>) {
        if committed_in_kafka {
            self.commit_in_kafka();
        }
        self.state = None;
        if let (Some(damage), Some(root)) = (damage, &self.root) {
            inflict(damage, root.path());
        }
        self.reopen(interrupted_after);
    }

    fn reopen(&mut self, interrupted_after: Option<usize>) {
        self.state = None;
        let mut state = self.open_state();
        if let Some(records) = interrupted_after {
            let positions = [ORDERS, ACCEPTED].map(|store| state.position(store));
            for (store, position) in [ORDERS, ACCEPTED].into_iter().zip(positions) {
                for (key, value) in self.changelogs.from(store, position.unwrap_or(0)).take(records) {
                    state.restore(store, &self.codec, key.as_deref(), value.as_deref()).unwrap();
                }
            }
            drop(state);
            state = self.open_state();
            if self.root.is_some() {
                assert_eq!([ORDERS, ACCEPTED].map(|store| state.position(store)), positions, "an interrupted restore leaves the position");
            }
        }
        self.state = Some(state);
        self.restore();
    }

    /// Restores what the local stores lack, and does the same with the model.
    fn restore(&mut self) {
        let state = self.state.as_mut().unwrap();
        assert!(state.position(ORDERS).is_none_or(|position| position <= self.changelogs.end(ORDERS)));
        let position = state.position(ACCEPTED);
        if position.is_none() {
            self.ids_at.clear();
        }
        let local = position.map(|position| self.ids_at.get(&position).unwrap_or_else(|| panic!("no commit reached {position}")).clone());
        let mut ids = local.unwrap_or_else(Model::new);
        for (_, value) in self.changelogs.from(ACCEPTED, position.unwrap_or(0)) {
            let frame = self.codec.decode::<lineside_schemas::contract::AcceptedIds>(value.as_ref().unwrap()).unwrap();
            ids.time = ids.time.max(frame.stream_time.micros());
            for id in frame.ids {
                let number = (0..IDS).find(|number| event_id(*number) == id.event_id).unwrap();
                // An id stands twice only if its first bucket had expired by the second time, though the window of then is not known here.
                let known = ids.ids.get(&number).is_some_and(|(bucket, _)| *bucket >= id.bucket);
                if id.bucket >= ids.oldest && !known {
                    ids.ids.insert(number, (id.bucket, id.fingerprint));
                }
            }
        }
        for store in [ORDERS, ACCEPTED] {
            self.changelogs.restore(state, &self.codec, store);
        }
        // Values by key are what Kafka committed, whatever happened here.
        self.committed = Model { orders: self.committed.orders.clone(), ..ids };
        self.open = self.committed.clone();
        self.remember();
        self.compare();
    }

    fn lose_disk(&mut self) {
        self.state = None;
        if let Some(root) = &self.root {
            fs::remove_dir_all(root.path()).unwrap();
        }
        self.reopen(None);
    }

    fn wipe(&mut self) {
        for store in [ORDERS, ACCEPTED] {
            self.state().wipe(store).unwrap();
            assert_eq!(self.state().position(store), None);
        }
        self.restore();
    }

    fn compare(&mut self) {
        let open = self.open.clone();
        self.scans = (self.scans + 1) % KEYS;
        let scans = self.scans;
        let state = self.state();
        // Each time from other places first, as a scan remembers where there was nothing.
        for turn in 0..3 {
            let number = (2 * turn + scans) % KEYS;
            let expected = |from: u8| open.orders.range(from..).next().map(|(number, value)| (key(*number), value.clone()));
            for (from, first) in [(key(number), number), ([key(number), b"\0".to_vec()].concat(), number + 1), (b"".to_vec(), 0), (b"z".to_vec(), KEYS)] {
                let found = state.first_from(ORDERS, &from).unwrap().map(|(key, value)| (key.to_vec(), value.to_vec()));
                assert_eq!(found, expected(first), "from {}", String::from_utf8_lossy(&from));
            }
        }
        for number in 0..KEYS {
            assert_eq!(state.get(ORDERS, &key(number)).unwrap(), open.orders.get(&number).map(Vec::as_slice), "key {number}");
        }
        for id in 0..IDS {
            assert_eq!(state.seen(ACCEPTED, "mes", &event_id(id)).unwrap(), open.seen(id), "id {id} of {open:?}");
            assert_eq!(state.seen(ACCEPTED, "plc", &event_id(id)).unwrap(), None, "an id belongs to its source");
        }
        assert_eq!(state.stream_time(ACCEPTED).unwrap().micros(), open.time);
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Record { writes, kept } => self.record(writes, *kept),
            Step::Commit => self.commit(),
            Step::Abort => self.abort(),
            Step::Crash { committed_in_kafka, interrupted_after, damage } => self.crash(*committed_in_kafka, *interrupted_after, damage.as_ref()),
            Step::LoseDisk => self.lose_disk(),
            Step::Wipe => self.wipe(),
        }
        self.compare();
    }
}

/// How many histories to try, unless `PROPTEST_CASES` says something else.
fn histories(usual: u32) -> ProptestConfig {
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { ProptestConfig::default().cases } else { usual };
    ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 500, ..ProptestConfig::default() }
}

/// Damages some file at some place of what was really written to it: journals are longer than that from the start.
fn inflict(damage: &Damage, root: &Path) {
    let mut files = Vec::new();
    list(root, &mut files);
    files.sort();
    let (Damage::Cut { file, at } | Damage::Flip { file, at, .. }) = damage;
    let path = &files[file % files.len()];
    let mut bytes = fs::read(path).unwrap();
    let written = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place within a small file")]
    let place = (written as f64 * at) as usize;
    match damage {
        Damage::Cut { .. } => bytes.truncate(place),
        Damage::Flip { bit, .. } => {
            if let Some(byte) = bytes.get_mut(place) {
                *byte ^= 1 << bit;
            }
        }
    }
    fs::write(path, bytes).unwrap();
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            list(&path, files);
        } else if path.file_name().is_some_and(|name| name != "LOCK" && name != "lock") {
            files.push(path);
        }
    }
}

proptest! {
    #![proptest_config(histories(300))]

    #[test]
    fn in_memory_a_task_holds_what_the_model_holds(steps in prop::collection::vec(step(), 1..40)) {
        let mut bench = Bench::new(false);
        for step in &steps {
            bench.take(step);
        }
    }
}

proptest! {
    #![proptest_config(histories(40))]

    #[test]
    fn on_disk_a_task_holds_what_the_model_holds_through_crashes_and_damage(steps in prop::collection::vec(step(), 1..30)) {
        let mut bench = Bench::new(true);
        for step in &steps {
            bench.take(step);
        }
    }
}
