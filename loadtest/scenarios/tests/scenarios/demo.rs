//! The demo as a person runs it.

mod family;

use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use self::family::Family;
use crate::support::turn::Turn;

const DEMO: &str = env!("CARGO_BIN_EXE_demo");
const END_TIMEOUT: Duration = Duration::from_secs(30);

fn demo(arguments: &[&str]) -> (Output, String) {
    let output = Command::new(DEMO).args(arguments).output().unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output, text)
}

#[test]
fn simulated_plants_end_with_closed_books() {
    let _turn = Turn::shared();
    let (output, text) = demo(&["--orders", "20", "--seed", "7"]);
    assert!(output.status.success(), "{text}");
    for words in [
        "Records from plant-a.mes",
        "duplicates dropped",
        "xml-doctype",
        "control total 261 issue",
        "wait for master data",
        "item plant-d.csv/RM-0815",
        "the lists went on, with 27 events",
        "The books close",
        "what the simulated plants did",
        "The ERP booked what was posted",
    ] {
        assert!(text.contains(words), "no {words:?} in:\n{text}");
    }
}

/// After the public schema of B2MML V0401.
const CONSUMPTION: &str = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>
<SyncProductionPerformance releaseID=\"\" xmlns=\"http://www.wbf.org/xml/B2MML-V0401\">
  <ApplicationArea><CreationDateTime>2014-03-05T09:10:11.1234567+01:00</CreationDateTime></ApplicationArea>
  <DataArea>
    <Sync />
    <ProductionPerformance>
      <ProductionResponse>
        <ID>4007</ID>
        <SegmentResponse>
          <ID>Mixing</ID>
          <MaterialActual>
            <MaterialDefinitionID>SUGAR</MaterialDefinitionID>
            <MaterialLotID>SUGAR-9</MaterialLotID>
            <MaterialUse>Consumed</MaterialUse>
            <Quantity><QuantityString>250.5</QuantityString><DataType>decimal</DataType><UnitOfMeasure>G</UnitOfMeasure></Quantity>
            <MaterialActualProperty>
              <ID>Indice</ID>
              <Value><ValueString>0020</ValueString><DataType>string</DataType><UnitOfMeasure></UnitOfMeasure></Value>
            </MaterialActualProperty>
          </MaterialActual>
        </SegmentResponse>
      </ProductionResponse>
    </ProductionPerformance>
  </DataArea>
</SyncProductionPerformance>";

#[test]
fn files_of_a_folder_are_shown_event_by_event_and_refusal_by_refusal() {
    let _turn = Turn::shared();
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    std::fs::write(folder.path().join("consumption.xml"), CONSUMPTION).unwrap();
    std::fs::write(folder.path().join("inventory.xml"), "<SyncMaterialInformation xmlns=\"http://www.wbf.org/xml/B2MML-V0401\"/>").unwrap();
    std::fs::write(folder.path().join("torn.json"), "{\"eventId\": \"A-1\", \"even").unwrap();
    let (output, text) = demo(&["--input", folder.path().to_str().unwrap()]);
    assert!(output.status.success(), "{text}");
    let shown =
        ["LINESIDE_DEDUP_WINDOW_DAYS", "order            4007", "operation        Mixing", "position         0020", "item             SUGAR", "lot              SUGAR-9"];
    let exact = ["quantity         0.2505 KGM", "source time      2014-03-05T08:10:11.1234567Z", "SyncMaterialInformation", "inventory.xml", "invalid-json", "torn.json"];
    for words in shown.iter().chain(&exact) {
        assert!(text.contains(words), "no {words:?} in:\n{text}");
    }
}

