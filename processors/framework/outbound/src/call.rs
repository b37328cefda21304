//! What goes to the edge of the process and comes back: a call to the ERP and how it ended. JSON, since the framework carries it as bytes.

use serde::{Deserialize, Serialize};

/// A call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// What for.
    pub purpose: Purpose,
    /// Path and query, below the ERP's address; a file's name where files are exchanged.
    pub path: String,
    /// Headers of its own.
    pub headers: Vec<(String, String)>,
    /// JSON.
    pub body: Option<String>,
}

/// What a call is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Purpose {
    /// To book.
    Book,
    /// To look.
    Read,
}

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply {
    /// The ERP answered, and the answer was read to its end.
    Answered {
        /// HTTP status.
        status: u16,
        /// Seconds that it asks to wait.
        retry_after: Option<u32>,
        /// Body, within bounds and as text.
        body: String,
    },
    /// It is certain that the ERP did not and will not get it.
    Unsent {
        /// Why.
        reason: String,
        /// Seconds to wait, where the ERP said so.
        retry_after: Option<u32>,
    },
    /// Anything else: the ERP may have got it.
    Lost {
        /// What happened.
        reason: String,
    },
}
