//! What can go wrong with a schema registry.

use lineside_schemas::SchemaSourceError;

/// Confluent's code for a subject that does not exist.
pub(crate) const SUBJECT_NOT_FOUND: u32 = 40401;
/// Confluent's code for a subject that has no level of its own.
pub(crate) const NO_LEVEL_OF_ITS_OWN: u32 = 40408;

/// A call to the registry failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// The settings make no client.
    #[error("schema registry {url}: {reason}")]
    Settings {
        /// Base address as given.
        url: String,
        /// What is wrong.
        reason: String,
    },
    /// No answer, or one that says to try later.
    #[error("schema registry {url} does not answer: {reason}")]
    Unavailable {
        /// Base address.
        url: String,
        /// What the connection or the server said.
        reason: String,
    },
    /// The server answered, but not as a schema registry does.
    #[error("{url} does not answer like a schema registry (does the address end in the path of Confluent's API, as /apis/ccompat/v7?): {reason}")]
    NotARegistry {
        /// Base address.
        url: String,
        /// What came instead.
        reason: String,
    },
    /// The registry said no.
    #[error("schema registry {url}: {message} (code {code})")]
    Refused {
        /// Base address.
        url: String,
        /// Confluent's error code; its first three digits are the HTTP status.
        code: u32,
        /// What the registry said.
        message: String,
    },
}

impl RegistryError {
    /// The registry answered that there is no such subject, schema or level.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404)
    }

    /// The registry answered that the schema does not go with those that the subject has.
    #[must_use]
    pub fn is_incompatible(&self) -> bool {
        self.status() == Some(409)
    }

    /// Trying again later may help.
    #[must_use]
    pub fn is_retriable(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }

    fn status(&self) -> Option<u32> {
        match self {
            Self::Refused { code, .. } => Some(http_status(*code)),
            _ => None,
        }
    }
}

/// HTTP status that an error code stands for: 40401 is a 404.
pub(crate) fn http_status(code: u32) -> u32 {
    if code >= 1000 { code / 100 } else { code }
}

/// An error answer, by its code.
pub(crate) fn refused(url: &str, code: u32, message: String) -> RegistryError {
    let url = url.to_owned();
    match http_status(code) {
        408 | 429 | 500..=599 => RegistryError::Unavailable { url, reason: format!("{message} (code {code})") },
        _ => RegistryError::Refused { url, code, message },
    }
}

impl From<RegistryError> for SchemaSourceError {
    fn from(error: RegistryError) -> Self {
        if error.is_not_found() {
            Self::NotFound(error.to_string())
        } else if error.is_incompatible() {
            Self::Incompatible(error.to_string())
        } else {
            Self::Unavailable(error.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_five_digits_carry_the_status_in_front() {
        assert_eq!((http_status(40403), http_status(404), http_status(50002)), (404, 404, 500));
    }

    #[test]
    fn a_missing_schema_is_not_found_and_an_overloaded_server_unavailable() {
        assert!(matches!(SchemaSourceError::from(refused("u", 40403, "no".into())), SchemaSourceError::NotFound(_)));
        assert!(matches!(SchemaSourceError::from(refused("u", 409, "no".into())), SchemaSourceError::Incompatible(_)));
        for code in [408, 429, 500, 50003, 503] {
            assert!(refused("u", code, "busy".into()).is_retriable(), "{code}");
        }
        assert!(!refused("u", 401, "who are you".into()).is_retriable());
    }
}
