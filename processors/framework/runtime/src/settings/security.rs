//! How a process shows who it is, to Kafka and to the schema registry.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::secret::{OIDC_CLIENT_SECRET, SASL_PASSWORD, SCHEMA_REGISTRY_PASSWORD, SSL_KEY_PASSWORD, Secret, SecretSource, Secrets};

/// Protocol to the brokers, named as Kafka names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SecurityProtocol {
    /// Neither encrypted nor authenticated
    #[value(name = "plaintext")]
    Plaintext,
    /// TLS; with a certificate of its own the client is authenticated by it
    #[value(name = "ssl")]
    Ssl,
    /// Authenticated, not encrypted
    #[value(name = "sasl_plaintext")]
    SaslPlaintext,
    /// Authenticated over TLS
    #[value(name = "sasl_ssl")]
    SaslSsl,
}

impl SecurityProtocol {
    const fn name(self) -> &'static str {
        match self {
            Self::Plaintext => "plaintext",
            Self::Ssl => "ssl",
            Self::SaslPlaintext => "sasl_plaintext",
            Self::SaslSsl => "sasl_ssl",
        }
    }

    const fn has_sasl(self) -> bool {
        matches!(self, Self::SaslPlaintext | Self::SaslSsl)
    }

    const fn has_tls(self) -> bool {
        matches!(self, Self::Ssl | Self::SaslSsl)
    }
}

/// SASL mechanism, named as Kafka names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SaslMechanism {
    /// User and password, sent as they are
    #[value(name = "PLAIN")]
    Plain,
    /// User and password, never sent
    #[value(name = "SCRAM-SHA-256")]
    ScramSha256,
    /// User and password, never sent
    #[value(name = "SCRAM-SHA-512")]
    ScramSha512,
    /// A token that is requested with client credentials (OIDC)
    #[value(name = "OAUTHBEARER")]
    OauthBearer,
}

impl SaslMechanism {
    const fn name(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::ScramSha256 => "SCRAM-SHA-256",
            Self::ScramSha512 => "SCRAM-SHA-512",
            Self::OauthBearer => "OAUTHBEARER",
        }
    }
}

/// Security settings. Secrets themselves have no flag: see [`Secrets`].
#[derive(Debug, Clone, clap::Args)]
pub struct SecuritySettings {
    /// Protocol to the brokers.
    #[arg(long, env = "LINESIDE_SECURITY_PROTOCOL", value_enum, ignore_case = true, default_value = "plaintext")]
    pub security_protocol: SecurityProtocol,

    /// Certificates of the authorities that sign the brokers', PEM; the system's when not set.
    #[arg(long, env = "LINESIDE_SSL_CA_FILE", value_name = "FILE")]
    pub ssl_ca_file: Option<PathBuf>,

    /// The client's own certificate, PEM.
    #[arg(long, env = "LINESIDE_SSL_CERTIFICATE_FILE", value_name = "FILE")]
    pub ssl_certificate_file: Option<PathBuf>,

    /// Private key of the client's certificate, PEM.
    #[arg(long, env = "LINESIDE_SSL_KEY_FILE", value_name = "FILE")]
    pub ssl_key_file: Option<PathBuf>,

    /// File with the password of the private key; or `LINESIDE_SSL_KEY_PASSWORD` holds it.
    #[arg(long, env = "LINESIDE_SSL_KEY_PASSWORD_FILE", value_name = "FILE")]
    pub ssl_key_password_file: Option<PathBuf>,

    /// SASL mechanism; needed with the protocols `sasl_plaintext` and `sasl_ssl`.
    #[arg(long, env = "LINESIDE_SASL_MECHANISM", value_enum, ignore_case = true)]
    pub sasl_mechanism: Option<SaslMechanism>,

    /// Kafka user, for PLAIN and SCRAM.
    #[arg(long, env = "LINESIDE_SASL_USERNAME", value_name = "USER")]
    pub sasl_username: Option<String>,

