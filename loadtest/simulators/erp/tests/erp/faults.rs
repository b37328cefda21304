//! Each fault: what the caller sees, and what is booked all the same.

use std::io::{Read as _, Write as _};
use std::time::Duration;

use lineside_erp_simulator::faults::{Fault, Faults, Step};
use lineside_erp_simulator::http::Server;
use lineside_erp_simulator::state::LineState;
use reqwest::StatusCode;
use serde_json::json;

use crate::client::{CONF, Client, GUID, KEY, MDOC, confirmation, document, faults, item, s4, script};

fn path() -> String {
    format!("{MDOC}/MaterialDocumentHeader")
}

fn booked(server: &Server) -> usize {
    server.erp().look(|state| state.lines().filter(|line| line.state == LineState::Booked).count())
}

#[tokio::test]
async fn what_breaks_before_booking_books_nothing() {
    for fault in [
        Fault::TimeoutBefore,
        Fault::DropBefore,
        Fault::ErrorBefore,
        Fault::RateLimited,
        Fault::Unavailable,
        Fault::OrderLocked,
        Fault::PeriodCloses,
        Fault::MasterDataLost,
        Fault::SessionLost,
    ] {
        let (server, client) = s4().await;
        script(&server, fault);
        let got = client.post(&path(), &document(&[item(1, "1")])).await;
        let expected = match fault {
            Fault::TimeoutBefore | Fault::DropBefore => None,
            Fault::ErrorBefore => Some(500),
            Fault::RateLimited => Some(429),
            Fault::Unavailable => Some(503),
            Fault::SessionLost => Some(403),
            _ => Some(400),
        };
        assert_eq!(got.as_ref().ok().map(|got| got.status.as_u16()), expected, "{fault:?}");
        if matches!(expected, Some(429 | 503)) {
            assert_eq!(got.unwrap().headers["retry-after"], "1");
        }
        assert_eq!(booked(&server), 0, "{fault:?}");
    }
}

