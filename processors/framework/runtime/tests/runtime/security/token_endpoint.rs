//! The endpoint where a provider of identities gives out tokens, as small as can be.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};

/// What a client asked.
#[derive(Debug, Clone)]
pub struct Request {
    pub head: String,
    pub body: String,
}

impl Request {
    fn header(&self, name: &str) -> Option<&str> {
        let fields = self.head.lines().filter_map(|line| line.split_once(':'));
        fields.filter(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
    }

    /// `user:password` of its basic authentication.
    pub fn credentials(&self) -> String {
        let encoded = self.header("authorization").and_then(|value| value.strip_prefix("Basic ")).unwrap();
        String::from_utf8(BASE64_STANDARD.decode(encoded).unwrap()).unwrap()
    }
}

/// Gives a token for one subject to everybody who asks. Its thread ends with the test's process.
pub struct TokenEndpoint {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl TokenEndpoint {
    pub fn start(subject: &'static str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let endpoint = Self { address: listener.local_addr().unwrap(), requests: Arc::default() };
        let requests = Arc::clone(&endpoint.requests);
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let request = answer(&mut connection.unwrap(), subject);
                requests.lock().unwrap().push(request);
            }
        });
        endpoint
    }

    pub fn url(&self) -> String {
        format!("http://{}/token", self.address)
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

fn answer(connection: &mut TcpStream, subject: &str) -> Request {
    let mut reader = BufReader::new(connection.try_clone().unwrap());
    let mut request = Request { head: String::new(), body: String::new() };
    while !request.head.ends_with("\r\n\r\n") {
        assert_ne!(reader.read_line(&mut request.head).unwrap(), 0, "the request ended early");
    }
    let length = request.header("content-length").unwrap().parse().unwrap();
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    request.body = String::from_utf8(body).unwrap();
    let answer = format!("{{\"access_token\":\"{}\",\"token_type\":\"Bearer\",\"expires_in\":3600}}", token(subject));
    write!(connection, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{answer}", answer.len()).unwrap();
    request
}

/// An unsigned token for the subject, good for an hour.
fn token(subject: &str) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let part = |text: String| BASE64_URL_SAFE_NO_PAD.encode(text);
    let claims = format!("{{\"sub\":\"{subject}\",\"iat\":{now},\"exp\":{}}}", now + 3600);
    format!("{}.{}.", part("{\"alg\":\"none\"}".to_owned()), part(claims))
}
