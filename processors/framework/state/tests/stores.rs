//! What a task's stores promise, one behaviour at a time.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod support;

use std::fs;
use std::path::Path;
use std::time::Duration;

use lineside_api::{AcceptedId, StoreError, TaskStores};
use lineside_schemas::Timestamp;
use lineside_schemas::contract::AcceptedIds;
use lineside_state::{Backend, StoreStats, TaskState};
use support::{ACCEPTED, Changelogs, ORDERS, SPEC, codec};

fn on_disk(root: &Path) -> TaskState {
    TaskState::open(&SPEC, 3, &Backend::Disk(root.to_owned())).unwrap()
}

fn in_memory() -> TaskState {
    TaskState::open(&SPEC, 3, &Backend::Memory).unwrap()
}

fn accept(state: &mut TaskState, event_id: &str, bucket: i32) {
    state.accept(ACCEPTED, AcceptedId { source: "mes", event_id, bucket, fingerprint: 42 }).unwrap();
}

fn seen(state: &mut TaskState, event_id: &str) -> bool {
    state.seen(ACCEPTED, "mes", event_id).unwrap() == Some(42)
}

fn stats(state: &TaskState, store: &str) -> StoreStats {
    state.stats().into_iter().find(|stats| stats.store == store).unwrap()
}

/// A changelog record: store, key, value.
type Record = (String, Option<Vec<u8>>, Option<Vec<u8>>);

/// Changelog records of the open transaction.
fn changelog(state: &TaskState) -> Vec<Record> {
    let mut records = Vec::new();
    state.changelog(&codec(), &mut |store, key, value| records.push((store.to_owned(), key.map(<[u8]>::to_vec), value.map(<[u8]>::to_vec)))).unwrap();
    records
}

/// Stream time and event ids of a frame.
fn frame(value: &[u8]) -> (i64, Vec<String>) {
    let codec = codec();
    let frame = codec.decode::<AcceptedIds>(value).unwrap();
    (frame.stream_time.micros(), frame.ids.iter().map(|id| id.event_id.to_owned()).collect())
}

#[test]
fn a_new_store_has_no_position_and_is_empty() {
    let root = tempfile::tempdir().unwrap();
    for mut state in [in_memory(), on_disk(root.path())] {
        assert_eq!([ORDERS, ACCEPTED].map(|store| state.position(store)), [None, None]);
        assert_eq!(state.get(ORDERS, b"berlin/1").unwrap(), None);
        assert!(!seen(&mut state, "a"));
        assert_eq!(state.stream_time(ACCEPTED).unwrap(), Timestamp::MIN);
        assert!(!state.is_dirty());
        assert_eq!(changelog(&state), []);
    }
}

#[test]
fn a_processor_without_stores_needs_no_folder() {
    let root = tempfile::tempdir().unwrap();
    let spec = lineside_topology::processors::processor("erp-publisher").unwrap();
    assert!(spec.stores.is_empty());
    let mut state = TaskState::open(spec, 0, &Backend::Disk(root.path().to_owned())).unwrap();
    state.committed(&mut |store, _| panic!("asked for {store}")).unwrap();
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
}

#[test]
fn names_that_are_not_in_the_row_or_of_the_other_kind_are_refused() {
    let mut state = in_memory();
    assert_eq!(state.get("no-such", b"k"), Err(StoreError::Unknown));
    assert_eq!(state.get(ACCEPTED, b"k"), Err(StoreError::Unknown));
    assert_eq!(state.seen(ORDERS, "mes", "a"), Err(StoreError::Unknown));
    assert_eq!(state.wipe("no-such"), Err(StoreError::Unknown));
    assert_eq!(state.position("no-such"), None);
}

