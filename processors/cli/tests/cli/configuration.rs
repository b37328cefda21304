//! Where `lineside run` and `lineside topology` take their settings from, and what they say of them.

use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

const RUN: &[&str] = &["run"];
const PLAN: &[&str] = &["topology", "plan"];
const APPLY: &[&str] = &["topology", "apply"];

/// One file for every process of an installation.
const SHARED: &str = "\
bootstrap_servers = 'kafka:9093'
security_protocol = 'sasl_ssl'
sasl_mechanism = 'SCRAM-SHA-512'
batch_records = 500
session_timeout_ms = 3000

[deduplicator]
window_days = 20
state_dir = '/var/lib/deduplicator'
sasl_username = 'deduplicator'
[deduplicator.properties]
'client.rack' = 'a'

[run]
sasl_username = 'lineside'
state_dir = '/var/lib/lineside'

[topology]
sasl_username = 'lineside-operator'
wait = 40

[properties]
'socket.timeout.ms' = 7000
";

struct Site {
    folder: TempDir,
}

impl Site {
    fn holding(text: &str) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        std::fs::write(folder.path().join("lineside.toml"), text).unwrap();
        std::fs::write(folder.path().join("password"), "geheim\n").unwrap();
        Self { folder }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    fn lineside(&self, command: &[&str], flags: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_lineside"))
            .args(command)
            .args(flags)
            .env_clear()
            .env("LINESIDE_CONFIG", self.path("lineside.toml"))
            .env("LINESIDE_SASL_PASSWORD_FILE", self.path("password"))
            .output()
            .unwrap()
    }

    /// What `--print-config` says.
    fn printed(&self, command: &[&str], flags: &[&str]) -> String {
        let output = self.lineside(command, &[&["--print-config"], flags].concat());
        let (shown, said) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert!(output.status.success(), "{said}");
        assert!(!shown.contains("geheim") && said.is_empty(), "{shown}{said}");
        shown.replace(&self.path("lineside.toml").display().to_string(), "FILE")
    }

    /// The code and what is said to standard error, when it does not run.
    fn refused(&self, command: &[&str], flags: &[&str]) -> (Option<i32>, String) {
        let output = self.lineside(command, flags);
        assert!(output.stdout.is_empty(), "{output:?}");
        (output.status.code(), String::from_utf8(output.stderr).unwrap().replace(&self.path("lineside.toml").display().to_string(), "FILE"))
    }
}

/// `key = value` of what was printed, and its origin.
fn setting<'a>(shown: &'a str, key: &str) -> (&'a str, &'a str) {
    let line = shown.lines().find(|line| line.starts_with(&format!("{key} = "))).unwrap_or_else(|| panic!("{key} is not in\n{shown}"));
    let (setting, origin) = line.split_once("  # ").unwrap();
    (setting.split_once(" = ").unwrap().1.trim_end(), origin)
}

#[test]
fn run_takes_the_file_the_environment_and_flags_with_every_processors_own_settings() {
    let shown = Site::holding(SHARED).printed(RUN, &["normalizer", "deduplicator", "--max-depth", "9"]);
    assert_eq!(setting(&shown, "window_days"), ("20", "FILE:8"));
    assert_eq!(setting(&shown, "max_depth"), ("9", "flag --max-depth"));
    assert_eq!(setting(&shown, "batch_records"), ("500", "FILE:4"));
    assert_eq!(setting(&shown, "max_clock_skew_minutes"), ("60", "default"));
    assert_eq!(setting(&shown, "\"socket.timeout.ms\""), ("\"7000\"", "FILE:23"));
    assert!(shown.lines().any(|line| line.starts_with("# sasl_password = ***") && line.contains("# file ")), "{shown}");
}

#[test]
fn the_process_is_what_the_table_run_says_and_a_hosted_processors_table_gives_only_what_is_the_processors() {
    let shown = Site::holding(SHARED).printed(RUN, &[]);
    assert_eq!(setting(&shown, "sasl_username"), ("\"lineside\"", "FILE:15"));
    assert_eq!(setting(&shown, "state_dir"), ("\"/var/lib/lineside\"", "FILE:16"));
    // And it says so, rather than leave it out silently.
    for (key, line) in [("state_dir", 9), ("sasl_username", 10), ("properties", 11)] {
        let expected = format!("# deduplicator.{key}: not in force");
        assert!(
            shown.lines().any(|shown| shown.starts_with(&expected) && shown.ends_with(&format!("FILE:{line}, for the processor's own binary"))),
            "{expected}\n{shown}"
        );
    }
    assert!(!shown.contains("client.rack"), "{shown}");
}

#[test]
fn what_run_prints_can_be_read_again() {
    let shown = Site::holding(SHARED).printed(RUN, &["--window-days", "21"]);
    let again = Site::holding(&shown).printed(RUN, &[]);
    for key in ["window_days", "sasl_username", "batch_records", "max_depth", "session_timeout_ms", "\"socket.timeout.ms\""] {
        assert_eq!(setting(&again, key).0, setting(&shown, key).0);
    }
}

