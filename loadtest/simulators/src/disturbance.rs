//! What the way from the plant to the broker adds to the truth: delays, repeats and contradictions.

use jiff::Timestamp;

use crate::order::after;
use crate::random::Random;
use crate::report::{Fact, Report};

/// Of 100 documents, so many arrive out of order.
const DELAYED_PERCENT: u64 = 6;
/// Of 100 documents, so many are sent twice.
const REPEATED_PERCENT: u64 = 5;

/// Sets when each report arrives: most after seconds, some after up to an hour and a half.
pub(crate) fn delay(story: &mut [Report], random: &mut Random) {
    for report in story {
        let seconds = if random.chance(DELAYED_PERCENT) { random.between(60, 5400) } else { random.between(0, 20) };
        report.arrives = after(report.at, seconds);
    }
}

/// A report sent again, if chance wants it so: exactly as it was, or with the time of the second sending.
pub(crate) fn repeat(report: &Report, end: Timestamp, random: &mut Random) -> Option<Report> {
    if !random.chance(REPEATED_PERCENT) {
        return None;
    }
    let arrives = after(report.arrives, random.between(1, 6 * 3600));
    let at = if random.chance(33) { arrives.min(end) } else { report.at };
    Some(Report { at, arrives, facts: report.facts.clone() })
}

/// The report with one quantity otherwise, under the same id, some time later; none where it carries no quantity.
pub(crate) fn contradict(report: &Report, random: &mut Random) -> Option<Report> {
    let mut other = report.clone();
    let quantity = other.facts.iter_mut().find_map(Fact::quantity_mut)?;
    *quantity = quantity.off_by_one();
    other.arrives = after(report.arrives, random.between(30, 7200));
    Some(other)
}
