//! confluent-kafka for Python, in a virtual environment below target/.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::str::FromStr as _;

use bigdecimal::BigDecimal;
use lineside_scenarios::books::facts::Position;
use serde_json::Value;

use super::{Reading, Readings};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scenarios/foreign_client/read_topics.py");
const REQUIREMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scenarios/foreign_client/requirements.txt");

/// What `AvroDeserializer` makes of every record of the topics; of framed topics also of what is in the frames.
pub fn read(bootstrap: &str, registry: &str, topics: &[&str], is_framed: impl Fn(&str) -> bool) -> Readings {
    let frames = topics.iter().filter(|topic| is_framed(topic)).flat_map(|topic| ["--frames", *topic]);
    let output = run(Command::new(python()).arg(SCRIPT).args(frames).args([bootstrap, registry]).args(topics));
    output.lines().map(|line| reading(&serde_json::from_str(line).unwrap())).collect()
}

fn reading(record: &Value) -> (Position, Reading) {
    let position = Position {
        topic: record["topic"].as_str().unwrap().to_owned(),
        partition: i32::try_from(record["partition"].as_i64().unwrap()).unwrap(),
        offset: record["offset"].as_i64().unwrap(),
        index: None,
    };
    let decimals = record.get("decimals").and_then(Value::as_array);
    let reading = decimals.map(|decimals| {
        let values = decimals.iter().map(|text| BigDecimal::from_str(text.as_str().unwrap()).unwrap()).collect();
        (values, usize::try_from(record["leaves"].as_u64().unwrap()).unwrap())
    });
    (position, reading)
}

/// The virtual environment's interpreter; makes the environment the first time, and when the requirements changed.
fn python() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("foreign-client");
    let interpreter = folder.join("bin/python");
    let installed = folder.join("installed.txt");
    let requirements = std::fs::read_to_string(REQUIREMENTS).unwrap();
    if std::fs::read_to_string(&installed).is_ok_and(|known| known == requirements) {
        return interpreter;
    }
    assert!(
        Command::new("python3").args(["-c", "import venv, ensurepip"]).output().is_ok_and(|output| output.status.success()),
        "python3 with venv is missing (Debian/Ubuntu: sudo apt-get install python3-venv; macOS: brew install python)"
    );
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder));
    run(Command::new(&interpreter).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-cache-dir", "-r"]).arg(Path::new(REQUIREMENTS)));
    std::fs::write(installed, requirements).unwrap();
    interpreter
}

fn run(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    assert!(status.success(), "{command:?}: {status}\n{}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}
