//! The topology: one table of topics, processors and stores that drives wiring, validation, topic creation, diagrams and tests.
//!
//! * [`topics`]: every topic, with its key, value type and cleanup policy.
//! * [`canonical`]: where the events and master records of each contract go, and what their keys are made of.
//! * [`processors`]: who reads, who writes, which stores.
//! * [`environment`]: the sizes of one installation: replication, partitions, retention, and its sources.
//! * [`partitioner`]: which partition a key goes to.
//! * [`plan`]: the topics of an environment, with every setting.
//! * [`validate`](mod@validate): whether the table and an environment make sense together.
//! * [`describe`](mod@describe) and [`mermaid`](mod@mermaid): the topology in words and as a picture.
//! * [`acls`](mod@acls) and [`acl_format`]: who may do what on the cluster.
//! * [`handle`]: typed constants that processors send to and keep state in; what is not in the table has no handle.

pub mod acl_format;
pub mod acls;
pub mod canonical;
pub mod describe;
pub mod environment;
pub mod handle;
pub mod mermaid;
pub mod partitioner;
pub mod plan;
pub mod problem;
pub mod processors;
pub mod topics;
pub mod validate;

pub use acl_format::{acls_commands, acls_text};
pub use acls::{Acl, acls, cohosted_acls};
pub use canonical::{CANONICAL, CanonicalTopic, canonical};
pub use describe::describe;
pub use environment::{Environment, EnvironmentError, ProcessorSizes};
pub use handle::{IdStoreHandle, StoreHandle, Topic};
pub use mermaid::mermaid;
pub use plan::PlannedTopic;
pub use problem::Problem;
pub use processors::{ProcessorSpec, StoreKind, StoreSpec};
pub use topics::{Chain, Cleanup, Retention, TopicSpec, Value};
pub use validate::validate;
