//! Component lines: what an order consumed, per line of its bill of material, lot, storage location and unit.

use lineside_schemas::records::ComponentMovement;

use crate::amount::Amount;
use crate::error::LedgerError;

/// Which line of the order's components it is. Never the material alone: it can stand twice in an order.
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
}

/// Identity of a component line in the books.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ComponentKey {
    /// Line of the order.
    pub line: LineId,
    /// Material.
    pub item: String,
    /// Lot.
    pub lot: Option<String>,
    /// Storage location.
    pub storage_location: Option<String>,
    /// Unit, UN/CEFACT Recommendation 20.
    pub unit: String,
}

impl ComponentKey {
    /// The line that a movement belongs to: by its reservation item if it has one, else by operation and position.
    ///
    /// # Errors
    /// [`LedgerError::ComponentLineUnidentified`] when it has neither.
    pub fn of(movement: &ComponentMovement<'_>) -> Result<Self, LedgerError> {
        let line = line_id(movement.operation, movement.reservation, movement.reservation_item, movement.position)
            .ok_or_else(|| LedgerError::ComponentLineUnidentified { item: movement.item.to_owned(), operation: movement.operation.to_owned() })?;
        Ok(Self {
            line,
            item: movement.item.to_owned(),
            lot: movement.lot.map(str::to_owned),
            storage_location: movement.storage_location.map(str::to_owned),
            unit: movement.quantity.unit.to_owned(),
        })
    }
}

/// The identity of a line, if it has one. Empty text identifies nothing.
pub(crate) fn line_id(operation: &str, reservation: Option<&str>, reservation_item: Option<&str>, position: Option<&str>) -> Option<LineId> {
    let named = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
    match (named(reservation_item), named(position)) {
        (Some(item), _) => Some(LineId::Reserved { reservation: named(reservation), item }),
        (None, Some(position)) => Some(LineId::Positioned { operation: operation.to_owned(), position }),
        (None, None) => None,
    }
}

/// A component line of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// Identity.
    pub key: ComponentKey,
    /// Operation; of a reserved line the smallest that an event named, so that the order of arrival does not show. Empty if none did.
    pub operation: String,
    /// Position, chosen likewise.
    pub position: Option<String>,
    /// Consumed less returned less reversed.
    pub amount: Amount,
}

impl Component {
    /// A line without an amount, as a movement describes it.
    #[must_use]
    pub fn new(key: ComponentKey, movement: &ComponentMovement<'_>) -> Self {
        Self { key, operation: movement.operation.to_owned(), position: movement.position.map(str::to_owned), amount: Amount::default() }
    }

    /// Takes in what a further movement says about the line.
    pub fn describe(&mut self, movement: &ComponentMovement<'_>) {
        // A source that names the line by its reservation item alone has no operation to tell.
        if !movement.operation.is_empty() && (self.operation.is_empty() || movement.operation < self.operation.as_str()) {
            movement.operation.clone_into(&mut self.operation);
        }
        keep_smallest(&mut self.position, movement.position);
    }
}

/// Keeps the smaller of two texts; none at all only if neither is there.
pub(crate) fn keep_smallest(kept: &mut Option<String>, text: Option<&str>) {
    if let Some(text) = text
        && kept.as_deref().is_none_or(|kept| text < kept)
    {
        *kept = Some(text.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reservation_item_identifies_a_line_before_its_position_does() {
        let reserved = |reservation: Option<&str>| LineId::Reserved { reservation: reservation.map(str::to_owned), item: "0001".to_owned() };
        assert_eq!(line_id("0010", Some("4711"), Some("0001"), Some("0020")), Some(reserved(Some("4711"))));
        assert_eq!(line_id("0010", None, Some("0001"), None), Some(reserved(None)));
        let positioned = LineId::Positioned { operation: "0010".to_owned(), position: "0020".to_owned() };
        assert_eq!(line_id("0010", Some("4711"), None, Some("0020")), Some(positioned.clone()));
        assert_eq!(line_id("0010", None, Some(""), Some("0020")), Some(positioned));
    }

    #[test]
    fn a_material_alone_identifies_no_line() {
        assert_eq!(line_id("0010", Some("4711"), None, None), None);
        assert_eq!(line_id("0010", None, Some(""), Some("")), None);
    }

    #[test]
    fn a_movement_without_an_operation_does_not_hide_the_one_that_others_name() {
        let named = |operation: &'static str| ComponentMovement { operation, reservation_item: Some("0001"), item: "RM-1", ..ComponentMovement::default() };
        for (first, second, expected) in [("", "0020", "0020"), ("0020", "", "0020"), ("0020", "0010", "0010"), ("", "", "")] {
            let mut component = Component::new(ComponentKey::of(&named(first)).unwrap(), &named(first));
            component.describe(&named(second));
            assert_eq!(component.operation, expected, "{first:?}, then {second:?}");
        }
    }

    #[test]
    fn descriptions_do_not_depend_on_the_order_of_arrival() {
        for texts in [[None, Some("b"), Some("a")], [Some("a"), None, Some("b")], [Some("b"), Some("a"), None]] {
            let mut kept = None;
            for text in texts {
                keep_smallest(&mut kept, text);
            }
            assert_eq!(kept.as_deref(), Some("a"));
        }
    }
}
