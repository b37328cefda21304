use lineside_topology::Environment;

use super::*;
use crate::actual::Setting;

fn wanted() -> Wanted {
    Wanted::of(&Environment::builtin("local").unwrap())
}

/// A cluster that has exactly what is wanted.
fn as_wanted(wanted: &Wanted) -> Actual {
    let own = |value: &String| Setting { value: Some(value.clone()), own: true };
    let topic = |topic: &PlannedTopic| {
        let configs = topic.configs.iter().map(|(key, value)| (key.clone(), own(value))).collect();
        (topic.name.clone(), ActualTopic { partitions: topic.partitions, replication: topic.replication, configs })
    };
    let subject = |subject: &WantedSubject| {
        (subject.subject.clone(), ActualSubject { level: Some(FULL_TRANSITIVE.to_owned()), versions: 1, registered: true, incompatibilities: Vec::new() })
    };
    Actual { topics: wanted.topics.iter().map(topic).collect(), subjects: wanted.subjects.iter().map(subject).collect() }
}

/// The plan after a change to one topic of an otherwise perfect cluster.
fn after_topic(name: &str, change: impl FnOnce(&mut ActualTopic)) -> Plan {
    let wanted = wanted();
    let mut actual = as_wanted(&wanted);
    change(actual.topics.get_mut(name).unwrap());
    plan(&wanted, &actual)
}

fn after_subject(name: &str, change: impl FnOnce(&mut ActualSubject)) -> Plan {
    let wanted = wanted();
    let mut actual = as_wanted(&wanted);
    change(actual.subjects.get_mut(name).unwrap());
    plan(&wanted, &actual)
}

#[test]
fn an_empty_cluster_lacks_every_topic_and_subject() {
    let wanted = wanted();
    let plan = plan(&wanted, &Actual::default());
    assert_eq!(plan.refusals, []);
    assert_eq!(plan.changes.len(), wanted.topics.len() + 2 * wanted.subjects.len());
    for subject in &wanted.subjects {
        let level = plan.changes.iter().position(|change| matches!(change, Change::SetLevel { subject: name, .. } if *name == subject.subject));
        let register = plan.changes.iter().position(|change| matches!(change, Change::Register { wanted, versions: 0 } if wanted == subject));
        assert!(level.is_some() && level < register, "the level of {} is set before its first schema", subject.subject);
    }
}

#[test]
fn every_topic_but_raw_ones_has_a_subject() {
    let wanted = wanted();
    for topic in &wanted.topics {
        let count = wanted.subjects.iter().filter(|subject| subject.subject.strip_suffix("-value") == Some(&topic.name)).count();
        assert_eq!(count, usize::from(!topic.name.starts_with("raw.")), "{}", topic.name);
    }
}

#[test]
fn a_cluster_as_wanted_differs_in_nothing() {
    let wanted = wanted();
    assert!(plan(&wanted, &as_wanted(&wanted)).is_empty());
}

#[test]
fn only_settings_that_differ_are_set() {
    let plan = after_topic("normalized", |topic| {
        topic.configs.insert("retention.ms".to_owned(), Setting { value: Some("5".to_owned()), own: true });
        topic.configs.insert("compression.type".to_owned(), Setting { value: Some("zstd".to_owned()), own: true });
        topic.configs.remove("segment.ms");
    });
    assert_eq!(plan.refusals, []);
    assert_eq!(plan.to_string(), "~ topic normalized: retention.ms 5 -> 86400000, segment.ms (not set) -> 21600000\n");
}

#[test]
fn a_broker_default_that_is_as_wanted_is_left_alone() {
    let plan = after_topic("normalized", |topic| topic.configs.get_mut("cleanup.policy").unwrap().own = false);
    assert!(plan.is_empty());
}

#[test]
fn a_secret_setting_holds_the_change_up() {
    let secret = |topic: &mut ActualTopic| _ = topic.configs.insert("secret".to_owned(), Setting { value: None, own: true });
    assert!(after_topic("normalized", secret).is_empty(), "alone it is nobody's business");
    let plan = after_topic("normalized", |topic| {
        secret(topic);
        topic.configs.remove("retention.ms");
    });
    assert_eq!(plan.refusals, [Refusal::SecretSetting { topic: "normalized".to_owned(), setting: "secret".to_owned() }]);
}

#[test]
fn topics_that_nothing_relies_on_are_grown() {
    for name in ["raw.plant-a.mes", "dead-letter.normalizer"] {
        let plan = after_topic(name, |topic| topic.partitions -= 1);
        assert!(matches!(&plan.changes[..], [Change::AddPartitions { topic, .. }] if topic == name), "{plan}");
        assert_eq!(plan.refusals, []);
    }
}

#[test]
fn a_topic_of_a_chain_with_state_is_not_grown() {
    for name in ["canonical.production.v1", "deduplicator-accepted-ids-changelog", "erp.confirmations.v1"] {
        let plan = after_topic(name, |topic| topic.partitions = 3);
        assert_eq!(plan.changes, []);
        assert_eq!(plan.refusals, [Refusal::MovesKeys { topic: name.to_owned(), actual: 3, wanted: 4 }]);
        assert!(plan.to_string().contains("Keep partitions.aggregate = 3"), "{plan}");
    }
}

#[test]
fn partitions_are_never_taken_away() {
    for name in ["raw.plant-a.mes", "normalized"] {
        let plan = after_topic(name, |topic| topic.partitions = 64);
        assert!(plan.changes.is_empty() && matches!(plan.refusals[..], [Refusal::TooManyPartitions { actual: 64, .. }]), "{plan}");
    }
}

#[test]
fn another_replication_needs_a_person() {
    let plan = after_topic("normalized", |topic| topic.replication = 3);
    assert!(plan.changes.is_empty() && matches!(plan.refusals[..], [Refusal::Replication { actual: 3, wanted: 1, .. }]), "{plan}");
}

#[test]
fn another_level_is_set_right() {
    for level in [None, Some("BACKWARD".to_owned())] {
        let plan = after_subject("normalized-value", |subject| subject.level.clone_from(&level));
        assert_eq!(plan.changes, [Change::SetLevel { subject: "normalized-value".to_owned(), from: level }]);
    }
}

#[test]
fn a_compatible_schema_is_registered_as_another_version() {
    let plan = after_subject("normalized-value", |subject| subject.registered = false);
    assert_eq!(plan.to_string(), "+ subject normalized-value: RecordFrame, a version more than the 1 there\n");
}

#[test]
fn an_incompatible_schema_needs_a_person_and_says_why() {
    let plan = after_subject("normalized-value", |subject| {
        subject.registered = false;
        subject.incompatibilities = vec!["field 'x' has no default".to_owned()];
    });
    assert!(plan.changes.is_empty(), "{plan}");
    assert!(plan.to_string().contains("normalized-value") && plan.to_string().contains("field 'x' has no default"), "{plan}");
}
