//! librdkafka properties that are passed through, and those that are not.

use std::cmp::Ordering;

use rdkafka::ClientConfig;

/// Every property of the librdkafka that is built in, one a line.
const KNOWN: &str = include_str!("librdkafka_properties.txt");

/// Properties that exactly-once rests on, or that the runtime's own loop does, each with the reason that a refusal gives.
const FIXED: &[(&str, &str)] = &[
    ("acks", ALL_REPLICAS),
    ("request.required.acks", ALL_REPLICAS),
    ("auto.offset.reset", "a jump over records that are gone must be an error"),
    ("delivery.report.only.error", "a commit would wait 100 ms for its flush"),
    ("enable.auto.commit", OFFSETS),
    ("enable.auto.offset.store", OFFSETS),
    ("enable.gapless.guarantee", "the transaction decides what a failed send means"),
    ("enable.idempotence", "a retried send would be written twice"),
    ("enable.partition.eof", "a restore ends where the runtime says"),
    ("group.id", "the group is the processor's row in the topology"),
    ("group.instance.id", "it is the instance's identity, kept in the state folder; see instance_id"),
    ("group.protocol", "stores move by the rules of the classic protocol"),
    ("group.protocol.type", "members of a group must speak one protocol"),
    ("group.remote.assignor", "stores move by the rules of the classic protocol"),
    ("internal.termination.signal", "signals belong to the runtime"),
    ("isolation.level", "records of aborted transactions would be booked"),
    ("max.in.flight", "more than five requests in flight can change the order"),
    ("max.in.flight.requests.per.connection", "more than five requests in flight can change the order"),
    ("message.send.max.retries", RETRIES),
    ("retries", RETRIES),
    ("partition.assignment.strategy", "stores move with their partitions, which the processor knows how to share out"),
    ("partitioner", "a key would go to another partition than its state"),
    ("queuing.strategy", "the producer's queue keeps the order of records"),
    ("transactional.id", "it is the instance's identity, which fences its predecessor; see instance_id"),
];
const ALL_REPLICAS: &str = "a committed record must be on all replicas in sync";
const OFFSETS: &str = "offsets are committed in the transaction alone";
const RETRIES: &str = "a send is retried until the transaction's time is over";

/// Properties that have a setting of their own, which checks them or keeps them out of sight.
const OWN_SETTING: &[(&str, &str)] = &[
    ("bootstrap.servers", "bootstrap_servers"),
    ("metadata.broker.list", "bootstrap_servers"),
    ("session.timeout.ms", "session_timeout_ms"),
    ("queued.max.messages.kbytes", "prefetch_bytes"),
    ("queue.buffering.max.kbytes", "send_queue_bytes"),
    ("security.protocol", "security_protocol"),
    ("sasl.mechanism", "sasl_mechanism"),
    ("sasl.mechanisms", "sasl_mechanism"),
    ("sasl.username", "sasl_username"),
    ("sasl.password", "sasl_password_file"),
    ("sasl.oauthbearer.method", "sasl_mechanism"),
    ("sasl.oauthbearer.token.endpoint.url", "oidc_token_endpoint"),
    ("sasl.oauthbearer.client.id", "oidc_client_id"),
    ("sasl.oauthbearer.client.credentials.client.id", "oidc_client_id"),
    ("sasl.oauthbearer.client.secret", "oidc_client_secret_file"),
    ("sasl.oauthbearer.client.credentials.client.secret", "oidc_client_secret_file"),
    ("sasl.oauthbearer.scope", "oidc_scope"),
    ("ssl.ca.location", "ssl_ca_file"),
    ("ssl.certificate.location", "ssl_certificate_file"),
    ("ssl.key.location", "ssl_key_file"),
    ("ssl.key.pem", "ssl_key_file"),
    ("ssl.key.password", "ssl_key_password_file"),
];

/// Properties that would put a secret on a command line or into the configuration's file, and have no setting here.
const SECRET: &[&str] =
    &["ssl.keystore.password", "sasl.oauthbearer.config", "sasl.oauthbearer.assertion.private.key.pem", "sasl.oauthbearer.assertion.private.key.passphrase"];

