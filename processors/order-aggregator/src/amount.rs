//! An amount in the books: what it is, what of it is posted, and therefore what is due.

use lineside_schemas::Decimal;
use lineside_schemas::unit::posting_digits;

use crate::error::LedgerError;

/// Net and posted amount of one line, in the line's unit.
///
/// `net = posted + remainder` at any moment. The remainder is what rounding left over, what is not posted yet, or, where the net is negative, what waits to be compensated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amount {
    net: Decimal,
    posted: Decimal,
}

impl Amount {
    /// An amount as it was kept.
    ///
    /// # Errors
    /// [`LedgerError::LedgerInconsistent`] when `posted` is negative, which no posting leads to.
    pub fn restored(net: Decimal, posted: Decimal) -> Result<Self, LedgerError> {
        if posted.is_negative() {
            return Err(LedgerError::LedgerInconsistent("a posted total is negative"));
        }
        Ok(Self { net, posted })
    }

    /// Sum of the events.
    #[must_use]
    pub const fn net(self) -> Decimal {
        self.net
    }

    /// Sum of the postings; never negative.
    #[must_use]
    pub const fn posted(self) -> Decimal {
        self.posted
    }

    /// With `effect` added to the net.
    ///
    /// # Errors
    /// [`LedgerError::QuantityOverflow`].
    pub fn plus(self, effect: Decimal) -> Result<Self, LedgerError> {
        let net = self.net.checked_add(effect).ok_or(LedgerError::QuantityOverflow)?;
        Ok(Self { net, ..self })
    }

    /// What may stand in the ERP's books: the net, rounded half to even to the digits that the unit is booked with; nothing while the net is negative.
    ///
    /// It is the sum that is rounded, never the single event, so the postings add up to the rounded sum however many there are.
    #[must_use]
    pub fn bookable(self, unit: &str) -> Decimal {
        if self.net.is_negative() { Decimal::ZERO } else { self.net.round_to(posting_digits(unit)) }
    }

    /// What has to be posted now; negative takes back.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "it cannot")]
    pub fn due(self, unit: &str) -> Decimal {
        self.bookable(unit).checked_sub(self.posted).expect("both are from zero to 38 digits, so their difference has no more")
    }

    /// With everything due posted.
    #[must_use]
    pub fn settled(self, unit: &str) -> Self {
        Self { posted: self.bookable(unit), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(net: &str, posted: &str) -> Amount {
        Amount::restored(net.parse().unwrap(), posted.parse().unwrap()).unwrap()
    }

    #[test]
    fn what_is_due_is_the_rounded_sum_less_what_is_posted() {
        for (net, posted, unit, due) in [
            ("1.25", "0", "KGM", "1.25"),
            ("0.0004", "0", "KGM", "0"),
            ("0.0008", "0", "KGM", "0.001"),
            ("0.0012", "0.001", "KGM", "0"),
            ("0.0005", "0", "KGM", "0"),
            ("0.0015", "0", "KGM", "0.002"),
            ("1.5", "1", "C62", "1"),
            ("2.5", "0", "C62", "2"),
            ("3", "5", "C62", "-2"),
            ("-2", "0", "KGM", "0"),
            ("-2", "5", "KGM", "-5"),
            ("0.1234", "0", "XYZ", "0.123"),
        ] {
            assert_eq!(amount(net, posted).due(unit).to_string(), due, "{net} {unit}, {posted} posted");
        }
    }

    #[test]
    fn nothing_is_due_once_settled() {
        for (net, unit) in [("0.0007", "KGM"), ("-3", "C62"), ("7.5", "C62")] {
            assert!(amount(net, "0").settled(unit).due(unit).is_zero(), "{net} {unit}");
        }
    }

    #[test]
    fn a_sum_beyond_38_digits_is_an_error_not_a_wrong_number() {
        let largest = "99999999999999999999999999999.999999999";
        assert_eq!(amount(largest, "0").plus(Decimal::ONE), Err(LedgerError::QuantityOverflow));
        assert_eq!(amount(largest, "0").due("KGM").to_string(), largest);
    }

    #[test]
    fn a_negative_posted_total_is_not_believed() {
        let minus_one = Decimal::ONE.negated();
        assert!(matches!(Amount::restored(Decimal::ONE, minus_one), Err(LedgerError::LedgerInconsistent(_))));
        assert!(Amount::restored(minus_one, Decimal::ZERO).is_ok());
    }
}
