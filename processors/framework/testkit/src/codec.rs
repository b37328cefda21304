//! A codec without a registry.

use lineside_schemas::{Codec, ContractId, SchemaSource, SchemaSourceError};
use lineside_topology::Value;
use lineside_topology::topics::topics;

/// Every contract as a registry would have it after the topology was applied. The id of a schema is its place in [`ContractId::ALL`], from 1.
#[derive(Debug, Clone, Copy, Default)]
pub struct SchemaTable;

impl SchemaSource for SchemaTable {
    fn id_of(&self, subject: &str, schema: &str) -> Result<u32, SchemaSourceError> {
        let contract = topics()
            .into_iter()
            .find_map(|topic| topic.value.subjects(&topic.name).into_iter().find_map(|(name, contract)| (name == subject).then_some(contract)))
            .ok_or_else(|| SchemaSourceError::NotFound(format!("subject {subject} is not registered")))?;
        if contract.schema_text() == schema {
            Ok(id_of(contract))
        } else {
            Err(SchemaSourceError::Incompatible(format!("subject {subject} has the schema of {}", contract.name())))
        }
    }

    fn schema_of(&self, id: u32) -> Result<String, SchemaSourceError> {
        let contract = ContractId::ALL.iter().find(|contract| id_of(**contract) == id);
        contract.map(|contract| contract.schema_text().to_owned()).ok_or_else(|| SchemaSourceError::NotFound(format!("schema {id} is not registered")))
    }
}

/// Schema id of a contract in [`SchemaTable`].
///
/// # Panics
/// Never: every contract stands in [`ContractId::ALL`].
#[must_use]
pub fn id_of(contract: ContractId) -> u32 {
    let index = ContractId::ALL.iter().position(|known| *known == contract).expect("ALL holds every contract");
    u32::try_from(index).expect("there are few contracts") + 1
}

/// A codec over [`SchemaTable`], able to write to every topic of the table that is not raw.
///
/// # Panics
/// If the table of topics names a schema that is no contract.
#[must_use]
pub fn codec() -> Codec {
    let mut codec = Codec::new(Box::new(SchemaTable));
    for topic in topics() {
        let resolved = match topic.value {
            Value::Raw => Ok(()),
            Value::Avro(contract) => codec.resolve(&topic.name, contract).map(|_| ()),
            Value::Frames(contract) => codec.resolve_frames(&topic.name, contract),
        };
        resolved.expect("the table gives each topic the schema of its contract");
    }
    codec
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_every_topic_by_the_schema_of_the_table() {
        let text = format!("{:?}", codec());
        for topic in topics() {
            assert_eq!(text.contains(&format!("{:?}", topic.name)), topic.value != Value::Raw, "{}", topic.name);
        }
    }

    #[test]
    fn gives_no_id_for_another_schema_or_subject() {
        let other = ContractId::DeadLetter.schema_text();
        assert!(matches!(SchemaTable.id_of("normalized-value", other), Err(SchemaSourceError::Incompatible(_))));
        assert!(matches!(SchemaTable.id_of("unheard-of-value", other), Err(SchemaSourceError::NotFound(_))));
        assert!(matches!(SchemaTable.schema_of(0), Err(SchemaSourceError::NotFound(_))));
        for (subject, contract) in [("normalized-value", ContractId::RecordFrame), ("normalized-io.lineside.internal.NormalizedEvent", ContractId::NormalizedEvent)] {
            assert_eq!(SchemaTable.id_of(subject, contract.schema_text()), Ok(id_of(contract)));
        }
    }
}
