//! What the aggregator knows of master data: items, what units mean for them, shift calendars. Read from compacted topics; never written.

use std::collections::HashMap;

use lineside_posting_rules::ShiftPlan;
use lineside_schemas::records::{Item, ShiftCalendar, UnitConversion};
use lineside_schemas::{Decimal, Timestamp};

use crate::exact::Ratio;

/// What it knows of an item.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemFacts {
    /// Unit that stock is kept in.
    pub base_unit: Option<String>,
    /// Group of materials.
    pub group: Option<String>,
    /// Stock is kept by lot.
    pub is_lot_managed: bool,
    /// Things have serial numbers.
    pub is_serial_managed: bool,
}

/// A ratio for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
struct TimedRatio {
    base_unit: String,
    ratio: Ratio,
    valid_from: Option<Timestamp>,
    valid_to: Option<Timestamp>,
}

/// A ratio between two units, and since when it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conversion {
    /// One of the first unit is so many of the second.
    pub ratio: Ratio,
    /// From when, where master data says so.
    pub valid_from: Option<Timestamp>,
}

/// Master data, by the keys of its topics.
#[derive(Debug, Clone, Default)]
pub struct Master {
    items: HashMap<String, ItemFacts>,
    ratios: HashMap<String, Vec<TimedRatio>>,
    shifts: HashMap<String, ShiftPlan>,
}

impl Master {
    /// Takes in a record of `master.item.v1`; none for one that is gone.
    pub fn item_changed(&mut self, key: &str, item: Option<&Item<'_>>) {
        let Some(item) = item.filter(|item| !item.is_deleted) else {
            self.items.remove(key);
            return;
        };
        let owned = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        let facts =
            ItemFacts { base_unit: owned(item.base_unit), group: owned(item.item_group), is_lot_managed: item.is_lot_managed, is_serial_managed: item.is_serial_managed };
        self.items.insert(key.to_owned(), facts);
    }

    /// Takes in a record of `master.unit-conversion.v1`; none for one that is gone. Ratios that are not positive say nothing.
    pub fn conversion_changed(&mut self, key: &str, conversion: Option<&UnitConversion<'_>>) {
        let Some(conversion) = conversion.filter(|conversion| !conversion.is_deleted) else {
            self.ratios.remove(key);
            return;
        };
        let timed = conversion.ratios.iter().filter_map(|entry| {
            let ratio = Ratio::of(entry.base_quantity.value, entry.quantity.value)?;
            Some(TimedRatio { base_unit: entry.base_quantity.unit.to_owned(), ratio, valid_from: entry.valid_from, valid_to: entry.valid_to })
        });
        self.ratios.insert(key.to_owned(), timed.collect());
    }

    /// Takes in a record of `master.shift-calendar.v1`; none for one that is gone. One that makes no plan is none.
    pub fn calendar_changed(&mut self, key: &str, calendar: Option<&ShiftCalendar<'_>>) {
        match calendar.filter(|calendar| !calendar.is_deleted).and_then(|calendar| ShiftPlan::of_calendar(calendar).ok()) {
            Some(plan) => drop(self.shifts.insert(key.to_owned(), plan)),
            None => drop(self.shifts.remove(key)),
        }
    }

    /// What is known of an item.
    #[must_use]
    pub fn item(&self, plant: &str, item: &str) -> Option<&ItemFacts> {
        self.items.get(&format!("{plant}/{item}"))
    }

    /// The shifts of a calendar.
    #[must_use]
    pub fn shifts(&self, plant: &str, calendar: &str) -> Option<&ShiftPlan> {
        self.shifts.get(&format!("{plant}/{calendar}"))
    }

    /// How many of unit `to` one of unit `from` is, for an item, at a time: by the item's own ratios, by way of its base unit, else as everywhere (a kilogram is a thousand
    /// grams). None where nobody says.
    #[must_use]
    pub fn conversion(&self, plant: &str, item: &str, from: &str, to: &str, at: Timestamp) -> Option<Conversion> {
        if from == to {
            return Some(Conversion { ratio: Ratio::ONE, valid_from: None });
        }
        let base_unit = self.item(plant, item).and_then(|facts| facts.base_unit.as_deref());
        let (into, out) = (self.to_base(plant, item, from, at), self.to_base(plant, item, to, at));
        let base = into.map(|entry| entry.base_unit.as_str()).or(out.map(|entry| entry.base_unit.as_str())).or(base_unit);
        let own = base.and_then(|base| {
            let into = step(into, from, base)?;
            let out = step(out, to, base)?;
            let valid_from = into.valid_from.max(out.valid_from);
            Some(Conversion { ratio: into.ratio.then(out.ratio.inverse())?, valid_from })
        });
        own.or_else(|| standard_ratio(from, to).map(|ratio| Conversion { ratio, valid_from: None }))
    }

