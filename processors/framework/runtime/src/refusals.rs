//! Which refusals are logged: a poisoned topic must not fill the logs, nor may the first of its records go unnoticed.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use lineside_api::{RawRecord, Refusal};
use lineside_topology::ProcessorSpec;

use crate::panics::Panic;

/// A code is logged once in this time.
const QUIET: Duration = Duration::from_secs(10);

/// The codes that a processor refused records with. Every refusal is in the dead letters and counted; of each code one in a while is logged.
#[derive(Debug, Default)]
pub struct RefusalLog {
    codes: HashMap<&'static str, Seen>,
}

#[derive(Debug)]
struct Seen {
    logged: Instant,
    unlogged: u64,
}

impl RefusalLog {
    /// A record was refused with this code at `now`. If that is to be logged, gives how many were not since the last that was.
    pub fn note(&mut self, code: &'static str, now: Instant) -> Option<u64> {
        let Some(seen) = self.codes.get_mut(code) else {
            self.codes.insert(code, Seen { logged: now, unlogged: 0 });
            return Some(0);
        };
        if now.saturating_duration_since(seen.logged) < QUIET {
            seen.unlogged += 1;
            return None;
        }
        seen.logged = now;
        Some(std::mem::take(&mut seen.unlogged))
    }
}

/// Says which record was refused and why. `unlogged` records were refused with the same code since the last line about it.
pub fn log_refusal(spec: &ProcessorSpec, raw: &RawRecord<'_>, refusal: &Refusal, correlation_id: Option<&str>, panic: Option<&Panic>, unlogged: u64) {
    let RawRecord { topic, partition, offset, index, .. } = raw;
    let (processor, class, code) = (spec.name, refusal.class.symbol(), refusal.code);
    if let Some(Panic { message, location }) = panic {
        tracing::error!(processor, topic, partition, offset, index, correlation_id, class, code, unlogged, panic = message, location, "record refused");
    } else {
        tracing::warn!(processor, topic, partition, offset, index, correlation_id, class, code, unlogged, reason = refusal.message, "record refused");
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use lineside_api::Timestamp;
    use lineside_topology::processors::DEDUPLICATOR;
    use serde_json::{Value, json};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// What a line says, but for its time.
    fn logged(log: impl FnOnce()) -> Value {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt().json().flatten_event(true).with_writer(move || writer.clone()).finish();
        tracing::subscriber::with_default(subscriber, log);
        let mut line: Value = serde_json::from_slice(&lines.0.lock().unwrap()).unwrap();
        line.as_object_mut().unwrap().remove("timestamp");
        line
    }

    #[test]
    fn a_refused_record_and_one_that_broke_the_processor_are_named() {
        let raw = RawRecord { topic: "normalized", partition: 3, offset: 42, index: Some(7), time: Timestamp::EPOCH, key: None, value: None, headers: &[] };
        let refusal = Refusal::data_quality("too-late", "older than the window");
        let common = json!({
            "target": "lineside_runtime::refusals", "message": "record refused", "processor": "deduplicator", "class": "DATA_QUALITY", "code": "too-late",
            "topic": "normalized", "partition": 3, "offset": 42, "index": 7, "unlogged": 5,
        });
        let with = |more: Value| {
            let mut line = common.clone();
            line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            line
        };
        let line = logged(|| log_refusal(&DEDUPLICATOR, &raw, &refusal, Some("plant-a/1"), None, 5));
        assert_eq!(line, with(json!({ "level": "WARN", "correlation_id": "plant-a/1", "reason": "older than the window" })));
        let panic = Panic { message: "index out of bounds".to_owned(), location: Some("src/decision.rs:7:1".to_owned()) };
        let line = logged(|| log_refusal(&DEDUPLICATOR, &raw, &refusal, None, Some(&panic), 5));
        assert_eq!(line, with(json!({ "level": "ERROR", "panic": "index out of bounds", "location": "src/decision.rs:7:1" })));
    }

    #[test]
    fn each_code_is_logged_at_once_and_then_once_in_a_while_with_what_was_left_out() {
        let mut log = RefusalLog::default();
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(log.note("invalid-json", at(0)), Some(0));
        assert_eq!((log.note("invalid-json", at(1)), log.note("invalid-json", at(9))), (None, None));
        assert_eq!(log.note("too-late", at(9)), Some(0));
        assert_eq!(log.note("invalid-json", at(10)), Some(2));
        assert_eq!((log.note("invalid-json", at(19)), log.note("invalid-json", at(20))), (None, Some(1)));
    }
}
