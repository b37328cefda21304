//! Members of one name in one JSON object. Readers disagree on which of them counts, so none does.

use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;

use super::nodes::{Node, NodeId, children};

/// Up to this many members, comparing all pairs is quicker than sorting.
const PAIRWISE_MAX: usize = 16;

/// A name that stands twice among the children of `parent`.
pub(super) fn duplicate_name<'a>(nodes: &[Node<'a>], parent: NodeId, arena: &Bump) -> Option<&'a str> {
    let name = |id: NodeId| nodes[id as usize].name;
    if children(nodes, parent).nth(PAIRWISE_MAX).is_none() {
        return children(nodes, parent).find(|child| children(nodes, parent).take_while(|other| other < child).any(|other| name(other) == name(*child))).map(name);
    }
    let mut names = BumpVec::new_in(arena);
    names.extend(children(nodes, parent).map(name));
    names.sort_unstable();
    names.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
}
