//! Calls to the world outside of Kafka: asked for by a processor, made by the runtime once that is committed.

use lineside_schemas::Timestamp;

/// A call that a processor asks for.
///
/// It is made after the transaction that asks for it has committed, at most once, and not begun after its deadline. Nothing but the processor's own state
/// remembers it: a crash, a lost answer and a partition that moved away all look the same, the deadline has passed and there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Identity, for the processor to know the answer by.
    pub id: String,
    /// Wall-clock time after which it is not begun any more.
    pub deadline: Timestamp,
    /// What is asked, in a form that processor and caller agree on.
    pub body: Vec<u8>,
}

/// What came of a [`Request`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Identity of the request.
    pub id: String,
    /// What was answered, in a form that processor and caller agree on; or why there is nothing.
    pub body: Result<Vec<u8>, CallError>,
}

/// Why a call has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// It was not begun: the other side knows nothing of it.
    #[error("not begun: {0}")]
    NotBegun(String),
    /// It was begun, and how it ended is not known.
    #[error("in doubt: {0}")]
    InDoubt(String),
}
