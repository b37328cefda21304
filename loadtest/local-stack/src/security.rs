//! A Kafka that asks who its clients are: a TLS certificate of the stack's own, users, and ACLs.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::StackError;

/// The password of the key store, which lies beside it: it guards nothing.
const STORE_PASSWORD: &str = "local-stack";
const LISTENER: &str = "SECURED";

/// A Kafka user whose password is set when the data folder is formatted, for SCRAM-SHA-256 and SCRAM-SHA-512.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its name; its principal is `User:` and the name.
    pub name: String,
    /// Its password. Neither may hold a comma or a bracket.
    pub password: String,
}

/// How a secured stack treats its clients.
///
/// They come over TLS with SCRAM or OAUTHBEARER and may do what ACLs allow them, which at first is nothing. Tokens of
/// OAUTHBEARER need no signature: this shows that a client fetches and sends one, and guards nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StackSecurity {
    /// The users there are, beside everybody that a token names.
    pub users: Vec<User>,
    /// Names of users that may do everything.
    pub super_users: Vec<String>,
}

/// The files of a secured stack.
#[derive(Debug)]
pub(crate) struct TlsFiles {
    /// Certificate and key of the broker.
    pub key_store: PathBuf,
    /// The certificate alone, for clients to trust.
    pub certificate: PathBuf,
}

impl TlsFiles {
    pub fn in_folder(folder: &Path) -> Self {
        Self { key_store: folder.join("broker.p12"), certificate: folder.join("broker.pem") }
    }

    /// Makes key and certificate with the Java that runs the broker, unless they are there.
    pub fn make(&self, java: &Path) -> Result<(), StackError> {
        if self.certificate.is_file() {
            return Ok(());
        }
        let store: [OsString; 6] = ["-keystore".into(), self.key_store.clone().into(), "-storetype".into(), "PKCS12".into(), "-storepass".into(), STORE_PASSWORD.into()];
        let key = ["-genkeypair", "-alias", "broker", "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "3650", "-dname", "CN=local-stack"];
        let names = ["-ext", "san=ip:127.0.0.1,dns:localhost", "-ext", "bc:c=ca:true"];
        keytool(java, Command::new(keytool_beside(java)).args(key).args(names).args(&store))?;
        let export = ["-exportcert", "-rfc", "-alias", "broker", "-file"];
        keytool(java, Command::new(keytool_beside(java)).args(export).arg(&self.certificate).args(&store))
    }
}

fn keytool_beside(java: &Path) -> PathBuf {
    // `java` alone is looked for on the search path, and so is `keytool`.
    if java.components().count() > 1 { java.with_file_name("keytool") } else { PathBuf::from("keytool") }
}

fn keytool(java: &Path, command: &mut Command) -> Result<(), StackError> {
    let answer = command.output().map_err(StackError::io(format!("run the keytool of {}", java.display())))?;
    if answer.status.success() {
        return Ok(());
    }
    let output = String::from_utf8_lossy(&[answer.stdout, answer.stderr].concat()).into_owned();
    Err(StackError::Certificate { output })
}

impl StackSecurity {
    /// The listener for clients, as `listeners` wants it.
    pub(crate) fn listener(port: u16) -> String {
        format!(",{LISTENER}://127.0.0.1:{port}")
    }

    /// The protocol of that listener, as the map of protocols wants it.
    pub(crate) fn protocol() -> String {
        format!(",{LISTENER}:SASL_SSL")
    }

    /// Lines for `server.properties`.
    pub(crate) fn properties(&self, tls: &TlsFiles) -> String {
        let store = tls.key_store.display().to_string().replace('\\', "\\\\");
        let prefix = format!("listener.name.{}", LISTENER.to_lowercase());
        let modules = "org.apache.kafka.common.security";
        let super_users = std::iter::once("ANONYMOUS").chain(self.super_users.iter().map(String::as_str)).map(|name| format!("User:{name}"));
        let super_users = super_users.collect::<Vec<_>>().join(";");
        format!(
            "
# Clients come over TLS and say who they are.
{prefix}.sasl.enabled.mechanisms=SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER
{prefix}.scram-sha-256.sasl.jaas.config={modules}.scram.ScramLoginModule required;
{prefix}.scram-sha-512.sasl.jaas.config={modules}.scram.ScramLoginModule required;
{prefix}.oauthbearer.sasl.jaas.config={modules}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub=\"broker\";
{prefix}.oauthbearer.sasl.server.callback.handler.class={modules}.oauthbearer.internals.unsecured.OAuthBearerUnsecuredValidatorCallbackHandler
{prefix}.ssl.keystore.type=PKCS12
{prefix}.ssl.keystore.location={store}
{prefix}.ssl.keystore.password={STORE_PASSWORD}
{prefix}.ssl.key.password={STORE_PASSWORD}
# They may do what ACLs allow. Anonymous are the controller, the registry, and the stack itself, on listeners of their own.
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users={super_users}
"
        )
    }

    /// Arguments for Kafka's storage tool.
    pub(crate) fn format_arguments(&self) -> Vec<String> {
        let credentials = |user: &User| {
            ["SCRAM-SHA-256", "SCRAM-SHA-512"]
                .map(|mechanism| ["--add-scram".to_owned(), format!("{mechanism}=[name={},password={}]", user.name, user.password)])
                .concat()
        };
        self.users.iter().flat_map(credentials).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_those_named_and_the_stack_itself_may_do_everything() {
        let security = StackSecurity { users: Vec::new(), super_users: vec!["admin".to_owned()] };
        let properties = security.properties(&TlsFiles::in_folder(Path::new("/tls")));
        assert!(properties.contains("super.users=User:ANONYMOUS;User:admin\n"), "{properties}");
        assert!(!properties.contains("allow.everyone"), "{properties}");
    }

    #[test]
    fn a_user_can_log_in_by_both_kinds_of_scram() {
        let security = StackSecurity { users: vec![User { name: "u".to_owned(), password: "p".to_owned() }], super_users: Vec::new() };
        let expected = ["--add-scram", "SCRAM-SHA-256=[name=u,password=p]", "--add-scram", "SCRAM-SHA-512=[name=u,password=p]"];
        assert_eq!(security.format_arguments(), expected);
    }
}
