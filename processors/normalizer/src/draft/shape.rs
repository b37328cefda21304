//! What stands where in a sample: selections that a rule could have, and the single values that can be reached from them.

use super::guess::{number_form, plain, reads_as_number};
use super::sniff::Sniffed;
use crate::convert::number_format::NumberFormat;
use crate::document::{Document, DocumentFormat, Kind, NodeId};

/// Repeated structures within each other that are looked at.
const NESTED_MAX: usize = 3;
/// Values that are looked at from one selection.
const LEAVES_MAX: usize = 400;

/// A selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Level {
    pub(super) name: String,
    /// From the selection before it.
    pub(super) path: String,
    /// The first node that it selects.
    pub(super) node: NodeId,
    /// How many it selects.
    pub(super) count: usize,
}

/// Selections of a rule, outermost first. Those of the documents come first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Scope {
    pub(super) levels: Vec<Level>,
}

/// A single value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaf<'a> {
    /// As a rule would write it.
    pub(super) path: String,
    /// Names on the way, from the selection that it stands below.
    pub(super) names: Vec<&'a str>,
    pub(super) text: &'a str,
    pub(super) kind: Kind,
    pub(super) node: NodeId,
    /// A mapping of the sample reads it as a number.
    pub(super) is_number: bool,
    /// Selections between it and the innermost.
    pub(super) distance: usize,
    /// Its own name and that around it, in lower case without separators.
    pub(super) plain: [String; 2],
}

impl<'a> Leaf<'a> {
    /// `at`: its node, and the selections between it and the innermost.
    pub(super) fn new(path: String, names: Vec<&'a str>, text: &'a str, kind: Kind, (node, distance): (NodeId, usize)) -> Self {
        let mut plain = names.iter().rev().map(|name| plain(name));
        let plain = [plain.next().unwrap_or_default(), plain.next().unwrap_or_default()];
        Self { path, names, text, kind, node, is_number: reads_as_number(text, None), distance, plain }
    }
}

/// A sample, with where its documents stand.
#[derive(Debug)]
pub(super) struct Shape<'a> {
    document: Document<'a>,
    namespace: u16,
    /// Selections that lead to a document; none where the record is one.
    pub(super) documents: Scope,
    /// Path to the type of a document, if one says it.
    pub(super) type_path: Option<String>,
    /// That type; the name of the root in XML.
    pub(super) document_type: String,
    /// How its numbers are written, where it is not as JSON does.
    pub(super) numbers: Option<NumberFormat>,
}

