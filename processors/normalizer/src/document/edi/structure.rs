//! Segments, one behind the other, to nodes below each other, as a mapping's `segments` says.

use super::hierarchy;
use super::segments::{Segment, Segments};
use crate::document::names::NO_NAMESPACE;
use crate::document::nodes::{Kind, Nodes};
use crate::document::segmentation::{Loop, Segmentation};
use crate::refusals::Checked;

/// Writes the segments of one transaction set or message.
pub(super) fn write<'a>(content: &[Segment<'a>], segmentation: &Segmentation, segments: &Segments<'a>, nodes: &mut Nodes<'a>) -> Checked<()> {
    match &segmentation.hierarchy {
        Some(hierarchy) => hierarchy::write(content, hierarchy, &segmentation.loops, segments, nodes),
        None => write_loops(content, &segmentation.loops, segments, nodes),
    }
}

/// Writes segments, with what belongs to the start of a loop below it. A segment belongs to the innermost open loop that knows its tag; loops that
/// do not know it end there.
pub(super) fn write_loops<'a>(content: &[Segment<'a>], outermost: &[Loop], segments: &Segments<'a>, nodes: &mut Nodes<'a>) -> Checked<()> {
    let mut open: Vec<&Loop> = Vec::new();
    for segment in content {
        loop {
            let loops = open.last().map_or(outermost, |known| &known.loops);
            if let Some(started) = Loop::started(loops, segment.tag) {
                nodes.open(segment.tag, NO_NAMESPACE, Kind::Record)?;
                segments.push_elements(segment, nodes)?;
                open.push(started);
                break;
            }
            if open.last().is_none_or(|known| known.members.iter().any(|member| **member == *segment.tag)) {
                segments.push(segment, nodes)?;
                break;
            }
            open.pop();
            nodes.close();
        }
    }
    for _ in open {
        nodes.close();
    }
    Ok(())
}
