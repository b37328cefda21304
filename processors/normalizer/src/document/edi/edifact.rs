//! UN/EDIFACT: interchanges (UNB, UNZ) of messages (UNH, UNT), which may stand in groups (UNG, UNE).

use bumpalo::Bump;

use super::segments::{Segment, Segments};
use super::{ContentKind, Envelopes, control, service, wrapped};
use crate::document::charset;
use crate::document::format::{EdiFormat, Format};
use crate::document::names::NO_NAMESPACE;
use crate::document::nodes::{Kind, Node};
use crate::limits::Limits;
use crate::refusals::{Checked, Code, Fault, shown};

const MESSAGE: ContentKind =
    ContentKind { what: "message", trailer: "UNT", number_in_header: 1, outside: &["UNH", "UNG", "UNE", "UNZ"], interchange_headers: &["UNA", "UNB"] };

/// Parses the interchanges of a record. They have one character set, unless all of them are ASCII.
pub(crate) fn parse<'a>(bytes: &'a [u8], format: &'a EdiFormat, limits: &Limits, arena: &'a Bump) -> Checked<&'a [Node<'a>]> {
    let (text, set) = decoded(bytes, format, arena)?;
    let mut envelopes = begun(text, format, limits, arena)?;
    let one_set = format.charset.is_none() && !text.is_ascii();
    loop {
        let rest = envelopes.segments.rest();
        if rest.is_empty() {
            return Ok(envelopes.finish());
        }
        if one_set && service::named(rest.as_bytes()) != Ok(set) {
            let wrong = "the record has interchanges of several character sets; each has to be a record of its own";
            return Err(Fault::new(Code::InvalidEncoding, wrong).at("UNB/01/01"));
        }
        envelopes.edifact_interchange()?;
    }
}

/// The first interchange that cannot be read, up to its UNB.
pub(crate) fn head_of_unreadable<'a>(bytes: &'a [u8], format: &'a EdiFormat, limits: &Limits, arena: &'a Bump) -> Option<&'a [Node<'a>]> {
    let (text, _) = decoded(bytes, format, arena).ok()?;
    let mut envelopes = begun(text, format, limits, arena).ok()?;
    let mut rest = envelopes.segments.rest();
    while !rest.is_empty() {
        if envelopes.edifact_interchange().is_err() {
            let mut head = begun(rest, format, limits, arena).ok()?;
            head.unb().ok()?;
            head.nodes.close();
            return Some(head.finish());
        }
        rest = envelopes.segments.rest();
    }
    None
}

/// The record as text, and its character set.
fn decoded<'a>(bytes: &'a [u8], format: &EdiFormat, arena: &'a Bump) -> Checked<(&'a str, charset::Charset)> {
    let set = match format.charset {
        Some(set) => set,
        None => service::charset(bytes)?,
    };
    Ok((charset::decode(bytes, Some(set), arena)?.trim_start_matches([' ', '\t', '\r', '\n']), set))
}

/// Before the first interchange.
fn begun<'a>(text: &'a str, format: &'a EdiFormat, limits: &Limits, arena: &'a Bump) -> Checked<Envelopes<'a>> {
    let head = service::read(text);
    let ends_segments = head.as_ref().is_ok_and(|head| matches!(head.separators.terminator, '\r' | '\n'));
    let text = if ends_segments { text } else { wrapped::joined(text, arena).unwrap_or(text) };
    let separators = service::read(text)?.separators;
    Envelopes::new(Segments::new(text, separators, Code::InvalidEdifact, arena), Format::Edifact.as_str(), &format.segmentation, limits, arena)
}

impl<'a> Envelopes<'a> {
    /// Opens an interchange and reads its UNB. Gives its reference.
    fn unb(&mut self) -> Checked<&'a str> {
        let head = service::read(self.segments.rest())?;
        self.segments.separators = head.separators;
        self.open("Interchange")?;
        if let Some(una) = head.una {
            self.nodes.push("UNA", NO_NAMESPACE, Kind::Text, una)?;
            self.segments.take(head.length);
        }
        let header = self.inside("the interchange", "UNB", &[])?;
        self.push(&header)?;
        Ok(self.segments.text_of(&header, 5))
    }

    fn edifact_interchange(&mut self) -> Checked<()> {
        let number = self.unb()?;
        let what = format!("interchange {}", shown(number));
        let (mut groups, mut messages) = (0, 0);
        loop {
            let segment = self.inside(&what, "UNZ", MESSAGE.interchange_headers)?;
            match segment.tag {
                "UNG" if messages == 0 => {
                    groups += 1;
                    self.message_group(&segment)?;
                }
                "UNH" if groups == 0 => {
                    messages += 1;
                    self.content("Message", &segment, &MESSAGE)?;
                }
                "UNG" | "UNH" => return Err(self.segments.invalid("messages stand both in groups and in none")),
                "UNZ" => {
                    control::numbers_agree(("UNB", 5, number), ("UNZ", 2, self.segments.text_of(&segment, 2)), false)?;
                    let (found, what) = if groups > 0 { (groups, "groups in the interchange") } else { (messages, "messages in the interchange") };
                    control::count_is("UNZ", self.segments.text_of(&segment, 1), found, what)?;
                    self.push(&segment)?;
                    self.nodes.close();
                    return Ok(());
                }
                tag => return Err(self.segments.invalid(&format!("{} stands in no message", shown(tag)))),
            }
        }
    }

    fn message_group(&mut self, header: &Segment<'a>) -> Checked<()> {
        let number = self.segments.text_of(header, 5);
        let what = format!("group {}", shown(number));
        self.open("Group")?;
        self.push(header)?;
        let mut messages = 0;
        loop {
            let segment = self.inside(&what, "UNE", MESSAGE.interchange_headers)?;
            match segment.tag {
                "UNH" => {
                    messages += 1;
                    self.content("Message", &segment, &MESSAGE)?;
                }
                "UNE" => {
                    control::numbers_agree(("UNG", 5, number), ("UNE", 2, self.segments.text_of(&segment, 2)), false)?;
                    control::count_is("UNE", self.segments.text_of(&segment, 1), messages, "messages in the group")?;
                    self.push(&segment)?;
                    self.nodes.close();
                    return Ok(());
                }
                "UNG" | "UNZ" => {
                    let wrong = format!("{what} has no UNE before the {} of segment {}", segment.tag, segment.number);
                    return Err(Fault::new(Code::UnterminatedInterchange, wrong).at("UNE"));
                }
                tag => return Err(self.segments.invalid(&format!("{} stands in no message", shown(tag)))),
            }
        }
    }
}
