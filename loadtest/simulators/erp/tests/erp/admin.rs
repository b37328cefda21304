//! What tests tell the ERP, and what people see.

use lineside_erp_simulator::entry::{Change, Entry};
use reqwest::StatusCode;
use serde_json::json;

use crate::client::{KEY, MDOC, document, item, s4};

fn path() -> String {
    format!("{MDOC}/MaterialDocumentHeader")
}

#[tokio::test]
async fn locks_periods_materials_and_outages_can_be_told() {
    let (_server, client) = s4().await;
    let post = async || client.post(&path(), &document(&[item(1, "1")])).await.unwrap();
    client.post("/admin/locks", &json!({"plant": "plant-a", "order": "000100014", "for_ms": 60_000})).await.unwrap();
    assert_eq!(post().await.code(), "CO/469");
    client.post("/admin/locks", &json!({"plant": "plant-a", "order": "000100014", "for_ms": 0})).await.unwrap();
    client.post("/admin/periods", &json!({"closed_for_ms": 60_000})).await.unwrap();
    assert_eq!(post().await.code(), "M7/053");
    client.post("/admin/periods", &json!({"closed_for_ms": 0})).await.unwrap();
    client.post("/admin/materials", &json!([{"plant": "plant-a", "material": "RM-1022", "missing_for_ms": 60_000}])).await.unwrap();
    assert_eq!(post().await.code(), "M3/305");
    client.post("/admin/materials", &json!([{"plant": "plant-a", "material": "RM-1022", "missing_for_ms": 0}])).await.unwrap();
    client.post("/admin/outage", &json!({"for_ms": 60_000, "kind": "unavailable"})).await.unwrap();
    assert_eq!(post().await.status, StatusCode::SERVICE_UNAVAILABLE);
    client.post("/admin/outage", &json!({"for_ms": 60_000, "kind": "dropped"})).await.unwrap();
    assert!(client.post(&path(), &document(&[item(1, "1")])).await.is_err());
    client.post("/admin/outage", &json!({"for_ms": 0, "kind": "dropped"})).await.unwrap();
    assert_eq!(post().await.status, StatusCode::CREATED);
    assert_eq!(client.post("/admin/locks", &json!({"plant": 1})).await.unwrap().status, StatusCode::BAD_REQUEST);
    assert_eq!(client.put("/admin/faults", &json!({"per_mille": {"slow": 1001}})).await.unwrap().status, StatusCode::BAD_REQUEST);
    assert_eq!(client.put("/admin/faults", &json!({"seed": 9})).await.unwrap().json()["done"], json!(1));
    assert_eq!(client.get("/admin/faults").await.unwrap().json()["seed"], json!(9));
}

#[tokio::test]
async fn the_ledger_tells_what_was_asked_and_booked() {
    let (_server, client) = s4().await;
    client.post(&path(), &document(&[item(1, "1.50"), item(2, "2")])).await.unwrap();
    client.post("/admin/clerk/cancel", &json!({"key": &KEY[..25]})).await.unwrap();
    let text = client.get("/ledger").await.unwrap().text;
    let entries: Vec<Entry> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(matches!(&entries[0].change, Change::Asked { key, attempt: 1, fault: None } if *key == KEY[..25]));
    assert!(matches!(&entries[1].change, Change::Document(document) if document.lines[0].movement.quantity.to_string() == "1.50"));
    assert!(matches!(&entries[2].change, Change::Document(document) if document.lines.iter().all(|line| line.reverses.is_some())));
    assert_eq!(client.get("/ledger?from=3").await.unwrap().text.lines().count(), 1);
    let lines = client.get("/admin/lines").await.unwrap().text;
    assert_eq!(lines.lines().filter(|line| line.contains(r#""state":"cancelled""#)).count(), 2, "{lines}");
    let summary = client.get("/admin/summary").await.unwrap().json();
    assert_eq!((&summary["attempts"], &summary["lines"]["cancelled"]), (&json!(1), &json!(2)));
}

#[tokio::test]
async fn pages_show_orders_and_documents_and_nothing_sent_becomes_html() {
    let (_server, client) = s4().await;
    let mut line = item(1, "1");
    line["Material"] = json!("<script>alert(1)</script>");
    line["ManufacturingOrder"] = json!("a/b <i>");
    client.post(&path(), &document(&[line])).await.unwrap();
    let orders = client.get("/").await.unwrap();
    assert!(orders.text.contains("href=\"/orders/plant-a/a%2Fb%20%3Ci%3E\""), "{}", orders.text);
    for page in ["/orders/plant-a/a%2Fb%20%3Ci%3E", "/documents/0", "/ledger.html"] {
        let got = client.get(page).await.unwrap();
        assert_eq!(got.status, StatusCode::OK, "{page}");
        assert!(got.text.contains("&lt;script&gt;") && !got.text.contains("<script"), "{}", got.text);
        assert!(got.headers.contains_key("content-security-policy"));
    }
    for missing in ["/orders/x/y", "/documents/9"] {
        assert_eq!(client.get(missing).await.unwrap().status, StatusCode::NOT_FOUND);
    }
}
