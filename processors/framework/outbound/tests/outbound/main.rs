//! Calls to a real server on this machine, which answers as it is told.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at what it did not expect")]

mod server;
mod tls;

use std::time::Duration;

use lineside_api::Timestamp;
use lineside_outbound::{Call, Credentials, Csrf, Http, HttpSettings, Purpose, Reply, Target, wall_clock};
use lineside_runtime::settings::Secret;
use server::{Answer, Server};

fn settings(server: &Server) -> HttpSettings {
    HttpSettings {
        address: server.address(),
        credentials: Credentials::None,
        csrf: None,
        connections: 4,
        connect_timeout: Duration::from_secs(5),
        answer_bytes: 1000,
        ca_file: None,
        identity: None,
    }
}

fn oauth() -> Credentials {
    Credentials::Oauth2 { token: "/token".to_owned(), client: "lineside".to_owned(), secret: Secret::from("geheim-1"), scope: Some("erp".to_owned()) }
}

fn book() -> Call {
    Call { purpose: Purpose::Book, path: "/documents".to_owned(), headers: vec![("X-Attempt".to_owned(), "1".to_owned())], body: Some("{\"a\":1}".to_owned()) }
}

fn read() -> Call {
    Call { purpose: Purpose::Read, path: "/documents?$filter=Key%20eq%20'a'".to_owned(), headers: vec![], body: None }
}

fn soon() -> Timestamp {
    wall_clock().saturating_add_micros(20_000_000)
}

async fn make(settings: &HttpSettings, call: &Call) -> Reply {
    Target::Http(Box::new(Http::new(settings).unwrap())).call(call, soon(), wall_clock).await
}

fn body(reply: &Reply) -> &str {
    let Reply::Answered { body, .. } = reply else { panic!("{reply:?}") };
    body
}

#[tokio::test]
async fn an_answer_comes_back_with_its_status_and_its_wait() {
    let server = Server::start(|request| {
        assert_eq!((request.line(), request.header("content-type"), request.body()), ("POST /documents HTTP/1.1", Some("application/json"), "{\"a\":1}"));
        Answer::text(429, &["Retry-After: 7"], "slow down")
    });
    assert_eq!(make(&settings(&server), &book()).await, Reply::Answered { status: 429, retry_after: Some(7), body: "slow down".to_owned() });
}

#[tokio::test]
async fn what_cannot_be_relied_on_is_lost_and_what_never_left_is_unsent() {
    for answer in [
        Answer::Close,
        Answer::Raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ntorn"),
        Answer::Raw("no HTTP at all\r\n\r\n"),
        Answer::text(200, &[], &"x".repeat(1001)),
    ] {
        let server = Server::start(move |_| answer.clone());
        assert!(matches!(make(&settings(&server), &book()).await, Reply::Lost { .. }));
        assert_eq!(server.count("/documents"), 1, "it is not sent again here");
    }
    let server = Server::start(|_| Answer::Never);
    let http = Http::new(&settings(&server)).unwrap();
    let deadline = wall_clock().saturating_add_micros(300_000);
    assert!(matches!(http.call(&book(), deadline, wall_clock).await, Reply::Lost { .. }), "no answer before the deadline");
    assert!(matches!(http.call(&book(), wall_clock(), wall_clock).await, Reply::Unsent { .. }), "the deadline passed");
    let gone = HttpSettings { address: "http://127.0.0.1:1".to_owned(), ..settings(&server) };
    assert!(matches!(make(&gone, &book()).await, Reply::Unsent { .. }), "nobody listens");
    assert_eq!(server.count("/documents"), 1);
}

/// The clock of a process that was frozen for a minute.
fn late() -> Timestamp {
    wall_clock().saturating_add_micros(60_000_000)
}

#[tokio::test]
async fn a_call_that_was_frozen_past_its_deadline_does_not_leave() {
    let server = Server::start(|_| Answer::text(200, &[], "{}"));
    let http = Http::new(&settings(&server)).unwrap();
    assert!(matches!(http.call(&book(), soon(), late).await, Reply::Unsent { .. }));
    assert_eq!(server.count("/documents"), 0);
}

