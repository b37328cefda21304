//! Entries of the ledger: everything that changed what the ERP holds, in order. The ledger is all there is: reading it again makes the same ERP.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::command::{Confirmation, ConfirmationNumber, DocumentNumber, Header, ItemNumber, Movement, OrderKey};
use crate::faults::Fault;
use crate::quantity::Quantity;

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Running number, from 1.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub change: Change,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub enum Change {
    /// A request to book came in. Changes nothing but the count of attempts.
    Asked {
        /// Key of the system that asked.
        key: String,
        /// How often it asked with that key, this time included.
        attempt: u32,
        /// How the ERP misbehaves this time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fault: Option<Fault>,
    },
    /// A confirmation was booked.
    Confirmed(Box<Confirmed>),
    /// A material document was booked, or parked.
    Document(Box<Document>),
    /// A clerk booked a parked movement.
    ParkedBooked {
        /// The parked movement.
        parked: u64,
        /// Where it stands now.
        number: ItemNumber,
    },
    /// A clerk decided that a parked movement will never be booked.
    ParkedDiscarded {
        /// The parked movement.
        parked: u64,
    },
    /// An order was made known.
    Order(Box<Plan>),
    /// A material was made known in a plant.
    Material {
        /// Plant.
        plant: String,
        /// Material.
        material: String,
    },
    /// A stock was counted.
    Stock(StockCount),
    /// Somebody opened the order, until then.
    Locked {
        /// The order.
        order: OrderKey,
        /// Until when.
        until: Timestamp,
        /// Who.
        user: String,
    },
    /// A plant's period closed, until then.
    PeriodClosed {
        /// The plant; every plant if none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plant: Option<String>,
        /// The period, year and month; every period if none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        period: Option<String>,
        /// Until when.
        until: Timestamp,
    },
    /// From now on these periods are open, and no other.
    PeriodsOpen {
        /// First, year and month.
        from: String,
        /// Last, year and month.
        to: String,
    },
    /// A material's data is gone, until then.
    MaterialLost {
        /// Plant.
        plant: String,
        /// Material.
        material: String,
        /// Until when.
        until: Timestamp,
    },
}

/// A confirmation as it was booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    /// Its number.
    pub number: ConfirmationNumber,
    /// What was confirmed.
    pub confirmation: Confirmation,
    /// The confirmation that it takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reverses: Option<ConfirmationNumber>,
    /// Id under which the request may be repeated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// A material document as it was booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Its number; none where all of it is parked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<DocumentNumber>,
    /// Its head.
    pub header: Header,
    /// The confirmation that it came with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<ConfirmationNumber>,
    /// Id under which the request may be repeated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// A line as it was booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What was to be moved.
    pub movement: Movement,
    /// What became of it.
    pub fate: Fate,
    /// The line that it takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reverses: Option<ItemNumber>,
}

/// What became of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Fate {
    /// It is booked.
    Booked {
        /// Where it stands.
        number: ItemNumber,
    },
    /// It waits for a clerk.
    Parked {
        /// Running number of what is parked.
        parked: u64,
        /// Why.
        reason: String,
    },
    /// A clerk gave it up.
    Discarded {
        /// The number under which it was parked.
        parked: u64,
    },
}

/// An order as it is planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Plant and number.
    #[serde(flatten)]
    pub key: OrderKey,
    /// What is made.
    pub material: String,
    /// How much of it.
    pub quantity: Quantity,
    /// Unit, by UN/CEFACT Recommendation 20.
    pub unit: String,
    /// So many per cent more may be made.
    #[serde(default)]
    pub over_delivery_percent: u32,
    /// Operations; any if empty.
    #[serde(default)]
    pub operations: Vec<String>,
    /// Components.
    #[serde(default)]
    pub components: Vec<Component>,
}

/// A component of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// Reservation.
    pub reservation: String,
    /// Its item.
    pub item: String,
    /// Material.
    pub material: String,
    /// Where it is taken from.
    #[serde(default)]
    pub storage_location: String,
    /// Quantity for the whole order.
    pub quantity: Quantity,
    /// Unit, by UN/CEFACT Recommendation 20.
    pub unit: String,
    /// Whether the ERP issues it itself when the order is confirmed.
    #[serde(default)]
    pub backflush: bool,
}

/// What lies where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// Plant.
    pub plant: String,
    /// Material.
    pub material: String,
    /// Storage location; may be empty.
    #[serde(default)]
    pub storage_location: String,
    /// Batch; may be empty.
    #[serde(default)]
    pub batch: String,
    /// Unit, by UN/CEFACT Recommendation 20. The ERP keeps a stock per unit: it converts nothing.
    pub unit: String,
}

/// A counted stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockCount {
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// How much.
    pub quantity: Quantity,
}
