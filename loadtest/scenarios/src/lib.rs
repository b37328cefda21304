//! Whole runs of the pipeline on a real Kafka: the demo, and what integration tests need of it.
//!
//! * [`pipeline`]: local stack, topics and processors, started, fed, killed, awaited and ended.
//! * [`topics`]: what stands on the topics, read and decoded as an outsider does.
//! * [`books`]: whether the books close, judged from that alone.
//! * [`expectation`]: whether a simulated run came to what its simulator expects.
//! * [`tally`]: what happened, in numbers; [`report`]: for people.
//! * [`input`]: raw records from files.
//! * [`erp`]: the connector against an ERP that misbehaves.

pub mod books;
pub mod erp;
pub mod expectation;
pub mod input;
pub mod interrupt;
pub mod pipeline;
pub mod report;
pub mod tally;
pub mod topics;
