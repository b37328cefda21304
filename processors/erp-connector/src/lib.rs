//! Books confirmations and goods movements in an ERP, each once, and says what became of them. `docs/erp-connector.md`.
//!
//! * [`posting`]: the life of a document on its way into the ERP. The core; pure.
//! * [`dialect`]: how one kind of ERP is spoken to, by a file.
//! * [`gate`]: which calls may be made now. Pure.
//! * [`ledger`]: what is kept of a document, and what leads to it.
//! * [`outcome`]: what is told of it.
//! * [`incoming`], [`request`], [`batch`]: what is read, and what is called.
//! * [`census`]: what is shown of the ledger.
//! * [`processor`], [`caller`], [`args`]: what the runtime sees.

pub mod args;
pub mod batch;
pub mod caller;
pub mod census;
pub mod dialect;
pub mod gate;
pub mod incoming;
pub mod ledger;
pub mod outcome;
pub mod posting;
pub mod processor;
pub mod request;

pub use args::ErpConnectorArgs;
pub use dialect::Dialect;
pub use processor::Connector;
