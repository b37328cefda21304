//! kill -9 of each processor in turn, again and again, at random moments: the postings are those of a run without kills.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::support::{TestPipeline, asked, assert_right, rest, say};
use apache_avro::types::Value;
use lineside_scenarios::books::Contents;
use lineside_scenarios::pipeline::{Feeder, Pipeline, Watch};
use lineside_simulators::{Random, RawDocument, Simulation};
use lineside_topology::processors::PROCESSORS;

const ORDERS: usize = 200;
const KILLS: u64 = 6;
const KILLS_VARIABLE: &str = "LINESIDE_KILLS";
/// From a processor's start to its kill: from before it has joined its group to well into its work.
const LIFE_MS: (i64, i64) = (50, 1500);
/// How long a processor may take to come to work.
const PATIENCE: Duration = Duration::from_secs(30);
const SEED_VARIABLE: &str = "LINESIDE_KILL_SEED";

/// Everything that each posting says, by plant, order and number.
type Postings = BTreeMap<(String, String, i64), Value>;

#[test]
fn postings_are_the_same_however_often_each_processor_is_killed() {
    let (seed, kills) = (asked(SEED_VARIABLE, 1), usize::try_from(asked(KILLS_VARIABLE, KILLS)).unwrap());
    say(&format!("seed {seed}; {SEED_VARIABLE} sets another, {KILLS_VARIABLE} more than {kills} kills"));
    let simulation = crate::support::simulation(seed, ORDERS);

    let undisturbed = run_undisturbed(&simulation);
    let mut killed = TestPipeline::start("kill");
    let feeder = killed.pipeline.feeder().unwrap();
    let shares = simulation.records.chunks(simulation.records.len().div_ceil(PROCESSORS.len()));
    for (number, (spec, share)) in PROCESSORS.iter().zip(shares).enumerate() {
        let mut random = Random::of_part(seed, spec.name, number as u64);
        let met = kill_while_feeding(&mut killed.pipeline, spec.name, &feeder, share, kills, &mut random);
        rest(&mut killed.pipeline);
        say(&format!("{}: killed {kills} times, {} times with records left, {} times after progress", spec.name, met.unfinished, met.progressed));
        assert!(met.unfinished > 0 && met.progressed > 0, "no kill met {} at work, so nothing is shown: {met:?}", spec.name);
        assert_part_of(&undisturbed, &killed.pipeline.contents().unwrap(), spec.name, seed);
    }
    let contents = killed.pipeline.contents().unwrap();
    assert_eq!(postings(&contents).len(), undisturbed.len(), "postings are missing");
    assert_right(&contents, &simulation);
    killed.stop();
}

fn run_undisturbed(simulation: &Simulation) -> Postings {
    let mut run = TestPipeline::start("straight");
    let feeder = run.pipeline.feeder().unwrap();
    send(&feeder, &simulation.records);
    rest(&mut run.pipeline);
    let contents = run.pipeline.contents().unwrap();
    assert_right(&contents, simulation);
    run.stop();
    postings(&contents)
}

/// What the kills of one processor met.
#[derive(Debug, Default)]
struct Met {
    /// Kills after which records were left that it had not committed.
    unfinished: usize,
    /// Kills before which it had committed something since its start.
    progressed: usize,
}

/// Feeds a share of the input in a trickle, so that there is always work, and kills the processor again and again.
fn kill_while_feeding(pipeline: &mut Pipeline, processor: &str, feeder: &Feeder, share: &[RawDocument], kills: usize, random: &mut Random) -> Met {
    let watch = Watch::new(pipeline.bootstrap()).unwrap();
    let committed = || watch.progress().unwrap().iter().find(|group| group.processor == processor).map_or(0, |group| group.read);
    let mut met = Met::default();
    let mut before = committed();
    let mut bits = share.chunks(share.len().div_ceil(kills));
    for kill in 0..kills {
        let bit = bits.next().unwrap_or_default();
        let life = Duration::from_millis(random.between(LIFE_MS.0, LIFE_MS.1).unsigned_abs());
        for record in bit {
            feeder.send(record.topic, &record.key, &record.value).unwrap();
            std::thread::sleep(life / u32::try_from(bit.len()).unwrap());
        }
        // However slow the machine: every third kill meets one that has come to work.
        let began = Instant::now();
        while kill % 3 == 2 && committed() == before && began.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(20));
        }
        pipeline.kill_processor(processor).unwrap();
        let after = committed();
        met.progressed += usize::from(after > before);
        met.unfinished += usize::from(watch.is_behind(processor).unwrap());
        before = after;
        pipeline.start_processor(processor).unwrap();
    }
    feeder.flush().unwrap();
    met
}

fn send(feeder: &Feeder, records: &[RawDocument]) {
    for record in records {
        feeder.send(record.topic, &record.key, &record.value).unwrap();
    }
    feeder.flush().unwrap();
}

fn postings(contents: &Contents) -> Postings {
    contents.postings.iter().map(|posting| ((posting.plant.clone(), posting.order.clone(), posting.sequence), without_answers(&posting.content, false))).collect()
}

/// A posting without what the ERP has told of the lines that it takes back: when an answer comes is no matter of the events.
fn without_answers(value: &Value, reverses: bool) -> Value {
    match value {
        Value::Record(fields) => {
            let told = |name: &str| reverses && ["document", "year", "item"].contains(&name);
            let kept = fields.iter().filter(|(name, _)| !told(name));
            Value::Record(kept.map(|(name, value)| (name.clone(), without_answers(value, name == "reverses"))).collect())
        }
        Value::Union(branch, value) => Value::Union(*branch, Box::new(without_answers(value, reverses))),
        Value::Array(items) => Value::Array(items.iter().map(|item| without_answers(item, reverses)).collect()),
        other => other.clone(),
    }
}

/// Every posting so far is one of the undisturbed run, in all that it says.
fn assert_part_of(undisturbed: &Postings, contents: &Contents, killed: &str, seed: u64) {
    let found = postings(contents);
    assert_eq!(found.len(), contents.postings.len(), "a posting stands twice after kills of {killed}, seed {seed}");
    for (key, posting) in found {
        assert_eq!(Some(&posting), undisturbed.get(&key), "posting {key:?} after kills of {killed}, seed {seed}");
    }
}
