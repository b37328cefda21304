//! A contract as mappings see it: the envelope, and behind it the fields of the aggregate, the type and a group for each type; or, for master data, plain fields.

use std::sync::OnceLock;

use apache_avro::Schema;
use lineside_schemas::ContractId;
use lineside_topology::{CANONICAL, CanonicalTopic};

use super::envelope::EnvelopePart;
use super::target::{EnumTarget, Named, RecordTarget, Target, TargetField, without_null};
use lineside_yaml::suggestion;

/// Fields that a key has at most behind the plant.
pub(crate) const MAX_KEYS: usize = 4;

/// A contract that mappings can fill.
#[derive(Debug)]
pub(crate) struct ContractTarget {
    pub(crate) topic: &'static CanonicalTopic,
    /// Fields of the envelope, in the order of the schema.
    pub(crate) envelope: Vec<(TargetField, EnvelopePart)>,
    /// What stands behind the envelope, in the order of the schema.
    pub(crate) slots: Vec<Slot>,
}

/// A top-level field behind the envelope.
#[derive(Debug)]
pub(crate) enum Slot {
    /// Part of the aggregate's id, or any field of master data.
    Field(TargetField),
    /// Which group is set.
    Type(EnumTarget),
    /// What one type of event carries.
    Group(TargetGroup),
}

/// A group of a contract.
#[derive(Debug)]
pub(crate) struct TargetGroup {
    /// Symbol of its type.
    pub(crate) symbol: String,
    /// The nullable field that it stands in.
    pub(crate) field: TargetField,
    pub(crate) record: &'static RecordTarget,
}

impl ContractTarget {
    /// Name of the record.
    pub(crate) const fn name(&self) -> &'static str {
        self.topic.contract.name()
    }

    /// Top-level fields beside envelope, type and groups.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &TargetField> {
        self.slots.iter().filter_map(|slot| if let Slot::Field(field) = slot { Some(field) } else { None })
    }

    /// The groups.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &TargetGroup> {
        self.slots.iter().filter_map(|slot| if let Slot::Group(group) = slot { Some(group) } else { None })
    }

    /// Whether it has no types: master data.
    pub(crate) fn is_flat(&self) -> bool {
        self.groups().next().is_none()
    }
}

/// The contract of that name, or what is wrong with the name.
pub(crate) fn contract(name: &str) -> Result<&'static ContractTarget, String> {
    static READ: [OnceLock<Option<ContractTarget>>; CANONICAL.len()] = [const { OnceLock::new() }; CANONICAL.len()];
    let at = CANONICAL.iter().position(|topic| topic.contract.name() == name);
    let found = at.and_then(|at| READ[at].get_or_init(|| from_schema(&CANONICAL[at])).as_ref());
    found.ok_or_else(|| suggestion(name, CANONICAL.iter().map(|topic| topic.contract.name())))
}

/// `None` where the schema is not built as a contract for mappings is: an envelope first, and the fields of the key.
fn from_schema(topic: &'static CanonicalTopic) -> Option<ContractTarget> {
    let schema = Schema::parse_str(ContractId::schema_text(topic.contract)).ok()?;
    let named = Named::of(&schema);
    let Schema::Record(event) = &schema else { return None };
    let (first, rest) = event.fields.split_first()?;
    let Schema::Record(envelope) = named.resolve(&first.schema) else { return None };
    let types = rest.iter().find(|field| field.name == "type").and_then(|field| match named.resolve(&field.schema) {
        Schema::Enum(definition) => Some(EnumTarget { symbols: definition.symbols.clone(), default: definition.default.clone() }),
        _ => None,
    });
    let group_of = |name: &str| types.as_ref()?.known().find(|symbol| symbol.to_lowercase() == name).map(str::to_owned);
    // A record of master data may well have a `type` of its own, but no field for each of its symbols.
    let has_groups = types.as_ref().is_some_and(|types| types.known().all(|symbol| rest.iter().any(|field| field.name == symbol.to_lowercase())));
    let mut slots = Vec::new();
    for field in rest {
        let target = named.field(field);
        slots.push(match (has_groups, group_of(&field.name)) {
            (true, Some(symbol)) => {
                let Target::Record(record) = target.target else { return None };
                without_null(&field.schema).1?;
                Slot::Group(TargetGroup { symbol, field: target, record })
            }
            (true, None) if field.name == "type" => match target.target {
                Target::Enum(types) => Slot::Type(EnumTarget { symbols: types.symbols.clone(), default: types.default.clone() }),
                _ => return None,
            },
            _ => Slot::Field(target),
        });
    }
    let envelope = named.record(envelope).fields.into_iter().map(|field| EnvelopePart::of(&field.name).map(|part| (field, part)));
    let contract = ContractTarget { topic, envelope: envelope.collect::<Option<_>>()?, slots };
    let is_text = |name: &&str| contract.fields().any(|field| field.name == **name && field.target == Target::Text);
    (first.name == "envelope" && topic.key.len() <= MAX_KEYS && topic.key.iter().all(is_text)).then_some(contract)
}

