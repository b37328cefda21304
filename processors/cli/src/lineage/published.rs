//! An event as it stands on its topic, read by the schema that it was written with.

use serde_json::Value;

use crate::dead_letters::place::Place;

/// An event, and what its envelope says of its origin.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// Where it stands.
    pub place: Place,
    /// The whole event.
    pub view: Value,
    /// Its id within the source.
    pub event_id: String,
    /// Name and version of the mapping that made it.
    pub mapping_version: String,
    /// Where its raw record stands.
    pub raw: Place,
}

impl Published {
    /// The event of that view; `None` where it has no envelope: it is no canonical event.
    #[must_use]
    pub fn of(place: Place, view: Value) -> Option<Self> {
        let envelope = view.get("envelope")?;
        let text = |name: &str| envelope.get(name)?.as_str().map(str::to_owned);
        let raw = envelope.get("raw")?;
        let raw = Place {
            topic: raw.get("topic")?.as_str()?.to_owned(),
            partition: i32::try_from(raw.get("partition")?.as_i64()?).ok()?,
            offset: raw.get("offset")?.as_i64()?,
        };
        let (event_id, mapping_version) = (text("event_id")?, text("mapping_version")?);
        Some(Self { place, view, event_id, mapping_version, raw })
    }

    /// Fields that have another value, or one where the other has none. What says nothing (null, an empty list) is absent: a contract may have gained fields since.
    #[must_use]
    pub fn differing(&self, made: &Value) -> Vec<String> {
        let mut fields = Vec::new();
        compare(&self.view, made, "", &mut fields);
        fields
    }
}

fn compare(one: &Value, other: &Value, path: &str, fields: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(members), Value::Object(others)) => {
            let names = members.keys().chain(others.keys().filter(|name| !members.contains_key(*name)));
            for name in names {
                let separator = if path.is_empty() { "" } else { "." };
                let [one, other] = [members, others].map(|members| members.get(name).unwrap_or(&Value::Null));
                compare(one, other, &format!("{path}{separator}{name}"), fields);
            }
        }
        (Value::Array(items), Value::Array(others)) if items.len() == others.len() => {
            for (index, (one, other)) in items.iter().zip(others).enumerate() {
                compare(one, other, &format!("{path}[{index}]"), fields);
            }
        }
        (one, other) if one == other || (says_nothing(one) && says_nothing(other)) => {}
        _ => fields.push(path.to_owned()),
    }
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn published(view: Value) -> Option<Published> {
        Published::of("canonical.production.v1/0/3".parse().unwrap(), view)
    }

    #[test]
    fn its_envelope_says_where_it_comes_from() {
        let view = json!({"envelope": {"event_id": "A", "mapping_version": "plant-a.mes/1", "raw": {"topic": "raw.plant-a.mes", "partition": 1, "offset": 42}}});
        let found = published(view).unwrap();
        assert_eq!((found.event_id.as_str(), found.mapping_version.as_str(), found.raw.to_string().as_str()), ("A", "plant-a.mes/1", "raw.plant-a.mes/1/42"));
        for view in
            [json!({}), json!({"envelope": {}}), json!({"envelope": {"event_id": "A", "mapping_version": "m/1", "raw": {"topic": "t", "partition": "0", "offset": 1}}})]
        {
            assert_eq!(published(view), None);
        }
    }

    #[test]
    fn what_differs_is_named_and_what_says_nothing_is_absent() {
        let view = |more: Value| {
            let mut view =
                json!({"envelope": {"event_id": "A", "mapping_version": "m/1", "raw": {"topic": "t", "partition": 0, "offset": 1}}, "a": {"b": [1, {"c": "x"}]}});
            view.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            view
        };
        let differing = |made: Value| published(view(json!({"old": null, "list": []}))).unwrap().differing(&view(made));
        assert_eq!(differing(json!({"new": null})), [""; 0]);
        assert_eq!(differing(json!({"a": {"b": [1, {"c": "y"}]}, "new": 1})), ["a.b[1].c", "new"]);
        assert_eq!(differing(json!({"a": {"b": [1]}})), ["a.b"]);
    }
}
