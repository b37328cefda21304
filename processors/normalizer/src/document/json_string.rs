//! Strings of JSON: borrowed where nothing is escaped, else unescaped into the arena.

use bumpalo::Bump;
use bumpalo::collections::String as BumpString;

/// Reads the string whose opening quote is at `start`. Gives it and the position behind its closing quote,
/// or what is wrong and where.
pub(super) fn read<'a>(text: &'a str, start: usize, arena: &'a Bump) -> Result<(&'a str, usize), (&'static str, usize)> {
    let content = start + 1;
    let end = plain_end(text, content);
    if text.as_bytes().get(end) == Some(&b'"') {
        return Ok((&text[content..end], end + 1));
    }
    let mut unescaped = BumpString::with_capacity_in(end - content + 16, arena);
    let mut position = content;
    loop {
        let end = plain_end(text, position);
        unescaped.push_str(&text[position..end]);
        match text.as_bytes().get(end) {
            Some(b'"') => return Ok((unescaped.into_bump_str(), end + 1)),
            Some(b'\\') => {
                let (character, next) = escape(text, end).map_err(|wrong| (wrong, end))?;
                unescaped.push(character);
                position = next;
            }
            Some(_) => return Err(("a control character in a string", end)),
            None => return Err(("the document ends in a string", end)),
        }
    }
}

/// Position of the next quote, backslash or control character, or the end of the text.
fn plain_end(text: &str, from: usize) -> usize {
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    from + rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)).unwrap_or(rest.len())
}

/// The character of the escape whose backslash is at `at`, and the position behind it.
fn escape(text: &str, at: usize) -> Result<(char, usize), &'static str> {
    let character = match text.as_bytes().get(at + 1) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode(text, at + 2),
        _ => return Err("an unknown escape in a string"),
    };
    Ok((character, at + 2))
}

/// The character of `\uXXXX` whose digits start at `at`, joined with its other half where it is one of a surrogate pair.
fn unicode(text: &str, at: usize) -> Result<(char, usize), &'static str> {
    const HALF: &str = "half of a surrogate pair in a string";
    let first = hex4(text, at)?;
    if !(0xd800..0xe000).contains(&first) {
        return char::from_u32(first).map(|character| (character, at + 4)).ok_or(HALF);
    }
    if text.as_bytes().get(at + 4..at + 6) != Some(b"\\u") {
        return Err(HALF);
    }
    let second = hex4(text, at + 6)?;
    if first >= 0xdc00 || !(0xdc00..0xe000).contains(&second) {
        return Err(HALF);
    }
    let joined = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
    char::from_u32(joined).map(|character| (character, at + 10)).ok_or(HALF)
}

fn hex4(text: &str, at: usize) -> Result<u32, &'static str> {
    let digits = text.as_bytes().get(at..at + 4).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit)).ok_or("not four hexadecimal digits behind \\u")?;
    Ok(digits.iter().fold(0, |value, digit| value * 16 + char::from(*digit).to_digit(16).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unescapes_everything_json_can_escape() {
        let arena = Bump::new();
        let text = r#""a\"\\\/\b\f\n\r\tA\u00fc\u20AC\ud83d\ude00z" "#;
        assert_eq!(read(text, 0, &arena), Ok(("a\"\\/\u{8}\u{c}\n\r\tAü€😀z", text.len() - 1)));
    }

    #[test]
    fn borrows_what_is_not_escaped() {
        let arena = Bump::new();
        let text = "\"plain\"";
        let (read, end) = read(text, 0, &arena).unwrap();
        assert_eq!((read, end), ("plain", 7));
        assert!(std::ptr::eq(read, &raw const text[1..6]));
    }
}
