//! What a document becomes, as JSON: `{"events": [...]}`, `{"refused": {...}}` or `{"waits": {...}}`.

use lineside_api::{RawRecord, Refusal};
use lineside_schemas::json::{self, JsonError};
use serde_json::{Map, Value, json};

use super::INGEST_TIME;
use crate::apply::{Applied, Scratch};
use crate::limits::Limits;
use crate::mapping::Plan;
use crate::master::MasterData;

/// What becomes of a document that comes first on its topic. Events are whole records of their contracts, without what is absent.
///
/// # Errors
/// [`JsonError`] where an event is no Avro of its contract: an error of this program.
pub fn outcome(plan: &Plan, document: &[u8], master: &dyn MasterData) -> Result<Value, JsonError> {
    let record = RawRecord { topic: plan.topic(), partition: 0, offset: 0, index: None, time: INGEST_TIME, key: None, value: Some(document), headers: &[] };
    match plan.apply_with(&record, &Limits::DEFAULT, &mut Scratch::default(), master) {
        Err(refusal) => Ok(json!({"refused": refused(&refusal)})),
        Ok(applied) if applied.missing.is_empty() => {
            let shown = applied.events.iter().map(|event| json::to_json(event.contract.schema_text(), event.datum).map(without_nulls));
            Ok(json!({"events": shown.collect::<Result<Vec<_>, _>>()?}))
        }
        Ok(applied) => Ok(json!({"waits": waits(&applied)})),
    }
}

fn refused(refusal: &Refusal) -> Value {
    let optional = [
        ("field", &refusal.field),
        ("path", &refusal.path),
        ("plant", &refusal.plant),
        ("partner", &refusal.partner),
        ("event_id", &refusal.event_id),
        ("correlation_id", &refusal.correlation_id),
    ];
    let always = [("class", refusal.class.symbol().into()), ("code", refusal.code.into()), ("message", refusal.message.as_str().into())];
    let there = optional.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?.into())));
    always.into_iter().chain(there).map(|(name, value): (&str, Value)| (name.to_owned(), value)).collect::<Map<_, _>>().into()
}

fn waits(applied: &Applied<'_>) -> Value {
    let missing = applied.missing.iter().map(|missing| {
        let key = &missing.key;
        format!("{} {}/{} in {} at {}", key.entity.name(), key.scheme, key.id, key.plant, missing.at)
    });
    let aggregates = applied.aggregates.iter().map(|aggregate| format!("{} {}", aggregate.topic, aggregate.key.as_deref().unwrap_or("?")));
    json!({"missing": missing.collect::<Vec<_>>(), "aggregates": aggregates.collect::<Vec<_>>()})
}

/// Absent and null are the same.
pub(super) fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            members.into_iter().filter(|(_, member)| !member.is_null()).map(|(name, member)| (name, without_nulls(member))).collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        scalar => scalar,
    }
}
