//! Bytes to text. What is ASCII or UTF-8 already is borrowed from the record.

use bumpalo::Bump;
use encoding_rs::{DecoderResult, Encoding, UTF_8};
use oem_cp::code_table::DECODING_TABLE_CP_MAP;

use crate::refusals::{Checked, Code, Fault};

/// A character set that a mapping or an interchange names.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Charset {
    /// One of the Encoding Standard; `iso-8859-1` is read as `windows-1252`, as everyone does.
    Standard(&'static Encoding),
    /// A code page of DOS, by its number.
    Dos(u16),
}

impl PartialEq for Charset {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Standard(one), Self::Standard(other)) => std::ptr::eq(*one, *other),
            (Self::Dos(one), Self::Dos(other)) => one == other,
            _ => false,
        }
    }
}

impl Eq for Charset {}

/// Names to suggest where a mapping names none that there is.
pub(crate) const WELL_KNOWN: &[&str] = &[
    "utf-8",
    "utf-16le",
    "utf-16be",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1257",
    "iso-8859-1",
    "iso-8859-2",
    "iso-8859-5",
    "iso-8859-7",
    "iso-8859-9",
    "iso-8859-15",
    "cp437",
    "cp850",
    "cp852",
    "shift_jis",
    "gb18030",
    "big5",
    "euc-kr",
];

impl Charset {
    /// By its name, e.g. `windows-1252`, `iso-8859-15`, `cp850`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let number = ["cp", "ibm", "ibm-"].iter().find_map(|prefix| lower.strip_prefix(prefix)?.parse().ok());
        match number {
            Some(page) if DECODING_TABLE_CP_MAP.contains_key(&page) => Some(Self::Dos(page)),
            _ => Encoding::for_label(lower.as_bytes()).map(Self::Standard),
        }
    }
}

/// UTF-8, without its byte order mark.
pub(super) fn utf8(bytes: &[u8]) -> Checked<&str> {
    let text = valid(bytes)?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

fn valid(bytes: &[u8]) -> Checked<&str> {
    std::str::from_utf8(bytes).map_err(|_| undecodable(bytes, UTF_8))
}

/// A record's text. A byte order mark says what it is; else it is in the character set given, or UTF-8.
pub(super) fn decode<'a>(bytes: &'a [u8], charset: Option<Charset>, arena: &'a Bump) -> Checked<&'a str> {
    let (charset, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => (Charset::Standard(encoding), &bytes[mark..]),
        None => (charset.unwrap_or(Charset::Standard(UTF_8)), bytes),
    };
    match charset {
        Charset::Standard(encoding) if encoding == UTF_8 => valid(bytes),
        Charset::Standard(encoding) => match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
            Some(std::borrow::Cow::Borrowed(text)) => Ok(text),
            Some(std::borrow::Cow::Owned(text)) => Ok(arena.alloc_str(&text)),
            None => Err(undecodable(bytes, encoding)),
        },
        Charset::Dos(page) => dos(bytes, page, arena),
    }
}

fn dos<'a>(bytes: &'a [u8], page: u16, arena: &'a Bump) -> Checked<&'a str> {
    if bytes.is_ascii() {
        return utf8(bytes);
    }
    let Some(table) = DECODING_TABLE_CP_MAP.get(&page) else {
        return Err(Fault::new(Code::InvalidEncoding, format!("there is no code page {page}")));
    };
    match table.decode_string_checked(bytes) {
        Some(text) => Ok(arena.alloc_str(&text)),
        None => Err(fault(&bytes.iter().map_while(|byte| table.decode_char_checked(*byte)).collect::<String>(), &format!("cp{page}"))),
    }
}

fn undecodable(bytes: &[u8], encoding: &'static Encoding) -> Fault {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut good = String::with_capacity(decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(0));
    let (result, _) = decoder.decode_to_string_without_replacement(bytes, &mut good, true);
    debug_assert!(matches!(result, DecoderResult::Malformed(..)), "decoding failed before");
    fault(&good, encoding.name())
}

fn fault(good: &str, encoding: &str) -> Fault {
    let (line, column) = place(good, good.len());
    Fault::new(Code::InvalidEncoding, format!("line {line}, column {column}: a byte that is no {encoding}"))
}

/// Line and column of a position, both from 1; columns count characters.
pub(super) fn place(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..at];
    let mut lines = 1;
    let mut line_start = 0;
    for (index, byte) in before.bytes().enumerate() {
        // `\r\n` ends one line, and so does either alone.
        if byte == b'\n' || (byte == b'\r' && before.as_bytes().get(index + 1) != Some(&b'\n')) {
            lines += 1;
            line_start = index + 1;
        }
    }
    (lines, 1 + before[line_start..].chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], name: Option<&str>) -> Result<String, (Code, String)> {
        let charset = name.map(|name| Charset::named(name).expect(name));
        decode(bytes, charset, &Bump::new()).map(str::to_owned).map_err(|fault| (fault.code, fault.message.clone()))
    }

    #[test]
    fn old_character_sets_are_read() {
        for (bytes, name, text) in [
            (&b"M\xfcller \x80"[..], "windows-1252", "Müller €"),
            (b"M\xfcller", "ISO-8859-1", "Müller"),
            (b"\xa4", "iso-8859-15", "€"),
            (b"M\x81ller", "cp850", "Müller"),
            (b"M\x81ller", "IBM437", "Müller"),
            (b"\x8f\xe0\xa8\xa2\xa5\xe2", "cp866", "Привет"),
            (b"\xcf\xf0\xe8", "windows-1251", "При"),
            (b"a\0\xfc\0", "utf-16le", "aü"),
            (b"\x83e\x83X\x83g", "shift_jis", "テスト"),
            ("Müller".as_bytes(), "utf-8", "Müller"),
        ] {
            assert_eq!(read(bytes, Some(name)).as_deref(), Ok(text), "{name}");
        }
        assert_eq!(Charset::named("latin-99"), None);
        assert_eq!(Charset::named("cp12345"), None);
    }

    #[test]
    fn a_byte_order_mark_says_what_it_is() {
        let utf16 = |order: fn(u16) -> [u8; 2]| "\u{feff}a;ü".encode_utf16().flat_map(order).collect::<Vec<u8>>();
        for bytes in [utf16(u16::to_le_bytes), utf16(u16::to_be_bytes), "\u{feff}a;ü".into()] {
            assert_eq!(read(&bytes, None).as_deref(), Ok("a;ü"));
            assert_eq!(read(&bytes, Some("windows-1252")).as_deref(), Ok("a;ü"));
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_refused_with_their_place() {
        let said = |bytes: &[u8], name| read(bytes, name).unwrap_err();
        assert_eq!(said(b"a;b\r\n\xc3\xbc;\xff\n", None), (Code::InvalidEncoding, "line 2, column 3: a byte that is no UTF-8".to_owned()));
        assert_eq!(said(b"a\r\xff", Some("windows-1253")).1, "line 2, column 1: a byte that is no windows-1253");
        assert_eq!(said(b"a\n\n\xe7", Some("cp857")).1, "line 3, column 1: a byte that is no cp857");
        assert!(said(b"a\0b", Some("utf-16le")).1.starts_with("line 1, column 2: "));
    }

    #[test]
    fn text_that_needs_no_decoding_is_borrowed() {
        let arena = Bump::new();
        for name in ["utf-8", "windows-1252", "cp850"] {
            let bytes = b"plain";
            assert!(std::ptr::eq(decode(bytes, Charset::named(name), &arena).unwrap().as_bytes(), bytes), "{name}");
        }
    }
}
