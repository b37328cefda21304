//! Which line of an order's books something belongs to.

/// Which line of the order's plan it is. Never the material alone: it can stand twice in an order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineId {
    /// By reservation item.
    Reserved {
        /// Reservation; a source may leave it out where the order has only one.
        reservation: Option<String>,
        /// Item of the reservation.
        item: String,
    },
    /// By operation and position in the bill of material.
    Positioned {
        /// Operation.
        operation: String,
        /// Position.
        position: String,
    },
    /// By operation alone: scrap.
    Operation(String),
}

impl LineId {
    /// The identity of a component or by-product line, if it has one. Empty text identifies nothing.
    #[must_use]
    pub fn of(operation: &str, reservation: Option<&str>, reservation_item: Option<&str>, position: Option<&str>) -> Option<Self> {
        match (named(reservation_item), named(position)) {
            (Some(item), _) => Some(Self::Reserved { reservation: named(reservation), item }),
            (None, Some(position)) => Some(Self::Positioned { operation: operation.to_owned(), position }),
            (None, None) => None,
        }
    }

    /// Reservation and its item, where it is named by them.
    #[must_use]
    pub fn reservation(&self) -> (Option<&str>, Option<&str>) {
        match self {
            Self::Reserved { reservation, item } => (reservation.as_deref(), Some(item)),
            Self::Positioned { .. } | Self::Operation(_) => (None, None),
        }
    }
}

/// Which goods a line is of. The order is that of the lines in a posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Taken into the order.
    Component,
    /// Received from the order: its product, and co-products.
    Receipt,
    /// By-product.
    ByProduct,
    /// Scrap reported apart from confirmations.
    Scrap,
}

/// Identity of a line of goods.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct GoodsKey {
    /// Which goods; components come first, then receipts, by-products, scrap.
    pub kind: Kind,
    /// Line of the order, of what has one.
    pub line: Option<LineId>,
    /// Material; empty for scrap of the order's product.
    pub item: String,
    /// Lot.
    pub lot: Option<String>,
    /// Storage location.
    pub storage_location: Option<String>,
    /// Reason of scrap.
    pub reason_code: Option<String>,
    /// Scrap that its source calls a movement of stock.
    pub is_stock: bool,
}

/// Text that names something.
#[must_use]
pub fn named(text: Option<&str>) -> Option<String> {
    text.filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Keeps the smaller of two values; none at all only if neither is there. So the order of arrival does not show.
pub fn keep_smallest<T: Ord>(kept: &mut Option<T>, value: Option<T>) {
    if let Some(value) = value
        && kept.as_ref().is_none_or(|kept| value < *kept)
    {
        *kept = Some(value);
    }
}

/// Keeps the larger of two values.
pub fn keep_largest<T: Ord>(kept: &mut Option<T>, value: Option<T>) {
    if let Some(value) = value
        && kept.as_ref().is_none_or(|kept| value > *kept)
    {
        *kept = Some(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reservation_item_identifies_a_line_before_its_position_does() {
        let reserved = |reservation: Option<&str>| LineId::Reserved { reservation: reservation.map(str::to_owned), item: "0001".to_owned() };
        assert_eq!(LineId::of("0010", Some("4711"), Some("0001"), Some("0020")), Some(reserved(Some("4711"))));
        assert_eq!(LineId::of("0010", None, Some("0001"), None), Some(reserved(None)));
        let positioned = LineId::Positioned { operation: "0010".to_owned(), position: "0020".to_owned() };
        assert_eq!(LineId::of("0010", Some("4711"), None, Some("0020")), Some(positioned.clone()));
        assert_eq!(LineId::of("0010", None, Some(""), Some("0020")), Some(positioned));
    }

    #[test]
    fn a_material_alone_identifies_no_line() {
        assert_eq!(LineId::of("0010", Some("4711"), None, None), None);
        assert_eq!(LineId::of("0010", None, Some(""), Some("")), None);
    }
}