/// Splits `key=value`. [`check`] comes later, since the command line's own errors repeat the whole text, secrets and all.
pub(super) fn parse_property(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("a property is written key=value".to_owned()),
    }
}

/// Whether the property may be passed through to librdkafka, and has a value that it takes.
///
/// # Errors
/// The reason, with the setting to use instead or the nearest right name.
pub fn check(key: &str, value: &str) -> Result<(), String> {
    if let Some((_, reason)) = FIXED.iter().find(|(name, _)| *name == key) {
        return Err(format!("{key} cannot be changed: {reason}"));
    }
    if let Some((_, setting)) = OWN_SETTING.iter().find(|(name, _)| *name == key) {
        return Err(format!("{key} has a setting of its own: {setting} (--{})", setting.replace('_', "-")));
    }
    if SECRET.contains(&key) {
        return Err(format!("{key} is a secret, which a property would show to others; give the key in a PEM file with ssl_key_file instead"));
    }
    if key.starts_with("test.mock.") {
        return Err(format!("{key} would replace Kafka by a pretended one that keeps nothing"));
    }
    if !KNOWN.lines().any(|name| name == key) {
        return Err(match nearest(key, KNOWN.lines()) {
            Some(name) => format!("librdkafka has no property {key}; did you mean {name}?"),
            None => format!("librdkafka has no property {key}"),
        });
    }
    ClientConfig::new().set(key, value).create_native_config().map(|_| ()).map_err(|error| error.to_string())
}

/// The name that is nearest to a wrong one, if any is near.
pub(crate) fn nearest<'a>(wrong: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let scored = names.map(|name| (strsim::jaro_winkler(wrong, name), name)).filter(|(score, _)| *score > 0.7);
    scored.max_by(|one, other| one.0.partial_cmp(&other.0).unwrap_or(Ordering::Equal)).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_name_is_known_to_librdkafka() {
        let config = ClientConfig::new().create_native_config().unwrap();
        let wrong: Vec<_> = KNOWN.lines().filter(|name| config.get(name).is_err()).collect();
        // librdkafka answers for these only when they are set.
        let unset: Vec<_> = wrong.into_iter().filter(|name| known_by_setting(name).is_err()).collect();
        assert!(unset.is_empty(), "{unset:?}");
        for (name, _) in FIXED.iter().chain(OWN_SETTING) {
            assert!(KNOWN.lines().any(|known| known == *name), "{name}");
        }
    }

    fn known_by_setting(name: &str) -> Result<(), String> {
        match ClientConfig::new().set(name, "1").create_native_config() {
            Err(error) if error.to_string().contains("No such") => Err(error.to_string()),
            _ => Ok(()),
        }
    }

    #[test]
    fn what_exactly_once_rests_on_is_refused_with_its_reason() {
        for key in ["enable.auto.commit", "isolation.level", "transactional.id", "enable.idempotence", "group.id", "group.instance.id", "partitioner", "acks"] {
            let reason = check(key, "1").unwrap_err();
            assert!(reason.starts_with(&format!("{key} cannot be changed: ")), "{reason}");
        }
    }

    #[test]
    fn secrets_are_refused_as_properties_and_the_setting_is_named() {
        assert!(check("sasl.password", "geheim").unwrap_err().contains("--sasl-password-file"));
        assert!(!check("ssl.keystore.password", "geheim").unwrap_err().contains("geheim"));
    }

    #[test]
    fn an_unknown_property_is_refused_with_the_nearest_name_and_a_wrong_value_with_its_range() {
        assert_eq!(check("linger.msec", "5"), Err("librdkafka has no property linger.msec; did you mean linger.ms?".to_owned()));
        assert!(check("socket.timeout.ms", "never").unwrap_err().contains("socket.timeout.ms"));
        assert_eq!(check("socket.timeout.ms", "5000"), Ok(()));
    }
}
