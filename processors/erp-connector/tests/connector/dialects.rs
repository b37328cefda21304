//! The dialects that come with the connector, and what is said of one that is wrong.

use lineside_api::Timestamp;
use lineside_erp_connector::Dialect;
use lineside_erp_connector::dialect::{Health, Kind, SHIPPED, json_schema};
use lineside_erp_connector::posting::{Answer, Fate, FoundLine, Line, Place, Remedy};
use lineside_outbound::{Purpose, Reply};
use serde_json::{Map, Value, json};

const NOW: Timestamp = Timestamp::from_micros(1_772_467_200_000_000);

fn dialect(name: &str) -> Dialect {
    Dialect::shipped(name).unwrap()
}

fn object(value: Value) -> Map<String, Value> {
    let Value::Object(members) = value else { panic!("{value}") };
    members
}

fn confirmation() -> Map<String, Value> {
    object(json!({
        "confirmation_id": "a7286edbc77fd573250319bef2f958bf", "posting_id": "5f2b8c1e9d3a47f0b6c4e8a1d2f3b5c7", "sequence": 1, "correlation_id": "plant-a/4711",
        "plant": "plant-a", "order": "000001004711", "operation": "0010", "unit": "C62", "yield_quantity": "598", "scrap_quantity": "2.5", "rework_quantity": "0",
        "is_final_confirmation": true, "open_reservations_is_cleared": false, "has_no_goods_movements": true, "posting_date": "2026-03-02", "document_date": "2026-03-01",
    }))
}

fn movement() -> Map<String, Value> {
    let item = |item: i32, material: &str, quantity: &str, batch: Option<&str>| {
        json!({
            "item": item, "posting_line": item + 1, "movement_type": "261", "reference_type": null, "material": material, "plant": "plant-a", "storage_location": "0001",
            "batch": batch, "reservation": "0000012345", "reservation_item": format!("{item:04}"), "quantity_in_entry_unit": quantity, "entry_unit": "KGM",
        })
    };
    object(json!({
        "document_id": "aa1e2d3c4b5a69788796a5b4c3d2e1f0", "posting_id": "5f2b8c1e9d3a47f0b6c4e8a1d2f3b5c7", "sequence": 1, "correlation_id": "plant-a/4711",
        "plant": "plant-a", "order": "000001004711", "goods_movement_code": "03", "posting_date": "2026-03-02", "document_date": "2026-03-01",
        "items": [item(1, "RM-200", "12345678901234567890.123456789", Some("L1")), item(2, "RM-200", "0.4", None)],
    }))
}

fn lines(kind: Kind) -> Vec<Line> {
    let numbers = if kind == Kind::Confirmation { 0..=0 } else { 1..=2 };
    numbers.map(|line| Line { line, posting_line: None, fate: Fate::Open }).collect()
}

fn answered(status: u16, body: &Value) -> Reply {
    Reply::Answered { status, retry_after: None, body: body.to_string() }
}

fn posted(line: i32, document: &str, year: Option<&str>, item: Option<&str>) -> FoundLine {
    FoundLine { line, fate: Fate::Posted(Place { document: Some(document.to_owned()), year: year.map(str::to_owned), item: item.map(str::to_owned) }) }
}

#[test]
fn what_is_shipped_is_right() {
    for (name, text) in SHIPPED {
        let parsed = Dialect::parse(name, text).unwrap_or_else(|errors| panic!("{errors}"));
        assert_eq!(parsed.file().dialect, *name);
        assert!(parsed.reads_back(), "{name}");
        let schema = jsonschema::validator_for(&json_schema()).unwrap();
        let file: Value = serde_yaml_ng::from_str(text).unwrap();
        let wrong: Vec<String> = schema.iter_errors(&file).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{name}: {wrong:?}");
    }
}