#[test]
fn the_changelog_has_each_dirty_key_once_in_order_and_a_frame_of_ids() {
    let mut state = in_memory();
    for (key, value) in [("b", Some("1")), ("a", Some("2")), ("b", Some("3")), ("c", None)] {
        state.put(ORDERS, key.as_bytes(), value.map(str::as_bytes)).unwrap();
        state.keep_record();
    }
    state.put(ORDERS, b"d", Some(b"refused")).unwrap();
    accept(&mut state, "refused", 1);
    state.undo_record();
    accept(&mut state, "first", 1);
    accept(&mut state, "second", 2);
    accept(&mut state, "first", 3);
    state.advance(ACCEPTED, Timestamp::from_micros(77), 0).unwrap();
    state.keep_record();

    let records = changelog(&state);
    let keyed: Vec<_> = records.iter().filter(|(store, ..)| store == ORDERS).map(|(_, key, value)| (key.as_deref().unwrap(), value.as_deref())).collect();
    assert_eq!(keyed, [(&b"a"[..], Some(&b"2"[..])), (b"b", Some(b"3")), (b"c", None)]);
    let [(_, None, Some(value))] = &records[3..] else { panic!("{records:?}") };
    assert_eq!(frame(value), (77, vec!["first".to_owned(), "second".to_owned()]));
    assert_eq!(changelog(&state), records, "asking changes nothing");

    let mut asked = Vec::new();
    state
        .committed(&mut |store, records| {
            asked.push((store.to_owned(), records));
            10
        })
        .unwrap();
    assert_eq!(asked, [(ORDERS.to_owned(), 3), (ACCEPTED.to_owned(), 1)]);
    assert_eq!((changelog(&state), state.overlay_bytes()), (Vec::new(), 0));
    assert_eq!([ORDERS, ACCEPTED].map(|store| state.position(store)), [Some(10), Some(10)]);
}

#[test]
fn a_clock_that_moved_alone_is_a_frame_without_ids_and_comes_back() {
    let root = tempfile::tempdir().unwrap();
    let mut state = on_disk(root.path());
    state.advance(ACCEPTED, Timestamp::from_micros(5), 2).unwrap();
    state.keep_record();
    assert!(state.is_dirty());
    let records = changelog(&state);
    let [(store, None, Some(value))] = records.as_slice() else { panic!("{records:?}") };
    assert_eq!((store.as_str(), frame(value)), (ACCEPTED, (5, vec![])));
    state.committed(&mut |_, _| 1).unwrap();
    drop(state);
    let mut state = on_disk(root.path());
    assert_eq!((state.position(ACCEPTED), state.stream_time(ACCEPTED).unwrap()), (Some(1), Timestamp::from_micros(5)));
    state.advance(ACCEPTED, Timestamp::from_micros(4), 0).unwrap();
    assert!(!state.is_dirty(), "a clock does not go back");
    assert_eq!(state.stream_time(ACCEPTED).unwrap(), Timestamp::from_micros(5));
}

#[test]
fn large_transactions_of_ids_are_split_into_frames_that_kafka_takes() {
    let mut state = in_memory();
    for number in 0..20_000 {
        accept(&mut state, &format!("event-number-{number:08}"), 1);
    }
    state.keep_record();
    let records = changelog(&state);
    assert!(records.len() > 2);
    let mut ids = Vec::new();
    for (_, _, value) in &records {
        let value = value.as_deref().unwrap();
        assert!(value.len() <= 256 << 10, "{}", value.len());
        ids.extend(frame(value).1);
    }
    assert!(ids.iter().enumerate().all(|(number, id)| *id == format!("event-number-{number:08}")) && ids.len() == 20_000);
}

#[test]
fn an_id_that_was_missed_before_something_changed_is_looked_up_again() {
    let mut state = in_memory();
    accept(&mut state, "a", 1);
    state.keep_record();
    // Missed only because its bucket is expired in this record, which is undone.
    state.advance(ACCEPTED, Timestamp::EPOCH, 2).unwrap();
    assert!(!seen(&mut state, "a"));
    state.undo_record();
    accept(&mut state, "a", 1);
    // Missed, then accepted twice.
    assert!(!seen(&mut state, "b"));
    accept(&mut state, "b", 1);
    accept(&mut state, "b", 1);
    // Missed, then another one is accepted.
    assert!(!seen(&mut state, "c"));
    accept(&mut state, "b", 1);
    state.keep_record();
    state.committed(&mut |_, _| 1).unwrap();
    assert_eq!(stats(&state, ACCEPTED).entries, 2);
}

