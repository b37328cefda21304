//! Choices drawn from a seed.

use std::ops::RangeInclusive;

/// `SplitMix64`: the same seed gives the same choices on every machine, for ever; no quality beyond that is needed.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Dice of this seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub const fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number below `bound`; 0 for a bound of 0.
    pub fn below(&mut self, bound: usize) -> usize {
        // The bias is bound / 2^64.
        usize::try_from(self.roll() % (bound.max(1) as u64)).unwrap_or_default()
    }

    /// A number of the range.
    pub fn within(&mut self, range: RangeInclusive<usize>) -> usize {
        range.start() + self.below(range.end().saturating_sub(*range.start()) + 1)
    }

    /// True once in `n` times; never for 0.
    pub fn one_in(&mut self, n: u32) -> bool {
        n > 0 && self.roll().is_multiple_of(u64::from(n))
    }

    /// One of the items.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        if items.is_empty() { None } else { items.get(self.below(items.len())) }
    }

    /// Brings the items into another order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_published_sequence() {
        // First outputs for the seed 1234567, as published with the reference implementation's ports.
        let mut dice = Dice::new(1_234_567);
        let rolls: Vec<u64> = (0..3).map(|_| dice.roll()).collect();
        assert_eq!(rolls, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn reaches_every_choice() {
        let mut dice = Dice::new(7);
        let mut seen = [0; 5];
        for _ in 0..500 {
            seen[dice.within(0..=4)] += 1;
        }
        assert!(seen.iter().all(|count| *count > 50), "{seen:?}");
        assert!(!dice.one_in(0) && dice.one_in(1));
        let mut items = [1, 2, 3, 4, 5, 6];
        dice.shuffle(&mut items);
        assert_ne!(items, [1, 2, 3, 4, 5, 6]);
        items.sort_unstable();
        assert_eq!(items, [1, 2, 3, 4, 5, 6]);
        assert_eq!(dice.pick::<u8>(&[]), None);
    }
}