#[tokio::test]
async fn what_breaks_after_booking_has_booked() {
    for fault in [Fault::TimeoutAfter, Fault::DropAfter, Fault::Torn, Fault::ErrorAfter, Fault::BadGateway, Fault::Slow, Fault::Twice] {
        let (server, client) = s4().await;
        script(&server, fault);
        let got = client.post(&path(), &document(&[item(1, "1")])).await;
        let expected = match fault {
            Fault::TimeoutAfter | Fault::DropAfter | Fault::Torn => None,
            Fault::ErrorAfter => Some(500),
            Fault::BadGateway => Some(502),
            _ => Some(201),
        };
        assert_eq!(got.ok().map(|got| got.status.as_u16()), expected, "{fault:?}");
        assert_eq!(booked(&server), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn a_request_that_was_given_up_is_booked_within_the_time_that_is_promised() {
    let (server, client) = s4().await;
    script(&server, Fault::BooksLate);
    let asked = {
        let client = client.clone();
        tokio::spawn(async move { client.post(&path(), &document(&[item(1, "1")])).await })
    };
    while server.erp().look(|state| state.attempts(&KEY[..25])) == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(booked(&server), 0);
    asked.abort();
    while booked(&server) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn half_a_document_is_booked_and_the_caller_sees_an_error() {
    let (server, client) = s4().await;
    script(&server, Fault::HalfBooked);
    let got = client.post(&path(), &document(&[item(1, "1"), item(2, "2"), item(3, "3")])).await.unwrap();
    assert_eq!(got.status, StatusCode::INTERNAL_SERVER_ERROR);
    let found = client.find(&path(), &format!("MaterialDocumentHeaderText eq '{}'", &KEY[..25]), "to_MaterialDocumentItem").await;
    let lines = found[0]["to_MaterialDocumentItem"].as_array().unwrap().len();
    assert!((1..3).contains(&lines));
    assert_eq!(booked(&server), lines);
}

#[tokio::test]
async fn parked_movements_say_so_while_the_confirmation_is_booked() {
    let (server, client) = s4().await;
    script(&server, Fault::Parks);
    let mut body = confirmation();
    body["to_ProdnOrdConfMatlDocItm"] = json!([item(1, "3")]);
    let got = client.post(&format!("{CONF}/ProductionOrderConfirmation"), &body).await.unwrap().json();
    let line = &got["to_ProdnOrdConfMatlDocItm"][0];
    assert_eq!((&got["ConfirmationCount"], &line["GoodsMovementIsParked"], &line["MaterialDocument"]), (&json!("00000001"), &json!(true), &json!("")), "{got}");
    assert_eq!(client.post("/admin/clerk/book-parked", &json!({"key": KEY})).await.unwrap().json()["done"], json!(1));
    let found = client.find(&format!("{CONF}/ProductionOrderConfirmation"), &format!("ExternalSystemConfirmation eq {GUID}"), "x").await;
    let line = &found[0]["to_ProdnOrdConfMatlDocItm"][0];
    assert_eq!((&line["GoodsMovementIsParked"], &line["MaterialDocument"]), (&json!(false), &json!("4900000001")));
}

#[tokio::test]
async fn another_postings_answer_shows_another_key() {
    let (server, client) = s4().await;
    let mut other = confirmation();
    other["ExternalSystemConfirmation"] = json!("00000000-0000-0000-0000-00000000000a");
    client.post(&format!("{CONF}/ProductionOrderConfirmation"), &other).await.unwrap();
    script(&server, Fault::WrongAnswer);
    let got = client.post(&format!("{CONF}/ProductionOrderConfirmation"), &confirmation()).await.unwrap();
    assert_eq!((got.status, got.json()["ExternalSystemConfirmation"].clone()), (StatusCode::CREATED, other["ExternalSystemConfirmation"].clone()));
    assert_eq!(booked(&server), 2);
    script(&server, Fault::ReadWrongAnswer);
    let found = client.find(&format!("{CONF}/ProductionOrderConfirmation"), &format!("ExternalSystemConfirmation eq {GUID}"), "x").await;
    assert_eq!(found[0]["ExternalSystemConfirmation"], other["ExternalSystemConfirmation"]);
}

#[tokio::test]
async fn looks_break_too() {
    let (server, client) = s4().await;
    client.post(&path(), &document(&[item(1, "1")])).await.unwrap();
    for (fault, expected) in [
        (Fault::ReadTimeout, None),
        (Fault::ReadDropped, None),
        (Fault::ReadTorn, None),
        (Fault::ReadError, Some(500)),
        (Fault::ReadRateLimited, Some(429)),
        (Fault::ReadUnavailable, Some(503)),
        (Fault::ReadSlow, Some(200)),
    ] {
        script(&server, fault);
        let got = client.get(&format!("{}?$filter=MaterialDocumentHeaderText%20eq%20'{}'", path(), &KEY[..25])).await;
        assert_eq!(got.ok().map(|got| got.status.as_u16()), expected, "{fault:?}");
    }
}

/// What one connection gives until the server closes it or says nothing more.
fn raw(server: &Server, client: &Client, body: &str) -> String {
    let mut stream = std::net::TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
    let headers: Vec<String> = client.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let headers = headers.concat();
    write!(stream, "POST {} HTTP/1.1\r\nhost: erp\r\n{headers}content-length: {}\r\n\r\n{body}", path(), body.len()).unwrap();
    let mut text = String::new();
    let mut buffer = [0; 4096];
    while text.matches("HTTP/1.1 201").count() < 2 {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(read) => text.push_str(&String::from_utf8_lossy(&buffer[..read])),
        }
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_comes_twice_or_in_part_on_the_wire() {
    let (server, client) = s4().await;
    let body = document(&[item(1, "1")]).to_string();
    script(&server, Fault::Twice);
    let twice = raw(&server, &client, &body);
    assert_eq!(twice.matches("HTTP/1.1 201 Created").count(), 2, "{twice}");
    script(&server, Fault::Torn);
    let torn = raw(&server, &client, &body);
    assert!(!torn.ends_with('}'), "{torn}");
    assert_eq!(booked(&server), 2);
}

#[tokio::test]
async fn the_same_seed_makes_the_same_trouble_in_whatever_order_keys_come() {
    let mut stories = Vec::new();
    for reversed in [false, true] {
        let (server, client) = s4().await;
        let refusing = [Fault::ErrorBefore, Fault::ErrorAfter, Fault::RateLimited, Fault::BadGateway];
        server.erp().set_faults(Faults { seed: 5, per_mille: refusing.into_iter().map(|fault| (fault, 200)).collect(), ..faults() });
        let mut numbers: Vec<u32> = (0..12).collect();
        if reversed {
            numbers.reverse();
        }
        let mut story = Vec::new();
        for number in numbers {
            let mut body = document(&[item(1, "1")]);
            body["MaterialDocumentHeaderText"] = json!(format!("key-{number}"));
            for _ in 0..3 {
                story.push((number, client.post(&path(), &body).await.unwrap().status.as_u16()));
            }
        }
        story.sort_by_key(|(number, _)| *number);
        stories.push(story);
    }
    assert_eq!(stories[0], stories[1]);
    assert!(stories[0].iter().any(|(_, status)| *status == 502) && stories[0].iter().any(|(_, status)| *status == 201));
}

#[tokio::test]
async fn a_script_can_meet_one_order_at_one_attempt() {
    let (server, client) = s4().await;
    server.erp().script(|script| script.add(Step { fault: Fault::ErrorBefore, key: None, order: Some("000100014".to_owned()), attempt: Some(2), times: 1 }));
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(client.post(&path(), &document(&[item(1, "1")])).await.unwrap().status.as_u16());
    }
    assert_eq!(statuses, [201, 500, 201]);
}
