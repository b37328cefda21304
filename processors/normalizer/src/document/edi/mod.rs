//! What ANSI X12 and UN/EDIFACT have in common: segments of elements, within envelopes whose trailers repeat a number and count what they end.

mod control;
pub(super) mod edifact;
mod hierarchy;
mod isa;
mod segments;
mod service;
mod structure;
#[cfg(test)]
mod tests;
mod wrapped;
pub(super) mod x12;

use bumpalo::Bump;

use super::names::NO_NAMESPACE;
use super::nodes::{Kind, Node, Nodes};
use super::segmentation::Segmentation;
use crate::limits::Limits;
use crate::refusals::{Checked, Code, Fault, shown};
use segments::{Segment, Segments};

/// An interchange while it is read.
struct Envelopes<'a> {
    segments: Segments<'a>,
    nodes: Nodes<'a>,
    segmentation: &'a Segmentation,
    /// Of the transaction set or message at hand.
    content: Vec<Segment<'a>>,
    segment_limit: usize,
}

impl<'a> Envelopes<'a> {
    fn new(segments: Segments<'a>, root: &'static str, segmentation: &'a Segmentation, limits: &Limits, arena: &'a Bump) -> Checked<Self> {
        let mut nodes = Nodes::new(limits, arena);
        nodes.open(root, NO_NAMESPACE, Kind::Record)?;
        Ok(Self { segments, nodes, segmentation, content: Vec::new(), segment_limit: limits.nodes })
    }

    fn open(&mut self, name: &'static str) -> Checked<()> {
        self.nodes.open(name, NO_NAMESPACE, Kind::Record)
    }

    fn push(&mut self, segment: &Segment<'a>) -> Checked<()> {
        self.segments.push(segment, &mut self.nodes)
    }

    /// The next segment, where something is open that `trailer` has to end.
    fn inside(&mut self, what: &str, trailer: &str, next_header: &[&str]) -> Checked<Segment<'a>> {
        let missing = || Fault::new(Code::UnterminatedInterchange, format!("{what} has no {trailer}")).at(trailer);
        if next_header.iter().any(|header| self.segments.rest().starts_with(header)) {
            return Err(missing());
        }
        self.segments.next()?.ok_or_else(missing)
    }

    /// Reads the segments behind `header` up to its trailer, checks that these two agree, and writes them all under a node.
    fn content(&mut self, name: &'static str, header: &Segment<'a>, kind: &ContentKind) -> Checked<()> {
        let number = self.segments.text_of(header, kind.number_in_header);
        let what = format!("{} {}", kind.what, shown(number));
        self.content.clear();
        let trailer = loop {
            let segment = self.inside(&what, kind.trailer, kind.interchange_headers)?;
            if segment.tag == kind.trailer {
                break segment;
            }
            if kind.outside.contains(&segment.tag) {
                return Err(Fault::new(
                    Code::UnterminatedInterchange,
                    format!("{what} has no {} before the {} of segment {}", kind.trailer, segment.tag, segment.number),
                )
                .at(kind.trailer));
            }
            if self.content.len() >= self.segment_limit {
                return Err(Fault::new(Code::TooManyNodes, format!("{what} has more than {} segments", self.segment_limit)));
            }
            self.content.push(segment);
        };
        control::numbers_agree((header.tag, kind.number_in_header, number), (trailer.tag, 2, self.segments.text_of(&trailer, 2)), false)?;
        control::count_is(trailer.tag, self.segments.text_of(&trailer, 1), self.content.len() + 2, "segments from the header to the trailer")?;
        self.open(name)?;
        self.push(header)?;
        structure::write(&self.content, self.segmentation, &self.segments, &mut self.nodes)?;
        self.push(&trailer)?;
        self.nodes.close();
        Ok(())
    }

    fn finish(mut self) -> &'a [Node<'a>] {
        self.nodes.close();
        self.nodes.finish()
    }
}

/// How a transaction set or message is delimited.
struct ContentKind {
    /// In words.
    what: &'static str,
    trailer: &'static str,
    /// Element of the header with the number that the trailer repeats.
    number_in_header: usize,
    /// Segments of the envelopes, which cannot stand in it.
    outside: &'static [&'static str],
    /// What starts the next interchange.
    interchange_headers: &'static [&'static str],
}