#[test]
fn documents_that_others_published_are_read_as_they_are() {
    let _turn = Turn::shared();
    let samples = std::env::var("LINESIDE_SAMPLES").map_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from).join("b2mml");
    if !samples.is_dir() {
        let note = format!("NOT RUN: no published samples in {} (LINESIDE_SAMPLES names another folder)\n", samples.display());
        // Not captured, unlike what the print macros write.
        std::io::Write::write_all(&mut std::io::stderr(), note.as_bytes()).unwrap();
        return;
    }
    let (output, text) = demo(&["--input", samples.to_str().unwrap()]);
    assert!(output.status.success(), "{text}");
    let shown = ["order            53107", "operation        Weighing", "position         0010", "item             CRBN0001", "lot              CRBN0001_LOT01"];
    let exact = [
        "quantity         0.41 KGM",
        "source time      2012-11-29T10:58:25.3149559Z",
        "ORDER_RELEASED",
        "BALANCE_SNAPSHOT",
        "Item CRBN0001:item:",
        "Lot CRBN0001:CRBN0001_LOT01:lot:",
        "The books close",
    ];
    for words in shown.iter().chain(&exact) {
        assert!(text.contains(words), "no {words:?} in:\n{text}");
    }
}

#[test]
fn a_processor_that_ends_by_itself_fails_the_demo_with_its_log() {
    let _turn = Turn::shared();
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let bin_dir = folder.path().join("bin");
    std::fs::create_dir(&bin_dir).unwrap();
    let names = lineside_topology::processors::PROCESSORS.iter().map(|spec| spec.name).chain(["lineside", "erp-simulator"]);
    for name in names.filter(|name| *name != "deduplicator") {
        symlink(Path::new(DEMO).with_file_name(name), bin_dir.join(name)).unwrap();
    }
    let broken = bin_dir.join("deduplicator");
    std::fs::write(&broken, "#!/bin/sh\necho 'the disk is on fire'\nexit 3\n").unwrap();
    std::fs::set_permissions(&broken, std::fs::Permissions::from_mode(0o755)).unwrap();
    let (output, text) = demo(&["--orders", "4", "--bin-dir", bin_dir.to_str().unwrap()]);
    assert!(!output.status.success(), "{text}");
    assert!(text.contains("deduplicator ended by itself") && text.contains("the disk is on fire"), "{text}");
}

/// A demo that is left running, and everything it started.
fn left_running() -> (Child, Family) {
    let mut demo = Command::new(DEMO).args(["--orders", "4", "--keep-running"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(demo.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("Everything is left running")), "the demo ended before");
    let family = Family::of(demo.id());
    // Two servers with a watcher each, five processors and their guard.
    assert!(family.len() >= 10, "{family:?}");
    // Keeps reading, so that the demo can go on writing.
    std::thread::spawn(move || lines.for_each(drop));
    (demo, family)
}

#[test]
fn nothing_is_left_when_the_demo_is_killed() {
    let _turn = Turn::shared();
    let (mut demo, family) = left_running();
    demo.kill().unwrap();
    demo.wait().unwrap();
    family.assert_ends(END_TIMEOUT);
}

#[test]
fn ctrl_c_ends_everything_in_order() {
    let _turn = Turn::shared();
    let (mut demo, family) = left_running();
    let pid = Pid::from_raw(i32::try_from(demo.id()).unwrap()).unwrap();
    kill_process(pid, Signal::INT).unwrap();
    assert!(demo.wait().unwrap().success());
    family.assert_ends(END_TIMEOUT);
}

#[test]
fn wrong_folders_are_named() {
    let mut demo = Command::new(DEMO).args(["--input", "/nowhere/at/all"]).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let mut text = String::new();
    demo.stderr.take().unwrap().read_to_string(&mut text).unwrap();
    assert!(!demo.wait().unwrap().success());
    assert!(text.contains("/nowhere/at/all"), "{text}");
    let (output, text) = self::demo(&["--bin-dir", "/nowhere/at/all"]);
    assert!(!output.status.success());
    assert!(text.contains("/nowhere/at/all/normalizer") && text.contains("cargo build --workspace"), "{text}");
}
