use super::*;

const SMALL: &str = "
replication = 1
[partitions]
raw = 2
aggregate = 4
master = 1
dead_letter = 1
[retention_days]
raw = 14
hop = 1
long = 365
window = 40
";

#[test]
fn builtin_environments_parse() {
    for (name, _) in BUILTIN {
        let environment = Environment::builtin(name).unwrap();
        assert_eq!(environment.name, *name);
        assert!(!environment.raw_topics().is_empty());
    }
}

#[test]
fn raw_topics_are_named_by_plant_and_source() {
    let topics = Environment::builtin("local").unwrap().raw_topics();
    assert!(topics.starts_with(&["raw.plant-a.mes".to_owned(), "raw.plant-b.b2mml".to_owned()]), "{topics:?}");
}

#[test]
fn an_unknown_key_is_an_error_that_names_the_nearest() {
    let message = Environment::parse("x", &format!("replicaton = 3\n{SMALL}")).unwrap_err().to_string();
    assert!(message.contains("replicaton") && message.contains("did you mean `replication`?"), "{message}");
    let message = Environment::parse("x", &format!("{SMALL}[topics.normalized]\npartition = 3\n")).unwrap_err().to_string();
    assert!(message.contains("did you mean `partitions`?"), "{message}");
}

#[test]
fn a_key_that_resembles_none_gets_the_list_only() {
    let message = Environment::parse("x", &format!("zzz = 3\n{SMALL}")).unwrap_err().to_string();
    assert!(message.contains("unknown field `zzz`, expected one of") && !message.contains("did you mean"), "{message}");
}

#[test]
fn a_missing_key_is_an_error_that_names_it() {
    let message = Environment::parse("x", &SMALL.replace("hop = 1\n", "")).unwrap_err().to_string();
    assert!(message.contains("missing field `hop`"), "{message}");
}

#[test]
fn a_negative_size_is_an_error() {
    assert!(Environment::parse("x", &SMALL.replace("raw = 2\n", "raw = -2\n")).is_err());
}

#[test]
fn neither_file_nor_builtin_names_the_builtin_ones() {
    let message = Environment::named("prodution").unwrap_err().to_string();
    assert_eq!(message, "there is no environment \"prodution\": it is neither a file nor one of local, production");
}

#[test]
fn a_path_is_loaded_as_a_file() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/environments/production.toml");
    let loaded = Environment::named(path).unwrap();
    assert_eq!(Environment { name: "production".to_owned(), ..loaded }, Environment::builtin("production").unwrap());
}

#[test]
fn insync_replicas_leave_room_for_one_broker_to_be_down() {
    let of = |replication| Environment { replication, ..Environment::parse("x", SMALL).unwrap() }.insync_replicas();
    assert_eq!([of(1), of(2), of(3), of(5)], [1, 1, 2, 2]);
}
