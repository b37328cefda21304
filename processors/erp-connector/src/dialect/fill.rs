//! From a document to the call that books it or reads it back.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::file::{Field, FieldOf, Form};
use super::path::plain;
use super::{Dialect, Kind};
use crate::posting::Line;
use lineside_outbound::{Call, Purpose};

/// A document that the dialect has no words for: a code that is in none of its tables, or a field that is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct Unmappable {
    /// The ERP's field.
    pub field: String,
    /// Why.
    pub reason: String,
}

/// What names in a dialect stand for.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    element: Option<&'a Map<String, Value>>,
    document: &'a Map<String, Value>,
    key: &'a str,
    attempt: u32,
    sent_at: &'a str,
    open: &'a [i32],
}

impl Scope<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        match name {
            "key" => Some(Value::from(self.key)),
            "attempt" => Some(Value::from(self.attempt)),
            "sent_at" => Some(Value::from(self.sent_at)),
            _ => {
                let (first, rest) = name.split_once('.').map_or((name, None), |(first, rest)| (first, Some(rest)));
                let value = self.element.and_then(|element| element.get(first)).or_else(|| self.document.get(first));
                rest.map_or(value, |rest| value.and_then(|value| value.get(rest))).cloned()
            }
        }
        .filter(|value| !value.is_null())
    }

    /// The text of a template; none if something in it is null.
    fn fill(&self, template: &str, encode: fn(&str) -> String) -> Option<String> {
        let mut out = String::with_capacity(template.len() + 32);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after.split_once('}')?;
            out.push_str(before);
            out.push_str(&encode(&plain(&self.value(name)?)?));
            rest = behind;
        }
        out.push_str(rest);
        Some(out)
    }
}

/// Names in a template.
pub(super) fn names(template: &str) -> Option<Vec<&str>> {
    let mut names = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}')?;
        if before.contains('}') || name.is_empty() {
            return None;
        }
        names.push(name);
        rest = behind;
    }
    (!rest.contains('}')).then_some(names)
}

/// Whether a document cancels another of the ERP. A material document that reverses one is posted with the opposite movement types, line by line, and so is an ordinary one.
pub(crate) fn cancels(kind: Kind, document: &Map<String, Value>) -> bool {
    kind == Kind::Confirmation && document.get("reverses").is_some_and(|reverses| !reverses.is_null())
}

impl Dialect {
    /// The idempotency key of a document.
    ///
    /// # Errors
    /// When the document has no value for it.
    pub fn key(&self, kind: Kind, document: &Map<String, Value>) -> Result<String, Unmappable> {
        let scope = Scope { element: None, document, key: "", attempt: 0, sent_at: "", open: &[] };
        let value = self.scalar(&self.of(kind).key, scope, "key")?.and_then(|value| plain(&value));
        value.filter(|key| !key.is_empty()).ok_or_else(|| Unmappable { field: "key".to_owned(), reason: "the document has no value for it".to_owned() })
    }

    /// The call that books the open lines of a document; `sent_at` is the time of this attempt, as HTTP writes it.
    ///
    /// # Errors
    /// When the dialect has no words for something in it.
    pub fn post(&self, kind: Kind, document: &Map<String, Value>, lines: &[Line], attempt: u32, sent_at: &str) -> Result<Call, Unmappable> {
        let key = self.key(kind, document)?;
        let open: Vec<i32> = lines.iter().filter(|line| !line.fate.is_settled()).map(|line| line.line).collect();
        let scope = Scope { element: None, document, key: &key, attempt, sent_at, open: &open };
        let spec = self.of(kind);
        let post = match (&spec.cancel, cancels(kind, document)) {
            (Some(cancel), true) => cancel,
            (None, true) => return Err(Unmappable { field: "reverses".to_owned(), reason: format!("dialect {} cannot cancel a document", self.file.dialect) }),
            (_, false) => &spec.post,
        };
        let mut headers = Vec::new();
        for (name, field) in &self.file.headers {
            if let Some(value) = self.scalar(field, scope, name)?.and_then(|value| plain(&value)) {
                headers.push((name.clone(), value));
            }
        }
        let path = scope.fill(&post.path, percent).ok_or_else(|| Unmappable { field: "path".to_owned(), reason: "a field in it is null".to_owned() })?;
        Ok(Call { purpose: Purpose::Book, path, headers, body: Some(self.object(&post.body, scope)?) })
    }

