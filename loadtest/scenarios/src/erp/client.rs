//! The simulator's own account, asked over HTTP.

use std::time::Duration;

use jiff::Timestamp;
use lineside_erp_simulator::entry::{Change, Entry};
use lineside_erp_simulator::state::LineView;
use serde::Deserialize;

/// Why the simulator does not tell.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// No answer.
    #[error("ask the simulated ERP: {0}")]
    Http(#[from] reqwest::Error),
    /// No sense in it.
    #[error("the simulated ERP's answer: {0}")]
    Json(#[from] serde_json::Error),
}

/// What was asked and booked, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Summary {
    /// Keys that were asked for.
    pub keys_asked: usize,
    /// Requests to book.
    pub attempts: u64,
    /// Faults met, by name.
    pub faults: std::collections::BTreeMap<String, u64>,
    /// Lines by state.
    pub lines: Lines,
}

/// Lines by state.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Lines {
    /// Booked.
    pub booked: usize,
    /// Parked.
    pub parked: usize,
    /// Taken back.
    pub cancelled: usize,
    /// Given up.
    pub discarded: usize,
}

/// Asks a simulator.
#[derive(Debug)]
pub struct ErpClient {
    base: String,
    http: reqwest::blocking::Client,
}

impl ErpClient {
    /// Of the simulator at that address.
    ///
    /// # Errors
    /// [`ClientError::Http`].
    pub fn new(base: &str) -> Result<Self, ClientError> {
        Ok(Self { base: base.to_owned(), http: reqwest::blocking::Client::builder().no_proxy().timeout(Duration::from_secs(30)).build()? })
    }

    /// Counts.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn summary(&self) -> Result<Summary, ClientError> {
        Ok(serde_json::from_str(&self.text("/admin/summary")?)?)
    }

    /// Every line as it stands.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn lines(&self) -> Result<Vec<LineView>, ClientError> {
        self.text("/admin/lines")?.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
    }

    /// When it was asked to book, each time.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn asked(&self) -> Result<Vec<Timestamp>, ClientError> {
        let entries = self.text("/ledger")?.lines().map(serde_json::from_str).collect::<Result<Vec<Entry>, _>>()?;
        Ok(entries.into_iter().filter(|entry| matches!(entry.change, Change::Asked { .. })).map(|entry| entry.at).collect())
    }

    /// Tells it something.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn tell(&self, path: &str, body: &serde_json::Value) -> Result<(), ClientError> {
        self.http.post(format!("{}{path}", self.base)).body(body.to_string()).send()?.error_for_status()?;
        Ok(())
    }

    fn text(&self, path: &str) -> Result<String, ClientError> {
        Ok(self.http.get(format!("{}{path}", self.base)).send()?.error_for_status()?.text()?)
    }
}
