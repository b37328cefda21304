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
    let set = match format.charset {
        Some(set) => set,
        None => service::charset(bytes)?,
    };
    let text = charset::decode(bytes, Some(set), arena)?.trim_start_matches([' ', '\t', '\r', '\n']);
    let head = service::read(text);
    let ends_segments = head.as_ref().is_ok_and(|head| matches!(head.separators.terminator, '\r' | '\n'));
    let text = if ends_segments { text } else { wrapped::joined(text, arena).unwrap_or(text) };
    let separators = service::read(text)?.separators;
    let segments = Segments::new(text, separators, Code::InvalidEdifact, arena);
    let mut envelopes = Envelopes::new(segments, Format::Edifact.as_str(), &format.segmentation, limits, arena)?;
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

impl<'a> Envelopes<'a> {
    fn edifact_interchange(&mut self) -> Checked<()> {
        let head = service::read(self.segments.rest())?;
        self.segments.separators = head.separators;
        self.open("Interchange")?;
        if let Some(una) = head.una {
            self.nodes.push("UNA", NO_NAMESPACE, Kind::Text, una)?;
            self.segments.take(head.length);
        }
        let header = self.inside("the interchange", "UNB", &[])?;
        self.push(&header)?;
        let number = self.segments.text_of(&header, 5);
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
