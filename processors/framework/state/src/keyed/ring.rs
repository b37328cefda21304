//! The ring of batch numbers: how a store notices that its engine lost a batch from the middle.
//!
//! After a crash the engine replays its journals and cuts each one where it no longer reads well. Cut at the very end, the store is simply older,
//! position and all. Cut in an earlier journal, later batches are there and some before them are not. So every batch also writes its number to
//! one of [`CELLS`] cells in turn: the cells have to hold the last numbers without a gap, or the store is damaged.

/// Cells. More than the batches that can be in journals at once: five memtables of batches of 300 bytes and more (value, position, cell, and what the engine adds to each).
pub(crate) const CELLS: u64 = 1 << 16;

/// Checks that `cells` (cell, number) are what a store holds whose last batch was `last`. Numbers start at 1.
///
/// # Errors
/// In words, what does not fit.
pub(crate) fn check(last: u64, cells: impl IntoIterator<Item = (u64, u64)>) -> Result<(), String> {
    let mut count = 0;
    for (cell, number) in cells {
        count += 1;
        if number % CELLS != cell {
            return Err(format!("cell {cell} holds batch {number}"));
        }
        if number > last {
            return Err(format!("batch {number} is newer than the last one, {last}"));
        }
        if number + CELLS <= last {
            return Err(format!("batch {} was lost", number + CELLS));
        }
    }
    // Each cell within the last round and none twice, so only their count is left to compare.
    if count == last.min(CELLS) { Ok(()) } else { Err(format!("{count} batch numbers for {last} batches")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(last: u64) -> Vec<(u64, u64)> {
        (last.saturating_sub(CELLS) + 1..=last).map(|number| (number % CELLS, number)).collect()
    }

    #[test]
    fn a_whole_ring_passes_in_its_first_and_later_rounds() {
        for last in [0, 1, 5, CELLS - 1, CELLS, CELLS + 1, 3 * CELLS + 7] {
            assert_eq!(check(last, cells(last)), Ok(()), "{last}");
        }
    }

    #[test]
    fn a_lost_batch_shows() {
        let mut first_round = cells(10);
        first_round.remove(4);
        assert!(check(10, first_round).is_err());

        let last = CELLS + 10;
        let mut later_round = cells(last);
        let third = later_round.iter().position(|(_, number)| *number == CELLS + 3).unwrap();
        later_round[third].1 -= CELLS;
        assert!(check(last, later_round).unwrap_err().contains("was lost"));
    }

    #[test]
    fn numbers_beyond_the_last_batch_show() {
        assert!(check(9, cells(10)).is_err());
        assert!(check(2, [(1, 1), (2, 1)]).is_err(), "a number in a cell that is not its own");
    }
}
