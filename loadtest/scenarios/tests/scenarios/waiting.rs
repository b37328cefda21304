//! Records that wait for master data, on a real Kafka: it comes after them, and the normalizer is killed while they wait and while they go on.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::support::{TestPipeline, asked, rest, say};
use lineside_scenarios::books::audit;
use lineside_scenarios::expectation::plant_d_differences;
use lineside_scenarios::pipeline::{Feeder, Pipeline};
use lineside_simulators::plant_d::PlantD;
use lineside_simulators::{Random, RawDocument};
use lineside_topology::processors::NORMALIZER;

const LISTS: u64 = 12;
const KILLS: u32 = 6;
const SEED_VARIABLE: &str = "LINESIDE_KILL_SEED";
const TIMEOUT: Duration = Duration::from_mins(2);

fn send(feeder: &Feeder, records: &[RawDocument]) {
    for record in records {
        feeder.send(record.topic, &record.key, &record.value).unwrap();
    }
    feeder.flush().unwrap();
}

/// What `lineside parked` says: a JSON object a line.
fn said(pipeline: &Pipeline, arguments: &[&str]) -> Vec<serde_json::Value> {
    let lineside = Path::new(env!("CARGO_BIN_EXE_demo")).with_file_name("lineside");
    let mut command = Command::new(lineside);
    command.arg("parked").args(["--format", "json"]).args(arguments);
    let output = command.env("LINESIDE_BOOTSTRAP_SERVERS", pipeline.bootstrap()).env("LINESIDE_SCHEMA_REGISTRY", pipeline.registry_url()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn lists_wait_through_kills_and_go_on_exactly_once_when_their_master_data_comes() {
    let seed = asked(SEED_VARIABLE, 1);
    say(&format!("seed {seed}; {SEED_VARIABLE} sets another"));
    let mut random = Random::of_part(seed, "waiting", 0);
    let plant = PlantD::new(LISTS, jiff::Timestamp::now());
    let mut test = TestPipeline::start("waiting");
    let pipeline = &mut test.pipeline;
    let feeder = pipeline.feeder().unwrap();

    let (first, later) = plant.drops.split_at(plant.drops.len() / 2);
    send(&feeder, first);
    rest(pipeline);
    assert_eq!(pipeline.parked().unwrap().len(), first.len());
    assert!(pipeline.contents().unwrap().events.is_empty(), "nothing may go on");
    pipeline.kill_processor(NORMALIZER.name).unwrap();
    send(&feeder, later);
    pipeline.start_processor(NORMALIZER.name).unwrap();
    rest(pipeline);
    let parked = pipeline.parked().unwrap();
    let offsets: BTreeSet<_> = parked.iter().map(|parked| parked.record.clone()).collect();
    assert_eq!((parked.len(), offsets.len()), (plant.drops.len(), plant.drops.len()), "what waited still waits, once");
    let lines = said(pipeline, &["--source", "plant-d.csv-consumption"]);
    assert_eq!(lines.len(), plant.drops.len());
    let missing = said(pipeline, &["--missing"]);
    assert!(missing.iter().any(|line| line["missing"] == "item plant-d.csv/RM-0815 in plant-d"), "{missing:?}");

    // Piece by piece, with a kill somewhere in between each time.
    for record in plant.master.chunks(plant.master.len().div_ceil(KILLS as usize)) {
        send(&feeder, record);
        std::thread::sleep(Duration::from_millis(random.between(0, 1500).unsigned_abs()));
        pipeline.kill_processor(NORMALIZER.name).unwrap();
        pipeline.start_processor(NORMALIZER.name).unwrap();
    }
    pipeline.await_nothing_parked(TIMEOUT, &mut |_| Ok(())).unwrap_or_else(|error| panic!("{error}"));

    let contents = pipeline.contents().unwrap();
    let ids: BTreeSet<_> = contents.events.iter().map(|event| event.event_id.clone()).collect();
    let movements = contents.events.iter().filter(|event| event.source == "plant-d.csv-consumption").count();
    assert_eq!((movements as u64, contents.events.len()), (plant.events, ids.len()), "each event once");
    assert!(contents.dead_letters.is_empty(), "{:?}", contents.dead_letters);
    let differences = plant_d_differences(&contents, &plant);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    let findings: Vec<String> = audit(&contents).iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "the books do not close:\n{}", findings.join("\n"));
    assert!(said(pipeline, &[]).is_empty());
    test.stop();
}
