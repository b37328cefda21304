//! Which partition a key goes to, as Java's default partitioner and librdkafka's `murmur2_random` have it.

const SEED: u32 = 0x9747_b28c;
const MULTIPLIER: u32 = 0x5bd1_e995;
const SHIFT: u32 = 24;

/// `MurmurHash2`, 32 bits, with Kafka's seed (`org.apache.kafka.common.utils.Utils.murmur2`).
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "the hash takes the length modulo 2^32")]
pub fn murmur2(data: &[u8]) -> u32 {
    let mut hash = SEED ^ data.len() as u32;
    let mut chunks = data.chunks_exact(4);
    for chunk in &mut chunks {
        let mut word = u32::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3]]).wrapping_mul(MULTIPLIER);
        word ^= word >> SHIFT;
        hash = hash.wrapping_mul(MULTIPLIER) ^ word.wrapping_mul(MULTIPLIER);
    }
    let rest = chunks.remainder();
    for (index, byte) in rest.iter().enumerate() {
        hash ^= u32::from(*byte) << (8 * index);
    }
    if !rest.is_empty() {
        hash = hash.wrapping_mul(MULTIPLIER);
    }
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(MULTIPLIER);
    hash ^ (hash >> 15)
}

/// Partition of a key among `partitions` (at least one): the hash without its sign bit, modulo.
#[must_use]
#[expect(clippy::cast_possible_wrap, reason = "the sign bit is masked out")]
pub fn partition_of(key: &[u8], partitions: i32) -> i32 {
    (murmur2(key) & 0x7fff_ffff) as i32 % partitions.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From Kafka's own `UtilsTest.testMurmur2`.
    #[test]
    fn agrees_with_kafkas_test_vectors() {
        for (text, hash) in [
            ("21", -973_932_308_i32),
            ("foobar", -790_332_482),
            ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
            ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
            ("abc", 479_470_107),
        ] {
            assert_eq!(murmur2(text.as_bytes()).cast_signed(), hash, "{text}");
        }
    }

    #[test]
    fn partitions_are_in_range_for_negative_hashes_too() {
        // 0xc5f2_f8ec without its sign bit.
        assert_eq!(murmur2(b"21"), 0xc5f2_f8ec);
        assert_eq!(partition_of(b"21", 4), 0x45f2_f8ec % 4);
        assert!((0..1000_u32).all(|key| (0..7).contains(&partition_of(&key.to_be_bytes(), 7))));
        assert_eq!(partition_of(b"x", 1), 0);
    }
}