#[test]
fn s4hana_books_a_confirmation_in_the_fields_of_its_service() {
    let s4 = dialect("s4hana");
    let call = s4.post(Kind::Confirmation, &confirmation(), &lines(Kind::Confirmation), 2, "Mon, 02 Mar 2026 16:00:00 GMT").unwrap();
    assert_eq!(call.purpose, Purpose::Book);
    assert!(call.path.ends_with("/0001/ProductionOrderConfirmation"), "{}", call.path);
    assert!(call.headers.contains(&("Repeatability-Request-ID".to_owned(), "a7286edb-c77f-d573-2503-19bef2f958bf-2".to_owned())));
    let body: Value = serde_json::from_str(&call.body.unwrap()).unwrap();
    assert_eq!(
        body,
        json!({
            "OrderID": "000001004711", "OrderOperation": "0010", "Plant": "plant-a", "ConfirmationUnit": "PC", "ConfirmationYieldQuantity": "598",
            "ConfirmationScrapQuantity": "2.5", "ConfirmationReworkQuantity": "0", "IsFinalConfirmation": true, "OpenReservationsIsCleared": false,
            "APIConfHasNoGoodsMovements": true, "PostingDate": "2026-03-02", "ConfirmationText": "5f2b8c1e9d3a47f0b6c4e8a1d2f3b5c7",
            "ExternalSystemConfirmation": "a7286edb-c77f-d573-2503-19bef2f958bf",
        })
    );
    let read = s4.read(Kind::Confirmation, &confirmation()).unwrap().unwrap();
    assert_eq!(read.purpose, Purpose::Read);
    assert!(read.path.contains("$filter=ExternalSystemConfirmation%20eq%20a7286edb-c77f-d573-2503-19bef2f958bf&"), "{}", read.path);
}

#[test]
fn a_confirmation_that_reverses_one_cancels_it_by_its_number_and_a_dialect_without_words_for_that_says_so() {
    let mut reversing = confirmation();
    reversing.insert("reverses".to_owned(), json!({"posting_id": "p", "confirmation_id": "c", "document": "0000001234", "year": "2026", "item": "00000001"}));
    let call = dialect("s4hana").post(Kind::Confirmation, &reversing, &lines(Kind::Confirmation), 1, "").unwrap();
    assert!(call.path.ends_with("/ProductionOrderConfirmation(ConfirmationGroup='0000001234',ConfirmationCount='00000001')/SAP__self.Cancel"), "{}", call.path);
    let shown = json!({"ExternalSystemConfirmation": "a7286edb-c77f-d573-2503-19bef2f958bf", "ConfirmationGroup": "0000001234", "ConfirmationCount": "00000002", "IsReversal": true});
    let Answer::Booked(found) = dialect("s4hana").answer(Kind::Confirmation, &reversing, &answered(201, &shown), NOW) else { panic!() };
    assert_eq!(found, [posted(0, "0000001234", None, Some("00000002"))]);
    let error = dialect("odoo").post(Kind::Confirmation, &reversing, &lines(Kind::Confirmation), 1, "").unwrap_err();
    assert_eq!(error.to_string(), "reverses: dialect odoo cannot cancel a document");
    let file = dialect("file").post(Kind::Confirmation, &reversing, &lines(Kind::Confirmation), 1, "").unwrap().body.unwrap();
    let file: Value = serde_json::from_str(&file).unwrap();
    assert_eq!(file["reverses"]["confirmation_id"], "c");
}

#[test]
fn s4hana_books_the_open_lines_of_a_material_document_to_the_last_digit() {
    let s4 = dialect("s4hana");
    let mut open = lines(Kind::GoodsMovement);
    let call = s4.post(Kind::GoodsMovement, &movement(), &open, 1, "").unwrap();
    let body: Value = serde_json::from_str(call.body.as_ref().unwrap()).unwrap();
    assert_eq!((&body["MaterialDocumentHeaderText"], &body["ReferenceDocument"]), (&json!("aa1e2d3c4b5a69788796a5b4c"), &json!("5f2b8c1e9d3a47f0")));
    assert_eq!(
        body["to_MaterialDocumentItem"][0],
        json!({
            "Material": "RM-200", "Plant": "plant-a", "StorageLocation": "0001", "Batch": "L1", "GoodsMovementType": "261", "GoodsMovementRefDocType": "",
            "ManufacturingOrder": "000001004711", "Reservation": "0000012345", "ReservationItem": "0001", "EntryUnit": "KG",
            "QuantityInEntryUnit": "12345678901234567890.123456789", "MaterialDocumentItemText": "aa1e2d3c4b5a69788796a5b4c3d2e1f0/1",
        })
    );
    open[0].fate = Fate::Posted(Place::default());
    let rest: Value = serde_json::from_str(&s4.post(Kind::GoodsMovement, &movement(), &open, 2, "").unwrap().body.unwrap()).unwrap();
    let items = rest["to_MaterialDocumentItem"].as_array().unwrap();
    assert_eq!((items.len(), &items[0]["MaterialDocumentItemText"]), (1, &json!("aa1e2d3c4b5a69788796a5b4c3d2e1f0/2")));
}

