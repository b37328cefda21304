//! Permissions in words, and as commands for Kafka's own tool.

use std::fmt::Write as _;

use crate::acls::{Acl, Operation, Pattern, ResourceKind};

/// A table for people, by user. Ends in a newline.
#[must_use]
pub fn acls_text(acls: &[Acl]) -> String {
    let rows: Vec<[String; 3]> = acls.iter().map(|acl| [resource_words(acl), operation_names(acl, ", "), acl.reason.to_owned()]).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or_default();
    let (resources, operations) = (width(0), width(1));
    let mut text = String::new();
    for (index, (acl, [resource, operation, reason])) in acls.iter().zip(&rows).enumerate() {
        if index == 0 || acls[index - 1].principal != acl.principal {
            let gap = if index == 0 { "" } else { "\n" };
            writeln!(text, "{gap}User:{}", acl.principal).expect("writing to a string cannot fail");
        }
        writeln!(text, "  {resource:resources$}  {operation:operations$}  {reason}").expect("writing to a string cannot fail");
    }
    text
}

/// Lines for a shell: `kafka-acls.sh` once per user and kind of right. Brokers are `$BOOTSTRAP`, further options `$KAFKA_ACLS_OPTIONS`
/// (`--command-config FILE` for an admin user's credentials).
#[must_use]
pub fn acls_commands(acls: &[Acl]) -> String {
    let mut text = String::from("set -eu\n");
    let mut left: Vec<&Acl> = acls.iter().collect();
    while let Some(first) = left.first().copied() {
        let alike = |acl: &&Acl| (&acl.principal, acl.resource, acl.pattern, &acl.operations) == (&first.principal, first.resource, first.pattern, &first.operations);
        let (together, rest): (Vec<&Acl>, Vec<&Acl>) = left.into_iter().partition(alike);
        left = rest;
        let option = match first.resource {
            ResourceKind::Topic => "topic",
            ResourceKind::Group => "group",
            ResourceKind::TransactionalId => "transactional-id",
        };
        let names = together.iter().map(|acl| format!(" --{option} {}", quoted(&acl.name))).collect::<Vec<_>>().concat();
        let operations = first.operations.iter().map(|operation| format!(" --operation {operation:?}")).collect::<Vec<_>>().concat();
        let pattern = match first.pattern {
            Pattern::Literal => "literal",
            Pattern::Prefixed => "prefixed",
        };
        writeln!(
            text,
            "kafka-acls.sh --bootstrap-server \"$BOOTSTRAP\" ${{KAFKA_ACLS_OPTIONS:-}} --add --force --allow-principal {}{operations} --resource-pattern-type {pattern}{names}",
            quoted(&format!("User:{}", first.principal)),
        )
        .expect("writing to a string cannot fail");
    }
    text
}

fn resource_words(acl: &Acl) -> String {
    let kind = match acl.resource {
        ResourceKind::Topic => "topic",
        ResourceKind::Group => "group",
        ResourceKind::TransactionalId => "transactional id",
    };
    match acl.pattern {
        Pattern::Literal => format!("{kind} {}", acl.name),
        Pattern::Prefixed => format!("{kind} {}*", acl.name),
    }
}

fn operation_names(acl: &Acl, between: &str) -> String {
    acl.operations.iter().map(|operation: &Operation| format!("{operation:?}")).collect::<Vec<_>>().join(between)
}

/// One word for a POSIX shell, whatever it holds.
fn quoted(word: &str) -> String {
    if word.chars().all(|letter| letter.is_ascii_alphanumeric() || "-._:".contains(letter)) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acls::acls;
    use crate::environment::Environment;

    #[test]
    fn every_permission_is_in_exactly_one_command() {
        let acls = acls(&Environment::builtin("local").unwrap());
        let commands = acls_commands(&acls);
        let named = |option: &str| commands.matches(option).count();
        assert_eq!(named(" --topic ") + named(" --group ") + named(" --transactional-id "), acls.len());
        for acl in &acls {
            let principal = format!("--allow-principal User:{} ", acl.principal);
            let operations = acl.operations.iter().map(|operation| format!("--operation {operation:?} ")).collect::<Vec<_>>().concat();
            let name = acl.name.as_str();
            let found = commands.lines().filter(|line| line.contains(&format!("{principal}{operations}--resource")) && line.split(' ').any(|word| word == name)).count();
            assert_eq!(found, 1, "{acl:?}\n{commands}");
        }
    }

    #[test]
    fn a_name_cannot_become_a_command() {
        assert_eq!(quoted("raw.plant-a.mes"), "raw.plant-a.mes");
        assert_eq!(quoted("a; rm 'x'"), r"'a; rm '\''x'\'''");
    }
}
