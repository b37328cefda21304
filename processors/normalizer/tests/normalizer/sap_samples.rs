//! What others published of SAP's OData answers, read in place.

use crate::support;
use std::fs;
use std::path::Path;

use serde_json::{Value as Json, json};

const ORDERS: &str = "raw.plant-c.sap-orders";
const MOVEMENTS: &str = "raw.plant-c.sap-movements";
const DELIVERIES: &str = "raw.plant-c.sap-deliveries";

/// The events of a document, without absent fields.
fn events(topic: &str, document: &[u8]) -> Vec<Json> {
    support::apply(topic, document, |applied| {
        let events = applied.unwrap_or_else(|refusal| panic!("{refusal:?}"));
        events.iter().map(|event| support::rendering::datum(event.contract, event.datum)).collect()
    })
}

fn sample(folder: &Path, name: &str) -> Vec<u8> {
    fs::read(folder.join(name)).expect("the sample")
}

fn rows(folder: &Path, name: &str) -> Json {
    let mut document: Json = serde_json::from_slice(&sample(folder, name)).expect("JSON");
    document["message"].take()
}

fn ids(events: &[Json]) -> Vec<&str> {
    events.iter().map(|event| event["envelope"]["event_id"].as_str().expect("an id")).collect()
}

fn list<'e>(event: &'e Json, group: &str, name: &str) -> &'e [Json] {
    event[group][name].as_array().map_or(&[], Vec::as_slice)
}

#[test]
fn a_real_order_is_released_and_completed() {
    let Some(folder) = support::samples("sap") else { return };
    let events = events(ORDERS, &sample(&folder, "production-order-01-general-sample.json"));
    assert_eq!(ids(&events), ["production-order/1000000/released/20200723125718", "production-order/1000000/completed/20200723125718"]);
    assert_eq!((&events[0]["order"], &events[0]["type"], &events[1]["type"]), (&json!("1000000"), &json!("ORDER_RELEASED"), &json!("ORDER_COMPLETED")));
    assert_eq!(events[0]["envelope"]["plant"], "plant-c");
    assert_eq!(events[0]["envelope"]["source_time"], "2020-07-23T12:57:18Z");
    let released = &events[0]["order_released"];
    assert_eq!((&released["item"], &released["planned_quantity"]), (&json!("MZ-FG-R10"), &json!({"value": "500", "unit": "C62"})));
    assert_eq!((&released["planned_start"], &released["planned_end"]), (&json!("2017-06-05T22:00:00Z"), &json!("2017-06-07T22:00:00Z")), "midnight in Berlin");
    assert_eq!((&released["scheduled_start"], &released["scheduled_end"]), (&json!("2017-06-06T05:00:00Z"), &json!("2017-06-07T08:22:30Z")));
    assert_eq!(events[1]["order_completed"]["completed_quantity"], json!({"value": "0", "unit": "C62"}));
}

#[test]
fn a_real_order_expanded_has_two_operations_and_seven_components() {
    let Some(folder) = support::samples("sap") else { return };
    let mut order = rows(&folder, "production-order-01-general-sample.json")[0].take();
    for (navigation, file) in [
        ("to_ProductionOrderComponent", "production-order-02-component-sample.json"),
        ("to_ProductionOrderItem", "production-order-03-item-sample.json"),
        ("to_ProductionOrderOperation", "production-order-04-operation-sample.json"),
        ("to_ProductionOrderStatus", "production-order-05-status-sample.json"),
    ] {
        order[navigation] = json!({ "results": rows(&folder, file) });
    }
    let events = events(ORDERS, json!({ "d": { "results": [order] } }).to_string().as_bytes());
    let released = &events[0];
    assert_eq!(released["type"], "ORDER_RELEASED");
    let operations: Vec<_> = list(released, "order_released", "operations").iter().map(|row| (&row["operation"], &row["work_center"], &row["planned_start"])).collect();
    assert_eq!(operations, [(&json!("0010"), &json!("Z_ASM1"), &json!("2017-06-06T05:00:00Z")), (&json!("0020"), &json!("Z_INSP1"), &json!("2017-06-06T11:11:15Z")),]);
    let components = list(released, "order_released", "components");
    let keys: Vec<_> =
        components.iter().map(|row| format!("{}/{} {} {}", row["reservation"], row["reservation_item"], row["position"], row["item"]).replace('"', "")).collect();
    assert_eq!(
        keys,
        [
            "1/8 0010 MZ-RM-R10-01",
            "1/9 0020 MZ-RM-R10-02",
            "1/10 0030 MZ-RM-R10-03",
            "1/11 0060 MZ-RM-R10-06",
            "1/12 0070 MZ-RM-R10-07",
            "1/13 0100 MZ-RM-R10-04",
            "1/14 0100 MZ-RM-R10-05",
        ]
    );
    assert_eq!(components[0]["required_quantity"], json!({"value": "1500", "unit": "C62"}));
    assert_eq!((&components[0]["operation"], &components[0]["is_backflushed"]), (&json!("0020"), &json!(true)));
    assert_eq!(released["order_released"]["statuses"], json!(["SETC", "PRC", "GMPS", "TECO", "MSPT"]));
    assert_eq!(list(released, "order_released", "outputs").len(), 1);
}

