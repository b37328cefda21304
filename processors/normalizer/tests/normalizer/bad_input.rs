//! What sources send that is no good: each row is one change to a good document, and the refusal that it has to become.

use crate::support;
use crate::support::{PLANT_A, PLANT_B, apply_within, example, refusal};
use lineside_api::ErrorClass;
use lineside_normalizer::{Code, Limits, MappingSet, Plan, Scratch};

/// A change to an example: what is replaced by what, the code, and the field.
type Row = (&'static str, &'static str, Code, Option<&'static str>);

const CONSUMED: &[Row] = &[
    ("\"A-000123\"", "\"\"", Code::EmptyField, Some("/eventId")),
    ("\"A-000123\"", "null", Code::MissingField, Some("/eventId")),
    ("\"A-000123\"", "123", Code::WrongType, Some("/eventId")),
    ("\"eventId\"", "\"id\"", Code::MissingField, Some("/eventId")),
    ("\"eventType\"", "\"type\"", Code::MissingField, Some("/eventType")),
    ("\"MATERIAL_CONSUMED\"", "7", Code::WrongType, Some("/eventType")),
    ("MATERIAL_CONSUMED", "MATERIAL_EATEN", Code::UnmappedDocument, Some("/eventType")),
    ("PLANT-A", "PLANT-X", Code::UnknownPlant, Some("/site")),
    ("\"PLANT-A\"", "[]", Code::WrongType, Some("/site")),
    ("\"sequence\": 123", "\"sequence\": 12.5", Code::BadNumber, Some("/sequence")),
    ("\"sequence\": 123", "\"sequence\": 99999999999999999999", Code::NumberTooLarge, Some("/sequence")),
    ("\"sequence\": 123", "\"sequence\": true", Code::WrongType, Some("/sequence")),
    ("2026-11-20T08:15:30.123+01:00", "20.11.2026", Code::BadTime, Some("/occurredAt")),
    ("2026-11-20T08:15:30.123+01:00", "2026-03-29T02:30:00", Code::TimeInGap, Some("/occurredAt")),
    ("\"2026-11-20T08:15:30.123+01:00\"", "1763622930", Code::WrongType, Some("/occurredAt")),
    ("\"number\": \"000100012\"", "\"number\": 100012", Code::WrongType, Some("/order/number")),
    ("\"number\": \"000100012\"", "\"number\": {}", Code::WrongType, Some("/order/number")),
    ("\"order\": {\"number\": \"000100012\", \"type\": \"ZP01\"}", "\"order\": null", Code::MissingField, Some("/order/number")),
    ("\"operation\": \"0010\"", "\"operation\": \"\"", Code::EmptyField, Some("/operation")),
    ("\"components\"", "\"parts\"", Code::MissingField, Some("/components/*")),
    ("\"material\": \"RM-1002\", ", "", Code::MissingField, Some("/components[2]/material")),
    ("1.250", "0", Code::QuantityNotPositive, Some("/components[1]/quantity")),
    ("1.250", "-1.25", Code::QuantityNotPositive, Some("/components[1]/quantity")),
    ("1.250", "\"1,25\"", Code::BadNumber, Some("/components[1]/quantity")),
    ("1.250", "\"NaN\"", Code::BadNumber, Some("/components[1]/quantity")),
    ("1.250", "1e-10", Code::NumberTooFine, Some("/components[1]/quantity")),
    ("1.250", "1e30", Code::NumberTooLarge, Some("/components[1]/quantity")),
    ("1.250", "{}", Code::WrongType, Some("/components[1]/quantity")),
    ("1.250", "[1.250]", Code::WrongType, Some("/components[1]/quantity")),
    ("1.250", "true", Code::WrongType, Some("/components[1]/quantity")),
    ("1.250", "null", Code::MissingField, Some("/components[1]/quantity")),
    ("0.000001", "0.00000000001", Code::NumberTooFine, Some("/components[3]/quantity")),
    ("0.000001", "99999999999999999999999999999", Code::NumberTooLarge, Some("/components[3]/quantity")),
    ("\"uom\": \"ML\"", "\"uom\": \"ml\"", Code::UnknownUnit, Some("/components[2]/uom")),
    (", \"uom\": \"ML\"", "", Code::MissingField, Some("/components[2]/uom")),
    ("\"batch\": \"\"", "\"batch\": 7", Code::WrongType, Some("/components[2]/batch")),
    ("\"sequence\": 123", "\"sequence\": 123, \"site\": \"PLANT-A\"", Code::DuplicateMember, Some("/site")),
    ("]\n}", "]\n", Code::InvalidJson, None),
    ("]\n}", "]\n}}", Code::InvalidJson, None),
    ("1.250", "01.250", Code::InvalidJson, None),
];

const PERFORMED: &[Row] = &[
    ("</SyncProductionPerformance>", "", Code::InvalidXml, None),
    ("</MaterialActual>", "</MaterialActuel>", Code::InvalidXml, None),
    ("<SyncProductionPerformance ", "<!DOCTYPE x><SyncProductionPerformance ", Code::XmlDoctype, None),
    ("LOT &amp; 7", "LOT &amp; &seven;", Code::XmlDoctype, None),
    ("encoding=\"utf-8\"", "encoding=\"utf-16\"", Code::InvalidEncoding, None),
    ("V0401", "V0402", Code::UnmappedDocument, Some("/")),
    ("<ID>PB-204</ID>", "", Code::MissingField, Some("/DataArea/ProductionPerformance/ProductionResponse/ProductionRequestID")),
    ("<ID>PB-204</ID>", "<ID/>", Code::EmptyField, Some("/DataArea/ProductionPerformance/ProductionResponse/ID")),
    ("<ID>PB-204</ID>", "<ID>PB-204</ID><ID>PB-205</ID>", Code::RepeatedField, Some("/DataArea/ProductionPerformance/ProductionResponse/ID[2]")),
    ("<ID>PB-204</ID>", "<ID><b/></ID>", Code::WrongType, Some("/DataArea/ProductionPerformance/ProductionResponse/ID")),
    (
        "<MaterialUse>Produced",
        "<MaterialUse>Sampled",
        Code::UnmappedContent,
        Some("/DataArea/ProductionPerformance/ProductionResponse/SegmentResponse[2]/MaterialActual[1]"),
    ),
    ("<ID>YieldQuantity</ID>", "<ID>Yield</ID>", Code::UnmappedContent, Some("/DataArea/ProductionPerformance/ProductionResponse/SegmentResponse[1]")),
    ("<ID>Mixing</ID>", "<ID>Mixing</ID><SegmentResponse><ID>Inner</ID><ConsumableActual/></SegmentResponse>", Code::UnmappedContent, None),
    ("<UnitOfMeasure>G</UnitOfMeasure>", "<UnitOfMeasure>LB</UnitOfMeasure>", Code::UnknownUnit, None),
    ("<ValueString>250</ValueString>", "<ValueString/>", Code::EmptyField, None),
    ("<ValueString>true</ValueString>", "<ValueString>yes</ValueString>", Code::WrongType, None),
    ("<QuantityString>3<", "<QuantityString>three<", Code::BadNumber, None),
    ("2026-11-20T11:58:25.3149559+01:00", "2026-11-20T11:58:25.31495591234+01:00", Code::BadTime, Some("/ApplicationArea/CreationDateTime")),
];

fn check(topic: &str, document: &[u8], rows: &[Row]) {
    let document = std::str::from_utf8(document).expect("examples are UTF-8");
    for (from, to, code, field) in rows {
        assert!(document.contains(from), "the example has no {from}");
        let refusal = refusal(topic, document.replacen(from, to, 1).as_bytes());
        assert_eq!(refusal.code, code.as_str(), "{from} -> {to}: {refusal:?}");
        assert_eq!(refusal.class, code.class());
        assert!(!refusal.message.is_empty() && refusal.plant.is_some(), "{refusal:?}");
        if let Some(field) = field {
            assert_eq!(refusal.path.as_deref(), Some(*field), "{from} -> {to}: {refusal:?}");
        }
    }
}

#[test]
fn each_defect_of_a_json_document_has_its_code_and_field() {
    check(PLANT_A, &example("plant-a.mes", "material-consumed.json"), CONSUMED);
}

#[test]
fn each_defect_of_an_xml_document_has_its_code_and_field() {
    check(PLANT_B, &example("plant-b.b2mml", "weighing-and-mixing.xml"), PERFORMED);
}

#[test]
fn a_refusal_says_what_is_known_of_the_event() {
    let document = String::from_utf8(example("plant-a.mes", "material-consumed.json")).expect("UTF-8").replacen("1.250", "0", 1);
    let refusal = refusal(PLANT_A, document.as_bytes());
    assert_eq!(refusal.class, ErrorClass::DataQuality);
    assert_eq!((refusal.event_id.as_deref(), refusal.correlation_id.as_deref()), (Some("A-000123#1"), Some("plant-a/000100012")));
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    assert_eq!(refusal(PLANT_A, b"{\"a\":\"\xc3(\"}").code, Code::InvalidEncoding.as_str());
    assert_eq!(refusal(PLANT_B, b"<a>\xff</a>").code, Code::InvalidEncoding.as_str());
    assert_eq!(refusal(PLANT_A, b"").code, Code::EmptyRecord.as_str());
    assert_eq!(refusal(PLANT_B, b"").code, Code::EmptyRecord.as_str());
}

#[test]
fn tombstones_and_unknown_topics_are_refused() {
    let set = MappingSet::built_in().expect("the packs compile");
    let plan = set.by_topic(PLANT_A).expect("plant A");
    let tombstone = lineside_api::RawRecord { value: None, ..support::record(PLANT_A, b"") };
    assert_eq!(plan.apply(&tombstone, &Limits::default(), &mut Scratch::default()).expect_err("a refusal").code, "empty-record");
    let mut driver = support::driver();
    support::pipe(&mut driver, PLANT_A, None);
    support::pipe(&mut driver, "raw.plant-z.mes", Some(b"{}"));
    let codes: Vec<_> = driver.dead_letters().expect("dead letters").iter().map(|letter| letter.code.to_owned()).collect();
    assert_eq!(codes, ["empty-record", "unmapped-topic"]);
}

#[test]
fn a_record_at_the_bound_passes_and_one_beyond_it_is_refused() {
    let mut document = example("plant-a.mes", "order-completed.json");
    document.resize(Limits::default().record_bytes, b' ');
    support::apply(PLANT_A, &document, |applied| assert_eq!(applied.expect("at the bound").len(), 1));
    document.push(b' ');
    assert_eq!(refusal(PLANT_A, &document).code, Code::RecordTooLarge.as_str());
}

#[test]
fn bounds_on_depth_nodes_events_and_texts_hold() {
    let deep = "[".repeat(100_000);
    assert_eq!(refusal(PLANT_A, deep.as_bytes()).code, Code::NestingTooDeep.as_str());
    assert_eq!(refusal(PLANT_B, "<a>".repeat(100_000).as_bytes()).code, Code::NestingTooDeep.as_str());
    let many = format!("[{}0]", "0,".repeat(200_000));
    assert_eq!(refusal(PLANT_A, many.as_bytes()).code, Code::TooManyNodes.as_str());
    let document = example("plant-a.mes", "material-consumed.json");
    let code_within = |limits: Limits| apply_within(PLANT_A, &document, &limits, |applied| applied.err().map(|refusal| refusal.code));
    assert_eq!(code_within(Limits { events: 3, ..Limits::default() }), None);
    assert_eq!(code_within(Limits { events: 2, ..Limits::default() }), Some(Code::TooManyEvents.as_str()));
    let long = String::from_utf8(document.clone()).expect("UTF-8").replacen("RM-1002", &"R".repeat(5000), 1);
    let refused = refusal(PLANT_A, long.as_bytes());
    assert_eq!((refused.code, refused.path.as_deref()), (Code::TextTooLong.as_str(), Some("/components[2]/material")));
}

#[test]
fn entities_are_refused_before_they_expand() {
    let entities: Vec<_> = (1..30).map(|level| format!("<!ENTITY e{level} \"{}\">", format!("&e{};", level - 1).repeat(10))).collect();
    let bomb = format!("<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY e0 \"ha\">{}]><r>&e29;</r>", entities.concat());
    assert_eq!(refusal(PLANT_B, bomb.as_bytes()).code, Code::XmlDoctype.as_str());
}

#[test]
fn events_of_one_document_have_ids_of_their_own() {
    let document = String::from_utf8(example("plant-b.b2mml", "prefixed-without-bodid.xml")).expect("UTF-8");
    let start = document.find("<b:SegmentResponse>").expect("a segment");
    let end = document.find("</b:ProductionResponse>").expect("its end");
    let twice = format!("{}{}{}", &document[..end], &document[start..end], &document[end..]);
    assert_eq!(refusal(PLANT_B, twice.as_bytes()).code, Code::DuplicateEventId.as_str());
}

#[test]
fn an_overlap_is_refused_where_the_mapping_says_so() {
    let mapping = std::fs::read_to_string(support::sources().join("plant-a.mes/mapping.yaml")).expect("the mapping").replace("on_overlap: earlier", "on_overlap: refuse");
    let plan = Plan::compile("mapping.yaml", &mapping).expect("it compiles");
    let document = example("plant-a.mes", "order-released.json");
    let refusal = plan.apply(&support::record(PLANT_A, &document), &Limits::default(), &mut Scratch::default()).expect_err("a refusal");
    assert_eq!((refusal.code, refusal.path.as_deref()), ("time-in-overlap", Some("/order/plannedEnd")));
}
