//! The registry as the source of schemas and ids for processors: it looks up, and never registers.

use lineside_schemas::{SchemaSource, SchemaSourceError};

use crate::client::{FULL_TRANSITIVE, RegistryClient};
use crate::compatibility::incompatibilities;
use crate::error::RegistryError;

const APPLY: &str = "run `lineside topology apply`";

impl SchemaSource for RegistryClient {
    fn id_of(&self, subject: &str, schema: &str) -> Result<u32, SchemaSourceError> {
        match self.lookup(subject, schema)? {
            Some(id) => Ok(id),
            None => Err(self.why_not(subject, schema)?),
        }
    }

    fn schema_of(&self, id: u32) -> Result<String, SchemaSourceError> {
        self.schema_by_id(id).map_err(|error| match error {
            missing if missing.is_not_found() => SchemaSourceError::NotFound(format!("schema registry {} has no schema with id {id}", self.url())),
            other => other.into(),
        })
    }
}

impl RegistryClient {
    /// Why exactly this schema is not registered under the subject, in words for an operator.
    fn why_not(&self, subject: &str, schema: &str) -> Result<SchemaSourceError, RegistryError> {
        let versions = self.versions(subject)?;
        let registry = self.url();
        if versions.is_empty() {
            return Ok(SchemaSourceError::NotFound(format!("schema registry {registry} has no subject {subject}: {APPLY}")));
        }
        let reasons = self.incompatibilities(subject, &versions, schema)?;
        Ok(if reasons.is_empty() {
            SchemaSourceError::NotFound(format!(
                "schema registry {registry} has other, compatible versions of {subject}, but not this program's: {APPLY} of the same release"
            ))
        } else {
            let reasons = reasons.join("; ");
            SchemaSourceError::Incompatible(format!(
                "schema registry {registry} has another schema for {subject}, which this program's is not compatible with: {reasons}"
            ))
        })
    }

    /// Why the schema cannot join the versions that the subject has under `FULL_TRANSITIVE`; empty when it can.
    /// By the registry's word where it holds the subject to that level, by our own judgement where not.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub fn incompatibilities(&self, subject: &str, versions: &[(u32, String)], schema: &str) -> Result<Vec<String>, RegistryError> {
        if versions.is_empty() {
            return Ok(Vec::new());
        }
        let own = incompatibilities(versions, schema);
        if self.compatibility(subject)?.as_deref() != Some(FULL_TRANSITIVE) {
            return Ok(own);
        }
        let told = self.check_compatibility(subject, schema)?;
        // Both say the same; ours names the field and the version.
        Ok(if told.is_empty() || own.is_empty() { told } else { own })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_may_move_to_another_thread() {
        fn movable<T: Send + SchemaSource + 'static>() {}
        movable::<RegistryClient>();
    }
}
