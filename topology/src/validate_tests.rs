use lineside_schemas::ContractId;

use super::*;
use crate::environment::{RawSource, TopicSizes};
use crate::processors::{DEDUPLICATOR, ERP_PUBLISHER, NORMALIZER, ORDER_AGGREGATOR, StoreKind, StoreSpec};
use crate::topics::{Chain, topics};

fn local() -> Environment {
    Environment::builtin("local").unwrap()
}

fn sized(topic: &str, sizes: TopicSizes) -> Environment {
    let mut environment = local();
    environment.topics.insert(topic.to_owned(), sizes);
    environment
}

/// Problems of these processors with a table of their own dead letters and changelogs.
fn of(processors: &[ProcessorSpec]) -> Vec<String> {
    validate_table(processors, &topics_of(processors), &local()).iter().map(ToString::to_string).collect()
}

fn messages(environment: &Environment) -> Vec<String> {
    validate(environment).iter().map(ToString::to_string).collect()
}

#[test]
fn the_table_is_sound_in_every_builtin_environment() {
    for name in ["local", "production"] {
        assert_eq!(messages(&Environment::builtin(name).unwrap()), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn reading_what_nobody_writes_is_a_problem() {
    let problems = of(&[NORMALIZER, ORDER_AGGREGATOR, ERP_PUBLISHER]);
    assert!(
        problems.contains(&"processor order-aggregator reads canonical.production.v1, which no processor before it writes, nor something outside the table".to_owned()),
        "{problems:?}"
    );
    assert!(problems.contains(&"topic canonical.production.v1 is written by no processor, nor by something outside the table".to_owned()), "{problems:?}");
}

#[test]
fn a_way_back_is_a_problem() {
    let back = ProcessorSpec { reads: &["erp.confirmations.v1"], ..DEDUPLICATOR };
    let problems = of(&[NORMALIZER, back, ORDER_AGGREGATOR, ERP_PUBLISHER]);
    assert!(problems.iter().any(|problem| problem.starts_with("processor deduplicator reads erp.confirmations.v1, which no processor before it writes")), "{problems:?}");
}

#[test]
fn naming_a_topic_outside_the_table_is_a_problem() {
    let lost = ProcessorSpec { reads: &["nowhere"], writes: &["nowhere.else"], embeds: &["never"], ..NORMALIZER };
    let problems = of(&[lost]);
    for expected in ["reads nowhere,", "writes nowhere.else,", "embeds for never,"] {
        assert!(problems.iter().any(|problem| problem.contains(expected)), "{expected} {problems:?}");
    }
}

#[test]
fn a_topic_without_a_schema_that_is_not_raw_is_a_problem() {
    let mut table = topics();
    for topic in &mut table {
        match topic.name.as_str() {
            "normalized" => topic.value = Value::Raw,
            RAW_TEMPLATE => topic.value = Value::Avro(ContractId::NormalizedEvent),
            _ => {}
        }
    }
    let problems: Vec<String> = validate_table(PROCESSORS, &table, &local()).iter().map(ToString::to_string).collect();
    assert_eq!(problems, ["topic raw.<plant>.<source> is a raw topic, but has a schema", "topic normalized has no schema, but is not a raw topic"]);
}

#[test]
fn another_count_within_the_chain_is_a_problem() {
    let problems = messages(&sized("order.postings.v1", TopicSizes { partitions: Some(8), ..TopicSizes::default() }));
    assert_eq!(problems.len(), 1);
    assert!(problems[0].ends_with("but normalized has 4 and order.postings.v1 has 8"), "{problems:?}");
}

#[test]
fn raw_topics_may_have_counts_of_their_own() {
    assert_eq!(messages(&sized("raw.plant-a.mes", TopicSizes { partitions: Some(8), ..TopicSizes::default() })), Vec::<String>::new());
}

#[test]
fn state_on_an_input_of_another_count_is_a_problem() {
    let stateful = ProcessorSpec { reads: &["dead-letter.normalizer"], ..ORDER_AGGREGATOR };
    let problems = of(&[NORMALIZER, DEDUPLICATOR, stateful]);
    let expected = "the inputs and changelogs of order-aggregator";
    assert!(problems.iter().any(|problem| problem.starts_with(expected) && problem.contains("dead-letter.normalizer has 1")), "{problems:?}");
}

const PARKING: ProcessorSpec = ProcessorSpec { stores: &[StoreSpec { name: "parked", kind: StoreKind::Keyed(ContractId::DeadLetter) }], ..NORMALIZER };
const PARKED: &str = "normalizer-parked-changelog";

#[test]
fn what_is_kept_by_raw_partition_has_the_count_of_the_largest_raw_topic() {
    let table = topics_of(&[PARKING, DEDUPLICATOR]);
    let count = |environment: &Environment| environment.plan_of(&table).into_iter().find(|topic| topic.name == PARKED).unwrap().partitions;
    let wide = sized("raw.plant-b.b2mml", TopicSizes { partitions: Some(7), ..TopicSizes::default() });
    assert_eq!((count(&local()), count(&wide)), (2, 7));
    for environment in [local(), wide] {
        let problems: Vec<String> = validate_table(&[PARKING, DEDUPLICATOR], &table, &environment).iter().map(ToString::to_string).collect();
        assert!(!problems.iter().any(|problem| problem.contains("state by")), "{problems:?}");
    }
}

#[test]
fn a_raw_partition_without_a_place_for_its_state_is_a_problem() {
    let mut environment = sized("raw.plant-b.b2mml", TopicSizes { partitions: Some(7), ..TopicSizes::default() });
    environment.topics.insert(PARKED.to_owned(), TopicSizes { partitions: Some(6), ..TopicSizes::default() });
    let problems = validate_table(&[PARKING, DEDUPLICATOR], &topics_of(&[PARKING, DEDUPLICATOR]), &environment);
    let expected = "normalizer keeps state by raw partition, but changelog normalizer-parked-changelog has 6 partitions and raw.plant-b.b2mml has 7";
    assert!(problems.iter().any(|problem| problem.to_string() == expected), "{problems:?}");
}

#[test]
fn a_table_is_a_compacted_topic_that_is_no_input() {
    let keeping = |tables| ProcessorSpec { tables, ..NORMALIZER };
    let problems = |tables| of(&[keeping(tables), DEDUPLICATOR]).into_iter().filter(|problem| problem.contains("table of")).collect::<Vec<_>>();
    assert_eq!(problems(&["master.item.v1", "master.unit-conversion.v1"]), Vec::<String>::new(), "what the next step writes: a way back that a table may be");
    assert_eq!(problems(&["nowhere"]), ["processor normalizer keeps a table of nowhere, which is not in the table"]);
    assert_eq!(
        problems(&["canonical.production.v1"]),
        ["processor normalizer keeps a table of canonical.production.v1, but it is not compacted, so it would grow for ever"]
    );
    let twice = ProcessorSpec { reads: &["master.item.v1"], tables: &["master.item.v1"], ..ORDER_AGGREGATOR };
    let problems = of(&[NORMALIZER, DEDUPLICATOR, twice]);
    assert!(problems.iter().any(|problem| problem.ends_with("master.item.v1, but it reads it as an input too")), "{problems:?}");
}

#[test]
fn tasks_are_shared_out_by_a_topic_of_their_own_where_several_inputs_share_a_state() {
    assert_eq!((DEDUPLICATOR.task_topic(), ERP_PUBLISHER.task_topic()), (None, None));
    assert_eq!(NORMALIZER.task_topic().as_deref(), Some("normalizer-parked-changelog"));
    assert_eq!(PARKING.task_topic().as_deref(), Some(PARKED));
    let joining = ProcessorSpec { reads: &["erp.confirmations.v1", "erp.goods-movements.v1"], ..ORDER_AGGREGATOR };
    assert_eq!(joining.task_topic().as_deref(), Some("order-aggregator-orders-changelog"));
}

#[test]
fn names_are_unique() {
    const STORE: StoreSpec = StoreSpec { name: "orders", kind: StoreKind::Keyed(ContractId::OrderLedger) };
    let twin = ProcessorSpec { stores: &[STORE, STORE], ..ORDER_AGGREGATOR };
    let problems = of(&[NORMALIZER, DEDUPLICATOR, twin, DEDUPLICATOR]);
    for expected in
        ["processor deduplicator is there twice", "group deduplicator is there twice", "store orders is there twice", "topic dead-letter.deduplicator is there twice"]
    {
        assert!(problems.iter().any(|problem| problem == expected), "{expected} {problems:?}");
    }
}

#[test]
fn a_source_twice_or_with_a_dot_is_a_problem() {
    let mut environment = local();
    environment.raw.push(RawSource { plant: "plant-a".to_owned(), source: "mes".to_owned() });
    environment.raw.push(RawSource { plant: "plant.c".to_owned(), source: String::new() });
    let problems = messages(&environment);
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert_eq!(problems[0], "topic raw.plant-a.mes is there twice");
    assert!(problems[1].starts_with("plant \"plant.c\"") && problems[2].starts_with("source \"\""), "{problems:?}");
}

#[test]
fn an_environment_without_a_source_is_a_problem() {
    assert_eq!(validate(&Environment { raw: Vec::new(), ..local() }), [Problem::NoSource]);
}

#[test]
fn sizes_for_an_unknown_topic_name_the_nearest() {
    let problems = messages(&sized("order.posting.v1", TopicSizes::default()));
    assert_eq!(problems, ["topics.\"order.posting.v1\" gives sizes for a topic that this environment does not have; did you mean \"order.postings.v1\"?"]);
}

#[test]
fn zero_is_no_size() {
    let mut environment = sized("normalized", TopicSizes { retention_days: Some(0), ..TopicSizes::default() });
    environment.replication = 0;
    environment.partitions.dead_letter = 0;
    environment.retention_days.window = 0;
    let problems = messages(&environment);
    for setting in ["replication = 0", "partitions.dead_letter = 0", "retention_days.window = 0", "topics.\"normalized\".retention_days = 0"] {
        assert!(problems.iter().any(|problem| problem.starts_with(setting)), "{setting} {problems:?}");
    }
}

#[test]
fn in_sync_copies_must_leave_one_broker_to_spare() {
    let with = |replication, insync| messages(&Environment { replication, min_insync_replicas: Some(insync), ..local() });
    assert!(with(3, 4)[0].contains("nothing could ever be written"));
    assert!(with(3, 3)[0].contains("one broker down would stop all writing"));
    assert_eq!(with(3, 2), Vec::<String>::new());
    assert_eq!(with(1, 1), Vec::<String>::new());
}

#[test]
fn what_can_be_read_must_fit_where_it_is_written() {
    let problems = messages(&sized("normalized", TopicSizes { max_message_bytes: Some(5_000_000), ..TopicSizes::default() }));
    assert!(
        problems
            .iter()
            .any(|problem| problem.starts_with("processor deduplicator can read 5000000 bytes from normalized, but canonical.production.v1 takes only 3145728")),
        "{problems:?}"
    );
    assert!(problems.iter().any(|problem| problem.contains("but dead-letter.deduplicator takes only 4194304")), "{problems:?}");
}

#[test]
fn dead_letters_need_not_share_the_count_of_the_chain() {
    let plan = local().topic_plan();
    assert!(plan.iter().any(|topic| topic.chain == Chain::DeadLetter && topic.partitions == 1));
    assert!(plan.iter().filter(|topic| topic.chain == Chain::Aggregate).all(|topic| topic.partitions == 4));
}

#[test]
fn records_larger_than_producers_send_are_not_let_in() {
    let raw = |bytes| messages(&sized("raw.plant-a.mes", TopicSizes { max_message_bytes: Some(bytes), ..TopicSizes::default() }));
    assert!(raw(MAX_DEAD_LETTER_BYTES + 1).iter().any(|problem| problem.contains("could not even become a dead letter")));
    assert_eq!(raw(2_000_000), Vec::<String>::new());
}

#[test]
fn sizes_for_an_unknown_processor_name_the_nearest() {
    let text = concat!(include_str!("../environments/local.toml"), "\n[processors.normaliser]\ninstances = 2\n");
    let problems = messages(&Environment::parse("x", text).unwrap());
    assert!(problems.len() == 1 && problems[0].contains("did you mean \"normalizer\"?"), "{problems:?}");
}
