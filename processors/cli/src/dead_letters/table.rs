//! A list of dead letters, for people and for programs.

use comfy_table::{Table, presets};

use super::content::printable;
use super::letter::Letter;

/// Characters of a reason in the table; `show` has all of it.
const REASON_CHARS: usize = 80;

/// A table, and how many there are.
#[must_use]
pub fn table(letters: &[Letter]) -> String {
    if letters.is_empty() {
        return "no dead letters match\n".to_owned();
    }
    let mut table = Table::new();
    table.load_preset(presets::UTF8_BORDERS_ONLY);
    table.set_header(["dead letter", "refused", "class", "code", "source", "event", "at", "reason"]);
    for letter in letters {
        let or_dash = |text: &Option<String>| text.as_deref().map_or_else(|| "-".to_owned(), printable);
        table.add_row([
            letter.place.to_string(),
            letter.written.to_string(),
            letter.class.to_lowercase().replace('_', "-"),
            printable(&letter.code),
            or_dash(&letter.source),
            or_dash(&letter.event_id),
            or_dash(if letter.path.is_some() { &letter.path } else { &letter.field }),
            shortened(&letter.message),
        ]);
    }
    format!("{table}\n{} dead letters; `lineside dead-letters show PLACE` shows one\n", letters.len())
}

/// An object a line.
#[must_use]
pub fn json_lines(letters: &[Letter]) -> String {
    letters.iter().map(|letter| letter.json() + "\n").collect()
}

fn shortened(message: &str) -> String {
    match message.char_indices().nth(REASON_CHARS) {
        Some((end, _)) => printable(&message[..end]) + "...",
        None => printable(message),
    }
}

#[cfg(test)]
mod tests {
    use super::super::letter::tests::{WRITTEN, listed};
    use super::*;

    #[test]
    fn the_table_shows_where_when_why_and_whose() {
        let text = table(&[listed(7, WRITTEN)]);
        let row: Vec<_> = text.lines().nth(3).unwrap().split("  ").map(|cell| cell.trim_matches(['│', ' '])).filter(|cell| !cell.is_empty()).collect();
        assert_eq!(
            row,
            [
                "dead-letter.normalizer/0/7",
                "2026-11-20T08:00:01Z",
                "data-quality",
                "unknown-unit",
                "plant-a.mes",
                "CON-82",
                "/components[2]/uom",
                "the unit `LBX` is in no table"
            ]
        );
        assert!(text.ends_with("\n1 dead letters; `lineside dead-letters show PLACE` shows one\n"), "{text}");
    }

    #[test]
    fn a_source_cannot_steer_the_terminal_and_a_long_reason_is_cut() {
        let mut letter = listed(7, WRITTEN);
        letter.message = format!("\u{1b}[2J{}", "ü".repeat(200));
        let text = table(&[letter]);
        assert!(!text.contains('\u{1b}') && text.contains("\\u{1b}[2J") && text.contains("ü..."), "{text}");
    }

    #[test]
    fn no_dead_letters_are_said_to_be_none_and_are_no_lines() {
        assert_eq!((table(&[]), json_lines(&[])), ("no dead letters match\n".to_owned(), String::new()));
    }

    #[test]
    fn each_line_is_an_object_in_the_order_of_reading() {
        let text = json_lines(&[listed(7, WRITTEN), listed(8, WRITTEN)]);
        assert!(text.lines().count() == 2 && text.starts_with(r#"{"place":"dead-letter.normalizer/0/7","written":"2026-11-20T08:00:01Z","processor":"#), "{text}");
    }
}
