//! The text of an XML document: by its byte order mark, the mapping, or what its own declaration says.

use std::borrow::Cow;

use bumpalo::Bump;
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use quick_xml::events::attributes::Attributes;

use super::charset::{self, Charset};
use crate::refusals::{Checked, Code, Fault, shown};

/// A document's text. `given` is what the mapping says, which knows better than a declaration that nobody kept right; a byte order mark goes before both.
pub(crate) fn xml_text<'a>(bytes: &'a [u8], given: Option<Charset>, arena: &'a Bump) -> Checked<&'a str> {
    let charset = match given {
        None if Encoding::for_bom(bytes).is_none() => declared(bytes)?,
        given => given,
    };
    charset::decode(bytes, charset, arena)
}

/// What the declaration names; `None` where that is UTF-8, or nothing.
fn declared(bytes: &[u8]) -> Checked<Option<Charset>> {
    let Some(name) = declared_name(bytes) else { return Ok(None) };
    // ASCII is UTF-8; the Encoding Standard would read it as windows-1252.
    if ["utf-8", "utf8", "us-ascii", "ascii"].iter().any(|known| name.eq_ignore_ascii_case(known)) {
        return Ok(None);
    }
    let refused = |why: &str| Err(Fault::new(Code::InvalidEncoding, format!("the document says that it is {}, {why}", shown(name))));
    match Charset::named(name) {
        None => refused("which is no known encoding"),
        // The declaration could not be read as ASCII if it were. Programs that write it from memory and store UTF-8 are common, but it may be anything.
        Some(Charset::Standard(encoding)) if encoding == UTF_16LE || encoding == UTF_16BE => refused("but its declaration is not written so"),
        charset => Ok(charset),
    }
}

/// The declaration stands at the beginning, and is ASCII in whatever encoding it can be read in. What is wrong with it the parser says.
fn declared_name(bytes: &[u8]) -> Option<&str> {
    let content = bytes.trim_ascii_start().strip_prefix(b"<?")?;
    let end = content.iter().position(|byte| *byte == b'>')?;
    let content = std::str::from_utf8(content.get(..end)?.strip_suffix(b"?")?).ok()?;
    let target = content.split_ascii_whitespace().next().filter(|target| *target == "xml")?;
    let encoding = Attributes::new(content, target.len()).flatten().find(|attribute| attribute.key.0 == "encoding")?;
    match encoding.value {
        Cow::Borrowed(name) => Some(name),
        Cow::Owned(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], given: Option<&str>) -> Result<String, (Code, String)> {
        let given = given.map(|name| Charset::named(name).expect(name));
        xml_text(bytes, given, &Bump::new()).map(str::to_owned).map_err(|fault| (fault.code, fault.message.clone()))
    }

    /// What stands behind the declaration.
    fn content(bytes: &[u8], given: Option<&str>) -> String {
        let text = read(bytes, given).expect("a text");
        text.rsplit("?>").next().unwrap_or_default().to_owned()
    }

    #[test]
    fn a_document_is_read_in_the_encoding_that_it_declares() {
        for (bytes, text) in [
            (&b"<?xml version='1.0' encoding='ISO-8859-1'?><a>M\xfcller</a>"[..], "<a>Müller</a>"),
            (b"<?xml version=\"1.0\" encoding = \"iso-8859-15\" standalone='yes' ?><a>\xa4</a>", "<a>€</a>"),
            (b"<?xml version='1.0' encoding='windows-1252'?><a>\x80</a>", "<a>€</a>"),
            (b"<?xml version='1.0' encoding='Windows-1251'?><a>\xcf\xf0\xe8</a>", "<a>При</a>"),
            (b"<?xml version='1.0' encoding='IBM850'?><a>M\x81ller</a>", "<a>Müller</a>"),
            (b"<?xml version='1.0' encoding='Shift_JIS'?><a>\x83e</a>", "<a>テ</a>"),
            // What the bytes could also be does not count.
            (b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xc3\xbc</a>", "<a>Ã¼</a>"),
            (b" \n<?xml version='1.0'\tencoding='latin1'?><a>\xfc</a>", "<a>ü</a>"),
        ] {
            assert_eq!(content(bytes, None), text, "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn without_a_declared_encoding_it_is_utf_8() {
        for declaration in [
            "",
            "<?xml version='1.0'?>",
            "<?xml version='1.0' encoding='UTF-8'?>",
            "<?xml version='1.0' encoding='us-ascii'?>",
            "<?xml-stylesheet encoding='ISO-8859-1'?>",
            "<!-- --><?xml version='1.0' encoding='ISO-8859-1'?>",
            "<?xml version='1.0 encoding=\"ISO-8859-1\"'?>",
        ] {
            assert_eq!(content(format!("{declaration}<a>ü</a>").as_bytes(), None), "<a>ü</a>", "{declaration}");
        }
    }

    #[test]
    fn the_mapping_goes_before_the_declaration_and_a_byte_order_mark_before_both() {
        let wrong = b"<?xml version='1.0' encoding='UTF-8'?><a>\xfc</a>";
        assert_eq!(content(wrong, Some("iso-8859-1")), "<a>ü</a>");
        assert_eq!(content(b"<a>\xfc</a>", Some("iso-8859-1")), "<a>ü</a>");
        assert_eq!(content("<?xml version='1.0' encoding='utf-16'?><a>ü</a>".as_bytes(), Some("utf-8")), "<a>ü</a>");
        let document = "\u{feff}<?xml version='1.0' encoding='ISO-8859-1'?><a>ü</a>";
        let utf16 = |order: fn(u16) -> [u8; 2]| document.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        for bytes in [utf16(u16::to_le_bytes), utf16(u16::to_be_bytes), document.into()] {
            assert_eq!(content(&bytes, None), "<a>ü</a>");
            assert_eq!(content(&bytes, Some("windows-1252")), "<a>ü</a>");
        }
    }

    #[test]
    fn what_is_not_in_its_encoding_or_in_none_that_is_known_is_refused() {
        for (bytes, message) in [
            (&b"<a>\n\xff</a>"[..], "line 2, column 1: a byte that is no UTF-8"),
            (b"<?xml version='1.0' encoding='windows-1253'?>\n<a>\xff</a>", "line 2, column 4: a byte that is no windows-1253"),
            (b"<?xml version='1.0' encoding='latin-99'?><a/>", "the document says that it is `latin-99`, which is no known encoding"),
            (b"<?xml version='1.0' encoding='UTF-16'?><a/>", "the document says that it is `UTF-16`, but its declaration is not written so"),
            (b"<?xml version='1.0' encoding=''?><a/>", "the document says that it is ``, which is no known encoding"),
        ] {
            assert_eq!(read(bytes, None), Err((Code::InvalidEncoding, message.to_owned())), "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn utf_8_and_what_is_ascii_alone_are_borrowed() {
        let arena = Bump::new();
        for document in ["<a>ü</a>", "<?xml version='1.0' encoding='UTF-8'?><a>ü</a>", "<?xml version='1.0' encoding='ISO-8859-1'?><a>&#252;</a>"] {
            assert!(std::ptr::eq(xml_text(document.as_bytes(), None, &arena).unwrap(), document), "{document}");
        }
    }
}
