//! What of a net may be posted. Written down here once more, and not shared with the order aggregator: a mistake there must not hide here.

use lineside_schemas::Decimal;
use lineside_schemas::decimal::SCALE;
use lineside_schemas::unit::posting_digits;

/// How a net is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// To the nearest; a half to the even digit.
    #[default]
    HalfEven,
    /// To the nearest; a half away from zero.
    HalfUp,
    /// Towards zero.
    Down,
}

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

/// The net rounded to so many fractional digits.
#[must_use]
pub fn rounded(net: Decimal, digits: u32, method: Method) -> Decimal {
    let Some(dropped) = SCALE.checked_sub(digits).filter(|dropped| *dropped > 0) else { return net };
    let step = 10_i128.pow(dropped);
    let (whole, rest) = (net.unscaled() / step, net.unscaled() % step);
    let away = match method {
        Method::Down => false,
        Method::HalfUp => 2 * rest.abs() >= step,
        Method::HalfEven => 2 * rest.abs() > step || (2 * rest.abs() == step && whole % 2 != 0),
    };
    let whole = if away { whole + net.unscaled().signum() } else { whole };
    Decimal::from_unscaled(whole * step).unwrap_or(net)
}

/// The net in the digits that its unit is booked with.
#[must_use]
pub fn booked(net: Decimal, unit: &str) -> Decimal {
    rounded(net, posting_digits(unit), Method::HalfEven)
}

/// What may stand in the ERP's books for that net: nothing while it is negative.
#[must_use]
pub fn bookable(net: Decimal, unit: &str) -> Decimal {
    if net.is_negative() { Decimal::ZERO } else { booked(net, unit) }
}

/// One in the last digit that the unit is booked with.
#[must_use]
pub fn last_digit(unit: &str) -> Decimal {
    let dropped = SCALE.saturating_sub(posting_digits(unit));
    Decimal::from_unscaled(10_i128.pow(dropped)).unwrap_or(Decimal::ONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn halves_go_where_the_method_says() {
        for (net, even, up, down) in [
            ("0.0005", "0", "0.001", "0"),
            ("0.0015", "0.002", "0.002", "0.001"),
            ("0.00050001", "0.001", "0.001", "0"),
            ("-0.0015", "-0.002", "-0.002", "-0.001"),
            ("-0.0005", "0", "-0.001", "0"),
            ("7", "7", "7", "7"),
        ] {
            let all = [Method::HalfEven, Method::HalfUp, Method::Down].map(|method| rounded(decimal(net), 3, method));
            assert_eq!(all, [even, up, down].map(decimal), "{net}");
        }
        assert_eq!(rounded(decimal("1.5"), 9, Method::HalfEven), decimal("1.5"));
    }

    #[test]
    fn a_negative_net_may_not_be_booked_and_counted_things_have_no_fraction() {
        assert_eq!(bookable(decimal("-3"), "KGM"), Decimal::ZERO);
        assert_eq!(bookable(decimal("2.5"), "C62"), decimal("2"));
        assert_eq!((last_digit("KGM"), last_digit("C62")), (decimal("0.001"), decimal("1")));
    }
}
