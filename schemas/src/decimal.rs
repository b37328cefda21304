//! Exact decimals: a 128-bit integer at a fixed scale, the value of Avro's `decimal(38, 9)`.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Fractional digits that a [`Decimal`] holds.
pub const SCALE: u32 = 9;
/// Digits that a [`Decimal`] holds in all; the contract's `precision`.
pub const PRECISION: u32 = 38;

const ONE: i128 = 1_000_000_000;
/// Largest unscaled value: 38 nines.
const MAX_UNSCALED: i128 = 99_999_999_999_999_999_999_999_999_999_999_999_999;

/// An exact decimal number with 9 fractional digits and up to 29 before the point.
///
/// Arithmetic is checked: what does not fit is `None`, nothing is ever rounded unless a function says so.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Decimal(i128);

/// Why a text is no [`Decimal`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseDecimalError {
    /// Not of the form `[+-]digits[.digits][(e|E)[+-]digits]`.
    #[error("not a decimal number")]
    Syntax,
    /// More than 9 fractional digits: keeping it would mean rounding it.
    #[error("more than 9 fractional digits")]
    TooFine,
    /// More than 29 digits before the point.
    #[error("more than 29 digits before the decimal point")]
    TooLarge,
}

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self(0);
    /// One.
    pub const ONE: Self = Self(ONE);

    /// The decimal `unscaled / 10^9`, or `None` beyond 38 digits.
    #[must_use]
    pub const fn from_unscaled(unscaled: i128) -> Option<Self> {
        if unscaled > MAX_UNSCALED || unscaled < -MAX_UNSCALED { None } else { Some(Self(unscaled)) }
    }

    /// A whole number.
    #[must_use]
    pub const fn from_int(value: i64) -> Self {
        // 19 digits and 9 more fit 38.
        Self(value as i128 * ONE)
    }

    /// The value times 10^9.
    #[must_use]
    pub const fn unscaled(self) -> i128 {
        self.0
    }

    /// Sum, or `None` beyond 38 digits.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).and_then(Self::from_unscaled)
    }

    /// Difference, or `None` beyond 38 digits.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).and_then(Self::from_unscaled)
    }

    /// Product, or `None` if it does not fit or would have more than 9 fractional digits.
    #[must_use]
    pub fn checked_mul_exact(self, other: Self) -> Option<Self> {
        let (mut a, mut b) = (self.0, other.0);
        if let Some(product) = a.checked_mul(b) {
            return if product % ONE == 0 { Self::from_unscaled(product / ONE) } else { None };
        }
        // The product stands at scale 18. Where that overflows, what takes it back to 9 is divided out of the factors first.
        for _ in 0..SCALE {
            (a, b) = divide_either(a, b, 2)?;
            (a, b) = divide_either(a, b, 5)?;
        }
        a.checked_mul(b).and_then(Self::from_unscaled)
    }

    /// Quotient rounded half to even at 9 fractional digits, or `None` when the divisor is zero, the result does not fit, or the dividend is beyond 1.7 * 10^20.
    /// For ratios that are shown (percentages), never for amounts that are booked.
    #[must_use]
    pub fn checked_div_rounded(self, other: Self) -> Option<Self> {
        if other.0 == 0 {
            return None;
        }
        let numerator = self.0.checked_mul(ONE)?;
        Self::from_unscaled(div_half_even(numerator, other.0))
    }

    /// Rounded half to even to `digits` fractional digits (at most 9).
    #[must_use]
    pub fn round_to(self, digits: u32) -> Self {
        let step = 10_i128.pow(SCALE - digits.min(SCALE));
        // Rounding up 38 nines would need a 39th digit; such amounts stay as they are.
        Self::from_unscaled(div_half_even(self.0, step) * step).unwrap_or(self)
    }

    /// The negated value.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self(-self.0)
    }

    /// The absolute value.
    #[must_use]
    pub const fn abs(self) -> Self {
        Self(self.0.abs())
    }

    /// The value as Avro's `decimal` has it in bytes: the unscaled number in two's complement, big-endian, as short as possible (Avro specification,
    /// logical type decimal).
    #[must_use]
    pub fn to_avro_bytes(self) -> impl AsRef<[u8]> {
        let bytes = self.0.to_be_bytes();
        let sign = if self.0 < 0 { 0xFF } else { 0x00 };
        let mut start = 0;
        while start < 15 && bytes[start] == sign && (bytes[start + 1] & 0x80) == (sign & 0x80) {
            start += 1;
        }
        AvroBytes { bytes, start }
    }

    /// Reads the bytes of [`Self::to_avro_bytes`], padded or not; `None` beyond 38 digits, and when there are none (Java's readers refuse those too).
    #[must_use]
    pub fn from_avro_bytes(bytes: &[u8]) -> Option<Self> {
        let fill = if bytes.first()? & 0x80 != 0 { 0xFF } else { 0 };
        // Some writers pad; bytes that only repeat the sign are dropped.
        let extra = bytes.len().saturating_sub(16);
        if bytes[..extra].iter().any(|byte| *byte != fill) {
            return None;
        }
        let mut buffer = [fill; 16];
        let tail = &bytes[extra..];
        buffer[16 - tail.len()..].copy_from_slice(tail);
        let value = i128::from_be_bytes(buffer);
        // The first byte that is kept must still show the sign.
        if (value < 0) == (fill == 0xFF) { Self::from_unscaled(value) } else { None }
    }

    /// True for zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// True below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// True above zero.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }
}