    /// File with the Kafka user's password; or `LINESIDE_SASL_PASSWORD` holds it.
    #[arg(long, env = "LINESIDE_SASL_PASSWORD_FILE", value_name = "FILE")]
    pub sasl_password_file: Option<PathBuf>,

    /// Address where tokens are requested, for OAUTHBEARER.
    #[arg(long, env = "LINESIDE_OIDC_TOKEN_ENDPOINT", value_name = "URL")]
    pub oidc_token_endpoint: Option<String>,

    /// Client id with which tokens are requested.
    #[arg(long, env = "LINESIDE_OIDC_CLIENT_ID", value_name = "ID")]
    pub oidc_client_id: Option<String>,

    /// File with the client secret with which tokens are requested; or `LINESIDE_OIDC_CLIENT_SECRET` holds it.
    #[arg(long, env = "LINESIDE_OIDC_CLIENT_SECRET_FILE", value_name = "FILE")]
    pub oidc_client_secret_file: Option<PathBuf>,

    /// Scope that is asked for with a token.
    #[arg(long, env = "LINESIDE_OIDC_SCOPE", value_name = "SCOPE")]
    pub oidc_scope: Option<String>,

    /// User of the schema registry.
    #[arg(long, env = "LINESIDE_SCHEMA_REGISTRY_USER", value_name = "USER")]
    pub schema_registry_user: Option<String>,

    /// File with the password of the schema registry's user; or `LINESIDE_SCHEMA_REGISTRY_PASSWORD` holds it.
    #[arg(long, env = "LINESIDE_SCHEMA_REGISTRY_PASSWORD_FILE", value_name = "FILE")]
    pub schema_registry_password_file: Option<PathBuf>,

    /// Read from files and environment once the other settings are known.
    #[arg(skip)]
    pub secrets: Secrets,
}

impl SecuritySettings {
    /// The file that a secret's setting names.
    pub(crate) fn file_of(&self, source: SecretSource) -> Option<&Path> {
        match source {
            SASL_PASSWORD => self.sasl_password_file.as_deref(),
            OIDC_CLIENT_SECRET => self.oidc_client_secret_file.as_deref(),
            SSL_KEY_PASSWORD => self.ssl_key_password_file.as_deref(),
            SCHEMA_REGISTRY_PASSWORD => self.schema_registry_password_file.as_deref(),
            _ => None,
        }
    }

    /// The secret of that source, if it is given.
    pub(crate) fn secret(&self, source: SecretSource) -> Option<&Secret> {
        let secrets = &self.secrets;
        match source {
            SASL_PASSWORD => secrets.sasl_password.as_ref(),
            OIDC_CLIENT_SECRET => secrets.oidc_client_secret.as_ref(),
            SSL_KEY_PASSWORD => secrets.ssl_key_password.as_ref(),
            SCHEMA_REGISTRY_PASSWORD => secrets.schema_registry_password.as_ref(),
            _ => None,
        }
    }

    /// Reads the secrets and checks that everything the protocol and the mechanism need is there, and nothing that they leave unused.
    ///
    /// # Errors
    /// What is missing, superfluous or unreadable, in words an operator can act on.
    pub fn complete(&mut self, variable: impl Fn(&str) -> Option<String>) -> Result<(), String> {
        let read = |source: SecretSource| source.read(self.file_of(source), &variable);
        let secrets = Secrets {
            sasl_password: read(SASL_PASSWORD)?,
            oidc_client_secret: read(OIDC_CLIENT_SECRET)?,
            ssl_key_password: read(SSL_KEY_PASSWORD)?,
            schema_registry_password: read(SCHEMA_REGISTRY_PASSWORD)?,
        };
        self.secrets = secrets;
        self.check()
    }

