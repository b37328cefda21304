//! Members of one name in one JSON object. Readers disagree on which of them counts, so none does: they are marked, and a rule that reads one refuses the record.
//! Or the mapping says that the last counts: then the others go.

use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;

use super::format::Twins;
use super::nodes::{Node, NodeId, children};

/// Up to this many members, comparing all pairs is quicker than sorting.
const PAIRWISE_MAX: usize = 16;

/// Marks the members of `parent`, the last node that is complete, whose name stands there twice; or takes all but the last of each name away.
pub(super) fn settle_twins(nodes: &mut BumpVec<'_, Node<'_>>, parent: NodeId, twins: Twins, arena: &Bump) {
    if !has_twins(nodes, parent, arena) {
        return;
    }
    let mut members = BumpVec::new_in(arena);
    members.extend(children(nodes, parent));
    members.sort_unstable_by_key(|id| (nodes[*id as usize].name, *id));
    for at in 1..members.len() {
        let [one, other] = [members[at - 1], members[at]].map(|id| id as usize);
        if nodes[one].name == nodes[other].name {
            nodes[one].is_twin = true;
            nodes[other].is_twin = twins == Twins::Refuse;
        }
    }
    if twins == Twins::Last {
        take_away(nodes, parent, arena);
    }
}

/// Takes the marked members of `parent` away, with all below them.
fn take_away(nodes: &mut BumpVec<'_, Node<'_>>, parent: NodeId, arena: &Bump) {
    let (first, end) = (parent + 1, nodes[parent as usize].end);
    // Behind each node from the first below `parent` on: how many up to it have gone.
    let mut gone = BumpVec::with_capacity_in((end - parent) as usize, arena);
    gone.push(0);
    let (mut count, mut gone_until) = (0, first);
    let mut next_member = first;
    let mut kept = first;
    for id in first..end {
        let node = nodes[id as usize];
        if id == next_member {
            next_member = node.end;
            if node.is_twin {
                gone_until = node.end;
            }
        }
        if id < gone_until {
            count += 1;
        } else {
            nodes[kept as usize] = node;
            kept += 1;
        }
        gone.push(count);
    }
    for id in first..kept {
        let node = &mut nodes[id as usize];
        node.end -= gone[(node.end - first) as usize];
    }
    nodes[parent as usize].end = kept;
    nodes.truncate(kept as usize);
}

fn has_twins(nodes: &[Node<'_>], parent: NodeId, arena: &Bump) -> bool {
    let name = |id: NodeId| nodes[id as usize].name;
    if children(nodes, parent).nth(PAIRWISE_MAX).is_none() {
        // Most names have a mark of their own, so that hardly any pair is compared.
        let mut marks = 0_u128;
        return children(nodes, parent).any(|child| {
            let mark = 1 << mark(name(child));
            let is_twin = marks & mark != 0 && children(nodes, parent).take_while(|other| *other < child).any(|other| name(other) == name(child));
            marks |= mark;
            is_twin
        });
    }
    let mut names = BumpVec::new_in(arena);
    names.extend(children(nodes, parent).map(name));
    names.sort_unstable();
    names.windows(2).any(|pair| pair[0] == pair[1])
}

/// A number below 128 by which names differ mostly, and equal ones never.
fn mark(name: &str) -> u32 {
    let bytes = name.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().map_or(0, u32::from);
    let length = bytes.len();
    (31 * u32::try_from(length).unwrap_or_default() + 5 * byte(0) + 3 * byte(length / 2) + 17 * byte(length.saturating_sub(1))) % 128
}
