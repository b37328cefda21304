//! The S/4HANA-like dialect when nothing goes wrong.

use lineside_erp_simulator::erp::ErpOptions;
use lineside_erp_simulator::http::HttpOptions;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::client::{CONF, Client, GUID, KEY, MDOC, confirmation, document, faults, item, s4, serve};

const DOCUMENTS: &str = "MaterialDocumentHeader";

#[tokio::test]
async fn a_confirmation_is_booked_and_read_back_by_its_key() {
    let (_server, client) = s4().await;
    let got = client.post(&format!("{CONF}/ProductionOrderConfirmation"), &confirmation()).await.unwrap();
    assert_eq!(got.status, StatusCode::CREATED, "{}", got.text);
    let booked = got.json();
    assert_eq!(
        (&booked["ConfirmationGroup"], &booked["ConfirmationCount"], &booked["ConfirmationReworkQuantity"]),
        (&json!("0000000001"), &json!("00000001"), &json!("4.50"))
    );
    let again = client.get(got.headers["location"].to_str().unwrap()).await.unwrap().json();
    assert_eq!(again["ExternalSystemConfirmation"], json!(GUID));
    for filter in [format!("ExternalSystemConfirmation eq {GUID}"), format!("ExternalSystemConfirmation eq '{GUID}' and OrderID eq '000100014'")] {
        let found = client.find(&format!("{CONF}/ProductionOrderConfirmation"), &filter, "to_ProdnOrdConfMatlDocItm").await;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0]["ConfirmationGroup"], booked["ConfirmationGroup"]);
    }
    let other = client.find(&format!("{CONF}/ProductionOrderConfirmation"), "ExternalSystemConfirmation eq 00000000-0000-0000-0000-000000000001", "x").await;
    assert_eq!(other, Vec::<Value>::new());
}

#[tokio::test]
async fn what_is_asked_twice_is_booked_twice_and_both_are_found() {
    let (_server, client) = s4().await;
    for expected in ["4900000001", "4900000002"] {
        let got = client.post(&format!("{MDOC}/{DOCUMENTS}"), &document(&[item(1, "18.638"), item(2, "0.5")])).await.unwrap();
        assert_eq!((got.status, &got.json()["MaterialDocument"]), (StatusCode::CREATED, &json!(expected)), "{}", got.text);
    }
    let found = client.find(&format!("{MDOC}/{DOCUMENTS}"), &format!("MaterialDocumentHeaderText eq '{}'", &KEY[..25]), "to_MaterialDocumentItem").await;
    assert_eq!(found.len(), 2);
    assert_eq!(found[1]["to_MaterialDocumentItem"][1]["MaterialDocumentItemText"], json!(format!("{KEY}/2")));
    let lines = client.find(&format!("{MDOC}/MaterialDocumentItem"), &format!("MaterialDocumentItemText eq '{KEY}/1'"), "x").await;
    assert_eq!(lines.iter().map(|line| &line["MaterialDocument"]).collect::<Vec<_>>(), [&json!("4900000001"), &json!("4900000002")]);
}

#[tokio::test]
async fn a_document_and_its_item_can_be_taken_back_once() {
    let (_server, client) = s4().await;
    client.post(&format!("{MDOC}/{DOCUMENTS}"), &document(&[item(1, "1"), item(2, "2")])).await.unwrap();
    let one = format!("{MDOC}/MaterialDocumentItem(MaterialDocumentYear='2026',MaterialDocument='4900000001',MaterialDocumentItem='0002')/SAP__self.CancelItem");
    let got = client.post(&one, &json!({})).await.unwrap();
    assert_eq!(got.status, StatusCode::CREATED, "{}", got.text);
    assert_eq!(got.json()["to_MaterialDocumentItem"][0]["ReversedMaterialDocument"], json!("4900000001"));
    assert_eq!(client.post(&one, &json!({})).await.unwrap().code(), "M7/066");
    let found = client.get(&format!("{MDOC}/{DOCUMENTS}(MaterialDocumentYear='2026',MaterialDocument='4900000001')?$expand=x")).await.unwrap().json();
    let cancelled: Vec<bool> = found["to_MaterialDocumentItem"].as_array().unwrap().iter().map(|line| line["GoodsMovementIsCancelled"] == json!(true)).collect();
    assert_eq!(cancelled, [false, true]);
    let all = format!("{MDOC}/{DOCUMENTS}(MaterialDocumentYear='2026',MaterialDocument='4900000001')/SAP__self.Cancel");
    let got = client.post(&all, &json!({"PostingDate": "2026-11-21", "MaterialDocumentHeaderText": "why"})).await.unwrap();
    assert_eq!((got.status, got.json()["PostingDate"].clone()), (StatusCode::CREATED, json!("2026-11-21")));
}

