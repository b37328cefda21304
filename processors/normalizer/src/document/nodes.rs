//! The table of nodes, and how it is built.

use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;

use crate::limits::Limits;
use crate::refusals::{Checked, Code, Fault};

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A JSON object, or an XML element with child elements.
    Record,
    /// A JSON array.
    List,
    /// A JSON string, or an XML element without child elements.
    Text,
    /// An attribute of an XML element.
    Attribute,
    /// A JSON number, as written.
    Number,
    /// `true` or `false` in JSON, as written.
    Boolean,
    /// `null` in JSON.
    Null,
}

impl Kind {
    /// The kind in words, for messages.
    pub(crate) const fn describe(self) -> &'static str {
        match self {
            Self::Record => "a structure",
            Self::List => "a list",
            Self::Text => "a text",
            Self::Attribute => "an attribute",
            Self::Number => "a number",
            Self::Boolean => "a truth value",
            Self::Null => "null",
        }
    }
}

/// Index of a node.
pub(crate) type NodeId = u32;

/// A value with its name, if it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Node<'a> {
    /// Member name or local element name; empty for items of lists and for the root of JSON.
    pub(crate) name: &'a str,
    /// The scalar's text.
    pub(crate) text: &'a str,
    /// First node after this one and everything below it.
    pub(crate) end: NodeId,
    /// Namespace, as [`Namespaces`] numbers them.
    pub(crate) namespace: u16,
    /// Kind.
    pub(crate) kind: Kind,
    /// Its object has another member of that name.
    pub(crate) is_twin: bool,
}

/// Children of a node, in document order.
pub(super) fn children<'n>(nodes: &'n [Node<'_>], id: NodeId) -> impl Iterator<Item = NodeId> + use<'n> {
    let ends = nodes;
    let end = ends[id as usize].end;
    let mut next = id + 1;
    std::iter::from_fn(move || {
        (next < end).then(|| {
            let child = next;
            next = ends[child as usize].end;
            child
        })
    })
}

/// A table of nodes under construction.
#[derive(Debug)]
pub(super) struct Nodes<'a> {
    pub(super) table: BumpVec<'a, Node<'a>>,
    /// Nodes that what is pushed stands below, outermost first.
    pub(super) open: BumpVec<'a, NodeId>,
    node_limit: usize,
    depth_limit: usize,
}

impl<'a> Nodes<'a> {
    pub(super) fn new(limits: &Limits, arena: &'a Bump) -> Self {
        Self {
            table: BumpVec::with_capacity_in(64, arena),
            open: BumpVec::with_capacity_in(16, arena),
            // Ids are 32 bits wide.
            node_limit: limits.nodes.min(u32::MAX as usize - 1),
            depth_limit: limits.depth,
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "push keeps the count below u32::MAX")]
    fn next_id(&self) -> NodeId {
        self.table.len() as NodeId
    }

    /// Appends a node without children.
    pub(super) fn push(&mut self, name: &'a str, namespace: u16, kind: Kind, text: &'a str) -> Checked<()> {
        if self.table.len() >= self.node_limit {
            return Err(Fault::new(Code::TooManyNodes, format!("more than {} values", self.node_limit)));
        }
        let end = self.next_id() + 1;
        self.table.push(Node { name, text, end, namespace, kind, is_twin: false });
        Ok(())
    }

    /// Appends a node; what is pushed until [`Self::close`] stands below it.
    pub(super) fn open(&mut self, name: &'a str, namespace: u16, kind: Kind) -> Checked<()> {
        if self.open.len() >= self.depth_limit {
            return Err(Fault::new(Code::NestingTooDeep, format!("nested deeper than {} levels", self.depth_limit)));
        }
        self.open.push(self.next_id());
        self.push(name, namespace, kind, "")
    }

    /// Closes the innermost open node and gives its id.
    pub(super) fn close(&mut self) -> Option<NodeId> {
        let id = self.open.pop()?;
        self.table[id as usize].end = self.next_id();
        Some(id)
    }

    pub(super) fn innermost(&mut self) -> Option<&mut Node<'a>> {
        let id = *self.open.last()?;
        self.table.get_mut(id as usize)
    }

    pub(super) fn finish(self) -> &'a [Node<'a>] {
        self.table.into_bump_slice()
    }
}
