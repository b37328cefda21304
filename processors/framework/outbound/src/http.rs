//! Calls over HTTP.

use std::path::PathBuf;
use std::time::Duration;

use lineside_api::Timestamp;
use lineside_runtime::settings::Secret;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, RequestBuilder, Response, Url};
use tokio::sync::{Mutex, Semaphore};

use crate::body;
use crate::call::{Call, Purpose, Reply};
use crate::retry_after;
use crate::session::{Session, Sessions, is_required};
use crate::token::Tokens;

/// A server and how it is spoken to.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// Address that paths stand below.
    pub address: String,
    /// Who the client is.
    pub credentials: Credentials,
    /// Where a token against cross-site request forgery is fetched, where the server asks for one.
    pub csrf: Option<Csrf>,
    /// Connections at a time.
    pub connections: usize,
    /// How long making one may take.
    pub connect_timeout: Duration,
    /// Longest answer that is read, in bytes.
    pub answer_bytes: usize,
    /// Certificates of the authorities that sign the server's, PEM; the system's where none is given.
    pub ca_file: Option<PathBuf>,
    /// The client's own certificate and its key, PEM (PKCS #8).
    pub identity: Option<(PathBuf, PathBuf)>,
}

/// Who the client is.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// Nobody, or the holder of a certificate.
    None,
    /// A client of `OAuth2`.
    Oauth2 {
        /// Path below the address, or an address.
        token: String,
        /// Client id.
        client: String,
        /// Its secret.
        secret: Secret,
        /// Scope to ask for.
        scope: Option<String>,
    },
    /// Who knows a key.
    ApiKey {
        /// Header that it goes into.
        header: String,
        /// The key.
        key: Secret,
    },
    /// A user.
    Basic {
        /// Name.
        user: String,
        /// Password.
        password: Secret,
    },
}

/// Where a token against cross-site request forgery is fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Csrf {
    /// Path below the address.
    pub path: String,
    /// Header of the token.
    pub header: String,
}

/// Why calls cannot be made at all. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpError(pub String);

impl std::fmt::Display for HttpError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for HttpError {}

/// A client of one server.
#[derive(Debug)]
pub struct Http {
    address: Url,
    client: Client,
    who: Who,
    sessions: Option<Sessions>,
    slots: Semaphore,
    answer_bytes: usize,
}

#[derive(Debug)]
enum Who {
    Nobody,
    Token(Tokens),
    Key(String, HeaderValue),
    User(String, Secret),
}

/// What a request has to show, as far as it was fetched.
struct Shown {
    token: Option<Secret>,
    session: Option<Session>,
}

/// How one try of a call ended.
enum Tried {
    Done(Reply),
    /// It was not let in: nothing was done. The reply, should it not be let in again.
    NotLetIn(Shown, String),
}

impl Http {
    /// A client; nothing is sent yet.
    ///
    /// # Errors
    /// When an address is none, a file cannot be read or holds no certificate.
    pub fn new(settings: &HttpSettings) -> Result<Self, HttpError> {
        let address = base(&settings.address)?;
        let below = |path: &str| address.join(path.trim_start_matches('/')).map_err(|error| HttpError(format!("`{path}` is no path below the ERP's address: {error}")));
        let who = match &settings.credentials {
            Credentials::None => Who::Nobody,
            Credentials::Oauth2 { token, client, secret, scope } => {
                let address = if token.contains("://") { Url::parse(token).map_err(|error| HttpError(format!("token address: {error}")))? } else { below(token)? };
                Who::Token(Tokens { address, client: client.clone(), secret: secret.clone(), scope: scope.clone(), held: Mutex::default() })
            }
            Credentials::ApiKey { header, key } => {
                let mut value = HeaderValue::from_str(key.reveal()).map_err(|_| HttpError("the API key has characters that no header can hold".to_owned()))?;
                value.set_sensitive(true);
                Who::Key(header.clone(), value)
            }
            Credentials::Basic { user, password } => Who::User(user.clone(), password.clone()),
        };
        let sessions =
            settings.csrf.as_ref().map(|csrf| Ok(Sessions { address: below(&csrf.path)?, header: csrf.header.clone(), held: Mutex::default() })).transpose()?;
        Ok(Self { client: client(settings)?, who, sessions, slots: Semaphore::new(settings.connections.max(1)), answer_bytes: settings.answer_bytes, address })
    }

