//! The watcher with small shell scripts in the place of servers.

use super::*;

fn spec(folder: &Path, script: &str) -> ServerSpec {
    ServerSpec {
        name: "kafka",
        command: vec!["sh".into(), "-c".into(), script.into()],
        folder: folder.to_owned(),
        log: folder.join("log"),
        remove_if_orphaned: None,
        grace: Duration::from_secs(1),
    }
}

fn is_alive(pid: u32) -> bool {
    Command::new("kill").args(["-0", &pid.to_string()]).stderr(Stdio::null()).status().unwrap().success()
}

fn eventually(condition: impl Fn() -> bool) -> bool {
    let deadline = Instant::now() + Duration::from_secs(10);
    while Instant::now() < deadline {
        if condition() {
            return true;
        }
        std::thread::sleep(POLL_INTERVAL);
    }
    false
}

fn log_says(folder: &Path, text: &str) -> bool {
    eventually(|| std::fs::read_to_string(folder.join("log")).is_ok_and(|log| log.contains(text)))
}

const POLITE: &str = "trap 'echo asked; exit 0' TERM; echo up; while true; do sleep 0.05; done";
const STUBBORN: &str = "trap '' TERM; echo up; while true; do sleep 0.05; done";

#[test]
fn a_server_that_obeys_is_asked_to_end_and_gone_after_stop() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = WatchedProcess::start(spec(folder.path(), POLITE)).unwrap();
    assert!(log_says(folder.path(), "up"));
    server.check().unwrap();
    let pid = server.pid();
    assert!(is_alive(pid));
    server.stop().unwrap();
    assert!(!is_alive(pid));
    assert!(log_says(folder.path(), "asked"));
}

#[test]
fn a_server_that_does_not_obey_is_killed_after_the_grace_time() {
    let folder = tempfile::tempdir().unwrap();
    let server = WatchedProcess::start(spec(folder.path(), STUBBORN)).unwrap();
    assert!(log_says(folder.path(), "up"));
    let pid = server.pid();
    let asked = Instant::now();
    server.stop().unwrap();
    assert!(asked.elapsed() >= Duration::from_secs(1));
    assert!(!is_alive(pid));
}

#[test]
fn a_killed_server_is_not_asked() {
    let folder = tempfile::tempdir().unwrap();
    let server = WatchedProcess::start(spec(folder.path(), POLITE)).unwrap();
    assert!(log_says(folder.path(), "up"));
    let pid = server.pid();
    server.kill().unwrap();
    assert!(!is_alive(pid));
    assert!(!std::fs::read_to_string(folder.path().join("log")).unwrap().contains("asked"));
}

#[test]
fn a_dropped_server_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let server = WatchedProcess::start(spec(folder.path(), POLITE)).unwrap();
    let pid = server.pid();
    drop(server);
    assert!(!is_alive(pid));
}

#[test]
fn a_closed_pipe_ends_the_server_and_removes_temporary_data() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let spec = ServerSpec { remove_if_orphaned: Some(data.clone()), ..spec(folder.path(), STUBBORN) };
    let mut server = WatchedProcess::start(spec).unwrap();
    let pid = server.pid();
    // What the operating system does when this process dies.
    drop(server.orders.take());
    assert!(eventually(|| !is_alive(pid)));
    assert!(eventually(|| !data.exists()));
}

#[test]
fn a_closed_pipe_asks_a_server_with_kept_data_to_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = WatchedProcess::start(spec(folder.path(), POLITE)).unwrap();
    assert!(log_says(folder.path(), "up"));
    drop(server.orders.take());
    assert!(log_says(folder.path(), "asked"));
    assert!(eventually(|| !is_alive(server.pid())));
}

#[test]
fn a_server_that_ends_by_itself_is_reported_with_its_status_and_the_end_of_this_runs_log() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("log"), "Address already in use in a former run\n").unwrap();
    let mut server = WatchedProcess::start(spec(folder.path(), "echo no such setting; exit 3")).unwrap();
    server.watcher.wait().unwrap();
    let error = server.check().unwrap_err();
    assert!(matches!(error, StackError::Ended { server: "kafka", .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains("exit status: 3"), "{text}");
    assert!(text.contains("no such setting") && !text.contains("former run"), "{text}");
}

#[test]
fn a_server_whose_port_is_taken_is_told_from_others_however_much_it_logs_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let script = "echo Address already in use; for i in $(seq 500); do echo ending $i; done; exit 1";
    let mut server = WatchedProcess::start(spec(folder.path(), script)).unwrap();
    server.watcher.wait().unwrap();
    let error = server.check().unwrap_err();
    assert!(matches!(error, StackError::Taken { server: "kafka", .. }), "{error}");
}

#[test]
fn a_program_that_does_not_exist_is_reported_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let spec = ServerSpec { command: vec!["/nonexistent/java".into()], ..spec(folder.path(), "") };
    let mut server = WatchedProcess::start(spec).unwrap();
    server.watcher.wait().unwrap();
    let error = server.check().unwrap_err();
    assert!(error.to_string().contains("/nonexistent/java"), "{error}");
    assert!(matches!(error, StackError::Ended { .. }), "{error}");
}

#[test]
fn the_end_of_a_log_is_its_last_lines() {
    assert_eq!(last_lines("a\nb\nc\n", 2), "b\nc");
    assert_eq!(last_lines("a", 2), "a");
    assert_eq!(last_lines("", 2), "");
}
