//! Exact numbers: what unit ratios make of decimals, without a digit lost before a posting rounds.

use lineside_posting_rules::Rounding;
use lineside_schemas::Decimal;
use lineside_schemas::decimal::SCALE;

use crate::error::LedgerError;

/// A positive ratio of whole numbers, in lowest terms: so many of one unit are so many of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ratio {
    numerator: i128,
    denominator: i128,
}

impl Ratio {
    /// One of the one is one of the other.
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// `counted_as` of the other unit for `quantity` of the one; none unless both are positive.
    #[must_use]
    pub fn of(counted_as: Decimal, quantity: Decimal) -> Option<Self> {
        (counted_as.is_positive() && quantity.is_positive()).then(|| Self::reduced(counted_as.unscaled(), quantity.unscaled()))
    }

    /// First by this one, then by the other; none where that is beyond 38 digits.
    #[must_use]
    pub fn then(self, other: Self) -> Option<Self> {
        // Crosswise first, so that numbers stay as small as they can be.
        let (a, b) = (Self::reduced(self.numerator, other.denominator), Self::reduced(other.numerator, self.denominator));
        Some(Self { numerator: a.numerator.checked_mul(b.numerator)?, denominator: a.denominator.checked_mul(b.denominator)? })
    }

    /// The other way round.
    #[must_use]
    pub const fn inverse(self) -> Self {
        Self { numerator: self.denominator, denominator: self.numerator }
    }

    /// As quantities: so many of the one, counted as so many of the other. The smallest whole numbers that say it.
    #[must_use]
    pub fn quantities(self) -> Option<(Decimal, Decimal)> {
        let whole = |number: i128| number.checked_mul(Decimal::ONE.unscaled()).and_then(Decimal::from_unscaled);
        Some((whole(self.denominator)?, whole(self.numerator)?))
    }

    fn reduced(numerator: i128, denominator: i128) -> Self {
        let divisor = greatest_common_divisor(numerator, denominator);
        Self { numerator: numerator / divisor, denominator: denominator / divisor }
    }
}

/// A rational number, in 10^-9.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exact {
    numerator: i128,
    denominator: i128,
}

impl Default for Exact {
    fn default() -> Self {
        Self::ZERO
    }
}

impl Exact {
    /// Zero.
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };

    /// An amount, counted in another unit.
    ///
    /// # Errors
    /// [`LedgerError::QuantityOverflow`].
    pub fn of(amount: Decimal, ratio: Ratio) -> Result<Self, LedgerError> {
        let shared = greatest_common_divisor(amount.unscaled().abs(), ratio.denominator);
        let numerator = (amount.unscaled() / shared).checked_mul(ratio.numerator).ok_or(LedgerError::QuantityOverflow)?;
        Ok(Self { numerator, denominator: ratio.denominator / shared })
    }

    /// The sum.
    ///
    /// # Errors
    /// [`LedgerError::QuantityOverflow`].
    pub fn plus(self, other: Self) -> Result<Self, LedgerError> {
        let shared = greatest_common_divisor(self.denominator, other.denominator);
        let (left, right) = (other.denominator / shared, self.denominator / shared);
        let sum = || {
            let numerator = self.numerator.checked_mul(left)?.checked_add(other.numerator.checked_mul(right)?)?;
            Some(Self { numerator, denominator: self.denominator.checked_mul(left)? })
        };
        sum().ok_or(LedgerError::QuantityOverflow)
    }

    /// True below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.numerator < 0
    }

    /// Less a decimal, as numerator and denominator in 10^-9: what a posting leaves over.
    #[must_use]
    pub fn less(self, posted: Decimal) -> Option<(i128, i128)> {
        let numerator = self.numerator.checked_sub(posted.unscaled().checked_mul(self.denominator)?)?;
        let shared = greatest_common_divisor(numerator.abs(), self.denominator);
        Some((numerator / shared, self.denominator / shared))
    }

    /// Rounded as a rule says, from the exact value and in one step.
    ///
    /// # Errors
    /// [`LedgerError::QuantityOverflow`] beyond 38 digits.
    pub fn rounded(self, rounding: &Rounding, unit: &str) -> Result<Decimal, LedgerError> {
        let (whole, rest) = (self.numerator / self.denominator, self.numerator % self.denominator);
        // What stands behind the ninth digit matters only where the nine would stand exactly on a step or in the middle of one.
        let step = 10_i128.pow(SCALE - rounding.digits(unit).min(SCALE));
        let on_edge = whole % step == 0 || (whole % step).abs() * 2 == step;
        let nudge = if rest != 0 && on_edge && step > 2 { self.numerator.signum() } else { 0 };
        let nudge = if step == 1 && rest.abs() * 2 > self.denominator { self.numerator.signum() } else { nudge };
        let amount = Decimal::from_unscaled(whole + nudge).ok_or(LedgerError::QuantityOverflow)?;
        Ok(rounding.round(amount, unit))
    }
}

