//! The story printed.

use std::fmt::Write as _;

use lineside_schemas::{Contract as _, Timestamp, contract};

use super::gather::Gathered;
use super::story::Entry;
use crate::books::find::decode;
use crate::dead_letters::content::printable;

/// An object a line.
#[must_use]
pub fn json_lines(story: &[Entry]) -> String {
    let mut before: Option<Timestamp> = None;
    story
        .iter()
        .map(|entry| {
            let after = before.map_or(0, |before| entry.time.micros().saturating_sub(before.micros()));
            before = Some(entry.time);
            entry.json(after).to_string() + "\n"
        })
        .collect()
}

/// Text for people.
#[must_use]
pub fn text(gathered: &Gathered, story: &[Entry]) -> String {
    let mut text = format!("Order {} of plant {}: {} steps\n", printable(&gathered.order), printable(&gathered.plant), story.len());
    let mut before: Option<Timestamp> = None;
    for entry in story {
        let after = before.map_or_else(String::new, |before| after(before, entry.time));
        before = Some(entry.time);
        let _ = writeln!(text, "{:<28} {after:>10}  {:<18} {}", entry.time.to_string(), entry.step.words(), printable(&entry.text));
        let _ = writeln!(text, "{:<59}at {}", "", entry.place);
        for detail in &entry.details {
            let _ = writeln!(text, "{:<61}{}", "", printable(detail));
        }
    }
    if let Some(Ok(books)) = gathered.books.as_deref().map(decode::<contract::Books>) {
        let name = contract::Books::NAME.to_lowercase();
        let _ = writeln!(
            text,
            "The {name} say {}; `lineside books --order {} --plant {}` has the lines.",
            books.status.symbol(),
            printable(&gathered.order),
            printable(&gathered.plant)
        );
    }
    text
}

fn after(before: Timestamp, now: Timestamp) -> String {
    let millis = now.micros().saturating_sub(before.micros()) / 1000;
    match millis {
        0..10_000 => format!("+{}.{:03} s", millis / 1000, millis % 1000),
        10_000..120_000 => format!("+{} s", millis / 1000),
        120_000..7_200_000 => format!("+{} min", millis / 60_000),
        7_200_000..172_800_000 => format!("+{} h", millis / 3_600_000),
        _ => format!("+{} d", millis / 86_400_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_between_are_told_as_finely_as_they_matter() {
        for (millis, told) in [(0, "+0.000 s"), (1_234, "+1.234 s"), (60_000, "+60 s"), (600_000, "+10 min"), (10_800_000, "+3 h"), (259_200_000, "+3 d")] {
            assert_eq!(after(Timestamp::EPOCH, Timestamp::from_millis(millis)), told);
        }
    }
}
