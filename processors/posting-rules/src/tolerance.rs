//! How far an actual quantity may be from its plan.

use lineside_schemas::Decimal;
use lineside_schemas::records::{ToleranceAction, ToleranceCheck};

/// A tolerance of a check, for an item or for all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tolerance {
    /// What is compared.
    pub check: ToleranceCheck,
    /// Material; every one when absent.
    pub item: Option<String>,
    /// Deviation allowed, in percent of the plan; not negative.
    pub percent: Option<Decimal>,
    /// Deviation allowed, as an amount and its unit; not negative. Says nothing of lines in another unit.
    pub absolute: Option<(Decimal, String)>,
    /// What becomes of what is beyond.
    pub beyond: ToleranceAction,
}

/// What a tolerance says of a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Within, or nothing is said of it.
    Within,
    /// Beyond, and accepted.
    Accepted,
    /// Beyond: to be posted, and shown.
    Flagged,
    /// Beyond: not to be posted, and shown.
    Held,
}

impl Tolerance {
    /// Compares an actual quantity with its plan, both in `unit`. At the limit is within. With a percentage and an amount neither may be exceeded.
    #[must_use]
    pub fn judge(&self, planned: Decimal, actual: Decimal, unit: &str) -> Verdict {
        let deviation = match self.check {
            ToleranceCheck::UnderConsumption => planned.checked_sub(actual),
            _ => actual.checked_sub(planned),
        };
        // A deviation that does not fit 38 digits is beyond every limit that does.
        let exceeds = |allowed: Option<Decimal>| match (deviation, allowed) {
            (Some(deviation), Some(allowed)) => deviation > allowed,
            (None, _) => true,
            // An allowance beyond 38 digits is beyond every deviation that fits.
            (Some(_), None) => false,
        };
        let by_percent = self.percent.is_some_and(|percent| deviation.is_none_or(|deviation| deviation.is_positive() && more_than(deviation, planned, percent)));
        let by_amount = self.absolute.as_ref().is_some_and(|(amount, of)| of == unit && exceeds(Some(*amount)));
        let unlimited = self.percent.is_none() && self.absolute.is_none();
        match self.beyond {
            _ if !(by_percent || by_amount || (unlimited && deviation.is_none_or(Decimal::is_positive))) => Verdict::Within,
            ToleranceAction::Hold => Verdict::Held,
            ToleranceAction::AcceptAndFlag => Verdict::Flagged,
            ToleranceAction::Accept | ToleranceAction::Unknown => Verdict::Accepted,
        }
    }
}

/// Whether `deviation` is more than `percent` of `planned`, exactly: `deviation * 100 > planned * percent`, with what does not fit 128 bits compared in halves.
fn more_than(deviation: Decimal, planned: Decimal, percent: Decimal) -> bool {
    let hundred = 100 * Decimal::ONE.unscaled();
    compare_products((deviation.unscaled(), hundred), (planned.abs().unscaled(), percent.unscaled())).is_gt()
}

/// Compares two products of non-negative numbers, to the last digit.
fn compare_products(left: (i128, i128), right: (i128, i128)) -> std::cmp::Ordering {
    wide(left.0.unsigned_abs(), left.1.unsigned_abs()).cmp(&wide(right.0.unsigned_abs(), right.1.unsigned_abs()))
}

/// The 256 bits of a product, upper half first.
fn wide(a: u128, b: u128) -> (u128, u128) {
    const LOW: u128 = u64::MAX as u128;
    let (a1, a0, b1, b0) = (a >> 64, a & LOW, b >> 64, b & LOW);
    let middle = a1 * b0 + ((a0 * b0) >> 64);
    let (middle, carry) = middle.overflowing_add(a0 * b1);
    let high = a1 * b1 + (middle >> 64) + (u128::from(carry) << 64);
    (high, (middle << 64) | ((a0 * b0) & LOW))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn tolerance(check: ToleranceCheck, percent: Option<&str>, absolute: Option<(&str, &str)>) -> Tolerance {
        Tolerance { check, item: None, percent: percent.map(dec), absolute: absolute.map(|(value, unit)| (dec(value), unit.to_owned())), beyond: ToleranceAction::Hold }
    }

    #[test]
    fn at_the_limit_is_within_and_the_last_digit_beyond_it_is_not() {
        let five = tolerance(ToleranceCheck::OverConsumption, Some("5"), None);
        assert_eq!(five.judge(dec("10"), dec("10.5"), "KGM"), Verdict::Within);
        assert_eq!(five.judge(dec("10"), dec("10.500000001"), "KGM"), Verdict::Held);
        assert_eq!(five.judge(dec("10"), dec("1"), "KGM"), Verdict::Within, "less is another check");
        let third = tolerance(ToleranceCheck::OverDelivery, Some("0.000000001"), None);
        let large = "10000000000000000000000000000";
        assert_eq!(third.judge(dec(large), dec("10000000000100000000000000000"), "C62"), Verdict::Within, "a plan of 29 digits is compared exactly");
        assert_eq!(third.judge(dec(large), dec("10000000000100000000000000000.000000001"), "C62"), Verdict::Held);
    }

    #[test]
    fn neither_the_percentage_nor_the_amount_may_be_exceeded() {
        let both = tolerance(ToleranceCheck::OverConsumption, Some("10"), Some(("2", "KGM")));
        assert_eq!(both.judge(dec("10"), dec("11"), "KGM"), Verdict::Within);
        assert_eq!(both.judge(dec("10"), dec("11.5"), "KGM"), Verdict::Held, "by the percentage");
        assert_eq!(both.judge(dec("100"), dec("103"), "KGM"), Verdict::Held, "by the amount");
        assert_eq!(both.judge(dec("100"), dec("103"), "LTR"), Verdict::Within, "the amount is of another unit");
    }

    #[test]
    fn under_consumption_looks_the_other_way() {
        let under = tolerance(ToleranceCheck::UnderConsumption, Some("10"), None);
        assert_eq!(under.judge(dec("10"), dec("9"), "KGM"), Verdict::Within);
        assert_eq!(under.judge(dec("10"), dec("8.9"), "KGM"), Verdict::Held);
        assert_eq!(under.judge(dec("10"), dec("12"), "KGM"), Verdict::Within);
    }

    #[test]
    fn what_was_not_planned_is_beyond_every_percentage() {
        let five = tolerance(ToleranceCheck::OverConsumption, Some("5"), None);
        assert_eq!(five.judge(dec("0"), dec("0.001"), "KGM"), Verdict::Held);
    }

    proptest::proptest! {
        #[test]
        fn wide_products_are_those_of_ordinary_numbers_where_they_fit(a in 0..u128::from(u64::MAX), b in 0..u128::from(u64::MAX)) {
            proptest::prop_assert_eq!(wide(a, b), (0, a * b));
        }

        #[test]
        fn wide_products_distribute(a: u128, b: u64) {
            // a * b = (a / 2^64) * b * 2^64 + (a mod 2^64) * b, by another way.
            let upper = (a >> 64) * u128::from(b);
            let lower = (a & u128::from(u64::MAX)) * u128::from(b);
            let (low, carry) = lower.overflowing_add(upper << 64);
            proptest::prop_assert_eq!(wide(a, u128::from(b)), ((upper >> 64) + u128::from(carry), low));
        }
    }
}
