//! The registry's command: Apicurio Registry with its schemas in Kafka or in memory.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use crate::jvm::Jvm;

/// The path of Confluent's API.
const API_PATH: &str = "/apis/ccompat/v7";
/// How long it may take to end before it is killed. It has nothing to save, and without a Kafka it would not end by itself.
pub(crate) const GRACE: Duration = Duration::from_secs(3);

/// Where a registry keeps its schemas.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Schemas {
    /// In the Kafka at this port.
    InKafka(u16),
    /// In memory, for as long as it runs.
    InMemory,
}

/// The base address of Confluent's API at a port.
pub(crate) fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}{API_PATH}")
}

/// The command that runs the registry from `jar`.
///
/// Settings are given as Java properties, which win over environment variables of the caller.
pub(crate) fn server_command(jvm: &Jvm, jar: &Path, port: u16, schemas: Schemas) -> Vec<OsString> {
    let mut settings = vec![
        "quarkus.http.host=127.0.0.1".to_owned(),
        format!("quarkus.http.port={port}"),
        // One log line per request would fill the disk in a long run.
        "quarkus.log.category.\"io.quarkus.http.access-log\".level=WARN".to_owned(),
    ];
    match schemas {
        Schemas::InKafka(broker) => settings.extend([
            "apicurio.storage.kind=kafkasql".to_owned(),
            format!("apicurio.kafkasql.bootstrap.servers=127.0.0.1:{broker}"),
            // At its start the registry waits this long, once, for a snapshot (5 s by default). There is none: snapshots
            // are off, and the whole journal is read instead, which Kafka keeps for ever.
            "apicurio.kafkasql.consumer.poll.timeout=200".to_owned(),
            "apicurio.kafkasql.snapshot.every.seconds=disabled".to_owned(),
        ]),
        Schemas::InMemory => settings.extend(["apicurio.storage.kind=sql".to_owned(), "apicurio.storage.sql.kind=h2".to_owned()]),
    }
    let mut command = jvm.command();
    command.extend(settings.into_iter().map(|setting| format!("-D{setting}").into()));
    command.extend(["-jar".into(), jar.into()]);
    command
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jvm::ClassArchive;

    #[test]
    fn the_registry_listens_on_loopback_and_keeps_its_schemas_where_it_is_told() {
        let jvm = Jvm { program: "java".into(), heap_mib: 200, compile_fully: false, temporary: "/tmp".into(), class_archive: ClassArchive::Absent };
        let command = server_command(&jvm, Path::new("/r.jar"), 1003, Schemas::InKafka(1001));
        for part in
            ["-Dquarkus.http.host=127.0.0.1", "-Dquarkus.http.port=1003", "-Dapicurio.storage.kind=kafkasql", "-Dapicurio.kafkasql.bootstrap.servers=127.0.0.1:1001"]
        {
            assert!(command.contains(&part.into()), "{part} is not in {command:?}");
        }
        assert_eq!(command[command.len() - 2..], ["-jar", "/r.jar"]);
    }
}
