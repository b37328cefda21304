//! Quantities: an exact amount in the contract's unit.

use lineside_schemas::Decimal;
use lineside_schemas::records::Quantity;

use crate::mapping::UnitTable;
use crate::refusals::{Checked, Code, Fault, shown};

/// `value` of the source's `unit`, in the unit that the table has for it.
pub(crate) fn quantity(value: Decimal, unit: &str, units: &UnitTable) -> Checked<Quantity<'static>> {
    let Some(rule) = units.get(unit) else {
        let known: Vec<_> = units.known().collect();
        return Err(Fault::new(Code::UnknownUnit, format!("the unit {} is none of {}", shown(unit), known.join(", "))));
    };
    let value = match rule.factor {
        None => value,
        Some(factor) => value.checked_mul_exact(factor).ok_or_else(|| inexact(value, factor, unit, rule.code))?,
    };
    Ok(Quantity { value, unit: rule.code })
}

fn inexact(value: Decimal, factor: Decimal, unit: &str, code: &str) -> Fault {
    // Both factors have at most 9 fractional digits, so only an amount this large can have left the range.
    let is_large = value.abs().checked_mul_exact(Decimal::from_int(10)).is_none() || value.abs() > Decimal::from_int(1_000_000_000_000_000_000);
    let (kind, wrong) = if is_large { (Code::NumberTooLarge, "more than 29 digits before the point") } else { (Code::NumberTooFine, "more than 9 fractional digits") };
    Fault::new(kind, format!("{value} {unit} times {factor} has {wrong} in {code}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::Plan;

    fn in_contract_units(value: &str, unit: &str) -> Result<String, Code> {
        let plan = Plan::compile("plant-a", include_str!("../../sources/plant-a.mes/mapping.yaml")).unwrap();
        quantity(value.parse().unwrap(), unit, &plan.units).map(|quantity| quantity.to_string()).map_err(|fault| fault.code)
    }

    #[test]
    fn units_convert_exactly() {
        for (value, unit, expected) in
            [("1.250", "KG", "1.25 KGM"), ("410", "G", "0.41 KGM"), ("0.000001", "T", "0.001 KGM"), ("3", "PC", "3 C62"), ("-1", "ML", "-0.001 LTR")]
        {
            assert_eq!(in_contract_units(value, unit).as_deref(), Ok(expected), "{value} {unit}");
        }
    }

    #[test]
    fn nothing_is_rounded_and_nothing_overflows() {
        assert_eq!(in_contract_units("0.0000001", "G"), Err(Code::NumberTooFine));
        assert_eq!(in_contract_units("99999999999999999999999999999", "T"), Err(Code::NumberTooLarge));
        assert_eq!(in_contract_units("1", "LB"), Err(Code::UnknownUnit));
    }
}
