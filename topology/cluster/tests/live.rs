//! The topology on a real Kafka and a real registry.
#![allow(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use lineside_cluster::{Change, Cluster, ClusterError, Kafka, KafkaSettings, Plan, Refusal, Wanted, WantedSubject};
use lineside_local_stack::{LocalStack, StackOptions};
use lineside_registry::{FULL_TRANSITIVE, RegistryClient, RegistrySettings};
use lineside_schemas::{ContractId, SchemaSource, SchemaSourceError};
use lineside_topology::Environment;
use lineside_topology::processors::{NORMALIZER, PARKED};
use lineside_topology::topics::changelog_topic;
use serde_json::{Value, json};

struct Live {
    cluster: Cluster,
    kafka: Kafka,
    registry: RegistryClient,
    environment: Environment,
}

impl Live {
    fn on(stack: &LocalStack) -> Self {
        let settings = KafkaSettings::at(stack.bootstrap());
        let registry = RegistryClient::new(&RegistrySettings::at(stack.registry_url())).unwrap();
        Self {
            cluster: Cluster::new(Kafka::new(&settings).unwrap(), registry.clone()),
            kafka: Kafka::new(&settings).unwrap(),
            registry,
            environment: Environment::builtin("local").unwrap(),
        }
    }

    fn wanted(&self) -> Wanted {
        Wanted::of(&self.environment)
    }

    /// What a topic's own setting is now.
    fn setting(&self, topic: &str, key: &str) -> Option<String> {
        let topics = self.kafka.topics(&[topic]).unwrap();
        topics[topic].configs.get(key).filter(|setting| setting.own)?.value.clone()
    }
}

