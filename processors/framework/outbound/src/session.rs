//! Tokens against cross-site request forgery, as SAP's OData services ask for: fetched with `Fetch`, good for the session whose cookies come with it.

use reqwest::header::{HeaderMap, HeaderValue, SET_COOKIE};
use reqwest::{RequestBuilder, Url};
use tokio::sync::Mutex;

/// Where it is fetched.
#[derive(Debug)]
pub(crate) struct Sessions {
    pub(crate) address: Url,
    pub(crate) header: String,
    pub(crate) held: Mutex<Option<Session>>,
}

/// A session with a server. Its printed form shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Session {
    token: HeaderValue,
    cookies: String,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Session(***)")
    }
}

impl Session {
    /// The session that an answer to `Fetch` opens. One server is spoken to, so a cookie's own path and domain say nothing more.
    pub(crate) fn of(header: &str, headers: &HeaderMap) -> Option<Self> {
        let mut token = headers.get(header)?.clone();
        token.set_sensitive(true);
        let pair = |value: &HeaderValue| Some(value.to_str().ok()?.split(';').next()?.trim().to_owned());
        let cookies: Vec<String> = headers.get_all(SET_COOKIE).iter().filter_map(pair).collect();
        Some(Self { token, cookies: cookies.join("; ") })
    }

    /// Puts it on a request.
    pub(crate) fn on(&self, header: &str, request: RequestBuilder) -> RequestBuilder {
        let request = request.header(header, self.token.clone());
        match HeaderValue::from_str(&self.cookies) {
            Ok(mut cookies) if !self.cookies.is_empty() => {
                cookies.set_sensitive(true);
                request.header("Cookie", cookies)
            }
            _ => request,
        }
    }
}

/// Whether an answer says that the session is over: nothing was done then.
pub(crate) fn is_required(header: &str, status: u16, headers: &HeaderMap) -> bool {
    status == 403 && headers.get(header).and_then(|value| value.to_str().ok()).is_some_and(|value| value.eq_ignore_ascii_case("required"))
}
