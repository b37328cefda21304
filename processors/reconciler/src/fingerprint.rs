//! Fingerprints of sets of events, as the contract of postings has them, with the arithmetic to tell one set from another.

use lineside_schemas::ids::SetFingerprint;

/// Sum of the events' hashes, modulo 2^128.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fingerprint(u128);

impl Fingerprint {
    /// Of one event.
    #[must_use]
    pub fn of_event(source: &str, event_id: &str) -> Self {
        let (high, low) = SetFingerprint::default().with(source, event_id).halves();
        Self::from_halves(high, low)
    }

    /// From the two halves that [`Self::halves`] gave.
    #[must_use]
    pub fn from_halves(high: i64, low: i64) -> Self {
        Self((u128::from(high.cast_unsigned()) << 64) | u128::from(low.cast_unsigned()))
    }

    /// From 32 hexadecimal digits; nothing else is one.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        (text.len() == 32).then(|| u128::from_str_radix(text, 16).ok().map(Self)).flatten()
    }

    /// Upper and lower 64 bits.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "the halves are what is wanted")]
    pub fn halves(self) -> (i64, i64) {
        (((self.0 >> 64) as u64).cast_signed(), (self.0 as u64).cast_signed())
    }

    /// The events of both sets.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0.wrapping_add(other.0))
    }

    /// The events of this set without those of the other.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0.wrapping_sub(other.0))
    }

    /// 32 hexadecimal digits.
    #[must_use]
    pub fn to_hex(self) -> String {
        format!("{:032x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_told_apart_by_the_event_that_one_lacks() {
        let [one, two] = ["1", "2"].map(|id| Fingerprint::of_event("s", id));
        assert_eq!(one.and(two).without(one), two);
        assert_eq!(one.without(one.and(two)).and(two), Fingerprint::default());
        let (high, low) = one.halves();
        assert_eq!(Fingerprint::from_halves(high, low), one);
        assert_eq!(Fingerprint::from_hex(&one.to_hex()), Some(one));
        assert_eq!(Fingerprint::from_hex("12"), None);
        assert_eq!(SetFingerprint::default().with("s", "1").to_hex(), one.to_hex());
    }
}
