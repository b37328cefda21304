//! The deduplicator as a process on a Kafka with users and ACLs.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use lineside_cluster::{Cluster, Kafka, KafkaSettings, Wanted};
use lineside_local_stack::{LocalStack, StackOptions, StackSecurity, User};
use lineside_registry::{RegistryClient, RegistrySettings};
use lineside_topology::Environment;
use lineside_topology::canonical::DEDUPLICATED_TOPICS;

const PASSWORD: &str = "geheim";
const PATIENCE: Duration = Duration::from_mins(1);

struct Running {
    process: Child,
    http: String,
}

impl Running {
    /// Whether it has its partitions, with their stores restored.
    fn is_ready(&self) -> bool {
        let ask = || {
            let mut connection = TcpStream::connect(&self.http)?;
            connection.set_read_timeout(Some(Duration::from_secs(2)))?;
            write!(connection, "GET /health/ready HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.http)?;
            let mut answer = String::new();
            connection.read_to_string(&mut answer)?;
            std::io::Result::Ok(answer)
        };
        ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Starts it with a configuration file and a password file, as an operator would; its log goes to a file beside them.
fn start(stack: &LocalStack, folder: &Path) -> Running {
    let http = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    std::fs::write(folder.join("password"), format!("{PASSWORD}\n")).unwrap();
    let text = format!(
        "bootstrap_servers = '{}'\nschema_registry = '{}'\nsecurity_protocol = 'sasl_ssl'\nssl_ca_file = '{}'\nsasl_mechanism = 'SCRAM-SHA-512'\n\
         [deduplicator]\nsasl_username = 'deduplicator'\nsasl_password_file = '{}'\nstate_dir = '{}'\nhttp_address = '{http}'\n",
        stack.bootstrap(),
        stack.registry_url(),
        stack.certificate().unwrap().display(),
        folder.join("password").display(),
        folder.join("state").display(),
    );
    std::fs::write(folder.join("lineside.toml"), text).unwrap();
    let log = std::fs::File::create(folder.join("log")).unwrap();
    let process = Command::new(env!("CARGO_BIN_EXE_deduplicator")).arg("--config").arg(folder.join("lineside.toml")).stdout(Stdio::null()).stderr(log).spawn().unwrap();
    Running { process, http }
}

fn allow(stack: &LocalStack, rights: &[&str]) {
    stack.kafka_tool("org.apache.kafka.tools.AclCommand", &[&["--add", "--allow-principal", "User:deduplicator"], rights].concat()).unwrap();
}

#[test]
fn without_rights_it_refuses_to_start_and_says_so_and_with_its_acls_it_becomes_ready() {
    let users = vec![User { name: "deduplicator".to_owned(), password: PASSWORD.to_owned() }];
    let stack = LocalStack::start(&StackOptions { security: Some(StackSecurity { users, super_users: Vec::new() }), ..StackOptions::default() }).unwrap();
    let kafka = Kafka::new(&KafkaSettings::at(stack.internal_bootstrap())).unwrap();
    let registry = RegistryClient::new(&RegistrySettings::at(stack.registry_url())).unwrap();
    Cluster::new(kafka, registry).apply(&Wanted::of(&Environment::builtin("local").unwrap())).unwrap();
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();

    let mut refused = start(&stack, folder.path());
    let started = Instant::now();
    while refused.process.try_wait().unwrap().is_none() {
        assert!(started.elapsed() < PATIENCE, "it still runs");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(refused.process.wait().unwrap().code(), Some(1));
    let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
    assert!(log.contains("check its ACLs") && !log.contains(PASSWORD), "{log}");

    allow(&stack, &["--operation", "Read", "--topic", "normalized"]);
    let written: Vec<&str> = DEDUPLICATED_TOPICS.iter().chain(&["dead-letter.deduplicator"]).flat_map(|topic| ["--topic", topic]).collect();
    allow(&stack, &[&["--operation", "Write"], &written[..]].concat());
    allow(&stack, &["--operation", "Read", "--operation", "Write", "--topic", "deduplicator-accepted-ids-changelog"]);
    allow(&stack, &["--operation", "Read", "--group", "deduplicator"]);
    allow(&stack, &["--operation", "Write", "--operation", "Describe", "--transactional-id", "deduplicator", "--resource-pattern-type", "prefixed"]);
    let running = start(&stack, folder.path());
    let started = Instant::now();
    while !running.is_ready() {
        let log = || std::fs::read_to_string(folder.path().join("log")).unwrap();
        assert!(started.elapsed() < PATIENCE, "not ready:\n{}", log());
        std::thread::sleep(Duration::from_millis(50));
    }
    drop(running);
    stack.stop().unwrap();
}
