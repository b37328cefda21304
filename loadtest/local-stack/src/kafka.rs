//! Kafka's settings and commands: one node that is broker and controller at once.

use std::ffi::OsString;
use std::hash::{BuildHasher as _, RandomState};
use std::path::Path;
use std::process::Command;

use crate::artifacts::{Artifacts, KAFKA_VERSION};
use crate::data_folder::{HeldFolder, META_PROPERTIES};
use crate::error::StackError;
use crate::jvm::{Jvm, class_path};
use crate::ports::Ports;
use crate::security::{StackSecurity, TlsFiles};

/// The text of `server.properties` for data in `data`.
pub(crate) fn server_properties(ports: Ports, data: &Path, security: Option<(&StackSecurity, &TlsFiles)>) -> String {
    // A backslash is the escape of this format.
    let data = data.display().to_string().replace('\\', "\\\\");
    let Ports { broker, controller, secured, .. } = ports;
    let (listener, protocol, rest) = match security {
        Some((security, tls)) => (StackSecurity::listener(secured), StackSecurity::protocol(), security.properties(tls)),
        None => <(String, String, String)>::default(),
    };
    format!(
        "\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{broker},CONTROLLER://127.0.0.1:{controller}{listener}
advertised.listeners=PLAINTEXT://127.0.0.1:{broker}{listener}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT{protocol}
inter.broker.listener.name=PLAINTEXT
log.dirs={data}

# Topics are created by the topology alone.
auto.create.topics.enable=false

# One node: internal topics cannot have copies. Few partitions make them quick to create and load.
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1

# Room for topics whose max.message.bytes is 2 MiB, with their batch headers.
message.max.bytes=2162688
# The registry's journal takes the broker's retention and must never lose a schema. Topics of the topology set their own.
log.retention.ms=-1

# Groups form at once, and tests may use short sessions.
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=2000
group.consumer.min.session.timeout.ms=2000
group.consumer.min.heartbeat.interval.ms=500
# How late after its timeout an abandoned transaction is aborted.
transaction.abort.timed.out.transaction.cleanup.interval.ms=1000
# A killed node may register again after this time.
broker.session.timeout.ms=6000
broker.heartbeat.interval.ms=1000

# Small: two cores and little memory, beside other stacks.
num.network.threads=2
num.io.threads=4
background.threads=2
group.coordinator.threads=1
log.cleaner.dedupe.buffer.size=33554432
{rest}"
    )
}

/// The command that runs Kafka.
pub(crate) fn server_command(jvm: &Jvm, archives: &Path, folder: &HeldFolder) -> std::io::Result<Vec<OsString>> {
    let mut command = jvm.command();
    // The whole configuration is logged twice at INFO; server.properties is beside the log anyway.
    for setting in ["showDateTime=true", "dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "log.kafka.server.KafkaConfig=warn", "log.org.apache.kafka.common.config=warn"] {
        command.push(format!("-Dorg.slf4j.simpleLogger.{setting}").into());
    }
    command.extend(["-cp".into(), class_path(archives)?, "kafka.Kafka".into(), folder.kafka_properties().into()]);
    Ok(command)
}

/// Formats an empty data folder with a new cluster id. What Kafka's tool wrote the first time is kept and copied later: a process of Java's less for each start.
/// A secured Kafka's folder has its users in it and is formatted anew.
pub(crate) fn format_storage(jvm: &Jvm, artifacts: &Artifacts, folder: &HeldFolder, security: Option<&StackSecurity>) -> Result<(), StackError> {
    let (cluster_id, data) = (new_cluster_id(), folder.kafka_data());
    let kept = artifacts.home.join(format!("formatted-{KAFKA_VERSION}"));
    if security.is_none() && kept.is_dir() {
        return copy_formatted(&kept, &data, &cluster_id).map_err(StackError::io(format!("copy {}", kept.display())));
    }
    format_by_tool(jvm, &artifacts.kafka, folder, security, &cluster_id)?;
    if security.is_none() {
        keep_formatted(&data, &kept).map_err(StackError::io(format!("create {}", kept.display())))?;
    }
    Ok(())
}

fn format_by_tool(jvm: &Jvm, archives: &Path, folder: &HeldFolder, security: Option<&StackSecurity>, cluster_id: &str) -> Result<(), StackError> {
    let mut command = jvm.command().into_iter();
    let Some(program) = command.next() else {
        return Err(StackError::Format { output: "no command".to_owned() });
    };
    let tool = Command::new(program)
        .args(command)
        .arg("-cp")
        .arg(class_path(archives).map_err(StackError::io("list Kafka's archives"))?)
        .args(["kafka.tools.StorageTool", "format", "--cluster-id", cluster_id, "--config"])
        .arg(folder.kafka_properties())
        .args(security.map(StackSecurity::format_arguments).unwrap_or_default())
        .output()
        .map_err(StackError::io("run Kafka's storage tool"))?;
    if tool.status.success() {
        return Ok(());
    }
    let output = [tool.stdout, tool.stderr].concat();
    Err(StackError::Format { output: String::from_utf8_lossy(&output).into_owned() })
}

/// Copies the files of a formatted folder to an empty one, under another cluster id: a client or node of one stack must not take another's Kafka for its own.
fn copy_formatted(from: &Path, to: &Path, cluster_id: &str) -> std::io::Result<()> {
    for file in std::fs::read_dir(from)? {
        let file = file?;
        if file.file_name() != META_PROPERTIES {
            std::fs::copy(file.path(), to.join(file.file_name()))?;
        }
    }
    let properties = std::fs::read_to_string(from.join(META_PROPERTIES))?;
    let line = |line: &str| if line.starts_with("cluster.id=") { format!("cluster.id={cluster_id}\n") } else { format!("{line}\n") };
    // Last: a folder with this file counts as formatted.
    std::fs::write(to.join(META_PROPERTIES), properties.lines().map(line).collect::<String>())
}

