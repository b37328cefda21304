//! A compiled mapping: every name resolved, every type checked.

use std::collections::HashMap;

use lineside_schemas::ContractId;

use super::condition::Condition;
use super::contract::ContractTarget;
use super::expression::{Expression, Filler};
use super::path::{Operand, Path};
use super::prefixes::Prefixes;
use super::target::TargetField;
use super::units::UnitTable;
use super::zone::ZoneRule;
use crate::document::{DocumentFormat, Format, Namespaces};
use crate::master::MasterEntity;

/// Selections that can be nested in one another: those of documents, of a rule, and of lists. So many are copied without a call.
pub(crate) const MAX_LEVELS: usize = 10;

/// What reads the documents of one source.
#[derive(Debug)]
pub struct Plan {
    pub(crate) source: Box<str>,
    /// Plant that the topic is named for: known even of documents that cannot be read.
    pub(crate) plant: Box<str>,
    pub(crate) topic: Box<str>,
    pub(crate) mapping_version: Box<str>,
    pub(crate) format: Format,
    /// The format with its options.
    pub(crate) document_format: DocumentFormat,
    /// White space around texts is none of theirs.
    pub(crate) trim: bool,
    pub(crate) namespaces: Namespaces,
    /// Where the documents of a record stand, outermost selection first; none where the record is the document.
    pub(crate) documents: Box<[Level]>,
    pub(crate) document_type: DocumentType,
    /// Who sent the document, for refusals of it.
    pub(crate) partner: Option<Expression>,
    pub(crate) zone: Option<ZoneRule>,
    /// Digits of a time that its field cannot hold are cut off; otherwise such a time is refused.
    pub(crate) cuts_fractions: bool,
    pub(crate) units: UnitTable,
    /// What prefixes of names stand for.
    pub(crate) prefixes: Prefixes,
    /// How many paths there are.
    pub(crate) path_count: usize,
    /// How many kinds of digests there are.
    pub(crate) digest_count: usize,
    /// Master data that its rules refer to.
    pub(crate) entities: Box<[MasterEntity]>,
    pub(crate) rules: Box<[Rule]>,
    /// Which of them are for documents of a type.
    pub(crate) rules_of: HashMap<Box<str>, Vec<usize>>,
}

impl Plan {
    /// Master data that its rules refer to, each kind once; mostly none.
    #[must_use]
    pub fn entities(&self) -> &[MasterEntity] {
        &self.entities
    }

    /// Name of the source, as in every event's envelope, e.g. `plant-a.mes`.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Raw topic that it reads, e.g. `raw.plant-a.mes`.
    #[must_use]
    pub fn topic(&self) -> &str {
        &self.topic
    }

    /// Source and version, as in every event's envelope, e.g. `plant-a.mes/1`.
    #[must_use]
    pub fn mapping_version(&self) -> &str {
        &self.mapping_version
    }

    /// Format of its documents.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// Types of documents that a rule names, each once, in the order of the file.
    #[must_use]
    pub fn document_types(&self) -> Vec<&str> {
        let mut types: Vec<&str> = Vec::new();
        for name in self.rules.iter().flat_map(|rule| &rule.document_types) {
            if !types.contains(&&**name) {
                types.push(name);
            }
        }
        types
    }

    /// What its rules make, each once, in the order of the file: the contract and the type of event; for master data the contract twice.
    #[must_use]
    pub fn event_types(&self) -> Vec<(ContractId, &str)> {
        let mut types = Vec::new();
        for rule in &self.rules {
            if let Action::Event(event) = &rule.action {
                let made = (event.contract.topic.contract, event.type_name);
                if !types.contains(&made) {
                    types.push(made);
                }
            }
        }
        types
    }
}

/// How documents name their type.
#[derive(Debug)]
pub(crate) enum DocumentType {
    /// By the name of the root element, in the namespace of names without a prefix.
    Root,
    /// By what stands there: below the innermost selection of the documents, or anywhere in the record.
    Operands(Box<[Operand]>),
    /// They do not; all are of one type.
    Fixed(Box<str>),
    /// By what an expression makes of them.
    Made(super::Expression),
}