#[test]
fn an_id_accepted_again_after_it_expired_is_restored_in_its_last_bucket() {
    let codec = codec();
    let mut changelogs = Changelogs::default();
    let mut written = in_memory();
    for (bucket, oldest) in [(1, 1), (5, 3)] {
        written.advance(ACCEPTED, Timestamp::from_micros(bucket.into()), oldest).unwrap();
        written.accept(ACCEPTED, AcceptedId { source: "mes", event_id: "again", bucket, fingerprint: bucket.into() }).unwrap();
        written.keep_record();
        let positions = changelogs.commit(&written, &codec);
        written.committed(&mut |store, _| positions[store].0).unwrap();
    }
    let root = tempfile::tempdir().unwrap();
    for mut restored in [in_memory(), on_disk(root.path())] {
        changelogs.restore(&mut restored, &codec, ACCEPTED);
        for oldest in [0, 1, 2, 5] {
            restored.advance(ACCEPTED, Timestamp::from_micros(9), oldest).unwrap();
            assert_eq!(restored.seen(ACCEPTED, "mes", "again").unwrap(), Some(5), "window from {oldest}");
        }
        restored.advance(ACCEPTED, Timestamp::from_micros(9), 6).unwrap();
        assert_eq!(restored.seen(ACCEPTED, "mes", "again").unwrap(), None);
    }
}

#[test]
fn an_id_is_looked_up_in_all_buckets_and_belongs_to_its_source() {
    let root = tempfile::tempdir().unwrap();
    for mut state in [in_memory(), on_disk(root.path())] {
        // More days than files are kept open.
        for day in -20..20 {
            accept(&mut state, &format!("of day {day}"), day);
        }
        state.committed(&mut |_, _| 1).unwrap();
        for day in -20..20 {
            assert!(seen(&mut state, &format!("of day {day}")), "{day}");
            assert_eq!(state.seen(ACCEPTED, "mes-2", &format!("of day {day}")), Ok(None));
        }
        // Where source ends and id begins counts.
        assert_eq!(state.seen(ACCEPTED, "me", "sof day 1"), Ok(None));
    }
}

#[test]
fn expired_buckets_are_forgotten_at_the_commit_and_give_back_memory_and_disk() {
    let root = tempfile::tempdir().unwrap();
    let mut state = on_disk(root.path());
    for number in 0..20_000 {
        accept(&mut state, &format!("old {number}"), 1);
    }
    accept(&mut state, "young", 2);
    state.keep_record();
    state.committed(&mut |_, _| 1).unwrap();
    let full = stats(&state, ACCEPTED);
    assert_eq!(full.entries, 20_001);

    state.advance(ACCEPTED, Timestamp::from_micros(1), 2).unwrap();
    assert!(!seen(&mut state, "old 7") && seen(&mut state, "young"));
    state.aborted();
    assert!(seen(&mut state, "old 7"), "an aborted transaction expires nothing");

    for commit in 2..40 {
        state.advance(ACCEPTED, Timestamp::from_micros(commit), 2).unwrap();
        state.keep_record();
        state.committed(&mut |_, _| commit).unwrap();
        assert!(!seen(&mut state, "old 7") && seen(&mut state, "young"));
    }
    let rest = stats(&state, ACCEPTED);
    assert_eq!(rest.entries, 1);
    assert!(rest.memory_bytes * 10 < full.memory_bytes && rest.disk_bytes * 10 < full.disk_bytes, "{full:?} became {rest:?}");
    drop(state);
    let mut state = on_disk(root.path());
    assert!(!seen(&mut state, "old 7") && seen(&mut state, "young"));
}

