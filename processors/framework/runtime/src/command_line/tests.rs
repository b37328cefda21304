use lineside_api::Erased;
use lineside_topology::ProcessorSpec;
use lineside_topology::processors::DEDUPLICATOR;

use super::*;
use crate::StartError;

/// A processor with a setting of its own.
#[derive(Debug, Clone, clap::Args)]
struct Windowed {
    /// Days.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=100))]
    window_days: u32,
}

impl Application for Windowed {
    const SPEC: &'static ProcessorSpec = &DEDUPLICATOR;

    fn processor(&self) -> Result<Box<dyn Erased>, StartError> {
        Err(StartError("not made in these tests".to_owned()))
    }
}

/// A configuration in a folder that ends with it.
struct Config {
    folder: tempfile::TempDir,
}

impl Config {
    fn holding(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("lineside.toml"), text).unwrap();
        Self { folder }
    }

    fn path(&self) -> String {
        self.folder.path().join("lineside.toml").display().to_string()
    }

    fn read(&self, flags: &[&str]) -> Result<Asked<Line<Windowed>>, CommandLineError> {
        read_with(&[&["--config", &self.path()], flags].concat(), &[])
    }

    fn run(&self, flags: &[&str]) -> Line<Windowed> {
        run(self.read(flags))
    }

    /// What is wrong with it, without the path.
    fn problems(&self) -> String {
        match self.read(&[]) {
            Err(CommandLineError::File(problems)) => problems.join("\n").replace(&self.path(), "FILE"),
            other => panic!("not refused: {other:?}"),
        }
    }
}

fn read_with(flags: &[&str], variables: &[(&str, &str)]) -> Result<Asked<Line<Windowed>>, CommandLineError> {
    let arguments = ["deduplicator"].iter().chain(flags).map(OsString::from);
    read(arguments, |name| variables.iter().find(|(variable, _)| *variable == name).map(|(_, value)| (*value).to_owned()))
}

fn run(asked: Result<Asked<Line<Windowed>>, CommandLineError>) -> Line<Windowed> {
    match asked {
        Ok(Asked::Run(line)) => *line,
        other => panic!("not to be run: {other:?}"),
    }
}

fn printed(asked: Result<Asked<Line<Windowed>>, CommandLineError>) -> String {
    match asked {
        Ok(Asked::Print(text)) => text,
        other => panic!("not printed: {other:?}"),
    }
}

#[test]
fn a_file_sets_what_flags_do_not_and_all_else_keeps_its_default() {
    let config = Config::holding("window_days = 10\nbatch_records = 0x10\nstate_dir = \"/var/lib/lineside\"\ncommit_interval_ms = 1_000\n");
    let line = config.run(&["--window-days", "20"]);
    assert_eq!(line.application.window_days, 20);
    assert_eq!((line.settings.batch_records, line.settings.commit_interval_ms), (16, 1_000));
    assert_eq!(line.settings.state_dir, PathBuf::from("/var/lib/lineside"));
    assert_eq!(line.settings.connection.bootstrap_servers, "127.0.0.1:9092");
}

#[test]
fn the_table_of_the_processor_wins_and_tables_of_others_are_left_to_them() {
    let config = Config::holding("window_days = 10\nbatch_bytes = 5\n[deduplicator]\nwindow_days = 11\n[normalizer]\nmax_depth = 3\n");
    let line = config.run(&[]);
    assert_eq!((line.application.window_days, line.settings.batch_bytes), (11, 5));
}

#[test]
fn every_wrong_key_and_value_is_named_with_its_line_and_the_nearest_right_name() {
    let config = Config::holding("window_day = 10\nbatch_records = 0\n\nstate-dir = \"x\"\nzzz = 1\nhttp_address = [1]\nwindow_days = \"x\"\n[deduplicatr]\n");
    let problems = config.problems();
    for expected in [
        "FILE:1: unknown key window_day; did you mean window_days?",
        "FILE:2: batch_records: invalid value '0' for '--batch-records <BATCH_RECORDS>': 0 is not in 1..=1000000",
        "FILE:4: unknown key state-dir; did you mean state_dir?",
        "FILE:5: unknown key zzz; --help lists the settings",
        "FILE:6: http_address: must be a text, a number, or true or false",
        "FILE:7: window_days: invalid value 'x' for",
        "FILE:8: unknown key deduplicatr; did you mean deduplicator?",
    ] {
        assert!(problems.contains(expected), "{expected} is not in\n{problems}");
    }
    assert_eq!(problems.lines().count(), 7);
}

#[test]
fn a_file_that_is_not_toml_or_not_there_is_an_error_with_its_place() {
    assert!(Config::holding("window_days = 1\nwindow_days = 2\n").problems().starts_with("FILE:2: "));
    assert!(Config::holding("\n\nx = = 1\n").problems().starts_with("FILE:3: "));
    let error = read_with(&["--config", "/nowhere/lineside.toml"], &[]).unwrap_err();
    assert!(error.to_string().contains("/nowhere/lineside.toml"), "{error}");
}