#[tokio::test]
async fn a_confirmation_takes_its_movements_back_with_it() {
    let (_server, client) = s4().await;
    let mut body = confirmation();
    body["APIConfHasNoGoodsMovements"] = json!(false);
    body["to_ProdnOrdConfMatlDocItm"] = json!([item(1, "3")]);
    let booked = client.post(&format!("{CONF}/ProductionOrderConfirmation"), &body).await.unwrap().json();
    assert_eq!(booked["MaterialDocument"], json!("4900000001"), "{booked}");
    let cancel = format!("{CONF}/ProductionOrderConfirmation(ConfirmationGroup='0000000001',ConfirmationCount='00000001')/SAP__self.Cancel");
    let got = client.post(&cancel, &json!({"ExternalSystemConfirmation": "00000000-0000-0000-0000-000000000009"})).await.unwrap();
    assert_eq!((got.status, got.json()["IsReversal"].clone()), (StatusCode::CREATED, json!(true)), "{}", got.text);
    assert_eq!(client.post(&cancel, &json!({})).await.unwrap().code(), "RU/122");
    let found = client.find(&format!("{CONF}/ProductionOrderConfirmation"), &format!("ExternalSystemConfirmation eq {GUID}"), "x").await;
    assert_eq!((&found[0]["IsReversed"], &found[0]["to_ProdnOrdConfMatlDocItm"][0]["GoodsMovementIsCancelled"]), (&json!(true), &json!(true)));
}

