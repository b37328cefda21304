//! The real servers: started, used, restarted, ended, and gone whichever way their parent ends.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use lineside_local_stack::{DataFolder, LocalStack, SharedRegistry, StackError, StackOptions};

const SCHEMA: &str = r#"{"schema":"{\"type\":\"record\",\"name\":\"Part\",\"fields\":[{\"name\":\"id\",\"type\":\"string\"}]}"}"#;

#[test]
fn a_temporary_stack_answers_survives_faults_and_leaves_nothing() {
    let mut stack = LocalStack::start(&StackOptions::default()).unwrap();
    let data = stack.log_dir().parent().unwrap().to_owned();
    assert!(data.components().any(|part| part.as_os_str() == "local-stack"), "{}", data.display());

    TcpStream::connect(stack.bootstrap()).unwrap();
    assert_eq!(get(&stack, "/subjects"), (200, "[]".to_owned()));
    assert_eq!(post(&stack, "/subjects/part-value/versions", SCHEMA).0, 200);

    // Kafka goes and comes back, in order and by a kill; the address and the schema stay.
    let bootstrap = stack.bootstrap().to_owned();
    let first = stack.kafka_pid().unwrap();
    stack.restart_kafka().unwrap();
    let second = stack.kafka_pid().unwrap();
    assert_ne!(first, second);
    assert!(!is_alive(first));
    stack.kill_kafka().unwrap();
    assert_eq!(stack.kafka_pid(), None);
    assert!(!is_alive(second));
    assert!(TcpStream::connect(&bootstrap).is_err());
    stack.start_kafka().unwrap();
    assert_eq!(stack.bootstrap(), bootstrap);
    TcpStream::connect(&bootstrap).unwrap();

    // A restarted registry knows the schema from Kafka alone.
    stack.stop_registry().unwrap();
    assert_eq!(stack.registry_pid(), None);
    stack.start_registry().unwrap();
    assert_eq!(get(&stack, "/subjects"), (200, r#"["part-value"]"#.to_owned()));
    stack.check().unwrap();

    let pids = [stack.kafka_pid().unwrap(), stack.registry_pid().unwrap()];
    assert!(pids.into_iter().all(is_alive));
    stack.stop().unwrap();
    assert!(!pids.into_iter().any(is_alive));
    assert!(!data.exists());
}

#[test]
fn a_registry_that_is_given_to_a_stack_outlives_it_with_its_schemas() {
    let registry = SharedRegistry::start().unwrap();
    let stack = LocalStack::start(&StackOptions { registry: Some(registry.url().to_owned()), ..StackOptions::default() }).unwrap();
    assert_eq!((stack.registry_url(), stack.registry_pid()), (registry.url(), None));
    TcpStream::connect(stack.bootstrap()).unwrap();
    assert_eq!(post(&stack, "/subjects/part-value/versions", SCHEMA).0, 200);
    stack.stop().unwrap();
    assert_eq!(request(registry.url(), "GET", "/subjects", ""), (200, r#"["part-value"]"#.to_owned()));
    let address = registry.url().strip_prefix("http://").unwrap().split_once('/').unwrap().0.to_owned();
    drop(registry);
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn a_named_folder_keeps_schemas_and_ports_and_serves_one_stack_at_a_time() {
    let folder = temporary_folder();
    let options = StackOptions::kept_in(folder.path().join("data"));
    let stack = LocalStack::start(&options).unwrap();
    assert_eq!(post(&stack, "/subjects/part-value/versions", SCHEMA).0, 200);
    let addresses = (stack.bootstrap().to_owned(), stack.registry_url().to_owned());

    assert!(matches!(LocalStack::start(&options), Err(StackError::DataInUse { .. })));
    drop(stack);

    let stack = LocalStack::start(&options).unwrap();
    assert_eq!((stack.bootstrap().to_owned(), stack.registry_url().to_owned()), addresses);
    assert_eq!(get(&stack, "/subjects/part-value/versions").1, "[1]");
    stack.stop().unwrap();
    assert!(folder.path().join("data").join("kafka").join("meta.properties").is_file());
}

#[test]
fn servers_and_temporary_data_go_when_their_parent_is_killed() {
    let mut parent = Parent::up();
    let pids = server_pids(parent.id());
    assert_eq!(pids.len(), 2, "{pids:?}");
    let data = parent.folder.clone();
    assert!(data.is_dir());

    assert_eq!(parent.child.try_wait().unwrap(), None, "the parent ended before it was killed");
    parent.child.kill().unwrap();
    parent.child.wait().unwrap();
    assert!(eventually(|| !pids.iter().copied().any(is_alive)), "one of {pids:?} outlived its parent");
    assert!(eventually(|| !data.exists()), "{} was left behind", data.display());
}

#[test]
fn sigterm_ends_the_command_in_order() {
    let mut parent = Parent::up();
    let pids = server_pids(parent.id());
    assert_eq!(pids.len(), 2, "{pids:?}");
    assert!(Command::new("kill").args(["-TERM", &parent.id().to_string()]).status().unwrap().success());
    assert!(parent.child.wait().unwrap().success());
    assert!(!pids.iter().copied().any(is_alive));
    assert!(!parent.folder.exists());
}

#[test]
fn a_server_that_cannot_come_up_is_reported_with_the_end_of_its_log() {
    // Less heap than Kafka can load its classes in.
    let options = StackOptions { kafka_heap_mib: 4, ..StackOptions::default() };
    let error = LocalStack::start(&options).unwrap_err();
    assert!(matches!(error, StackError::Ended { server: "kafka", .. } | StackError::Format { .. }), "{error}");
    assert!(error.to_string().contains("OutOfMemoryError"), "{error}");
}

#[test]
fn a_temporary_folder_can_be_kept_for_a_look_at_its_logs() {
    let options = StackOptions { data: DataFolder::Temporary { keep: true }, ..StackOptions::default() };
    let stack = LocalStack::start(&options).unwrap();
    let logs = stack.log_dir();
    stack.stop().unwrap();
    for (log, said) in [("kafka.log", "Kafka Server started"), ("registry.log", "KafkaSQL storage bootstrapped")] {
        assert!(std::fs::read_to_string(logs.join(log)).unwrap().contains(said), "{log}");
    }
    std::fs::remove_dir_all(logs.parent().unwrap()).unwrap();
}

/// The `local-stack up` command, running.
struct Parent {
    child: std::process::Child,
    /// Held open, as a terminal would.
    _output: BufReader<ChildStdout>,
    /// The folder of its data.
    folder: PathBuf,
}

impl Parent {
    /// Starts the command and reads what it prints, up to the folder of its logs.
    fn up() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_local-stack")).arg("up").stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let logs = output.by_ref().lines().map(Result::unwrap).find_map(|line| line.strip_prefix("Logs").map(|path| PathBuf::from(path.trim())));
        Self { child, _output: output, folder: logs.unwrap().parent().unwrap().to_owned() }
    }

    fn id(&self) -> u32 {
        self.child.id()
    }
}

/// The Java processes two levels below `parent`: it runs watchers, and those run the servers.
fn server_pids(parent: u32) -> Vec<u32> {
    let table = Command::new("ps").args(["-A", "-o", "pid=,ppid=,comm="]).output().unwrap();
    let table = String::from_utf8(table.stdout).unwrap();
    let rows: Vec<(u32, u32, &str)> = table
        .lines()
        .filter_map(|line| {
            let mut columns = line.split_whitespace();
            Some((columns.next()?.parse().ok()?, columns.next()?.parse().ok()?, columns.next()?))
        })
        .collect();
    let watchers: Vec<u32> = rows.iter().filter(|row| row.1 == parent).map(|row| row.0).collect();
    rows.iter().filter(|row| watchers.contains(&row.1) && row.2.ends_with("java")).map(|row| row.0).collect()
}

fn temporary_folder() -> tempfile::TempDir {
    tempfile::tempdir_in(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap()
}

fn is_alive(pid: u32) -> bool {
    Command::new("kill").args(["-0", &pid.to_string()]).stderr(Stdio::null()).status().unwrap().success()
}

fn eventually(condition: impl Fn() -> bool) -> bool {
    let deadline = Instant::now() + Duration::from_secs(20);
    while Instant::now() < deadline {
        if condition() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    false
}

fn get(stack: &LocalStack, path: &str) -> (u16, String) {
    request(stack.registry_url(), "GET", path, "")
}

fn post(stack: &LocalStack, path: &str, body: &str) -> (u16, String) {
    request(stack.registry_url(), "POST", path, body)
}

/// Status and body of one request to the registry, by HTTP/1.0 so that the body is not sent in chunks.
fn request(url: &str, method: &str, path: &str, body: &str) -> (u16, String) {
    let (address, base) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut connection = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(connection, "{method} /{base}{path} HTTP/1.0\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}").unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split_whitespace().nth(1).unwrap().parse().unwrap(), body.to_owned())
}
