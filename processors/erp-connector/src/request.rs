//! Ids of calls, and how their ends come back.

use std::fmt;

use lineside_outbound::Reply;
use lineside_schemas::Timestamp;
use serde::{Deserialize, Serialize};

/// Which call of which document.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CallId {
    /// The document's id.
    pub document: String,
    /// What the call is for.
    pub purpose: Purpose,
    /// Its number, from 1.
    pub number: u32,
}

/// What a call is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// To book.
    Attempt,
    /// To look.
    Reading,
}

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let purpose = if self.purpose == Purpose::Attempt { "attempt" } else { "reading" };
        write!(f, "{purpose}/{}/{}", self.number, self.document)
    }
}

impl CallId {
    /// Reads what its text says.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (purpose, rest) = text.split_once('/')?;
        let (number, document) = rest.split_once('/')?;
        let purpose = match purpose {
            "attempt" => Purpose::Attempt,
            "reading" => Purpose::Reading,
            _ => return None,
        };
        Some(Self { document: document.to_owned(), purpose, number: number.parse().ok()? })
    }
}

#[derive(Serialize, Deserialize)]
struct Ended {
    at: i64,
    reply: Reply,
}

/// How a call ended and when, as bytes.
///
/// # Panics
/// Never: texts and numbers in a struct are JSON.
#[must_use]
pub fn written(at: Timestamp, reply: Reply) -> Vec<u8> {
    serde_json::to_vec(&Ended { at: at.micros(), reply }).expect("texts in a struct are JSON")
}

/// The same, read.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<(Timestamp, Reply)> {
    let Ended { at, reply } = serde_json::from_slice(bytes).ok()?;
    Some((Timestamp::from_micros(at), reply))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_and_an_end_come_back_as_they_were() {
        let id = CallId { document: "a/b".to_owned(), purpose: Purpose::Reading, number: 7 };
        assert_eq!((id.to_string().as_str(), CallId::parse(&id.to_string())), ("reading/7/a/b", Some(id)));
        assert_eq!([CallId::parse("x/1/d"), CallId::parse("reading/x/d"), CallId::parse("reading/1")], [None, None, None]);
        let reply = Reply::Lost { reason: "reset".to_owned() };
        assert_eq!(read(&written(Timestamp::from_micros(5), reply.clone())), Some((Timestamp::from_micros(5), reply)));
        assert_eq!(read(b"{}"), None);
    }
}
