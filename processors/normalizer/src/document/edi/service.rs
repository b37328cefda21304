//! The head of an EDIFACT interchange (ISO 9735): UNA says what separates, UNB the character set and the version of the syntax.

use encoding_rs::{ISO_8859_2, ISO_8859_3, ISO_8859_4, ISO_8859_5, ISO_8859_6, ISO_8859_7, ISO_8859_8, ISO_8859_15, UTF_8, WINDOWS_1252, WINDOWS_1254};

use super::segments::Separators;
use crate::document::charset::Charset;
use crate::refusals::{Checked, Code, Fault, shown};

/// What `UNA` stands before: the six characters.
const UNA_CHARACTERS: usize = 6;

/// White space between segments, as bytes.
const LAYOUT: &[u8] = b" \t\r\n";

/// What stands before the first UNB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head<'a> {
    pub(super) separators: Separators,
    /// The characters behind `UNA`, where it is sent.
    pub(super) una: Option<&'a str>,
    /// Position of UNB.
    pub(super) length: usize,
}

/// Reads the head of the interchange that a text starts with.
pub(super) fn read(text: &str) -> Checked<Head<'_>> {
    let una = text.strip_prefix("UNA").map(|rest| rest.char_indices().nth(UNA_CHARACTERS).map_or(rest, |(end, _)| &rest[..end]));
    let length = una.map_or(0, |una| {
        let behind = &text["UNA".len() + una.len()..];
        text.len() - behind.trim_start_matches([' ', '\t', '\r', '\n']).len()
    });
    let rest = text[length..]
        .strip_prefix("UNB")
        .ok_or_else(|| invalid(format!("{} where an interchange should start with UNB", shown(text[length..].lines().next().unwrap_or_default()))))?;
    let mut characters = una.unwrap_or(default_of(rest)).chars();
    let mut next = || characters.next().ok_or_else(|| invalid("the record ends in UNA"));
    let (component, element, _, release, reserved, terminator) = (next()?, next()?, next()?, next()?, next()?, next()?);
    let release = Some(release).filter(|release| *release != ' ');
    let mut separators = Separators { element, component, repetition: None, release, terminator };
    check_una(separators)?;
    if version(rest, separators)? >= 4 {
        separators.repetition = Some(reserved).filter(|reserved| *reserved != ' ').or((una.is_none()).then_some('*'));
        check_una(separators)?;
    }
    Ok(Head { separators, una, length })
}

fn check_una(separators: Separators) -> Checked<()> {
    let Separators { element, component, release, terminator, .. } = separators;
    if let Some(wrong) = [element, component, terminator].into_iter().chain(release).find(|character| character.is_alphanumeric()) {
        return Err(invalid(format!("`{}` cannot separate, but UNA says that it does", wrong.escape_debug())));
    }
    if let Some(twice) = separators.ambiguous() {
        return Err(invalid(format!("`{}` separates two things, by what UNA says", twice.escape_debug())));
    }
    Ok(())
}

/// What separates where there is no UNA: level B of the older versions has characters of its own.
fn default_of(behind_unb: &str) -> &'static str {
    if behind_unb.starts_with('\u{1d}') { "\u{1f}\u{1d},  \u{1c}" } else { ":+.? '" }
}

/// Version of the syntax, from UNB01.
fn version(behind_unb: &str, separators: Separators) -> Checked<u32> {
    let unb01 = behind_unb.strip_prefix(separators.element).ok_or_else(|| invalid("there is no element in UNB"))?;
    let end = unb01.find([separators.element, separators.terminator]).unwrap_or(unb01.len());
    let unb01 = &unb01[..end];
    let version = unb01.split(separators.component).nth(1).unwrap_or_default();
    match version {
        "1" | "2" | "3" | "4" => Ok(version.parse().unwrap_or_default()),
        _ => Err(invalid(format!("UNB01 is {}, which names no version of the syntax from 1 to 4", shown(unb01)))),
    }
}

/// The character set of a record, which its first UNB names. Whatever is named, ASCII is ASCII.
pub(super) fn charset(bytes: &[u8]) -> Checked<Charset> {
    named(bytes).or_else(|identifier| {
        if bytes.is_ascii() {
            return Ok(Charset::Standard(UTF_8));
        }
        let wrong = format!("the character set {} is not read; let the mapping name the `encoding` that it really is", shown(&String::from_utf8_lossy(identifier)));
        Err(Fault::new(Code::InvalidEncoding, wrong).at("UNB/01/01"))
    })
}

