//! From a refused record to its dead letter. The runtime and the testkit share this, so that both write the same.

use lineside_schemas::records::{DeadLetter, Header, RawPosition};
use lineside_topology::ProcessorSpec;

use crate::record::RawRecord;
use crate::refusal::Refusal;

/// The dead letter of `raw`: what was read, unchanged, and why `spec` in its `version` refused it.
///
/// It is to be sent to the processor's dead letter topic under the original key.
#[must_use]
pub fn build<'a>(spec: &'static ProcessorSpec, version: &'a str, raw: &RawRecord<'a>, refusal: &'a Refusal) -> DeadLetter<'a> {
    DeadLetter {
        processor: spec.name,
        processor_version: version,
        class: refusal.class,
        code: refusal.code,
        message: &refusal.message,
        field: refusal.field.as_deref(),
        path: refusal.path.as_deref(),
        plant: refusal.plant.as_deref(),
        partner: refusal.partner.as_deref(),
        event_id: refusal.event_id.as_deref(),
        correlation_id: refusal.correlation_id.as_deref(),
        topic: raw.topic,
        partition: raw.partition,
        offset: raw.offset,
        index: raw.index,
        record_time: raw.time,
        raw: refusal.raw.as_ref().map(|(topic, partition, offset)| RawPosition { topic, partition: *partition, offset: *offset }),
        key: raw.key,
        value: raw.value,
        headers: raw.headers.iter().map(|header| Header { key: header.key, value: header.value }).collect(),
    }
}

#[cfg(test)]
mod tests {
    use lineside_schemas::Timestamp;
    use lineside_topology::processors::DEDUPLICATOR;

    use super::*;
    use crate::record;
    use crate::refusal::ErrorClass;

    #[test]
    fn carries_the_record_unchanged_and_everything_the_refusal_knows() {
        let headers = [record::Header { key: "trace", value: Some(b"\xff\x00") }, record::Header { key: "empty", value: None }];
        let raw = RawRecord {
            topic: "normalized",
            partition: 3,
            offset: 42,
            index: Some(7),
            time: Timestamp::from_millis(7),
            key: Some(b"plant-a/1"),
            value: Some(b"\x00\x01not avro"),
            headers: &headers,
        };
        let position = RawPosition { topic: "raw.plant-a.mes", partition: 1, offset: 9 };
        let mut refusal = Refusal::data_quality("too-late", "older than the window").at("source_time").of_event("A-1", "plant-a", "plant-a/1", &position);
        refusal = refusal.at_path("/occurredAt");
        refusal.partner = Some("ACME".to_owned());

        let letter = build(&DEDUPLICATOR, "1.2.3", &raw, &refusal);

        let expected = DeadLetter {
            processor: "deduplicator",
            processor_version: "1.2.3",
            class: ErrorClass::DataQuality,
            code: "too-late",
            message: "older than the window",
            field: Some("source_time"),
            path: Some("/occurredAt"),
            plant: Some("plant-a"),
            partner: Some("ACME"),
            event_id: Some("A-1"),
            correlation_id: Some("plant-a/1"),
            topic: "normalized",
            partition: 3,
            offset: 42,
            index: Some(7),
            record_time: Timestamp::from_millis(7),
            raw: Some(position),
            key: Some(b"plant-a/1"),
            value: Some(b"\x00\x01not avro"),
            headers: vec![Header { key: "trace", value: Some(b"\xff\x00") }, Header { key: "empty", value: None }],
        };
        assert_eq!(letter, expected);
    }

    #[test]
    fn keeps_absent_apart_from_empty() {
        let raw = RawRecord { topic: "raw.plant-a.mes", partition: 0, offset: 0, index: None, time: Timestamp::EPOCH, key: None, value: Some(b""), headers: &[] };
        let refusal = Refusal::application("undecodable-record", "no schema");
        let letter = build(&DEDUPLICATOR, "1", &raw, &refusal);
        assert_eq!((letter.key, letter.value, letter.raw, letter.event_id, letter.index), (None, Some(&b""[..]), None, None, None));
        assert_eq!(letter.class, ErrorClass::Application);
    }
}
