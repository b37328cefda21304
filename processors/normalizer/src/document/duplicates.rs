//! Members of one name in one JSON object. Readers disagree on which of them counts, so none does: they are marked, and a rule that reads one refuses the record.

use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;

use super::nodes::{Node, NodeId, children};

/// Up to this many members, comparing all pairs is quicker than sorting.
const PAIRWISE_MAX: usize = 16;

/// Marks the members of `parent` whose name stands there twice.
pub(super) fn mark_twins(nodes: &mut [Node<'_>], parent: NodeId, arena: &Bump) {
    if !has_twins(nodes, parent, arena) {
        return;
    }
    let mut members = BumpVec::new_in(arena);
    members.extend(children(nodes, parent));
    members.sort_unstable_by_key(|id| nodes[*id as usize].name);
    for at in 1..members.len() {
        let [one, other] = [members[at - 1], members[at]].map(|id| id as usize);
        if nodes[one].name == nodes[other].name {
            nodes[one].is_twin = true;
            nodes[other].is_twin = true;
        }
    }
}

fn has_twins(nodes: &[Node<'_>], parent: NodeId, arena: &Bump) -> bool {
    let name = |id: NodeId| nodes[id as usize].name;
    if children(nodes, parent).nth(PAIRWISE_MAX).is_none() {
        return children(nodes, parent).any(|child| children(nodes, parent).take_while(|other| *other < child).any(|other| name(other) == name(child)));
    }
    let mut names = BumpVec::new_in(arena);
    names.extend(children(nodes, parent).map(name));
    names.sort_unstable();
    names.windows(2).any(|pair| pair[0] == pair[1])
}
