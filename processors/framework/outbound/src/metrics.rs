//! What is counted of calls.

use std::time::Instant;

use lineside_runtime::metrics::names::{ERP_CALL_SECONDS, ERP_CALLS};
use prometheus::core::Collector;
use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, Opts};

use crate::call::{Call, Purpose, Reply};

/// Counts calls, how they end, and how long they take.
#[derive(Debug, Clone)]
pub struct CallMetrics {
    calls: IntCounterVec,
    seconds: HistogramVec,
}

/// A call under way.
#[derive(Debug)]
pub struct Measured<'m> {
    metrics: &'m CallMetrics,
    purpose: &'static str,
    started: Instant,
}

const BUCKETS: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0];

impl CallMetrics {
    /// All at zero.
    ///
    /// # Errors
    /// When a name or a label is none, which a test rules out.
    pub fn new() -> Result<Self, prometheus::Error> {
        let metrics = Self {
            calls: IntCounterVec::new(Opts::new(ERP_CALLS.name, ERP_CALLS.help), ERP_CALLS.labels)?,
            seconds: HistogramVec::new(HistogramOpts::new(ERP_CALL_SECONDS.name, ERP_CALL_SECONDS.help).buckets(BUCKETS.to_vec()), ERP_CALL_SECONDS.labels)?,
        };
        for purpose in ["book", "read"] {
            metrics.seconds.with_label_values(&[purpose]);
            for outcome in ["2xx", "3xx", "4xx", "429", "5xx", "lost", "unsent"] {
                metrics.calls.with_label_values(&[purpose, outcome]);
            }
        }
        Ok(metrics)
    }

    /// What a registry takes.
    #[must_use]
    pub fn collectors(&self) -> Vec<Box<dyn Collector>> {
        vec![Box::new(self.calls.clone()), Box::new(self.seconds.clone())]
    }

    /// A call begins.
    #[must_use]
    pub fn begin(&self, call: &Call) -> Measured<'_> {
        Measured { metrics: self, purpose: if call.purpose == Purpose::Book { "book" } else { "read" }, started: Instant::now() }
    }
}

impl Measured<'_> {
    /// It ended.
    pub fn end(self, reply: &Reply) {
        let outcome = match reply {
            Reply::Answered { status: 429, .. } => "429",
            Reply::Answered { status: ..300, .. } => "2xx",
            Reply::Answered { status: ..400, .. } => "3xx",
            Reply::Answered { status: ..500, .. } => "4xx",
            Reply::Answered { .. } => "5xx",
            Reply::Unsent { .. } => "unsent",
            Reply::Lost { .. } => "lost",
        };
        self.metrics.calls.with_label_values(&[self.purpose, outcome]).inc();
        self.metrics.seconds.with_label_values(&[self.purpose]).observe(self.started.elapsed().as_secs_f64());
    }
}
