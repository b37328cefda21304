//! Shapes postings as an ERP books them: a confirmation per operation, a material document per goods movement code. `docs/posting-rules.md`.
//!
//! * [`publication`]: everything that a posting becomes. The core; pure.
//! * [`control`]: whether the posting's lines are those that its control totals speak of.
//! * [`movement_type`]: movement types and their goods movement codes.
//! * [`error`]: why a posting is refused.
//! * [`processor`], [`args`]: what the runtime sees.

pub mod args;
pub mod control;
pub mod error;
pub mod movement_type;
pub mod processor;
pub mod publication;

pub use args::ErpPublisherArgs;
pub use error::PostingError;
pub use processor::ErpPublisher;
pub use publication::Publication;
