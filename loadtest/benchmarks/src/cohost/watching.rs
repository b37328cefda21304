//! What is seen from outside: records of the ERP as they become visible, and what the processes count.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use lineside_registry::{RegistryClient, RegistrySettings};
use lineside_scenarios::books::Contents;
use lineside_scenarios::books::facts::Position;
use lineside_schemas::Codec;
use lineside_schemas::contract::{ErpConfirmation, ErpGoodsMovement};
use lineside_topology::topics::{ERP_CONFIRMATIONS, ERP_GOODS_MOVEMENTS};
use rdkafka::consumer::BaseConsumer;
use rdkafka::message::Message as _;

use crate::clients::{read_all, tail};
use crate::error::BenchError;

const POLL_TIMEOUT: Duration = Duration::from_millis(100);
const HTTP_TIMEOUT: Duration = Duration::from_secs(5);

/// A record of the ERP, when it was seen.
#[derive(Debug, Clone)]
pub(super) struct Arrival {
    /// Microseconds since 1970.
    at_us: i64,
    confirmation: bool,
    value: Vec<u8>,
}

/// A reader of the ERP's topics.
pub(super) fn erp_reader(bootstrap: &str) -> Result<BaseConsumer, BenchError> {
    tail(bootstrap, &[ERP_CONFIRMATIONS.name(), ERP_GOODS_MOVEMENTS.name()])
}

/// Notes records until `done`.
pub(super) fn watch(reader: &BaseConsumer, done: &AtomicBool) -> Result<Vec<Arrival>, BenchError> {
    let mut arrivals = Vec::new();
    while !done.load(Ordering::Acquire) {
        match reader.poll(POLL_TIMEOUT) {
            Some(Ok(message)) => {
                let value = message.payload().unwrap_or_default().to_vec();
                arrivals.push(Arrival { at_us: now_us(), confirmation: message.topic() == ERP_CONFIRMATIONS.name(), value });
            }
            Some(Err(error)) => return Err(error.into()),
            None => {}
        }
    }
    Ok(arrivals)
}

/// Now, microseconds since 1970.
pub(super) fn now_us() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| i64::try_from(time.as_micros()).unwrap_or(i64::MAX))
}

/// A record's way from raw topic to ERP.
#[derive(Debug, Clone, Copy)]
pub(super) struct Passage {
    /// When the broker appended the raw record that made the posting due. Microseconds since 1970, known to the millisecond.
    pub from_us: i64,
    /// From then until the ERP's record was visible.
    pub took: Duration,
}

/// The passage of every record of the ERP: from the raw record whose event made its posting due.
pub(super) fn passages(bootstrap: &str, registry_url: &str, contents: &Contents, arrivals: &[Arrival]) -> Result<Vec<Passage>, BenchError> {
    let failed = |error: &dyn std::fmt::Display| BenchError::Failed(format!("a record of the ERP: {error}"));
    let appended = append_times(bootstrap, contents)?;
    let raw_of: HashMap<(&str, &str, &str), &Position> =
        contents.events.iter().map(|event| ((event.plant.as_str(), event.order.as_str(), event.event_id.as_str()), &event.raw)).collect();
    let due: HashMap<&str, &Position> = contents
        .postings
        .iter()
        .filter_map(|posting| Some((posting.id.as_str(), *raw_of.get(&(posting.plant.as_str(), posting.order.as_str(), posting.caused_by.as_str()))?)))
        .collect();
    let registry = RegistryClient::new(&RegistrySettings::at(registry_url)).map_err(|error| failed(&error))?;
    let codec = Codec::new(Box::new(registry));
    let mut passages = Vec::with_capacity(arrivals.len());
    for arrival in arrivals {
        let posting_id = if arrival.confirmation {
            codec.decode::<ErpConfirmation>(&arrival.value).map_err(|error| failed(&error))?.posting_id
        } else {
            codec.decode::<ErpGoodsMovement>(&arrival.value).map_err(|error| failed(&error))?.posting_id
        };
        let from_us = due.get(posting_id).and_then(|position| appended.get(position)).ok_or_else(|| failed(&format!("posting {posting_id} has no raw record")))?;
        passages.push(Passage { from_us: *from_us, took: Duration::from_micros(u64::try_from(arrival.at_us - from_us).unwrap_or_default()) });
    }
    Ok(passages)
}

fn append_times(bootstrap: &str, contents: &Contents) -> Result<HashMap<Position, i64>, BenchError> {
    let mut topics: Vec<&str> = contents.raw.iter().map(|position| position.topic.as_str()).collect();
    topics.dedup();
    let mut times = HashMap::with_capacity(contents.raw.len());
    read_all(bootstrap, &topics, |message| {
        let position = Position { topic: message.topic().to_owned(), partition: message.partition(), offset: message.offset(), index: None };
        times.insert(position, message.timestamp().to_millis().unwrap_or_default() * 1000);
    })?;
    Ok(times)
}

/// Asks processes over HTTP.
#[derive(Debug)]
pub(super) struct Http(reqwest::blocking::Client);

impl Http {
    pub fn new() -> Result<Self, BenchError> {
        reqwest::blocking::Client::builder().timeout(HTTP_TIMEOUT).no_proxy().build().map(Self).map_err(|error| BenchError::Failed(error.to_string()))
    }

    /// True once the process is assigned and restored.
    pub fn is_ready(&self, address: &str) -> bool {
        self.0.get(format!("http://{address}/health/ready")).send().is_ok_and(|answer| answer.status().is_success())
    }

    /// Transactions that the process committed so far.
    pub fn transactions(&self, address: &str) -> Result<u64, BenchError> {
        let answer = self.0.get(format!("http://{address}/metrics")).send().and_then(reqwest::blocking::Response::error_for_status);
        let text = answer.and_then(reqwest::blocking::Response::text).map_err(|error| BenchError::Failed(format!("metrics of {address}: {error}")))?;
        Ok(committed(&text))
    }
}

/// The sum of the committed transactions in a page of metrics.
fn committed(page: &str) -> u64 {
    let lines = page.lines().filter(|line| line.starts_with(lineside_runtime::metrics::names::TRANSACTIONS.name) && line.contains(r#"outcome="committed""#));
    lines.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn committed_transactions_are_summed_over_their_labels() {
        let page = "# HELP lineside_transactions_total Transactions\nlineside_transactions_total{outcome=\"aborted\"} 3\n\
                    lineside_transactions_total{outcome=\"committed\",thread=\"0\"} 7\nlineside_transactions_total{outcome=\"committed\",thread=\"1\"} 5\n";
        assert_eq!(committed(page), 12);
    }
}
