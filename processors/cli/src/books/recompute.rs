//! Books as they stood at a moment: the reconciler itself, in memory, over what the topics held then.
//!
//! Records count by their Kafka time: in each partition those before the first one of that time or later. For one order only its own partition is read, from where its
//! books say that its records begin. For anything else every record of the topics is read up to that moment, and held in memory.

use lineside_api::Erased;
use lineside_reconciler::ReconcilerArgs;
use lineside_runtime::Application as _;
use lineside_schemas::codec::encode_datum;
use lineside_schemas::{Codec, CodecError, Contract, Timestamp, contract};
use lineside_state::Backend;
use lineside_testkit::TestDriver;
use lineside_topology::Topic;
use lineside_topology::partitioner::partition_of;
use lineside_topology::topics::{BOOKS, BOOKS_TOTALS, CANONICAL_PRODUCTION, ERP_CONFIRMATIONS, ERP_GOODS_MOVEMENTS, ERP_POSTING_OUTCOMES, ORDER_POSTINGS};

use super::BooksError;
use super::find::{Published, Selection, decode};
use crate::records::{Range, Records};

/// The books as they stood at that moment.
///
/// # Errors
/// [`BooksError`].
pub fn at(records: &Records, codec: &Codec, selection: &Selection, moment: Timestamp) -> Result<Published, BooksError> {
    let partitions = records.partitions(BOOKS.name())?;
    let factory = || -> Box<dyn Erased> { ReconcilerArgs::default().processor().expect("the default settings make one") };
    let driver = TestDriver::with(Box::new(factory), partitions, Backend::Memory)?;
    let own = match selection {
        Selection::Order { plant: Some(plant), order } => Some(format!("{plant}/{order}")),
        _ => None,
    };
    let known = if own.is_some() { Published::read(records, codec, selection)? } else { Published::default() };
    let mut past = Past { records, codec, driver, partitions, own, known, moment };
    past.feed::<contract::ProductionEvent>(CANONICAL_PRODUCTION)?;
    past.feed::<contract::OrderPosting>(ORDER_POSTINGS)?;
    past.feed::<contract::ErpConfirmation>(ERP_CONFIRMATIONS)?;
    past.feed::<contract::ErpGoodsMovement>(ERP_GOODS_MOVEMENTS)?;
    past.feed::<contract::PostingOutcome>(ERP_POSTING_OUTCOMES)?;
    let mut driver = past.driver;
    driver.set_now(moment);
    driver.tick()?;
    driver.commit()?;
    let mut published =
        Published { orders: last::<contract::Books>(&driver, BOOKS)?, totals: last::<contract::BooksTotal>(&driver, BOOKS_TOTALS)?, ..Published::default() };
    published.choose(selection)?;
    Ok(published)
}

struct Past<'a> {
    records: &'a Records,
    codec: &'a Codec,
    driver: TestDriver,
    partitions: i32,
    /// Key of the only order wanted.
    own: Option<String>,
    /// Its books as they are now.
    known: Published,
    moment: Timestamp,
}

impl Past<'_> {
    /// Gives the reconciler what the topic held.
    fn feed<C: Contract>(&mut self, topic: Topic<C>) -> Result<(), BooksError> {
        let Self { records, codec, driver, partitions, own, known, moment } = self;
        let wanted = match own {
            Some(key) => {
                let partition = partition_of(key.as_bytes(), *partitions);
                partition..partition + 1
            }
            None => 0..records.partitions(topic.name())?,
        };
        let from = known.orders.values().next().map(|value| first_offset(value, topic.name())).transpose()?.flatten();
        for partition in wanted {
            let whole = records.whole(topic.name(), partition)?;
            let until = records.at(&whole, *moment)?;
            let range = Range { from: from.unwrap_or(whole.from), until, ..whole };
            records.each(&range, &mut |found| {
                if own.as_ref().is_some_and(|own| found.key != Some(own.as_bytes())) {
                    return Ok(());
                }
                let unreadable = |error: CodecError| BooksError::Unreadable { topic: topic.name().to_owned(), error };
                let value = codec.decode::<C>(found.value.unwrap_or_default()).map_err(unreadable)?;
                let key = String::from_utf8_lossy(found.key.unwrap_or_default());
                Ok::<(), BooksError>(driver.stage_value::<C>(topic, partition, &key, &value, found.time)?)
            })?;
        }
        Ok(())
    }
}

/// The last record of each key.
fn last<C: Contract>(driver: &TestDriver, topic: Topic<C>) -> Result<std::collections::BTreeMap<String, Vec<u8>>, BooksError> {
    let unreadable = |error: CodecError| BooksError::Unreadable { topic: topic.name().to_owned(), error };
    let mut latest = std::collections::BTreeMap::new();
    for output in driver.outputs::<C>(topic).map_err(unreadable)? {
        let key = String::from_utf8_lossy(output.key.unwrap_or_default()).into_owned();
        match output.value {
            Some(value) => {
                let mut datum = Vec::new();
                encode_datum::<C>(&value, &mut datum).map_err(unreadable)?;
                latest.insert(key, datum);
            }
            None => drop(latest.remove(&key)),
        }
    }
    Ok(latest)
}

fn first_offset(value: &[u8], topic: &str) -> Result<Option<i64>, BooksError> {
    let books = decode::<contract::Books>(value)?;
    Ok(books.sources.iter().find(|source| source.topic == topic).map(|source| source.first_offset))
}
