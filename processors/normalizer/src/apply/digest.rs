//! Digests: a value that is the same for the same content, for documents that have no id of their own.

use bumpalo::collections::Vec as BumpVec;
use sha2::{Digest as _, Sha256};

use super::Reading;
use super::evaluate::Found;
use super::select::Selected;
use crate::document::{Kind, NodeId};
use crate::mapping::{Digest, Operand};
use crate::refusals::{Checked, Code, Fault};

/// How often every value of a document may be part of a digest, on the average.
const TIMES: usize = 4;

/// What stands before the digest, as in a URI of the kind `ni`.
const ALGORITHM: &str = "sha-256:";

impl<'a> Reading<'a> {
    /// The digest of what stands at a path, without some of it. The order of JSON's members and of XML's attributes does not count, white space as the mapping
    /// says, everything else does.
    pub(super) fn digest(&self, digest: &'a Digest, selected: Selected) -> Checked<Option<Found<'a>>> {
        let mut id = None;
        for path in digest.operands.iter().filter_map(Operand::as_path) {
            id = self.single(path, selected)?;
            if id.is_some() {
                break;
            }
        }
        let Some(id) = id else { return Ok(None) };
        let cached = &self.memo.digests[digest.index];
        let text = match cached.get() {
            Some((of, text)) if of == id => text,
            _ => {
                let mut without = BumpVec::new_in(self.arena);
                digest.without.iter().for_each(|path| without.extend_from_slice(self.all(path, id)));
                without.sort_unstable();
                let mut hasher = Sha256::new();
                self.add(id, &without, &mut hasher)?;
                let text = &*self.arena.alloc_str(&format!("{ALGORITHM}{:x}", hasher.finalize()));
                cached.set(Some((id, text)));
                text
            }
        };
        Ok(Some(Found { text, kind: Kind::Text, node: Some(id), sourced: true }))
    }

    /// Adds a node and what stands below it. Every part has its length before it, so that no other parts read the same.
    fn add(&self, id: NodeId, without: &[NodeId], hasher: &mut Sha256) -> Checked<()> {
        let count = self.memo.digested.get() + 1;
        self.memo.digested.set(count);
        if count / TIMES > self.limits.nodes {
            return Err(Fault::new(Code::TooManyItems, format!("digests of more than {TIMES} times {} values", self.limits.nodes)));
        }
        self.note_twin(id);
        let node = self.document.node(id);
        hasher.update([match node.kind {
            Kind::Record => b'R',
            Kind::List => b'L',
            Kind::Text => b'T',
            Kind::Attribute => b'A',
            Kind::Number => b'N',
            Kind::Boolean => b'B',
            Kind::Null => b'0',
        }]);
        part(self.text(id), hasher);
        let mut children = BumpVec::new_in(self.arena);
        children.extend(self.document.children(id).filter(|child| without.binary_search(child).is_err()));
        let name_of = |id: NodeId| {
            let node = self.document.node(id);
            (self.namespace(node).unwrap_or_default(), node.name)
        };
        if self.document.unique_names && node.kind == Kind::Record {
            children.sort_by_key(|child| name_of(*child));
        } else {
            let attributes = children.iter().take_while(|child| self.document.node(**child).kind == Kind::Attribute).count();
            children[..attributes].sort_by_key(|child| name_of(*child));
        }
        hasher.update((children.len() as u64).to_be_bytes());
        for child in children {
            let (namespace, name) = name_of(child);
            part(namespace, hasher);
            part(name, hasher);
            self.add(child, without, hasher)?;
        }
        Ok(())
    }
}

fn part(text: &str, hasher: &mut Sha256) {
    hasher.update((text.len() as u64).to_be_bytes());
    hasher.update(text);
}
