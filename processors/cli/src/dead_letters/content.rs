//! Bytes for people: as text where they can be printed, else in hexadecimal. Nothing that a source sends reaches the terminal as a command.

use std::fmt::Write as _;

const ROW_BYTES: usize = 16;

/// One line of text, with what cannot be printed written as an escape.
#[must_use]
pub fn printable(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut line, character| {
        if is_printable(character) {
            line.push(character);
        } else {
            line.extend(character.escape_default());
        }
        line
    })
}

/// The bytes as text, if that is what they are: UTF-8 without control characters but for tabs and line breaks.
#[must_use]
pub fn as_text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|text| text.chars().all(|character| is_printable(character) || "\t\r\n".contains(character)))
}

/// Sixteen bytes a line, with their offset and their ASCII.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::new();
    for (row, chunk) in bytes.chunks(ROW_BYTES).enumerate() {
        let digits = chunk.iter().fold(String::new(), |mut digits, byte| {
            let _ = write!(digits, " {byte:02x}");
            digits
        });
        let ascii: String = chunk.iter().map(|byte| if byte.is_ascii_graphic() || *byte == b' ' { char::from(*byte) } else { '.' }).collect();
        let _ = writeln!(text, "{:08x} {digits:48}  {ascii}", row * ROW_BYTES);
    }
    text
}

/// Neither a control character nor one that changes the direction in which others are shown.
fn is_printable(character: char) -> bool {
    !character.is_control() && !matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text_and_all_else_is_not_taken_for_it() {
        for text in ["", "{\"a\": 1}\r\n\t<ü/>", "数"] {
            assert_eq!(as_text(text.as_bytes()), Some(text));
        }
        for bytes in [&b"\xff"[..], b"\x00", b"\x1b[2J", b"\x7f", "\u{202e}".as_bytes(), "\u{9b}".as_bytes()] {
            assert_eq!(as_text(bytes), None, "{bytes:x?}");
        }
    }

    #[test]
    fn hexadecimal_shows_every_byte_with_its_offset() {
        let bytes: Vec<u8> = (0x38..0x4a).chain([0]).collect();
        assert_eq!(
            hexadecimal(&bytes),
            "00000000  38 39 3a 3b 3c 3d 3e 3f 40 41 42 43 44 45 46 47  89:;<=>?@ABCDEFG\n\
             00000010  48 49 00                                         HI.\n"
        );
        assert_eq!(hexadecimal(b""), "");
    }

    #[test]
    fn a_line_has_no_break_and_no_command_in_it() {
        assert_eq!(printable("a\nb\u{1b}[0m\u{202e}ü"), "a\\nb\\u{1b}[0m\\u{202e}ü");
    }
}