/// Finds something in documents of some types.
#[derive(Debug)]
pub(crate) struct Rule {
    /// Where it stands in the file, from 1.
    pub(crate) line: usize,
    pub(crate) document_types: Box<[Box<str>]>,
    /// Selections behind those of the documents.
    pub(crate) levels: Box<[Level]>,
    /// Conditions that are the same for the whole document.
    pub(crate) document_conditions: Box<[Condition]>,
    /// Conditions on what the innermost selection selected.
    pub(crate) conditions: Box<[Condition]>,
    pub(crate) action: Action,
}

/// A selection.
#[derive(Debug)]
pub(crate) struct Level {
    pub(crate) paths: Box<[Path]>,
    /// All paths count, one after the other; otherwise they are alternatives, of which the first that leads anywhere is taken.
    pub(crate) all: bool,
    /// Finding nothing is an error.
    pub(crate) required: bool,
}

/// What becomes of a selected node.
#[derive(Debug)]
pub(crate) enum Action {
    Event(Box<EventPlan>),
    /// The document is refused, for this reason.
    Refuse(Box<str>),
    /// It is understood, and deliberately makes no event, for this reason.
    Ignore(Box<str>),
}

/// How one event is made.
#[derive(Debug)]
pub(crate) struct EventPlan {
    pub(crate) contract: &'static ContractTarget,
    /// Symbol of the type; for master data the name of the contract.
    pub(crate) type_name: &'static str,
    pub(crate) envelope: EnvelopePlan,
    /// What the key is made of, behind the plant.
    pub(crate) keys: Box<[KeyPlan]>,
    /// What stands behind the envelope.
    pub(crate) content: Box<[Piece]>,
    /// Something of it is looked up in master data.
    pub(crate) refers: bool,
}

/// A field that is part of the key.
#[derive(Debug)]
pub(crate) struct KeyPlan {
    pub(crate) field: &'static TargetField,
    /// `None` where nothing fills it and nothing has to.
    pub(crate) expression: Option<Expression>,
}

/// How the mapped fields of the envelope are made. The rest the normalizer knows itself.
#[derive(Debug)]
pub(crate) struct EnvelopePlan {
    pub(crate) event_id: Expression,
    pub(crate) plant: Expression,
    pub(crate) region: Option<Expression>,
    pub(crate) transaction_type: Expression,
    pub(crate) source_time: Expression,
    /// By default that of the source's time, or of the mapping's zone then.
    pub(crate) source_utc_offset: Option<Expression>,
    pub(crate) source_sequence: Option<Expression>,
    /// By default the key.
    pub(crate) correlation_id: Option<Expression>,
    pub(crate) causation_id: Option<Expression>,
}

/// A part of a record, in the order of the schema.
#[derive(Debug)]
pub(crate) enum Piece {
    /// Bytes that are the same in every event: the type, the null branches of other groups, fields that nothing fills.
    Fixed {
        bytes: Box<[u8]>,
        /// Fields in them that get a default of the contract which says something.
        defaults: Box<[&'static TargetField]>,
    },
    /// The part of the key with this number.
    Key {
        number: usize,
        field: &'static TargetField,
    },
    /// The group that is set.
    Group {
        field: &'static TargetField,
        pieces: Box<[Piece]>,
    },
    Field(FieldPlan),
}

/// How a field is made.
#[derive(Debug)]
pub(crate) struct FieldPlan {
    pub(crate) field: &'static TargetField,
    /// A quantity that has to be above zero.
    pub(crate) positive: bool,
    pub(crate) filler: Filler,
}

/// What gives items of a list.
#[derive(Debug)]
pub(crate) struct ListPart {
    /// Every node that the innermost selects is an item; without any, the place where the rule stands is one.
    pub(crate) levels: Box<[Level]>,
    /// Only where these hold.
    pub(crate) conditions: Box<[Condition]>,
    pub(crate) item: ItemPlan,
}

/// How an item of a list is made.
#[derive(Debug)]
pub(crate) enum ItemPlan {
    Text(Expression),
    Record(Box<[Piece]>),
}
