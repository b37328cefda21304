//! Amounts as plants report them, and the exact amounts behind them.

use std::fmt;
use std::ops::{AddAssign, Neg};

use crate::random::Random;

/// Unit that amounts are kept in, by its UN/CEFACT Recommendation 20 code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BaseUnit {
    /// Kilogram, `KGM`.
    Kilogram,
    /// Litre, `LTR`.
    Litre,
    /// Piece, `C62`.
    Piece,
}

impl BaseUnit {
    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Kilogram => "KGM",
            Self::Litre => "LTR",
            Self::Piece => "C62",
        }
    }
}

/// An exact amount in millionths of its base unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount(i64);

/// Millionths in one.
const ONE: i64 = 1_000_000;

impl Amount {
    /// So many millionths.
    #[must_use]
    pub const fn from_millionths(millionths: i64) -> Self {
        Self(millionths)
    }

    /// Millionths of the base unit.
    #[must_use]
    pub const fn millionths(self) -> i64 {
        self.0
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Neg for Amount {
    type Output = Self;

    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl fmt::Display for Amount {
    /// Plain notation without trailing zeros: `0.41`, `-12`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.unsigned_abs() / ONE.unsigned_abs(), self.0.unsigned_abs() % ONE.unsigned_abs());
        let digits = format!("{whole}.{rest:06}");
        f.pad(&format!("{sign}{}", digits.trim_end_matches('0').trim_end_matches('.')))
    }
}

/// A quantity as a document carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reported {
    /// Digits as sent, trailing zeros included.
    pub text: String,
    /// The source's unit, such as `KG` or `G`.
    pub unit: &'static str,
    /// Millionths of the base unit in the last digit of the text.
    pub step: i64,
    /// What it is in base units.
    pub amount: Amount,
    /// The base unit.
    pub base: BaseUnit,
}

/// A unit that a source reports in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SourceUnit {
    pub name: &'static str,
    pub base: BaseUnit,
    /// Millionths of the base unit in its last digit: three decimals, none for pieces.
    pub step: i64,
}

impl SourceUnit {
    pub const KILOGRAM: Self = Self { name: "KG", base: BaseUnit::Kilogram, step: 1000 };
    pub const GRAM: Self = Self { name: "G", base: BaseUnit::Kilogram, step: 1 };
    pub const LITRE: Self = Self { name: "L", base: BaseUnit::Litre, step: 1000 };
    pub const MILLILITRE: Self = Self { name: "ML", base: BaseUnit::Litre, step: 1 };

    pub const fn pieces(name: &'static str) -> Self {
        Self { name, base: BaseUnit::Piece, step: ONE }
    }
}

/// The finest step in which any of the units can report amounts of that base.
pub(crate) fn finest_step(units: &[SourceUnit], base: BaseUnit) -> i64 {
    units.iter().filter(|unit| unit.base == base).map(|unit| unit.step).min().unwrap_or(ONE)
}

impl Reported {
    /// `amount` in one of the units that can show it, by choice of `random`. The amount must be a multiple of the
    /// [`finest_step`] of its base.
    pub fn of(amount: Amount, base: BaseUnit, units: &[SourceUnit], random: &mut Random) -> Self {
        let choices: Vec<&SourceUnit> = units.iter().filter(|unit| unit.base == base && amount.0 % unit.step == 0).collect();
        Self::shown(amount, **random.pick(&choices))
    }

    fn shown(amount: Amount, unit: SourceUnit) -> Self {
        let steps = amount.0 / unit.step;
        let text = if unit.base == BaseUnit::Piece { steps.to_string() } else { format!("{}.{:03}", steps / 1000, steps % 1000) };
        Self { text, unit: unit.name, step: unit.step, amount, base: unit.base }
    }

    /// The same report with another amount: one more in the last digit shown.
    pub fn off_by_one(&self) -> Self {
        Self::shown(Amount(self.amount.0 + self.step), SourceUnit { name: self.unit, base: self.base, step: self.step })
    }
}

/// A typical amount of a component: pieces, some kilograms or litres, or, where the units allow, grams or millilitres with
/// three decimals.
pub(crate) fn component_amount(base: BaseUnit, units: &[SourceUnit], random: &mut Random) -> Amount {
    match base {
        BaseUnit::Piece => Amount(random.between(1, 200) * ONE),
        _ if finest_step(units, base) == 1 && random.chance(40) => Amount(random.between(1_000, 999_999)),
        _ => Amount(random.between(100, 50_000) * 1000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNITS: &[SourceUnit] = &[SourceUnit::KILOGRAM, SourceUnit::GRAM, SourceUnit::pieces("ST")];

    #[test]
    fn text_and_amount_agree_in_every_unit() {
        let mut random = Random::new(5);
        for _ in 0..500 {
            let amount = component_amount(BaseUnit::Kilogram, UNITS, &mut random);
            let reported = Reported::of(amount, BaseUnit::Kilogram, UNITS, &mut random);
            let thousandths: i64 = reported.text.replace('.', "").parse().unwrap();
            let expected = if reported.unit == "KG" { thousandths * 1000 } else { thousandths };
            assert_eq!(reported.amount.millionths(), expected, "{reported:?}");
        }
    }

    #[test]
    fn shows_amounts_without_trailing_zeros() {
        assert_eq!(Amount(410_000).to_string(), "0.41");
        assert_eq!(Amount(-12_000_000).to_string(), "-12");
        assert_eq!(Amount(345_678).to_string(), "0.345678");
    }

    #[test]
    fn a_contradiction_differs_in_the_last_digit_only() {
        let mut random = Random::new(1);
        let piece = Reported::of(Amount(9 * ONE), BaseUnit::Piece, UNITS, &mut random).off_by_one();
        assert_eq!((piece.text.as_str(), piece.amount), ("10", Amount(10 * ONE)));
        let gram = Reported::of(Amount(1_999), BaseUnit::Kilogram, UNITS, &mut random).off_by_one();
        assert_eq!((gram.text.as_str(), gram.unit, gram.amount), ("2.000", "G", Amount(2_000)));
    }
}