/// Of numbers that are not negative; 1 rather than 0.
const fn greatest_common_divisor(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    if a == 0 { 1 } else { a }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn thirds_add_up_to_one() {
        let third = Ratio::of(dec("1"), dec("3")).unwrap();
        let sum = (0..3).try_fold(Exact::ZERO, |sum, _| sum.plus(Exact::of(Decimal::ONE, third)?)).unwrap();
        assert_eq!(sum.rounded(&Rounding::default(), "KGM"), Ok(Decimal::ONE));
        assert_eq!(sum.less(Decimal::ONE), Some((0, 1)));
    }

    #[test]
    fn what_stands_behind_the_ninth_digit_decides_a_half() {
        // 0.0005 and a little: a third of 0.0015 and a trillionth.
        let ratio = Ratio::of(dec("0.001500001"), dec("3")).unwrap();
        let above = Exact::of(Decimal::ONE, ratio).unwrap();
        assert_eq!(above.rounded(&Rounding::default(), "KGM"), Ok(dec("0.001")));
        let half = Exact::of(Decimal::ONE, Ratio::of(dec("0.0015"), dec("3")).unwrap()).unwrap();
        assert_eq!(half.rounded(&Rounding::default(), "KGM"), Ok(Decimal::ZERO), "a half goes to the even digit");
        let below = Exact::of(dec("-1"), ratio).unwrap();
        assert_eq!(below.rounded(&Rounding::default(), "KGM"), Ok(dec("-0.001")));
    }

    #[test]
    fn ratios_chain_and_turn() {
        let (grams, tonnes) = (Ratio::of(Decimal::ONE, dec("1000")).unwrap(), Ratio::of(dec("1000"), Decimal::ONE).unwrap());
        assert_eq!(grams.then(tonnes), Some(Ratio::ONE));
        assert_eq!(grams.inverse(), tonnes);
        assert_eq!(Ratio::of(dec("2.5"), dec("10")).unwrap().quantities(), Some((dec("4"), dec("1"))));
        assert_eq!(Ratio::of(Decimal::ZERO, Decimal::ONE), None);
    }

    #[test]
    fn beyond_38_digits_is_an_error_not_a_wrong_number() {
        let largest = dec("99999999999999999999999999999.999999999");
        let ten = Ratio::of(dec("10"), Decimal::ONE).unwrap();
        assert_eq!(Exact::of(largest, ten), Err(LedgerError::QuantityOverflow));
        let most = Exact::of(largest, Ratio::ONE).unwrap();
        assert_eq!(most.plus(most), Err(LedgerError::QuantityOverflow));
        assert_eq!(most.plus(Exact::of(Decimal::ONE, Ratio::ONE).unwrap()).unwrap().rounded(&Rounding::default(), "KGM"), Err(LedgerError::QuantityOverflow));
    }
}