/// The bytes of a decimal from `start` on.
struct AvroBytes {
    bytes: [u8; 16],
    start: usize,
}

impl AsRef<[u8]> for AvroBytes {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[self.start..]
    }
}

/// The pair with one of the two divided by `prime`, or `None` when it divides neither.
const fn divide_either(a: i128, b: i128, prime: i128) -> Option<(i128, i128)> {
    if a % prime == 0 {
        Some((a / prime, b))
    } else if b % prime == 0 {
        Some((a, b / prime))
    } else {
        None
    }
}

fn div_half_even(numerator: i128, denominator: i128) -> i128 {
    let quotient = numerator / denominator;
    let remainder = (numerator % denominator).unsigned_abs();
    // The half is compared without doubling, which could overflow.
    let rest = denominator.unsigned_abs() - remainder;
    let up = remainder > rest || (remainder == rest && quotient % 2 != 0);
    let sign = if (numerator < 0) == (denominator < 0) { 1 } else { -1 };
    if up { quotient + sign } else { quotient }
}

impl FromStr for Decimal {
    type Err = ParseDecimalError;

    /// Reads `[+-]digits[.digits][(e|E)[+-]digits]`, exactly or not at all.
    fn from_str(text: &str) -> Result<Self, ParseDecimalError> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (text, 0),
        };
        let (negative, digits) = match mantissa.as_bytes().first() {
            Some(b'-') => (true, &mantissa[1..]),
            Some(b'+') => (false, &mantissa[1..]),
            _ => (false, mantissa),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() && fraction.is_empty() {
            return Err(ParseDecimalError::Syntax);
        }
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) || (digits.contains('.') && fraction.is_empty()) {
            return Err(ParseDecimalError::Syntax);
        }
        let fraction = fraction.trim_end_matches('0');
        let unscaled = accumulate(whole, fraction, exponent)?;
        Self::from_unscaled(if negative { -unscaled } else { unscaled }).ok_or(ParseDecimalError::TooLarge)
    }
}

fn parse_exponent(text: &str) -> Result<i64, ParseDecimalError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ParseDecimalError::Syntax);
    }
    // No text is long enough for an exponent of this size to be right, except for zero; the clamp keeps that case.
    let magnitude = digits.parse().unwrap_or(i64::MAX).min(1 << 60);
    Ok(if text.starts_with('-') { -magnitude } else { magnitude })
}