#[tokio::test]
async fn what_is_malformed_is_refused_by_the_field_at_fault() {
    let (_server, client) = s4().await;
    let wrong = |field: &str, value: Value| {
        let mut body = confirmation();
        body[field] = value;
        body
    };
    for (field, value) in [
        ("OrderID", json!("")),
        ("OrderID", json!("1234567890123")),
        ("ConfirmationUnit", json!("C62")),
        ("ConfirmationYieldQuantity", json!("1e3")),
        ("ConfirmationYieldQuantity", json!("0.0000000001")),
        ("PostingDate", json!("20.11.2026")),
        ("ExternalSystemConfirmation", json!(KEY)),
    ] {
        let got = client.post(&format!("{CONF}/ProductionOrderConfirmation"), &wrong(field, value.clone())).await.unwrap();
        assert_eq!(
            (got.status, got.code(), got.json()["error"]["target"].clone()),
            (StatusCode::BAD_REQUEST, "/IWBEP/CM_V4_COS/014".to_owned(), json!(field)),
            "{value}"
        );
    }
    let got = client.post(&format!("{CONF}/ProductionOrderConfirmation"), &wrong("Surprise", json!(1))).await.unwrap();
    assert!(got.text.contains("Surprise"), "{}", got.text);
    let long = document(&[json!({"Material": "M".repeat(41), "Plant": "p", "GoodsMovementType": "261", "EntryUnit": "L", "QuantityInEntryUnit": "1"})]);
    assert_eq!(client.post(&format!("{MDOC}/{DOCUMENTS}"), &long).await.unwrap().json()["error"]["target"], json!("Material"));
    assert_eq!(client.get(&format!("{MDOC}/Nothing")).await.unwrap().status, StatusCode::NOT_FOUND);
    assert_eq!(client.get(&format!("{MDOC}/{DOCUMENTS}(MaterialDocumentYear='2026',MaterialDocument='1')")).await.unwrap().status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nobody_comes_in_without_a_token_or_books_without_a_session() {
    let server = serve(ErpOptions { faults: faults(), ..ErpOptions::default() }, HttpOptions::default()).await;
    let mut client = Client::of(&server);
    let path = format!("{CONF}/ProductionOrderConfirmation");
    let got = client.post(&path, &confirmation()).await.unwrap();
    assert_eq!((got.status, got.headers["www-authenticate"].to_str().unwrap()), (StatusCode::UNAUTHORIZED, "Bearer error=\"invalid_token\""));
    client.sign_in().await;
    let mut bare = client.clone();
    bare.headers.remove("cookie");
    let got = bare.post(&path, &confirmation()).await.unwrap();
    assert_eq!((got.status, got.headers["x-csrf-token"].to_str().unwrap(), got.code().as_str()), (StatusCode::FORBIDDEN, "Required", "/IWFND/CM_MGW/096"));
    assert_eq!(server.erp().look(|state| state.confirmations().len()), 0);
    assert_eq!(client.post(&path, &confirmation()).await.unwrap().status, StatusCode::CREATED);
    let wrong = client.post("/oauth2/token", &json!({})).await.unwrap();
    assert_eq!((wrong.status, wrong.json()["error"].clone()), (StatusCode::UNAUTHORIZED, json!("invalid_client")));
}

#[tokio::test]
async fn a_batch_is_answered_request_by_request() {
    let (_server, client) = s4().await;
    let part = |id: &str, body: Value| json!({"id": id, "method": "POST", "url": DOCUMENTS, "headers": {"Content-Type": "application/json"}, "body": body});
    let wrong = json!({"GoodsMovementCode": "02", "PostingDate": "2026-11-20", "to_MaterialDocumentItem": [item(1, "1")]});
    let batch = json!({"requests": [part("1", document(&[item(1, "1.250")])), part("2", wrong), {"id": "3", "method": "GET", "url": format!("{DOCUMENTS}?$filter=MaterialDocumentHeaderText eq '{}'", &KEY[..25])}]});
    let got = client.post(&format!("{MDOC}/$batch"), &batch).await.unwrap();
    assert_eq!(got.status, StatusCode::OK, "{}", got.text);
    let responses = got.json()["responses"].as_array().unwrap().clone();
    assert_eq!(responses.iter().map(|one| one["status"].as_u64().unwrap()).collect::<Vec<_>>(), [201, 400, 200]);
    assert_eq!(responses[0]["body"]["to_MaterialDocumentItem"][0]["QuantityInEntryUnit"], json!("1.250"));
    assert_eq!(responses[1]["body"]["error"]["code"], json!("M7/306"));
    assert_eq!(responses[2]["body"]["value"].as_array().unwrap().len(), 1);
    let grouped = json!({"requests": [{"id": "1", "method": "POST", "url": DOCUMENTS, "atomicityGroup": "g", "body": document(&[item(1, "1")])}]});
    assert_eq!(client.post(&format!("{MDOC}/$batch"), &grouped).await.unwrap().status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_repeated_request_is_booked_once_where_the_erp_knows_its_id() {
    for (knows, expected) in [(true, 1), (false, 2)] {
        let server = serve(ErpOptions { faults: faults(), ..ErpOptions::default() }, HttpOptions { repeatable_requests: knows, ..HttpOptions::default() }).await;
        let mut client = Client::of(&server);
        client.sign_in().await;
        client.headers.insert("repeatability-request-id".to_owned(), KEY.to_owned());
        client.headers.insert("repeatability-first-sent".to_owned(), "Fri, 20 Nov 2026 10:00:00 GMT".to_owned());
        let answers = [
            client.post(&format!("{MDOC}/{DOCUMENTS}"), &document(&[item(1, "1")])).await.unwrap(),
            client.post(&format!("{MDOC}/{DOCUMENTS}"), &document(&[item(1, "1")])).await.unwrap(),
        ];
        assert_eq!(answers[0].text == answers[1].text, knows);
        assert_eq!(answers[0].headers.contains_key("repeatability-result"), knows);
        assert_eq!(server.erp().look(|state| state.documents().len()), expected);
    }
}
