//! The binary's configuration: flags, environment, file, and what it says of them.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use std::process::{Command, Output};

fn deduplicator(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_deduplicator")).args(arguments).env_clear().envs(variables.iter().copied()).output().unwrap()
}

fn line_of<'a>(shown: &'a str, key: &str) -> &'a str {
    shown.lines().find(|line| line.starts_with(&format!("{key} = "))).unwrap_or_else(|| panic!("{key} is not in\n{shown}"))
}

#[test]
fn a_flag_wins_over_a_variable_and_that_over_the_file_and_each_origin_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let (file, secret) = (folder.path().join("lineside.toml"), folder.path().join("password"));
    std::fs::write(&file, "batch_records = 1\nbatch_bytes = 2\nsession_timeout_ms = 3\n[deduplicator]\nwindow_days = 4\n").unwrap();
    std::fs::write(&secret, "geheim\n").unwrap();
    let variables = [
        ("LINESIDE_CONFIG", file.to_str().unwrap()),
        ("LINESIDE_BATCH_RECORDS", "10"),
        ("LINESIDE_BATCH_BYTES", "20"),
        ("LINESIDE_SCHEMA_REGISTRY_USER", "me"),
        ("LINESIDE_SCHEMA_REGISTRY_PASSWORD_FILE", secret.to_str().unwrap()),
    ];
    let answer = deduplicator(&["--batch-records", "100", "--print-config"], &variables);
    assert!(answer.status.success(), "{answer:?}");
    let shown = String::from_utf8(answer.stdout).unwrap();
    let at = |line| format!("# {}:{line}", file.display());
    for (key, value, origin) in [
        ("batch_records", "100", "# flag --batch-records".to_owned()),
        ("batch_bytes", "20", "# environment LINESIDE_BATCH_BYTES".to_owned()),
        ("session_timeout_ms", "3", at(3)),
        ("window_days", "4", at(5)),
        ("commit_interval_ms", "20", "# default".to_owned()),
    ] {
        let line = line_of(&shown, key);
        assert!(line.starts_with(&format!("{key} = {value} ")) && line.ends_with(&origin), "{line}");
    }
    assert!(shown.contains("# schema_registry_password = ***") && !shown.contains("geheim"), "{shown}");
}

#[test]
fn a_wrong_file_ends_the_process_with_code_2_and_file_line_and_nearest_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lineside.toml");
    std::fs::write(&file, "\nwindow_day = 4\n").unwrap();
    let answer = deduplicator(&["--config", file.to_str().unwrap()], &[]);
    assert_eq!(answer.status.code(), Some(2));
    let said = String::from_utf8(answer.stderr).unwrap();
    assert_eq!(said, format!("error: {}:2: unknown key window_day; did you mean window_days?\n", file.display()));
}

#[test]
fn help_is_no_error_and_an_unknown_flag_is_one_with_the_nearest_name() {
    assert!(deduplicator(&["--help"], &[]).status.success());
    let answer = deduplicator(&["--window-day", "4"], &[]);
    assert_eq!(answer.status.code(), Some(2));
    assert!(String::from_utf8(answer.stderr).unwrap().contains("--window-days"));
}
