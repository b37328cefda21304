//! Dead letters of a running processor on a real Kafka: listed, chosen, shown, and given back byte for byte. And where the values of what was not refused come from.

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use futures::executor::block_on;
use lineside_local_stack::{LocalStack, StackOptions};
use lineside_registry::{RegistryClient, RegistrySettings};
use lineside_schemas::records::{DeadLetter, ErrorClass, Header, RawPosition};
use lineside_schemas::{Codec, ContractId, Timestamp, contract};
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;
use rdkafka::message::{Header as KafkaHeader, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use serde_json::{Value, json};

/// How long the processor may take to start and to refuse a handful of records.
const PATIENCE: Duration = Duration::from_mins(2);
const RAW: &str = "raw.plant-a.mes";
const CANONICAL: &str = "canonical.production.v1";
const OF_ERP: &str = "dead-letter.erp-publisher";

/// Ends its process when the test does.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

struct Site {
    stack: LocalStack,
    folder: tempfile::TempDir,
}

impl Site {
    fn start() -> Self {
        let site = Self { stack: LocalStack::start(&StackOptions::default()).unwrap(), folder: tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap() };
        assert!(site.lineside(&["topology", "apply", "--wait", "30"]).status.success());
        site
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lineside"));
        command
            .args(arguments)
            .env("LINESIDE_BOOTSTRAP_SERVERS", self.stack.bootstrap())
            .env("LINESIDE_SCHEMA_REGISTRY", self.stack.registry_url())
            .env("LINESIDE_ENVIRONMENT", "local")
            .env("LINESIDE_HTTP_ADDRESS", "127.0.0.1:0")
            .env("LINESIDE_STATE_DIR", self.folder.path().join("state"));
        command
    }

    fn lineside(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// What a command prints that succeeds.
    fn printed(&self, arguments: &[&str]) -> Vec<u8> {
        let output = self.lineside(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// What a list of dead letters with these filters holds.
    fn listed(&self, filters: &[&str]) -> Vec<Value> {
        let text = self.printed(&[&["dead-letters", "list", "--format", "json"], filters].concat());
        text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(|line| serde_json::from_slice(line).unwrap()).collect()
    }

    fn await_letters(&self, count: usize) -> Vec<Value> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let letters = self.listed(&["--processor", "normalizer"]);
            if letters.len() >= count {
                return letters;
            }
            assert!(Instant::now() < deadline, "{letters:?}");
            thread::sleep(Duration::from_millis(200));
        }
    }

    /// Where the one event stands that comes through.
    fn await_event(&self) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            for partition in 0..8 {
                let place = format!("{CANONICAL}/{partition}/0");
                if self.lineside(&["lineage", &place]).status.success() {
                    return place;
                }
            }
            assert!(Instant::now() < deadline, "no event in {CANONICAL}");
        }
    }

    /// Makes Kafka forget all records before an offset, as it does when their time is over.
    fn expire(&self, topic: &str, partition: i32, before: i64) {
        let admin: AdminClient<DefaultClientContext> = ClientConfig::new().set("bootstrap.servers", self.stack.bootstrap()).create().unwrap();
        let mut offsets = TopicPartitionList::new();
        offsets.add_partition_offset(topic, partition, Offset::Offset(before)).unwrap();
        block_on(admin.delete_records(&offsets, &AdminOptions::new().request_timeout(Some(Duration::from_secs(30))))).unwrap();
    }

    fn producer(&self) -> BaseProducer {
        ClientConfig::new().set("bootstrap.servers", self.stack.bootstrap()).create().unwrap()
    }
}

/// A record that the ERP publisher might have refused, behind an internal topic and of a partner.
fn of_a_partner() -> DeadLetter<'static> {
    DeadLetter {
        processor: "erp-publisher",
        processor_version: "0.0.9",
        class: ErrorClass::Partner,
        code: "quantity-not-positive",
        message: "line 2 has the quantity -1",
        field: Some("lines"),
        path: None,
        plant: Some("plant-b"),
        partner: Some("ACME"),
        event_id: None,
        correlation_id: Some("plant-b/4711"),
        topic: "order.postings.v1",
        partition: 1,
        offset: 99,
        index: None,
        record_time: Timestamp::from_millis(1_795_161_600_000),
        raw: Some(RawPosition { topic: "raw.plant-b.b2mml", partition: 0, offset: 5 }),
        key: Some(b"plant-b/4711"),
        value: Some(b"\x00\x01\xff"),
        headers: vec![Header { key: "none", value: None }],
    }
}