#[test]
fn the_same_material_twice_in_an_order_stays_apart() {
    let Some(folder) = support::samples("sap") else { return };
    let mut components = rows(&folder, "production-order-02-component-sample.json");
    components[1]["Material"] = components[0]["Material"].clone();
    let events = events(ORDERS, json!({"message": components, "time": "2022-01-28T15:25:20+09:00"}).to_string().as_bytes());
    assert_eq!(events.len(), 7);
    let of = |index: usize| &list(&events[index], "order_rescheduled", "components")[0];
    assert_eq!(of(0)["item"], of(1)["item"]);
    assert_eq!((&of(0)["reservation_item"], &of(1)["reservation_item"]), (&json!("8"), &json!("9")));
}

#[test]
fn parts_of_a_real_order_that_come_alone_are_parts_of_its_plan() {
    let Some(folder) = support::samples("sap") else { return };
    let components = events(ORDERS, &sample(&folder, "production-order-02-component-sample.json"));
    let expected: Vec<_> = (8..=14).map(|item| format!("production-order/1000000/component/1/{item}/2022-01-28T15:25:21+09:00")).collect();
    assert_eq!(ids(&components), expected);
    assert!(components.iter().all(|event| event["type"] == "ORDER_RESCHEDULED" && event["envelope"]["source_time"] == "2022-01-28T06:25:21Z"));
    let operations = events(ORDERS, &sample(&folder, "production-order-04-operation-sample.json"));
    assert_eq!(ids(&operations), ["production-order/1000000/operation/0/0010//20200723125718", "production-order/1000000/operation/0/0020//20200723125718"]);
    for name in ["production-order-03-item-sample.json", "production-order-05-status-sample.json"] {
        assert!(events(ORDERS, &sample(&folder, name)).is_empty(), "{name}");
    }
}

#[test]
fn a_real_message_whose_quantities_have_no_unit_is_refused() {
    let Some(folder) = support::samples("sap") else { return };
    let refusal = support::refusal(ORDERS, &sample(&folder, "EC_MC_sample_production_order_events.json"));
    assert_eq!((refusal.code, refusal.plant.as_deref()), ("unmapped-content", Some("plant-c")));
    assert!(refusal.message.contains("no unit"), "{}", refusal.message);
}

#[test]
fn a_real_goods_issue_leaves_the_stock() {
    let Some(folder) = support::samples("sap") else { return };
    assert!(events(MOVEMENTS, &sample(&folder, "material-document-header-01-sample.json")).is_empty(), "a header without lines");
    for name in ["material-document-header-02-item-sample.json", "material-document-item-01-sample.json"] {
        let events = events(MOVEMENTS, &sample(&folder, name));
        assert_eq!(ids(&events), ["material-document/1998/4900000011/1"], "{name}");
        let event = &events[0];
        assert_eq!((&event["type"], &event["item"], &event["location"]), (&json!("GOODS_ISSUED"), &json!("21"), &json!("0001")));
        assert_eq!(event["envelope"]["plant"], "plant-d");
        let issued = &event["goods_issued"];
        assert_eq!((&issued["quantity"], &issued["customer"], &issued["movement_type"]), (&json!({"value": "1", "unit": "C62"}), &json!("1"), &json!("601")));
        assert!(issued.get("correction").is_none() && issued["references"] == json!([]), "{issued}");
    }
}

#[test]
fn a_real_inbound_delivery_is_announced_and_books_nothing() {
    let Some(folder) = support::samples("sap") else { return };
    assert!(events(DELIVERIES, &sample(&folder, "inbound-delivery-header-01-sample.json")).is_empty(), "a header that names no plant");
    for name in ["inbound-delivery-header-04-item-sample.json", "inbound-delivery-item-01-sample.json", "inbound-delivery-purchase-order-01-sample.json"] {
        let events = events(DELIVERIES, &sample(&folder, name));
        assert_eq!(ids(&events), ["inbound-delivery/180000047/000010/announced/2022-09-16"], "{name}");
        let event = &events[0];
        assert_eq!((&event["type"], &event["document"], &event["envelope"]["plant"]), (&json!("ADVANCE_SHIP_NOTICE"), &json!("180000047"), &json!("plant-d")));
        assert_eq!(event["envelope"]["source_time"], "2022-09-16T18:34:28Z");
        let line = &list(event, "advance_ship_notice", "lines")[0];
        assert_eq!((&line["line"], &line["item"], &line["quantity"]), (&json!("000010"), &json!("21"), &json!({"value": "1", "unit": "C62"})));
        assert_eq!((&line["references"][0]["id"], &line["partner_item"]), (&json!("4500000003"), &json!("TEST SUPPLIER MATERIAL NO")));
    }
}