#[test]
fn restoring_the_same_records_again_changes_nothing() {
    let mut written = in_memory();
    let mut changelogs = Changelogs::default();
    let codec = codec();
    for number in 0..100_i32 {
        written.put(ORDERS, format!("berlin/{}", number % 10).as_bytes(), (number % 3 > 0).then_some(&number.to_le_bytes())).unwrap();
        accept(&mut written, &format!("event {number}"), number / 10);
        written.advance(ACCEPTED, Timestamp::from_micros(number.into()), i32::MIN).unwrap();
        written.keep_record();
        let positions = changelogs.commit(&written, &codec);
        written.committed(&mut |store, _| positions[store].0).unwrap();
    }
    let root = tempfile::tempdir().unwrap();
    for mut state in [in_memory(), on_disk(root.path())] {
        for _ in 0..3 {
            for store in [ORDERS, ACCEPTED] {
                for (key, value) in changelogs.from(store, 0) {
                    state.restore(store, &codec, key.as_deref(), value.as_deref()).unwrap();
                }
                state.restored(store, changelogs.end(store)).unwrap();
                assert_eq!(state.position(store), Some(changelogs.end(store)));
            }
            assert_eq!(stats(&state, ACCEPTED).entries, 100);
            assert!((0..100).all(|number| seen(&mut state, &format!("event {number}"))));
            assert_eq!(state.stream_time(ACCEPTED).unwrap(), Timestamp::from_micros(99));
            for number in 0..10 {
                let key = format!("berlin/{number}");
                assert_eq!(state.get(ORDERS, key.as_bytes()), written.get(ORDERS, key.as_bytes()), "{key}");
            }
            assert!(!state.is_dirty());
        }
    }
}

#[test]
fn what_is_restored_replaces_what_was_read_before() {
    let root = tempfile::tempdir().unwrap();
    let mut state = on_disk(root.path());
    for (key, value) in [("changed", "old"), ("deleted", "old")] {
        state.put(ORDERS, key.as_bytes(), Some(value.as_bytes())).unwrap();
    }
    state.keep_record();
    state.committed(&mut |_, _| 1).unwrap();
    assert_eq!(state.get(ORDERS, b"changed").unwrap(), Some(&b"old"[..]));
    state.restore(ORDERS, &codec(), Some(b"changed"), Some(b"new")).unwrap();
    state.restore(ORDERS, &codec(), Some(b"deleted"), None).unwrap();
    state.restored(ORDERS, 3).unwrap();
    assert_eq!(state.get(ORDERS, b"changed").unwrap(), Some(&b"new"[..]));
    assert_eq!(state.get(ORDERS, b"deleted").unwrap(), None);
}

#[test]
fn changelog_records_of_somebody_else_are_refused() {
    let mut state = in_memory();
    let codec = codec();
    for (store, key, value) in [(ORDERS, None, Some(&b"value"[..])), (ACCEPTED, None, None), (ACCEPTED, None, Some(b"\0\0\0\0\x08nonsense")), (ACCEPTED, None, Some(b""))]
    {
        assert!(matches!(state.restore(store, &codec, key, value), Err(StoreError::Io(_))), "{store} {value:?}");
    }
}

#[test]
fn a_key_that_no_file_takes_is_refused_in_words() {
    let mut state = in_memory();
    let error = state.put(ORDERS, &vec![b'k'; 70_000], Some(b"value")).unwrap_err();
    assert!(error.to_string().contains("70000 bytes"), "{error}");
    assert!(!state.is_dirty());
}

#[test]
fn a_wiped_store_stays_wiped_and_the_other_one_stays() {
    let root = tempfile::tempdir().unwrap();
    for wiped in [ORDERS, ACCEPTED] {
        let mut state = on_disk(root.path());
        state.put(ORDERS, b"berlin/1", Some(b"value")).unwrap();
        accept(&mut state, "a", 1);
        state.advance(ACCEPTED, Timestamp::EPOCH, 0).unwrap();
        state.keep_record();
        state.committed(&mut |_, _| 9).unwrap();
        state.wipe(wiped).unwrap();
        for again in 0..2 {
            let left = [ORDERS, ACCEPTED].map(|store| state.position(store).is_some());
            assert_eq!(left, [wiped != ORDERS, wiped != ACCEPTED], "{wiped} {again}");
            assert_eq!(state.get(ORDERS, b"berlin/1").unwrap().is_some(), wiped != ORDERS);
            assert_eq!(seen(&mut state, "a"), wiped != ACCEPTED);
            drop(state);
            state = on_disk(root.path());
        }
    }
}

