//! How the connector speaks to one kind of ERP: a YAML file, checked when it is loaded against the contracts of what it sends. `docs/erp-connector.md`.
//!
//! * [`file`], [`forms`]: the file as it is written.
//! * [`check`]: whether it makes sense. [`errors`]: where it does not.
//! * [`fill`]: from a document to the call that books it or reads it back.
//! * [`understand`]: from the ERP's answer to what it means.
//! * [`path`]: places in an answer.

mod check;
pub mod errors;
pub mod file;
mod fill;
mod forms;
mod path;
mod understand;

use lineside_schemas::ContractId;
use serde_json::{Map, Value};

pub use errors::{DialectError, DialectErrors};
use file::{Batch, DialectFile, Document};
pub use fill::Unmappable;
pub use understand::{DISCARDED, Health, UNCLASSED, UNMAPPABLE};

/// What kind of document goes to the ERP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A confirmation of an operation.
    Confirmation,
    /// A material document.
    GoodsMovement,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Confirmation, Self::GoodsMovement];

    /// The contract that it comes in.
    #[must_use]
    pub const fn contract(self) -> ContractId {
        match self {
            Self::Confirmation => ContractId::ErpConfirmation,
            Self::GoodsMovement => ContractId::ErpGoodsMovement,
        }
    }

    /// The contract's list of lines, where it has one.
    #[must_use]
    pub const fn lines(self) -> Option<&'static str> {
        match self {
            Self::Confirmation => None,
            Self::GoodsMovement => Some("items"),
        }
    }
}

/// Dialects that come with the connector: name and file.
pub const SHIPPED: &[(&str, &str)] =
    &[("s4hana", include_str!("../../dialects/s4hana.yaml")), ("odoo", include_str!("../../dialects/odoo.yaml")), ("file", include_str!("../../dialects/file.yaml"))];

/// A dialect that was checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Dialect {
    file: DialectFile,
}

impl Dialect {
    /// Reads and checks a file; `name` stands in the errors.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(name: &str, text: &str) -> Result<Self, DialectErrors> {
        let file: DialectFile = serde_yaml_ng::from_str(text).map_err(|error| {
            let line = error.location().map_or(1, |place| place.line());
            DialectErrors(vec![DialectError { file: name.to_owned(), line, message: errors::reworded(&error.to_string()) }])
        })?;
        let wrong = check::check(&file);
        if wrong.is_empty() {
            return Ok(Self { file });
        }
        let mut wrong: Vec<DialectError> =
            wrong.into_iter().map(|(path, message)| DialectError { file: name.to_owned(), line: errors::line_of(text, &path), message }).collect();
        wrong.sort();
        Err(DialectErrors(wrong))
    }

    /// One that comes with the connector.
    ///
    /// # Panics
    /// Never: a test parses each of them.
    #[must_use]
    pub fn shipped(name: &str) -> Option<Self> {
        let (name, text) = SHIPPED.iter().find(|(known, _)| *known == name)?;
        Some(Self::parse(name, text).expect("the file is part of the build and a test parses it"))
    }

    /// The file.
    #[must_use]
    pub const fn file(&self) -> &DialectFile {
        &self.file
    }

    fn of(&self, kind: Kind) -> &Document {
        match kind {
            Kind::Confirmation => &self.file.confirmation,
            Kind::GoodsMovement => &self.file.goods_movement,
        }
    }

    /// How a document goes in one call with others; none where it goes alone.
    #[must_use]
    pub fn batch_for(&self, kind: Kind, document: &Map<String, Value>) -> Option<&Batch> {
        self.of(kind).batch.as_ref().filter(|_| !fill::cancels(kind, document))
    }

    /// Whether every kind of document can be read back by its key.
    #[must_use]
    pub fn reads_back(&self) -> bool {
        Kind::ALL.iter().all(|kind| self.of(*kind).read.is_some())
    }
}

/// The JSON Schema of dialect files, for editors.
#[must_use]
pub fn json_schema() -> Value {
    schemars::schema_for!(DialectFile).to_value()
}
