//! What can be asked about books.

use clap::{Args, ValueEnum};

use crate::dead_letters::arguments::ReachArguments;
use crate::dead_letters::moment::Moment;

/// `lineside books`: alone it sums up every plant and lists what is open or has a gap.
#[derive(Debug, Clone, Args)]
pub struct BooksArguments {
    /// Brokers and registry.
    #[command(flatten)]
    pub reach: ReachArguments,

    /// Of this order, line by line
    #[arg(long, value_name = "ORDER")]
    pub order: Option<String>,

    /// Of this plant
    #[arg(long, value_name = "PLANT")]
    pub plant: Option<String>,

    /// Sums of this material over all orders, by lot
    #[arg(long, value_name = "ITEM", conflicts_with = "order")]
    pub item: Option<String>,

    /// Sums of this lot over all orders
    #[arg(long, value_name = "LOT", conflicts_with = "order")]
    pub lot: Option<String>,

    /// As they stood at that time, computed anew from the topics: 2026-11-23, 2026-11-23T10:00:00+01:00, or back from now as 12h
    #[arg(long, value_name = "TIME")]
    pub at: Option<Moment>,

    /// How to print them: a table where somebody reads, else an object a line
    #[arg(long, value_enum)]
    pub format: Option<BooksFormat>,

    /// List at most so many orders
    #[arg(long, value_name = "COUNT", default_value_t = 50)]
    pub limit: u16,

    /// List all orders, not only those that are open or have a gap
    #[arg(long)]
    pub all: bool,
}

/// How to print books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BooksFormat {
    /// Tables for people
    Table,
    /// An object a line: the records as they stand on the topic
    Json,
}
