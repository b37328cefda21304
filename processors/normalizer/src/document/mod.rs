//! Documents as light trees: one flat table of nodes in document order that borrows its texts from the record.
//!
//! Every format becomes the same tree, so that one mapping language reads them all.

mod ancestry;
mod charset;
mod csv;
mod duplicates;
mod edi;
mod format;
mod json;
mod json_string;
mod names;
mod nodes;
mod segmentation;
mod xml;
mod xml_encoding;

use std::fmt::Write as _;

use bumpalo::Bump;

use crate::limits::Limits;
use crate::refusals::{Checked, Code, Fault};

pub use format::Format;

pub(crate) use ancestry::Ancestry;
pub(crate) use charset::{Charset, WELL_KNOWN as WELL_KNOWN_CHARSETS};
pub(crate) use format::{CsvFormat, DocumentFormat, EdiFormat, JsonFormat, Twins};
pub(crate) use names::{ANY_NAMESPACE, NO_NAMESPACE, Namespaces};
pub(crate) use nodes::{Kind, Node, NodeId};
pub(crate) use segmentation::{Hierarchy, Loop, Segmentation};
pub(crate) use xml_encoding::xml_text;

/// A parsed document. Node 0 is the root: the value in JSON, the root element in XML, and a node named for the format in the others.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Document<'a> {
    nodes: &'a [Node<'a>],
    /// Children of one parent have different names.
    pub(crate) unique_names: bool,
    /// A composite of which only the first part is sent looks like a plain text: its first part is the text itself.
    pub(crate) lone_parts: bool,
    /// Names may have the form `prefix:name`.
    pub(crate) prefixed_names: bool,
    /// URIs of the namespaces that the mapping does not name, in the order of their numbers.
    other_namespaces: &'a [&'a str],
}

impl<'a> Document<'a> {
    /// Parses a record's value.
    pub(crate) fn parse(format: &'a DocumentFormat, bytes: &'a [u8], namespaces: &Namespaces, limits: &Limits, arena: &'a Bump) -> Checked<Self> {
        if bytes.is_empty() {
            return Err(Fault::new(Code::EmptyRecord, "the record has no value"));
        }
        if bytes.len() > limits.record_bytes {
            return Err(Fault::new(Code::RecordTooLarge, format!("{} bytes, where {} are allowed", bytes.len(), limits.record_bytes)));
        }
        let mut other_namespaces = &[][..];
        let nodes = match format {
            DocumentFormat::Json(json) => json::parse(json_text(bytes, json, arena)?, json.twins, limits, arena)?,
            DocumentFormat::JsonLines(json) => json::parse_lines(json_text(bytes, json, arena)?, json.twins, limits, arena)?,
            DocumentFormat::Xml(charset) => {
                let nodes;
                (nodes, other_namespaces) = xml::parse(xml_text(bytes, *charset, arena)?, namespaces, limits, arena)?;
                nodes
            }
            DocumentFormat::Csv(csv) => csv::parse(charset::decode(bytes, csv.charset, arena)?, csv, limits, arena)?,
            DocumentFormat::X12(edi) => edi::x12::parse(charset::decode(bytes, edi.charset, arena)?, edi, limits, arena)?,
            DocumentFormat::Edifact(edi) => edi::edifact::parse(bytes, edi, limits, arena)?,
        };
        Ok(Self { other_namespaces, ..Self::of(format, nodes) })
    }

    /// The head of the first interchange that cannot be read, alone: for telling whose it is. Other formats have no part that could be read without the rest.
    pub(crate) fn head(format: &'a DocumentFormat, bytes: &'a [u8], limits: &Limits, arena: &'a Bump) -> Option<Self> {
        if bytes.len() > limits.record_bytes {
            return None;
        }
        let nodes = match format {
            DocumentFormat::X12(edi) => edi::x12::head_of_unreadable(charset::decode(bytes, edi.charset, arena).ok()?, edi, limits, arena)?,
            DocumentFormat::Edifact(edi) => edi::edifact::head_of_unreadable(bytes, edi, limits, arena)?,
            DocumentFormat::Json(_) | DocumentFormat::JsonLines(_) | DocumentFormat::Xml(_) | DocumentFormat::Csv(_) => return None,
        };
        Some(Self::of(format, nodes))
    }

    fn of(format: &DocumentFormat, nodes: &'a [Node<'a>]) -> Self {
        let unique_names = matches!(format, DocumentFormat::Json(_) | DocumentFormat::JsonLines(_) | DocumentFormat::Csv(_));
        let lone_parts = matches!(format, DocumentFormat::X12(_) | DocumentFormat::Edifact(_));
        let prefixed_names = matches!(format, DocumentFormat::Json(_) | DocumentFormat::JsonLines(_));
        Self { nodes, unique_names, lone_parts, prefixed_names, other_namespaces: &[] }
    }

    /// URI of a namespace that the mapping, which knows `known`, does not name; `None` for the others, and where there were too many to number.
    pub(crate) fn other_namespace(&self, number: u16, known: &Namespaces) -> Option<&'a str> {
        self.other_namespaces.get(usize::from(number).checked_sub(known.first_other().into())?).copied()
    }

    /// How many nodes there are.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn node(&self, id: NodeId) -> &'a Node<'a> {
        &self.nodes[id as usize]
    }

    /// Children of a node, in document order.
    pub(crate) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + use<'a> {
        nodes::children(self.nodes, id)
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

/// JSON is UTF-8, unless the mapping says otherwise: then a byte order mark counts, too.
fn json_text<'a>(bytes: &'a [u8], format: &JsonFormat, arena: &'a Bump) -> Checked<&'a str> {
    match format.charset {
        None => charset::utf8(bytes),
        charset => charset::decode(bytes, charset, arena),
    }
}
