//! `lineside trace`: an order's story in order of time, from the raw records to what the ERP made of its postings.
//!
//! * [`arguments`]: what can be asked. [`gather`]: everything of the order, found by the books' index, by key and by time. [`story`]: in order of time, with the raw
//!   field behind every quantity. [`text`]: printing it. [`epcis`]: the story for other systems.

pub mod arguments;
pub mod epcis;
pub mod gather;
pub mod story;
pub mod text;

use std::io::IsTerminal as _;

use lineside_normalizer::MappingSet;
use lineside_registry::RegistryClient;
use lineside_runtime::StartError;
use lineside_schemas::json::JsonError;
use lineside_schemas::{Codec, Timestamp};

use self::arguments::{Export, TraceArguments, TraceFormat};
use self::gather::Gathered;
use crate::books::BooksError;
use crate::records::{Records, RecordsError};

/// Why a story cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// Kafka.
    #[error(transparent)]
    Records(#[from] RecordsError),
    /// The books.
    #[error(transparent)]
    Books(#[from] BooksError),
    /// The mappings cannot be used.
    #[error(transparent)]
    Mappings(#[from] StartError),
    /// The view of a record in JSON.
    #[error(transparent)]
    View(#[from] JsonError),
    /// Several plants have an order of that number.
    #[error("order {order} is one of several plants: name one with --plant: {}", plants.join(", "))]
    Ambiguous {
        /// The order.
        order: String,
        /// The plants.
        plants: Vec<String>,
    },
    /// Nothing is known of the order.
    #[error("no record of order {0} is on the topics; where the reconciler does not run, name the --plant")]
    Unknown(String),
    /// The story has nothing that such a document could say.
    #[error("the story has no movement of goods, which is all that EPCIS could tell")]
    NothingToExport,
}

/// Tells the story.
///
/// # Errors
/// [`TraceError`], in words for an operator.
pub fn run(arguments: &TraceArguments, now: Timestamp) -> Result<(), TraceError> {
    let records = Records::new(&arguments.reach.connection)?;
    let registry = RegistryClient::new(&arguments.reach.connection.registry()).map_err(BooksError::from)?;
    let codec = Codec::new(Box::new(registry));
    let mappings: MappingSet = arguments.normalizer.mapping_set()?;
    let gathered = Gathered::of(&records, &codec, &arguments.order, arguments.plant.as_deref())?;
    let story = story::story(&gathered, &codec, &mappings, &arguments.normalizer.limits())?;
    let told = match arguments.export {
        Some(Export::Epcis) => epcis::document(&gathered, &codec, &arguments.epcis_base, now)?,
        None => {
            let as_table = || std::io::stdout().is_terminal();
            match arguments.format.unwrap_or_else(|| if as_table() { TraceFormat::Table } else { TraceFormat::Json }) {
                TraceFormat::Table => text::text(&gathered, &story),
                TraceFormat::Json => text::json_lines(&story),
            }
        }
    };
    Ok(crate::books::print(&told)?)
}
