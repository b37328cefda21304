//! Interchanges that others published, read in place: which are taken, and with which code the others are refused.

use crate::support;
use std::fs;

use lineside_normalizer::{Limits, Plan, Scratch};

/// One event of each transaction set or message, so that what was found can be counted.
fn plan(format: &str, levels: &str, number: &str) -> Plan {
    let mapping = format!(
        "
source: plant-t.edi
version: 1
contract: ProductionEvent
format: {format}
envelope:
  event_id: {{template: '{{#/interchange}}/{{#/message}}'}}
  plant: {{const: plant-t}}
  transaction_type: $document_type
  source_time: {{const: '2026-11-20T08:00:00Z'}}
order: {number}
events:
  - document: {format}
    type: ORDER_COMPLETED
    each: {levels}
    fields: {{}}
"
    );
    Plan::compile("test", &mapping).unwrap_or_else(|errors| panic!("{errors}"))
}

/// What a file gives: the number of transaction sets or messages, and of interchanges, or the code.
fn outcome(plan: &Plan, bytes: &[u8]) -> String {
    let record = support::record(plan.topic(), bytes);
    match plan.apply(&record, &Limits::default(), &mut Scratch::default()) {
        Ok(events) => {
            let interchanges: std::collections::BTreeSet<_> = events.iter().map(|event| event.event_id.split('/').next().expect("a part").to_owned()).collect();
            format!("{} in {}", events.len(), interchanges.len())
        }
        Err(refusal) => refusal.code.to_owned(),
    }
}

fn check(folder: &str, plan: &Plan, expected: &[(&str, &str)]) {
    let Some(folder) = support::samples(folder) else { return };
    let mut names: Vec<_> = fs::read_dir(&folder).expect("the samples").map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned()).collect();
    // What another reader makes of one of them.
    names.retain(|name| !name.contains(".expected."));
    names.sort();
    let found: Vec<(String, String)> = names
        .into_iter()
        .map(|name| {
            let result = outcome(plan, &fs::read(folder.join(&name)).expect("a sample"));
            println!("{name:45} {result}");
            (name, result)
        })
        .collect();
    let found: Vec<_> = found.iter().map(|(name, result)| (&**name, &**result)).collect();
    assert_eq!(found, expected);
}

#[test]
fn every_x12_sample_is_taken_or_refused_with_its_code() {
    let plan = plan("x12", "{interchange: Interchange, group: Group, message: Transaction}", "ST/02");
    check(
        "x12",
        &plan,
        &[
            ("edinet_214-MGCTLYST-SAMPLE.EDI", "1 in 1"),
            // A line break stands in the middle of its ISA.
            ("edinet_x12.214.edi", "invalid-x12"),
            ("staedi_empty997.edi", "1 in 1"),
            // What is wrong with these two stands in no envelope: elements that a directory of messages would not allow.
            ("staedi_extraDelimiter997.edi", "1 in 1"),
            ("staedi_invalid997.edi", "1 in 1"),
            // GE02 is not GS06.
            ("staedi_invalid997_min.edi", "control-number-mismatch"),
            // It has 18 segments and counts 16.
            ("staedi_invalid999.edi", "control-count-mismatch"),
            ("staedi_invoice810_po850_dual.edi", "3 in 1"),
            ("staedi_multi-tx-transaction-type.edi", "2 in 1"),
            // The length of its binary segment is `11a`.
            ("staedi_nonnumeric_BIN01.edi", "invalid-x12"),
            ("staedi_simple997-multiple-interchanges.edi", "3 in 3"),
            ("staedi_simple997.edi", "1 in 1"),
            ("staedi_ts210_80char.edi", "1 in 1"),
            ("staedi_ts214_ellipses_segterm.edi", "1 in 1"),
        ],
    );
}

#[test]
fn every_edifact_sample_is_taken_or_refused_with_its_code() {
    let plan = plan("edifact", "{interchange: Interchange, message: Message}", "UNH/01");
    check(
        "edifact",
        &plan,
        &[
            // It counts 158 segments, and was shortened.
            ("edinet_edifact.01.multi-message.edi", "control-count-mismatch"),
            ("edinet_edifact.Issue152.Wikipedia.edi", "1 in 1"),
            // UNT02 is not UNH01.
            ("edinet_edifact.ORDRSP.edi", "control-number-mismatch"),
            ("smooks_recadv.txt", "1 in 1"),
            ("staedi_empty-segment-example.edi", "1 in 1"),
            ("staedi_invoic_d93a_una.edi", "1 in 1"),
            ("staedi_invoic_d97b.edi", "1 in 1"),
            // A price with a currency sign, and the like: nothing of the syntax.
            ("staedi_invoic_d97b_bad.edi", "1 in 1"),
            ("staedi_invoic_d97b_una.edi", "1 in 1"),
            // It has 18 segments and counts 21.
            ("staedi_orders-with-group.edi", "control-count-mismatch"),
            ("staedi_wrapped_invoic_d97b.edi", "1 in 1"),
        ],
    );
}