#[test]
fn what_was_refused_is_listed_chosen_shown_and_given_back() {
    let site = Site::start();
    assert_eq!(site.listed(&[]), Vec::<Value>::new());

    // Refused for what they are: bytes that are no text, no JSON, a type that is not mapped. And one that is fine.
    let no_text: Vec<u8> = (0..=255).collect();
    let no_json = br#"{"eventId": "A-1", "#.to_vec();
    let unmapped = br#"{"eventType": "ORDER_SPLIT", "eventId": "A-2", "site": "PLANT-A"}"#.to_vec();
    // Of today: what is old is refused, because nobody remembers any more whether it came before.
    let sound = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../normalizer/sources/plant-a.mes/examples/operation-started.json")).unwrap();
    let sound = sound.replace("2026-07-14T04:10:00Z", &jiff::Timestamp::now().to_string()).into_bytes();
    let producer = site.producer();
    for value in [&no_text, &no_json, &unmapped, &sound] {
        let headers =
            OwnedHeaders::new().insert(KafkaHeader { key: "content-type", value: Some("application/json") }).insert(KafkaHeader::<&str> { key: "trace", value: None });
        producer.send(BaseRecord::to(RAW).partition(0).key("k").payload(value).headers(headers)).map_err(|(error, _)| error).unwrap();
    }
    // What a processor of another version wrote, and something that nobody should have.
    let mut codec = Codec::new(Box::new(RegistryClient::new(&RegistrySettings::at(site.stack.registry_url())).unwrap()));
    codec.resolve(OF_ERP, ContractId::DeadLetter).unwrap();
    let mut bytes = Vec::new();
    codec.encode::<contract::DeadLetter>(OF_ERP, &of_a_partner(), &mut bytes).unwrap();
    for value in [&b"foreign"[..], &bytes] {
        producer.send(BaseRecord::<[u8], [u8]>::to(OF_ERP).partition(0).payload(value)).map_err(|(error, _)| error).unwrap();
    }
    producer.flush(Duration::from_secs(30)).unwrap();

    let processors = Running(site.command(&["run", "normalizer", "deduplicator"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    let letters = site.await_letters(3);
    let event = site.await_event();
    drop(processors);

    let found: Vec<_> = letters.iter().map(|letter| letter["code"].as_str().unwrap()).collect();
    assert_eq!(found, ["invalid-encoding", "invalid-json", "unmapped-document"]);
    for (letter, record) in letters.iter().zip(0..) {
        assert_eq!((&letter["processor"], &letter["source"], &letter["plant"]), (&json!("normalizer"), &json!("plant-a.mes"), &json!("plant-a")));
        assert_eq!(letter["record"], format!("{RAW}/0/{record}"));
    }

    choosing(&site);
    let places: Vec<&str> = letters.iter().map(|letter| letter["place"].as_str().unwrap()).collect();
    showing(&site, places[0]);
    for (place, original) in places.iter().zip([&no_text, &no_json, &unmapped]) {
        assert_eq!(&site.printed(&["dead-letters", "export", place]), original, "{place}");
    }
    exporting(&site, &places, [&no_text, &no_json, &unmapped]);
    refusing(&site);
    tracing(&site, &event);
    site.stack.stop().unwrap();
}

/// The fourth raw record, and the event that was made of it.
fn tracing(site: &Site, event: &str) {
    let raw = format!("{RAW}/0/3");
    let text = String::from_utf8(site.printed(&["lineage", event])).unwrap();
    assert!(text.starts_with(&format!("{event}: OPERATION_STARTED A-000102, key plant-a/000100012\n  made by plant-a.mes/1, rule of line ")), "{text}");
    for (field, value, origin) in
        [("envelope.event_id", "A-000102", "/eventId"), ("operation_started.operation", "0010", "/operation"), ("order", "000100012", "/order/number")]
    {
        let line = text.lines().find(|line| line.split_whitespace().next() == Some(field)).unwrap();
        assert_eq!(line.split_whitespace().collect::<Vec<_>>(), [field, value, origin], "{text}");
    }
    // By the raw record and the version alone the answer is the same.
    let line = |arguments: &[&str]| serde_json::from_slice::<Value>(&site.printed(&[&["lineage"], arguments, &["--format", "json"]].concat())).unwrap();
    let (of_event, of_raw) = (line(&[event]), line(&[&raw, "--mapping", "plant-a.mes/1", "--event-id", "A-000102"]));
    assert_eq!((&of_event["place"], &of_raw["place"], &of_event["raw"]), (&json!(event), &Value::Null, &json!(raw)));
    for same in ["topic", "key", "type", "event_id", "mapping", "rule", "raw", "raw_time", "event", "lineage"] {
        assert_eq!(of_event[same], of_raw[same], "{same}");
    }
    let refused = |arguments: &[&str], expected: &str| {
        let output = site.lineside(&[&["lineage"], arguments].concat());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(1) && said.contains(expected), "{arguments:?}: {said}");
    };
    refused(&[&raw, "--mapping", "plant-a.mes/9"], "there is no mapping plant-a.mes/9; there are plant-a.mes/1");
    refused(&[&raw, "--mapping", "plant-a.mes/1", "--event-id", "B"], "makes no event B of the raw record raw.plant-a.mes/0/3; it makes A-000102");
    refused(&[&format!("{RAW}/0/2"), "--mapping", "plant-a.mes/1"], "refuses the raw record raw.plant-a.mes/0/2: unmapped-document");
    refused(&[&format!("{RAW}/0/99"), "--mapping", "plant-a.mes/1"], "there is no record at raw.plant-a.mes/0/99");
    refused(&["dead-letter.erp-publisher/0/1"], "is no canonical event");
    // A pack whose mapping was changed without a new version makes another event: the answer says so.
    let pack = site.folder.path().join("packs/plant-a.mes");
    std::fs::create_dir_all(&pack).unwrap();
    let mapping = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../normalizer/sources/plant-a.mes/mapping.yaml")).unwrap();
    std::fs::write(pack.join("mapping.yaml"), mapping.replace("      work_center: workCenter", "      work_center: site")).unwrap();
    refused(&[event, "--mappings", pack.parent().unwrap().to_str().unwrap()], "made again, the event is not what was published: operation_started.work_center differ");
    site.expire(RAW, 0, 4);
    refused(&[event], "the raw record raw.plant-a.mes/0/3 has expired: the topic holds offsets 4 to below 4 of that partition. Mapping plant-a.mes/1 read it");
}

fn choosing(site: &Site) {
    let count = |filters: &[&str]| site.listed(filters).len();
    assert_eq!(count(&[]), 4);
    for (filters, expected) in [
        (&["--class", "partner"][..], 1),
        (&["--class", "data-quality"], 2),
        (&["--class", "application"], 1),
        (&["--code", "invalid-json", "--code", "invalid-encoding"], 2),
        (&["--plant", "plant-b"], 1),
        (&["--source", "plant-b.b2mml"], 1),
        (&["--source", "plant-a.mes", "--code", "unmapped-document"], 1),
        (&["--partner", "ACME"], 1),
        (&["--correlation-id", "plant-b/4711"], 1),
        (&["--since", "1h"], 4),
        (&["--until", "1h"], 0),
        (&["--since", "2999-01-01"], 0),
        (&["--limit", "2"], 2),
        (&["--processor", "erp-publisher"], 1),
        (&["--processor", "deduplicator"], 0),
    ] {
        assert_eq!(count(filters), expected, "{filters:?}");
    }
    // Without a command it lists, as a table if it is asked to; what is no dead letter is named and left out.
    let output = site.lineside(&["dead-letters", "--partner", "ACME", "--format", "table"]);
    let (table, said) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(table.contains("quantity-not-positive") && table.contains("1 dead letters;"), "{table}");
    assert!(said.contains("left out dead-letter.erp-publisher/0/0, which is no dead letter"), "{said}");
    let said = String::from_utf8(site.lineside(&["dead-letters", "--limit", "2"]).stderr).unwrap();
    assert!(said.contains("the latest 2 of 4 that match"), "{said}");
}

fn showing(site: &Site, place: &str) {
    let text = String::from_utf8(site.printed(&["dead-letters", "show", place])).unwrap();
    for words in [
        "refused by      normalizer ",
        "code            invalid-encoding, see docs/errors/invalid-encoding.md",
        "header content-type: 16 bytes of text\napplication/json\n",
        "header trace: none",
        "key: 1 bytes of text\nk\n",
        "value: 256 bytes\n00000000  00 01 02",
    ] {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
    let view: Value = serde_json::from_slice(&site.printed(&["dead-letters", "show", "dead-letter.erp-publisher/0/1", "--format", "json"])).unwrap();
    assert_eq!((&view["partner"], &view["processor_version"], &view["value"]), (&json!("ACME"), &json!("0.0.9"), &json!("AAH/")));
}

fn exporting(site: &Site, places: &[&str], originals: [&Vec<u8>; 3]) {
    let folder = site.folder.path().join("exported");
    site.printed(&["dead-letters", "export", "--all", "--output", folder.to_str().unwrap(), "--source", "plant-a.mes"]);
    for (place, original) in places.iter().zip(originals) {
        assert_eq!(&std::fs::read(folder.join(place.replace('/', "-"))).unwrap(), original, "{place}");
    }
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 4, "three records and the index");
    assert_eq!(std::fs::read_to_string(folder.join("index.jsonl")).unwrap().lines().count(), 3);
    let file = site.folder.path().join("one");
    site.printed(&["dead-letters", "export", "dead-letter.erp-publisher/0/1", "--output", file.to_str().unwrap()]);
    assert_eq!(std::fs::read(file).unwrap(), b"\x00\x01\xff");
}

fn refusing(site: &Site) {
    for (arguments, expected) in [
        (&["show", "dead-letter.erp-publisher/0/7"][..], "there is no record at dead-letter.erp-publisher/0/7"),
        (&["show", "dead-letter.erp-publisher/90/0"], "has no partition 90"),
        (&["show", "dead-letter.none/0/0"], "there is no topic dead-letter.none"),
        (&["show", "dead-letter.erp-publisher/0/0"], "not in Confluent wire format"),
        (&["show", "dead-letter.erp-publisher"], "topic/partition/offset"),
        (&["export"], "PLACE"),
        (&["export", "--all"], "--output"),
    ] {
        let output = site.lineside(&[&["dead-letters"], arguments].concat());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(1) && said.contains(expected), "{arguments:?}: {said}");
    }
}
