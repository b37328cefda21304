//! kcat. Debian's build has no Avro of its own, so it gives the bytes, which are then decoded by the registry's schema.

use std::process::Command;

use lineside_scenarios::books::facts::Position;

/// Its version, if it is installed.
pub fn version() -> Option<String> {
    let output = Command::new("kcat").arg("-V").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().find_map(|line| line.strip_prefix("Version ")).map(|rest| rest.split(' ').next().unwrap_or_default().to_owned())
}

/// Every committed record of the topic that has a value.
pub fn read(bootstrap: &str, topic: &str) -> Vec<(Position, Vec<u8>)> {
    // Partition, offset and length of the value, then the value.
    let output = Command::new("kcat").args(["-C", "-q", "-e", "-o", "beginning", "-b", bootstrap, "-t", topic, "-f", "%p %o %S\\n%s"]).output().unwrap();
    assert!(output.status.success(), "kcat -t {topic}: {}", String::from_utf8_lossy(&output.stderr));
    let mut rest = output.stdout.as_slice();
    let mut records = Vec::new();
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap();
        let head: Vec<i64> = std::str::from_utf8(&rest[..end]).unwrap().split(' ').map(|number| number.parse().unwrap()).collect();
        let [partition, offset, length] = head[..] else { panic!("kcat -t {topic}: {head:?}") };
        rest = &rest[end + 1..];
        // A record without a value has length -1.
        if let Ok(length) = usize::try_from(length) {
            let position = Position { topic: topic.to_owned(), partition: i32::try_from(partition).unwrap(), offset, index: None };
            records.push((position, rest[..length].to_vec()));
            rest = &rest[length..];
        }
    }
    records
}
