//! Books as the reconciler published them.

use std::collections::BTreeMap;

use lineside_schemas::codec::{decode_datum, encode_datum};
use lineside_schemas::records::{Books, BooksStatus, BooksTotal};
use lineside_schemas::{Codec, CodecError, Contract, contract};
use lineside_topology::Topic;
use lineside_topology::partitioner::partition_of;
use lineside_topology::topics::{BOOKS, BOOKS_TOTALS};

use super::BooksError;
use super::arguments::BooksArguments;
use crate::records::Records;

/// Which books are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// One order; of every plant that has one of that number, if none is named.
    Order {
        /// Plant.
        plant: Option<String>,
        /// Order.
        order: String,
    },
    /// Sums by item and lot.
    Sums {
        /// Plant.
        plant: Option<String>,
        /// Material.
        item: Option<String>,
        /// Lot.
        lot: Option<String>,
    },
    /// Each plant as a whole, and its orders.
    Plants {
        /// Plant.
        plant: Option<String>,
        /// Closed orders too.
        all: bool,
        /// How many orders to list.
        limit: usize,
    },
}

impl Selection {
    /// What the arguments say.
    #[must_use]
    pub fn of(arguments: &BooksArguments) -> Self {
        let BooksArguments { order, plant, item, lot, .. } = arguments.clone();
        match order {
            Some(order) => Self::Order { plant, order },
            None if item.is_some() || lot.is_some() => Self::Sums { plant, item, lot },
            None => Self::Plants { plant, all: arguments.all, limit: arguments.limit.into() },
        }
    }

    /// For people.
    #[must_use]
    pub fn words(&self) -> String {
        let of = |word: &str, text: &Option<String>| text.as_ref().map(|text| format!(" of {word} {text}")).unwrap_or_default();
        let text = match self {
            Self::Order { plant, order } => format!("of order {order}{}", of("plant", plant)),
            Self::Sums { plant, item, lot } => format!("{}{}{}", of("item", item), of("lot", lot), of("plant", plant)),
            Self::Plants { plant, .. } => of("plant", plant),
        };
        text.trim().to_owned()
    }
}

/// Books found, by key: as Avro binary of today's contract, without a header, so that it does not matter who wrote them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Published {
    /// Books of orders.
    pub orders: BTreeMap<String, Vec<u8>>,
    /// Sums.
    pub totals: BTreeMap<String, Vec<u8>>,
    /// Orders that were left out because there are too many.
    pub left_out: usize,
    /// Only this order's lines are wanted.
    pub in_full: bool,
}

impl Published {
    /// Reads what is wanted.
    ///
    /// # Errors
    /// [`BooksError`].
    pub fn read(records: &Records, codec: &Codec, selection: &Selection) -> Result<Self, BooksError> {
        let mut published = Self::default();
        match selection {
            Selection::Order { plant: Some(plant), order } => {
                let key = format!("{plant}/{order}");
                let partition = partition_of(key.as_bytes(), records.partitions(BOOKS.name())?);
                published.orders = read::<contract::Books>(records, codec, BOOKS, Some(partition), &|found| found == key.as_bytes())?;
            }
            Selection::Order { plant: None, order } => {
                let behind = format!("/{order}");
                published.orders = read::<contract::Books>(records, codec, BOOKS, None, &|key| key.ends_with(behind.as_bytes()))?;
            }
            Selection::Sums { plant, .. } | Selection::Plants { plant, .. } => {
                let before = plant.as_ref().map(|plant| format!("{plant}/")).unwrap_or_default();
                published.totals = read::<contract::BooksTotal>(records, codec, BOOKS_TOTALS, None, &|key| key.starts_with(before.as_bytes()))?;
                if matches!(selection, Selection::Plants { .. }) {
                    published.orders = read::<contract::Books>(records, codec, BOOKS, None, &|key| key.starts_with(before.as_bytes()))?;
                }
            }
        }
        published.choose(selection)?;
        Ok(published)
    }

