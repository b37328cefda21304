//! The names on the way from one node to another, each with its namespace: what to call a value that no field is for.

use bumpalo::collections::String as BumpString;
use bumpalo::collections::Vec as BumpVec;
use std::fmt::Write as _;

use super::Reading;
use super::evaluate::Found;
use super::memo::Bindings;
use super::select::Selected;
use crate::document::{Ancestry, Kind, NO_NAMESPACE, Node};
use crate::mapping::Path;
use crate::refusals::{Checked, Code, Fault};

impl<'a> Reading<'a> {
    /// Names from the selected node of a level to the innermost, with `/` between them: `{namespace}name`, or the name alone, and the number of items of lists
    /// and of those that are several.
    pub(super) fn way(&self, level: usize, selected: Selected) -> Checked<Option<Found<'a>>> {
        let (from, to) = (selected.node(level), selected.innermost());
        let ancestry = self.memo.ancestry.get_or_init(|| Ancestry::of(&self.document, self.arena));
        let mut nodes = BumpVec::new_in(self.arena);
        let mut at = to;
        while at != from && at != 0 {
            nodes.push(at);
            at = ancestry.above(at).parent;
        }
        let mut text = BumpString::new_in(self.arena);
        for id in nodes.into_iter().rev() {
            let (node, above) = (self.document.node(id), ancestry.above(id));
            if self.document.node(above.parent).kind != Kind::List {
                text.push_str(if text.is_empty() { "" } else { "/" });
                text.push_str(if node.kind == Kind::Attribute { "@" } else { "" });
                self.push_name(node, selected, &mut text);
            }
            if above.number > 0 {
                let _ = write!(text, "[{}]", above.number);
            }
            if text.len() > self.limits.text_bytes {
                let message = format!("a name of more than {} bytes", self.limits.text_bytes);
                return Err(Fault::new(Code::TextTooLong, message).at(self.document.location(to)));
            }
        }
        let found = Found { text: text.into_bump_str(), kind: Kind::Text, node: Some(to), sourced: true };
        Ok(Some(found).filter(|found| !found.text.is_empty()))
    }

    fn push_name(&self, node: &Node<'a>, selected: Selected, text: &mut BumpString<'_>) {
        let (uri, local) = match node.name.split_once(':').filter(|_| self.document.prefixed_names) {
            Some((prefix, local)) => match self.bound(prefix, selected) {
                Some(uri) => (Some(uri), local),
                None => (None, node.name),
            },
            None => (self.namespace(node), node.name),
        };
        if let Some(uri) = uri {
            text.extend(["{", uri, "}"]);
        }
        text.push_str(local);
    }

    /// URI of a node's namespace; `None` where it is in none.
    pub(super) fn namespace(&self, node: &Node<'a>) -> Option<&'a str> {
        if node.namespace == NO_NAMESPACE {
            return None;
        }
        self.plan.namespaces.uri(node.namespace).or_else(|| self.document.other_namespace(node.namespace, &self.plan.namespaces))
    }

    /// What a prefix of names stands for: as the document binds it, the record, or the mapping.
    fn bound(&self, prefix: &str, selected: Selected) -> Option<&'a str> {
        let prefixes = &self.plan.prefixes;
        let document = selected.truncated(self.plan.documents.len());
        let of_record = || self.memo.prefixes.get_or_init(|| self.bindings(prefixes.paths.iter().filter(|path| path.is_absolute()), document));
        let of_document = || match self.memo.own_prefixes.get() {
            Some((node, bindings)) if node == document.innermost() => bindings,
            _ => {
                let bindings = self.bindings(prefixes.paths.iter().filter(|path| !path.is_absolute()), document);
                self.memo.own_prefixes.set(Some((document.innermost(), bindings)));
                bindings
            }
        };
        let known = || prefixes.known.iter().find(|(known, _)| **known == *prefix).map(|(_, uri)| &**uri);
        last(of_document(), prefix).or_else(|| last(of_record(), prefix)).or_else(known)
    }

    /// The texts at the paths, by their names.
    fn bindings(&self, paths: impl Iterator<Item = &'a Path>, document: Selected) -> Bindings<'a> {
        let mut bindings = BumpVec::new_in(self.arena);
        for path in paths {
            let nodes = self.all_at(path, document).iter().map(|id| self.document.node(*id));
            bindings.extend(nodes.filter(|node| node.kind == Kind::Text && !node.name.is_empty() && !node.text.is_empty()).map(|node| (node.name, node.text)));
        }
        bindings.sort_by_key(|(prefix, _)| *prefix);
        bindings.into_bump_slice()
    }
}

/// The last of those that a prefix stands for.
fn last<'a>(bindings: Bindings<'a>, prefix: &str) -> Option<&'a str> {
    let behind = bindings.partition_point(|(known, _)| *known <= prefix);
    let (known, uri) = bindings.get(behind.checked_sub(1)?)?;
    (*known == prefix).then_some(*uri)
}
