//! Typed records, one module per schema family. Generated from `avro/`; do not edit.

mod books;
mod envelope;
mod erp;
mod inbound;
mod internal;
mod inventory;
mod master;
mod operations;
mod outbound;
mod planning;
mod posting;
mod production;
mod quality;
mod rules;
mod supply;
mod traceability;
mod work_center;

pub use books::*;
pub use envelope::*;
pub use erp::*;
pub use inbound::*;
pub use internal::*;
pub use inventory::*;
pub use master::*;
pub use operations::*;
pub use outbound::*;
pub use planning::*;
pub use posting::*;
pub use production::*;
pub use quality::*;
pub use rules::*;
pub use supply::*;
pub use traceability::*;
pub use work_center::*;
