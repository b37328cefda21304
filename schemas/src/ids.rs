//! Deterministic ids and fingerprints.

use sha2::{Digest, Sha256};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// A deterministic id: the first 128 bits of SHA-256 over the length-prefixed parts, as 32 lower-case hexadecimal digits.
///
/// Lengths go in so that `["ab", "c"]` and `["a", "bc"]` differ.
#[must_use]
pub fn deterministic_id(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hex(&hasher.finalize()[..16])
}

/// Lower-case hexadecimal digits of `bytes`.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|nibble| char::from(DIGITS[usize::from(nibble)])).collect()
}

/// Fingerprint of an event's business content and of the aggregate that it belongs to: XXH3, 64 bits, as the contract's signed long.
#[must_use]
pub fn content_fingerprint(key: &[u8], encoded: &[u8]) -> i64 {
    xxhash_rust::xxh3::xxh3_64_with_seed(encoded, xxh3_64(key)).cast_signed()
}

/// Fingerprint of an event id within its source: XXH3, 64 bits.
#[must_use]
pub fn id_fingerprint(source: &str, event_id: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64_with_seed(event_id.as_bytes(), xxh3_64(source.as_bytes()))
}

/// Order-independent fingerprint of a set of event ids: the wrapping sum of their 128-bit hashes.
///
/// A sum, so that events can be added one by one in any order; XOR would lose a pair that stands twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SetFingerprint(u128);

impl SetFingerprint {
    /// From the two halves that [`Self::halves`] gave.
    #[must_use]
    pub fn from_halves(high: i64, low: i64) -> Self {
        Self((u128::from(high.cast_unsigned()) << 64) | u128::from(low.cast_unsigned()))
    }

    /// Upper and lower 64 bits, as Avro longs.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "the halves are what is wanted")]
    pub fn halves(self) -> (i64, i64) {
        (((self.0 >> 64) as u64).cast_signed(), (self.0 as u64).cast_signed())
    }

    /// With one more event.
    #[must_use]
    pub fn with(self, source: &str, event_id: &str) -> Self {
        let mut bytes = Vec::with_capacity(source.len() + event_id.len() + 8);
        // The length says where the source ends, whatever the two contain.
        bytes.extend_from_slice(&(source.len() as u64).to_be_bytes());
        bytes.extend_from_slice(source.as_bytes());
        bytes.extend_from_slice(event_id.as_bytes());
        Self(self.0.wrapping_add(xxh3_128(&bytes)))
    }

    /// 32 lower-case hexadecimal digits.
    #[must_use]
    pub fn to_hex(self) -> String {
        hex(&self.0.to_be_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_depend_on_where_parts_end() {
        assert_ne!(deterministic_id(&[b"ab", b"c"]), deterministic_id(&[b"a", b"bc"]));
        assert_eq!(deterministic_id(&[b"a"]).len(), 32);
    }

    #[test]
    fn content_fingerprints_depend_on_key_and_content() {
        let all = [content_fingerprint(b"a", b"x"), content_fingerprint(b"b", b"x"), content_fingerprint(b"a", b"y"), content_fingerprint(b"ax", b"")];
        assert!(all.iter().enumerate().all(|(at, one)| !all[at + 1..].contains(one)), "{all:?}");
    }

    #[test]
    fn set_fingerprint_ignores_order_but_not_repeats() {
        let one_two = SetFingerprint::default().with("s", "1").with("s", "2");
        let two_one = SetFingerprint::default().with("s", "2").with("s", "1");
        assert_eq!(one_two, two_one);
        assert_ne!(one_two, one_two.with("s", "1").with("s", "1"));
        assert_ne!(SetFingerprint::default().with("a\0b", "c"), SetFingerprint::default().with("a", "b\0c"));
        let (high, low) = one_two.halves();
        assert_eq!(SetFingerprint::from_halves(high, low), one_two);
    }
}
