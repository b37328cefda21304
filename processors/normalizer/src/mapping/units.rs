//! The unit table: what a source's unit means in UN/CEFACT common codes, and the exact factor to it.

use lineside_schemas::Decimal;
use lineside_schemas::unit::{UNITS, unit_by_code, unit_by_symbol};

use lineside_yaml::{Errors, suggestion_or};
use lineside_yaml::{Item, Section};

/// What a unit of the source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UnitRule {
    /// Common code of the contract.
    pub(crate) code: &'static str,
    /// What an amount is multiplied by, if not by one.
    pub(crate) factor: Option<Decimal>,
}

/// Units of a source, sorted by what the source calls them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct UnitTable {
    units: Box<[(Box<str>, UnitRule)]>,
}

impl UnitTable {
    /// The rule of a unit, if it is known.
    pub(crate) fn get(&self, unit: &str) -> Option<UnitRule> {
        self.units.binary_search_by(|(known, _)| (**known).cmp(unit)).ok().map(|index| self.units[index].1)
    }

    /// What it knows, for messages.
    pub(crate) fn known(&self) -> impl Iterator<Item = &str> {
        self.units.iter().map(|(unit, _)| &**unit)
    }
}

/// Reads `units`: source's unit to a common code, or to `{unit: code, factor: number}`.
pub(super) fn unit_table(item: Option<&Item>, errors: &mut Errors) -> UnitTable {
    let Some(item) = item else { return UnitTable::default() };
    let mut units = Vec::new();
    for entry in item.entries("`units`", errors) {
        if let Some(rule) = unit_rule(&entry.item, errors) {
            units.push((entry.key.as_str().into(), rule));
        }
    }
    units.sort_by(|a: &(Box<str>, UnitRule), b| a.0.cmp(&b.0));
    UnitTable { units: units.into() }
}

fn unit_rule(item: &Item, errors: &mut Errors) -> Option<UnitRule> {
    if item.scalar().is_some() {
        return Some(UnitRule { code: common_code(item, errors)?, factor: None });
    }
    let mut section = Section::new(item, "a unit", errors);
    let code = section.need("unit", errors).and_then(|item| common_code(item, errors));
    let factor = section.take("factor").and_then(|item| {
        let text = item.text("`factor`", errors)?;
        let factor: Option<Decimal> = text.parse().ok().filter(|factor: &Decimal| factor.is_positive());
        if factor.is_none() {
            errors.add(item.line, format!("`{text}` is no positive number with at most 9 digits after the point"));
        }
        factor
    });
    section.finish(errors);
    Some(UnitRule { code: code?, factor: factor.filter(|factor| *factor != Decimal::ONE) })
}

fn common_code(item: &Item, errors: &mut Errors) -> Option<&'static str> {
    let text = item.text("a unit", errors)?;
    let unit = unit_by_code(text);
    if unit.is_none() {
        errors.add(
            item.line,
            format!("`{text}` is no unit of the contract{}", suggestion_or(unit_by_symbol(text).map(|unit| unit.code), text, UNITS.iter().map(|unit| unit.code))),
        );
    }
    unit.map(|unit| unit.code)
}