    /// Makes a call. A second time, if it was not let in for an old token or session.
    pub async fn call(&self, call: &Call, deadline: Timestamp, now: fn() -> Timestamp) -> Reply {
        let Some(left) = left(deadline, now()) else { return unsent("its deadline passed before it could be sent") };
        let Ok(slot) = tokio::time::timeout(left, self.slots.acquire()).await else { return unsent("no connection became free before its deadline") };
        let mut refused = None;
        for _ in 0..2 {
            let Some(left) = self::left(deadline, now()) else { return unsent("its deadline passed before it could be sent") };
            let shown = match tokio::time::timeout(left, self.shown(call.purpose, refused.as_ref())).await {
                Ok(Ok(shown)) => shown,
                Ok(Err(reply)) => return reply,
                Err(_) => return unsent("its deadline passed while a token was fetched"),
            };
            // The clock is asked again right before: a process that was frozen must not send what nobody waits for any more.
            let Some(left) = self::left(deadline, now()) else { return unsent("its deadline passed before it could be sent") };
            match tokio::time::timeout(left, self.attempt(call, shown)).await {
                Ok(Tried::Done(reply)) => return reply,
                Ok(Tried::NotLetIn(shown, _)) if refused.is_none() => refused = Some(shown),
                Ok(Tried::NotLetIn(_, why)) => return unsent(&why),
                Err(_) => return Reply::Lost { reason: "no answer before the deadline".to_owned() },
            }
        }
        drop(slot);
        unsent("not let in")
    }

    async fn attempt(&self, call: &Call, shown: Shown) -> Tried {
        let path = call.path.trim_start_matches('/');
        let Ok(url) = self.address.join(path) else { return Tried::Done(unsent("its path is none")) };
        if url.origin() != self.address.origin() {
            return Tried::Done(unsent("its path leads to another server"));
        }
        let mut request = match (call.purpose, &call.body) {
            (Purpose::Book, Some(body)) => self.client.post(url).header(CONTENT_TYPE, "application/json").body(body.clone()),
            (Purpose::Book, None) => self.client.post(url),
            (Purpose::Read, _) => self.client.get(url),
        };
        for (name, value) in &call.headers {
            request = request.header(name, value);
        }
        let response = match self.dressed(request, call.purpose, &shown).header(ACCEPT, "application/json").send().await {
            Ok(response) => response,
            // Without a connection nothing was sent. After that, nobody knows.
            Err(error) if error.is_connect() || error.is_builder() => return Tried::Done(unsent(&body::plain(&error))),
            Err(error) => return Tried::Done(Reply::Lost { reason: body::plain(&error) }),
        };
        let status = response.status().as_u16();
        if status == 401 {
            return Tried::NotLetIn(shown, "not let in: HTTP 401".to_owned());
        }
        if let Some(sessions) = &self.sessions
            && is_required(&sessions.header, status, response.headers())
        {
            return Tried::NotLetIn(Shown { token: None, ..shown }, "not let in: the session is refused".to_owned());
        }
        let retry_after = retry_after::seconds(response.headers(), jiff::Timestamp::now());
        Tried::Done(match body::read(response, self.answer_bytes).await {
            Ok(body) => Reply::Answered { status, retry_after, body },
            Err(reason) => Reply::Lost { reason },
        })
    }

    fn dressed(&self, request: RequestBuilder, purpose: Purpose, shown: &Shown) -> RequestBuilder {
        let request = match (&self.who, &shown.token) {
            (Who::Token(_), Some(token)) => request.bearer_auth(token.reveal()),
            (Who::Key(header, key), _) => request.header(header, key.clone()),
            (Who::User(user, password), _) => request.basic_auth(user, Some(password.reveal())),
            _ => request,
        };
        match (&self.sessions, &shown.session, purpose) {
            (Some(sessions), Some(session), Purpose::Book) => session.on(&sessions.header, request),
            _ => request,
        }
    }