/// Waits for what the brokers learn a moment after a change was answered.
fn eventually<T>(what: &str, mut check: impl FnMut() -> Result<T, String>) -> T {
    let deadline = Instant::now() + Duration::from_secs(15);
    loop {
        match check() {
            Ok(value) => return value,
            Err(seen) => assert!(Instant::now() < deadline, "{what}: {seen}"),
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// One cluster lives through all of it, in this order: a start of the servers costs more than all the rest.
#[test]
fn a_cluster_is_brought_to_what_the_table_says_and_kept_there() {
    let stack = LocalStack::start(&StackOptions::default()).unwrap();
    let live = Live::on(&stack);
    live.cluster.await_answer(Duration::from_secs(30), &mut |_, _| {}).unwrap();

    a_processor_is_told_to_apply_before_anything_is_registered(&live);
    an_empty_cluster_lacks_everything_and_apply_makes_it(&live);
    a_second_apply_changes_nothing(&live);
    settings_that_drifted_are_repaired_and_foreign_ones_kept(&live);
    a_compatibility_level_that_drifted_is_repaired(&live);
    raw_topics_grow_and_topics_with_state_do_not(&live);
    ids_and_schemas_are_found_again(&live);
    a_new_group_and_symbol_are_accepted_and_a_breaking_change_is_refused(&live);
    an_incompatible_schema_in_the_registry_stops_apply_before_it_changes_anything(&live);
}

fn a_processor_is_told_to_apply_before_anything_is_registered(live: &Live) {
    let error = live.registry.id_of("normalized-value", ContractId::RecordFrame.schema_text()).unwrap_err();
    assert!(matches!(&error, SchemaSourceError::NotFound(text) if text.contains("no subject normalized-value") && text.contains("lineside topology apply")), "{error:?}");
    assert!(matches!(live.registry.schema_of(987_654), Err(SchemaSourceError::NotFound(_))));
}

fn an_empty_cluster_lacks_everything_and_apply_makes_it(live: &Live) {
    let wanted = live.wanted();
    let plan = live.cluster.plan(&wanted).unwrap();
    let missing: Vec<&str> = plan.changes.iter().filter_map(|change| if let Change::CreateTopic(topic) = change { Some(topic.name.as_str()) } else { None }).collect();
    assert_eq!(missing, wanted.topics.iter().map(|topic| topic.name.as_str()).collect::<Vec<_>>());
    let unregistered = plan.changes.iter().filter(|change| matches!(change, Change::Register { versions: 0, .. })).count();
    assert_eq!((unregistered, plan.refusals.len()), (wanted.subjects.len(), 0), "{plan}");

    assert_eq!(live.cluster.apply(&wanted).unwrap(), plan.changes);
    assert_eq!(live.cluster.plan(&wanted).unwrap(), Plan::default());
    assert_eq!(live.setting("raw.plant-a.mes", "message.timestamp.type").as_deref(), Some("LogAppendTime"));
    assert_eq!(live.setting("order-aggregator-orders-changelog", "cleanup.policy").as_deref(), Some("compact"));
    assert_eq!(live.registry.compatibility("canonical.production.v1-value").unwrap().as_deref(), Some(FULL_TRANSITIVE));
}

fn a_second_apply_changes_nothing(live: &Live) {
    let before = live.cluster.read(&live.wanted()).unwrap();
    assert_eq!(live.cluster.apply(&live.wanted()).unwrap(), []);
    assert_eq!(live.cluster.read(&live.wanted()).unwrap(), before);
}

fn settings_that_drifted_are_repaired_and_foreign_ones_kept(live: &Live) {
    let drifted = BTreeMap::from([("retention.ms".to_owned(), "60000".to_owned()), ("compression.type".to_owned(), "zstd".to_owned())]);
    live.kafka.set_configs("normalized", &drifted).unwrap();
    let plan = eventually("the drift is seen", || {
        let plan = live.cluster.plan(&live.wanted()).unwrap();
        if plan.is_empty() { Err("no difference".to_owned()) } else { Ok(plan) }
    });
    assert_eq!(plan.to_string(), "~ topic normalized: retention.ms 60000 -> 86400000\n");

    assert_eq!(live.cluster.apply(&live.wanted()).unwrap(), plan.changes);
    assert_eq!(live.setting("normalized", "retention.ms").as_deref(), Some("86400000"));
    assert_eq!(live.setting("normalized", "compression.type").as_deref(), Some("zstd"), "a setting that the table does not name stays");
    assert_eq!(live.setting("normalized", "min.insync.replicas").as_deref(), Some("1"), "so does one that it names and that was right");
}

fn a_compatibility_level_that_drifted_is_repaired(live: &Live) {
    live.registry.set_compatibility("order.postings.v1-value", "BACKWARD").unwrap();
    let plan = live.cluster.plan(&live.wanted()).unwrap();
    assert_eq!(plan.to_string(), "~ subject order.postings.v1-value: compatibility BACKWARD -> FULL_TRANSITIVE\n");
    live.cluster.apply(&live.wanted()).unwrap();
    assert!(live.cluster.plan(&live.wanted()).unwrap().is_empty());
}

fn raw_topics_grow_and_topics_with_state_do_not(live: &Live) {
    let mut grown = live.environment.clone();
    grown.partitions.raw = 3;
    let plan = live.cluster.plan(&Wanted::of(&grown)).unwrap();
    // What is kept by raw partition grows with them.
    let growing: Vec<String> = live.environment.raw_topics().into_iter().chain([changelog_topic(&NORMALIZER, PARKED.name())]).collect();
    let lines: Vec<String> = growing.iter().map(|topic| format!("~ topic {topic}: partitions 2 -> 3\n")).collect();
    assert_eq!(plan.to_string(), lines.concat());
    live.cluster.apply(&Wanted::of(&grown)).unwrap();
    assert!(live.cluster.plan(&Wanted::of(&grown)).unwrap().is_empty());

    // And back: the table now wants fewer than there are.
    let plan = live.cluster.plan(&live.wanted()).unwrap();
    assert_eq!(plan.refusals.len(), growing.len());
    assert!(plan.refusals.iter().all(|refusal| matches!(refusal, Refusal::TooManyPartitions { actual: 3, wanted: 2, .. })), "{plan}");

    grown.partitions.aggregate = 8;
    grown.partitions.dead_letter = 2;
    let before = live.cluster.read(&live.wanted()).unwrap();
    let error = live.cluster.apply(&Wanted::of(&grown)).unwrap_err();
    assert!(matches!(&error, ClusterError::NeedsPerson(plan) if plan.refusals.iter().all(|refusal| matches!(refusal, Refusal::MovesKeys { .. }))), "{error}");
    assert!(error.to_string().contains("Keep partitions.aggregate = 4"), "{error}");
    assert_eq!(live.cluster.read(&live.wanted()).unwrap(), before, "the dead letters, which could grow, did not either");
}

fn ids_and_schemas_are_found_again(live: &Live) {
    for subject in live.wanted().subjects {
        let id = live.registry.id_of(&subject.subject, &subject.schema).unwrap();
        let told: Value = serde_json::from_str(&live.registry.schema_of(id).unwrap()).unwrap();
        let sent: Value = serde_json::from_str(&subject.schema).unwrap();
        assert_eq!(told, sent, "{}", subject.subject);
        assert_eq!(live.registry.register(&subject.subject, &subject.schema).unwrap(), id, "registering again finds {}", subject.subject);
    }
    let mut subjects = live.registry.subjects().unwrap();
    let mut wanted: Vec<String> = live.wanted().subjects.into_iter().map(|subject| subject.subject).collect();
    subjects.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(subjects, wanted);
}

fn a_new_group_and_symbol_are_accepted_and_a_breaking_change_is_refused(live: &Live) {
    const SUBJECT: &str = "canonical.production.v1-value";
    let schema: Value = serde_json::from_str(ContractId::ProductionEvent.schema_text()).unwrap();
    let with_field = |field: Value| {
        let mut schema = schema.clone();
        schema["fields"].as_array_mut().unwrap().push(field);
        schema
    };

    let needed = with_field(json!({ "name": "shift", "type": "string" })).to_string();
    let reasons = live.registry.check_compatibility(SUBJECT, &needed).unwrap();
    assert!(!reasons.is_empty());
    assert!(live.registry.register(SUBJECT, &needed).unwrap_err().is_incompatible());
    let told = live.registry.id_of(SUBJECT, &needed).unwrap_err();
    assert!(matches!(&told, SchemaSourceError::Incompatible(text) if text.contains(SUBJECT) && text.contains(": shift: ")), "{told:?}");

    let group = json!({ "type": "record", "name": "PalletMoved", "fields": [{ "name": "pallet", "type": "string" }] });
    let mut grown = with_field(json!({ "name": "pallet_moved", "type": ["null", group], "default": null }));
    let symbols = grown["fields"].as_array_mut().unwrap().iter_mut().find(|field| field["name"] == "type").unwrap();
    symbols["type"]["symbols"].as_array_mut().unwrap().push(json!("PALLET_MOVED"));
    let grown = grown.to_string();
    assert_eq!(live.registry.check_compatibility(SUBJECT, &grown).unwrap(), Vec::<String>::new());
    let told = live.registry.id_of(SUBJECT, &grown).unwrap_err();
    assert!(matches!(&told, SchemaSourceError::NotFound(text) if text.contains("compatible versions") && text.contains("lineside topology apply")), "{told:?}");
    let id = live.registry.register(SUBJECT, &grown).unwrap();
    assert_eq!(live.registry.id_of(SUBJECT, &grown).unwrap(), id);
    assert_eq!(live.registry.versions(SUBJECT).unwrap().len(), 2);

    assert!(!live.registry.check_compatibility(SUBJECT, &needed).unwrap().is_empty(), "still refused, by both versions");
    let plan = live.cluster.plan(&Wanted { topics: Vec::new(), ..live.wanted() }).unwrap();
    assert!(plan.is_empty(), "an older release goes on beside a newer schema: {plan}");
}

fn an_incompatible_schema_in_the_registry_stops_apply_before_it_changes_anything(live: &Live) {
    let record = |fields: Value| json!({ "type": "record", "name": "Foreign", "fields": fields }).to_string();
    live.registry.register("foreign-value", &record(json!([{ "name": "a", "type": "long" }]))).unwrap();
    let foreign = WantedSubject { subject: "foreign-value".to_owned(), record: "Foreign".to_owned(), schema: record(json!([{ "name": "a", "type": "string" }])) };
    let fresh = WantedSubject { subject: "fresh-value".to_owned(), ..foreign.clone() };
    let wanted = Wanted { topics: Vec::new(), subjects: vec![fresh.clone(), foreign.clone()] };

    // Whether the registry holds the subject to the level already or not.
    for level in [None, Some(FULL_TRANSITIVE)] {
        if let Some(level) = level {
            live.registry.set_compatibility("foreign-value", level).unwrap();
        }
        let error = live.cluster.apply(&wanted).unwrap_err();
        let ClusterError::NeedsPerson(plan) = &error else { panic!("{error}") };
        assert!(matches!(&plan.refusals[..], [Refusal::Incompatible { subject, .. }] if subject == "foreign-value"), "{plan}");
        assert!(error.to_string().contains(": a: "), "{error}");
        assert!(live.registry.versions("fresh-value").unwrap().is_empty(), "nothing was registered");
    }
    let told = live.registry.id_of("foreign-value", &foreign.schema).unwrap_err();
    assert!(matches!(&told, SchemaSourceError::Incompatible(text) if text.contains(": a: ")), "{told:?}");
}