#[test]
fn odoo_takes_the_same_documents_in_its_own_words_with_every_digit() {
    let odoo = dialect("odoo");
    let call = odoo.post(Kind::GoodsMovement, &movement(), &lines(Kind::GoodsMovement), 1, "").unwrap();
    assert_eq!(call.path, "/api/v1/stock_transfers");
    let text = call.body.unwrap();
    assert!(text.contains(r#""qty":12345678901234567890.123456789"#) && text.contains(r#""qty":0.4,"#), "{text}");
    let body: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&body["kind"], &body["moves"][1]["move_type"], &body["moves"][1]["uom"]), (&json!("issue"), &json!("consume"), &json!("kg")));
    assert_eq!(body["moves"][1]["demand_ref"], "0000012345/0002");
    assert!(body["moves"][1].get("lot").is_none(), "what is null is left out");
    let call = odoo.post(Kind::Confirmation, &confirmation(), &lines(Kind::Confirmation), 1, "").unwrap();
    assert!(call.body.unwrap().contains(r#""qty_scrapped":2.5"#));
}

fn s4_header(key: &str, items: &[Value]) -> Value {
    json!({ "MaterialDocumentHeaderText": key, "MaterialDocument": "4900000011", "MaterialDocumentYear": "2026", "to_MaterialDocumentItem": items })
}

fn s4_item(line: &str, more: &Value) -> Value {
    let mut item = json!({
        "MaterialDocumentItemText": line, "MaterialDocument": "4900000011", "MaterialDocumentYear": "2026", "MaterialDocumentItem": "0001", "GoodsMovementIsCancelled": false,
        "ReversedMaterialDocument": "", "GoodsMovementIsParked": false, "ParkedReason": null,
    });
    item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    item
}

const KEY: &str = "aa1e2d3c4b5a69788796a5b4c";
const ONE: &str = "aa1e2d3c4b5a69788796a5b4c3d2e1f0/1";
const TWO: &str = "aa1e2d3c4b5a69788796a5b4c3d2e1f0/2";

#[test]
fn an_answer_that_shows_our_lines_is_a_booking_and_one_of_another_document_is_nothing() {
    let s4 = dialect("s4hana");
    let of = |body: &Value| s4.answer(Kind::GoodsMovement, &movement(), &answered(201, body), NOW);
    let none = json!({});
    let both = s4_header(KEY, &[s4_item(ONE, &none), s4_item(TWO, &json!({"MaterialDocumentItem": "0002"}))]);
    let expected = vec![posted(1, "4900000011", Some("2026"), Some("0001")), posted(2, "4900000011", Some("2026"), Some("0002"))];
    assert_eq!(of(&both), Answer::Booked(expected));
    for wrong in [
        s4_header("bb1e2d3c4b5a69788796a5b4c", &[s4_item(ONE, &none)]),
        s4_header(KEY, &[s4_item("another/1", &none)]),
        s4_header(KEY, &[s4_item(ONE, &json!({"MaterialDocument": ""}))]),
        json!({"value": []}),
        json!(null),
    ] {
        assert_eq!(of(&wrong), Answer::Lost, "{wrong}");
    }
    let torn = Reply::Answered { status: 201, retry_after: None, body: both.to_string()[..40].to_owned() };
    assert_eq!(s4.answer(Kind::GoodsMovement, &movement(), &torn, NOW), Answer::Lost);
}

#[test]
fn a_reading_tells_what_became_of_each_line() {
    let s4 = dialect("s4hana");
    let of = |value: &[Value]| s4.reading(Kind::GoodsMovement, &movement(), &answered(200, &json!({ "value": value })));
    assert_eq!(of(&[]), Some(vec![]));
    let parked = json!({"GoodsMovementIsParked": true, "MaterialDocument": "", "MaterialDocumentYear": "0000", "MaterialDocumentItem": "0000", "ParkedReason": {"code": "M7/021", "message": "Deficit"}});
    let found = of(&[s4_header(KEY, &[s4_item(ONE, &parked)]), s4_header(KEY, &[s4_item(TWO, &json!({"GoodsMovementIsCancelled": true}))])]).unwrap();
    let Fate::Parked(place, Some(why)) = &found[0].fate else { panic!("{found:?}") };
    assert_eq!((place, why.number.as_deref(), why.text.as_deref()), (&Place::default(), Some("M7/021"), Some("Deficit")));
    assert!(found[1].line == 2 && matches!(found[1].fate, Fate::Cancelled(_)));
    let reversing = s4_item(ONE, &json!({"ReversedMaterialDocument": "4900000011"}));
    assert_eq!(of(&[s4_header(KEY, &[reversing])]), Some(vec![]), "the document that cancels is not ours");
    let discarded = s4_item(ONE, &json!({"GoodsMovementIsDiscarded": true, "MaterialDocument": ""}));
    assert!(matches!(&of(&[s4_header(KEY, &[discarded])]).unwrap()[0].fate, Fate::Rejected(refusal) if refusal.class == "DISCARDED"));
    assert_eq!(of(&[s4_header("bb1e2d3c4b5a69788796a5b4c", &[])]), None, "about another document");
    assert_eq!(s4.reading(Kind::GoodsMovement, &movement(), &answered(500, &json!({}))), None);
    assert_eq!(s4.reading(Kind::GoodsMovement, &movement(), &answered(200, &json!({}))), None);
}

#[test]
fn a_confirmation_whose_movement_is_parked_is_parked() {
    let s4 = dialect("s4hana");
    let shown = |movements: Value, more: Value| {
        let mut shown = json!({
            "ExternalSystemConfirmation": "A7286EDB-c77f-d573-2503-19bef2f958bf", "ConfirmationGroup": "0000001234", "ConfirmationCount": "00000001", "ConfirmationYear": "2026",
            "IsReversed": false, "IsReversal": false, "to_ProdnOrdConfMatlDocItm": movements,
        });
        shown.as_object_mut().unwrap().extend(object(more));
        let Answer::Booked(found) = s4.answer(Kind::Confirmation, &confirmation(), &answered(201, &shown), NOW) else { panic!("{shown}") };
        found
    };
    assert_eq!(shown(json!([]), json!({})), [posted(0, "0000001234", Some("2026"), Some("00000001"))]);
    let parked = shown(json!([{"GoodsMovementIsParked": false}, {"GoodsMovementIsParked": true, "ParkedReason": {"code": "M7/021", "message": "Deficit"}}]), json!({}));
    assert!(matches!(&parked[0].fate, Fate::Parked(_, Some(why)) if why.number.as_deref() == Some("M7/021")), "{parked:?}");
    assert!(matches!(shown(json!([]), json!({"IsReversed": true}))[0].fate, Fate::Cancelled(_)));
}

#[test]
fn refusals_are_classed_by_the_table_and_errors_of_the_erp_itself_say_nothing() {
    let s4 = dialect("s4hana");
    let of = |status, code: &str| s4.answer(Kind::Confirmation, &confirmation(), &answered(status, &json!({"error": {"code": code, "message": "words"}})), NOW);
    let class = |status, code| match of(status, code) {
        Answer::Refused(refused) => (refused.refusal.class, refused.remedy),
        other => panic!("{other:?}"),
    };
    assert_eq!(class(400, "CO/469"), ("LOCKED".to_owned(), Remedy::Retry));
    assert_eq!(class(400, "M7/053"), ("PERIOD_CLOSED".to_owned(), Remedy::Owner));
    assert_eq!(class(400, "/IWBEP/CM_V4_COS/014"), ("MALFORMED".to_owned(), Remedy::Reject));
    assert_eq!(class(429, "anything"), ("RATE_LIMITED".to_owned(), Remedy::Retry));
    assert_eq!(class(503, "anything"), ("UNAVAILABLE".to_owned(), Remedy::Retry));
    assert_eq!(class(400, "ZZ/001"), ("UNCLASSED".to_owned(), Remedy::Owner));
    assert_eq!((of(500, "SY/530"), of(502, "")), (Answer::Lost, Answer::Lost));
    let slow = Reply::Answered { status: 429, retry_after: Some(7), body: String::new() };
    assert_eq!(s4.health(&slow, NOW), Health::Busy(NOW.saturating_add_micros(7_000_000)));
    let Answer::Refused(refused) = s4.answer(Kind::Confirmation, &confirmation(), &slow, NOW) else { panic!() };
    assert_eq!((refused.not_before, refused.refusal.number.as_deref()), (Some(NOW.saturating_add_micros(7_000_000)), Some("HTTP 429")));
    assert_eq!(s4.health(&answered(500, &json!({})), NOW), Health::Failing(None));
    assert_eq!([s4.health(&answered(201, &json!({})), NOW), s4.health(&answered(400, &json!({})), NOW)], [Health::Well, Health::Well]);
}

#[test]
fn what_the_dialect_has_no_words_for_is_said_by_name() {
    let mut strange = confirmation();
    strange.insert("unit".to_owned(), json!("XYZ"));
    let error = dialect("s4hana").post(Kind::Confirmation, &strange, &lines(Kind::Confirmation), 1, "").unwrap_err();
    assert_eq!(error.to_string(), "ConfirmationUnit: table `units` of dialect s4hana has no code `XYZ`");
    strange.insert("confirmation_id".to_owned(), json!("C-1"));
    assert_eq!(dialect("s4hana").key(Kind::Confirmation, &strange).unwrap_err().to_string(), "key: `C-1` is not 32 hexadecimal digits");
}

#[test]
fn an_answer_of_odoo_is_understood_by_its_file_alone() {
    let odoo = dialect("odoo");
    let transfer = json!({"result": {"id": 18, "name": "ST/2026/00018", "state": "partial", "external_ref": "aa1e2d3c4b5a69788796a5b4c3d2e1f0", "moves": [
        {"line_ref": ONE, "state": "done", "move_id": 77, "picking": "ST/2026/00018", "reason": null}, {"line_ref": TWO, "state": "waiting", "move_id": null, "picking": null, "reason": "no stock"}]}});
    let Answer::Booked(found) = odoo.answer(Kind::GoodsMovement, &movement(), &answered(200, &transfer), NOW) else { panic!() };
    assert_eq!(found[0], posted(1, "ST/2026/00018", None, Some("77")));
    assert!(matches!(&found[1].fate, Fate::Parked(_, Some(why)) if why.text.as_deref() == Some("no stock")), "{found:?}");
    let report = json!({"count": 1, "results": [{"name": "WR/2026/00017", "state": "done", "external_ref": "a7286edbc77fd573250319bef2f958bf"}]});
    assert_eq!(odoo.reading(Kind::Confirmation, &confirmation(), &answered(200, &report)), Some(vec![posted(0, "WR/2026/00017", None, None)]));
    let locked = answered(409, &json!({"error": "record_locked", "detail": "by m.mueller", "field": null}));
    let Answer::Refused(refused) = odoo.answer(Kind::Confirmation, &confirmation(), &locked, NOW) else { panic!() };
    assert_eq!((refused.refusal.class.as_str(), refused.refusal.text.as_deref(), refused.remedy), ("LOCKED", Some("by m.mueller"), Remedy::Retry));
}

#[test]
fn what_is_wrong_with_a_file_is_told_with_its_line_and_the_nearest_name() {
    let (_, text) = SHIPPED.iter().find(|(name, _)| *name == "odoo").unwrap();
    let errors = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        Dialect::parse("mine.yaml", &text.replacen(from, to, 1)).map_or_else(|errors| errors.to_string(), |_| "right".to_owned())
    };
    let line = |what: &str| text.lines().position(|line| line.contains(what)).unwrap() + 1;
    assert_eq!(
        errors("work_order: operation", "work_order: operaton"),
        format!("mine.yaml:{}: the contract has no field `operaton`; did you mean `operation`?", line("work_order: operation"))
    );
    assert_eq!(errors("table: kinds", "table: kind"), format!("mine.yaml:{}: there is no table `kind`; did you mean `kinds`?", line("table: kinds")));
    assert_eq!(
        errors("number: record_locked, class: LOCKED", "number: record_locked, class: LOCKD"),
        format!("mine.yaml:{}: there is no class `LOCKD`; did you mean `LOCKED`?", line("record_locked"))
    );
    assert_eq!(
        errors("- {number: period_closed", "- {class: LOCKED}\n  - {number: period_closed"),
        (line("period_closed")..=line("status: 503"))
            .map(|line| format!("mine.yaml:{}: a rule before it takes all that this one would: it is never reached", line + 1))
            .collect::<Vec<_>>()
            .join("\n")
    );
    assert_eq!(errors("each: items", "each: itms"), format!("mine.yaml:{}: the contract has no list `itms`; did you mean `items`?", line("each: items")));
    assert!(errors("external_ref={key}", "external_ref={order}").contains("`{key}` has to stand in the path"));
    assert!(errors("\"{document_id}/{item}\"", "\"{document_id}/{item\"").contains("a brace is not closed"));
    let unknown = errors("  post:\n", "  pst:\n");
    assert!(unknown.contains("there is no `pst` here; did you mean `post`?"), "{unknown}");
    assert!(errors("dialect: odoo", "dialect: odoo\ndialect: x").starts_with("mine.yaml:"));
}

#[test]
fn the_published_schema_is_that_of_the_files() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/erp-dialect.schema.json");
    let text = format!("{}\n", serde_json::to_string_pretty(&json_schema()).unwrap());
    if std::env::var_os("LINESIDE_UPDATE_GOLDEN").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    // As values: the order of members is another when other crates of the build want it kept.
    let same = std::fs::read_to_string(path).ok().and_then(|text| serde_json::from_str::<Value>(&text).ok()) == Some(json_schema());
    assert!(same, "docs/erp-dialect.schema.json is another; LINESIDE_UPDATE_GOLDEN=1 writes it anew");
}