impl<'a> Shape<'a> {
    /// Errors with the name of what an interchange does not have.
    pub(super) fn new(document: Document<'a>, sniffed: &Sniffed) -> Result<Self, &'static str> {
        let nodes = (0..document.node(0).end).map(|id| document.node(id));
        let numbers = number_form(nodes.filter(|node| matches!(node.kind, Kind::Text | Kind::Attribute)).map(|node| node.text.trim()));
        let namespace = sniffed.namespaces.of_unprefixed();
        let mut shape = Self { document, namespace, documents: Scope::default(), type_path: None, document_type: String::new(), numbers };
        let chain: &[&'static str] = match sniffed.format {
            DocumentFormat::Json(_) | DocumentFormat::Xml(_) => &[],
            DocumentFormat::JsonLines(_) | DocumentFormat::Csv(_) => &["row"],
            DocumentFormat::X12(_) => &["Interchange", "Group", "Transaction"],
            DocumentFormat::Edifact(_) if has_group(document) => &["Interchange", "Group", "Message"],
            DocumentFormat::Edifact(_) => &["Interchange", "Message"],
        };
        for name in chain {
            if !shape.document_level(name) && *name != "row" {
                return Err(name);
            }
        }
        match sniffed.format {
            DocumentFormat::Xml(_) => document.node(0).name.clone_into(&mut shape.document_type),
            DocumentFormat::X12(_) => shape.typed("ST/01"),
            DocumentFormat::Edifact(_) => shape.typed("UNH/02/01"),
            DocumentFormat::Json(_) | DocumentFormat::JsonLines(_) | DocumentFormat::Csv(_) => shape.typed_by_name(),
        }
        Ok(shape)
    }

    /// False if there is nothing of that name.
    fn document_level(&mut self, name: &str) -> bool {
        let from = innermost(&self.documents);
        let is_row = name == "row";
        let found: Vec<NodeId> = self.document.children(from).filter(|id| is_row || self.document.node(*id).name == name).collect();
        let Some(node) = found.first().copied() else { return false };
        let path = if is_row { "*".to_owned() } else { name.to_owned() };
        self.documents.levels.push(Level { name: name.to_lowercase(), path, node, count: found.len() });
        true
    }

    fn typed(&mut self, path: &str) {
        let found = self.leaves(&self.documents).into_iter().find(|leaf| leaf.path == path);
        // A composite of which only the first part is sent is a plain text.
        let found = found.or_else(|| self.leaves(&self.documents).into_iter().find(|leaf| path.strip_suffix("/01") == Some(leaf.path.as_str())));
        if let Some(leaf) = found {
            leaf.text.clone_into(&mut self.document_type);
        }
        self.type_path = Some(path.to_owned());
    }

    /// The text near the root whose name says that it is a type.
    fn typed_by_name(&mut self) {
        const NAMES: &[&str] = &["eventtype", "documenttype", "messagetype", "type", "event", "doctype", "kind", "recordtype"];
        let leaves = self.leaves(&self.documents);
        let rank = |leaf: &Leaf<'_>| NAMES.iter().position(|name| leaf.names.len() <= 2 && *name == leaf.plain[0]);
        let found =
            leaves.iter().filter(|leaf| leaf.kind == Kind::Text && !leaf.text.is_empty()).filter_map(|leaf| Some((rank(leaf)?, leaf))).min_by_key(|found| found.0);
        if let Some((_, leaf)) = found {
            leaf.text.clone_into(&mut self.document_type);
            self.type_path = Some(if self.documents.levels.is_empty() { format!("/{}", leaf.path) } else { leaf.path.clone() });
        } else {
            "document".clone_into(&mut self.document_type);
        }
    }

    /// Every choice of selections that a rule could make: the document itself, and what is repeated in it.
    pub(super) fn scopes(&self) -> Vec<Scope> {
        let mut scopes = vec![self.documents.clone()];
        let mut at = 0;
        while at < scopes.len() {
            let scope = scopes[at].clone();
            at += 1;
            if scope.levels.len() < self.documents.levels.len() + NESTED_MAX {
                let mut found = Vec::new();
                self.repeated(innermost(&scope), "", &mut found);
                for mut level in found {
                    while scope.levels.iter().any(|known| known.name == level.name) {
                        level.name.push_str("-2");
                    }
                    let mut deeper = scope.clone();
                    deeper.levels.push(level);
                    scopes.push(deeper);
                }
            }
        }
        scopes
    }

    /// Structures below a node that stand several times, or in a list, and are not within each other.
    fn repeated(&self, from: NodeId, path: &str, found: &mut Vec<Level>) {
        let children: Vec<NodeId> = self.document.children(from).collect();
        let is_list = self.document.node(from).kind == Kind::List;
        for child in &children {
            let node = self.document.node(*child);
            let same: Vec<_> = children.iter().filter(|other| is_list || self.document.node(**other).name == node.name).collect();
            let step = if is_list { "*".to_owned() } else { self.step(*child) };
            let path = if path.is_empty() { step } else { format!("{path}/{step}") };
            match node.kind {
                // The first stands for all of them. `Merkmale` with one `Merkmal` may have more of them another time.
                Kind::Record if is_list || same.len() > 1 || self.is_plural(from, *child) => found.extend((same.first() == Some(&child)).then(|| {
                    let name = if is_list { path.trim_end_matches("/*").rsplit('/').next().unwrap_or_default() } else { node.name };
                    Level { name: level_name(name), path: path.clone(), node: *child, count: same.len() }
                })),
                Kind::Record | Kind::List => self.repeated(*child, &path, found),
                _ => {}
            }
        }
    }

    /// Whether the only element in another is called as that one, but shorter: one of a kind that there may be several of.
    fn is_plural(&self, around: NodeId, child: NodeId) -> bool {
        let is_element = |id: &NodeId| self.document.node(*id).kind != Kind::Attribute;
        let (outer, inner) = (plain(self.document.node(around).name), plain(self.document.node(child).name));
        self.document.children(around).filter(is_element).count() == 1 && inner.len() > 2 && outer.len() > inner.len() && outer.starts_with(&inner)
    }

    /// Structures that stand several times and that no selection of a rule leads to: each with its path from there, how many there are, and the values of the first.
    pub(super) fn unselected(&self, scope: &Scope) -> Vec<(Level, Vec<Leaf<'a>>)> {
        let selected: Vec<NodeId> = scope.levels.iter().map(|level| level.node).collect();
        let starts = scope.levels.iter().rev().enumerate().map(|(index, level)| {
            let prefix = if index == 0 { String::new() } else { format!("${}", level.name) };
            (level.node, prefix)
        });
        let root = if scope.levels.is_empty() { String::new() } else { "/".to_owned() };
        let mut open: Vec<(NodeId, String)> = starts.chain([(0, root)]).collect();
        let mut found: Vec<(Level, Vec<Leaf<'a>>)> = Vec::new();
        let mut at = 0;
        while at < open.len() && found.len() < LEAVES_MAX {
            let (from, prefix) = open[at].clone();
            at += 1;
            let mut levels = Vec::new();
            self.repeated(from, "", &mut levels);
            for mut level in levels {
                if selected.contains(&level.node) || found.iter().any(|(known, _)| known.node == level.node) {
                    continue;
                }
                let separator = if prefix.is_empty() || prefix.ends_with('/') { "" } else { "/" };
                level.path = format!("{prefix}{separator}{}", level.path);
                let mut leaves = Vec::new();
                self.walk(level.node, &mut Vec::new(), "", &mut Walk { prefix: String::new(), distance: 0, leaves: &mut leaves });
                open.push((level.node, level.path.clone()));
                found.push((level, leaves));
            }
        }
        found
    }

    /// The single values that a rule with these selections can name, nearest first.
    pub(super) fn leaves(&self, scope: &Scope) -> Vec<Leaf<'a>> {
        let mut leaves = Vec::new();
        let count = scope.levels.len();
        for index in (0..count).rev() {
            let level = &scope.levels[index];
            let prefix = if index + 1 == count { String::new() } else { format!("${}/", level.name) };
            let mut walk = Walk { prefix, distance: count - 1 - index, leaves: &mut leaves };
            self.walk(level.node, &mut Vec::new(), "", &mut walk);
        }
        let prefix = if count == 0 { String::new() } else { "/".to_owned() };
        self.walk(0, &mut Vec::new(), "", &mut Walk { prefix, distance: count, leaves: &mut leaves });
        leaves.dedup_by(|a, b| a.path == b.path);
        leaves
    }

    fn walk(&self, from: NodeId, names: &mut Vec<&'a str>, path: &str, walk: &mut Walk<'_, 'a>) {
        if self.document.node(from).kind == Kind::List || walk.leaves.len() >= LEAVES_MAX {
            return;
        }
        let children: Vec<NodeId> = self.document.children(from).collect();
        for child in &children {
            let node = self.document.node(*child);
            // Of what stands several times none is meant.
            if node.kind != Kind::Attribute && children.iter().filter(|other| self.document.node(**other).name == node.name).count() > 1 {
                continue;
            }
            let step = self.step(*child);
            let path = if path.is_empty() { step } else { format!("{path}/{step}") };
            names.push(node.name);
            if matches!(node.kind, Kind::Text | Kind::Attribute | Kind::Number | Kind::Boolean) {
                let path = format!("{}{path}", walk.prefix);
                let mut leaf = Leaf::new(path, names.clone(), node.text.trim(), node.kind, (*child, walk.distance));
                leaf.is_number = reads_as_number(leaf.text, self.numbers.filter(|_| node.kind != Kind::Number));
                walk.leaves.push(leaf);
            }
            self.walk(*child, names, &path, walk);
            names.pop();
        }
    }

    fn step(&self, id: NodeId) -> String {
        let node = self.document.node(id);
        let plain = !node.name.is_empty() && !node.name.chars().any(|character| character.is_whitespace() || "[]{}='\"@$#|/*".contains(character));
        let quoted = || if node.name.contains('\'') { format!("\"{}\"", node.name) } else { format!("'{}'", node.name) };
        match node.kind {
            Kind::Attribute if node.namespace == crate::document::NO_NAMESPACE => format!("@{}", node.name),
            Kind::Attribute => format!("@*:{}", node.name),
            _ if !plain => quoted(),
            _ if node.namespace != self.namespace => format!("*:{}", node.name),
            _ => node.name.to_owned(),
        }
    }

    /// Texts of all values that are called like this one, wherever they stand.
    pub(super) fn alike(&self, leaf: &Leaf<'_>) -> Vec<&'a str> {
        let end = self.document.node(0).end;
        let nodes = (0..end).map(|id| self.document.node(id)).filter(|node| matches!(node.kind, Kind::Text | Kind::Attribute) && plain(node.name) == leaf.plain[0]);
        nodes.map(|node| node.text.trim()).filter(|text| !text.is_empty()).collect()
    }
}

/// Whether the first interchange keeps its messages in groups.
fn has_group(document: Document<'_>) -> bool {
    document.children(0).next().is_some_and(|interchange| document.children(interchange).any(|child| document.node(child).name == "Group"))
}

fn innermost(scope: &Scope) -> NodeId {
    scope.levels.last().map_or(0, |level| level.node)
}

/// A walk from one selection.
struct Walk<'w, 'a> {
    prefix: String,
    distance: usize,
    leaves: &'w mut Vec<Leaf<'a>>,
}

/// A name for a selection: lower-case, in the singular, without what paths give a meaning.
fn level_name(name: &str) -> String {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let singular = plain.strip_suffix('s').filter(|singular| singular.len() > 2 && !singular.ends_with('s')).unwrap_or(&plain);
    if singular.is_empty() { "item".to_owned() } else { singular.to_owned() }
}
