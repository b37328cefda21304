//! The same input through other deployments, changed under load: one process or several, more instances and fewer, members that freeze.

use std::collections::BTreeMap;
use std::ops::{Range, RangeInclusive};
use std::time::{Duration, Instant};

use crate::support::probe::Probe;
use crate::support::{TestPipeline, asked, assert_right, rest, say};
use lineside_scenarios::pipeline::{Feeder, Hosting, Pipeline};
use lineside_scenarios::topics::Reader;
use lineside_simulators::{Random, RawDocument};
use lineside_topology::processors::PROCESSORS;
use lineside_topology::topics::{CANONICAL_PRODUCTION, NORMALIZED};

const ORDERS: usize = 150;
const SEED: u64 = 7;
/// A share of the input is sent over this time.
const SHARE_TIME: Duration = Duration::from_millis(2500);
/// The group gives a silent member's partitions away after this. Milliseconds; the least that the local stack allows.
const SESSION_TIMEOUT_MS: &str = "2000";
const FREEZES: u64 = 6;
const FREEZES_VARIABLE: &str = "LINESIDE_FREEZES";
const FREEZE_SEED_VARIABLE: &str = "LINESIDE_FREEZE_SEED";
/// Instances of each processor in the rolling restart, and how long the load on it lasts: one round takes most of that.
const INSTANCES: RangeInclusive<u32> = 1..=2;
const ROLLING_TIME: Duration = Duration::from_secs(20);
const TOGETHER: &str = "together";

#[test]
fn moving_between_one_process_and_several_loses_and_doubles_nothing() {
    let simulation = crate::support::simulation(SEED, ORDERS);
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
    let simulation = crate::support::simulation(SEED, ORDERS);
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
    let simulation = crate::support::simulation(SEED, ORDERS);
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

/// Instances are ended by SIGTERM and started again, one after the other, as an orchestrator does with a new version.
#[test]
fn a_rolling_restart_under_load_loses_and_doubles_nothing_and_leaves_the_other_instances_alone() {
    let simulation = crate::support::simulation(SEED, ORDERS);
    let mut test = TestPipeline::prepare_alone("rolling");
    let pipeline = &mut test.pipeline;
    let feeder = pipeline.feeder().unwrap();
    // With the usual session timeout: a restart takes much less.
    let hostings: BTreeMap<String, Hosting> =
        INSTANCES.flat_map(|number| PROCESSORS.iter().map(move |spec| (format!("{}-{number}", spec.name), Hosting::Alone(spec.name)))).collect();
    for (label, hosting) in &hostings {
        pipeline.start_instance(label, *hosting, &[]).unwrap();
    }
    let probe = Probe::new();
    for label in hostings.keys() {
        probe.await_ready(pipeline, label);
    }
    probe.await_balance(pipeline, &hostings);

    let (mut restarts, mut longest_stop, mut longest_start) = (0, Duration::ZERO, Duration::ZERO);
    let began_ms = jiff::Timestamp::now().as_millisecond();
    std::thread::scope(|scope| {
        let load = scope.spawn(|| trickle(&feeder, &simulation.records, ROLLING_TIME));
        for (label, hosting) in hostings.iter().cycle().take_while(|_| !load.is_finished()) {
            let others = || hostings.keys().filter(|other| *other != label).map(|other| (other.clone(), probe.rebalances(pipeline, other))).collect();
            let before: BTreeMap<String, f64> = others();
            let started = Instant::now();
            pipeline.stop_instance(label).unwrap();
            longest_stop = longest_stop.max(started.elapsed());
            let started = Instant::now();
            pipeline.start_instance(label, *hosting, &[]).unwrap();
            probe.await_ready(pipeline, label);
            longest_start = longest_start.max(started.elapsed());
            let others = || hostings.keys().filter(|other| *other != label).map(|other| (other.clone(), probe.rebalances(pipeline, other))).collect();
            let after: BTreeMap<String, f64> = others();
            assert_eq!(before, after, "the restart of {label} moved partitions of others");
            restarts += 1;
        }
    });
    let ended_ms = jiff::Timestamp::now().as_millisecond();
    rest(pipeline);
    say(&format!("{restarts} restarts under load; to end after SIGTERM: {longest_stop:.1?} at most; from start to ready: {longest_start:.1?} at most"));
    for topic in [NORMALIZED.name(), CANONICAL_PRODUCTION.name()] {
        let (pause_ms, partition) = longest_pause(pipeline, topic, began_ms..ended_ms);
        say(&format!("{topic}: the longest time without a commit to a partition was {pause_ms} ms, in partition {partition}"));
    }
    assert_right(&pipeline.contents().unwrap(), &simulation);
    test.stop();
}

/// A member that sleeps past its session has been replaced when it wakes, but does not know it yet.
#[test]
fn a_member_that_freezes_and_wakes_changes_nothing() {
    let (seed, freezes) = (asked(FREEZE_SEED_VARIABLE, 1), usize::try_from(asked(FREEZES_VARIABLE, FREEZES)).unwrap());
    say(&format!("seed {seed}; {FREEZE_SEED_VARIABLE} sets another, {FREEZES_VARIABLE} more than {freezes} freezes"));
    let simulation = crate::support::simulation(seed, ORDERS * 2);
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
    for share in shares(&simulation.records, freezes) {
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

/// The longest time between two records of a partition, milliseconds, and which partition it was.
fn longest_pause(pipeline: &Pipeline, topic: &str, within_ms: Range<i64>) -> (i64, i32) {
    let mut times: BTreeMap<i32, Vec<i64>> = BTreeMap::new();
    for record in Reader::new(pipeline.bootstrap()).unwrap().read(topic).unwrap() {
        times.entry(record.position.partition).or_insert_with(|| vec![within_ms.start]).push(record.time_ms);
    }
    let pauses = times.iter_mut().map(|(partition, times)| {
        times.retain(|time| within_ms.contains(time));
        times.sort_unstable();
        (times.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or_default(), *partition)
    });
    pauses.max().unwrap()
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
