//! Exact quantities, as they were sent.

use std::fmt;
use std::ops::{Add, Neg, Sub};
use std::str::FromStr as _;

use bigdecimal::{BigDecimal, Zero as _};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// Digits before and after the point together that the ERP takes.
const MAX_DIGITS: usize = 29;
/// Digits after the point that the ERP takes.
const MAX_DECIMALS: usize = 9;

/// An exact decimal. Two are equal when their values are: 1.50 is 1.5.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Quantity(BigDecimal);

impl Quantity {
    /// The quantity that plain digits say, such as `1.250`: no exponent, no leading plus, at most 9 decimals.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let fits = plain(whole) && plain(decimals) && whole.len() + decimals.len() <= MAX_DIGITS && decimals.len() <= MAX_DECIMALS;
        if fits { BigDecimal::from_str(text).ok().map(Self) } else { None }
    }

    /// The quantity in a JSON number or in a JSON string, digit by digit.
    #[must_use]
    pub fn of_json(json: &RawValue) -> Option<Self> {
        let text = json.get();
        Self::parse(text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text))
    }

    /// Whether it is more than nothing.
    #[must_use]
    pub fn is_positive(&self) -> bool {
        self.0 > BigDecimal::zero()
    }

    /// Whether it is nothing.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// So many per cent more.
    #[must_use]
    pub fn plus_percent(&self, percent: u32) -> Self {
        Self(&self.0 * (BigDecimal::from(100 + u64::from(percent)) / BigDecimal::from(100)))
    }

    /// This share of a whole, of another quantity; nothing where the whole is nothing. Rounded to three decimals, as a backflush is.
    #[must_use]
    pub fn share(&self, part: &Self, whole: &Self) -> Self {
        if whole.is_zero() { Self::default() } else { Self((&self.0 * &part.0 / &whole.0).with_scale_round(3, bigdecimal::RoundingMode::HalfUp)) }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.to_plain_string())
    }
}

impl Add<&Self> for Quantity {
    type Output = Self;

    fn add(self, other: &Self) -> Self {
        Self(self.0 + &other.0)
    }
}

impl Sub<&Self> for Quantity {
    type Output = Self;

    fn sub(self, other: &Self) -> Self {
        Self(self.0 - &other.0)
    }
}

impl Neg for Quantity {
    type Output = Self;

    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom(format!("{text:?} is no quantity")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_kept_as_they_were_sent() {
        for text in ["0", "1.250", "-3", "99999999999999999999.123456789", "0.000000001"] {
            assert_eq!(Quantity::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_plain_decimal_is_refused() {
        for text in ["", "-", ".", "1.", ".5", "+1", "1e3", "1,5", " 1", "0.0000000001", "123456789012345678901234567890", "--1", "٣"] {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_and_strings_of_json_are_the_same() {
        let of = |json: &str| Quantity::of_json(&serde_json::from_str::<Box<RawValue>>(json).unwrap());
        assert_eq!(of("18.638"), of("\"18.638\""));
        assert_eq!(of("1e3"), None);
        assert_eq!(of("null"), None);
    }
}
