//! Places in an answer: names with `/` between them, `*` for every element of a list.

use serde_json::Value;

/// What stands at `path`; of a list, what stands in its first element that has it.
pub(super) fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    let mut first = None;
    each(value, path, &mut |found| {
        first = first.or(Some(found));
    });
    first
}

/// Whether something at `path` is as asked.
pub(super) fn any(value: &Value, path: &str, fits: impl Fn(&Value) -> bool) -> bool {
    let mut any = false;
    each(value, path, &mut |found| any |= fits(found));
    any
}

fn each<'v>(value: &'v Value, path: &str, visit: &mut impl FnMut(&'v Value)) {
    if path.is_empty() {
        return visit(value);
    }
    let (name, rest) = path.split_once('/').unwrap_or((path, ""));
    if name == "*" {
        for element in value.as_array().into_iter().flatten() {
            each(element, rest, visit);
        }
    } else if let Some(member) = value.get(name) {
        each(member, rest, visit);
    }
}

/// A value as a text: what is null, empty or all zeros is none, as ERPs write a number that there is not.
pub(super) fn text(value: Option<&Value>) -> Option<String> {
    let text = plain(value?)?;
    (!text.is_empty() && text.bytes().any(|byte| byte != b'0')).then_some(text)
}

/// A value as a text.
pub(super) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_leads_through_members_and_lists() {
        let value = json!({"a": {"b": [{"c": false}, {"c": true}, {}]}, "n": 7});
        assert_eq!(at(&value, "a/b/*/c"), Some(&json!(false)));
        assert!(any(&value, "a/b/*/c", |found| found == &json!(true)));
        assert_eq!(at(&value, ""), Some(&value));
        assert_eq!((at(&value, "a/x"), at(&value, "n/x")), (None, None));
    }

    #[test]
    fn what_stands_for_no_number_is_none() {
        let texts = [json!(""), json!("0000"), json!(null), json!("0010"), json!(17)].map(|value| text(Some(&value)));
        assert_eq!(texts, [None, None, None, Some("0010".to_owned()), Some("17".to_owned())]);
    }
}
