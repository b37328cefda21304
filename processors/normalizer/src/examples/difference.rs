//! In what two JSON values differ, a line for each place.

use serde_json::Value;

/// Characters of a value that a line shows.
const SHOWN_CHARS: usize = 200;

/// Every place where what was found is not what was expected: `events[0].lot: "B", expected "A"`.
pub(super) fn differences(found: &Value, expected: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    collect(Some(found), Some(expected), "", &mut lines);
    lines
}

fn collect(found: Option<&Value>, expected: Option<&Value>, path: &str, lines: &mut Vec<String>) {
    match (found, expected) {
        (Some(found), Some(expected)) if found == expected => {}
        (Some(Value::Object(found)), Some(Value::Object(expected))) => {
            let separator = if path.is_empty() { "" } else { "." };
            for name in expected.keys().chain(found.keys().filter(|name| !expected.contains_key(*name))) {
                collect(found.get(name), expected.get(name), &format!("{path}{separator}{name}"), lines);
            }
        }
        (Some(Value::Array(found)), Some(Value::Array(expected))) => {
            for index in 0..found.len().max(expected.len()) {
                collect(found.get(index), expected.get(index), &format!("{path}[{index}]"), lines);
            }
        }
        (Some(found), Some(expected)) => lines.push(format!("{path}: {}, expected {}", shown(found), shown(expected))),
        (Some(found), None) => lines.push(format!("{path}: {}, expected nothing", shown(found))),
        (None, Some(expected)) => lines.push(format!("{path}: nothing, expected {}", shown(expected))),
        (None, None) => {}
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_place_is_named_with_what_is_there_and_what_should_be() {
        let expected = json!({"events": [{"gone": 1, "lot": "A", "same": [1, 2]}, {"lot": "B"}]});
        let found = json!({"events": [{"lot": "X", "same": [1, 2], "new": {"a": true}}], "more": 1});
        assert_eq!(
            differences(&found, &expected),
            [
                "events[0].gone: nothing, expected 1",
                "events[0].lot: \"X\", expected \"A\"",
                "events[0].new: {\"a\":true}, expected nothing",
                "events[1]: nothing, expected {\"lot\":\"B\"}",
                "more: 1, expected nothing",
            ]
        );
        assert_eq!(differences(&expected, &expected), [""; 0]);
        assert_eq!(differences(&json!("x".repeat(500)), &json!(1))[0].len(), 2 + SHOWN_CHARS + 3 + ", expected 1".len());
    }
}
