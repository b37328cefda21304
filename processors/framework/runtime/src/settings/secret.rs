//! Secrets: from an environment variable or a file, never from a flag, and never printed.

use std::fmt;
use std::path::Path;

/// A password or the like. Printing it shows `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The secret itself, for the client that needs it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// How a secret is given: `env` holds it, or the file that the setting `file` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretSource {
    /// What it is called in messages and in `--print-config`.
    pub name: &'static str,
    /// Environment variable that holds it.
    pub env: &'static str,
    /// Setting that names a file with it.
    pub file: &'static str,
}

/// Every secret that a process may need.
pub const SECRETS: [SecretSource; 4] = [SASL_PASSWORD, OIDC_CLIENT_SECRET, SSL_KEY_PASSWORD, SCHEMA_REGISTRY_PASSWORD];
/// Password of the Kafka user.
pub const SASL_PASSWORD: SecretSource = SecretSource { name: "sasl_password", env: "LINESIDE_SASL_PASSWORD", file: "sasl_password_file" };
/// Secret with which a token is requested.
pub const OIDC_CLIENT_SECRET: SecretSource = SecretSource { name: "oidc_client_secret", env: "LINESIDE_OIDC_CLIENT_SECRET", file: "oidc_client_secret_file" };
/// Password that opens the client's private key.
pub const SSL_KEY_PASSWORD: SecretSource = SecretSource { name: "ssl_key_password", env: "LINESIDE_SSL_KEY_PASSWORD", file: "ssl_key_password_file" };
/// Password of the schema registry's user.
pub const SCHEMA_REGISTRY_PASSWORD: SecretSource =
    SecretSource { name: "schema_registry_password", env: "LINESIDE_SCHEMA_REGISTRY_PASSWORD", file: "schema_registry_password_file" };

impl SecretSource {
    /// The secret, if it is given.
    ///
    /// # Errors
    /// When it is given twice, when its file cannot be read, or when it is empty. The text never holds the secret.
    pub fn read(&self, file: Option<&Path>, variable: impl FnOnce(&str) -> Option<String>) -> Result<Option<Secret>, String> {
        let Self { name, env, file: setting } = self;
        let text = match (file, variable(env)) {
            (None, None) => return Ok(None),
            (Some(_), Some(_)) => return Err(format!("{name} is given twice: by {env} and by {setting}")),
            (None, Some(text)) => text,
            (Some(path), None) => std::fs::read_to_string(path).map_err(|error| format!("{setting}: cannot read {}: {error}", path.display()))?,
        };
        // Files end with a line break that editors add.
        let text = text.strip_suffix('\n').unwrap_or(&text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        if text.is_empty() {
            return Err(format!("{name} is empty"));
        }
        Ok(Some(Secret(text.to_owned())))
    }
}

/// The secrets that were given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Secrets {
    /// See [`SASL_PASSWORD`].
    pub sasl_password: Option<Secret>,
    /// See [`OIDC_CLIENT_SECRET`].
    pub oidc_client_secret: Option<Secret>,
    /// See [`SSL_KEY_PASSWORD`].
    pub ssl_key_password: Option<Secret>,
    /// See [`SCHEMA_REGISTRY_PASSWORD`].
    pub schema_registry_password: Option<Secret>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing(_: &str) -> Option<String> {
        None
    }

    #[test]
    fn a_secret_comes_from_its_variable_or_its_file_without_the_final_line_break() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        std::fs::write(&file, "from file \r\n").unwrap();
        assert_eq!(SASL_PASSWORD.read(Some(&file), nothing).unwrap().unwrap().reveal(), "from file ");
        let variable = |name: &str| (name == "LINESIDE_SASL_PASSWORD").then(|| "from variable".to_owned());
        assert_eq!(SASL_PASSWORD.read(None, variable).unwrap().unwrap().reveal(), "from variable");
        assert_eq!(SASL_PASSWORD.read(None, nothing), Ok(None));
    }

    #[test]
    fn two_sources_an_empty_secret_and_a_missing_file_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        std::fs::write(&file, "\n").unwrap();
        assert!(SASL_PASSWORD.read(Some(&file), nothing).unwrap_err().contains("empty"));
        assert!(SASL_PASSWORD.read(Some(&file), |_| Some("x".to_owned())).unwrap_err().contains("given twice"));
        assert!(SASL_PASSWORD.read(Some(&folder.path().join("absent")), nothing).unwrap_err().contains("absent"));
    }

    #[test]
    fn printing_shows_nothing_of_a_secret() {
        let secrets = Secrets { sasl_password: Some(Secret::from("geheim")), ..Secrets::default() };
        let shown = format!("{secrets:?} {}", secrets.sasl_password.as_ref().unwrap());
        assert!(!shown.contains("geheim") && shown.contains("***"), "{shown}");
    }
}
