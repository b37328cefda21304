//! The demo on a Kafka that refuses whatever is not allowed, with the permissions that `lineside topology acls` prints: they are enough, and not one too many.

mod attempts;
mod expected;

use std::time::Instant;

use crate::support::{TestPipeline, assert_right, rest, say};
use attempts::Answer;
use expected::User;
use lineside_cluster::{Kafka, KafkaSettings};
use lineside_scenarios::pipeline::{Pipeline, STRANGER};
use lineside_topology::Environment;
use lineside_topology::acls::{OPERATOR, RULES_APPROVER, RULES_PUBLISHER};
use lineside_topology::processors::PROCESSORS;
use rdkafka::error::RDKafkaErrorCode::{self, GroupAuthorizationFailed, TopicAuthorizationFailed, TransactionalIdAuthorizationFailed};

const ORDERS: usize = 40;
const OTHERS: [&str; 4] = [OPERATOR, RULES_PUBLISHER, RULES_APPROVER, STRANGER];
/// Not in the table.
const FOREIGN: &str = "foreign";
/// Nor there yet.
const UNPLANNED: &str = "unplanned";

#[test]
fn every_process_as_its_own_user_does_its_work_and_nothing_but_its_work() {
    let simulation = crate::support::simulation(7, ORDERS);
    let started = Instant::now();
    // Members that stopped leave their group soon, for the attempts to join it.
    let mut test = TestPipeline::prepare_with("permissions", true, &[("LINESIDE_SESSION_TIMEOUT_MS", "2000")]);
    say(&format!("permissions given and topology applied by {:.1} s", started.elapsed().as_secs_f32()));
    let pipeline = &mut test.pipeline;
    pipeline.start_processors().unwrap();
    feed_as_sources(pipeline, &simulation.records);
    rest(pipeline);
    pipeline.stop_processors().unwrap();
    assert_right(&pipeline.contents().unwrap(), &simulation);
    say(&format!("demo done by {:.1} s", started.elapsed().as_secs_f32()));

    assert_no_password_in(&pipeline.log_dir());
    let attempts = assert_nothing_more_is_allowed(pipeline);
    say(&format!("{attempts} attempts made by {:.1} s", started.elapsed().as_secs_f32()));
    test.stop();
}

/// Each source's records as that source's user, like a plant's gateway.
fn feed_as_sources(pipeline: &Pipeline, records: &[lineside_simulators::RawDocument]) {
    let environment = Environment::builtin("local").unwrap();
    for user in expected::users(&environment, OTHERS) {
        let User::Source { name, topic } = user else { continue };
        let feeder = pipeline.feeder_as(&name).unwrap();
        records.iter().filter(|record| record.topic == topic).try_for_each(|record| feeder.send(record.topic, &record.key, &record.value)).unwrap();
        feeder.flush().unwrap();
    }
}

fn assert_no_password_in(logs: &std::path::Path) {
    let mut files = 0;
    for entry in std::fs::read_dir(logs).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        assert!(!text.is_empty() && !text.contains("geheim"), "{text}");
        files += 1;
    }
    assert_eq!(files, PROCESSORS.len() + 2, "a log of each processor, of the operator and of the simulated ERP");
}

/// Every user on every topic, group and transactional id; users at the same time, as each waits for answers most of its time.
fn assert_nothing_more_is_allowed(pipeline: &Pipeline) -> usize {
    let environment = Environment::builtin("local").unwrap();
    let kafka = Kafka::new(&KafkaSettings::at(pipeline.bootstrap())).unwrap();
    let mut foreign = environment.topic_plan().remove(0);
    FOREIGN.clone_into(&mut foreign.name);
    kafka.create_topics(&[&foreign]).unwrap();
    let topics: Vec<String> = environment.topic_plan().into_iter().map(|topic| topic.name).chain([FOREIGN.to_owned()]).collect();
    // A record on each, so that whoever may read it reads one.
    let mut everybody = rdkafka::ClientConfig::new();
    everybody.set("bootstrap.servers", pipeline.bootstrap());
    assert!(attempts::write(&everybody, &topics).values().all(|answer| *answer == Answer::Allowed));

    let users = expected::users(&environment, OTHERS);
    assert_eq!(users.len(), PROCESSORS.len() + environment.raw.len() + OTHERS.len());
    let attempts = std::thread::scope(|scope| {
        let threads: Vec<_> = users.iter().map(|user| scope.spawn(|| attempts_of(user, pipeline, &environment, &topics))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>().concat()
    });
    let wrong: Vec<&String> = attempts.iter().filter_map(|attempt| attempt.as_ref().err()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    attempts.len()
}

/// Each attempt, right or described.
fn attempts_of(user: &User, pipeline: &Pipeline, environment: &Environment, topics: &[String]) -> Vec<Result<(), String>> {
    let name = user.name();
    let config = pipeline.client(name).unwrap();
    let judged = |what: String, allowed: bool, refusal: RDKafkaErrorCode, answer: Answer| {
        let wanted = if allowed { Answer::Allowed } else { Answer::Refused(refusal) };
        if answer == wanted { Ok(()) } else { Err(format!("{name}: {what}: {wanted:?} expected, {answer:?} seen")) }
    };
    let mut made = Vec::new();
    let mut written = attempts::write(&config, topics);
    for topic in topics {
        let answer = written.remove(topic).unwrap_or(Answer::Other("no answer".to_owned()));
        made.push(judged(format!("write {topic}"), user.may_write(topic), TopicAuthorizationFailed, answer));
        made.push(judged(format!("read {topic}"), user.may_read(topic, environment), TopicAuthorizationFailed, attempts::read(&config, topic)));
    }
    // A topic that the user may see, so that it could be given partitions; who sees none is refused for the group all the same.
    let seen = topics.iter().find(|topic| user.may_read(topic, environment)).map_or(FOREIGN, String::as_str);
    for group in PROCESSORS.iter().map(|spec| spec.group).chain([FOREIGN]) {
        made.push(judged(format!("join {group}"), user.may_join(group), GroupAuthorizationFailed, attempts::join(&config, group, seen)));
        let id = format!("{group}-permissions-0");
        made.push(judged(format!("transact as {id}"), user.may_transact_as(group), TransactionalIdAuthorizationFailed, attempts::transact(&config, &id)));
    }
    let managed = tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(attempts::managed(&config, UNPLANNED, topics));
    made.push(if managed.is_empty() { Ok(()) } else { Err(format!("{name}: not refused: {managed:?}")) });
    made
}
