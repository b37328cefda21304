//! Mappings begun from samples: with the choices made that they leave open, each compiles; what it has guessed is right.
//!
//! How the choices are made here, as a person would make them: `name: CHOOSE` of the time zone becomes a zone, a unit's `CHOOSE` a common code, and a field's
//! `CHOOSE` a path.

use crate::support;
use std::path::{Path, PathBuf};

use lineside_normalizer::draft::{CHOOSE, DraftError, Wish, draft};
use lineside_normalizer::{Limits, Plan, Scratch};

fn begun(sample: &[u8], wish: &Wish<'_>) -> String {
    draft(wish, sample).unwrap_or_else(|error| panic!("{error}"))
}

const fn wish(source: &'static str) -> Wish<'static> {
    Wish { source, sample: "sample", contract: None, event_types: &[] }
}

/// Makes the choices that the draft leaves open.
fn chosen(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let (content, comment) = line.split_once("  # ").unwrap_or((line, ""));
        let content = match content.trim() {
            "name: CHOOSE" => content.replace(CHOOSE, "Europe/Berlin"),
            _ if comment.starts_with("CHOOSE: a UN/CEFACT code") => content.replace(CHOOSE, "C62"),
            _ => content.replace(CHOOSE, "chosen"),
        };
        content + "\n"
    });
    lines.collect()
}

fn compiles(text: &str) -> Plan {
    Plan::compile("draft", text).unwrap_or_else(|errors| panic!("{errors}\n{text}"))
}

const BARE_ACKNOWLEDGEMENT: &str = "acknowledgement-of-the-interchange.x12";

/// Samples of the packs: documents that their mappings read. The acknowledgement of an interchange alone is none.
fn samples() -> Vec<PathBuf> {
    let mut samples = Vec::new();
    for pack in std::fs::read_dir(support::sources()).expect("the packs") {
        for file in std::fs::read_dir(pack.expect("a pack").path().join("examples")).expect("the examples") {
            let file = file.expect("an example").path();
            let name = file.file_name().expect("a name").to_string_lossy().into_owned();
            if !name.ends_with(".expected.json") && !name.starts_with("refused-") && name != BARE_ACKNOWLEDGEMENT {
                samples.push(file);
            }
        }
    }
    assert!(samples.len() >= 9, "{samples:?}");
    samples
}

#[test]
fn from_every_example_a_mapping_is_begun_that_compiles_once_the_choices_are_made() {
    for file in samples() {
        let text = begun(&std::fs::read(&file).expect("a sample"), &wish("plant-c.new"));
        let plan = compiles(&chosen(&text));
        assert_eq!((plan.source(), plan.event_types().len(), plan.document_types().len()), ("plant-c.new", 1, 1), "{}", file.display());
        // What is left open never stands in an event.
        assert!(!text.contains(&format!("const: {CHOOSE}")), "{text}");
    }
}

#[test]
fn an_interchange_without_a_document_begins_no_mapping() {
    let error = draft(&wish("plant-c.new"), &example("plant-c.x12", BARE_ACKNOWLEDGEMENT)).expect_err("there is nothing to map");
    assert!(matches!(error, DraftError::NoDocument("Group")), "{error}");
}

fn example(pack: &str, file: &str) -> Vec<u8> {
    support::example(pack, file)
}

#[test]
fn selection_ids_times_quantities_and_units_of_a_json_document_are_inferred() {
    let text = begun(&example("plant-a.mes", "material-consumed.json"), &wish("plant-c.mes"));
    for line in [
        "format: json  # guess",
        "document_type: /eventType  # guess",
        "  plant: {const: plant-c}  # guess",
        "  - document: MATERIAL_CONSUMED",
        "    type: MATERIAL_CONSUMED  # guess",
        "      component: components/*  # guess",
        "    order: /order/number  # guess",
        "      event_id: {template: \"{/eventId}#{#component}\", as: text}  # guess",
        "      source_time: /occurredAt  # guess",
        "      item: material  # guess",
        "      lot: batch  # guess",
        "      quantity: {value: quantity, unit: uom}  # guess",
    ] {
        assert!(text.lines().any(|found| found.starts_with(line)), "{line} is not in\n{text}");
    }
    assert!(text.contains(": KGM  # guess") && !text.lines().any(|line| !line.starts_with('#') && line.contains(CHOOSE)), "nothing is left to choose:\n{text}");
}

