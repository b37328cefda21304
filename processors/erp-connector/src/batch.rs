//! Several documents in one call: JSON batch of `OData` v4. Each is on its own: what becomes of one says nothing about the others.

use lineside_outbound::{Call, Purpose, Reply};
use serde_json::{Map, Value, json};

use crate::dialect::file::Batch;
use crate::request::CallId;

/// Beginning of the id of a batch.
const PREFIX: &str = "batch:";

/// Id of the call that makes these.
#[must_use]
pub fn id_of(calls: &[(CallId, Call)]) -> String {
    let ids: Vec<String> = calls.iter().map(|(id, _)| id.to_string()).collect();
    format!("{PREFIX}{}", ids.join(","))
}

/// The calls that were made together; one, where it was not a batch.
#[must_use]
pub fn ids(id: &str) -> Vec<CallId> {
    id.strip_prefix(PREFIX).unwrap_or(id).split(',').filter_map(CallId::parse).collect()
}

/// One call of many.
#[must_use]
pub fn call_of(batch: &Batch, calls: &[(CallId, Call)]) -> Call {
    let requests: Vec<String> = calls
        .iter()
        .map(|(id, call)| {
            let mut headers: Map<String, Value> = call.headers.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
            headers.insert("Content-Type".to_owned(), Value::from("application/json"));
            // The body is written as it is, so that a decimal keeps every digit.
            let head = json!({ "id": id.to_string(), "method": "POST", "url": batch.url, "headers": headers }).to_string();
            format!("{},\"body\":{}}}", &head[..head.len() - 1], call.body.as_deref().unwrap_or("null"))
        })
        .collect();
    Call { purpose: Purpose::Book, path: batch.path.clone(), headers: Vec::new(), body: Some(format!("{{\"requests\":[{}]}}", requests.join(","))) }
}

/// What was said to each.
#[must_use]
pub fn replies(calls: Vec<CallId>, reply: &Reply) -> Vec<(CallId, Reply)> {
    let lost = |reason: &str| Reply::Lost { reason: reason.to_owned() };
    let shown = match reply {
        Reply::Answered { status: 200..300, body, .. } => serde_json::from_str::<Value>(body).unwrap_or_default(),
        // Nothing of it was looked at.
        Reply::Unsent { .. } | Reply::Answered { status: 429, .. } => return calls.into_iter().map(|id| (id, reply.clone())).collect(),
        Reply::Answered { .. } | Reply::Lost { .. } => return calls.into_iter().map(|id| (id, lost("the batch was not answered"))).collect(),
    };
    let of = |id: &CallId| {
        let id = id.to_string();
        let response = shown["responses"].as_array()?.iter().find(|response| response["id"] == id.as_str())?;
        let status = u16::try_from(response["status"].as_u64()?).ok()?;
        Some(Reply::Answered { status, retry_after: None, body: response.get("body").map(Value::to_string).unwrap_or_default() })
    };
    calls
        .into_iter()
        .map(|id| {
            let reply = of(&id).unwrap_or_else(|| lost("the batch's answer does not speak of it"));
            (id, reply)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Purpose as For;

    fn call(document: &str, body: &str) -> (CallId, Call) {
        let id = CallId { document: document.to_owned(), purpose: For::Attempt, number: 2 };
        (id, Call { purpose: Purpose::Book, path: "/x".to_owned(), headers: vec![("A".to_owned(), "b".to_owned())], body: Some(body.to_owned()) })
    }

    #[test]
    fn many_calls_are_one_and_each_gets_its_own_answer() {
        let calls = [call("d1", r#"{"q":0.123456789012345678901}"#), call("d2", "{}"), call("d3", "{}")];
        let batch = Batch { path: "/$batch".to_owned(), url: "Documents".to_owned(), most: 3 };
        let text = call_of(&batch, &calls).body.unwrap();
        assert!(text.contains(r#""body":{"q":0.123456789012345678901}"#), "{text}");
        let body: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            (&body["requests"][1]["id"], &body["requests"][1]["url"], &body["requests"][1]["headers"]["A"]),
            (&json!("attempt/2/d2"), &json!("Documents"), &json!("b"))
        );
        let made = ids(&id_of(&calls));
        assert_eq!(made, calls.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>());
        let body =
            json!({"responses": [{"id": "attempt/2/d3", "status": 400, "body": {"error": 1}}, {"id": "attempt/2/d1", "status": 201, "body": {"n": 7}}]}).to_string();
        let said: Vec<Reply> = replies(made.clone(), &Reply::Answered { status: 200, retry_after: None, body }).into_iter().map(|(_, reply)| reply).collect();
        assert_eq!(said[0], Reply::Answered { status: 201, retry_after: None, body: r#"{"n":7}"#.to_owned() });
        assert!(matches!((&said[1], &said[2]), (Reply::Lost { .. }, Reply::Answered { status: 400, .. })), "{said:?}");
        let of_all = |reply: Reply| replies(made.clone(), &reply).into_iter().map(|(_, reply)| reply).collect::<Vec<_>>();
        let unsent = Reply::Unsent { reason: "x".to_owned(), retry_after: None };
        assert_eq!(of_all(unsent.clone()), vec![unsent; 3]);
        assert!(of_all(Reply::Answered { status: 500, retry_after: None, body: String::new() }).iter().all(|reply| matches!(reply, Reply::Lost { .. })));
    }

    #[test]
    fn one_call_alone_is_no_batch() {
        assert_eq!(ids("attempt/2/d1").len(), 1);
    }
}
