//! What of a net may be posted. Written down here once more, and not shared with the order aggregator: a mistake there must not hide here. Only what the rule says
//! (which way, how many digits) is taken from the rule.

use lineside_posting_rules::Rounding;
use lineside_schemas::Decimal;
use lineside_schemas::decimal::SCALE;
use lineside_schemas::records::RoundingMode;

/// Sum; the first, should it not fit 38 digits. Events whose sums would not fit are not accepted, so it always does.
#[must_use]
pub fn plus(one: Decimal, other: Decimal) -> Decimal {
    one.checked_add(other).unwrap_or(one)
}

/// Difference, likewise.
#[must_use]
pub fn minus(one: Decimal, other: Decimal) -> Decimal {
    plus(one, other.negated())
}

/// A number that a unit ratio may have made of a decimal, in 10^-9: exact, since only the sum is rounded, and once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exact {
    numerator: i128,
    denominator: i128,
}

/// So many of one unit are so many of another: both positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    /// So many of the one
    pub quantity: Decimal,
    /// are so many of the other.
    pub counted: Decimal,
}

impl Ratio {
    /// The same unit.
    pub const ONE: Self = Self { quantity: Decimal::ONE, counted: Decimal::ONE };
}

impl Exact {
    /// Nothing.
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };

    /// With an amount of another unit added. Should that be beyond 38 digits, it is added to nine digits.
    #[must_use]
    pub fn plus(self, amount: Decimal, ratio: Ratio) -> Self {
        let (top, bottom) = lowest(ratio.counted.unscaled(), ratio.quantity.unscaled());
        let shared = divisor(amount.unscaled().abs(), bottom);
        let exactly = || {
            let (numerator, denominator) = ((amount.unscaled() / shared).checked_mul(top)?, bottom / shared);
            let common = divisor(self.denominator, denominator);
            let sum = self.numerator.checked_mul(denominator / common)?.checked_add(numerator.checked_mul(self.denominator / common)?)?;
            Some(Self { numerator: sum, denominator: self.denominator.checked_mul(denominator / common)? })
        };
        exactly().unwrap_or_else(|| {
            let (one, other) = (self.nine_digits(), scaled(amount, ratio));
            Self { numerator: plus(one, other).unscaled(), denominator: 1 }
        })
    }

    /// To the nearest with nine digits.
    #[must_use]
    pub fn nine_digits(self) -> Decimal {
        self.rounded(SCALE, RoundingMode::HalfEven)
    }

    /// Below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.numerator < 0
    }

    /// Rounded to so many fractional digits.
    #[must_use]
    pub fn rounded(self, digits: u32, mode: RoundingMode) -> Decimal {
        let step = 10_i128.pow(SCALE.saturating_sub(digits));
        let Some(unit) = self.denominator.checked_mul(step) else { return Decimal::from_unscaled(self.numerator / self.denominator).unwrap_or_default() };
        let (whole, rest) = (self.numerator / unit, (self.numerator % unit).abs());
        let away = rest != 0
            && match mode {
                RoundingMode::Down => false,
                RoundingMode::Up => true,
                RoundingMode::HalfUp => rest >= unit - rest,
                RoundingMode::HalfEven | RoundingMode::Unknown => rest > unit - rest || (rest == unit - rest && whole % 2 != 0),
            };
        let whole = if away { whole + self.numerator.signum() } else { whole };
        whole.checked_mul(step).and_then(Decimal::from_unscaled).unwrap_or_default()
    }

    /// Rounded as the rule says.
    #[must_use]
    pub fn booked(self, rounding: &Rounding, unit: &str) -> Decimal {
        self.rounded(rounding.digits(unit), rounding.mode)
    }
}

/// An amount in another unit, to nine digits.
#[must_use]
pub fn scaled(amount: Decimal, ratio: Ratio) -> Decimal {
    if ratio == Ratio::ONE { amount } else { Exact::ZERO.plus(amount, ratio).nine_digits() }
}

/// One in the last digit that the unit is booked with.
#[must_use]
pub fn last_digit(rounding: &Rounding, unit: &str) -> Decimal {
    Decimal::from_unscaled(10_i128.pow(SCALE.saturating_sub(rounding.digits(unit)))).unwrap_or(Decimal::ONE)
}

fn lowest(top: i128, bottom: i128) -> (i128, i128) {
    let shared = divisor(top, bottom);
    (top / shared, bottom / shared)
}

/// Greatest common divisor of numbers that are not negative; 1 rather than 0.
const fn divisor(mut one: i128, mut other: i128) -> i128 {
    while other != 0 {
        (one, other) = (other, one % other);
    }
    if one == 0 { 1 } else { one }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn rounded(net: &str, mode: RoundingMode) -> Decimal {
        Exact::ZERO.plus(decimal(net), Ratio::ONE).rounded(3, mode)
    }

    #[test]
    fn halves_go_where_the_rule_says() {
        for (net, even, half_up, up, down) in [
            ("0.0005", "0", "0.001", "0.001", "0"),
            ("0.0015", "0.002", "0.002", "0.002", "0.001"),
            ("0.00050001", "0.001", "0.001", "0.001", "0"),
            ("-0.0015", "-0.002", "-0.002", "-0.002", "-0.001"),
            ("-0.0005", "0", "-0.001", "-0.001", "0"),
            ("7", "7", "7", "7", "7"),
        ] {
            let all = [RoundingMode::HalfEven, RoundingMode::HalfUp, RoundingMode::Up, RoundingMode::Down].map(|mode| rounded(net, mode));
            assert_eq!(all, [even, half_up, up, down].map(decimal), "{net}");
        }
    }

    #[test]
    fn thirds_add_up_and_are_rounded_once() {
        let third = Ratio { quantity: decimal("3"), counted: decimal("1") };
        let sum = (0..3).fold(Exact::ZERO, |sum, _| sum.plus(Decimal::ONE, third));
        assert_eq!(sum.rounded(3, RoundingMode::HalfEven), Decimal::ONE);
        // A half and a trillionth: what stands behind the ninth digit decides.
        let more = Ratio { quantity: decimal("3"), counted: decimal("0.001500001") };
        assert_eq!(Exact::ZERO.plus(Decimal::ONE, more).rounded(3, RoundingMode::HalfEven), decimal("0.001"));
        assert_eq!(scaled(decimal("250"), Ratio { quantity: decimal("1000"), counted: decimal("1") }), decimal("0.25"));
    }

    #[test]
    fn what_is_beyond_38_digits_is_still_near() {
        let large = decimal("99999999999999999999999999999");
        let odd = Ratio { quantity: decimal("7.000000001"), counted: decimal("6.999999999") };
        let sum = Exact::ZERO.plus(large, odd).plus(large.negated(), odd);
        assert_eq!(sum.nine_digits(), Decimal::ZERO);
    }

    #[test]
    fn counted_things_have_no_fraction() {
        let rounding = Rounding::default();
        assert_eq!(Exact::ZERO.plus(decimal("2.5"), Ratio::ONE).booked(&rounding, "C62"), decimal("2"));
        assert_eq!((last_digit(&rounding, "KGM"), last_digit(&rounding, "C62")), (decimal("0.001"), decimal("1")));
    }
}
