//! What a processor is written against: records in, effects out. No Kafka type, no clock and no I/O stands here.
//!
//! * [`processor`]: the trait to implement, and what its input decodes to.
//! * [`record`]: a record as it was read.
//! * [`context`]: the only way out: sending, keeping state, counting.
//! * [`table`]: compacted topics that it reads as a whole.
//! * [`call`]: calls to the world outside.
//! * [`refusal`]: a record that cannot be processed, and who has to act.
//! * [`dead_letter`]: what is written about it.
//! * [`frame`]: several records as one, on internal topics.
//! * [`effects`], [`stores`]: what the runtime and the testkit put behind the context.

pub mod call;
pub mod context;
pub mod dead_letter;
pub mod effects;
pub mod frame;
pub mod hosted;
pub mod processor;
pub mod record;
pub mod refusal;
pub mod stores;
pub mod table;

pub use call::{Answer, CallError, Request};
pub use context::{Context, Letters};
pub use effects::{Effects, Failure, Gauge};
pub use hosted::{Erased, Hosted};
pub use processor::{Avro, Input, Processor, Raw};
pub use record::{Header, RawRecord, Record};
pub use refusal::{ErrorClass, Refusal};
pub use stores::{AcceptedId, KeyAndValue, StoreError, TaskStores};
pub use table::TableRecord;

pub use lineside_schemas::Timestamp;
