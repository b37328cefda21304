//! The registry's command: Apicurio Registry with its schemas in Kafka.

use std::ffi::OsString;
use std::path::Path;

use crate::jvm::Jvm;
use crate::ports::Ports;

/// The path of Confluent's API.
pub(crate) const API_PATH: &str = "/apis/ccompat/v7";

/// The command that runs the registry from `jar`, on the Kafka of the same stack.
///
/// Settings are given as Java properties, which win over environment variables of the caller.
pub(crate) fn server_command(jvm: &Jvm, jar: &Path, ports: Ports) -> Vec<OsString> {
    let settings = [
        "quarkus.http.host=127.0.0.1".to_owned(),
        format!("quarkus.http.port={}", ports.registry),
        "apicurio.storage.kind=kafkasql".to_owned(),
        format!("apicurio.kafkasql.bootstrap.servers=127.0.0.1:{}", ports.broker),
        // At its start the registry waits this long, once, for a snapshot (5 s by default). There is none: snapshots
        // are off, and the whole journal is read instead, which Kafka keeps for ever.
        "apicurio.kafkasql.consumer.poll.timeout=200".to_owned(),
        "apicurio.kafkasql.snapshot.every.seconds=disabled".to_owned(),
        // One log line per request would fill the disk in a long run.
        "quarkus.log.category.\"io.quarkus.http.access-log\".level=WARN".to_owned(),
    ];
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
    fn the_registry_listens_on_loopback_and_keeps_its_schemas_in_the_stacks_kafka() {
        let jvm = Jvm { program: "java".into(), heap_mib: 200, compile_fully: false, temporary: "/tmp".into(), class_archive: ClassArchive::Absent };
        let command = server_command(&jvm, Path::new("/r.jar"), Ports { broker: 1001, controller: 1002, registry: 1003, secured: 1004 });
        for part in
            ["-Dquarkus.http.host=127.0.0.1", "-Dquarkus.http.port=1003", "-Dapicurio.storage.kind=kafkasql", "-Dapicurio.kafkasql.bootstrap.servers=127.0.0.1:1001"]
        {
            assert!(command.contains(&part.into()), "{part} is not in {command:?}");
        }
        assert_eq!(command[command.len() - 2..], ["-jar", "/r.jar"]);
    }
}
