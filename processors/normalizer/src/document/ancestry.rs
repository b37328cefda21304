//! Who stands above whom, and which of several of one name: for saying where a node stands, without looking through its siblings each time.

use std::collections::HashMap;

use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;

use super::{Document, Kind, NodeId};

/// What stands above each node of a document. Made in one pass over it.
#[derive(Debug)]
pub(crate) struct Ancestry<'a>(&'a [Ancestor]);

/// What stands above one node.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ancestor {
    /// The node above; the root is above itself.
    pub(crate) parent: NodeId,
    /// Its number among the items of a list, or among its siblings of the same name; 0 where it is the only one of that name.
    pub(crate) number: u32,
}

impl<'a> Ancestry<'a> {
    pub(crate) fn of(document: &Document<'a>, arena: &'a Bump) -> Self {
        let mut table = BumpVec::from_iter_in((0..document.len()).map(|_| Ancestor { parent: 0, number: 0 }), arena);
        let mut counts: HashMap<(&str, u16), (u32, NodeId)> = HashMap::new();
        for id in (0..).take(document.len()) {
            if !counts.is_empty() {
                // Emptying it would cost what it once held, for every node.
                counts = HashMap::new();
            }
            let is_list = document.node(id).kind == Kind::List;
            for (child, place) in document.children(id).zip(1..) {
                table[child as usize].parent = id;
                let node = document.node(child);
                if is_list {
                    table[child as usize].number = place;
                } else if !document.unique_names && node.kind != Kind::Attribute {
                    let (count, first) = counts.entry((node.name, node.namespace)).or_insert((0, child));
                    *count += 1;
                    if *count > 1 {
                        table[child as usize].number = *count;
                        table[*first as usize].number = 1;
                    }
                }
            }
        }
        Self(table.into_bump_slice())
    }

    pub(crate) fn above(&self, id: NodeId) -> Ancestor {
        self.0.get(id as usize).copied().unwrap_or(Ancestor { parent: 0, number: 0 })
    }
}
