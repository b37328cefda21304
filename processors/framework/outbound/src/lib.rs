//! Calls to systems outside Kafka: what a processor decided to send, sent at the edge of the process, within a deadline, and how that ended.
//!
//! Whether a call may have been received is never guessed: [`Reply::Unsent`] is said only where nothing left, [`Reply::Lost`] wherever something may have.
//!
//! * [`call`]: a call and how it ended, as the framework carries them.
//! * [`http`]: over HTTP. [`token`], [`session`], [`retry_after`], [`body`]: its parts.
//! * [`files`]: as files in a folder.
//! * [`metrics`]: what is counted.

mod body;
pub mod call;
pub mod files;
pub mod http;
pub mod metrics;
mod retry_after;
mod session;
mod token;

pub use call::{Call, Purpose, Reply};
pub use files::Files;
pub use http::{Credentials, Csrf, Http, HttpError, HttpSettings};
pub use metrics::CallMetrics;

use lineside_api::Timestamp;

/// Where calls go.
#[derive(Debug)]
pub enum Target {
    /// A server.
    Http(Box<Http>),
    /// A folder.
    Files(Files),
}

impl Target {
    /// Makes a call, which is over at `deadline`, by the wall clock of `now`. Nothing leaves after it.
    pub async fn call(&self, call: &Call, deadline: Timestamp, now: fn() -> Timestamp) -> Reply {
        match self {
            Self::Http(http) => http.call(call, deadline, now).await,
            Self::Files(files) => files.call(call, deadline, now).await,
        }
    }
}

/// The wall clock.
#[must_use]
pub fn wall_clock() -> Timestamp {
    Timestamp::from_micros(jiff::Timestamp::now().as_microsecond())
}

/// A time as HTTP writes it.
#[must_use]
pub fn http_date(time: Timestamp) -> String {
    jiff::Timestamp::from_microsecond(time.micros())
        .ok()
        .and_then(|time| jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&time).ok())
        .unwrap_or_default()
}