    /// What a call has to show. `refused` is what was not taken.
    async fn shown(&self, purpose: Purpose, refused: Option<&Shown>) -> Result<Shown, Reply> {
        let token = match &self.who {
            Who::Token(tokens) => {
                Some(tokens.get(&self.client, refused.and_then(|shown| shown.token.as_ref())).await.map_err(|why| unsent(&format!("no token: {why}")))?)
            }
            _ => None,
        };
        let shown = Shown { token, session: None };
        let (Some(sessions), Purpose::Book) = (&self.sessions, purpose) else { return Ok(shown) };
        let mut held = sessions.held.lock().await;
        let refused = refused.and_then(|shown| shown.session.as_ref());
        if let Some(session) = held.as_ref().filter(|session| Some(*session) != refused) {
            return Ok(Shown { session: Some(session.clone()), ..shown });
        }
        *held = None;
        let request = self.dressed(self.client.get(sessions.address.clone()), Purpose::Read, &shown).header(&sessions.header, "Fetch");
        let response: Response = request.send().await.map_err(|error| unsent(&format!("no session: {}", body::plain(&error))))?;
        let status = response.status().as_u16();
        let wait = retry_after::seconds(response.headers(), jiff::Timestamp::now());
        let session = Session::of(&sessions.header, response.headers()).filter(|_| status < 300);
        // Read to its end, so that the connection can be used again.
        let _ = body::read(response, self.answer_bytes).await;
        if status == 401 {
            // Its own token is old: the next try fetches both.
            return Ok(Shown { session: None, ..shown });
        }
        let session = session.ok_or_else(|| Reply::Unsent { reason: format!("no session: HTTP {status}"), retry_after: wait })?;
        *held = Some(session.clone());
        Ok(Shown { session: Some(session), ..shown })
    }
}

fn base(address: &str) -> Result<Url, HttpError> {
    let mut url = Url::parse(address).map_err(|error| HttpError(format!("the ERP's address is none: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(HttpError("the ERP's address must begin with https:// or http://".to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(HttpError("the ERP's address must not hold a user or password: they are settings of their own".to_owned()));
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

fn client(settings: &HttpSettings) -> Result<Client, HttpError> {
    let read = |path: &PathBuf| std::fs::read(path).map_err(|error| HttpError(format!("cannot read {}: {error}", path.display())));
    let mut builder = Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(settings.connect_timeout)
        .pool_max_idle_per_host(settings.connections)
        .pool_idle_timeout(Duration::from_secs(30))
        .user_agent(concat!("lineside/", env!("CARGO_PKG_VERSION")));
    if let Some(path) = &settings.ca_file {
        let wrong = |error: reqwest::Error| HttpError(format!("{} holds no certificate: {}", path.display(), body::plain(&error)));
        let certificates = reqwest::Certificate::from_pem_bundle(&read(path)?).map_err(wrong)?;
        if certificates.is_empty() {
            return Err(HttpError(format!("{} holds no certificate", path.display())));
        }
        // Only these: who pins an authority does not want the system's beside it.
        builder = builder.tls_certs_only(certificates);
    }
    if let Some((certificate, key)) = &settings.identity {
        let wrong =
            |error: reqwest::Error| HttpError(format!("{} and {} are no certificate and PKCS #8 key: {}", certificate.display(), key.display(), body::plain(&error)));
        builder = builder.identity(reqwest::Identity::from_pkcs8_pem(&read(certificate)?, &read(key)?).map_err(wrong)?);
    }
    builder.build().map_err(|error| HttpError(format!("no HTTP client: {}", body::plain(&error))))
}

/// Time until the deadline, if there is any.
fn left(deadline: Timestamp, now: Timestamp) -> Option<Duration> {
    u64::try_from(deadline.micros().saturating_sub(now.micros())).ok().filter(|micros| *micros > 0).map(Duration::from_micros)
}

fn unsent(reason: &str) -> Reply {
    Reply::Unsent { reason: reason.to_owned(), retry_after: None }
}