/// The character set that the UNB at the start names, or the name of one that is not read.
///
/// UNOA, UNOB and the sets of other agencies are ASCII. Many say so and send UTF-8, which no other text is by accident.
pub(super) fn named(bytes: &[u8]) -> Result<Charset, &[u8]> {
    let encoding = match identifier(bytes).unwrap_or_default() {
        b"UNOC" => WINDOWS_1252,
        b"UNOD" => ISO_8859_2,
        b"UNOE" => ISO_8859_5,
        b"UNOF" => ISO_8859_7,
        b"UNOG" => ISO_8859_3,
        b"UNOH" => ISO_8859_4,
        b"UNOI" => ISO_8859_6,
        b"UNOJ" => ISO_8859_8,
        b"UNOK" => WINDOWS_1254,
        b"UNOL" => ISO_8859_15,
        identifier @ (b"UNOX" | b"UNOY") => return Err(identifier),
        _ => UTF_8,
    };
    Ok(Charset::Standard(encoding))
}

/// The four bytes of UNB01's first part.
fn identifier(bytes: &[u8]) -> Option<&[u8]> {
    let layout = |bytes: &[u8]| bytes.iter().take_while(|byte| LAYOUT.contains(byte)).count();
    let bytes = &bytes[layout(bytes)..];
    let behind_una = if bytes.starts_with(b"UNA") { bytes.get("UNA".len() + UNA_CHARACTERS..)? } else { bytes };
    let unb = &behind_una[layout(behind_una)..];
    unb.strip_prefix(b"UNB")?.get(1..5)
}

fn invalid(wrong: impl Into<String>) -> Fault {
    Fault::new(Code::InvalidEdifact, wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        read(text).unwrap_err().message.clone()
    }

    #[test]
    fn separators_are_those_of_una_or_of_the_standard() {
        let head = read("UNA=*,! ~\r\nUNB*UNOA=3*").unwrap();
        assert_eq!(head.separators, Separators { element: '*', component: '=', repetition: None, release: Some('!'), terminator: '~' });
        assert_eq!((head.una, head.length), (Some("=*,! ~"), 11));
        let head = read("UNB+UNOA:1+").unwrap();
        assert_eq!(head.separators, Separators { element: '+', component: ':', repetition: None, release: Some('?'), terminator: '\'' });
        assert_eq!((head.una, head.length), (None, 0));
        assert_eq!(read("UNA:+.  'UNB+UNOA:2").unwrap().separators.release, None);
        let head = read("UNB\u{1d}UNOB\u{1f}2\u{1d}").unwrap();
        assert_eq!(head.separators, Separators { element: '\u{1d}', component: '\u{1f}', repetition: None, release: None, terminator: '\u{1c}' });
    }

    #[test]
    fn repeats_are_separated_from_version_4_on() {
        for (text, repetition) in [("UNB+UNOC:4+", Some('*')), ("UNA:+.?|'UNB+UNOC:4+", Some('|')), ("UNA:+.? 'UNB+UNOC:4+", None), ("UNA:+.?*'UNB+UNOC:3+", None)] {
            assert_eq!(read(text).unwrap().separators.repetition, repetition, "{text}");
        }
    }

    #[test]
    fn a_head_that_is_none_is_refused() {
        assert_eq!(wrong("UIB+UNOA:4'"), "`UIB+UNOA:4'` where an interchange should start with UNB");
        assert_eq!(wrong("UNA:+.'"), "`` where an interchange should start with UNB");
        assert_eq!(wrong("UNB+UNOA+x"), "UNB01 is `UNOA`, which names no version of the syntax from 1 to 4");
        assert_eq!(wrong("UNB+UNOA:5'"), "UNB01 is `UNOA:5`, which names no version of the syntax from 1 to 4");
        assert_eq!(wrong("UNB'"), "there is no element in UNB");
        assert_eq!(wrong("UNA++.? 'UNB+UNOA+3+"), "`+` separates two things, by what UNA says");
        assert_eq!(wrong("UNAA+.? 'UNB+UNOAA3+"), "`A` cannot separate, but UNA says that it does");
    }

    #[test]
    fn the_syntax_identifier_names_the_character_set() {
        for (identifier, name) in [("UNOA", "utf-8"), ("UNOC", "iso-8859-1"), ("UNOD", "iso-8859-2"), ("UNOK", "iso-8859-9"), ("UNOW", "utf-8"), ("IATB", "utf-8")] {
            let text = format!("UNA:+.? '\nUNB+{identifier}:3+\u{fc}'");
            assert_eq!(Some(charset(text.as_bytes()).unwrap()), Charset::named(name), "{identifier}");
        }
        assert_eq!(charset("UNB+UNOY:4+\u{fc}'".as_bytes()).unwrap_err().code, Code::InvalidEncoding);
        assert_eq!(charset(b"UNB+UNOY:4+u'").ok(), Charset::named("utf-8"));
    }
}
