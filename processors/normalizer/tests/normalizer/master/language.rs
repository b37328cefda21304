//! What mappings say of references, and what is made of them.

use lineside_normalizer::{Limits, MasterIndex, Plan, Scratch};
use lineside_schemas::records::OrderAliasKind;
use serde_json::Value as Json;

use crate::master::plant::{self, MAPPING, Master, consumed, document, index, item, order, plan, record, supplier, unit};
use crate::support::rendering;

/// The events of a document, or what is missing, or the refusal's code and message.
fn outcome(master: &MasterIndex, document: &str) -> Result<Vec<Json>, String> {
    let (plan, mut scratch) = (plan(), Scratch::default());
    match plan.apply_with(&record(document.as_bytes()), &Limits::default(), &mut scratch, master) {
        Err(refusal) => Err(format!("{}: {}", refusal.code, refusal.message)),
        Ok(applied) if !applied.missing.is_empty() => {
            let missing: Vec<_> = applied.missing.iter().map(|missing| missing.key.to_string()).collect();
            let aggregates = applied.aggregates.iter().map(|aggregate| aggregate.key.as_deref().unwrap_or("?"));
            let refusal = applied.refusal.expect("why it is not complete");
            assert_eq!((refusal.code, refusal.class), ("reference-missing", lineside_api::ErrorClass::Recoverable));
            Err(format!("waits for {} with {}", missing.join(", "), aggregates.collect::<Vec<_>>().join(", ")))
        }
        Ok(applied) => Ok(applied.events.iter().map(|event| rendering::datum(event.contract, event.datum)).collect()),
    }
}

fn events(master: &MasterIndex, document: &str) -> Vec<Json> {
    outcome(master, document).unwrap_or_else(|error| panic!("{error}"))
}

fn masters(make: impl Fn(&lineside_schemas::Codec) -> Vec<Master>) -> MasterIndex {
    let codec = lineside_testkit::codec();
    index(&codec, &make(&codec))
}

#[test]
fn numbers_become_canonical_items_and_units_base_units() {
    let master = masters(|codec| vec![item(codec, "CH-1", 1, &["0815"], None), unit(codec, "CH-1", "SACK", "1", "25")]);
    let made = events(&master, &consumed("1", 5, "4711", &[("0815", "2.5", "SACK"), ("0815", "3", "KG")]));
    let said: Vec<_> = made.iter().map(|event| (&event["material_consumed"]["item"], &event["material_consumed"]["quantity"])).collect();
    assert_eq!(said[0], (&Json::from("CH-1"), &serde_json::json!({"value": "62.5", "unit": "KGM"})));
    assert_eq!(said[1], (&Json::from("CH-1"), &serde_json::json!({"value": "3", "unit": "KGM"})));
}

#[test]
fn a_reference_holds_by_the_events_time() {
    let master = masters(|codec| vec![item(codec, "CH-1", 1, &["0815"], Some(100))]);
    assert_eq!(events(&master, &consumed("1", 100, "4711", &[("0815", "1", "KG")])).len(), 1);
    let early = outcome(&master, &consumed("1", 99, "4711", &[("0815", "1", "KG")])).expect_err("not yet");
    assert_eq!(early, "waits for item `0815` of scheme `plant-x.mes` in plant-x with plant-x/4711");
}

#[test]
fn a_document_tells_all_that_it_lacks_and_every_aggregate_of_it() {
    let master = masters(|codec| vec![item(codec, "CH-1", 1, &["0815"], None)]);
    let lines = [("1", "1", "KG"), ("0815", "1", "KG"), ("2", "1", "KG"), ("0815", "1", "SACK")];
    let waits = outcome(&master, &consumed("1", 5, "4711", &lines)).expect_err("it waits");
    let items = ["item `1` of scheme `plant-x.mes` in plant-x", "item `2` of scheme `plant-x.mes` in plant-x", "unit `SACK` of item `CH-1` in plant-x"];
    assert_eq!(waits, format!("waits for {} with plant-x/4711", items.join(", ")));
}

