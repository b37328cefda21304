//! Where the brokers and the registry are, and who the process is to them: the same for processors and for the operator's commands.

use lineside_registry::{Credentials, RegistrySettings};
use rdkafka::ClientConfig;

use super::properties::{check, parse_property};
use super::security::SecuritySettings;

/// Settings of everything that talks to Kafka and to the registry.
#[derive(Debug, Clone, clap::Args)]
pub struct ConnectionSettings {
    /// Kafka brokers, host:port, comma-separated.
    #[arg(long, env = "LINESIDE_BOOTSTRAP_SERVERS", value_name = "SERVERS", default_value = "127.0.0.1:9092")]
    pub bootstrap_servers: String,

    /// Base address of the schema registry's Confluent API (Apicurio: with /apis/ccompat/v7).
    #[arg(long, env = "LINESIDE_SCHEMA_REGISTRY", value_name = "URL", default_value = "http://127.0.0.1:8081")]
    pub schema_registry: String,

    /// Who the process is.
    #[command(flatten)]
    pub security: SecuritySettings,

    /// A librdkafka property for all clients, key=value; may be given several times.
    #[arg(long = "property", value_name = "KEY=VALUE", value_parser = parse_property)]
    pub properties: Vec<(String, String)>,
}

impl ConnectionSettings {
    /// Checks what no single value shows, and reads the secrets.
    ///
    /// # Errors
    /// What is wrong, in words an operator can act on.
    pub fn complete(&mut self, variable: impl Fn(&str) -> Option<String>) -> Result<(), String> {
        without_credentials("schema_registry", &self.schema_registry)?;
        without_credentials("oidc_token_endpoint", self.security.oidc_token_endpoint.as_deref().unwrap_or_default())?;
        self.properties.iter().try_for_each(|(key, value)| check(key, value))?;
        self.security.complete(variable)
    }

    /// What every client of Kafka has in common: where the brokers are, and who asks.
    #[must_use]
    pub fn kafka(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", &self.bootstrap_servers);
        for (key, value) in self.security.properties() {
            config.set(key, value);
        }
        config
    }

    /// Passes the properties through, over what is set already.
    pub fn apply_properties(&self, config: &mut ClientConfig) {
        for (key, value) in &self.properties {
            config.set(key, value);
        }
    }

    /// How to reach the schema registry.
    #[must_use]
    pub fn registry(&self) -> RegistrySettings {
        let security = &self.security;
        let credentials = security.schema_registry_user.clone().zip(security.secrets.schema_registry_password.as_ref());
        RegistrySettings {
            credentials: credentials.map(|(user, password)| Credentials { user, password: password.reveal().to_owned() }),
            ..RegistrySettings::at(&self.schema_registry)
        }
    }
}

/// Refuses an address with a user or password in it, which would be printed with it. The message does not repeat them.
fn without_credentials(setting: &str, address: &str) -> Result<(), String> {
    let authority = address.split_once("://").map_or(address, |(_, rest)| rest).split('/').next().unwrap_or_default();
    if authority.contains('@') { Err(format!("{setting} holds a user or password; there are settings of their own for those")) } else { Ok(()) }
}
