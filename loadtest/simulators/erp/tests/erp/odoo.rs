//! The Odoo-like dialect.

use lineside_erp_simulator::faults::Fault;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::client::{KEY, odoo, script};

fn report() -> Value {
    json!({"external_ref": KEY, "company": "plant-a", "production": "100014", "work_order": "0010", "qty_produced": 220, "qty_scrapped": 0.5, "uom": "Units", "close": true, "date": "2026-11-20"})
}

fn transfer() -> Value {
    let line = |number: u32, move_type: &str| json!({"line_ref": format!("{KEY}/{number}"), "move_type": move_type, "product": "RM-1", "location": "0001", "lot": null, "demand_ref": "4725/0001", "qty": 18.638, "uom": "L"});
    json!({"external_ref": KEY, "company": "plant-a", "production": "100014", "kind": "issue", "date": "2026-11-20", "moves": [line(1, "consume"), line(2, "unconsume")]})
}

#[tokio::test]
async fn reports_and_transfers_are_booked_and_read_back_by_their_reference() {
    let (_server, client) = odoo().await;
    let got = client.post("/api/v1/work_order_reports", &report()).await.unwrap();
    assert_eq!((got.status, got.json()["result"]["id"].clone()), (StatusCode::OK, json!(1)), "{}", got.text);
    assert!(got.text.contains(r#""qty_scrapped":0.5"#), "{}", got.text);
    let got = client.post("/api/v1/stock_transfers", &transfer()).await.unwrap();
    assert_eq!((got.status, got.json()["result"]["state"].clone()), (StatusCode::OK, json!("done")), "{}", got.text);
    let found = client.get(&format!("/api/v1/stock_transfers?external_ref={KEY}")).await.unwrap();
    assert_eq!(found.json()["count"], json!(1));
    assert!(found.text.contains(r#""qty":18.638"#), "{}", found.text);
    assert_eq!(client.get("/api/v1/work_order_reports/1").await.unwrap().json()["result"]["external_ref"], json!(KEY));
    assert_eq!(client.get("/api/v1/work_order_reports/2").await.unwrap().status, StatusCode::NOT_FOUND);
    assert_eq!(client.get("/api/v1/stock_transfers?surprise=1").await.unwrap().json()["field"], json!("surprise"));
}

#[tokio::test]
async fn what_is_parked_waits_and_what_is_cancelled_says_so() {
    let (server, client) = odoo().await;
    script(&server, Fault::Parks);
    let got = client.post("/api/v1/stock_transfers", &transfer()).await.unwrap().json();
    assert_ne!(got["result"]["state"], json!("done"));
    let waiting = got["result"]["moves"].as_array().unwrap().iter().filter(|line| line["state"] == json!("waiting")).count();
    assert_eq!(server.erp().clerk(KEY, true, jiff::Timestamp::now()), waiting);
    assert_eq!(client.get("/api/v1/stock_transfers/1").await.unwrap().json()["result"]["state"], json!("done"));
    client.post("/api/v1/work_order_reports", &report()).await.unwrap();
    assert_eq!(client.post("/api/v1/work_order_reports/1/cancel", &json!({})).await.unwrap().json()["result"]["is_reversal"], json!(true));
    assert_eq!(client.get("/api/v1/work_order_reports/1").await.unwrap().json()["result"]["state"], json!("cancelled"));
    assert_eq!(client.post("/api/v1/work_order_reports/1/cancel", &json!({})).await.unwrap().json()["error"], json!("already_cancelled"));
}

#[tokio::test]
async fn errors_have_the_dialects_own_names() {
    let (server, mut client) = odoo().await;
    for (fault, status, error) in [
        (Fault::OrderLocked, 409, "record_locked"),
        (Fault::RateLimited, 429, "rate_limited"),
        (Fault::Unavailable, 503, "unavailable"),
        (Fault::ErrorBefore, 500, "server_error"),
    ] {
        script(&server, fault);
        let mut body = report();
        body["production"] = json!(error);
        let got = client.post("/api/v1/work_order_reports", &body).await.unwrap();
        assert_eq!((got.status.as_u16(), got.json()["error"].clone()), (status, json!(error)));
        assert_eq!(got.headers.contains_key("retry-after"), matches!(status, 429 | 503));
    }
    script(&server, Fault::PeriodCloses);
    assert_eq!(client.post("/api/v1/work_order_reports", &report()).await.unwrap().json()["error"], json!("period_closed"));
    let mut wrong = transfer();
    wrong["moves"][0]["uom"] = json!("KG");
    let got = client.post("/api/v1/stock_transfers", &wrong).await.unwrap();
    assert_eq!((got.status, got.json()["field"].clone()), (StatusCode::BAD_REQUEST, json!("uom")));
    client.headers.clear();
    assert_eq!(client.get("/api/v1/stock_transfers").await.unwrap().json()["error"], json!("invalid_api_key"));
}