#[test]
fn an_order_that_is_looked_up_is_the_key_and_not_known_while_it_is_missing() {
    let by_sequence = document("BY_SEQUENCE", "1", 5, r#""sequence": "S-7""#);
    let master = masters(|codec| vec![order(codec, "4711", &[(OrderAliasKind::PlantSequence, "S-7", None)])]);
    assert_eq!(events(&master, &by_sequence)[0]["order"], "4711");
    let waits = outcome(&masters(|_| Vec::new()), &by_sequence).expect_err("it waits");
    assert_eq!(waits, "waits for order `S-7` of scheme `plant-x.mes` in plant-x with ?");
}

#[test]
fn an_execution_gives_order_and_operation_and_a_kept_reference_stays() {
    let master = masters(|codec| vec![order(codec, "4711", &[(OrderAliasKind::OperationExecution, "77", Some("0020")), (OrderAliasKind::PlantSequence, "78", None)])]);
    let event = &events(&master, &document("EXECUTION", "1", 5, r#""execution": "77", "resource": "MX-01""#))[0];
    assert_eq!((&event["order"], &event["operation_started"]["operation"]), (&Json::from("4711"), &Json::from("0020")));
    assert_eq!(event["operation_started"]["work_center"], "MX-01");
    assert!(outcome(&master, &document("EXECUTION", "1", 5, r#""execution": "78""#)).is_err_and(|error| error.starts_with("waits for order `78`")), "another kind");
}

#[test]
fn a_partner_is_found_by_the_scheme_that_the_document_names() {
    let master = masters(|codec| vec![supplier(codec, "V-100", "GLN", "4012345000009"), supplier(codec, "V-200", "DUNS", "4012345000009")]);
    let notice = |qualifier: &str| document("NOTICE", "1", 5, &format!(r#""supplier": "4012345000009", "qualifier": "{qualifier}""#));
    assert_eq!(events(&master, &notice("9"))[0]["advance_ship_notice"]["supplier"], "V-100");
    assert_eq!(events(&master, &notice("1"))[0]["advance_ship_notice"]["supplier"], "V-200");
    assert!(outcome(&master, &notice("7")).is_err_and(|error| error.starts_with("unknown-code")));
}

#[test]
fn a_code_of_master_data_is_a_symbol_or_refused_as_any_other() {
    let downtime = document("DOWNTIME", "1", 5, r#""resource": "MX-01", "code": "77""#);
    let with = |meaning: &'static str| masters(move |codec| vec![plant::code(codec, "77", meaning)]);
    assert_eq!(events(&with("BREAKDOWN"), &downtime)[0]["downtime"]["kind"], "BREAKDOWN");
    assert!(outcome(&with("LUNCH"), &downtime).is_err_and(|error| error.starts_with("unknown-code: `LUNCH`")));
}

#[test]
fn what_two_records_claim_is_refused_and_not_waited_for() {
    let master = masters(|codec| vec![item(codec, "CH-1", 1, &["0815"], None), item(codec, "CH-2", 1, &["0815"], Some(50))]);
    assert_eq!(events(&master, &consumed("1", 49, "4711", &[("0815", "1", "KG")])).len(), 1);
    let error = outcome(&master, &consumed("1", 50, "4711", &[("0815", "1", "KG")])).expect_err("a refusal");
    assert!(
        error.starts_with("ambiguous-reference: item `0815` of scheme `plant-x.mes` in plant-x is claimed by several") && error.ends_with("plant-x/CH-1, plant-x/CH-2"),
        "{error}"
    );
}

#[test]
fn what_cannot_be_converted_exactly_is_refused_or_left_in_its_unit() {
    let master = masters(|codec| vec![item(codec, "CH-1", 1, &["0815"], None), unit(codec, "CH-1", "SACK", "3", "100")]);
    assert_eq!(events(&master, &consumed("1", 5, "4711", &[("0815", "6", "SACK")]))[0]["material_consumed"]["quantity"]["value"], "200");
    let error = outcome(&master, &consumed("1", 5, "4711", &[("0815", "1", "SACK")])).expect_err("a refusal");
    assert!(error.starts_with("number-too-fine: 1 `SACK` of item `CH-1` are no exact number of KGM: 3 XBX are 100 KGM"), "{error}");
    let kept = document("KEPT", "1", 5, r#""order": "4711", "item": "0815", "amount": "1", "unit": "SACK""#);
    assert_eq!(events(&master, &kept)[0]["material_consumed"]["quantity"], serde_json::json!({"value": "1", "unit": "XBX"}));
}

#[test]
fn missing_references_are_kept_or_refused_as_the_mapping_says() {
    let master = masters(|_| Vec::new());
    let with = |kind| document(kind, "1", 5, r#""order": "4711", "item": "0815", "amount": "1", "unit": "KG""#);
    assert_eq!(events(&master, &with("KEPT"))[0]["material_consumed"]["item"], "0815");
    let error = outcome(&master, &with("REFUSED")).expect_err("a refusal");
    assert_eq!(error, "reference-missing: item `0815` of scheme `plant-x.mes` in plant-x is not in the master data");
}

#[test]
fn another_fault_of_an_event_that_waits_is_found_when_it_goes_on_and_that_of_another_event_at_once() {
    let bad_second = consumed("1", 5, "4711", &[("0815", "1", "KG"), ("0815", "x", "KG")]);
    let master = masters(|_| Vec::new());
    assert!(outcome(&master, &bad_second).is_err_and(|error| error.starts_with("waits")), "both wait");
    let completed_badly = bad_second.replace("\"0815\", \"amount\": \"x\"", "\"\", \"amount\": \"x\"");
    assert!(outcome(&master, &completed_badly).is_err_and(|error| error.starts_with("empty-field")), "the second lacks its item whatever is known");
}

#[test]
fn lineage_names_the_record_its_version_and_where_that_came_from() {
    let codec = lineside_testkit::codec();
    let master = index(&codec, &[item(&codec, "CH-1", 3, &["0815"], None), unit(&codec, "CH-1", "SACK", "1", "25")]);
    let document = consumed("1", 5, "4711", &[("0815", "2", "SACK")]);
    let explained = plan().explain_with(&record(document.as_bytes()), &Limits::default(), &master).expect("events");
    let origin = |field: &str| explained[0].fields.iter().find(|found| found.field == field).map(|found| found.origin.to_string()).unwrap_or_default();
    assert_eq!(
        origin("material_consumed.item"),
        "/lines[1]/item, in master item plant-x/CH-1 by alias plant-x.mes/0815 (version of 2023-11-14T22:13:23Z, raw.plant-x.master-0@3)"
    );
    let converted = "in master unit plant-x/CH-1/SACK by alias CH-1/SACK (version of 2023-11-14T22:13:21Z, raw.plant-x.master-0@1)";
    assert_eq!(origin("material_consumed.quantity.value"), format!("/lines[1]/amount, {converted}"));
    assert_eq!(origin("material_consumed.quantity.unit"), format!("/lines[1]/unit, {converted}"));
}

#[test]
fn without_master_data_the_old_way_a_document_that_needs_it_is_refused() {
    let document = consumed("1", 5, "4711", &[("0815", "1", "KG")]);
    let (plan, mut scratch) = (plan(), Scratch::default());
    let refusal = plan.apply(&record(document.as_bytes()), &Limits::default(), &mut scratch).expect_err("a refusal");
    assert_eq!(refusal.code, "reference-missing");
}

#[test]
fn what_is_wrong_with_a_reference_is_said_when_the_mapping_is_loaded() {
    for (from, to, message) in [
        ("item: &item {path: item, master: item}", "item: &item {path: item, master: itme}", "`master` cannot be `itme`; did you mean `item`?"),
        ("item: &item {path: item, master: item}", "item: &item {path: item, master: unit}", "`master: unit` stands within a quantity"),
        ("item: &item {path: item, master: item}", "item: &item {path: item, scheme: x}", "`scheme` belongs to `master`"),
        ("item: &item {path: item, master: item}", "item: &item {path: item, master: item, kind: SCHEDULE}", "`kind` belongs to `master: order`"),
        ("item: &item {path: item, master: item}", "item: &item {path: item, master: item, gives: operation}", "`gives` belongs to `master: order`"),
        ("missing: refuse}", "missing: reject}", "`missing` cannot be `reject`"),
        ("kind: PLANT_SEQUENCE}", "kind: PLANT_SEQUENC}", "`kind` cannot be `PLANT_SEQUENC`; did you mean `PLANT_SEQUENCE`?"),
        ("master: unit, item: *item}", "master: unit}", "has no `item`: what a unit means depends on the item"),
        ("master: unit, item: *item}", "master: item, item: *item}", "`master` cannot be `item`"),
        ("master: unit, item: *item}", "item: *item}", "`item` belongs to `master: unit`"),
        ("inexact: keep}", "inexact: round}", "`inexact` cannot be `round`"),
        ("inexact: keep}", "missing: keep}", "`missing` cannot be `keep`"),
        ("master: status-code, scheme: plant-x.mes/downtime}", "master: status-code}", "`master: status-code` needs `scheme`: the name of the table"),
        (
            "kind: {path: code, master: status-code, scheme: plant-x.mes/downtime}",
            "kind: {path: code, master: item}",
            "`kind` is one of a few symbols: `master: item` gives a text",
        ),
        ("start: at", "start: {path: at, master: item}", "`start` is a time: `master: item` gives a text"),
        ("  event_id: id\n", "  event_id: {path: id, master: item}\n", "`event_id` cannot refer to master data"),
        ("  source_time: at\n", "  source_time: {path: at, master: item}\n", "`source_time` cannot refer to master data"),
        ("  plant: {const: plant-x}\n", "  plant: {path: site, master: item}\n", "`plant` cannot refer to master data"),
        ("document_type: kind\n", "document_type: {path: kind, master: item}\n", "`the type of a document` cannot refer to master data"),
        ("units: {KG: KGM}\n", "units: {KG: KGM}\npartner: {path: x, master: supplier}\n", "`partner` cannot refer to master data"),
    ] {
        let changed = MAPPING.replacen(from, to, 1);
        assert_ne!(changed, MAPPING, "{from}");
        let errors = Plan::compile("f", &changed).expect_err(to).to_string();
        assert!(errors.contains(message), "{to}: {errors}");
        assert!(errors.lines().all(|line| line.split(':').nth(1).is_some_and(|number| number.parse::<usize>().is_ok())), "{errors}");
    }
}
