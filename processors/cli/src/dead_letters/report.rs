//! Everything about one dead letter, for people.

use std::fmt::Write as _;

use lineside_schemas::Timestamp;
use lineside_schemas::records::{DeadLetter, ErrorClass};

use super::content::{as_text, hexadecimal, printable};
use super::filter::source_of;
use super::place::Place;

/// The whole of it, a line for each thing known, then the refused record's headers, key and value.
#[must_use]
pub fn report(place: &Place, written: Timestamp, letter: &DeadLetter<'_>) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "{name:15} {}", printable(value));
    };
    line("dead letter", &format!("{place}, written {written}"));
    line("refused by", &format!("{} {}", letter.processor, letter.processor_version));
    line("class", &format!("{}: {}", letter.class.symbol(), who_acts(letter.class)));
    line("code", &format!("{}, see docs/errors/{}.md", letter.code, letter.code));
    line("reason", letter.message);
    for (name, value) in [
        ("field", letter.field),
        ("path", letter.path),
        ("plant", letter.plant),
        ("partner", letter.partner),
        ("source", source_of(letter)),
        ("event id", letter.event_id),
        ("correlation id", letter.correlation_id),
    ] {
        line(name, value.unwrap_or("-"));
    }
    let index = letter.index.map(|index| format!(", number {index} in the frame")).unwrap_or_default();
    line("record", &format!("{}/{}/{}{index}, of {}", letter.topic, letter.partition, letter.offset, letter.record_time));
    line("raw record", &letter.raw.as_ref().map_or("-".to_owned(), |raw| format!("{}/{}/{}", raw.topic, raw.partition, raw.offset)));
    for header in &letter.headers {
        let _ = write!(text, "\nheader {}: {}", printable(header.key), bytes(header.value));
    }
    let _ = write!(text, "\nkey: {}\nvalue: {}", bytes(letter.key), bytes(letter.value));
    text
}

const fn who_acts(class: ErrorClass) -> &'static str {
    match class {
        ErrorClass::Recoverable => "nobody has to act, it is retried",
        ErrorClass::DataQuality => "the source has to act",
        ErrorClass::Partner => "the partner has to act",
        ErrorClass::Application => "we have to act: a mapping, a rule or the program",
        ErrorClass::Unknown => "a class that this version does not know",
    }
}

/// How many they are, and below what they are.
fn bytes(bytes: Option<&[u8]>) -> String {
    match bytes.map(|bytes| (bytes, as_text(bytes))) {
        None => "none\n".to_owned(),
        Some((b"", _)) => "0 bytes\n".to_owned(),
        Some((bytes, Some(text))) => format!("{} bytes of text\n{text}{}", bytes.len(), if text.ends_with('\n') { "" } else { "\n" }),
        Some((bytes, None)) => format!("{} bytes\n{}", bytes.len(), hexadecimal(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::letter::tests::{WRITTEN, letter};
    use super::*;

    fn shown(letter: &DeadLetter<'_>) -> String {
        report(&Place { topic: "dead-letter.normalizer".to_owned(), partition: 0, offset: 7 }, WRITTEN, letter)
    }

    #[test]
    fn everything_is_shown() {
        assert_eq!(
            shown(&letter()),
            "\
dead letter     dead-letter.normalizer/0/7, written 2026-11-20T08:00:01Z
refused by      normalizer 0.1.0
class           DATA_QUALITY: the source has to act
code            unknown-unit, see docs/errors/unknown-unit.md
reason          the unit `LBX` is in no table
field           quantity
path            /components[2]/uom
plant           plant-a
partner         ACME
source          plant-a.mes
event id        CON-82
correlation id  plant-a/4711
record          raw.plant-a.mes/2/1201, of 2026-11-20T08:00:00Z
raw record      raw.plant-a.mes/2/1201

header content-type: 16 bytes of text
application/json

header trace: none

key: 12 bytes of text
000001004711

value: 20 bytes of text
{\"eventId\":\"CON-82\"}
"
        );
    }

    #[test]
    fn bytes_that_are_no_text_are_shown_in_hexadecimal_and_absent_apart_from_empty() {
        let text = shown(&DeadLetter { value: Some(b"\xff\x00PK"), key: Some(b""), headers: Vec::new(), index: Some(3), raw: None, field: None, ..letter() });
        assert!(text.ends_with("\nkey: 0 bytes\n\nvalue: 4 bytes\n00000000  ff 00 50 4b                                      ..PK\n"), "{text}");
        assert!(text.contains("\nfield           -\n") && text.contains("1201, number 3 in the frame, of ") && text.contains("\nraw record      -\n"), "{text}");
        assert!(shown(&DeadLetter { value: None, ..letter() }).ends_with("\nvalue: none\n"));
    }

    #[test]
    fn what_a_source_sent_cannot_pretend_to_be_a_line_of_the_report() {
        let text = shown(&DeadLetter { message: "x\nclass           APPLICATION", ..letter() });
        assert!(text.contains("reason          x\\nclass "), "{text}");
    }
}
