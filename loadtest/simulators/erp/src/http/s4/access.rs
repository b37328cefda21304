//! Access tokens, sessions and CSRF tokens.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, COOKIE, SET_COOKIE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

use super::super::Shared;
use super::super::answer::Answer;
use super::super::calls::outage;

const CSRF: HeaderName = HeaderName::from_static("x-csrf-token");
const SESSION_COOKIE: &str = "SAP_SESSIONID_S4_100";
/// Tokens, and sessions, that are kept at most; the next one begins anew.
const MAX_KEPT: usize = 10_000;

/// Who may come in.
#[derive(Debug, Default)]
pub(crate) struct Access(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    tokens: HashMap<String, Instant>,
    sessions: HashMap<String, Session>,
    given: u64,
    secrets: RandomState,
}

#[derive(Debug)]
struct Session {
    token: String,
    used: Instant,
}

impl Known {
    /// A name that nobody can guess. Good enough for a simulator on the machine's own address.
    fn secret(&mut self) -> String {
        self.given += 1;
        format!("{:016x}{:016x}", self.secrets.hash_one((self.given, 1)), self.secrets.hash_one((self.given, 2)))
    }
}

impl Access {
    /// Forgets every session, as an ERP does that was moved to another server.
    pub fn forget(&self) {
        self.known().sessions.clear();
    }

    /// What is answered to a call that may not come in.
    pub fn refuses(&self, headers: &HeaderMap, writes: bool, session_ttl: Duration) -> Option<Answer> {
        let mut known = self.known();
        let bearer = text(headers, &AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
        if bearer.and_then(|token| known.tokens.get(token)).is_none_or(|until| *until <= Instant::now()) {
            return Some(Answer::empty(StatusCode::UNAUTHORIZED).with(WWW_AUTHENTICATE, "Bearer error=\"invalid_token\""));
        }
        if !writes {
            return None;
        }
        let session = session_id(headers).and_then(|id| known.sessions.get_mut(id)).filter(|session| session.used.elapsed() < session_ttl);
        match session {
            Some(session) if text(headers, &CSRF) == Some(session.token.as_str()) => {
                session.used = Instant::now();
                None
            }
            _ => Some(no_token()),
        }
    }

    /// The answer, with a session and its token if the caller fetches one.
    pub fn fetch(&self, headers: &HeaderMap, answer: Answer, session_ttl: Duration) -> Answer {
        if !text(headers, &CSRF).is_some_and(|value| value.eq_ignore_ascii_case("fetch")) {
            return answer;
        }
        let mut known = self.known();
        if known.sessions.len() >= MAX_KEPT {
            known.sessions.retain(|_, session| session.used.elapsed() < session_ttl);
            if known.sessions.len() >= MAX_KEPT {
                known.sessions.clear();
            }
        }
        let kept = session_id(headers).and_then(|id| Some((id.to_owned(), known.sessions.get(id).filter(|session| session.used.elapsed() < session_ttl)?.token.clone())));
        let (id, token) = kept.unwrap_or_else(|| (known.secret(), known.secret()));
        known.sessions.insert(id.clone(), Session { token: token.clone(), used: Instant::now() });
        answer.with(CSRF, token).with(SET_COOKIE, format!("{SESSION_COOKIE}={id}; Path=/; HttpOnly"))
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is answered to a request to book without a session.
pub(crate) fn no_token() -> Answer {
    let body = json!({"error": {"code": "/IWFND/CM_MGW/096", "message": "CSRF token validation failed"}});
    Answer::json(StatusCode::FORBIDDEN, &body).with(CSRF, "Required")
}

/// `POST /oauth2/token`: client credentials, in the Authorization header or in the form.
pub(super) async fn token(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    if let Some(outcome) = outage(&shared) {
        // Whoever closes connections does it elsewhere: here it is unavailable.
        return outcome.answer.into_response();
    }
    let form: HashMap<String, String> = form_urlencoded::parse(&body).into_owned().collect();
    let basic = text(&headers, &AUTHORIZATION).and_then(|value| value.strip_prefix("Basic ")).and_then(|value| BASE64_STANDARD.decode(value).ok());
    let basic = basic.and_then(|bytes| String::from_utf8(bytes).ok()).and_then(|pair| pair.split_once(':').map(|(id, secret)| (id.to_owned(), secret.to_owned())));
    let given = basic.or_else(|| Some((form.get("client_id")?.clone(), form.get("client_secret")?.clone())));
    let own = (shared.options.client_id.clone(), shared.options.client_secret.clone());
    let failed = |status, error: &str| Answer::json(status, &json!({"error": error})).into_response();
    if given != Some(own) {
        return failed(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    if form.get("grant_type").map(String::as_str) != Some("client_credentials") {
        return failed(StatusCode::BAD_REQUEST, "unsupported_grant_type");
    }
    let ttl = shared.options.token_ttl;
    let mut known = shared.access.known();
    if known.tokens.len() >= MAX_KEPT {
        let now = Instant::now();
        known.tokens.retain(|_, until| *until > now);
    }
    let token = known.secret();
    known.tokens.insert(token.clone(), Instant::now() + ttl);
    let body = json!({"access_token": token, "token_type": "Bearer", "expires_in": ttl.as_secs()});
    Answer::json(StatusCode::OK, &body).with(CACHE_CONTROL, "no-store").into_response()
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn session_id(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
    cookies.filter_map(|cookie| cookie.trim().split_once('=')).find(|(name, _)| *name == SESSION_COOKIE).map(|(_, id)| id)
}
