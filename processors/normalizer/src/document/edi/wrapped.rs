//! Interchanges that something on the way cut into lines of one width, wherever these ended.

use bumpalo::Bump;
use bumpalo::collections::String as BumpString;

/// Narrower lines are no lines of a device or mail.
const WIDTH_MIN: usize = 20;

/// The text without its line breaks, where all lines but the last have one width, in bytes or in characters.
pub(super) fn joined<'a>(text: &'a str, arena: &'a Bump) -> Option<&'a str> {
    let in_bytes = have_one_width(text, str::len);
    if !in_bytes && !have_one_width(text, |line| line.chars().count()) {
        return None;
    }
    let mut joined = BumpString::with_capacity_in(text.len(), arena);
    text.lines().for_each(|line| joined.push_str(line));
    Some(joined.into_bump_str())
}

fn have_one_width(text: &str, width: impl Fn(&str) -> usize) -> bool {
    let mut lines = text.trim_end_matches(['\r', '\n']).lines();
    let first = lines.next().map_or(0, &width);
    let mut shorter = 0;
    let mut count = 1;
    for line in lines {
        let width = width(line);
        // Only the last may be shorter: one that follows a shorter one ends it.
        if shorter > 0 || width > first {
            return false;
        }
        shorter += usize::from(width < first);
        count += 1;
    }
    first >= WIDTH_MIN && count > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_one_width_are_joined() {
        let arena = Bump::new();
        let (long, wide) = ("x".repeat(20), "ü".repeat(20));
        assert_eq!(joined(&format!("{long}\r\n{long}\r\nxy\r\n"), &arena), Some(&*format!("{long}{long}xy")));
        assert_eq!(joined(&format!("{long}\n{wide}\nxy"), &arena), Some(&*format!("{long}{wide}xy")));
    }

    #[test]
    fn other_lines_are_not() {
        let arena = Bump::new();
        let long = "x".repeat(20);
        for text in [format!("{long}\nxy\n{long}"), format!("{long}\n{long}x"), long.clone(), format!("{long}\n"), "x\nx\nx".to_owned(), String::new()] {
            assert_eq!(joined(&text, &arena), None, "{text}");
        }
    }
}