#[test]
fn properties_are_a_table_in_the_file_and_a_flag_wins_over_the_same_one() {
    let config = Config::holding("[properties]\n\"linger.ms\" = 5\n\"client.rack\" = \"a\"\n[deduplicator.properties]\n\"socket.timeout.ms\" = 7000\n");
    let mut properties = config.run(&["--property", "linger.ms=6"]).settings.connection.properties;
    properties.sort();
    let expected = [("client.rack", "a"), ("linger.ms", "6"), ("socket.timeout.ms", "7000")];
    assert_eq!(properties, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
}

#[test]
fn properties_that_exactly_once_rests_on_are_refused_from_file_and_flag_with_the_reason() {
    let config = Config::holding("[properties]\n\n\"isolation.level\" = \"read_uncommitted\"\n\"lingr.ms\" = 5\nlinger.ms = 5\n");
    assert_eq!(
        config.problems(),
        "FILE:3: isolation.level cannot be changed: records of aborted transactions would be booked\n\
         FILE:4: librdkafka has no property lingr.ms; did you mean linger.ms?\n\
         FILE:5: a property's name has dots, so it is written in quotes: \"linger...\" = ..."
    );
    let error = read_with(&["--property", "enable.auto.commit=true"], &[]).unwrap_err();
    assert_eq!(error.to_string(), "enable.auto.commit cannot be changed: offsets are committed in the transaction alone");
}

#[test]
fn a_secret_is_taken_neither_from_a_flag_nor_from_the_file_and_never_repeated() {
    let config = Config::holding("sasl_password = \"geheim\"\n");
    assert_eq!(config.problems(), "FILE:1: sasl_password is a secret, which this file does not hold: set LINESIDE_SASL_PASSWORD or name a file with sasl_password_file");
    for flags in [
        ["--property", "sasl.password=geheim"],
        ["--property", "ssl.keystore.password=geheim"],
        ["--schema-registry", "http://me:geheim@127.0.0.1"],
        ["--oidc-token-endpoint", "http://me:geheim@127.0.0.1"],
    ] {
        let error = read_with(&flags, &[]).unwrap_err().to_string();
        assert!(!error.contains("geheim"), "{error}");
    }
}

const SCRAM: [&str; 6] = ["--security-protocol", "SASL_SSL", "--sasl-mechanism", "Scram-Sha-512", "--sasl-username", "deduplicator"];
const PASSWORD: (&str, &str) = ("LINESIDE_SASL_PASSWORD", "geheim");

#[test]
fn what_a_mechanism_needs_must_be_there_and_what_nobody_uses_must_not() {
    assert!(read_with(&SCRAM, &[]).unwrap_err().to_string().contains("LINESIDE_SASL_PASSWORD"));
    let line = run(read_with(&SCRAM, &[PASSWORD]));
    let config = crate::clients::transactional_producer(&line.settings, "id");
    assert_eq!((config.get("sasl.password"), config.get("security.protocol"), config.get("sasl.mechanism")), (Some("geheim"), Some("sasl_ssl"), Some("SCRAM-SHA-512")));
    for (flags, expected) in [
        (&["--security-protocol", "sasl_ssl"] as &[_], "sasl_mechanism must be given"),
        (&["--sasl-mechanism", "PLAIN"], "security_protocol is plaintext"),
        (&["--ssl-ca-file", "ca.pem"], "security_protocol is plaintext"),
        (&["--security-protocol", "ssl", "--ssl-key-file", "key.pem"], "go together"),
        (&["--security-protocol", "sasl_ssl", "--sasl-mechanism", "OAUTHBEARER"], "oidc_token_endpoint and oidc_client_id and a client secret"),
        (&["--schema-registry-user", "me"], "LINESIDE_SCHEMA_REGISTRY_PASSWORD"),
    ] {
        let error = read_with(flags, &[]).unwrap_err().to_string();
        assert!(error.contains(expected), "{flags:?}: {error}");
    }
}

#[test]
fn neither_debug_nor_print_config_shows_a_secret() {
    let line = run(read_with(&SCRAM, &[PASSWORD]));
    let shown = format!("{line:?}");
    assert!(!shown.contains("geheim") && shown.contains("***"), "{shown}");
    let shown = printed(read_with(&[&SCRAM as &[_], &["--print-config"]].concat(), &[PASSWORD]));
    assert!(!shown.contains("geheim"), "{shown}");
    assert!(shown.lines().any(|line| line.starts_with("# sasl_password = *** ") && line.ends_with("# environment LINESIDE_SASL_PASSWORD")), "{shown}");
}

#[test]
fn print_config_names_the_origin_of_every_value_and_can_be_read_again() {
    let config = Config::holding("window_days = 10\ninstance_id = \"007\"\n\n[properties]\n\"client.rack\" = \"a\"\n");
    let shown = printed(config.read(&["--batch-bytes", "77", "--property", "linger.ms=6", "--print-config"]));
    let origin = |key: &str| {
        let line = shown.lines().find(|line| line.starts_with(&format!("{key} = "))).unwrap_or_else(|| panic!("{key} is not in\n{shown}"));
        line.split_once("  # ").unwrap().1.replace(&config.path(), "FILE")
    };
    assert_eq!(origin("window_days"), "FILE:1");
    assert_eq!(origin("instance_id"), "FILE:2");
    assert_eq!(origin("\"client.rack\""), "FILE:5");
    assert_eq!(origin("\"linger.ms\""), "flag --property");
    assert_eq!(origin("batch_bytes"), "flag --batch-bytes");
    assert_eq!(origin("session_timeout_ms"), "default");
    assert!(shown.contains("# sasl_username ="), "{shown}");

    let again = Config::holding(&shown).run(&[]);
    assert_eq!((again.application.window_days, again.settings.batch_bytes, again.settings.instance_id.as_deref()), (10, 77, Some("007")));
    assert_eq!(again.settings.connection.properties.len(), 2);
}
