//! The latest of many, in the memory of a few.

use std::collections::BTreeMap;

use lineside_schemas::Timestamp;

use super::letter::Letter;
use super::place::Place;

/// Keeps the latest so many.
#[derive(Debug)]
pub struct Latest {
    limit: usize,
    matched: usize,
    kept: BTreeMap<(Timestamp, Place), Letter>,
}

impl Latest {
    /// Keeps up to `limit`.
    #[must_use]
    pub const fn new(limit: usize) -> Self {
        Self { limit, matched: 0, kept: BTreeMap::new() }
    }

    /// Takes another.
    pub fn add(&mut self, letter: Letter) {
        self.matched += 1;
        self.kept.insert((letter.written, letter.place.clone()), letter);
        if self.kept.len() > self.limit {
            self.kept.pop_first();
        }
    }

    /// How many were taken.
    #[must_use]
    pub const fn matched(&self) -> usize {
        self.matched
    }

    /// What was kept, the latest last; those of one moment by place.
    #[must_use]
    pub fn finish(self) -> Vec<Letter> {
        self.kept.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::letter::tests::listed;
    use super::*;

    #[test]
    fn the_latest_are_kept_in_the_order_of_time_whatever_order_they_come_in() {
        let mut latest = Latest::new(3);
        for (offset, second) in [(0, 50), (1, 10), (2, 30), (3, 30), (4, 20)] {
            latest.add(listed(offset, Timestamp::from_millis(second * 1000)));
        }
        assert_eq!(latest.matched(), 5);
        let kept = latest.finish();
        assert_eq!(kept.iter().map(|letter| letter.place.offset).collect::<Vec<_>>(), [2, 3, 0]);
    }
}
