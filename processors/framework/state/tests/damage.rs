//! Damaged files: they are noticed, and what the changelog says comes back. No wrong answer and no panic of ours on the way.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod support;

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use lineside_api::{AcceptedId, StoreError, TaskStores};
use lineside_schemas::{Codec, Timestamp};
use lineside_state::{Backend, Limits, TaskState};
use support::{ACCEPTED, Changelogs, ORDERS, SPEC, codec};

/// Small, so that there are sorted files and not only a journal, and look-ups read them.
const LIMITS: Limits = Limits { live_keys_bytes: 2000, block_cache_bytes: 0, memtable_bytes: 64 << 10, restore_batch_records: 500, restore_batch_bytes: 1 << 20 };
const KEYS: u64 = 600;
const IDS: u64 = 500;
/// More than is ever written to one file here.
const WRITTEN_MAX: u64 = 2 << 20;

/// A task's files, its changelogs, and what it has to hold.
struct Original {
    root: tempfile::TempDir,
    changelogs: Changelogs,
    codec: Codec,
}

fn open(root: &Path) -> Result<TaskState, StoreError> {
    TaskState::open_with(&SPEC, 0, &Backend::Disk(root.to_owned()), LIMITS)
}

fn key(number: u64) -> Vec<u8> {
    format!("berlin/{number}").into_bytes()
}

fn value(number: u64) -> Option<Vec<u8>> {
    (!number.is_multiple_of(9)).then(|| vec![u8::try_from(number % 251).unwrap(); 200])
}

fn id(number: u64) -> String {
    format!("event-{number}")
}

impl Original {
    fn new() -> Self {
        let original = Self { root: tempfile::tempdir().unwrap(), changelogs: Changelogs::default(), codec: codec() };
        original.filled()
    }

    fn filled(mut self) -> Self {
        let mut state = open(self.root.path()).unwrap();
        for round in 0..2 {
            for number in 0..KEYS {
                let value = if round == 0 { Some(vec![255; 100]) } else { value(number) };
                state.put(ORDERS, &key(number), value.as_deref()).unwrap();
                if number % 50 == 49 {
                    self.commit(&mut state);
                }
            }
        }
        for number in 0..IDS {
            let bucket = i32::try_from(number % 5).unwrap();
            state.accept(ACCEPTED, AcceptedId { source: "mes", event_id: &id(number), bucket, fingerprint: number.cast_signed() }).unwrap();
            state.advance(ACCEPTED, Timestamp::from_micros(number.cast_signed()), i32::MIN).unwrap();
            if number % 50 == 49 {
                self.commit(&mut state);
            }
        }
        drop(state);
        self
    }

    fn commit(&mut self, state: &mut TaskState) {
        state.keep_record();
        let positions = self.changelogs.commit(state, &self.codec);
        state.committed(&mut |store, _| positions[store].0).unwrap();
    }

    /// A copy of the files, to be damaged.
    fn copy(&self) -> tempfile::TempDir {
        let copy = tempfile::tempdir().unwrap();
        // The engine does not open a database without its lock file.
        for path in files(self.root.path()).into_iter().chain([database(self.root.path()).join("lock")]) {
            let target = copy.path().join(path.strip_prefix(self.root.path()).unwrap());
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            let (bytes, length) = written(&path);
            fs::write(&target, bytes).unwrap();
            fs::File::options().write(true).open(&target).unwrap().set_len(length).unwrap();
        }
        copy
    }

    /// Opens damaged files the way the runtime does, until everything is right; gives how often it took.
    fn heal(&self, root: &Path) -> usize {
        for tries in 1..10 {
            let mut state = open(root).unwrap();
            let restored = [ORDERS, ACCEPTED].into_iter().try_for_each(|store| {
                let from = state.position(store).unwrap_or(0);
                for (key, value) in self.changelogs.from(store, from) {
                    state.restore(store, &self.codec, key.as_deref(), value.as_deref())?;
                }
                state.restored(store, self.changelogs.end(store))
            });
            if restored.and_then(|()| compare(&mut state)).is_ok() {
                assert_eq!(state.stream_time(ACCEPTED).unwrap(), Timestamp::from_micros(IDS.cast_signed() - 1));
                return tries;
            }
        }
        panic!("never came right again");
    }
}