#[cfg(test)]
mod tests {
    use lineside_schemas::records::ProductionEventType;

    use super::super::target::is_positive;
    use super::*;

    fn production() -> &'static ContractTarget {
        contract("ProductionEvent").unwrap()
    }

    fn all() -> impl Iterator<Item = &'static ContractTarget> {
        CANONICAL.iter().map(|topic| contract(topic.contract.name()).unwrap_or_else(|_| panic!("{}", topic.contract.name())))
    }

    /// Every record of a contract, nested ones too.
    fn records(contract: &'static ContractTarget) -> Vec<&'static RecordTarget> {
        let mut found: Vec<&RecordTarget> = contract.groups().map(|group| group.record).collect();
        found.extend(contract.fields().filter_map(|field| nested(field.target)));
        let mut at = 0;
        while at < found.len() {
            found.extend(found[at].fields.iter().filter_map(|field| nested(field.target)).collect::<Vec<_>>());
            at += 1;
        }
        found
    }

    fn nested(target: Target) -> Option<&'static RecordTarget> {
        if let Target::Record(record) | Target::Records(record) = target { Some(record) } else { None }
    }

    #[test]
    fn every_symbol_but_unknown_is_a_group() {
        let symbols: Vec<_> = production().groups().map(|group| group.symbol.as_str()).collect();
        assert_eq!(symbols.len(), ProductionEventType::SYMBOLS.len() - 1);
        assert!(ProductionEventType::SYMBOLS[1..].iter().all(|symbol| symbols.contains(symbol)));
        assert!(contract("DeadLetter").is_err(), "no source can write dead letters");
    }

    #[test]
    fn fields_have_the_types_of_the_schema() {
        let group = production().groups().find(|group| group.symbol == "ORDER_RELEASED").unwrap();
        let fields: Vec<_> = group.record.fields.iter().map(|field| (field.name.as_str(), field.target, field.required())).collect();
        assert_eq!(
            fields[..5],
            [
                ("item", Target::Text, true),
                ("planned_quantity", Target::Quantity, true),
                ("order_type", Target::Text, false),
                ("planned_start", Target::Timestamp, false),
                ("planned_end", Target::Timestamp, false),
            ]
        );
        // Movements of both kinds share a record that the schema names only once.
        let movements: Vec<_> = production().groups().filter(|group| group.record.name == "ComponentMovement").collect();
        assert!(movements.len() >= 2 && movements.iter().all(|group| group.record.fields.len() >= 9));
    }

    #[test]
    fn every_field_of_every_contract_can_be_filled() {
        for contract in all() {
            let fields = contract.fields().chain(records(contract).into_iter().flat_map(|record| &record.fields));
            let unsupported: Vec<_> = fields.filter(|field| field.target == Target::Unsupported).map(|field| &field.name).collect();
            assert!(unsupported.is_empty(), "{}: {unsupported:?}", contract.name());
        }
    }

    #[test]
    fn positive_quantities_are_those_that_the_contracts_call_positive() {
        for record in all().flat_map(records) {
            for field in &record.fields {
                assert_eq!(field.doc.contains("; positive."), is_positive(&record.name, &field.name), "{}.{}", record.name, field.name);
            }
        }
    }
}
