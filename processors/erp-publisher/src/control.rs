//! Control totals: what the posting says about itself, against its lines.

use std::collections::BTreeMap;

use lineside_schemas::Decimal;
use lineside_schemas::records::OrderPosting;

use crate::error::PostingError;

/// Count and sum per movement type and unit.
type Totals<'a> = BTreeMap<(&'a str, &'a str), (i32, Decimal)>;

/// Checks that the control totals are those of the lines, no more and no less.
///
/// # Errors
/// The first movement type and unit, in the order of their codes, that disagrees.
pub fn check(posting: &OrderPosting<'_>) -> Result<(), PostingError> {
    let (mut found, stated) = (found(posting)?, stated(posting)?);
    let mismatch = |(movement_type, unit): (&str, &str), stated, found| {
        Err(PostingError::ControlTotalMismatch { movement_type: movement_type.to_owned(), unit: unit.to_owned(), stated, found })
    };
    for (key, total) in stated {
        let sum = found.remove(&key);
        if sum != Some(total) {
            return mismatch(key, Some(total), sum);
        }
    }
    found.into_iter().next().map_or(Ok(()), |(key, total)| mismatch(key, None, Some(total)))
}

fn found<'a>(posting: &OrderPosting<'a>) -> Result<Totals<'a>, PostingError> {
    let mut totals = Totals::new();
    for line in &posting.lines {
        let (movement_type, unit) = (line.movement_type, line.quantity.unit);
        let (count, sum) = totals.entry((movement_type, unit)).or_default();
        *count += 1;
        *sum =
            sum.checked_add(line.quantity.value).ok_or_else(|| PostingError::ControlTotalOverflow { movement_type: movement_type.to_owned(), unit: unit.to_owned() })?;
    }
    Ok(totals)
}

fn stated<'a>(posting: &OrderPosting<'a>) -> Result<Totals<'a>, PostingError> {
    let mut totals = Totals::new();
    for total in &posting.control_totals {
        if totals.insert((total.movement_type, total.unit), (total.lines, total.quantity)).is_some() {
            return Err(PostingError::ControlTotalRepeated { movement_type: total.movement_type.to_owned(), unit: total.unit.to_owned() });
        }
    }
    Ok(totals)
}