    fn to_base(&self, plant: &str, item: &str, unit: &str, at: Timestamp) -> Option<&TimedRatio> {
        let entries = self.ratios.get(&format!("{plant}/{item}/{unit}"))?;
        entries.iter().find(|entry| entry.valid_from.is_none_or(|from| from <= at) && entry.valid_to.is_none_or(|to| at < to))
    }
}

/// From a unit to the base unit: by the entry if it leads there, else as everywhere.
fn step(entry: Option<&TimedRatio>, unit: &str, base: &str) -> Option<Conversion> {
    match entry {
        Some(entry) if entry.base_unit == base => Some(Conversion { ratio: entry.ratio, valid_from: entry.valid_from }),
        _ if unit == base => Some(Conversion { ratio: Ratio::ONE, valid_from: None }),
        _ => standard_ratio(unit, base).map(|ratio| Conversion { ratio, valid_from: None }),
    }
}

/// Units of one dimension, each as so many, over so many, of the first: UN/CEFACT Recommendation 20's conversion factors, which are exact.
const DIMENSIONS: &[&[(&str, i64, i64)]] = &[
    &[("KGM", 1, 1), ("MGM", 1, 1_000_000), ("GRM", 1, 1000), ("TNE", 1000, 1), ("LBR", 45_359_237, 100_000_000)],
    &[("LTR", 1, 1), ("MLT", 1, 1000), ("MTQ", 1000, 1), ("FTQ", 28_316_846_592, 1_000_000_000)],
    &[("MTR", 1, 1), ("MMT", 1, 1000), ("CMT", 1, 100), ("FOT", 3048, 10_000)],
    &[("HUR", 1, 1), ("SEC", 1, 3600), ("MIN", 1, 60), ("DAY", 24, 1)],
    &[("C62", 1, 1), ("H87", 1, 1)],
];

/// How many of `to` one of `from` is, whatever the item.
#[must_use]
pub fn standard_ratio(from: &str, to: &str) -> Option<Ratio> {
    let dimension = DIMENSIONS.iter().find(|units| units.iter().any(|(unit, ..)| *unit == from))?;
    let of = |wanted: &str| {
        let (_, numerator, denominator) = dimension.iter().find(|(unit, ..)| *unit == wanted)?;
        Ratio::of(Decimal::from_int(*numerator), Decimal::from_int(*denominator))
    };
    of(from)?.then(of(to)?.inverse())
}

#[cfg(test)]
mod tests {
    use lineside_schemas::records::{Quantity, UnitRatio};

    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn at(day: i64) -> Timestamp {
        Timestamp::from_millis(day * 86_400_000)
    }

    fn carton(ratios: Vec<UnitRatio<'static>>) -> UnitConversion<'static> {
        UnitConversion { item: "RM-1", unit: "XCT", ratios, ..UnitConversion::default() }
    }

    fn ratio(base: &str, from: Option<i64>, to: Option<i64>) -> UnitRatio<'static> {
        UnitRatio {
            quantity: Quantity { value: Decimal::ONE, unit: "XCT" },
            base_quantity: Quantity { value: dec(base), unit: "C62" },
            valid_from: from.map(at),
            valid_to: to.map(at),
        }
    }

    #[test]
    fn grams_are_kilograms_everywhere_and_cartons_are_pieces_where_the_item_says_so() {
        let mut master = Master::default();
        let convert = |master: &Master, item: &str, from: &str, to: &str| master.conversion("p", item, from, to, at(0)).and_then(|found| found.ratio.quantities());
        assert_eq!(convert(&master, "RM-1", "GRM", "KGM"), Some((dec("1000"), dec("1"))));
        assert_eq!(convert(&master, "RM-1", "XCT", "C62"), None);
        master.conversion_changed("p/RM-1/XCT", Some(&carton(vec![ratio("12", None, None)])));
        assert_eq!(convert(&master, "RM-1", "XCT", "C62"), Some((dec("1"), dec("12"))));
        assert_eq!(convert(&master, "RM-1", "XCT", "H87"), Some((dec("1"), dec("12"))), "a piece is one");
        assert_eq!(convert(&master, "RM-1", "C62", "XCT"), Some((dec("12"), dec("1"))));
        assert_eq!(convert(&master, "RM-2", "XCT", "C62"), None, "another item's carton");
        assert_eq!(convert(&master, "RM-1", "XCT", "KGM"), None);
        master.conversion_changed("p/RM-1/XCT", None);
        assert_eq!(convert(&master, "RM-1", "XCT", "C62"), None);
    }

    #[test]
    fn a_ratio_holds_for_its_time() {
        let mut master = Master::default();
        master.conversion_changed("p/RM-1/XCT", Some(&carton(vec![ratio("12", None, Some(10)), ratio("10", Some(10), None)])));
        let pieces = |day| master.conversion("p", "RM-1", "XCT", "C62", at(day)).unwrap();
        assert_eq!(pieces(9).ratio.quantities().unwrap().1, dec("12"));
        assert_eq!((pieces(10).ratio.quantities().unwrap().1, pieces(10).valid_from), (dec("10"), Some(at(10))));
    }
}
