//! A compiled mapping: every name resolved, every type checked.

use lineside_schemas::records::ProductionEventType;

use super::condition::Condition;
use super::expression::{Expression, Filler};
use super::path::Path;
use super::target::Target;
use super::units::UnitTable;
use super::zone::ZoneRule;
use crate::document::{DocumentFormat, Format, Namespaces};

/// Selections that can be nested in one rule.
pub(crate) const MAX_LEVELS: usize = 6;

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
    /// Where JSON documents name their type; XML documents do by their root element.
    pub(crate) document_type: Option<Path>,
    pub(crate) zone: Option<ZoneRule>,
    pub(crate) units: UnitTable,
    /// How many paths there are.
    pub(crate) path_count: usize,
    pub(crate) rules: Box<[Rule]>,
}

impl Plan {
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
}

/// Finds something in documents of some types.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) document_types: Box<[Box<str>]>,
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
    pub(crate) path: Path,
    /// Finding nothing is an error.
    pub(crate) required: bool,
}

/// What becomes of a selected node.
#[derive(Debug)]
pub(crate) enum Action {
    Event(Box<EventPlan>),
    /// The document is refused, for this reason.
    Refuse(Box<str>),
}

/// How one event is made.
#[derive(Debug)]
pub(crate) struct EventPlan {
    pub(crate) kind: ProductionEventType,
    pub(crate) envelope: EnvelopePlan,
    pub(crate) order: Expression,
    pub(crate) fields: Box<[FieldPlan]>,
}

/// How the mapped fields of the envelope are made. The rest the normalizer knows itself.
#[derive(Debug)]
pub(crate) struct EnvelopePlan {
    pub(crate) event_id: Expression,
    pub(crate) plant: Expression,
    pub(crate) region: Option<Expression>,
    pub(crate) transaction_type: Expression,
    pub(crate) source_time: Expression,
    pub(crate) source_sequence: Option<Expression>,
    /// By default plant and order.
    pub(crate) correlation_id: Option<Expression>,
    pub(crate) causation_id: Option<Expression>,
}

/// How a field of an event's group is made.
#[derive(Debug)]
pub(crate) struct FieldPlan {
    pub(crate) name: Box<str>,
    pub(crate) target: Target,
    pub(crate) required: bool,
    /// A quantity that has to be above zero.
    pub(crate) positive: bool,
    pub(crate) filler: Filler,
}
