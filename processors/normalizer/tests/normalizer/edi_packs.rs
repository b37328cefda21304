//! The packs that read X12 and EDIFACT, on interchanges that others published, read in place, and on what has to hold for all of them.

use crate::support;
use std::fs;

use crate::support::rendering;
use lineside_normalizer::MappedEvent;
use serde_json::{Value as Json, json};

const X12: &str = "raw.plant-c.x12";
const EDIFACT: &str = "raw.plant-c.edifact";

/// What a document becomes: its events as JSON, or the code of its refusal.
fn outcome(topic: &str, bytes: &[u8]) -> Result<Vec<Json>, &'static str> {
    let read = |event: &MappedEvent<'_>| rendering::datum(event.contract, event.datum);
    support::apply(topic, bytes, |applied| applied.map(|events| events.iter().map(read).collect()).map_err(|refusal| refusal.code))
}

fn check(folder: &str, topic: &str, expected: &[(&str, &str)]) {
    let Some(folder) = support::samples(folder) else { return };
    let mut names: Vec<_> = fs::read_dir(&folder).expect("the samples").map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned()).collect();
    // What another reader makes of one of them.
    names.retain(|name| !name.contains(".expected."));
    names.sort();
    let found: Vec<(String, String)> = names
        .into_iter()
        .map(|name| {
            let result = match outcome(topic, &fs::read(folder.join(&name)).expect("a sample")) {
                Ok(events) => events.iter().map(|event| event["type"].as_str().expect("a type")).collect::<Vec<_>>().join(" "),
                Err(code) => code.to_owned(),
            };
            (name, result)
        })
        .collect();
    let found: Vec<_> = found.iter().map(|(name, result)| (&**name, &**result)).collect();
    assert_eq!(found, expected);
}

#[test]
fn every_x12_sample_is_understood_or_refused_with_its_code() {
    check(
        "x12",
        X12,
        &[
            ("edinet_214-MGCTLYST-SAMPLE.EDI", "MILESTONE"),
            // A line break stands in the middle of its ISA.
            ("edinet_x12.214.edi", "invalid-x12"),
            // Acknowledgements are no events.
            ("staedi_empty997.edi", ""),
            ("staedi_extraDelimiter997.edi", ""),
            ("staedi_invalid997.edi", ""),
            // GE02 is not GS06.
            ("staedi_invalid997_min.edi", "control-number-mismatch"),
            // It has 18 segments and counts 16.
            ("staedi_invalid999.edi", "control-count-mismatch"),
            // Invoices, orders and their answers, and the bills of carriers.
            ("staedi_invoice810_po850_dual.edi", "unmapped-document"),
            ("staedi_multi-tx-transaction-type.edi", "unmapped-document"),
            // The length of its binary segment is `11a`.
            ("staedi_nonnumeric_BIN01.edi", "invalid-x12"),
            ("staedi_simple997-multiple-interchanges.edi", ""),
            ("staedi_simple997.edi", ""),
            ("staedi_ts210_80char.edi", "unmapped-document"),
            ("staedi_ts214_ellipses_segterm.edi", "MILESTONE MILESTONE"),
        ],
    );
}

#[test]
fn every_edifact_sample_is_understood_or_refused_with_its_code() {
    check(
        "edifact",
        EDIFACT,
        &[
            // It counts 158 segments, and was shortened.
            ("edinet_edifact.01.multi-message.edi", "control-count-mismatch"),
            // Airlines, invoices.
            ("edinet_edifact.Issue152.Wikipedia.edi", "unmapped-document"),
            // UNT02 is not UNH01.
            ("edinet_edifact.ORDRSP.edi", "control-number-mismatch"),
            ("smooks_recadv.txt", "RECEIPT"),
            ("staedi_empty-segment-example.edi", "unmapped-document"),
            ("staedi_invoic_d93a_una.edi", "unmapped-document"),
            ("staedi_invoic_d97b.edi", "unmapped-document"),
            ("staedi_invoic_d97b_bad.edi", "unmapped-document"),
            ("staedi_invoic_d97b_una.edi", "unmapped-document"),
            // It has 18 segments and counts 21.
            ("staedi_orders-with-group.edi", "control-count-mismatch"),
            ("staedi_wrapped_invoic_d97b.edi", "unmapped-document"),
        ],
    );
}

#[test]
fn a_real_receiving_advice_keeps_its_numbers() {
    let Some(folder) = support::samples("edifact") else { return };
    let events = outcome(EDIFACT, &fs::read(folder.join("smooks_recadv.txt")).expect("the sample")).expect("it is mapped");
    let [event] = events.as_slice() else { panic!("{} events", events.len()) };
    assert_eq!(event["envelope"]["event_id"], "14:512X20101054836182/000002/1");
    assert_eq!(event["document"], "20220808112809950");
    let receipt = &event["receipt"];
    // A date alone is the beginning of that day at the plant.
    assert_eq!(receipt["received_at"], "2022-08-23T04:00:00Z");
    assert_eq!(receipt["supplier"], "FR21");
    assert_eq!(receipt["references"], json!([{"kind": "RECEIVING_ADVICE", "kind_code": "ALO", "id": "0017128652", "date": "2022-08-04"}]));
    let line = &receipt["lines"][0];
    assert_eq!((&line["line"], &line["item"], &line["lot"]), (&json!("900001"), &json!("1000629"), &json!("U23362")));
    assert_eq!((&line["production_date"], &line["expiry_date"]), (&json!("2021-11-15"), &json!("2024-10-31")));
    assert_eq!(line["received_quantity"], json!({"value": "200", "unit": "C62"}));
    // It says nothing of acceptance.
    assert_eq!((&line["accepted_quantity"], &line["quantity_in_question"]), (&Json::Null, &Json::Null));
    assert_eq!((&line["references"][0]["id"], &line["references"][0]["item"]), (&json!("5502284066"), &json!("000010")));
}

