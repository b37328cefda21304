//! Where ids stand in the files, by fingerprint: about 18 bytes per id, one probe per look-up however many files there are.
//!
//! An entry is 10 bytes: 32 bits of the fingerprint, 14 of a slot (which file) and 34 of a place (in units of 8 bytes). The table is split into
//! shards of slowly growing size, the last twice the first. A hash table doubles when it is full; shards of one size would all double at once and
//! stand half empty after it. So some have doubled just now and others are about to: memory grows evenly and no insert waits for more than one.

use hashbrown::HashTable;

/// Slots that a location can name.
pub(crate) const SLOTS: u16 = 1 << SLOT_BITS;
/// Places start at multiples of this.
pub(crate) const UNIT: u64 = 8;
/// Longest file, bytes: 128 GiB.
pub(crate) const FILE_BYTES_MAX: u64 = UNIT << PLACE_BITS;
/// Shards.
pub(crate) const SHARDS: usize = 16;

const SLOT_BITS: u32 = 14;
const PLACE_BITS: u32 = 34;
/// First of the 256 upper bytes that belong to each shard: `256 * (2^(i/16) - 1)`, so that shard `i` is `2^(i/16)` times as large as the first.
const SHARD_STARTS: [u8; SHARDS] = [0, 11, 23, 36, 48, 62, 76, 91, 106, 122, 139, 156, 175, 194, 214, 234];

/// Where a record stands: which file, and how many bytes from its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Location {
    pub(crate) slot: u16,
    pub(crate) offset: u64,
}

/// The tag in the lower 4 bytes, then 48 bits of slot and place.
#[derive(Debug, Clone, Copy)]
struct Entry([u8; 10]);

impl Entry {
    fn new(tag: u32, location: Location) -> Self {
        debug_assert!(location.slot < SLOTS && location.offset < FILE_BYTES_MAX && location.offset.is_multiple_of(UNIT), "{location:?}");
        let packed = (u64::from(location.slot) << PLACE_BITS) | (location.offset / UNIT);
        let mut bytes = [0; 10];
        bytes[..4].copy_from_slice(&tag.to_le_bytes());
        bytes[4..].copy_from_slice(&packed.to_le_bytes()[..6]);
        Self(bytes)
    }

    fn tag(self) -> u32 {
        let [a, b, c, d, ..] = self.0;
        u32::from_le_bytes([a, b, c, d])
    }

    fn location(self) -> Location {
        let mut packed = [0; 8];
        packed[..6].copy_from_slice(&self.0[4..]);
        let packed = u64::from_le_bytes(packed);
        let slot = u16::try_from(packed >> PLACE_BITS).expect("48 bits less those of the place are 14");
        Location { slot, offset: (packed & ((1 << PLACE_BITS) - 1)) * UNIT }
    }
}

/// A multimap from fingerprints to locations. What it gives for a fingerprint are candidates, to be compared with the file.
#[derive(Debug)]
pub(crate) struct Fingerprints {
    shards: Vec<HashTable<Entry>>,
}

impl Default for Fingerprints {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| HashTable::new()).collect() }
    }
}

impl Fingerprints {
    /// Locations that may be of this fingerprint; nearly always none or the right one.
    pub(crate) fn candidates(&self, fingerprint: u64) -> impl Iterator<Item = Location> {
        let (shard, tag) = split(fingerprint);
        self.shards[shard].iter_hash(hash(tag)).filter(move |entry| entry.tag() == tag).map(|entry| entry.location())
    }

    /// Adds a location.
    pub(crate) fn insert(&mut self, fingerprint: u64, location: Location) {
        let (shard, tag) = split(fingerprint);
        self.shards[shard].insert_unique(hash(tag), Entry::new(tag, location), |entry| hash(entry.tag()));
    }

    /// Removes from one shard what stands in slots that are not `live`, and gives memory back when most of the shard went.
    pub(crate) fn sweep(&mut self, shard: usize, live: impl Fn(u16) -> bool) {
        let table = &mut self.shards[shard];
        table.retain(|entry| live(entry.location().slot));
        if table.len() < table.capacity() / 4 {
            table.shrink_to(table.len() * 2, |entry| hash(entry.tag()));
        }
    }

    /// Entries.
    pub(crate) fn len(&self) -> usize {
        self.shards.iter().map(HashTable::len).sum()
    }

    /// Memory, bytes.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.shards.iter().map(HashTable::allocation_size).sum()
    }
}

/// Shard by the upper 8 bits, tag from the lower 32.
#[expect(clippy::cast_possible_truncation, reason = "the lower bits are what is wanted")]
fn split(fingerprint: u64) -> (usize, u32) {
    let upper = (fingerprint >> 56) as u8;
    (SHARD_STARTS.partition_point(|start| *start <= upper) - 1, fingerprint as u32)
}

/// Spreads the tag over 64 bits: hashbrown picks a place by the lower bits and compares the upper seven.
fn hash(tag: u32) -> u64 {
    u64::from(tag).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fingerprint(number: u64) -> u64 {
        xxhash_rust::xxh3::xxh3_64(&number.to_le_bytes())
    }

    #[test]
    fn entries_hold_the_ends_of_their_ranges() {
        for location in [Location { slot: 0, offset: 0 }, Location { slot: SLOTS - 1, offset: FILE_BYTES_MAX - UNIT }] {
            let entry = Entry::new(u32::MAX, location);
            assert_eq!((entry.tag(), entry.location()), (u32::MAX, location));
        }
    }

    #[test]
    fn finds_every_location_and_little_else() {
        let mut table = Fingerprints::default();
        for number in 0..100_000 {
            table.insert(fingerprint(number), Location { slot: 3, offset: number * UNIT });
        }
        for number in 0..100_000 {
            assert!(table.candidates(fingerprint(number)).any(|location| location.offset == number * UNIT), "{number}");
        }
        let wrong = (100_000..200_000).flat_map(|number| table.candidates(fingerprint(number))).count();
        assert!(wrong <= 2, "{wrong} of 100,000 misses would read a file");
    }

    #[test]
    fn a_sweep_of_all_shards_leaves_live_slots_only() {
        let mut table = Fingerprints::default();
        for number in 0..10_000 {
            table.insert(fingerprint(number), Location { slot: u16::try_from(number % 10).unwrap(), offset: number * UNIT });
        }
        let before = table.memory_bytes();
        for shard in 0..SHARDS {
            table.sweep(shard, |slot| slot == 4);
        }
        assert_eq!(table.len(), 1000);
        assert!(table.memory_bytes() * 3 < before, "{} of {before} bytes are still held", table.memory_bytes());
        assert!((0..10_000).all(|number| table.candidates(fingerprint(number)).all(|location| location.slot == 4)));
    }

    #[test]
    fn memory_per_id_stays_under_twenty_bytes_at_every_size() {
        let mut table = Fingerprints::default();
        for number in 0..400_000_u64 {
            table.insert(fingerprint(number), Location { slot: 0, offset: number * UNIT });
            if number > 50_000 && number % 1000 == 0 {
                let per_id = table.memory_bytes() as u64 / number;
                assert!(per_id < 20, "{per_id} bytes per id at {number}");
            }
        }
    }
}
