//! ANSI X12: interchanges (ISA, IEA) of functional groups (GS, GE) of transaction sets (ST, SE).

use bumpalo::Bump;

use super::segments::{Segment, Segments, number_name};
use super::{ContentKind, Envelopes, control, isa, wrapped};
use crate::document::format::{EdiFormat, Format};
use crate::document::names::NO_NAMESPACE;
use crate::document::nodes::{Kind, Node};
use crate::limits::Limits;
use crate::refusals::{Checked, Code, Fault, shown};

const TRANSACTION: ContentKind =
    ContentKind { what: "transaction set", trailer: "SE", number_in_header: 2, outside: &["ST", "GS", "GE", "IEA"], interchange_headers: &["ISA"] };

/// Characters of ISA without its terminator.
const ISA_CHARACTERS: usize = 105;

/// Parses the interchanges of a record.
pub(crate) fn parse<'a>(text: &'a str, format: &'a EdiFormat, limits: &Limits, arena: &'a Bump) -> Checked<&'a [Node<'a>]> {
    let mut envelopes = begun(text, format, limits, arena)?;
    while !envelopes.segments.rest().is_empty() {
        envelopes.interchange(arena)?;
    }
    Ok(envelopes.finish())
}

/// The first interchange that cannot be read, up to its ISA.
pub(crate) fn head_of_unreadable<'a>(text: &'a str, format: &'a EdiFormat, limits: &Limits, arena: &'a Bump) -> Option<&'a [Node<'a>]> {
    let mut envelopes = begun(text, format, limits, arena).ok()?;
    let mut rest = envelopes.segments.rest();
    while !rest.is_empty() {
        if envelopes.interchange(arena).is_err() {
            let mut head = begun(rest, format, limits, arena).ok()?;
            head.isa(arena).ok()?;
            head.nodes.close();
            return Some(head.finish());
        }
        rest = envelopes.segments.rest();
    }
    None
}

/// Before the first interchange.
fn begun<'a>(text: &'a str, format: &'a EdiFormat, limits: &Limits, arena: &'a Bump) -> Checked<Envelopes<'a>> {
    let text = text.trim_start_matches([' ', '\t', '\r', '\n']);
    // A line break that the head says to end segments is none of a line.
    let ends_segments = text.chars().nth(ISA_CHARACTERS).is_some_and(|terminator| matches!(terminator, '\r' | '\n')) && isa::read(text).is_ok();
    let text = if ends_segments { text } else { wrapped::joined(text, arena).unwrap_or(text) };
    let separators = isa::read(text)?.separators;
    Envelopes::new(Segments::new(text, separators, Code::InvalidX12, arena), Format::X12.as_str(), &format.segmentation, limits, arena)
}

impl<'a> Envelopes<'a> {
    /// Opens an interchange and reads its ISA. Gives its control number.
    fn isa(&mut self, arena: &'a Bump) -> Checked<&'a str> {
        let isa = isa::read(self.segments.rest())?;
        self.segments.separators = isa.separators;
        self.segments.take(isa.length);
        self.open("Interchange")?;
        self.open("ISA")?;
        for (index, element) in isa.elements.iter().enumerate().filter(|(_, element)| !element.is_empty()) {
            self.nodes.push(number_name(index + 1, arena), NO_NAMESPACE, Kind::Text, element)?;
        }
        self.nodes.close();
        Ok(isa.elements[12])
    }

    fn interchange(&mut self, arena: &'a Bump) -> Checked<()> {
        let number = self.isa(arena)?;
        let what = format!("interchange {}", shown(number));
        let mut groups = 0;
        loop {
            let segment = self.inside(&what, "IEA", TRANSACTION.interchange_headers)?;
            match segment.tag {
                "GS" => {
                    groups += 1;
                    self.group(&segment)?;
                }
                // Acknowledges another interchange.
                "TA1" => self.push(&segment)?,
                "IEA" => {
                    control::numbers_agree(("ISA", 13, number), ("IEA", 2, self.segments.text_of(&segment, 2)), true)?;
                    control::count_is("IEA", self.segments.text_of(&segment, 1), groups, "functional groups in the interchange")?;
                    self.push(&segment)?;
                    self.nodes.close();
                    return Ok(());
                }
                tag => return Err(self.segments.invalid(&format!("{} stands in no functional group", shown(tag)))),
            }
        }
    }

    fn group(&mut self, header: &Segment<'a>) -> Checked<()> {
        let number = self.segments.text_of(header, 6);
        let what = format!("functional group {}", shown(number));
        self.open("Group")?;
        self.push(header)?;
        let mut transactions = 0;
        loop {
            let segment = self.inside(&what, "GE", TRANSACTION.interchange_headers)?;
            match segment.tag {
                "ST" => {
                    transactions += 1;
                    self.content("Transaction", &segment, &TRANSACTION)?;
                }
                "GE" => {
                    control::numbers_agree(("GS", 6, number), ("GE", 2, self.segments.text_of(&segment, 2)), true)?;
                    control::count_is("GE", self.segments.text_of(&segment, 1), transactions, "transaction sets in the functional group")?;
                    self.push(&segment)?;
                    self.nodes.close();
                    return Ok(());
                }
                "GS" | "IEA" => {
                    let wrong = format!("{what} has no GE before the {} of segment {}", segment.tag, segment.number);
                    return Err(Fault::new(Code::UnterminatedInterchange, wrong).at("GE"));
                }
                tag => return Err(self.segments.invalid(&format!("{} stands in no transaction set", shown(tag)))),
            }
        }
    }
}