/// The digits as an integer at scale 9.
fn accumulate(whole: &str, fraction: &str, exponent: i64) -> Result<i128, ParseDecimalError> {
    let digits = || whole.bytes().chain(fraction.bytes());
    let mut significant = digits().skip_while(|byte| *byte == b'0').count();
    if significant == 0 {
        return Ok(0);
    }
    // Trailing zeros of a whole number carry no information once the exponent is negative.
    let trailing = digits().rev().take_while(|byte| *byte == b'0').count();
    significant -= trailing;
    let fraction_len = i64::try_from(fraction.len()).map_err(|_| ParseDecimalError::TooFine)?;
    let trailing_i = i64::try_from(trailing).map_err(|_| ParseDecimalError::TooLarge)?;
    // value = mantissa * 10^power, where the mantissa has no trailing zero
    let power = exponent - fraction_len + trailing_i;
    if power < -i64::from(SCALE) {
        return Err(ParseDecimalError::TooFine);
    }
    let shift = power + i64::from(SCALE);
    let shift = u32::try_from(shift).map_err(|_| ParseDecimalError::TooLarge)?;
    if significant > PRECISION as usize {
        return Err(ParseDecimalError::TooLarge);
    }
    let count = whole.len() + fraction.len() - trailing;
    let mantissa = digits().take(count).fold(0_i128, |sum, byte| sum * 10 + i128::from(byte - b'0'));
    10_i128.checked_pow(shift).and_then(|factor| mantissa.checked_mul(factor)).ok_or(ParseDecimalError::TooLarge)
}

impl fmt::Display for Decimal {
    /// Plain notation, no trailing zeros: `0.41`, `-12`, `0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        let one = ONE.unsigned_abs();
        let (whole, fraction) = (magnitude / one, magnitude % one);
        if fraction == 0 {
            return f.pad(&format!("{sign}{whole}"));
        }
        let digits = format!("{fraction:09}");
        f.pad(&format!("{sign}{whole}.{}", digits.trim_end_matches('0')))
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Decimal {
    /// The bytes of [`Decimal::to_avro_bytes`].
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.to_avro_bytes().as_ref())
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_bytes(UnscaledVisitor)
    }
}

struct UnscaledVisitor;

