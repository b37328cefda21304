//! The edge: calls that the runtime hands over after their transaction is committed.

use std::sync::Arc;

use lineside_api::Request;
use lineside_outbound::{Call, CallMetrics, Target, wall_clock};
use lineside_runtime::{CallFuture, Caller};

use crate::request::written;

/// Makes calls, and measures them.
#[derive(Debug)]
pub struct ErpCaller {
    target: Target,
    metrics: CallMetrics,
}

impl ErpCaller {
    /// A caller of that target.
    #[must_use]
    pub const fn new(target: Target, metrics: CallMetrics) -> Self {
        Self { target, metrics }
    }
}

impl Caller for ErpCaller {
    fn call(self: Arc<Self>, request: Request) -> CallFuture {
        Box::pin(async move {
            let call: Call = serde_json::from_slice(&request.body).map_err(|error| lineside_api::CallError::NotBegun(error.to_string()))?;
            let measured = self.metrics.begin(&call);
            let reply = self.target.call(&call, request.deadline, wall_clock).await;
            measured.end(&reply);
            Ok(written(wall_clock(), reply))
        })
    }
}