    /// Leaves out what is not wanted.
    ///
    /// # Errors
    /// [`BooksError::Unreadable`].
    pub fn choose(&mut self, selection: &Selection) -> Result<(), BooksError> {
        let mut failed = None;
        match selection {
            Selection::Order { plant, order } => {
                self.in_full = true;
                self.totals.clear();
                self.orders.retain(|_, value| {
                    keep::<contract::Books>(value, &mut failed, |books| books.order == order && plant.as_ref().is_none_or(|plant| books.plant == plant))
                });
            }
            Selection::Sums { plant, item, lot } => {
                self.orders.clear();
                self.totals.retain(|_, value| {
                    keep::<contract::BooksTotal>(value, &mut failed, |total| {
                        total.item.is_some()
                            && item.as_deref().is_none_or(|item| total.item == Some(item))
                            && lot.as_deref().is_none_or(|lot| total.lot == Some(lot))
                            && plant.as_deref().is_none_or(|plant| total.plant == plant)
                    })
                });
            }
            Selection::Plants { plant, all, limit } => {
                self.totals.retain(|_, value| {
                    keep::<contract::BooksTotal>(value, &mut failed, |total| total.item.is_none() && plant.as_deref().is_none_or(|plant| total.plant == plant))
                });
                self.orders.retain(|_, value| {
                    keep::<contract::Books>(value, &mut failed, |books| {
                        (*all || matches!(books.status, BooksStatus::Gap | BooksStatus::Open)) && plant.as_deref().is_none_or(|plant| books.plant == plant)
                    })
                });
                // Gaps first, else by key.
                let mut ranked: Vec<(bool, String)> = Vec::new();
                for (key, value) in &self.orders {
                    ranked.push((decode::<contract::Books>(value)?.status != BooksStatus::Gap, key.clone()));
                }
                ranked.sort();
                for (_, key) in ranked.iter().skip(*limit) {
                    self.orders.remove(key);
                }
                self.left_out = ranked.len().saturating_sub(*limit);
            }
        }
        failed.map_or(Ok(()), Err)
    }

    /// Nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.orders.is_empty() && self.totals.is_empty()
    }

    /// Whether any of them has a gap.
    ///
    /// # Errors
    /// [`BooksError::Unreadable`].
    pub fn has_gap(&self) -> Result<bool, BooksError> {
        for value in self.orders.values() {
            let books: Books<'_> = decode::<contract::Books>(value)?;
            if books.status == BooksStatus::Gap {
                return Ok(true);
            }
        }
        for value in self.totals.values() {
            let total: BooksTotal<'_> = decode::<contract::BooksTotal>(value)?;
            if total.gap_orders > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn keep<C: Contract>(value: &[u8], failed: &mut Option<BooksError>, wanted: impl FnOnce(&C::Value<'_>) -> bool) -> bool {
    match decode::<C>(value) {
        Ok(record) => wanted(&record),
        Err(error) => {
            failed.get_or_insert(error);
            false
        }
    }
}

/// A record of a contract, from what [`Published`] holds.
///
/// # Errors
/// [`BooksError::Unreadable`].
pub(crate) fn decode<C: Contract>(datum: &[u8]) -> Result<C::Value<'_>, BooksError> {
    decode_datum::<C>(datum).map_err(|error: CodecError| BooksError::Unreadable { topic: C::NAME.to_owned(), error })
}

/// The last record of each key that is wanted, in one partition or all.
fn read<C: Contract>(
    records: &Records,
    codec: &Codec,
    topic: Topic<C>,
    partition: Option<i32>,
    wanted: &dyn Fn(&[u8]) -> bool,
) -> Result<BTreeMap<String, Vec<u8>>, BooksError> {
    let partitions = match partition {
        Some(partition) => partition..partition + 1,
        None => 0..records.partitions(topic.name())?,
    };
    let mut latest: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for partition in partitions {
        let whole = records.whole(topic.name(), partition)?;
        records.each(&whole, &mut |found| {
            if let Some(key) = found.key.filter(|key| wanted(key)) {
                let key = String::from_utf8_lossy(key).into_owned();
                match found.value {
                    Some(value) => drop(latest.insert(key, value.to_vec())),
                    None => drop(latest.remove(&key)),
                }
            }
            Ok::<(), BooksError>(())
        })?;
    }
    let unreadable = |error: CodecError| BooksError::Unreadable { topic: topic.name().to_owned(), error };
    latest
        .into_iter()
        .map(|(key, value)| {
            let mut datum = Vec::new();
            encode_datum::<C>(&codec.decode::<C>(&value).map_err(unreadable)?, &mut datum).map_err(unreadable)?;
            Ok((key, datum))
        })
        .collect()
}
