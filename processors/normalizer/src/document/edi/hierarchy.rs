//! Levels that name themselves and their parent, as HL of X12 and CPS of EDIFACT do, to nodes below each other, in whatever order they come.

use std::collections::HashMap;
use std::ops::Range;

use super::segments::{Segment, Segments};
use super::structure::write_loops;
use crate::document::names::NO_NAMESPACE;
use crate::document::nodes::{Kind, Nodes};
use crate::document::segmentation::{Hierarchy, Loop};
use crate::refusals::{Checked, Code, Fault, shown};

/// A level's segments, its start first, and the levels around it, by number.
#[derive(Debug, Clone)]
struct Level {
    segments: Range<usize>,
    first_below: Option<usize>,
    next_beside: Option<usize>,
}

/// Writes the segments before the levels, the levels, and the segments behind them.
pub(super) fn write<'a>(content: &[Segment<'a>], hierarchy: &Hierarchy, loops: &[Loop], segments: &Segments<'a>, nodes: &mut Nodes<'a>) -> Checked<()> {
    let is_start = |segment: &Segment<'_>| *segment.tag == *hierarchy.start;
    let begin = content.iter().position(is_start).unwrap_or(content.len());
    let ends = |segment: &Segment<'_>| hierarchy.until.iter().any(|tag| **tag == *segment.tag);
    let end = content[begin..].iter().position(ends).map_or(content.len(), |length| begin + length);
    if let Some(late) = content[end..].iter().find(|segment| is_start(segment)) {
        return Err(fault(late, &format!("stands behind {}, which ends the levels", content[end].tag)));
    }
    write_loops(&content[..begin], loops, segments, nodes)?;
    if begin < end {
        let (levels, top) = levels(content, begin..end, hierarchy, segments)?;
        write_levels(content, &levels, top, loops, segments, nodes)?;
    }
    write_loops(&content[end..], loops, segments, nodes)
}

/// The levels, and the first of those that stand below none.
fn levels(content: &[Segment<'_>], part: Range<usize>, hierarchy: &Hierarchy, segments: &Segments<'_>) -> Checked<(Vec<Level>, Option<usize>)> {
    let mut levels: Vec<Level> = Vec::new();
    let mut ids = HashMap::new();
    for index in part {
        if *content[index].tag != *hierarchy.start {
            if let Some(level) = levels.last_mut() {
                level.segments.end = index + 1;
            }
            continue;
        }
        let id = segments.text_of(&content[index], hierarchy.id);
        if id.is_empty() {
            return Err(fault(&content[index], "has no id"));
        }
        if ids.insert(id, levels.len()).is_some() {
            return Err(fault(&content[index], &format!("has the id {}, as another has", shown(id))));
        }
        levels.push(Level { segments: index..index + 1, first_below: None, next_beside: None });
    }
    let mut top = None;
    for index in (0..levels.len()).rev() {
        let start = &content[levels[index].segments.start];
        let parent = segments.text_of(start, hierarchy.parent);
        let first = if parent.is_empty() {
            &mut top
        } else {
            let above = *ids.get(parent).ok_or_else(|| fault(start, &format!("stands below {}, which there is not", shown(parent))))?;
            &mut levels[above].first_below
        };
        let beside = first.replace(index);
        levels[index].next_beside = beside;
    }
    Ok((levels, top))
}

fn write_levels<'a>(content: &[Segment<'a>], levels: &[Level], top: Option<usize>, loops: &[Loop], segments: &Segments<'a>, nodes: &mut Nodes<'a>) -> Checked<()> {
    let mut written = vec![false; levels.len()];
    let mut above = Vec::new();
    let mut next = top;
    loop {
        while let Some(index) = next {
            let own = &content[levels[index].segments.clone()];
            nodes.open(own[0].tag, NO_NAMESPACE, Kind::Record)?;
            segments.push_elements(&own[0], nodes)?;
            write_loops(&own[1..], loops, segments, nodes)?;
            written[index] = true;
            above.push(index);
            next = levels[index].first_below;
        }
        let Some(index) = above.pop() else { break };
        nodes.close();
        next = levels[index].next_beside;
    }
    match written.iter().position(|written| !written) {
        None => Ok(()),
        Some(lost) => Err(fault(&content[levels[lost].segments.start], "stands, over others, below itself")),
    }
}

fn fault(segment: &Segment<'_>, wrong: &str) -> Fault {
    Fault::new(Code::InvalidHierarchy, format!("segment {}: this {} {wrong}", segment.number, segment.tag)).at(segment.tag)
}
