//! What a list says of a dead letter: everything but the bytes.

use lineside_schemas::Timestamp;
use lineside_schemas::records::DeadLetter;
use serde::Serialize;

use super::filter::source_of;
use super::place::Place;

/// A dead letter without the refused record's key, value and headers. Its fields stand in JSON as they stand here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Letter {
    /// Where it stands.
    #[serde(serialize_with = "as_text")]
    pub place: Place,
    /// When it was written.
    #[serde(serialize_with = "as_text")]
    pub written: Timestamp,
    /// Processor that refused.
    pub processor: String,
    /// Its version.
    pub processor_version: String,
    /// Symbol of the class.
    pub class: &'static str,
    /// Error code.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// Field at fault.
    pub field: Option<String>,
    /// Its place in the record.
    pub path: Option<String>,
    /// Plant.
    pub plant: Option<String>,
    /// Partner.
    pub partner: Option<String>,
    /// Source of the raw record.
    pub source: Option<String>,
    /// Event.
    pub event_id: Option<String>,
    /// Business story.
    pub correlation_id: Option<String>,
    /// Where the refused record stands.
    #[serde(serialize_with = "as_text")]
    pub record: Place,
    /// Its place in the frame there, where the topic carries frames.
    pub index: Option<i32>,
    /// Its time.
    #[serde(serialize_with = "as_text")]
    pub record_time: Timestamp,
    /// Raw record behind it, where it is another.
    pub raw: Option<String>,
    /// Bytes of the refused record's value; none where it has no value.
    pub value_bytes: Option<usize>,
}

impl Letter {
    /// Of a dead letter at that place.
    #[must_use]
    pub fn of(place: Place, written: Timestamp, letter: &DeadLetter<'_>) -> Self {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Self {
            place,
            written,
            processor: letter.processor.to_owned(),
            processor_version: letter.processor_version.to_owned(),
            class: letter.class.symbol(),
            code: letter.code.to_owned(),
            message: letter.message.to_owned(),
            field: owned(letter.field),
            path: owned(letter.path),
            plant: owned(letter.plant),
            partner: owned(letter.partner),
            source: owned(source_of(letter)),
            event_id: owned(letter.event_id),
            correlation_id: owned(letter.correlation_id),
            record: Place { topic: letter.topic.to_owned(), partition: letter.partition, offset: letter.offset },
            index: letter.index,
            record_time: letter.record_time,
            raw: letter.raw.as_ref().map(|raw| Place { topic: raw.topic.to_owned(), partition: raw.partition, offset: raw.offset }.to_string()),
            value_bytes: letter.value.map(<[u8]>::len),
        }
    }

    /// A line of JSON, without its end.
    pub(super) fn json(&self) -> String {
        serde_json::to_string(self).expect("texts and numbers are always JSON")
    }
}

fn as_text<T: std::fmt::Display, S: serde::Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

#[cfg(test)]
pub(crate) mod tests {
    use lineside_schemas::records::{ErrorClass, Header, RawPosition};

    use super::*;

    /// 2026-11-20T08:00:01Z
    pub(crate) const WRITTEN: Timestamp = Timestamp::from_micros(1_795_161_601_000_000);

    /// A dead letter with everything in it.
    pub(crate) fn letter() -> DeadLetter<'static> {
        DeadLetter {
            processor: "normalizer",
            processor_version: "0.1.0",
            class: ErrorClass::DataQuality,
            code: "unknown-unit",
            message: "the unit `LBX` is in no table",
            field: Some("quantity"),
            path: Some("/components[2]/uom"),
            plant: Some("plant-a"),
            partner: Some("ACME"),
            event_id: Some("CON-82"),
            correlation_id: Some("plant-a/4711"),
            topic: "raw.plant-a.mes",
            partition: 2,
            offset: 1201,
            index: None,
            record_time: Timestamp::from_micros(1_795_161_600_000_000),
            raw: Some(RawPosition { topic: "raw.plant-a.mes", partition: 2, offset: 1201 }),
            key: Some(b"000001004711"),
            value: Some(br#"{"eventId":"CON-82"}"#),
            headers: vec![Header { key: "content-type", value: Some(b"application/json") }, Header { key: "trace", value: None }],
        }
    }

    pub(crate) fn listed(offset: i64, written: Timestamp) -> Letter {
        Letter::of(Place { topic: "dead-letter.normalizer".to_owned(), partition: 0, offset }, written, &letter())
    }

    #[test]
    fn says_everything_but_the_bytes() {
        let json = serde_json::to_value(listed(7, WRITTEN)).unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "place": "dead-letter.normalizer/0/7", "written": "2026-11-20T08:00:01Z", "processor": "normalizer", "processor_version": "0.1.0",
                "class": "DATA_QUALITY", "code": "unknown-unit", "message": "the unit `LBX` is in no table", "field": "quantity", "path": "/components[2]/uom",
                "plant": "plant-a", "partner": "ACME", "source": "plant-a.mes", "event_id": "CON-82", "correlation_id": "plant-a/4711",
                "record": "raw.plant-a.mes/2/1201", "index": null, "record_time": "2026-11-20T08:00:00Z", "raw": "raw.plant-a.mes/2/1201", "value_bytes": 20,
            })
        );
    }
}
