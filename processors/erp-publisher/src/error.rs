//! Why a posting is refused.

use lineside_api::Refusal;
use lineside_schemas::Decimal;

/// Why a posting is not handed to the ERP. Each has a page in `docs/errors`. All of them are faults of whoever made the posting, not of a plant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PostingError {
    /// Who books the goods movements is not known to this version.
    #[error("the posting's mode is not one that this version knows, so it is not clear who books its goods movements")]
    UnknownPostingMode,
    /// A movement type without a goods movement code.
    #[error("line {line} has movement type {movement_type}, which has no goods movement code here")]
    UnknownMovementType {
        /// Line of the posting.
        line: i32,
        /// Its movement type.
        movement_type: String,
    },
    /// A line that moves nothing, or backwards.
    #[error("line {line} has the quantity {quantity}; quantities are positive, the movement type gives the direction")]
    QuantityNotPositive {
        /// Line of the posting.
        line: i32,
        /// Its quantity.
        quantity: Decimal,
    },
    /// Lines and control totals disagree.
    #[error("movement type {movement_type} in {unit}: the control total says {}, the lines say {}", sum(.stated.as_ref()), sum(.found.as_ref()))]
    ControlTotalMismatch {
        /// Movement type.
        movement_type: String,
        /// Unit.
        unit: String,
        /// Count of lines and their sum as the control total has it, if there is one.
        stated: Option<(i32, Decimal)>,
        /// Count of lines and their sum, if there are any.
        found: Option<(i32, Decimal)>,
    },
    /// Two control totals for one movement type and unit.
    #[error("movement type {movement_type} in {unit} has two control totals")]
    ControlTotalRepeated {
        /// Movement type.
        movement_type: String,
        /// Unit.
        unit: String,
    },
    /// A sum does not fit 38 digits, so it cannot be what a control total says.
    #[error("the lines of movement type {movement_type} in {unit} add up to more than 29 digits before the decimal point")]
    ControlTotalOverflow {
        /// Movement type.
        movement_type: String,
        /// Unit.
        unit: String,
    },
}

fn sum(total: Option<&(i32, Decimal)>) -> String {
    total.map_or_else(|| "nothing".to_owned(), |(lines, quantity)| format!("{lines} lines, {quantity}"))
}

impl PostingError {
    /// Stable code, with a page of its own in `docs/errors`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownPostingMode => "unknown-posting-mode",
            Self::UnknownMovementType { .. } => "unknown-movement-type",
            Self::QuantityNotPositive { .. } => "quantity-not-positive",
            Self::ControlTotalMismatch { .. } | Self::ControlTotalRepeated { .. } | Self::ControlTotalOverflow { .. } => "control-total-mismatch",
        }
    }

    fn field(&self) -> String {
        match self {
            Self::UnknownPostingMode => "mode".to_owned(),
            Self::UnknownMovementType { line, .. } => format!("lines[{line}].movement_type"),
            Self::QuantityNotPositive { line, .. } => format!("lines[{line}].quantity"),
            Self::ControlTotalMismatch { .. } | Self::ControlTotalRepeated { .. } | Self::ControlTotalOverflow { .. } => "control_totals".to_owned(),
        }
    }
}

impl From<PostingError> for Refusal {
    fn from(error: PostingError) -> Self {
        Self::application(error.code(), error.to_string()).at(error.field())
    }
}