    fn check(&self) -> Result<(), String> {
        let protocol = self.security_protocol;
        if self.schema_registry_user.is_some() != self.secrets.schema_registry_password.is_some() {
            return Err("schema_registry_user and its password (LINESIDE_SCHEMA_REGISTRY_PASSWORD or schema_registry_password_file) go together".to_owned());
        }
        if !protocol.has_tls() && (self.ssl_ca_file.is_some() || self.ssl_certificate_file.is_some()) {
            return Err(format!("TLS files are given, but security_protocol is {}: it must be ssl or sasl_ssl to use them", protocol.name()));
        }
        if self.ssl_certificate_file.is_some() != self.ssl_key_file.is_some() {
            return Err("ssl_certificate_file and ssl_key_file go together".to_owned());
        }
        match (protocol.has_sasl(), self.sasl_mechanism) {
            (false, None) => Ok(()),
            (false, Some(mechanism)) => {
                Err(format!("sasl_mechanism is {}, but security_protocol is {}: it must be sasl_ssl or sasl_plaintext to use it", mechanism.name(), protocol.name()))
            }
            (true, None) => Err(format!("security_protocol is {}, so sasl_mechanism must be given", protocol.name())),
            (true, Some(SaslMechanism::OauthBearer)) => self.needs(&[
                (self.oidc_token_endpoint.is_some(), "oidc_token_endpoint"),
                (self.oidc_client_id.is_some(), "oidc_client_id"),
                (self.secrets.oidc_client_secret.is_some(), "a client secret (LINESIDE_OIDC_CLIENT_SECRET or oidc_client_secret_file)"),
            ]),
            (true, Some(_)) => self.needs(&[
                (self.sasl_username.is_some(), "sasl_username"),
                (self.secrets.sasl_password.is_some(), "a password (LINESIDE_SASL_PASSWORD or sasl_password_file)"),
            ]),
        }
    }

    fn needs(&self, needs: &[(bool, &str)]) -> Result<(), String> {
        let mechanism = self.sasl_mechanism.map_or("none", SaslMechanism::name);
        let missing: Vec<&str> = needs.iter().filter(|(given, _)| !given).map(|(_, name)| *name).collect();
        if missing.is_empty() { Ok(()) } else { Err(format!("sasl_mechanism is {mechanism}, which needs {}", missing.join(" and "))) }
    }

    /// librdkafka's properties for it, secrets included.
    #[must_use]
    pub fn properties(&self) -> Vec<(&'static str, String)> {
        let mut properties = Vec::new();
        let mut set = |key: &'static str, value: Option<&str>| properties.extend(value.map(|value| (key, value.to_owned())));
        let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
        let secret = |secret: &Option<Secret>| secret.as_ref().map(|secret| secret.reveal().to_owned());
        set("security.protocol", Some(self.security_protocol.name()));
        set("ssl.ca.location", path(&self.ssl_ca_file).as_deref());
        set("ssl.certificate.location", path(&self.ssl_certificate_file).as_deref());
        set("ssl.key.location", path(&self.ssl_key_file).as_deref());
        set("ssl.key.password", secret(&self.secrets.ssl_key_password).as_deref());
        set("sasl.mechanism", self.sasl_mechanism.map(SaslMechanism::name));
        match self.sasl_mechanism {
            None => {}
            Some(SaslMechanism::OauthBearer) => {
                set("sasl.oauthbearer.method", Some("oidc"));
                set("sasl.oauthbearer.token.endpoint.url", self.oidc_token_endpoint.as_deref());
                set("sasl.oauthbearer.client.id", self.oidc_client_id.as_deref());
                set("sasl.oauthbearer.client.secret", secret(&self.secrets.oidc_client_secret).as_deref());
                set("sasl.oauthbearer.scope", self.oidc_scope.as_deref());
            }
            Some(_) => {
                set("sasl.username", self.sasl_username.as_deref());
                set("sasl.password", secret(&self.secrets.sasl_password).as_deref());
            }
        }
        properties
    }
}
