use proptest::prelude::*;

use super::*;
use crate::master::MasterEntity;

fn aggregate(plant: &str, key: Option<&str>) -> Aggregate {
    Aggregate { topic: "canonical.production.v1", plant: plant.into(), key: key.map(Into::into) }
}

fn reference(id: &str) -> ReferenceKey {
    ReferenceKey { entity: MasterEntity::Item, plant: "p".into(), scheme: "s".into(), id: id.into() }
}

fn entry(missing: &[&str], keys: &[Option<&str>]) -> Entry {
    Entry { bytes: 1, parked_at: None, missing: missing.iter().map(|id| reference(id)).collect(), aggregates: keys.iter().map(|key| aggregate("p", *key)).collect() }
}

fn due(queue: &mut Queue) -> Vec<i64> {
    std::iter::from_fn(|| queue.take_due()).collect()
}

#[test]
fn who_shares_an_aggregate_waits_and_others_pass() {
    let mut queue = Queue::default();
    queue.put(3, entry(&["x"], &[Some("A"), Some("B")]));
    let behind = |offset, key| queue.is_behind(offset, &[aggregate("p", Some(key))]);
    assert_eq!([behind(4, "A"), behind(4, "B"), behind(4, "C"), behind(2, "A")], [Some(3), Some(3), None, None]);
    assert_eq!(queue.is_behind(4, &[aggregate("q", Some("A"))]), None, "another plant's");
}

#[test]
fn an_unknown_key_may_be_any_of_its_plant_and_topic() {
    let mut queue = Queue::default();
    queue.put(3, entry(&["x"], &[None]));
    assert_eq!(queue.is_behind(4, &[aggregate("p", Some("A"))]), Some(3));
    assert_eq!(queue.is_behind(4, &[aggregate("q", Some("A"))]), None);
    let mut queue = Queue::default();
    queue.put(3, entry(&["x"], &[Some("A")]));
    assert_eq!(queue.is_behind(4, &[aggregate("p", None)]), Some(3), "it may turn out to be A");
}

#[test]
fn a_reference_wakes_those_that_miss_it_and_a_record_that_goes_those_behind_it() {
    let mut queue = Queue::default();
    queue.put(1, entry(&["x"], &[Some("A")]));
    queue.put(2, entry(&["y"], &[Some("B")]));
    queue.put(3, entry(&[], &[Some("A")]));
    queue.put(4, entry(&[], &[Some("A")]));
    queue.wake(&reference("x"));
    assert_eq!(due(&mut queue), [1]);
    queue.remove(1);
    assert_eq!(due(&mut queue), [3], "4 waits behind 3");
    queue.remove(3);
    assert_eq!(due(&mut queue), [4]);
    queue.wake(&reference("x"));
    assert_eq!(due(&mut queue), [0; 0]);
}

#[test]
fn one_without_a_key_that_goes_wakes_its_scope_up_to_the_next_without() {
    let mut queue = Queue::default();
    queue.put(1, entry(&["x"], &[None]));
    for (offset, key) in [(2, Some("A")), (3, Some("B")), (4, None), (5, Some("C"))] {
        queue.put(offset, entry(&[], &[key]));
    }
    queue.remove(1);
    assert_eq!(due(&mut queue), [2, 3, 4]);
}

#[test]
fn what_is_old_is_found_from_the_front_and_only_where_something_is_missing() {
    let mut queue = Queue::default();
    queue.put(1, entry(&["x"], &[Some("A")]));
    queue.put(2, entry(&[], &[Some("A")]));
    queue.put(3, entry(&["y"], &[Some("B")]));
    for (offset, time) in [(1, 10), (2, 10), (3, 20)] {
        queue.stamp(offset, Timestamp::from_micros(time));
    }
    let until = |time| queue.parked_until(Timestamp::from_micros(time));
    assert_eq!((until(9), until(10), until(20)), (vec![], vec![1], vec![1, 3]));
}

/// What the indexes say must be what a look at every record says.
fn is_behind_by_looking(records: &BTreeMap<i64, Entry>, offset: i64, aggregates: &[Aggregate]) -> bool {
    records.range(..offset).any(|(_, other)| {
        other.aggregates.iter().any(|a| aggregates.iter().any(|b| (a.topic, &a.plant) == (b.topic, &b.plant) && (a.key.is_none() || b.key.is_none() || a.key == b.key)))
    })
}

proptest! {
    #[test]
    fn nobody_is_passed_and_nobody_is_forgotten(
        records in prop::collection::vec((prop::collection::vec(0..3_u8, 0..2), prop::collection::vec(prop::option::weighted(0.8, 0..3_u8), 1..3)), 1..24),
        arrivals in Just(["0", "1", "2"]).prop_shuffle(),
    ) {
        let names = ["0", "1", "2"];
        let mut queue = Queue::default();
        let mut all = BTreeMap::new();
        for (offset, (missing, keys)) in (0..).zip(&records) {
            let keys: Vec<_> = keys.iter().map(|key| key.map(|key| names[usize::from(key)])).collect();
            let missing: Vec<_> = missing.iter().map(|id| names[usize::from(*id)]).collect();
            // A key that is not known is so for want of something.
            let keys: Vec<_> = keys.into_iter().map(|key| if missing.is_empty() { key.or(Some("0")) } else { key }).collect();
            let entry = entry(&missing, &keys);
            prop_assert_eq!(queue.is_behind(offset, &entry.aggregates).is_some(), is_behind_by_looking(&all, offset, &entry.aggregates));
            if !entry.missing.is_empty() || queue.is_behind(offset, &entry.aggregates).is_some() {
                queue.put(offset, entry.clone());
                all.insert(offset, entry);
            }
        }
        let mut known: Vec<ReferenceKey> = Vec::new();
        for id in arrivals {
            known.push(reference(id));
            queue.wake(&reference(id));
            while let Some(offset) = queue.take_due() {
                let entry = all.get(&offset).unwrap();
                if entry.missing.iter().any(|missing| !known.contains(missing)) {
                    continue;
                }
                // What was not known is: the first aggregate.
                let keys: Vec<_> = entry.aggregates.iter().map(|a| Aggregate { key: a.key.clone().or(Some("0".into())), ..a.clone() }).collect();
                let blocked = queue.is_behind(offset, &keys).is_some();
                prop_assert_eq!(blocked, is_behind_by_looking(&all, offset, &keys));
                if blocked {
                    let entry = Entry { missing: Vec::new(), aggregates: keys, ..entry.clone() };
                    queue.put(offset, entry.clone());
                    all.insert(offset, entry);
                } else {
                    queue.remove(offset);
                    all.remove(&offset);
                }
            }
        }
        prop_assert!(queue.is_empty() && all.is_empty(), "left: {:?}", all);
        prop_assert!(queue.by_reference.is_empty() && queue.by_aggregate.is_empty() && queue.by_scope.is_empty() && queue.open.is_empty());
    }
}
