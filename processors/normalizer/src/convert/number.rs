//! Numbers, from the text that the source wrote.

use lineside_schemas::Decimal;
use lineside_schemas::decimal::ParseDecimalError;

use crate::refusals::{Checked, Code, Fault, shown};

/// An exact decimal.
pub(crate) fn decimal(text: &str) -> Checked<Decimal> {
    text.parse().map_err(|error| {
        let code = match error {
            ParseDecimalError::Syntax => Code::BadNumber,
            ParseDecimalError::TooFine => Code::NumberTooFine,
            ParseDecimalError::TooLarge => Code::NumberTooLarge,
        };
        Fault::new(code, format!("{}: {error}", shown(text)))
    })
}

/// A whole number: an optional minus and digits.
pub(crate) fn whole(text: &str, min: i64, max: i64) -> Checked<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Fault::new(Code::BadNumber, format!("{} is no whole number", shown(text))));
    }
    let value = text.parse().ok().filter(|value| (min..=max).contains(value));
    value.ok_or_else(|| Fault::new(Code::NumberTooLarge, format!("{} is not between {min} and {max}", shown(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact_or_refused_for_a_reason() {
        assert_eq!(decimal("1.250").unwrap().to_string(), "1.25");
        for (text, code) in [("1,5", Code::BadNumber), ("1e-10", Code::NumberTooFine), ("1e30", Code::NumberTooLarge), ("NaN", Code::BadNumber)] {
            assert_eq!(decimal(text).unwrap_err().code, code, "{text}");
        }
    }

    #[test]
    fn whole_numbers_have_no_point_and_no_plus() {
        assert_eq!(whole("-9223372036854775808", i64::MIN, i64::MAX), Ok(i64::MIN));
        for text in ["1.0", "+1", "", "-", "1e3", "0x1", " 1"] {
            assert_eq!(whole(text, 0, 9).unwrap_err().code, Code::BadNumber, "{text}");
        }
        assert_eq!(whole("9223372036854775808", i64::MIN, i64::MAX).unwrap_err().code, Code::NumberTooLarge);
        assert_eq!(whole("10", 0, 9).unwrap_err().code, Code::NumberTooLarge);
    }
}
