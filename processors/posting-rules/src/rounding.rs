//! How finely quantities are posted.

use std::collections::BTreeMap;

use lineside_schemas::Decimal;
use lineside_schemas::decimal::SCALE;
use lineside_schemas::records::RoundingMode;
use lineside_schemas::unit::posting_digits;

/// How the sum of a line is rounded. The remainder is carried by whoever rounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rounding {
    /// How.
    pub mode: RoundingMode,
    /// Fractional digits of units, where they differ from [`posting_digits`]; 0 to 9.
    pub digits: BTreeMap<String, u32>,
}

impl Default for Rounding {
    fn default() -> Self {
        Self { mode: RoundingMode::HalfEven, digits: BTreeMap::new() }
    }
}

impl Rounding {
    /// Fractional digits that a posting in this unit carries.
    #[must_use]
    pub fn digits(&self, unit: &str) -> u32 {
        self.digits.get(unit).copied().unwrap_or_else(|| posting_digits(unit))
    }

    /// `amount` rounded to the digits of its unit. Symmetric: the rounded negated amount is the negated rounded one.
    #[must_use]
    pub fn round(&self, amount: Decimal, unit: &str) -> Decimal {
        let digits = self.digits(unit);
        let step = 10_i128.pow(SCALE - digits.min(SCALE));
        let unscaled = amount.unscaled();
        let (whole, rest) = (unscaled / step, (unscaled % step).abs());
        let away = match self.mode {
            RoundingMode::HalfEven | RoundingMode::Unknown => return amount.round_to(digits),
            RoundingMode::HalfUp => rest >= step - rest,
            RoundingMode::Up => true,
            RoundingMode::Down => false,
        };
        let whole = if away && rest != 0 { whole + unscaled.signum() } else { whole };
        // Rounding up 38 nines would need a 39th digit; such amounts stay as they are, as with `round_to`.
        whole.checked_mul(step).and_then(Decimal::from_unscaled).unwrap_or(amount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounded(mode: RoundingMode, text: &str) -> String {
        let rounding = Rounding { mode, digits: BTreeMap::from([("LTR".to_owned(), 1)]) };
        rounding.round(text.parse().unwrap(), "LTR").to_string()
    }

    #[test]
    fn each_mode_rounds_its_way_and_alike_on_both_sides_of_zero() {
        for (mode, expected) in [
            (RoundingMode::HalfEven, ["0.2", "0.4", "0.2", "-0.2", "0.3"]),
            (RoundingMode::HalfUp, ["0.3", "0.4", "0.2", "-0.3", "0.3"]),
            (RoundingMode::Up, ["0.3", "0.4", "0.3", "-0.3", "0.3"]),
            (RoundingMode::Down, ["0.2", "0.3", "0.2", "-0.2", "0.3"]),
        ] {
            assert_eq!(["0.25", "0.35", "0.21", "-0.25", "0.3"].map(|text| rounded(mode, text)), expected, "{mode:?}");
        }
    }

    #[test]
    fn units_have_the_digits_of_the_table_unless_the_rule_says_otherwise() {
        let rounding = Rounding { mode: RoundingMode::HalfEven, digits: BTreeMap::from([("LTR".to_owned(), 1)]) };
        assert_eq!(["LTR", "KGM", "C62", "XYZ"].map(|unit| rounding.digits(unit)), [1, 3, 0, 3]);
    }

    #[test]
    fn an_amount_that_cannot_be_rounded_stays_as_it_is() {
        let all_nines = "99999999999999999999999999999.999999999";
        for mode in [RoundingMode::HalfUp, RoundingMode::Up] {
            assert_eq!(rounded(mode, all_nines), all_nines);
        }
    }
}
