//! What `/health` says of a stream thread on a real Kafka, asked over HTTP.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::bench::{Bench, Running, close_gate};
use lineside_runtime::health::{Health, Patience};
use lineside_runtime::http::router;
use rdkafka::producer::Producer as _;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

/// What is waited for comes within this time.
const TIMEOUT: Duration = Duration::from_mins(1);
/// Shorter than in a process, so that the test need not wait for half a minute.
const PATIENCE: Duration = Duration::from_secs(2);

/// Serves the health of a stream thread.
struct Served {
    runtime: Runtime,
    address: SocketAddr,
}

impl Served {
    fn of(running: &Running) -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let patience = Patience { inside: PATIENCE, ..Patience::default() };
        let health = Health { metrics: running.metrics.clone(), pulses: vec![Arc::clone(&running.pulse)], patience };
        runtime.spawn(async move { axum::serve(listener, router(health)).await });
        Self { runtime, address }
    }

    /// Status and body.
    fn get(&self, path: &str) -> (u16, Value) {
        let answer = self.runtime.block_on(async {
            let mut stream = TcpStream::connect(self.address).await.unwrap();
            stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            answer
        });
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("application/json"), "{head}");
        (head.split(' ').nth(1).unwrap().parse().unwrap(), serde_json::from_str(body).unwrap())
    }

    /// Waits for a status; gives the body that came with it.
    fn await_status(&self, path: &str, status: u16) -> Value {
        let started = Instant::now();
        loop {
            match self.get(path) {
                (seen, body) if seen == status => return body,
                (_, body) => assert!(started.elapsed() < TIMEOUT, "{path} is still: {body:#}"),
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

#[test]
fn a_thread_blocked_in_a_processor_is_not_live_and_is_named() {
    let bench = Bench::start();
    let state = bench.state_dir();
    let copier = bench.copier(state.path());
    let served = Served::of(&copier);
    served.await_status("/health/ready", 200);
    assert_eq!(served.get("/health/live").0, 200);
    let gate = close_gate();
    bench.send("block", 0);
    let body = served.await_status("/health/live", 503);
    let thread = &body["threads"][0];
    assert_eq!(
        (&body["live"], &thread["thread"], &thread["live"], &thread["doing"], &thread["processor"]),
        (&json!(false), &json!("stream-0"), &json!(false), &json!("running"), &json!("copier"))
    );
    assert!(thread["silent_seconds"].as_u64().unwrap() >= PATIENCE.as_secs(), "{body:#}");
    drop(gate);
    let body = served.await_status("/health/live", 200);
    assert_eq!(body["threads"][0].get("processor"), None, "{body:#}");
    copier.stop();
}

/// Somebody's open transaction in a changelog holds its stable end back, so that the restore cannot end.
#[test]
fn readiness_waits_for_the_restore_and_says_which_store_how_far() {
    let bench = Bench::start();
    let state = bench.state_dir();
    let copier = bench.copier(state.path());
    bench.feed(0..300, |_| ());
    bench.await_output(300);
    copier.stop();

    let outsider = bench.open_transaction(1);
    let emptied = bench.state_dir();
    let copier = bench.copier(emptied.path());
    let served = Served::of(&copier);
    let started = Instant::now();
    let restoring = loop {
        let (status, body) = served.get("/health/ready");
        assert_eq!(status, 503, "{body:#}");
        if body["threads"][0]["processors"][0]["restoring"][0]["store"] == "seen" {
            break body;
        }
        assert!(started.elapsed() < TIMEOUT, "{body:#}");
        std::thread::sleep(Duration::from_millis(20));
    };
    let thread = &restoring["threads"][0];
    assert_eq!((&thread["thread"], &thread["ready"], &thread["doing"]), (&json!("stream-0"), &json!(false), &json!("restoring")));
    let processor = &thread["processors"][0];
    assert_eq!((&processor["processor"], &processor["joined"]), (&json!("copier"), &json!(true)));
    assert!(processor["restoring"][0]["remaining_records"].as_u64().unwrap() > 0);
    assert_eq!(served.get("/health/live").0, 200, "a wait for others is no reason to be killed");

    #[expect(clippy::disallowed_methods, reason = "nothing is in doubt here: the outsider's transaction is to end now, not at its timeout")]
    outsider.abort_transaction(TIMEOUT).unwrap();
    let ready = served.await_status("/health/ready", 200);
    let processor = &ready["threads"][0]["processors"][0];
    assert_eq!((&processor["assigned_partitions"], &processor["restoring"]), (&json!(3), &json!([])));
    assert!(copier.restored() > 0);
    copier.stop();
}