#[test]
fn real_shipment_statuses_keep_what_the_carrier_says() {
    let Some(folder) = support::samples("x12") else { return };
    let read = |name: &str| outcome(X12, &fs::read(folder.join(name)).expect("the sample")).expect("it is mapped");
    let facts = |event: &Json| {
        let milestone = &event["milestone"];
        let [kind, code, reason, estimated, time] = ["milestone", "status_code", "reason_code", "estimated", "time"].map(|name| milestone[name].clone());
        json!([event["envelope"]["event_id"], event["document"], kind, code, reason, estimated, time, milestone["place"]["city"], milestone["equipment"]])
    };
    let events = read("edinet_214-MGCTLYST-SAMPLE.EDI");
    let unloaded = json!(["02:SCAC/000082265/82265/822650001/1.1", "75027674", "UNLOADED", "D1", "NS", false, "2016-07-26T16:30:00Z", "BRATTLEBORO", "30402"]);
    assert_eq!(events.iter().map(facts).collect::<Vec<_>>(), [unloaded]);
    let events = read("staedi_ts214_ellipses_segterm.edi");
    let estimated = json!(["ZZ:XXXX/000075776/75776/757760001/1.1", "7727019", "DELIVERED", "AG", "NS", true, "2020-09-11T15:59:00Z", null, "902577"]);
    let departed = json!(["ZZ:XXXX/000075776/75776/757760001/2.1", "7727019", "DEPARTED", "AF", "NS", false, "2020-09-10T15:35:00Z", null, "902577"]);
    assert_eq!(events.iter().map(facts).collect::<Vec<_>>(), [estimated, departed]);
    assert_eq!(events[1]["milestone"]["gross_weight"], json!({"value": "2085", "unit": "LBR"}));
}

/// The examples of a pack that are understood.
fn understood(pack: &str) -> Vec<Vec<u8>> {
    let folder = support::sources().join(pack).join("examples");
    let files = fs::read_dir(folder).expect("the examples").map(|entry| entry.expect("a file").path());
    let documents = files.filter(|path| path.extension().is_some_and(|kind| kind != "json") && !path.to_string_lossy().contains("refused-"));
    documents.map(|path| fs::read(path).expect("an example")).collect()
}

#[test]
fn the_same_interchange_twice_gives_the_same_events() {
    for (topic, pack) in [(X12, "plant-c.x12"), (EDIFACT, "plant-c.edifact")] {
        let documents = understood(pack);
        assert!(documents.len() >= 6, "{pack}");
        for document in documents {
            let events = outcome(topic, &document).expect("it is mapped");
            // With other layout between the segments, as another hop may leave it.
            let joined: Vec<u8> = document.iter().copied().filter(|byte| *byte != b'\n').collect();
            assert_eq!(outcome(topic, &joined).expect("it is mapped"), events);
            // Twice in one record its ids would stand for two events each: that is refused, not doubled.
            if !events.is_empty() {
                assert_eq!(outcome(topic, &[document.as_slice(), document.as_slice()].concat()), Err("duplicate-event-id"));
            }
        }
    }
}

/// Unscaled billionths, for sums.
fn amount(quantity: &Json) -> Option<i128> {
    quantity["value"].as_str().map(|text| text.parse::<lineside_schemas::decimal::Decimal>().expect("a decimal").unscaled())
}

#[test]
fn nothing_that_is_in_question_is_accepted() {
    let mut questioned = 0;
    for (topic, pack) in [(X12, "plant-c.x12"), (EDIFACT, "plant-c.edifact")] {
        for event in understood(pack).iter().flat_map(|document| outcome(topic, document).expect("it is mapped")) {
            for line in event["receipt"]["lines"].as_array().into_iter().flatten() {
                let came_in_question = line["discrepancies"].as_array().into_iter().flatten().filter(|part| part["reason"] != "SHORT");
                let came_in_question: i128 = came_in_question.filter_map(|part| amount(&part["quantity"])).sum();
                let (received, accepted) = (amount(&line["received_quantity"]).unwrap_or(0), amount(&line["accepted_quantity"]));
                if line["quantity_in_question"].is_null() {
                    continue;
                }
                questioned += 1;
                match accepted {
                    Some(accepted) if accepted > 0 => assert_eq!(accepted + came_in_question, received, "{line}"),
                    _ => assert_eq!(received, 0, "{line}"),
                }
            }
        }
    }
    assert_eq!(questioned, 8);
}
