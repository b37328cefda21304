//! Calls to the registry.

use std::fmt;
use std::time::Duration;

use reqwest::blocking::{Client, RequestBuilder};
use schema_registry_converter::blocking::schema_registry::{SrSettings, get_all_subjects, get_all_versions, get_schema_by_id, perform_sr_call};
use schema_registry_converter::schema_registry_common::{RawRegisteredSchema, SrCall};
use serde::Deserialize;
use serde_json::json;

use crate::answer::{MEDIA_TYPE, from_converter, send};
use crate::error::{NO_LEVEL_OF_ITS_OWN, RegistryError, SUBJECT_NOT_FOUND};

/// The level under which every version of a subject reads every other.
pub const FULL_TRANSITIVE: &str = "FULL_TRANSITIVE";

/// Where the registry is and how to speak to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrySettings {
    /// Base address, with the path of Confluent's API where there is one: `http://host:8081`, `http://host:8080/apis/ccompat/v7`.
    pub url: String,
    /// For HTTP basic authentication.
    pub credentials: Option<Credentials>,
    /// Longest time that one call may take, from the connection to the last byte.
    pub timeout: Duration,
}

impl RegistrySettings {
    /// The registry at that address, without credentials; calls take up to ten seconds.
    #[must_use]
    pub fn at(url: &str) -> Self {
        Self { url: url.to_owned(), credentials: None, timeout: Duration::from_secs(10) }
    }
}

/// User and password. Printed without the password.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// User, or API key.
    pub user: String,
    /// Password, or API secret.
    pub password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("user", &self.user).finish_non_exhaustive()
    }
}

/// A client of one registry. Cheap to clone; may move between threads. Must be made, used and dropped on plain threads, not in async code.
#[derive(Debug, Clone)]
pub struct RegistryClient {
    url: String,
    credentials: Option<Credentials>,
    schemas: SrSettings,
    http: Client,
}

#[derive(Deserialize)]
struct CompatibilityAnswer {
    is_compatible: bool,
    #[serde(default)]
    messages: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct LevelAnswer {
    #[serde(rename = "compatibilityLevel")]
    level: String,
}

#[derive(Deserialize)]
struct VersionAnswer {
    schema: String,
}

impl RegistryClient {
    /// A client of that registry. Makes no call yet.
    ///
    /// # Errors
    /// [`RegistryError::Settings`].
    pub fn new(settings: &RegistrySettings) -> Result<Self, RegistryError> {
        let url = settings.url.trim_end_matches('/').to_owned();
        let wrong = |reason: String| RegistryError::Settings { url: settings.url.clone(), reason };
        match reqwest::Url::parse(&url) {
            Ok(parsed) if matches!(parsed.scheme(), "http" | "https") => {}
            Ok(_) => return Err(wrong("the address must begin with http:// or https://".to_owned())),
            Err(error) => return Err(wrong(format!("not an address: {error}"))),
        }
        let builder = || Client::builder().timeout(settings.timeout).connect_timeout(settings.timeout.min(Duration::from_secs(5)));
        let mut schemas = SrSettings::new_builder(url.clone());
        schemas.set_timeout(settings.timeout);
        if let Some(Credentials { user, password }) = &settings.credentials {
            schemas.set_basic_authorization(user, Some(password));
        }
        Ok(Self {
            schemas: schemas.build_with(builder()).map_err(|error| wrong(error.error))?,
            http: builder().build().map_err(|error| wrong(error.to_string()))?,
            credentials: settings.credentials.clone(),
            url,
        })
    }