    /// The call that reads a document back by its key; none where the dialect cannot.
    ///
    /// # Errors
    /// When the document has no key.
    pub fn read(&self, kind: Kind, document: &Map<String, Value>) -> Result<Option<Call>, Unmappable> {
        let Some(read) = &self.of(kind).read else { return Ok(None) };
        let key = self.key(kind, document)?;
        let scope = Scope { element: None, document, key: &key, attempt: 0, sent_at: "", open: &[] };
        let path = scope.fill(&read.path, percent).ok_or_else(|| Unmappable { field: "path".to_owned(), reason: "a field in it is null".to_owned() })?;
        Ok(Some(Call { purpose: Purpose::Read, path, headers: Vec::new(), body: None }))
    }

    /// What a line of ours is known by in an answer.
    pub(super) fn line_id(template: &str, document: &Map<String, Value>, element: &Map<String, Value>, key: &str) -> Option<String> {
        Scope { element: Some(element), document, key, attempt: 0, sent_at: "", open: &[] }.fill(template, str::to_owned)
    }

    fn object(&self, fields: &BTreeMap<String, Field>, scope: Scope<'_>) -> Result<String, Unmappable> {
        let mut out = String::from("{");
        for (name, field) in fields {
            let Some(value) = self.json(field, scope, name)? else { continue };
            if out.len() > 1 {
                out.push(',');
            }
            out.push_str(&Value::from(name.as_str()).to_string());
            out.push(':');
            out.push_str(&value);
        }
        out.push('}');
        Ok(out)
    }

    /// JSON text of a field. Written by hand, so that a decimal keeps every digit.
    fn json(&self, field: &Field, scope: Scope<'_>, name: &str) -> Result<Option<String>, Unmappable> {
        match field {
            Field::Each(each) => {
                let list = scope.document.get(&each.each).and_then(Value::as_array);
                let mut objects = Vec::new();
                for element in list.into_iter().flatten().filter_map(Value::as_object) {
                    // Lines that the ERP has already are not sent again.
                    let number = element.get("item").and_then(Value::as_i64).and_then(|number| i32::try_from(number).ok());
                    if number.is_none_or(|number| scope.open.contains(&number)) {
                        objects.push(self.object(&each.with, Scope { element: Some(element), ..scope })?);
                    }
                }
                Ok(Some(format!("[{}]", objects.join(","))))
            }
            Field::Of(FieldOf { form: Form::Number, .. }) => {
                let Some(value) = self.scalar(field, scope, name)? else { return Ok(None) };
                let text = plain(&value).unwrap_or_default();
                let is_number = serde_json::from_str::<serde_json::Number>(&text).is_ok();
                if is_number { Ok(Some(text)) } else { Err(Unmappable { field: name.to_owned(), reason: format!("`{text}` is no number") }) }
            }
            _ => Ok(self.scalar(field, scope, name)?.map(|value| value.to_string())),
        }
    }

    fn scalar(&self, field: &Field, scope: Scope<'_>, name: &str) -> Result<Option<Value>, Unmappable> {
        match field {
            Field::Name(field) => Ok(scope.value(field)),
            Field::Constant(constant) => Ok(Some(constant.constant.clone())),
            Field::Template(template) => Ok(scope.fill(&template.template, str::to_owned).map(Value::from)),
            Field::Each(_) => Ok(None),
            Field::Of(of) => {
                let Some(mut value) = scope.value(&of.field) else { return Ok(of.or.clone()) };
                if let Some(table) = &of.table {
                    let code = plain(&value).unwrap_or_default();
                    let translated = self.file.tables.get(table).and_then(|table| table.get(&code));
                    value = Value::from(
                        translated
                            .ok_or_else(|| Unmappable {
                                field: name.to_owned(),
                                reason: format!("table `{table}` of dialect {} has no code `{code}`", self.file.dialect),
                            })?
                            .as_str(),
                    );
                }
                if of.form == Form::Guid {
                    let hex = plain(&value).unwrap_or_default();
                    value = Value::from(guid(&hex).ok_or_else(|| Unmappable { field: name.to_owned(), reason: format!("`{hex}` is not 32 hexadecimal digits") })?);
                }
                if let Some(most) = of.take {
                    value = Value::from(plain(&value).unwrap_or_default().chars().take(most).collect::<String>());
                }
                Ok(Some(value))
            }
        }
    }
}

fn guid(hex: &str) -> Option<String> {
    let whole = hex.len() == 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    whole.then(|| [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-"))
}

/// Percent-encodes what is not unreserved (RFC 3986).
fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Into a text that cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