#[test]
fn what_is_begun_from_a_json_document_reads_that_document() {
    let sample = example("plant-a.mes", "material-consumed.json");
    let plan = compiles(&begun(&sample, &wish("plant-a.mes")));
    let mut scratch = Scratch::default();
    let events = plan.apply(&support::record(support::PLANT_A, &sample), &Limits::default(), &mut scratch).expect("the sample is read");
    assert!(events.len() > 1 && events.iter().all(|event| event.type_name == "MATERIAL_CONSUMED"));
}

#[test]
fn every_format_is_begun_with() {
    let x12 = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260301*1200*U*00401*000000001*0*P*>~GS*SH*SENDER*RECEIVER*20260301*1200*1*X*004010~\
        ST*856*0001~BSN*00*S-1*20260301*1200~HL*1**S~HL*2*1*O~PRF*PO-1~HL*3*2*I~LIN**BP*4711~SN1**10*EA~CTT*3~SE*10*0001~GE*1*1~IEA*1*000000001~";
    let edifact = "UNB+UNOA:1+SENDER+RECEIVER+260301:1200+1'UNH+1+DESADV:D:96A:UN'BGM+351+DN-1+9'DTM+137:202603011200:203'UNT+4+1'UNZ+1+1'";
    for (sample, format) in [
        ("Zeit;Auftrag;Material;Menge;Einheit\n2026-03-01T10:00:00;4711;M-1;5;KG\n", "format: {type: csv, delimiter: \";\"}"),
        ("{\"type\": \"X\", \"id\": 1}\n{\"type\": \"X\", \"id\": 2}\n", "format: json-lines"),
        (x12, "format: x12"),
        (edifact, "format: edifact"),
        ("<a><b q='1'>x</b></a>", "format: xml"),
        ("[{\"id\": 1}, {\"id\": 2}]", "format: json"),
    ] {
        let text = begun(sample.as_bytes(), &wish("plant-c.new"));
        assert!(text.contains(format), "{format} is not in\n{text}");
        compiles(&chosen(&text));
    }
    assert!(begun(x12.as_bytes(), &wish("plant-c.new")).contains("segments: {hierarchy: {start: HL, "));
}

#[test]
fn a_local_time_asks_for_its_zone_and_an_unknown_unit_for_its_code() {
    let text = begun(b"Zeitstempel;occurredAt;order;material;quantity;unit\nx;2026-03-01T10:00:00;4711;M-1;5;FURLONG\n", &wish("plant-c.drops"));
    assert!(text.contains("  name: CHOOSE  # CHOOSE: the IANA zone") && text.contains("  FURLONG: CHOOSE  # CHOOSE: a UN/CEFACT code"), "{text}");
    let errors = Plan::compile("draft", &text).expect_err("choices are open").to_string();
    assert!(errors.contains(CHOOSE), "{errors}");
    compiles(&chosen(&text));
}

#[test]
fn a_wanted_contract_and_type_are_begun_with_and_unknown_ones_are_named() {
    let sample = b"{\"material\": \"M-1\"}";
    for (contract, event_type) in [(Some("Item"), None), (Some("ProductionEvent"), Some("FINISHED_GOODS_REPORTED")), (None, Some("MATERIAL_RETURNED"))] {
        let text = begun(sample, &Wish { contract, event_types: event_type.as_slice(), ..wish("plant-c.new") });
        let plan = compiles(&chosen(&text));
        assert_eq!(plan.event_types()[0].1, event_type.or(contract).expect("one of them"), "{text}");
    }
    for (contract, event_type) in [(Some("Itm"), None), (None, Some("MATERIAL_CONSUMD"))] {
        let error = draft(&Wish { contract, event_types: event_type.as_slice(), ..wish("plant-c.new") }, sample).expect_err("there is none").to_string();
        assert!(error.contains("did you mean"), "{error}");
    }
}

