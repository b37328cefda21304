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

/// An amount in another unit, to nine digits; zero, should that not fit.
#[must_use]
pub fn scaled(amount: Decimal, ratio: Ratio) -> Decimal {
    if ratio == Ratio::ONE {
        return amount;
    }
    let (top, bottom) = lowest(ratio.counted.unscaled(), ratio.quantity.unscaled());
    let whole = product_quotient(amount.unscaled().unsigned_abs(), top.unsigned_abs(), bottom.unsigned_abs());
    let whole = whole.and_then(|whole| i128::try_from(whole).ok()).and_then(|whole| whole.checked_mul(amount.unscaled().signum()));
    whole.and_then(Decimal::from_unscaled).unwrap_or_default()
}

/// `one * other / divisor`, to the nearest, halves to the even one, though the product need not fit. None if the quotient does not.
fn product_quotient(one: u128, other: u128, divisor: u128) -> Option<u128> {
    let (whole, rest) = (one.checked_div(divisor)?, one % divisor);
    let (mut quotient, mut left) = (0_u128, 0_u128);
    // Bit by bit from the highest: doubled, and the one added where the bit is set.
    for bit in (0..u128::BITS - other.leading_zeros()).rev() {
        quotient = quotient.checked_mul(2)?;
        for added in [left, if other >> bit & 1 == 1 { rest } else { 0 }] {
            let carries = left >= divisor - added;
            left = if carries { left - (divisor - added) } else { left + added };
            quotient = quotient.checked_add(u128::from(carries))?;
        }
        if other >> bit & 1 == 1 {
            quotient = quotient.checked_add(whole)?;
        }
    }
    let up = left > divisor - left || (left == divisor - left && quotient % 2 != 0);
    quotient.checked_add(u128::from(up))
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
        assert_eq!(scaled(large, Ratio { quantity: decimal("3.000000003"), counted: decimal("1.000000001") }), decimal("33333333333333333333333333333"));
    }

    #[test]
    fn products_need_not_fit() {
        for (one, other, divisor, quotient) in [(7, 5, 2, 18), (9, 5, 2, 22), (5, 5, 2, 12), (7, 3, 4, 5), (0, 9, 4, 0), (9, 0, 4, 0), (10, 1, 3, 3), (11, 1, 3, 4)] {
            assert_eq!(product_quotient(one, other, divisor), Some(quotient), "{one} * {other} / {divisor}");
        }
        let large = u128::MAX / 2;
        assert_eq!(product_quotient(large, large, large), Some(large));
        assert_eq!(product_quotient(large, large - 1, large), Some(large - 1));
        assert_eq!(product_quotient(large, large, 3), None);
        assert_eq!(product_quotient(1, 1, 0), None);
    }

    #[test]
    fn counted_things_have_no_fraction() {
        let rounding = Rounding::default();
        assert_eq!(Exact::ZERO.plus(decimal("2.5"), Ratio::ONE).booked(&rounding, "C62"), decimal("2"));
        assert_eq!((last_digit(&rounding, "KGM"), last_digit(&rounding, "C62")), (decimal("0.001"), decimal("1")));
    }
}
