use super::*;

const OPERATIONS: [Operation; 7] =
    [Operation::Read, Operation::Write, Operation::Create, Operation::Describe, Operation::Alter, Operation::DescribeConfigs, Operation::AlterConfigs];

fn local() -> Environment {
    Environment::builtin("local").unwrap()
}

fn allowed(acls: &[Acl], principal: &str, resource: ResourceKind, name: &str, operation: Operation) -> bool {
    acls.iter().any(|acl| acl.allows(principal, resource, name, operation))
}

#[test]
fn a_processor_may_read_and_write_exactly_what_the_table_says() {
    let (environment, acls) = (local(), acls(&local()));
    for processor in PROCESSORS {
        let changelogs: Vec<String> = processor.stores.iter().map(|store| changelog_topic(processor, store.name)).collect();
        let inputs: Vec<String> = processor.reads.iter().flat_map(|topic| environment.instances(topic)).collect();
        for topic in environment.topic_plan() {
            let name = topic.name.as_str();
            let reads = inputs.contains(&topic.name) || processor.tables.contains(&name) || changelogs.contains(&topic.name);
            let writes = processor.writes.contains(&name) || changelogs.contains(&topic.name) || name == dead_letter_topic(processor);
            for operation in OPERATIONS {
                let expected = match operation {
                    Operation::Read => reads,
                    Operation::Write => writes,
                    Operation::Describe => reads || writes,
                    _ => false,
                };
                assert_eq!(allowed(&acls, processor.name, ResourceKind::Topic, name, operation), expected, "{} {operation:?} {name}", processor.name);
            }
        }
    }
}

#[test]
fn nobody_may_join_the_group_of_another_or_use_its_transactional_ids() {
    let acls = acls(&local());
    for user in PROCESSORS {
        for owner in PROCESSORS {
            let id = format!("{}-instance-0", owner.group);
            let own = user.name == owner.name;
            assert_eq!(allowed(&acls, user.name, ResourceKind::Group, owner.group, Operation::Read), own, "{} in group {}", user.name, owner.group);
            assert_eq!(allowed(&acls, user.name, ResourceKind::TransactionalId, &id, Operation::Write), own, "{} as {id}", user.name);
        }
    }
}

#[test]
fn a_source_may_write_its_own_topic_and_nothing_else() {
    let (environment, acls) = (local(), acls(&local()));
    for raw in &environment.raw {
        let (principal, own) = (source_principal(&raw.plant, &raw.source), raw_topic(&raw.plant, &raw.source));
        for topic in environment.topic_plan() {
            assert_eq!(allowed(&acls, &principal, ResourceKind::Topic, &topic.name, Operation::Write), topic.name == own);
            assert!(!allowed(&acls, &principal, ResourceKind::Topic, &topic.name, Operation::Read));
        }
    }
}

#[test]
fn the_operator_may_create_every_topic_write_settlements_alone_and_read_what_its_commands_show() {
    let acls = acls(&local());
    for topic in local().topic_plan() {
        assert!(allowed(&acls, OPERATOR, ResourceKind::Topic, &topic.name, Operation::Create));
        assert_eq!(allowed(&acls, OPERATOR, ResourceKind::Topic, &topic.name, Operation::Read), shown(&topic.name), "{}", topic.name);
        assert_eq!(allowed(&acls, OPERATOR, ResourceKind::Topic, &topic.name, Operation::Write), topic.name == "erp.posting-settlements.v1", "{}", topic.name);
    }
}

/// Topics that commands of the operator read.
fn shown(topic: &str) -> bool {
    ["dead-letter.", "raw.", "canonical.", "master.", "books."].iter().any(|prefix| topic.starts_with(prefix))
        || ["duplicates.v1", "order.postings.v1", "erp.confirmations.v1", "erp.goods-movements.v1", "erp.posting-outcomes.v1", "rules.posting.v1"].contains(&topic)
        || ["normalizer-parked-changelog", "erp-connector-ledger-changelog"].contains(&topic)
}

#[test]
fn rules_are_written_by_those_who_publish_and_approve_them_and_by_nobody_else() {
    let acls = acls(&local());
    let writers: Vec<&str> =
        acls.iter().filter(|acl| acl.allows(&acl.principal, ResourceKind::Topic, RULES_POSTING.name(), Operation::Write)).map(|acl| acl.principal.as_str()).collect();
    assert_eq!(writers, [RULES_PUBLISHER, RULES_APPROVER]);
    for topic in local().topic_plan() {
        let name = topic.name.as_str();
        let simulated = name.starts_with("master.") || name == CANONICAL_PRODUCTION.name();
        assert_eq!(allowed(&acls, RULES_PUBLISHER, ResourceKind::Topic, name, Operation::Read), simulated || name == RULES_POSTING.name(), "{name}");
        assert_eq!(allowed(&acls, RULES_APPROVER, ResourceKind::Topic, name, Operation::Read), name == RULES_POSTING.name(), "{name}");
    }
}

#[test]
fn a_cohosted_process_may_do_what_its_processors_may_and_no_more() {
    let (hosted, environment) = ([&PROCESSORS[0], &PROCESSORS[1]], local());
    let (separate, together) = (acls(&environment), cohosted_acls(&environment, &hosted));
    for topic in environment.topic_plan() {
        for operation in OPERATIONS {
            let expected = hosted.iter().any(|processor| allowed(&separate, processor.name, ResourceKind::Topic, &topic.name, operation));
            assert_eq!(allowed(&together, COHOSTED, ResourceKind::Topic, &topic.name, operation), expected, "{operation:?} {}", topic.name);
        }
    }
    assert!(allowed(&together, COHOSTED, ResourceKind::TransactionalId, "lineside-instance-0", Operation::Write));
    assert!(!allowed(&together, COHOSTED, ResourceKind::TransactionalId, "normalizer-instance-0", Operation::Write));
    let mut names: Vec<_> = together.iter().map(|acl| (acl.resource, &acl.name)).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), together.len(), "one permission per resource");
}
