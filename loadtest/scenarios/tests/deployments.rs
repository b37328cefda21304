//! The same input through other deployments, changed under load: one process or several, more instances and fewer, members that freeze.
#![allow(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

mod support;

use std::sync::Mutex;
use std::time::Duration;

use lineside_scenarios::pipeline::{Feeder, Hosting, Pipeline};
use lineside_simulators::{Random, RawDocument};
use lineside_topology::processors::PROCESSORS;
use support::{TestPipeline, assert_right, rest, say};

const ORDERS: usize = 150;
const SEED: u64 = 7;
/// A share of the input is sent over this time.
const SHARE_TIME: Duration = Duration::from_millis(2500);
/// The group gives a silent member's partitions away after this. Milliseconds; the least that the local stack allows.
const SESSION_TIMEOUT_MS: &str = "2000";
const FREEZES: usize = 20;
const FREEZE_SEED_VARIABLE: &str = "LINESIDE_FREEZE_SEED";
const TOGETHER: &str = "together";

/// Each test has a Kafka of its own; one at a time is enough for a machine.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

#[test]
fn moving_between_one_process_and_several_loses_and_doubles_nothing() {
    let _alone = ONE_AT_A_TIME.lock();
    let simulation = support::simulation(SEED, ORDERS);
    let mut test = TestPipeline::prepare("hosting");
    let pipeline = &mut test.pipeline;
    let feeder = pipeline.feeder().unwrap();
    // The same member names in both deployments, so that the one takes over from the other at once.
    let settings = [("LINESIDE_INSTANCE_ID", "box"), ("LINESIDE_SESSION_TIMEOUT_MS", SESSION_TIMEOUT_MS)];
    for (turn, share) in shares(&simulation.records, 6).enumerate() {
        if turn % 2 == 0 {
            for spec in PROCESSORS {
                pipeline.start_instance(spec.name, Hosting::Alone(spec.name), &settings).unwrap();
            }
        } else {
            pipeline.start_instance(TOGETHER, Hosting::Together, &settings).unwrap();
        }
        trickle(&feeder, share, SHARE_TIME);
        match turn {
            // Some moves in order, some by the power cord.
            0 | 4 => pipeline.stop_processors().unwrap(),
            1 | 3 => pipeline.kill_processor(TOGETHER).unwrap(),
            2 => PROCESSORS.iter().for_each(|spec| pipeline.kill_processor(spec.name).unwrap()),
            _ => {}
        }
    }
    rest(pipeline);
    assert_right(&pipeline.contents().unwrap(), &simulation);
    test.stop();
}

#[test]
fn scaling_out_and_in_under_load_loses_and_doubles_nothing() {
    let _alone = ONE_AT_A_TIME.lock();
    let simulation = support::simulation(SEED, ORDERS);
    let mut test = TestPipeline::prepare("scaling");
    let pipeline = &mut test.pipeline;
    let feeder = pipeline.feeder().unwrap();
    let settings = [("LINESIDE_SESSION_TIMEOUT_MS", SESSION_TIMEOUT_MS)];
    let labels: Vec<Vec<String>> = (1..=4).map(|number| PROCESSORS.iter().map(|spec| format!("{}-{number}", spec.name)).collect()).collect();
    let start = |pipeline: &mut Pipeline, number: usize| {
        for (spec, label) in PROCESSORS.iter().zip(&labels[number]) {
            pipeline.start_instance(label, Hosting::Alone(spec.name), &settings).unwrap();
        }
    };
    let mut shares = shares(&simulation.records, 4);
    let mut send = || trickle(&feeder, shares.next().unwrap(), SHARE_TIME * 2);
    start(pipeline, 0);
    send();
    start(pipeline, 1);
    send();
    start(pipeline, 2);
    start(pipeline, 3);
    send();
    for label in labels[1..].iter().flatten() {
        pipeline.stop_instance(label).unwrap();
    }
    send();
    rest(pipeline);
    assert_right(&pipeline.contents().unwrap(), &simulation);
    test.stop();
}

#[test]
fn threads_share_the_partitions_of_a_process() {
    let _alone = ONE_AT_A_TIME.lock();
    let simulation = support::simulation(SEED, ORDERS);
    let mut test = TestPipeline::prepare("threads");
    let pipeline = &mut test.pipeline;
    let feeder = pipeline.feeder().unwrap();
    for (threads, share) in ["1", "3", "2"].into_iter().zip(shares(&simulation.records, 3)) {
        pipeline.start_instance(TOGETHER, Hosting::Together, &[("LINESIDE_THREADS", threads), ("LINESIDE_SESSION_TIMEOUT_MS", SESSION_TIMEOUT_MS)]).unwrap();
        trickle(&feeder, share, SHARE_TIME);
        rest(pipeline);
        pipeline.stop_instance(TOGETHER).unwrap();
    }
    assert_right(&pipeline.contents().unwrap(), &simulation);
    test.stop();
}

/// A member that sleeps past its session has been replaced when it wakes, but does not know it yet.
#[test]
fn a_member_that_freezes_and_wakes_changes_nothing() {
    let _alone = ONE_AT_A_TIME.lock();
    let seed = std::env::var(FREEZE_SEED_VARIABLE).ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    say(&format!("seed {seed}; {FREEZE_SEED_VARIABLE} sets another"));
    let simulation = support::simulation(seed, ORDERS * 2);
    let mut test = TestPipeline::prepare("freeze");
    let pipeline = &mut test.pipeline;
    let feeder = pipeline.feeder().unwrap();
    let settings = [("LINESIDE_SESSION_TIMEOUT_MS", SESSION_TIMEOUT_MS)];
    let frozen = ["deduplicator", "order-aggregator"];
    for spec in PROCESSORS {
        let members = if frozen.contains(&spec.name) { 2 } else { 1 };
        for member in 0..members {
            pipeline.start_instance(&format!("{}-{member}", spec.name), Hosting::Alone(spec.name), &settings).unwrap();
        }
    }
    let mut random = Random::of_part(seed, "freeze", 0);
    for share in shares(&simulation.records, FREEZES) {
        let processor = frozen[usize::try_from(random.between(0, 1)).unwrap()];
        let label = format!("{processor}-{}", random.between(0, 1));
        let (before_ms, asleep_ms) = (random.between(100, 800).unsigned_abs(), random.between(2500, 4000).unsigned_abs());
        let (first, second) = share.split_at(share.len() / 4);
        trickle(&feeder, first, Duration::from_millis(before_ms));
        pipeline.freeze_instance(&label).unwrap();
        trickle(&feeder, second, Duration::from_millis(asleep_ms));
        pipeline.wake_instance(&label).unwrap();
    }
    rest(pipeline);
    assert_right(&pipeline.contents().unwrap(), &simulation);
    test.stop();
}

fn shares(records: &[RawDocument], count: usize) -> impl Iterator<Item = &[RawDocument]> {
    records.chunks(records.len().div_ceil(count))
}

fn trickle(feeder: &Feeder, records: &[RawDocument], time: Duration) {
    for record in records {
        feeder.send(record.topic, &record.key, &record.value).unwrap();
        std::thread::sleep(time / u32::try_from(records.len()).unwrap());
    }
    feeder.flush().unwrap();
}