    /// Base address of the registry.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The id under which exactly this schema is registered for the subject, if it is.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub fn lookup(&self, subject: &str, schema: &str) -> Result<Option<u32>, RegistryError> {
        let body = schema_body(schema);
        match self.call(SrCall::PostForVersion(subject, &body)) {
            Ok(answer) => self.id(&answer).map(Some),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The schema of an id, as JSON.
    ///
    /// # Errors
    /// [`RegistryError`]; [`RegistryError::is_not_found`] when there is none.
    pub fn schema_by_id(&self, id: u32) -> Result<String, RegistryError> {
        get_schema_by_id(id, &self.schemas).map(|registered| registered.schema).map_err(|error| from_converter(&self.url, &error))
    }

    /// Registers the schema under the subject, or finds it there, and says its id.
    ///
    /// # Errors
    /// [`RegistryError`]; [`RegistryError::is_incompatible`] when the level of the subject forbids it.
    pub fn register(&self, subject: &str, schema: &str) -> Result<u32, RegistryError> {
        let body = schema_body(schema);
        let answer = self.call(SrCall::PostNew(subject, &body))?;
        self.id(&answer)
    }

    /// Every subject.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub fn subjects(&self) -> Result<Vec<String>, RegistryError> {
        get_all_subjects(&self.schemas).map_err(|error| from_converter(&self.url, &error))
    }

    /// Every schema of the subject with its version, oldest first; none when there is no such subject.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub fn versions(&self, subject: &str) -> Result<Vec<(u32, String)>, RegistryError> {
        let numbers = match get_all_versions(&self.schemas, subject.to_owned()).map_err(|error| from_converter(&self.url, &error)) {
            Err(error) if error.is_not_found() => return Ok(Vec::new()),
            numbers => numbers?,
        };
        let mut versions = Vec::with_capacity(numbers.len());
        for version in numbers {
            let request = self.request(self.http.get(format!("{}/subjects/{subject}/versions/{version}", self.url)));
            versions.push((version, send::<VersionAnswer>(&self.url, request)?.schema));
        }
        versions.sort_unstable_by_key(|(version, _)| *version);
        Ok(versions)
    }

    /// The compatibility level that is set for the subject itself, if one is.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub fn compatibility(&self, subject: &str) -> Result<Option<String>, RegistryError> {
        let request = self.request(self.http.get(format!("{}/config/{subject}", self.url)));
        match send::<LevelAnswer>(&self.url, request) {
            Ok(answer) => Ok(Some(answer.level)),
            Err(RegistryError::Refused { code: NO_LEVEL_OF_ITS_OWN | SUBJECT_NOT_FOUND | 404, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Sets the compatibility level of the subject, which need not exist yet.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub fn set_compatibility(&self, subject: &str, level: &str) -> Result<(), RegistryError> {
        let body = json!({ "compatibility": level });
        let request = self.request(self.http.put(format!("{}/config/{subject}", self.url))).header("content-type", MEDIA_TYPE).body(body.to_string());
        send::<serde_json::Value>(&self.url, request).map(|_| ())
    }

    /// Why the registry would not take this schema as the subject's next version, under the level that it has; empty when it would.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub fn check_compatibility(&self, subject: &str, schema: &str) -> Result<Vec<String>, RegistryError> {
        let address = format!("{}/compatibility/subjects/{subject}/versions?verbose=true", self.url);
        let request = self.request(self.http.post(address)).header("content-type", MEDIA_TYPE).body(schema_body(schema));
        match send::<CompatibilityAnswer>(&self.url, request) {
            Ok(CompatibilityAnswer { is_compatible: true, .. }) => Ok(Vec::new()),
            Ok(answer) => {
                let reasons: Vec<String> = answer.messages.unwrap_or_default().into_iter().filter(|message| !message.is_empty()).collect();
                Ok(if reasons.is_empty() { vec!["the registry gave no reason".to_owned()] } else { reasons })
            }
            // A subject that does not exist takes any schema.
            Err(error) if error.is_not_found() => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    fn call(&self, call: SrCall<'_>) -> Result<RawRegisteredSchema, RegistryError> {
        perform_sr_call(&self.schemas, call).map_err(|error| from_converter(&self.url, &error))
    }

    fn id(&self, answer: &RawRegisteredSchema) -> Result<u32, RegistryError> {
        answer.id.ok_or_else(|| RegistryError::NotARegistry { url: self.url.clone(), reason: "an answer without the schema's id".to_owned() })
    }

    fn request(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.credentials {
            Some(Credentials { user, password }) => request.basic_auth(user, Some(password)),
            None => request,
        }
    }
}

fn schema_body(schema: &str) -> String {
    json!({ "schemaType": "AVRO", "schema": schema }).to_string()
}