/// What the task says, where it says anything: `Err` if a store had to say that it is damaged.
fn compare(state: &mut TaskState) -> Result<(), StoreError> {
    for number in 0..KEYS {
        assert_eq!(state.get(ORDERS, &key(number))?, value(number).as_deref(), "key {number}");
    }
    for number in 0..IDS {
        assert_eq!(state.seen(ACCEPTED, "mes", &id(number))?, Some(number.cast_signed()), "id {number}");
    }
    Ok(())
}

/// What was really written to a file, and its length: journals are longer from the start.
fn written(path: &Path) -> (Vec<u8>, u64) {
    let file = fs::File::open(path).unwrap();
    let length = file.metadata().unwrap().len();
    let mut bytes = Vec::new();
    file.take(WRITTEN_MAX).read_to_end(&mut bytes).unwrap();
    bytes.truncate(bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1));
    assert!((bytes.len() as u64) < WRITTEN_MAX);
    (bytes, length)
}

fn database(root: &Path) -> PathBuf {
    root.join(SPEC.name).join("0").join(ORDERS).join("fjall")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else if path.file_name().is_some_and(|name| name != "LOCK" && name != "lock") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Pseudo-random numbers (splitmix64).
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

#[test]
fn a_flipped_byte_or_a_cut_anywhere_gives_no_wrong_answer() {
    let original = Original::new();
    let names: Vec<_> = files(original.root.path());
    assert!(names.iter().any(|path| path.parent().is_some_and(|folder| folder.ends_with("tables"))), "the keyed store has sorted files: {names:?}");
    let mut seed = 0x000D_A4A6_ED00;
    let mut restored = 0;
    // Every file in turn: flipped at a random place, cut there, and overwritten from there on.
    for (round, path) in names.iter().enumerate().flat_map(|(number, path)| (0..4).map(move |kind| (number * 4 + kind, path))) {
        let copy = original.copy();
        let path = copy.path().join(path.strip_prefix(original.root.path()).unwrap());
        let (mut bytes, length) = written(&path);
        if bytes.is_empty() {
            continue;
        }
        let place = usize::try_from(random(&mut seed) % bytes.len() as u64).unwrap();
        match round % 4 {
            0 => bytes[place] ^= 1 << (random(&mut seed) % 8),
            1 => bytes[place] = !bytes[place],
            2 => bytes.truncate(place),
            _ => bytes[place..].fill(u8::try_from(random(&mut seed) % 256).unwrap()),
        }
        let cut = round % 4 == 2;
        fs::write(&path, bytes).unwrap();
        if !cut {
            fs::File::options().write(true).open(&path).unwrap().set_len(length).unwrap();
        }
        let before = open(copy.path()).unwrap();
        let whole = [ORDERS, ACCEPTED].iter().all(|store| before.position(store) == Some(original.changelogs.end(store) - 1));
        drop(before);
        let tries = original.heal(copy.path());
        restored += usize::from(!whole || tries > 1);
    }
    assert!(restored > names.len(), "most damage matters: {restored} of {} times something had to be restored", names.len() * 4);
}

#[test]
fn whole_files_stay_as_they_are() {
    let original = Original::new();
    let copy = original.copy();
    let mut state = open(copy.path()).unwrap();
    for store in [ORDERS, ACCEPTED] {
        // The changelog ends with the marker of the last transaction.
        assert_eq!(state.position(store), Some(original.changelogs.end(store) - 1));
    }
    compare(&mut state).unwrap();
}

#[test]
fn files_of_another_version_are_replaced() {
    let original = Original::new();
    for store in [ORDERS, ACCEPTED] {
        let copy = original.copy();
        fs::write(copy.path().join(SPEC.name).join("0").join(store).join("FORMAT"), "lineside store of some later kind\n").unwrap();
        let state = open(copy.path()).unwrap();
        assert_eq!(state.position(store), None);
        drop(state);
        assert_eq!(original.heal(copy.path()), 1);
    }
}

#[test]
fn a_missing_or_misplaced_file_of_ids_is_noticed() {
    let original = Original::new();
    let ids = |root: &Path, name: &str| root.join(SPEC.name).join("0").join(ACCEPTED).join(name);
    let damages: [&dyn Fn(&Path); 4] = [
        &|root| fs::remove_file(ids(root, "2.ids")).unwrap(),
        &|root| fs::remove_file(ids(root, "commits")).unwrap(),
        &|root| fs::write(ids(root, "commits"), b"neither length nor checksum nor entry").unwrap(),
        &|root| fs::rename(ids(root, "1.ids"), ids(root, "3.ids")).unwrap(),
    ];
    for damage in damages {
        let copy = original.copy();
        damage(copy.path());
        let position = open(copy.path()).unwrap().position(ACCEPTED);
        assert!(position.is_none_or(|position| position < 10), "{position:?}");
        assert_eq!(original.heal(copy.path()), 1);
    }
}

#[test]
fn a_torn_end_costs_the_last_commits_only() {
    let original = Original::new();
    let copy = original.copy();
    for name in ["3.ids", "commits"] {
        let path = copy.path().join(SPEC.name).join("0").join(ACCEPTED).join(name);
        let length = fs::metadata(&path).unwrap().len();
        fs::File::options().write(true).open(&path).unwrap().set_len(length - 30).unwrap();
        let position = open(copy.path()).unwrap().position(ACCEPTED).unwrap();
        let end = original.changelogs.end(ACCEPTED) - 1;
        assert!(position < end && position > end - 10, "{position} of {end} after {name}");
    }
    assert_eq!(original.heal(copy.path()), 1);
}

#[test]
fn what_no_commit_counts_is_removed_at_the_next_start() {
    let original = Original::new();
    let copy = original.copy();
    let folder = copy.path().join(SPEC.name).join("0").join(ACCEPTED);
    let length = fs::metadata(folder.join("1.ids")).unwrap().len();
    fs::write(folder.join("77.ids"), b"of a bucket that was never committed, or whose removal failed").unwrap();
    fs::File::options().append(true).open(folder.join("1.ids")).unwrap().write_all(b"of a commit that was never finished").unwrap();
    let mut state = open(copy.path()).unwrap();
    assert!(!folder.join("77.ids").exists());
    assert_eq!(fs::metadata(folder.join("1.ids")).unwrap().len(), length);
    compare(&mut state).unwrap();
}

#[test]
fn damage_under_an_open_store_is_an_error_and_heals_without_a_restart() {
    let original = Original::new();
    let copy = original.copy();
    let mut state = open(copy.path()).unwrap();
    let path = copy.path().join(SPEC.name).join("0").join(ACCEPTED).join("2.ids");
    let length = fs::metadata(&path).unwrap().len();
    // Zeros over everything, so that every id of day 2 is hit.
    fs::File::options().write(true).open(&path).unwrap().write_all_at(&vec![0; usize::try_from(length).unwrap()], 0).unwrap();

    assert_eq!(state.seen(ACCEPTED, "mes", &id(1)), Ok(Some(1)), "day 1 is as it was");
    let error = state.seen(ACCEPTED, "mes", &id(2)).unwrap_err();
    assert!(error.to_string().contains("damaged"), "{error}");
    assert_eq!(state.position(ACCEPTED), None, "it has to be restored from the beginning");
    assert!(state.seen(ACCEPTED, "mes", &id(1)).is_err(), "and says nothing before that");
    assert!(state.position(ORDERS).is_some(), "the other store is as it was");

    original.changelogs.restore(&mut state, &original.codec, ACCEPTED);
    compare(&mut state).unwrap();
    drop(state);
    let mut state = open(copy.path()).unwrap();
    assert_eq!(state.position(ACCEPTED), Some(original.changelogs.end(ACCEPTED)));
    compare(&mut state).unwrap();
}

#[test]
fn damage_found_while_open_is_remembered_after_a_crash() {
    let original = Original::new();
    let copy = original.copy();
    let mut state = open(copy.path()).unwrap();
    let path = copy.path().join(SPEC.name).join("0").join(ACCEPTED).join("2.ids");
    let good = fs::read(&path).unwrap();
    fs::write(&path, vec![0; good.len()]).unwrap();
    assert!(state.seen(ACCEPTED, "mes", &id(2)).is_err());
    drop(state);
    // Even if the file looks well again: whatever happened to it, it is not trusted any more.
    fs::write(&path, good).unwrap();
    assert_eq!(open(copy.path()).unwrap().position(ACCEPTED), None);
}
