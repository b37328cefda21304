//! `OAuth2` client credentials (RFC 6749, 4.4): a token, fetched when there is none, renewed before it expires and when it was not taken.
//!
//! One form is posted and one answer read; the `oauth2` crate would bring another HTTP layer, a clock and a random source for that.

use std::time::{Duration, Instant};

use lineside_runtime::settings::Secret;
use reqwest::{Client, Url};
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::body;

const BODY_MOST: usize = 64 * 1024;
/// How long a token is used whose answer does not say how long it is good for.
const UNSAID: Duration = Duration::from_mins(5);

/// Where tokens are given, and to whom.
#[derive(Debug)]
pub(crate) struct Tokens {
    pub(crate) address: Url,
    pub(crate) client: String,
    pub(crate) secret: Secret,
    pub(crate) scope: Option<String>,
    pub(crate) held: Mutex<Option<Held>>,
}

pub(crate) struct Held {
    token: Secret,
    renew_at: Instant,
}

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Held(***)")
    }
}

#[derive(Deserialize)]
struct Given {
    access_token: String,
    #[serde(default)]
    expires_in: Option<u64>,
}

impl Tokens {
    /// A token that is good for a while yet. `refused` is one that was not taken. One request at a time, whoever waits for it.
    pub(crate) async fn get(&self, http: &Client, refused: Option<&Secret>) -> Result<Secret, String> {
        let mut held = self.held.lock().await;
        if let Some(Held { token, renew_at }) = &*held
            && Some(token) != refused
            && Instant::now() < *renew_at
        {
            return Ok(token.clone());
        }
        *held = None;
        let mut form = vec![("grant_type", "client_credentials")];
        form.extend(self.scope.as_deref().map(|scope| ("scope", scope)));
        let request = http.post(self.address.clone()).basic_auth(&self.client, Some(self.secret.reveal()));
        let request = request.header("Content-Type", "application/x-www-form-urlencoded").header("Accept", "application/json").body(encoded(&form));
        let response = request.send().await.map_err(|error| body::plain(&error))?;
        let status = response.status();
        let text = body::read(response, BODY_MOST).await?;
        if !status.is_success() {
            return Err(format!("the token endpoint answers {status}"));
        }
        // serde's words would quote the answer.
        let given: Given = serde_json::from_str(&text).map_err(|_| "the token endpoint's answer is not a token".to_owned())?;
        let good_for = given.expires_in.map_or(UNSAID, Duration::from_secs);
        let token = Secret::from(given.access_token.as_str());
        *held = Some(Held { token: token.clone(), renew_at: Instant::now() + good_for.mul_f64(0.8) });
        Ok(token)
    }
}

fn encoded(form: &[(&str, &str)]) -> String {
    let mut url = Url::parse("form:/").expect("it is an address");
    url.query_pairs_mut().extend_pairs(form);
    url.query().unwrap_or_default().to_owned()
}
