//! Lengths of time as files have them: `4h`, `1h30m`, `90s`, `7d`.

/// Longest length that a file may give: ten years.
pub const MAX_MS: i64 = 3653 * DAY_MS;
/// Milliseconds of a day.
pub const DAY_MS: i64 = 86_400_000;

const UNITS: [(char, i64); 4] = [('d', DAY_MS), ('h', 3_600_000), ('m', 60_000), ('s', 1000)];

/// Milliseconds of a length; units from large to small, each once, at least a second.
#[must_use]
pub fn parse(text: &str) -> Option<i64> {
    let mut rest = text;
    let mut units = UNITS.as_slice();
    let mut sum: i64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !character.is_ascii_digit())?;
        let count: i64 = rest[..digits].parse().ok()?;
        let unit = rest[digits..].chars().next()?;
        let place = units.iter().position(|(letter, _)| *letter == unit)?;
        sum = sum.checked_add(count.checked_mul(units[place].1)?)?;
        units = &units[place + 1..];
        rest = &rest[digits + unit.len_utf8()..];
    }
    (1..=MAX_MS).contains(&sum).then_some(sum)
}

/// The text of whole seconds; `parse` reads it.
#[must_use]
pub fn display(ms: i64) -> String {
    let mut rest = ms;
    let mut text = String::new();
    for (letter, length) in UNITS {
        if rest >= length {
            text.push_str(&(rest / length).to_string());
            text.push(letter);
            rest %= length;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_and_written() {
        for (text, ms) in [("4h", 14_400_000), ("1h30m", 5_400_000), ("90s", 90_000), ("7d", 604_800_000), ("1d1s", 86_401_000)] {
            assert_eq!(parse(text), Some(ms), "{text}");
            assert_eq!(parse(&display(ms)), Some(ms), "{text}");
        }
        for wrong in ["", "0s", "4", "h", "-1h", "1m1h", "1h1h", "4 h", "1w", "99999999999999999999d", "4000d", "1é"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
