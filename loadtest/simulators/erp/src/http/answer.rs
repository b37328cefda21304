//! Answers before they are on the wire, so that a batch can hold several.

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub status: StatusCode,
    pub headers: Vec<(HeaderName, String)>,
    pub body: String,
}

impl Answer {
    /// JSON with that status.
    pub fn json(status: StatusCode, body: &impl Serialize) -> Self {
        // Answers are made of strings, numbers and flags: they always have a JSON form.
        Self { status, headers: vec![(CONTENT_TYPE, "application/json".to_owned())], body: serde_json::to_string(body).unwrap_or_default() }
    }

    /// No body.
    pub fn empty(status: StatusCode) -> Self {
        Self { status, headers: Vec::new(), body: String::new() }
    }

    /// With a header more.
    pub fn with(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.body).into_response();
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}
