//! Answers of the registry, from either of the two clients, as results.

use reqwest::blocking::{RequestBuilder, Response};
use schema_registry_converter::error::SRCError;
use schema_registry_converter::schema_registry_common::RawError;
use serde::de::DeserializeOwned;
use std::error::Error;

use crate::error::{RegistryError, refused};

/// Media type of Confluent's API.
pub(crate) const MEDIA_TYPE: &str = "application/vnd.schemaregistry.v1+json";

/// An error of the converter's calls, by what caused it.
pub(crate) fn from_converter(url: &str, error: &SRCError) -> RegistryError {
    let url = url.to_owned();
    match error.source().and_then(|source| source.downcast_ref::<RawError>()) {
        // Zero is the converter's mark for an error answer without the registry's JSON: another server, or a proxy before it.
        Some(RawError { error_code: 0, .. }) if error.retriable => RegistryError::Unavailable { url, reason: error.error.clone() },
        Some(RawError { error_code: 0, .. }) => RegistryError::NotARegistry { url, reason: error.error.clone() },
        Some(answer) => refused(&url, answer.error_code, answer.message.clone()),
        None => match error.source().and_then(|source| source.downcast_ref::<reqwest::Error>()) {
            Some(cause) => from_http(&url, cause),
            None => RegistryError::NotARegistry { url, reason: error.error.clone() },
        },
    }
}

/// Sends a request of our own and reads its JSON.
pub(crate) fn send<T: DeserializeOwned>(url: &str, request: RequestBuilder) -> Result<T, RegistryError> {
    let response = request.header("accept", MEDIA_TYPE).send().map_err(|error| from_http(url, &error))?;
    if response.status().is_success() { response.json().map_err(|error| from_http(url, &error)) } else { Err(error_answer(url, response)) }
}

fn error_answer(url: &str, response: Response) -> RegistryError {
    let status = response.status();
    match response.json::<RawError>() {
        Ok(answer) => refused(url, answer.error_code, answer.message),
        Err(_) if status.is_server_error() => RegistryError::Unavailable { url: url.to_owned(), reason: format!("HTTP status {status}") },
        Err(_) => RegistryError::NotARegistry { url: url.to_owned(), reason: format!("HTTP status {status}") },
    }
}

fn from_http(url: &str, error: &reqwest::Error) -> RegistryError {
    let reason = innermost(error);
    let url = url.to_owned();
    // A body cut off half way fails like a decode; only a whole body that is no JSON is another server's.
    if error.is_decode() && !error.is_timeout() { RegistryError::NotARegistry { url, reason } } else { RegistryError::Unavailable { url, reason } }
}

/// The last cause says what happened ("connection refused"); those before it repeat the address.
fn innermost(error: &dyn Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
