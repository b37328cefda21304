//! Whether a server answers, asked in its own protocol, and waiting until it does.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crate::error::StackError;
use crate::watched_process::WatchedProcess;

/// How long one question may take before it counts as unanswered.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Whether Kafka answers a metadata request with at least one broker that takes requests.
pub(crate) fn kafka_answers(port: u16) -> bool {
    broker_count(port).is_ok_and(|count| count > 0)
}

fn broker_count(port: u16) -> std::io::Result<i32> {
    // Metadata, version 1: size, API key 3, version 1, correlation id, client id (null), topics (null: all).
    const REQUEST: [u8; 18] = [0, 0, 0, 14, 0, 3, 0, 1, 0, 0, 0, 7, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    let mut connection = connect(port)?;
    connection.write_all(&REQUEST)?;
    // The answer: size, correlation id, number of brokers, and what is not read here.
    let mut answer = [0; 12];
    connection.read_exact(&mut answer)?;
    let [_, _, _, _, _, _, _, _, count @ ..] = answer;
    Ok(i32::from_be_bytes(count))
}

/// Whether the registry calls itself ready: it has read its whole journal from Kafka. Its API answers earlier, but then
/// knows only some of the schemas.
pub(crate) fn registry_answers(port: u16) -> bool {
    status_of_readiness(port).is_ok_and(|line| line.starts_with("HTTP/1.1 200"))
}

fn status_of_readiness(port: u16) -> std::io::Result<String> {
    let mut connection = connect(port)?;
    write!(connection, "GET /health/ready HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n")?;
    let mut line = [0; 12];
    connection.read_exact(&mut line)?;
    Ok(String::from_utf8_lossy(&line).into_owned())
}

fn connect(port: u16) -> std::io::Result<TcpStream> {
    let connection = TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), ANSWER_TIMEOUT)?;
    connection.set_read_timeout(Some(ANSWER_TIMEOUT))?;
    connection.set_write_timeout(Some(ANSWER_TIMEOUT))?;
    Ok(connection)
}

/// A server and the question whether it answers.
pub(crate) type Awaited<'a> = (&'a mut WatchedProcess, &'a dyn Fn() -> bool);

/// Waits until every server has answered once. A server that ends meanwhile is an error at once.
pub(crate) fn await_answers(servers: &mut [Awaited<'_>], timeout: Duration) -> Result<(), StackError> {
    let start = Instant::now();
    let mut answered = vec![false; servers.len()];
    loop {
        for ((server, answers), answered) in servers.iter_mut().zip(&mut answered) {
            server.check()?;
            *answered = *answered || answers();
        }
        let Some(silent) = answered.iter().position(|answered| !answered) else { return Ok(()) };
        if start.elapsed() > timeout {
            return Err(servers[silent].0.not_ready(timeout));
        }
        std::thread::sleep(POLL_INTERVAL);
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread::JoinHandle;

    use super::*;

    /// A server that reads one request of `request_len` bytes and gives `answer`.
    fn server(request_len: usize, answer: &'static [u8]) -> (u16, JoinHandle<Vec<u8>>) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let thread = std::thread::spawn(move || {
            let (mut connection, _) = listener.accept().unwrap();
            let mut request = vec![0; request_len];
            connection.read_exact(&mut request).unwrap();
            connection.write_all(answer).unwrap();
            request
        });
        (port, thread)
    }

    #[test]
    fn a_kafka_with_a_broker_answers_and_one_without_does_not_yet() {
        let (port, thread) = server(18, &[0, 0, 0, 8, 0, 0, 0, 7, 0, 0, 0, 1]);
        assert!(kafka_answers(port));
        assert_eq!(thread.join().unwrap()[..8], [0, 0, 0, 14, 0, 3, 0, 1]);

        let (port, thread) = server(18, &[0, 0, 0, 8, 0, 0, 0, 7, 0, 0, 0, 0]);
        assert!(!kafka_answers(port));
        thread.join().unwrap();
    }

    #[test]
    fn a_registry_that_is_still_loading_does_not_answer_yet() {
        let (port, thread) = server(20, b"HTTP/1.1 200 OK\r\n\r\n[]");
        assert!(registry_answers(port));
        assert!(thread.join().unwrap().starts_with(b"GET /health/ready"));

        let (port, thread) = server(20, b"HTTP/1.1 503 Service Unavailable\r\n\r\n");
        assert!(!registry_answers(port));
        thread.join().unwrap();
    }

    #[test]
    fn nothing_answers_on_a_free_port() {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        assert!(!kafka_answers(port));
        assert!(!registry_answers(port));
    }
}
