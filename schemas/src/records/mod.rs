//! Typed records, one module per schema family. Generated from `avro/`; do not edit.

mod envelope;
mod erp;
mod internal;
mod operations;
mod posting;
mod production;
mod supply;

pub use envelope::*;
pub use erp::*;
pub use internal::*;
pub use operations::*;
pub use posting::*;
pub use production::*;
pub use supply::*;