impl Visitor<'_> for UnscaledVisitor {
    type Value = Decimal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the big-endian two's complement bytes of a decimal(38, 9)")
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Decimal, E> {
        Decimal::from_avro_bytes(bytes).ok_or_else(|| E::custom("not a decimal of at most 38 digits"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn reads_what_plants_send() {
        for (text, shown) in [
            ("0.41", "0.41"),
            ("24.910", "24.91"),
            ("0.4E1", "4"),
            ("-0", "0"),
            ("+5", "5"),
            ("1e-9", "0.000000001"),
            (".5", "0.5"),
            ("007", "7"),
            ("12000e-12", "0.000000012"),
            ("1.0000000000000", "1"),
            ("99999999999999999999999999999.999999999", "99999999999999999999999999999.999999999"),
            ("0e99999999999", "0"),
            (&format!("1{}e-20000", "0".repeat(20_000)), "1"),
            (&format!("0.{}1e20001", "0".repeat(20_000)), "1"),
        ] {
            assert_eq!(dec(text).to_string(), shown, "{text}");
        }
    }

    #[test]
    fn refuses_rather_than_rounds_or_guesses() {
        use ParseDecimalError::{Syntax, TooFine, TooLarge};
        for (text, error) in [
            ("", Syntax),
            ("-", Syntax),
            (".", Syntax),
            ("5.", Syntax),
            ("1,5", Syntax),
            ("1.2.3", Syntax),
            ("--1", Syntax),
            ("1e", Syntax),
            ("1e+", Syntax),
            (" 1", Syntax),
            ("NaN", Syntax),
            ("0x10", Syntax),
            ("\u{661}", Syntax),
            ("0.0000000001", TooFine),
            ("1e-10", TooFine),
            ("100000000000000000000000000000", TooLarge),
            ("1e29", TooLarge),
            ("1e999999999999", TooLarge),
            ("1e99999999999999999999", TooLarge),
            ("1e-99999999999999999999", TooFine),
            (&format!("1{}e-20010", "0".repeat(10_005)), TooFine),
        ] {
            assert_eq!(text.parse::<Decimal>(), Err(error), "{text:?}");
        }
    }

    #[test]
    fn rounds_half_to_even() {
        for (text, digits, shown) in
            [("0.5", 0, "0"), ("1.5", 0, "2"), ("-0.5", 0, "0"), ("-1.5", 0, "-2"), ("0.0015", 3, "0.002"), ("0.0025", 3, "0.002"), ("-2.0011", 3, "-2.001")]
        {
            assert_eq!(dec(text).round_to(digits).to_string(), shown, "{text}");
        }
    }

    #[test]
    fn multiplies_exactly_or_not_at_all() {
        assert_eq!(dec("410").checked_mul_exact(dec("0.001")), Some(dec("0.41")));
        assert_eq!(dec("0.000000001").checked_mul_exact(dec("0.1")), None);
        assert_eq!(dec("1e28").checked_mul_exact(dec("100")), None);
        assert_eq!(dec("-1e28").checked_mul_exact(dec("0.1")), Some(dec("-1e27")));
        assert_eq!(dec("0").checked_mul_exact(dec("1e28")), Some(Decimal::ZERO));
        // 10^27 / 512 times 512 * 10^-9: neither factor ends in a zero, and their plain product has 44 digits.
        assert_eq!(dec("1953125000000000000000000.001953125").checked_mul_exact(dec("0.000000512")), Some(dec("1000000000000000000.000000001")));
        assert_eq!(dec("1953125000000000000000000.001953125").checked_mul_exact(dec("0.000000511")), None);
    }

    #[test]
    fn bytes_may_be_padded_but_not_empty_or_beyond_38_digits() {
        let read = Decimal::from_avro_bytes;
        assert_eq!(read(&[0x18, 0x70, 0x1A, 0x80]), Some(dec("0.41")));
        assert_eq!(read(&[&[0; 20][..], &[0x18, 0x70, 0x1A, 0x80]].concat()), Some(dec("0.41")));
        assert_eq!(read(&[0xFF; 40]), Some(dec("-0.000000001")));
        assert_eq!(read(&[0x00]), Some(Decimal::ZERO));
        assert_eq!(read(&[]), None);
        assert_eq!(read(&[0x7F; 16]), None);
        assert_eq!(read(&[&[0x00][..], &[0xFF; 16]].concat()), None, "2^128 - 1, not -1");
        assert_eq!(read(&[&[0xFF][..], &[0x00; 16]].concat()), None, "-2^128, not 0");
        assert_eq!(read(&[&[0x01][..], &[0x00; 16]].concat()), None);
    }

    proptest! {
        #[test]
        fn agrees_with_a_well_known_decimal(unscaled in -1_000_000_000_000_000_000_000_000_i128..1_000_000_000_000_000_000_000_000) {
            let ours = Decimal::from_unscaled(unscaled).unwrap();
            let theirs = rust_decimal::Decimal::from_i128_with_scale(unscaled, SCALE);
            prop_assert_eq!(ours.to_string(), theirs.normalize().to_string());
            prop_assert_eq!(theirs.to_string().parse::<Decimal>().unwrap(), ours);
            for digits in 0..9 {
                prop_assert_eq!(ours.round_to(digits).to_string(), theirs.round_dp(digits).normalize().to_string());
            }
        }

        #[test]
        fn text_round_trips(unscaled in -MAX_UNSCALED..=MAX_UNSCALED) {
            let value = Decimal::from_unscaled(unscaled).unwrap();
            prop_assert_eq!(value.to_string().parse::<Decimal>().unwrap(), value);
        }

        #[test]
        fn bytes_round_trip_and_are_as_short_as_possible(unscaled in -MAX_UNSCALED..=MAX_UNSCALED, shift in 0..126_u32) {
            let value = Decimal::from_unscaled(unscaled >> shift).unwrap();
            let bytes = value.to_avro_bytes();
            let bytes = bytes.as_ref();
            prop_assert_eq!(Decimal::from_avro_bytes(bytes), Some(value));
            if bytes.len() > 1 {
                prop_assert_ne!(Decimal::from_avro_bytes(&bytes[1..]), Some(value));
            }
        }

        #[test]
        fn products_agree_with_whole_numbers(a in -1_000_000_000_000_i64..1_000_000_000_000, b in -1_000_000_000_000_i64..1_000_000_000_000) {
            let (whole, fine) = (Decimal::from_int(a), Decimal::from_unscaled(b.into()).unwrap());
            prop_assert_eq!(whole.checked_mul_exact(fine), Decimal::from_unscaled(i128::from(a) * i128::from(b)));
        }

        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = Decimal::from_avro_bytes(&bytes);
        }

        #[test]
        fn no_text_panics(text in "\\PC*") {
            let _ = text.parse::<Decimal>();
        }
    }
}