#[tokio::test]
async fn a_token_is_fetched_once_and_anew_when_it_is_not_taken() {
    let server = Server::start(|request| match (request.path(), request.header("authorization")) {
        ("/token", Some(basic)) => {
            assert_eq!((basic, request.body()), ("Basic bGluZXNpZGU6Z2VoZWltLTE=", "grant_type=client_credentials&scope=erp"));
            Answer::text(200, &[], &format!(r#"{{"access_token":"token-{}","token_type":"Bearer","expires_in":3600}}"#, request.number))
        }
        // Only what the third request gave is good: the first token was revoked.
        (_, Some("Bearer token-3")) => Answer::text(201, &[], "booked"),
        _ => Answer::text(401, &[], ""),
    });
    let http = Http::new(&HttpSettings { credentials: oauth(), ..settings(&server) }).unwrap();
    for _ in 0..2 {
        assert_eq!(body(&http.call(&book(), soon(), wall_clock).await), "booked");
    }
    assert_eq!((server.count("/token"), server.count("/documents")), (2, 3));
}

#[tokio::test]
async fn a_token_that_is_about_to_expire_is_renewed_before_it_is_used() {
    let server = Server::start(|request| match request.path() {
        "/token" => Answer::text(200, &[], r#"{"access_token":"t","expires_in":0}"#),
        _ => Answer::text(200, &[], "{}"),
    });
    let http = Http::new(&HttpSettings { credentials: oauth(), ..settings(&server) }).unwrap();
    for _ in 0..3 {
        http.call(&read(), soon(), wall_clock).await;
    }
    assert_eq!(server.count("/token"), 3);
}

#[tokio::test]
async fn without_a_token_nothing_is_sent() {
    for answer in [Answer::text(401, &[], r#"{"error":"invalid_client"}"#), Answer::text(200, &[], "geheim-1"), Answer::Close] {
        let server = Server::start(move |_| answer.clone());
        let reply = make(&HttpSettings { credentials: oauth(), ..settings(&server) }, &book()).await;
        assert!(matches!(reply, Reply::Unsent { .. }), "{reply:?}");
        assert_eq!(server.count("/documents"), 0);
    }
}

#[tokio::test]
async fn a_session_is_opened_for_what_books_and_anew_when_it_is_over() {
    let server = Server::start(|request| match (request.path(), request.header("x-csrf-token")) {
        ("/service/", Some("Fetch")) => {
            Answer::text(200, &[&format!("X-CSRF-Token: csrf-{}", request.number), "Set-Cookie: S=1; Path=/; HttpOnly", "Set-Cookie: T=2"], "")
        }
        ("/documents", Some("csrf-3")) => {
            assert_eq!(request.header("cookie"), Some("S=1; T=2"));
            Answer::text(201, &[], "booked")
        }
        ("/documents", None) if request.line().starts_with("GET") => Answer::text(200, &[], "read"),
        _ => Answer::text(403, &["X-CSRF-Token: Required"], ""),
    });
    let csrf = Some(Csrf { path: "/service/".to_owned(), header: "X-CSRF-Token".to_owned() });
    let http = Http::new(&HttpSettings { csrf, ..settings(&server) }).unwrap();
    assert_eq!(body(&http.call(&book(), soon(), wall_clock).await), "booked");
    assert_eq!(body(&http.call(&book(), soon(), wall_clock).await), "booked");
    assert_eq!(body(&http.call(&read(), soon(), wall_clock).await), "read");
    assert_eq!(server.count("/service/"), 2);
}

#[tokio::test]
async fn a_call_goes_nowhere_else() {
    let elsewhere = Server::start(|_| Answer::text(200, &[], "{}"));
    let there = elsewhere.address();
    let server = Server::start(move |_| Answer::text(302, &[&format!("Location: {there}/documents")], ""));
    assert!(matches!(make(&settings(&server), &book()).await, Reply::Answered { status: 302, .. }));
    let wrong = Call { path: format!("{}/documents", elsewhere.address()), ..read() };
    assert!(matches!(make(&settings(&server), &wrong).await, Reply::Unsent { .. }));
    assert_eq!(elsewhere.count("/documents"), 0);
}

#[tokio::test]
async fn a_key_and_a_user_are_shown() {
    let server = Server::start(|request| Answer::text(200, &[], &format!("{:?} {:?}", request.header("x-api-key"), request.header("authorization"))));
    let key = Credentials::ApiKey { header: "X-Api-Key".to_owned(), key: Secret::from("geheim-2") };
    assert_eq!(body(&make(&HttpSettings { credentials: key, ..settings(&server) }, &read()).await), r#"Some("geheim-2") None"#);
    let user = Credentials::Basic { user: "u".to_owned(), password: Secret::from("p") };
    assert_eq!(body(&make(&HttpSettings { credentials: user, ..settings(&server) }, &read()).await), r#"None Some("Basic dTpw")"#);
}

#[test]
fn settings_that_cannot_be_are_refused_in_words() {
    let server = Server::start(|_| Answer::Close);
    let error = |change: &dyn Fn(&mut HttpSettings)| {
        let mut settings = settings(&server);
        change(&mut settings);
        Http::new(&settings).unwrap_err().to_string()
    };
    assert!(error(&|settings| settings.address = "erp".to_owned()).contains("address"));
    assert!(error(&|settings| settings.address = "ftp://erp".to_owned()).contains("https://"));
    let with_password = error(&|settings| settings.address = "https://u:geheim-3@erp/".to_owned());
    assert!(with_password.contains("must not hold") && !with_password.contains("geheim-3"));
    assert!(error(&|settings| settings.ca_file = Some("/absent.pem".into())).contains("/absent.pem"));
}

#[test]
fn nothing_that_can_be_printed_shows_a_secret() {
    let server = Server::start(|_| Answer::Close);
    let credentials = [
        oauth(),
        Credentials::ApiKey { header: "k".to_owned(), key: Secret::from("geheim-1") },
        Credentials::Basic { user: "u".to_owned(), password: Secret::from("geheim-1") },
    ];
    for credentials in credentials {
        let settings = HttpSettings { credentials, ..settings(&server) };
        let shown = format!("{settings:?} {:?}", Http::new(&settings).unwrap());
        assert!(!shown.contains("geheim-1"), "{shown}");
    }
}
