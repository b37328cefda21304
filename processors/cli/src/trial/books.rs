//! The books that the reconciler published in memory.

use lineside_schemas::{Timestamp, codec};
use lineside_topology::topics::BOOKS;

use crate::books::BooksError;
use crate::books::find::Published;
use crate::books::table;
use crate::explain::made::Output;

/// The books of every order, as they are in the end.
///
/// # Errors
/// [`BooksError`]
pub fn text(outputs: &[Output], now: Timestamp) -> Result<String, BooksError> {
    let mut published = Published { in_full: true, ..Published::default() };
    for output in outputs.iter().filter(|output| output.topic == BOOKS.name()) {
        // The last record of an order holds; an empty one takes its books away.
        if output.value.is_empty() {
            published.orders.remove(&output.key);
            continue;
        }
        let (_, datum) = codec::split(&output.value).map_err(|error| BooksError::Unreadable { topic: BOOKS.name().to_owned(), error })?;
        published.orders.insert(output.key.clone(), datum.to_vec());
    }
    Ok(format!("\n{}", table::text(&published, now)?))
}
