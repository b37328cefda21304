//! What the client makes of answers that a real registry seldom gives. The servers are threads of the test.
#![allow(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use lineside_registry::{Credentials, RegistryClient, RegistryError, RegistrySettings};
use lineside_schemas::{SchemaSource, SchemaSourceError};

/// A request: its first line, and its headers in lower case.
struct Request {
    line: String,
    headers: String,
}

/// Answers every request with what `answer` says of its first line: status and body. The thread ends with the test's process.
fn server(answer: impl Fn(&str) -> (u16, String) + Send + 'static) -> (String, Receiver<Request>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (seen, requests) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            serve(stream.unwrap(), &answer, &seen);
        }
    });
    (url, requests)
}

fn serve(mut stream: TcpStream, answer: &impl Fn(&str) -> (u16, String), seen: &Sender<Request>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let mut headers = String::new();
    while !headers.ends_with("\r\n\r\n") && reader.read_line(&mut headers).unwrap() > 2 {}
    let length = headers.to_lowercase().lines().find_map(|header| header.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    reader.take(length).read_to_end(&mut Vec::new()).unwrap();
    let (status, body) = answer(line.trim_end());
    _ = seen.send(Request { line: line.trim_end().to_owned(), headers });
    write!(stream, "HTTP/1.1 {status} Status\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len()).unwrap();
}

fn client(url: &str) -> RegistryClient {
    RegistryClient::new(&RegistrySettings { timeout: Duration::from_millis(500), ..RegistrySettings::at(url) }).unwrap()
}

/// One call by each of the two ways that calls are made.
fn both(client: &RegistryClient) -> [RegistryError; 2] {
    [client.lookup("s-value", "{}").unwrap_err(), client.compatibility("s-value").unwrap_err()]
}

#[test]
fn nobody_at_the_address_is_unavailable_and_says_so() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for error in both(&client(&format!("http://{free}"))) {
        assert!(error.is_retriable() && error.to_string().contains("onnection refused"), "{error}");
    }
}

#[test]
fn a_server_that_never_answers_is_given_up() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let started = Instant::now();
    for error in both(&client(&format!("http://{}", silent.local_addr().unwrap()))) {
        assert!(error.is_retriable(), "{error}");
    }
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}

#[test]
fn a_proxy_that_is_overloaded_is_unavailable() {
    let (url, _requests) = server(|_| (503, "<html>busy</html>".to_owned()));
    for error in both(&client(&url)) {
        assert!(matches!(error, RegistryError::Unavailable { .. }), "{error}");
    }
}

#[test]
fn another_server_is_no_registry() {
    for (status, body) in [(404, "<html>no such page</html>"), (200, "<html>welcome</html>")] {
        let (url, _requests) = server(move |_| (status, body.to_owned()));
        for error in both(&client(&url)) {
            assert!(matches!(error, RegistryError::NotARegistry { .. }) && error.to_string().contains("/apis/ccompat/v7"), "{status} {error}");
        }
    }
}

#[test]
fn a_refused_user_is_not_tried_again() {
    let (url, _requests) = server(|_| (401, r#"{"error_code":40101,"message":"who are you?"}"#.to_owned()));
    for error in both(&client(&url)) {
        assert!(!error.is_retriable() && error.to_string().ends_with("who are you? (code 40101)"), "{error}");
    }
}

#[test]
fn credentials_are_sent_with_every_call_and_never_printed() {
    let (url, requests) = server(|line| if line.contains("/config/") { (200, r#"{"compatibilityLevel":"FULL"}"#.to_owned()) } else { (200, r#"{"id":7}"#.to_owned()) });
    let credentials = Credentials { user: "plant".to_owned(), password: "sesame".to_owned() };
    let client = RegistryClient::new(&RegistrySettings { credentials: Some(credentials), ..RegistrySettings::at(&format!("{url}/")) }).unwrap();
    assert_eq!(client.lookup("s-value", "{}").unwrap(), Some(7));
    assert_eq!(client.compatibility("s-value").unwrap().as_deref(), Some("FULL"));
    for path in ["POST /subjects/s-value", "GET /config/s-value"] {
        let request = requests.recv().unwrap();
        assert!(request.line.starts_with(path), "{}", request.line);
        assert!(request.headers.contains("Basic cGxhbnQ6c2VzYW1l"), "{}", request.headers);
    }
    assert!(!format!("{client:?}").contains("sesame"));
}

#[test]
fn an_address_that_is_none_is_refused_at_once() {
    for wrong in ["localhost:8081", "ftp://localhost", "", "http://"] {
        assert!(matches!(RegistryClient::new(&RegistrySettings::at(wrong)), Err(RegistryError::Settings { .. })), "{wrong}");
    }
}

/// A subject with one version that has another type, under no level at all.
#[test]
fn a_subject_under_no_level_is_judged_here() {
    let record = |kind: &str| format!(r#"{{"type":"record","name":"R","fields":[{{"name":"a","type":"{kind}"}}]}}"#);
    let there = record("long").replace('"', "\\\"");
    let (url, _requests) = server(move |line| match line.split(' ').nth(1).unwrap() {
        "/subjects/s-value/versions" => (200, "[1]".to_owned()),
        "/subjects/s-value/versions/1" => (200, format!(r#"{{"subject":"s-value","version":1,"id":1,"schema":"{there}"}}"#)),
        "/config/s-value" => (404, r#"{"error_code":40408,"message":"no level"}"#.to_owned()),
        path if path.starts_with("/subjects/s-value?") => (404, r#"{"error_code":40403,"message":"no such schema"}"#.to_owned()),
        path => panic!("{path}"),
    });
    let error = client(&url).id_of("s-value", &record("string")).unwrap_err();
    assert!(matches!(&error, SchemaSourceError::Incompatible(text) if text.contains(": a: ")), "{error:?}");
    let error = client(&url).id_of("s-value", r#"{"type":"record","name":"R","fields":[{"name":"a","type":"long"},{"name":"b","type":"int","default":0}]}"#).unwrap_err();
    assert!(matches!(&error, SchemaSourceError::NotFound(text) if text.contains("lineside topology apply")), "{error:?}");
}