#[test]
fn run_refuses_unknown_keys_with_the_nearest_name_and_exits_as_the_processors_do() {
    let site = Site::holding("batch_record = 5\n[run]\nmax_dept = 3\nwait = 5\n[deduplicator]\nwindow_day = 4\n[normalizer]\nwindow_days = 3\nmax_depth = 'deep'\n");
    let (code, said) = site.refused(RUN, &["normalizer"]);
    assert_eq!(code, Some(2), "{said}");
    for expected in [
        "FILE:1: unknown key batch_record; did you mean batch_records?",
        "FILE:3: unknown key max_dept; did you mean max_depth?",
        "FILE:4: unknown key wait",
        "FILE:6: unknown key window_day; did you mean window_days?",
        "FILE:8: unknown key window_days",
        "FILE:9: max_depth: invalid value 'deep'",
    ] {
        assert!(said.contains(expected), "{expected} is not in\n{said}");
    }
    let (code, said) = Site::holding("").refused(RUN, &["--window-day", "4"]);
    assert!(code == Some(2) && said.contains("--window-days"), "{said}");
    let (code, said) = Site::holding("").refused(RUN, &["normaliser"]);
    assert!(code == Some(2) && said.contains("normalizer"), "{said}");
}

#[test]
fn topology_takes_the_same_file_and_who_it_is_from_its_own_table() {
    for command in [PLAN, APPLY] {
        let shown = Site::holding(SHARED).printed(command, &["--environment", "production"]);
        assert_eq!(setting(&shown, "sasl_username"), ("\"lineside-operator\"", "FILE:19"));
        assert_eq!(setting(&shown, "bootstrap_servers"), ("\"kafka:9093\"", "FILE:1"));
        assert_eq!(setting(&shown, "wait"), ("40", "FILE:20"));
        assert_eq!(setting(&shown, "environment"), ("\"production\"", "flag --environment"));
        assert_eq!(setting(&shown, "\"socket.timeout.ms\""), ("\"7000\"", "FILE:23"));
        assert!(!shown.contains("batch_records") && shown.contains("# sasl_password = ***"), "{shown}");
    }
}

#[test]
fn dead_letters_have_a_table_of_their_own_with_and_without_the_commands_name() {
    let file = format!("{SHARED}[dead-letters]\nsasl_username = 'lineside-reader'\nlimit = 7\n");
    for command in [&["dead-letters"][..], &["dead-letters", "list"]] {
        let shown = Site::holding(&file).printed(command, &["--class", "partner"]);
        assert_eq!(setting(&shown, "sasl_username"), ("\"lineside-reader\"", "FILE:25"));
        assert_eq!(setting(&shown, "limit"), ("7", "FILE:26"));
        assert_eq!(setting(&shown, "class"), ("\"partner\"", "flag --class"));
    }
    let (code, said) = Site::holding("[dead-letters]\nlimt = 7\n").refused(&["dead-letters"], &[]);
    assert!(code == Some(1) && said.contains("FILE:2: unknown key limt; did you mean limit?"), "{said}");
}

#[test]
fn topology_judges_what_processors_read_too_and_exits_with_1_for_2_means_differences() {
    let site = Site::holding("batch_record = 5\nbatch_bytes = 'many'\n[topology]\nbatch_records = 5\nwiat = 1\n[deduplicator]\nnonsense = 1\n");
    let (code, said) = site.refused(PLAN, &[]);
    assert_eq!(code, Some(1), "{said}");
    for expected in [
        "FILE:1: unknown key batch_record; did you mean batch_records?",
        "FILE:2: batch_bytes: invalid value 'many'",
        "FILE:4: unknown key batch_records",
        "FILE:5: unknown key wiat; did you mean wait?",
    ] {
        assert!(said.contains(expected), "{expected} is not in\n{said}");
    }
    assert!(!said.contains("nonsense"), "tables of processors are left to them: {said}");
}

/// Every user of a machine can read command lines, and a shell keeps them.
#[test]
fn no_command_takes_a_password_on_its_command_line_or_from_the_file() {
    for (command, code) in [(RUN, 2), (PLAN, 1), (APPLY, 1), (&["dead-letters"][..], 1)] {
        for flags in [["--property", "sasl.password=offen"], ["--sasl-password", "offen"], ["--schema-registry", "http://me:offen@127.0.0.1"]] {
            let (seen, said) = Site::holding("").refused(command, &flags);
            assert_eq!(seen, Some(code), "{said}");
            assert!(!said.contains("=offen") && !said.contains("me:offen"), "{said}");
        }
        let (seen, said) = Site::holding("sasl_password = 'offen'\n").refused(command, &[]);
        assert!(seen == Some(code) && said.contains("LINESIDE_SASL_PASSWORD") && !said.contains("offen"), "{said}");
    }
}

#[test]
fn what_a_mechanism_lacks_is_said_before_any_broker_is_asked() {
    let (code, said) = Site::holding("").refused(APPLY, &["--security-protocol", "sasl_ssl", "--sasl-mechanism", "SCRAM-SHA-512"]);
    assert!(code == Some(1) && said.contains("sasl_username"), "{said}");
}