/// Keeps a copy of a formatted folder, unless another process was first.
fn keep_formatted(data: &Path, kept: &Path) -> std::io::Result<()> {
    let parent = kept.parent().unwrap_or(Path::new(""));
    let copy = tempfile::Builder::new().prefix("format-").tempdir_in(parent)?;
    for file in std::fs::read_dir(data)? {
        let file = file?;
        std::fs::copy(file.path(), copy.path().join(file.file_name()))?;
    }
    match std::fs::rename(copy.path(), kept) {
        Err(error) if !kept.is_dir() => Err(error),
        _ => Ok(()),
    }
}

/// The program and the arguments that run one of Kafka's own tools, up to the tool's own.
pub(crate) fn tool_command(jvm: &Jvm, archives: &Path, class: &str) -> Result<Vec<OsString>, StackError> {
    let mut command = jvm.command();
    let class_path = class_path(archives).map_err(StackError::io("list Kafka's archives"))?;
    command.extend(["-cp".into(), class_path, class.into()]);
    Ok(command)
}

/// Runs one of Kafka's own tools to its end and gives what it printed.
pub(crate) fn run_tool(jvm: &Jvm, archives: &Path, class: &str, arguments: &[&str]) -> Result<String, StackError> {
    let mut command = tool_command(jvm, archives, class)?.into_iter();
    let program = command.next().unwrap_or_else(|| "java".into());
    let tool = Command::new(program).args(command).args(arguments).output();
    let tool = tool.map_err(StackError::io(format!("run Kafka's {class}")))?;
    let output = String::from_utf8_lossy(&[tool.stdout, tool.stderr].concat()).into_owned();
    if tool.status.success() { Ok(output) } else { Err(StackError::Tool { tool: class.to_owned(), output }) }
}

/// A random cluster id: 128 bits in URL-safe base 64.
fn new_cluster_id() -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    // The standard library's random numbers: the hash of nothing under a random key.
    let random = || u128::from(RandomState::new().hash_one(()));
    let mut bits = (random() << 64) | random();
    let mut id = String::with_capacity(22);
    // An id must not begin with a dash, which a command line reads as an option. The last digit stands for two bits
    // and four of padding.
    id.push(char::from(DIGITS[(bits % 62) as usize]));
    for _ in 1..21 {
        bits >>= 6;
        id.push(char::from(DIGITS[(bits % 64) as usize]));
    }
    id.push('A');
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formatted_folder_is_copied_under_another_cluster_id() {
        let folder = tempfile::tempdir().unwrap();
        let [data, kept, to] = ["data", "kept", "to"].map(|name| folder.path().join(name));
        std::fs::create_dir(&data).unwrap();
        std::fs::create_dir(&to).unwrap();
        std::fs::write(data.join("meta.properties"), "#\nnode.id=1\ncluster.id=first\n").unwrap();
        std::fs::write(data.join("bootstrap.checkpoint"), [0, 1, 2]).unwrap();
        keep_formatted(&data, &kept).unwrap();
        keep_formatted(&data, &kept).unwrap();
        copy_formatted(&kept, &to, "second").unwrap();
        assert_eq!(std::fs::read_to_string(to.join("meta.properties")).unwrap(), "#\nnode.id=1\ncluster.id=second\n");
        assert_eq!(std::fs::read(to.join("bootstrap.checkpoint")).unwrap(), [0, 1, 2]);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "nothing else is left");
    }

    const PORTS: Ports = Ports { broker: 1001, controller: 1002, registry: 1003, secured: 1004 };

    fn setting<'a>(properties: &'a str, name: &str) -> &'a str {
        let mut values = properties.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        let value = values.next().unwrap_or_else(|| panic!("{name} is not set"));
        assert_eq!(values.next(), None, "{name} is set twice");
        value
    }

    #[test]
    fn a_broker_listens_on_loopback_alone() {
        let properties = server_properties(PORTS, Path::new("/data"), None);
        assert_eq!(setting(&properties, "listeners"), "PLAINTEXT://127.0.0.1:1001,CONTROLLER://127.0.0.1:1002");
        assert_eq!(setting(&properties, "advertised.listeners"), "PLAINTEXT://127.0.0.1:1001");
        assert_eq!(setting(&properties, "controller.quorum.voters"), "1@127.0.0.1:1002");
    }

    #[test]
    fn topics_are_never_created_by_accident_and_may_hold_records_of_two_mib() {
        let properties = server_properties(PORTS, Path::new("/data"), None);
        assert_eq!(setting(&properties, "auto.create.topics.enable"), "false");
        assert!(setting(&properties, "message.max.bytes").parse::<u32>().unwrap() > 2 * 1024 * 1024);
    }

    #[test]
    fn a_backslash_in_the_data_path_is_escaped() {
        let properties = server_properties(PORTS, Path::new(r"/a\b c"), None);
        assert_eq!(setting(&properties, "log.dirs"), r"/a\\b c");
    }

    #[test]
    fn cluster_ids_are_22_digits_and_differ() {
        let ids: std::collections::BTreeSet<String> = (0..1000).map(|_| new_cluster_id()).collect();
        assert_eq!(ids.len(), 1000);
        for id in ids {
            assert_eq!(id.len(), 22);
            assert!(!id.starts_with('-') && id.ends_with('A'), "{id}");
            assert!(id.bytes().all(|digit| digit.is_ascii_alphanumeric() || digit == b'-' || digit == b'_'), "{id}");
        }
    }
}
