//! Documents as light trees: one flat table of nodes in document order that borrows its texts from the record.
//!
//! JSON and XML become the same tree, so that one mapping language reads both.

mod duplicates;
mod json;
mod json_string;
mod names;
mod xml;

use std::fmt::Write as _;

use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;

use crate::limits::Limits;
use crate::refusals::{Checked, Code, Fault};

pub(crate) use names::{ANY_NAMESPACE, NO_NAMESPACE, Namespaces};

/// Formats that documents come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON, RFC 8259.
    Json,
    /// XML 1.0 with namespaces, without document types.
    Xml,
}

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
}

/// A parsed document. Node 0 is the root: the value in JSON, the root element in XML.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Document<'a> {
    nodes: &'a [Node<'a>],
    /// Children of one parent have different names.
    pub(crate) unique_names: bool,
}

impl<'a> Document<'a> {
    /// Parses a record's value.
    pub(crate) fn parse(format: Format, bytes: &'a [u8], namespaces: &Namespaces, limits: &Limits, arena: &'a Bump) -> Checked<Self> {
        if bytes.is_empty() {
            return Err(Fault::new(Code::EmptyRecord, "the record has no value"));
        }
        if bytes.len() > limits.record_bytes {
            return Err(Fault::new(Code::RecordTooLarge, format!("{} bytes, where {} are allowed", bytes.len(), limits.record_bytes)));
        }
        let text = std::str::from_utf8(bytes).map_err(|error| Fault::new(Code::InvalidEncoding, format!("not UTF-8 from byte {} on", error.valid_up_to())))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let nodes = match format {
            Format::Json => json::parse(text, limits, arena)?,
            Format::Xml => xml::parse(text, namespaces, limits, arena)?,
        };
        Ok(Self { nodes, unique_names: format == Format::Json })
    }

    pub(crate) fn node(&self, id: NodeId) -> &'a Node<'a> {
        &self.nodes[id as usize]
    }

    /// Children of a node, in document order.
    pub(crate) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + use<'a> {
        children(self.nodes, id)
    }

    /// Where a node stands, for people: `/order/number`, `/components[2]/quantity`, `/DataArea/Sync/@agency`.
    pub(crate) fn location(&self, id: NodeId) -> String {
        let mut path = String::new();
        let mut at = 0;
        while at != id {
            let Some(child) = self.children(at).find(|child| (*child..self.node(*child).end).contains(&id)) else { break };
            let node = self.node(child);
            let same = |other: &NodeId| self.node(*other).name == node.name && self.node(*other).kind != Kind::Attribute;
            let repeated = !self.unique_names && self.children(at).filter(same).count() > 1;
            match node.kind {
                _ if node.name.is_empty() && self.node(at).kind == Kind::List => {}
                Kind::Attribute => path.push_str("/@"),
                _ => path.push('/'),
            }
            path.push_str(node.name);
            if self.node(at).kind == Kind::List || (repeated && node.kind != Kind::Attribute) {
                let number = 1 + self.children(at).take_while(|other| *other != child).filter(same).count();
                let _ = write!(path, "[{number}]");
            }
            at = child;
        }
        if path.is_empty() { "/".to_owned() } else { path }
    }
}

fn children<'n>(nodes: &'n [Node<'_>], id: NodeId) -> impl Iterator<Item = NodeId> + use<'n> {
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
struct Nodes<'a> {
    table: BumpVec<'a, Node<'a>>,
    open: BumpVec<'a, NodeId>,
    node_limit: usize,
    depth_limit: usize,
}

impl<'a> Nodes<'a> {
    fn new(limits: &Limits, arena: &'a Bump) -> Self {
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
    fn push(&mut self, name: &'a str, namespace: u16, kind: Kind, text: &'a str) -> Checked<()> {
        if self.table.len() >= self.node_limit {
            return Err(Fault::new(Code::TooManyNodes, format!("more than {} values", self.node_limit)));
        }
        let end = self.next_id() + 1;
        self.table.push(Node { name, text, end, namespace, kind });
        Ok(())
    }

    /// Appends a node; what is pushed until [`Self::close`] stands below it.
    fn open(&mut self, name: &'a str, namespace: u16, kind: Kind) -> Checked<()> {
        if self.open.len() >= self.depth_limit {
            return Err(Fault::new(Code::NestingTooDeep, format!("nested deeper than {} levels", self.depth_limit)));
        }
        self.open.push(self.next_id());
        self.push(name, namespace, kind, "")
    }

    /// Closes the innermost open node and gives its id.
    fn close(&mut self) -> Option<NodeId> {
        let id = self.open.pop()?;
        self.table[id as usize].end = self.next_id();
        Some(id)
    }

    fn innermost(&mut self) -> Option<&mut Node<'a>> {
        let id = *self.open.last()?;
        self.table.get_mut(id as usize)
    }

    fn finish(self) -> &'a [Node<'a>] {
        self.table.into_bump_slice()
    }
}
