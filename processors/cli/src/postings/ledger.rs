//! The ERP connector's ledger, read from its changelog: the last that each key says.

use std::collections::BTreeMap;

use lineside_registry::RegistryClient;
use lineside_schemas::{Codec, contract};
use lineside_topology::processors::{ERP_CONNECTOR, ERP_LEDGER};
use lineside_topology::topics::changelog_topic;

use super::PostingsError;
use super::listed::Listed;
use crate::dead_letters::arguments::ReachArguments;
use crate::dead_letters::reader::Reader;

/// Documents by id.
#[derive(Debug, Default)]
pub(super) struct Ledger(BTreeMap<String, Listed>);

impl Ledger {
    /// All that the changelog holds now.
    pub(super) fn read(reach: &ReachArguments) -> Result<Self, PostingsError> {
        let codec = Codec::new(Box::new(RegistryClient::new(&reach.connection.registry())?));
        let topic = changelog_topic(&ERP_CONNECTOR, ERP_LEDGER.name());
        let mut ledger = Self::default();
        Reader::new(&reach.connection)?.each(&[topic], None, &mut |stored| {
            // The other keys are indexes.
            let Some(id) = stored.key.and_then(|key| std::str::from_utf8(key).ok()).and_then(|key| key.strip_prefix("d/")) else { return Ok(()) };
            match stored.value {
                None => ledger.0.remove(id),
                Some(value) => {
                    let entry = codec.decode::<contract::ErpLedgerEntry>(value)?;
                    entry.document.and_then(|document| ledger.0.insert(id.to_owned(), Listed::of(id, &document)))
                }
            };
            Ok::<(), PostingsError>(())
        })?;
        Ok(ledger)
    }

    pub(super) fn documents(&self) -> impl Iterator<Item = &Listed> {
        self.0.values()
    }

    /// The document of that id, or whose id begins so.
    pub(super) fn one(&self, id: &str) -> Result<&Listed, PostingsError> {
        let mut found = self.0.range(id.to_owned()..).take_while(|(known, _)| known.starts_with(id)).map(|(_, listed)| listed);
        match (found.next(), found.next()) {
            (Some(listed), None) => Ok(listed),
            (Some(listed), Some(_)) if listed.id == id => Ok(listed),
            (None, _) => Err(PostingsError::Document(format!("the ledger has no document {id}: it never came, or it is settled and forgotten"))),
            (Some(_), Some(_)) => Err(PostingsError::Document(format!("several documents begin with {id}"))),
        }
    }
}