const REPORT: &str = r#"<?xml version="1.0" encoding="ISO-8859-1"?>
<Pruefauftrag xmlns="urn:labor:lims:3" nr="PA-000417" angelegt="29.11.2026 06:15">
  <Fertigungsauftrag>001000417</Fertigungsauftrag>
  <Material>4711-08</Material>
  <Charge>B26K0417</Charge>
  <Stichprobe menge="1.234,50" einheit="ST"/>
  <Merkmale>
    <Merkmal nr="10" name="Viskosität"><Sollwert unten="48,0" einheit="%"/><Gemessen>29.11.2026 07:02</Gemessen></Merkmal>
  </Merkmale>
  <Entscheid code="R" zeit="29.11.2026 07:45">Nacharbeit</Entscheid>
</Pruefauftrag>
"#;

#[test]
fn a_german_document_gives_forms_of_times_and_numbers_and_what_may_stand_several_times() {
    let bytes: Vec<u8> = REPORT.chars().map(|character| u8::try_from(character).expect("a character of ISO 8859-1")).collect();
    let types = ["MATERIAL_CONSUMED", "USAGE_DECISION_MADE"];
    let text = begun(&bytes, &Wish { event_types: &types, ..wish("plant-k.lims") });
    for line in [
        "contract: ProductionEvent  # guess",
        "numbers: {decimal: \",\", grouping: \".\"}  # guess",
        "time:",
        "  formats: [\"%d.%m.%Y %H:%M\"]  # guess",
        "  name: CHOOSE  # CHOOSE: the IANA zone",
        "    type: MATERIAL_CONSUMED",
        "      quantity: {value: Stichprobe/@menge, unit: Stichprobe/@einheit}  # guess: 1.234,50 ST",
        "    contract: QualityEvent",
        "    type: USAGE_DECISION_MADE",
        "#   @nr  = PA-000417",
        "#   Merkmale/Merkmal  1 in the sample",
        "#     @name  = Viskosität",
        "#     Sollwert/@unten  = 48,0",
    ] {
        assert!(text.lines().any(|found| found.starts_with(line)), "{line} is not in\n{text}");
    }
    let plan = compiles(&chosen(&text));
    assert_eq!(plan.event_types().iter().map(|(_, name)| *name).collect::<Vec<_>>(), types);
}

#[test]
fn what_cannot_be_read_is_said_to_be_so() {
    assert!(matches!(draft(&wish("plant-c.new"), b"hello"), Err(DraftError::UnknownFormat)));
    assert!(matches!(draft(&wish("plant-c.new"), b"{\"a\": "), Err(DraftError::Unreadable { format: "json", .. })));
}

/// Documents that others published: none breaks the inference, and what is begun from each compiles.
#[test]
fn from_documents_of_others_mappings_are_begun_that_compile() {
    let mut count = 0;
    for folder in ["b2mml", "sap", "epcis", "x12", "edifact"] {
        let Some(folder) = support::samples(folder) else { return };
        for file in files(&folder) {
            let bytes = std::fs::read(&file).expect("a sample");
            if let Ok(text) = draft(&wish("plant-c.new"), &bytes) {
                compiles(&chosen(&text));
                count += 1;
            }
        }
    }
    assert!(count > 50, "only {count} samples could be read");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.metadata().is_ok_and(|data| data.len() < 300_000) {
            found.push(path);
        }
    }
    found.sort();
    found
}
