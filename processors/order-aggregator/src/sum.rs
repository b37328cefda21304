//! Sums of a line: by the unit that its events were reported in, never rounded; and what of it is posted.

use std::collections::BTreeMap;

use lineside_schemas::{Decimal, Timestamp};

use crate::error::LedgerError;
use crate::exact::Exact;
use crate::master::Conversion;

/// Sum of a line's events in one unit. Exact: it is converted as a whole, at posting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Number within the ledger; remembered events name it.
    pub slot: i32,
    /// Unit that they were reported in, UN/CEFACT Recommendation 20.
    pub unit: String,
    /// Source time of the first of them: the unit ratio in force then holds for all of them.
    pub at: Timestamp,
    /// The ERP booked them itself: they name its document.
    pub is_booked: bool,
    /// Sum.
    pub net: Decimal,
}

/// An amount in a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitAmount {
    /// Unit.
    pub unit: String,
    /// Amount.
    pub quantity: Decimal,
}

/// Which part of a line an event counts into.
#[derive(Debug, Clone, Copy)]
pub struct PartKey<'a> {
    /// Unit reported.
    pub unit: &'a str,
    /// Source time of the event.
    pub at: Timestamp,
    /// Whether the ERP booked it itself.
    pub is_booked: bool,
}

/// The part that an event counts into: of its unit, with the same unit ratio; made if there is none. Gives its index.
pub fn part_of(parts: &mut Vec<Part>, key: PartKey<'_>, same_ratio: impl Fn(Timestamp, Timestamp) -> bool, slot: &mut i32) -> usize {
    let fits = |part: &Part| part.unit == key.unit && part.is_booked == key.is_booked && (part.at == key.at || same_ratio(part.at, key.at));
    if let Some(index) = parts.iter().position(fits) {
        // The earliest of them, so that the order of arrival does not show.
        parts[index].at = parts[index].at.min(key.at);
        return index;
    }
    parts.push(Part { slot: next(slot), unit: key.unit.to_owned(), at: key.at, is_booked: key.is_booked, net: Decimal::ZERO });
    parts.len() - 1
}

/// The next number of a ledger.
pub fn next(number: &mut i32) -> i32 {
    let this = *number;
    // The size of a ledger ends long before this does.
    *number = number.saturating_add(1);
    this
}

/// Sums by unit, each with the parts that were converted to it and how.
pub type SumsByUnit<'p> = BTreeMap<&'p str, (Exact, Vec<(&'p Part, Conversion)>)>;

/// The sums of `parts` by unit posted: in `target` what can be converted to it, the rest in its own unit. Parts that the ERP booked itself do not count.
///
/// # Errors
/// [`LedgerError::QuantityOverflow`].
pub fn by_posting_unit<'p>(parts: &'p [Part], target: Option<&'p str>, conversion: impl Fn(&Part, &str) -> Option<Conversion>) -> Result<SumsByUnit<'p>, LedgerError> {
    let mut sums = SumsByUnit::new();
    for part in parts.iter().filter(|part| !part.is_booked) {
        let own = Conversion { ratio: crate::exact::Ratio::ONE, valid_from: None };
        let (unit, used) = target.and_then(|target| Some((target, conversion(part, target)?))).unwrap_or((part.unit.as_str(), own));
        let (sum, by) = sums.entry(unit).or_insert((Exact::ZERO, Vec::new()));
        *sum = sum.plus(Exact::of(part.net, used.ratio)?)?;
        if unit != part.unit {
            by.push((part, used));
        }
    }
    Ok(sums)
}

/// What stands under a unit; zero if nothing does.
#[must_use]
pub fn amount_in(amounts: &[UnitAmount], unit: &str) -> Decimal {
    amounts.iter().find(|amount| amount.unit == unit).map_or(Decimal::ZERO, |amount| amount.quantity)
}

/// Adds to what stands under a unit; a zero is not kept.
///
/// # Errors
/// [`LedgerError::QuantityOverflow`].
pub fn add_in(amounts: &mut Vec<UnitAmount>, unit: &str, quantity: Decimal) -> Result<(), LedgerError> {
    let sum = amount_in(amounts, unit).checked_add(quantity).ok_or(LedgerError::QuantityOverflow)?;
    amounts.retain(|amount| amount.unit != unit);
    if !sum.is_zero() {
        let place = amounts.partition_point(|amount| amount.unit.as_str() < unit);
        amounts.insert(place, UnitAmount { unit: unit.to_owned(), quantity: sum });
    }
    Ok(())
}
