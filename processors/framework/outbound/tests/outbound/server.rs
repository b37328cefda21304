//! A server that answers each request as a function says, byte for byte.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// What is answered.
#[derive(Debug, Clone)]
pub enum Answer {
    /// These bytes, then the connection is closed.
    Raw(&'static str),
    /// A whole answer; the connection stays.
    Whole(String),
    /// Nothing: the connection is closed.
    Close,
    /// Nothing: the connection stays.
    Never,
}

impl Answer {
    pub fn text(status: u16, headers: &[&str], body: &str) -> Self {
        let headers: Vec<&str> = headers.iter().flat_map(|header| ["\r\n", *header]).collect();
        Self::Whole(format!("HTTP/1.1 {status} X\r\nContent-Length: {}{}\r\n\r\n{body}", body.len(), headers.concat()))
    }
}

/// A request.
#[derive(Debug)]
pub struct Request {
    head: Vec<String>,
    body: String,
    /// Its number among all, from 1.
    pub number: usize,
}

impl Request {
    pub fn line(&self) -> &str {
        &self.head[0]
    }

    pub fn path(&self) -> &str {
        self.line().split(' ').nth(1).unwrap().split('?').next().unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head[1..].iter().filter_map(|line| line.split_once(": ")).find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub fn body(&self) -> &str {
        &self.body
    }
}

/// Serves until the test ends.
pub struct Server {
    address: SocketAddr,
    paths: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub fn start(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let paths = Arc::new(Mutex::new(Vec::new()));
        let (seen, answer, number) = (Arc::clone(&paths), Arc::new(answer), Arc::new(AtomicUsize::new(0)));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (seen, answer, number) = (Arc::clone(&seen), Arc::clone(&answer), Arc::clone(&number));
                std::thread::spawn(move || serve(&stream.unwrap(), &seen, &*answer, &number));
            }
        });
        Self { address, paths }
    }

    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Requests for that path.
    pub fn count(&self, path: &str) -> usize {
        self.paths.lock().unwrap().iter().filter(|seen| *seen == path).count()
    }
}

fn serve(stream: &TcpStream, seen: &Mutex<Vec<String>>, answer: &dyn Fn(&Request) -> Answer, number: &AtomicUsize) {
    let mut reader = BufReader::new(stream);
    loop {
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            match line.trim_end() {
                "" => break,
                line => head.push(line.to_owned()),
            }
        }
        let mut request = Request { head, body: String::new(), number: number.fetch_add(1, Ordering::SeqCst) + 1 };
        let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        request.body = String::from_utf8(body).unwrap();
        seen.lock().unwrap().push(request.path().to_owned());
        let mut out = stream;
        match answer(&request) {
            Answer::Whole(text) => out.write_all(text.as_bytes()).unwrap(),
            Answer::Raw(text) => return out.write_all(text.as_bytes()).unwrap(),
            Answer::Close => return,
            Answer::Never => std::thread::sleep(std::time::Duration::from_mins(1)),
        }
    }
}