#[test]
fn a_task_is_open_once_at_a_time_and_partitions_are_apart() {
    let root = tempfile::tempdir().unwrap();
    let mut held = on_disk(root.path());
    let second = TaskState::open(&SPEC, 3, &Backend::Disk(root.path().to_owned()));
    assert!(matches!(second, Err(StoreError::Io(why)) if why.contains("in use")));
    let mut other = TaskState::open(&SPEC, 4, &Backend::Disk(root.path().to_owned())).unwrap();
    accept(&mut held, "a", 1);
    held.put(ORDERS, b"k", Some(b"v")).unwrap();
    held.committed(&mut |_, _| 1).unwrap();
    assert_eq!((seen(&mut other, "a"), other.get(ORDERS, b"k").unwrap()), (false, None));
    drop(held);
    assert!(seen(&mut on_disk(root.path()), "a"));
}

#[test]
fn a_commit_that_could_not_be_written_can_be_repeated() {
    let root = tempfile::tempdir().unwrap();
    let mut state = on_disk(root.path());
    // Where the file of day 8 has to go there is a folder for now.
    let obstacle = root.path().join(SPEC.name).join("3").join(ACCEPTED).join("8.ids");
    fs::create_dir(&obstacle).unwrap();
    state.put(ORDERS, b"k", Some(b"v")).unwrap();
    accept(&mut state, "seven", 7);
    accept(&mut state, "eight", 8);
    state.keep_record();
    assert!(state.committed(&mut |_, _| 5).is_err());
    assert_eq!([ORDERS, ACCEPTED].map(|store| state.position(store)), [Some(5), None], "stores commit one by one");
    assert!(seen(&mut state, "eight"), "the transaction is still open");

    fs::remove_dir(&obstacle).unwrap();
    state.committed(&mut |store, _| if store == ACCEPTED { 6 } else { panic!("{store} was committed before") }).unwrap();
    drop(state);
    let mut state = on_disk(root.path());
    assert_eq!([ORDERS, ACCEPTED].map(|store| state.position(store)), [Some(5), Some(6)]);
    assert!(seen(&mut state, "seven") && seen(&mut state, "eight"));
    assert_eq!(stats(&state, ACCEPTED).entries, 2, "and nothing stands twice");
}

#[test]
fn sizes_follow_what_is_held() {
    let root = tempfile::tempdir().unwrap();
    let mut state = on_disk(root.path());
    for number in 0..100 {
        state.put(ORDERS, format!("berlin/{number}").as_bytes(), Some(&[7; 1000])).unwrap();
    }
    state.keep_record();
    let overlay = state.overlay_bytes();
    assert!(overlay > 100_000 && overlay < 130_000, "{overlay}");
    state.committed(&mut |_, _| 1).unwrap();
    let orders = stats(&state, ORDERS);
    assert_eq!(orders.entries, 100);
    assert!(orders.memory_bytes > 100_000 && orders.disk_bytes > 10_000, "{orders:?}");
    assert_eq!(stats(&in_memory(), ORDERS), StoreStats { store: ORDERS, entries: 0, memory_bytes: 0, disk_bytes: 0, created: None });
}

#[test]
fn a_store_is_as_old_as_its_files_whatever_was_written_and_young_again_when_wiped() {
    let root = tempfile::tempdir().unwrap();
    let mut state = on_disk(root.path());
    let made = [ORDERS, ACCEPTED].map(|store| stats(&state, store).created.unwrap());
    let pause = Duration::from_millis(20);
    std::thread::sleep(pause);
    state.put(ORDERS, b"berlin/1", Some(b"open")).unwrap();
    accept(&mut state, "a", 1);
    state.keep_record();
    state.committed(&mut |_, _| 1).unwrap();
    drop(state);
    let mut state = on_disk(root.path());
    assert_eq!([ORDERS, ACCEPTED].map(|store| stats(&state, store).created.unwrap()), made, "opened again");
    for (store, made) in [ORDERS, ACCEPTED].into_iter().zip(made) {
        state.wipe(store).unwrap();
        assert!(stats(&state, store).created.unwrap() > made);
    }
}
